"""``history lag``: how far a region trails another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.history.parts import DAY, heading, nouns
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.layout import dim, folded
from aws_ssm_fetcher.cli.shared.past import HISTORY
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.queries.history import lag as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.past import HistorySource
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.queries.history.lag import LagAnswer, MissingService

_TREND: Final = {True: "fewer than a year ago", False: "more than a year ago", None: ""}


def text(answer: LagAnswer, source: HistorySource) -> Iterator[Block]:
    """Yield the median, the years, and what is missing."""
    words = nouns(source)
    both = f"{many(len(answer.shared), words.service)} in both, {answer.measured:,} with a known beginning in both"
    days = "" if answer.median_days is None else f": median delay {answer.median_days:,g} days"
    yield folded("", f"{answer.region} behind {answer.behind}: {both}{days}")
    if answer.years:
        yield ""
        yield dim(f"{'Year':<8}{words.services:>9}{'Median days':>13}")
        for year in answer.years:
            yield f"{year.year:<8}{year.services:>9,}{year.median_days:>13,g}"
    yield ""
    trend = _TREND[answer.closes]
    yield f"{heading('Missing', len(answer.missing))}{f', {trend}' if trend else ''}"
    counts = ", ".join(f"{count.missing:,} on {count.taken:{DAY}}" for count in answer.counts)
    yield folded(" ", counts)
    if answer.missing:
        yield dim(f" In {answer.behind}")
    for missing in answer.missing:
        yield folded(f" {_since(missing):<22}", missing.service)


def _since(missing: MissingService) -> str:
    first = f"{missing.leader_first:{DAY}}"
    return f"since {first}" if missing.beginning_known else f"before {first}"


@question(
    HISTORY,
    click.argument("region", metavar="REGION"),
    click.option(
        "--behind", metavar="REGION", default=queries.LEADER, show_default=True, help="The region to compare with."
    ),
    text=text,
)
def lag(history: History, region: str, behind: str) -> LagAnswer:
    """Show how far a region trails another.

    For services in both regions: the delay in days, by year. Then the missing services, since when the other region
    has them, and whether fewer are missing than a year ago.
    """
    return queries.lag(history, region, behind)
