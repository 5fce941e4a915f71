"""``history service`` and ``history region``: the timeline of one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.history.parts import DAY, brief_absences, heading, not_read
from aws_ssm_fetcher.cli.history.phrases import describe_step
from aws_ssm_fetcher.cli.history.sparkline import BLOCKS, sparkline
from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.layout import UNFOLDED, Whole, bold, dim, folded
from aws_ssm_fetcher.cli.shared.options import newest, not_shown
from aws_ssm_fetcher.cli.shared.past import HISTORY
from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.core.text import printable, quoted_if_spaced
from aws_ssm_fetcher.queries.history.past import PastAnswer, past
from aws_ssm_fetcher.queries.history.timelines import steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.queries.history.past import Count

CURVE: Final = 48  # columns of a curve over time, at most …
_BESIDE: Final = 56  # … since this many go to what stands beside it
_SHORTEST: Final = 8


def text(answer: PastAnswer, _: object) -> Iterator[Block]:
    """Yield what is known of a service or region, then its changes."""
    yield from _facts(answer)
    yield from not_read("the newest run", answer.unread)
    if answer.steps:
        yield ""
        yield dim(f"{'Seen':<12}Change")
        shown, earlier = newest(answer.steps)
        for step in shown:
            yield folded(f"{step.seen:{DAY}}  ", describe_step(step, answer.noun))
        yield from not_shown(earlier, "line")
    if answer.pending:
        yield ""
        yield heading("Pending", len(answer.pending))
        for step in steps_of(answer.pending, answer.noun):
            yield folded(f"{step.seen:{DAY}}  ", describe_step(step, answer.noun, pending=True))
    if answer.flaps:
        yield ""
        yield heading("Too brief to report", len(answer.flaps))
        yield from brief_absences(answer.flaps)


@question(HISTORY, click.argument("code", metavar="SERVICE"), text=text, in_time=True)
def service(history: History, code: str) -> PastAnswer:
    """Show a service's timeline.

    SERVICE is a code, such as bedrock, also of a service that was removed. Shows when it was first seen, where it was
    added and removed, its names, pending changes, and its number of regions.
    """
    return past(history, settings_from(os.environ, used=QUESTIONS).caution, "service", code)


@question(HISTORY, click.argument("code", metavar="REGION"), text=text, in_time=True)
def region(history: History, code: str) -> PastAnswer:
    """Show a region's timeline.

    REGION is a code, such as eu-south-2. Shows when it was first seen and launched, which services and zones were added
    and removed, pending changes, and its number of services.
    """
    return past(history, settings_from(os.environ, used=QUESTIONS).caution, "region", code)


def _facts(answer: PastAnswer) -> Iterator[Block]:
    name = answer.names[-1].name if answer.names else answer.code
    code = "" if name == answer.code else f" {dim(printable(answer.code))}"
    yield Whole(f"{bold(printable(name))}{code}")
    inside, runs = ("regions" if answer.noun == "service" else "services"), answer.counts
    since = "in the first snapshot that could show it: since when is unknown"
    if answer.last_absent:
        since = f"began between {answer.last_absent:{DAY}} (absent) and {answer.first_seen:{DAY}} (present)"
    yield folded(f" {'First seen':<14}", f"{answer.first_seen:{DAY}}, {since}")
    if answer.earlier_codes:
        yield folded(f" {'Earlier code':<14}", f"{', '.join(answer.earlier_codes)}; first seen under it")
    if answer.renamed_to:
        yield folded(f" {'Renamed to':<14}", f"{answer.renamed_to}; see history service {answer.renamed_to}")
    if answer.launched:
        source = "according to AWS's regions feed or the bundled list"
        yield folded(f" {'Launched':<14}", f"{answer.launched}, {source}")
    if answer.hint:
        yield folded(f" {'Created':<14}", f"{answer.hint} according to AWS, its earliest dated offering")
    present = answer.names[-1].name if answer.names else None
    for earlier in (name for name in answer.names[:-1] if name.name != present):
        until = f" until {earlier.last_seen:{DAY}}" if earlier.last_seen else ""
        yield folded(f" {'Earlier name':<14}", f"{quoted_if_spaced(earlier.name)}{until}")
    yield folded(f" {inside.capitalize():<14}", f"{len(answer.now):,} on {runs[-1].taken:{DAY}}")
    if terminal.is_watched() and terminal.has(BLOCKS):
        yield Whole(f" {'':<14}{_curve(runs)}")


def _curve(counts: Sequence[Count]) -> str:
    first, last, most = counts[0].taken, counts[-1].taken, max(point.count for point in counts)
    room = (terminal.width() or UNFOLDED) - _BESIDE
    curve = sparkline([(point.taken, point.count) for point in counts], max(min(CURVE, room), _SHORTEST))
    return f"{dim(f'{first:{DAY}}')} {curve} {dim(f'{last:{DAY}}')}, at most {most:,}"
