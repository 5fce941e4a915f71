"""What the answers about the past have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from aws_ssm_fetcher.cli.shared.layout import bold, dim, folded
from aws_ssm_fetcher.core.model.codes import Topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.past import HistorySource
    from aws_ssm_fetcher.processors.history.changes import Flap

DAY: Final = "%Y-%m-%d"
UNREAD: Final = 8  # paths that are listed: an accepted run may lack hundreds
_UNTIL: Final = "Days count up to the snapshot that ended it, which may be long after the last one before."


class Nouns(NamedTuple):
    """What a history has, in words: a history of resource types or instance types has types in place of services."""

    service: str
    services: str
    offering: str
    """In a region, a row each: ``offering``."""
    offerings: str


def nouns(source: HistorySource) -> Nouns:
    """Return the words for what a history has."""
    if source.chosen.level == "service":
        return Nouns("service", "Services", "offering", "Offerings")
    return Nouns("type", "Types", "type and region", "Pairs")


def heading(title: str, count: int | None) -> str:
    """Return a heading, with a number behind it."""
    number = "" if count is None else f" {dim(f'({count:,})')}"
    return f"{bold(title)}{number}"


def not_read(run: str, unread: Iterable[str]) -> Iterator[Block]:
    """Yield what a run could not read, though it was to; what its detail leaves out on purpose is not named."""
    # Topics are left out by the level of detail on purpose; paths failed.
    paths = [path for path in unread if path not in get_args(Topic)]
    if paths:
        more = f" and {len(paths) - UNREAD:,} more (--json lists all)" if len(paths) > UNREAD else ""
        yield folded("", f"Not read in {run}, shown as before if known: {', '.join(paths[:UNREAD])}{more}")


def brief_absences(flaps: Sequence[Flap]) -> Iterator[Block]:
    """Yield absences and appearances that were too brief to report."""
    if not flaps:
        yield "Nothing was absent or present too briefly to report."
        return
    yield dim(f"{'From':<12}{'Until':<12}{'Days':>4}  What")
    for flap in flaps:
        verb = "missing" if flap.kind == "absence" else "there"
        words = f"{flap.service} in {flap.region} was {verb}"
        yield folded(f"{flap.first:{DAY}}  {flap.until:{DAY}}  {flap.days:>4}  ", words)
    yield folded("", _UNTIL)
