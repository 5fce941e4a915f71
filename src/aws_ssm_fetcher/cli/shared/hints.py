"""Commands that are proposed: they work as they are printed, on the store that was asked, and each ends its line."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime


DEFAULT_STORE: Final = Path("out")


def proposed(words: str, root: Path) -> str:
    """Give a command, with the store where it is not the one that is meant without a word."""
    return f"aws-ssm-fetcher {words}{'' if root == DEFAULT_STORE else f' --store {quote(str(root))}'}"


def listing(noun: str, root: Path, run_id: str | None) -> str:
    """Say which command lists the codes of a record."""
    run = f" --run-id {quote(run_id)}" if run_id else ""
    return f'Every {noun} is listed by "{proposed(f"{noun}s{run}", root)}"'


def listing_ever(noun: str, root: Path, taken: datetime | None, which: str) -> str:
    """Say which command lists the codes that a history ever had, or else those of its last record, if it has one.

    *taken* is when that record was taken; *which* are the options that choose the history.
    """
    if find_spec("duckdb"):
        command = proposed(f"sql 'select {noun} from {noun}s'{which}", root)  # noqa: S608 - shown to a person
        return f'Every {noun} is listed by "{command}"'
    if taken is None:
        return ""
    command = proposed(f"history as-of {taken:%Y-%m-%d} --csv{which}", root)
    return f'Those of {taken:%Y-%m-%d} are listed by "{command}"'


def options_of(*, bundled: bool, query_region: str | None, detail: str | None, own: bool = False) -> str:
    """Give the options that choose this history again."""
    told = " --query-region " + quote(query_region) if query_region else ""
    return f"{' --bundled' if bundled else ''}{' --own' if own else ''}{told}{f' --detail {detail}' if detail else ''}"
