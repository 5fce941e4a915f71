"""``history growth``: quarters, and how fast services spread."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aws_ssm_fetcher.cli.history.parts import heading
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.layout import dim, folded
from aws_ssm_fetcher.cli.shared.past import HISTORY
from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.queries.history.past import GrowthAnswer, growing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.history import History


def text(answer: GrowthAnswer, _: object) -> Iterator[Block]:
    """Yield the quarters, then the speed of rollouts."""
    yield dim(f"{'Quarter':<10}{'Last run':<12}{'Regions':>8}{'Services':>10}{'Offerings':>11}")
    for quarter in answer.quarters:
        if quarter.taken is None:
            yield f"{quarter.quarter:<10}{dim('no run')}"
        else:
            counts = f"{quarter.regions:>10,}{quarter.services:>10,}{quarter.offerings:>11,}"
            yield f"{quarter.quarter:<10}{quarter.taken:%Y-%m-%d}{counts}"
    rollout = answer.rollout
    yield ""
    yield heading("Days from a service's first region to more", None)
    for reach in rollout.reaches:
        days = "" if reach.median_days is None else f", median {reach.median_days:,g} days"
        yield f" {reach.regions} regions: {many(reach.services, 'service')}{days}"
    yield folded(
        " ",
        f"Of {many(rollout.services, 'service')} whose beginning is in the history; "
        f"{rollout.unknown:,} that began before it, at an unknown time, or under another code are not counted.",
    )
    if rollout.days_between_runs is not None:
        apart = f"The runs are {rollout.days_between_runs:,g} days apart in the median"
        yield folded(" ", f"{apart}; regions that came between the same two runs are 0 days apart.")


@question(HISTORY, text=text)
def growth(history: History) -> GrowthAnswer:
    """Show growth by quarter.

    Regions, services and offerings at the end of each, and the days that services took from their first region to more.
    """
    return growing(history, settings_from(os.environ, used=QUESTIONS).caution)
