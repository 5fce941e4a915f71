"""``open``: the page of the latest run in the browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.cli.shared.options import STORE
from aws_ssm_fetcher.core.error_handling import ObjectMissingError
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.outputs.page import PAGE

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.store.located import Location


@click.command("open")
@STORE
@click.option("--print", "only_print", is_flag=True, help="Print the path, and open nothing.")
def open_page(root: Location, *, only_print: bool) -> None:
    """Open the page of the latest run."""
    if not isinstance(root, Path):
        raise click.UsageError("A browser opens pages of a directory: name one with --store.")
    key = keys.latest_key(PAGE)
    path = (root / key).resolve()
    if not path.is_file():
        raise ObjectMissingError(key, f"no page in {root}", advice=f'Create one with "{proposed("run", root)}"')
    click.echo(path)
    if not only_print and not webbrowser.open(path.as_uri()):
        raise click.ClickException("No browser could be started: open that file in one.")
