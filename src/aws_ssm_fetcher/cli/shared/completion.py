"""Codes for shell completion: regions and services of the snapshot that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def complete_region(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the region codes that begin so."""
    del ctx, param
    return _beginning(incomplete, _codes("regions"))


def complete_service(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the service codes that begin so, capitals or not."""
    del ctx, param
    return _beginning(incomplete, _codes("services"))


def _beginning(incomplete: str, codes: list[str]) -> list[str]:
    return [code for code in codes if code.casefold().startswith(incomplete.casefold())]


def _codes(noun: str) -> list[str]:
    """Read the codes of the bundled snapshot: a key pressed must not wait for a whole analysis."""
    from aws_ssm_fetcher.data_sources.bundled import bundled_tree  # noqa: PLC0415 - only for who completes

    pages = bundled_tree().pages(noun, recursive=True)
    return sorted({parameter.path.split("/")[1] for page in pages for parameter in page}, key=str.casefold)
