"""``history growth``: quarters, and how fast services spread."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.history.parts import heading, nouns
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.layout import dim, folded
from aws_ssm_fetcher.cli.shared.options import newest, not_shown
from aws_ssm_fetcher.cli.shared.past import HISTORY
from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.queries.history.past import GrowthAnswer, growing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.past import HistorySource
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.queries.history.timelines import RolloutDuration


def text(answer: GrowthAnswer, source: HistorySource) -> Iterator[Block]:
    """Yield the quarters, then the speed of rollouts."""
    words = nouns(source)
    yield dim(f"{'Quarter':<10}{'Last run':<12}{'Regions':>8}{words.services:>10}{words.offerings:>11}")
    shown, earlier = newest(answer.quarters)
    for quarter in shown:
        if quarter.taken is None:
            yield f"{quarter.quarter:<10}{dim('no run')}"
        else:
            counts = f"{quarter.regions:>10,}{quarter.services:>10,}{quarter.offerings:>11,}"
            yield f"{quarter.quarter:<10}{quarter.taken:%Y-%m-%d}{counts}"
    yield from not_shown(earlier, "quarter")
    rollout = answer.rollout
    if not rollout.reaches:
        return  # too few regions to spread over
    yield ""
    yield heading(f"Days from a {words.service}'s first region to more", None)
    for reach in rollout.reaches:
        yield folded(" ", _reached(reach, words.service))
    yield folded(
        " ",
        f"Of {many(rollout.services, words.service)} whose beginning is in the history; "
        f"{rollout.unknown:,} that began before it, at an unknown time, or under another code are not counted.",
    )
    if rollout.days_between_runs is not None:
        apart = f"The runs are {round(rollout.days_between_runs, 1):,g} days apart in the median"
        yield folded(" ", f"{apart}; regions that came between the same two runs are 0 days apart.")


def _reached(reach: RolloutDuration, noun: str) -> str:
    """Return how many services got to so many regions, how many have not yet, and how long it takes."""
    half = "fewer than half get there" if reach.median_days is None else f"half within {reach.median_days:,g} days"
    year = "" if reach.within_a_year is None else f", {100 * reach.within_a_year:.0f} % within a year"
    reached = f"{many(reach.services, noun)}, {reach.on_the_way:,} still on the way"
    return f"{reach.regions} regions: {reached}; {half}{year}"


@question(
    HISTORY,
    click.option("--region", metavar="REGION", help="In this region alone."),
    click.option("--partition", metavar="PARTITION", help="In regions of this partition, such as aws-cn."),
    text=text,
    in_time=True,
)
def growth(history: History, region: str | None, partition: str | None) -> GrowthAnswer:
    """Show growth by quarter.

    Regions, services and offerings at the end of each, and the days that services took from their first region to more:
    how many got there, how many are still on the way, and within how many days half of all do.
    """
    return growing(history, settings_from(os.environ, used=QUESTIONS).caution, region, partition)
