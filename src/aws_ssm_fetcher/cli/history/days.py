"""``history as-of`` and ``history diff``: what was offered on a day, and how two days differ."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.history.parts import heading, not_read, nouns
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.layout import folded
from aws_ssm_fetcher.cli.shared.options import Moment
from aws_ssm_fetcher.cli.shared.past import HISTORY
from aws_ssm_fetcher.queries.history import days as queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.past import HistorySource
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.processors.history.as_of import Pair
    from aws_ssm_fetcher.queries.history.days import DayAnswer, DiffAnswer


def day_text(answer: DayAnswer, source: HistorySource) -> Iterator[Block]:
    """Yield the counts of a day."""
    words = nouns(source)
    asked, run = f"{answer.asked:%Y-%m-%d %H:%M} UTC", answer.run
    yield folded("", f"Newest snapshot on {asked}: {run.taken:%Y-%m-%d %H:%M} ({run.origin})")
    counts = (("Regions", answer.regions), (words.services, answer.services), (words.offerings, answer.offerings))
    yield from (f" {name:<10}{count:>7,}" for name, count in counts)
    yield from not_read("this run", run.unread)
    yield ""
    if answer.asked_regions:
        for region in answer.asked_regions:
            offered = answer.offered.get(region, ())
            yield folded(f" {region:<16}{len(offered):>4}  ", " ".join(offered))
        return
    yield f"For the full matrix: --csv (a row per {words.offering}) or --json ({words.services.lower()} by region)."


@question(
    HISTORY,
    click.argument("moment", metavar="DATE", type=Moment()),
    click.option("--region", "regions", multiple=True, metavar="REGION", help="In this region; may be repeated."),
    text=day_text,
    name="as-of",
)
def as_of(history: History, moment: datetime, regions: tuple[str, ...]) -> DayAnswer:
    """Show what was offered on a day.

    The last run up to DATE answers: text counts, --csv has a row per offering, --json the services by region.
    """
    return queries.as_of(history, moment, regions)


def diff_text(answer: DiffAnswer, _: object) -> Iterator[Block]:
    """Yield what two days differ in, by region."""
    before, after = (f"{run.taken:%Y-%m-%d %H:%M} ({run.origin})" for run in (answer.before, answer.after))
    if answer.before == answer.after:
        yield folded("", f"No difference: both dates are answered by the snapshot of {before}.")
        return
    yield folded("", f"From {before} to {after}")
    for run in (answer.before, answer.after):
        yield from not_read(f"the run of {run.taken:%Y-%m-%d %H:%M}", run.unread)
    for title, pairs in (("Added", answer.added), ("Removed", answer.removed)):
        yield ""
        yield heading(title, len(pairs))
        yield from _by_region(pairs)


@question(
    HISTORY,
    click.argument("earlier", metavar="DATE", type=Moment()),
    click.argument("later", metavar="DATE", type=Moment()),
    text=diff_text,
)
def diff(history: History, earlier: datetime, later: datetime) -> DiffAnswer:
    """Compare two days.

    Added is what only the second day has, removed what only the first has, whatever happened between.
    """
    return queries.diff(history, earlier, later)


def _by_region(pairs: Iterable[Pair]) -> Iterator[Block]:
    for region, group in groupby(pairs, key=lambda pair: pair[0]):
        services = [service for _, service in group]
        yield folded(f" {region:<16}{len(services):>4}  ", " ".join(services))
