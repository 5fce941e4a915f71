"""Commands that are proposed: they work as they are printed, on the store that was queried, and each ends its line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.core.store.located import Location


PROGRAM: Final = "aws-ssm-fetcher"
DEFAULT_STORE: Final = Path("out")


def program() -> str:
    """Return how this program is called: by its name if that is on the PATH, else by the path it was called by."""
    from shutil import which  # noqa: PLC0415 - 3 ms with bz2 and lzma, and few answers propose a command

    called = Path(sys.argv[0])
    as_module = called.parts[-2:] == ("aws_ssm_fetcher", "__main__.py")
    # Under uvx or as "python -m" the program is not on the PATH, and the proposed command would not be found.
    if which(PROGRAM) or not (as_module or called.name == PROGRAM):
        return PROGRAM
    return f"{_quoted(sys.executable)} -m aws_ssm_fetcher" if as_module else _quoted(sys.argv[0])


def proposed(words: str, root: Location) -> str:
    """Return a command as it can be typed here, with ``--store`` if it is not the default one."""
    return f"{program()} {words}{'' if root == DEFAULT_STORE else f' --store {_quoted(str(root))}'}"


def listing(noun: str, root: Location, run_id: str | None) -> str:
    """Return which command lists the codes of a snapshot."""
    run = f" --run-id {_quoted(run_id)}" if run_id else ""
    return f'List all {noun}s with "{proposed(f"{noun}s{run}", root)}"'


def listing_ever(noun: str, root: Location, taken: datetime | None, which: str) -> str:
    """Return which command lists the codes of a history, or else those of its last snapshot, if it has one.

    *taken* is when that snapshot was taken; *which* are the options that choose the history.
    """
    from importlib.util import find_spec  # noqa: PLC0415 - few answers propose a command

    if find_spec("duckdb"):
        command = proposed(f"sql 'select {noun} from {noun}s'{which}", root)  # noqa: S608 - shown to a person
        return f'List all {noun}s with "{command}"'
    if taken is None:
        return ""
    command = proposed(f"history as-of {taken:%Y-%m-%d} --csv{which}", root)
    return f'List all {noun}s of {taken:%Y-%m-%d} with "{command}"'


def options_of(*, bundled: bool, query_region: str | None = None, detail: str | None = None, own: bool = False) -> str:
    """Return the options that choose this history again."""
    options = []
    if bundled:
        options.append("--bundled")
    if own:
        options.append("--own")
    if query_region:
        options.append(f"--query-region {_quoted(query_region)}")
    if detail:
        options.append(f"--detail {detail}")
    return "".join(f" {option}" for option in options)


def _quoted(text: str) -> str:
    from shlex import quote  # noqa: PLC0415 - few answers propose a command

    return quote(text)
