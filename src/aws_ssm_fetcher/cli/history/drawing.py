"""How what a history answers looks to a person: lines of text, folded to the width of a terminal."""

from __future__ import annotations

from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never, get_args

import click

from aws_ssm_fetcher.cli.history.phrases import phrase, said_of_step
from aws_ssm_fetcher.cli.history.sparkline import BLOCKS, sparkline
from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.core.model.codes import Topic
from aws_ssm_fetcher.core.text import many, printable, quoted_if_spaced
from aws_ssm_fetcher.queries.history.changes import ChangesAnswer, FlapsAnswer
from aws_ssm_fetcher.queries.history.days import DayAnswer, DiffAnswer
from aws_ssm_fetcher.queries.history.past import GrowthAnswer, PastAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.processors.history.as_of import Pair
    from aws_ssm_fetcher.processors.history.changes import Flap
    from aws_ssm_fetcher.queries.history.past import Count
    from aws_ssm_fetcher.queries.history.timelines import Step

Answer: TypeAlias = ChangesAnswer | FlapsAnswer | DayAnswer | DiffAnswer | PastAnswer | GrowthAnswer

WIDE: Final = 100  # columns from which each change has a third date
CURVE: Final = 48  # columns of a curve over time, at most …
_BESIDE: Final = 56  # … since this many go to what stands beside it
_SHORTEST: Final = 8
UNREAD: Final = 8  # paths that are named: a run may lack hundreds and be believed
_UNFOLDED: Final = 1_000_000
_DAY: Final = "%Y-%m-%d"
_BELOW: Final = " " * 4
_UNTIL: Final = "Days are those to the record that showed it over, which may stand long after the last that showed it."
_NO_RECORD: Final = ": there is no record of the time asked for with another before it, from which it could differ"


def draw(headline: str, answer: Answer) -> None:
    """Print an answer below the lines that say which history gives it, and which others are there."""
    click.echo("\n".join((*(folded("", line) for line in headline.split("\n")), "", *_lines(answer))))


def _lines(answer: Answer) -> Iterator[str]:
    match answer:
        case ChangesAnswer():
            return _changes(answer)
        case FlapsAnswer():
            return _flaps(answer)
        case DayAnswer():
            return _a_day(answer)
        case DiffAnswer():
            return _two_days(answer)
        case PastAnswer():
            return _story(answer)
        case GrowthAnswer():
            return _growth(answer)
        case _:
            assert_never(answer)


def _changes(answer: ChangesAnswer) -> Iterator[str]:
    """Lay out changes, each with its records."""
    if not answer.changes:
        yield folded("", f"No such change{'' if answer.records else _no_record(answer)}.")
        return
    wide = _width() >= WIDE
    after = f"{'After':<12}" if wide else ""
    yield dim(f"{after}{'Seen':<12}{'Announced':<12}{'Kind':<18}What")
    for change in answer.changes:
        first = f"{_after(change):<12}" if wide else ""
        announced = "pending" if answer.pending else f"{change.announced:{_DAY}}"
        yield _beside_or_below(f"{first}{change.seen:{_DAY}}  {announced:<12}{change.kind:<18}", phrase(change))


def _no_record(answer: ChangesAnswer) -> str:
    newest = f"; the newest record is of {answer.newest:{_DAY}}" if answer.newest else ""
    return f"{_NO_RECORD}{newest}"


def _after(change: Change) -> str:
    return f"{change.after:{_DAY}}" if change.after else ""


def _a_day(answer: DayAnswer) -> Iterator[str]:
    """Lay out the counts of a day."""
    asked, run = f"{answer.asked:%Y-%m-%d %H:%M} UTC", answer.run
    yield folded("", f"On {asked} the newest record was that of {run.taken:%Y-%m-%d %H:%M} ({run.origin})")
    for noun in ("regions", "services", "offerings"):
        yield f" {noun.capitalize():<10}{getattr(answer, noun):>7,}"
    yield from _not_read("this run", run.unread)
    yield ""
    yield "The matrix: --csv has a row an offering, --json the services by region."


def _two_days(answer: DiffAnswer) -> Iterator[str]:
    """Lay out what two days differ in, by region."""
    before, after = (f"{run.taken:%Y-%m-%d %H:%M} ({run.origin})" for run in (answer.before, answer.after))
    if answer.before == answer.after:
        yield folded("", f"Both are answered by the same record, {before}: none was read between them.")
        return
    yield folded("", f"From {before} to {after}")
    for run in (answer.before, answer.after):
        yield from _not_read(f"the run of {run.taken:%Y-%m-%d %H:%M}", run.unread)
    for title, pairs in (("Added", answer.added), ("Removed", answer.removed)):
        yield ""
        yield _heading(title, len(pairs))
        yield from _by_region(pairs)


def _by_region(pairs: Iterable[Pair]) -> Iterator[str]:
    for region, group in groupby(pairs, key=lambda pair: pair[0]):
        services = [service for _, service in group]
        yield folded(f" {region:<16}{len(services):>4}  ", " ".join(services))


def _story(answer: PastAnswer) -> Iterator[str]:
    """Lay out a story: what is known of it, then its steps."""
    name = answer.names[-1].name if answer.names else answer.code
    yield f"{click.style(printable(name), bold=True)} {dim(printable(answer.code))}"
    inside, runs = ("regions" if answer.noun == "service" else "services"), answer.counts
    known = "" if answer.beginning_known else ", in the first record that could show it: since when is unknown"
    yield folded(f" {'First seen':<14}", f"{answer.first_seen:{_DAY}}{known}")
    if answer.launched:
        yield folded(
            f" {'Launched':<14}", f"{answer.launched}, by AWS's regions feed or the list that ships with the package"
        )
    if answer.hint:
        yield folded(f" {'Made':<14}", f"{answer.hint} by AWS's word, the first of its offerings that it dates")
    for earlier in answer.names[:-1]:
        until = f" until {earlier.last_seen:{_DAY}}" if earlier.last_seen else ""
        yield folded(f" {'Earlier name':<14}", f"{quoted_if_spaced(earlier.name)}{until}")
    yield folded(f" {inside.capitalize():<14}", f"{len(answer.now):,} on {runs[-1].taken:{_DAY}}")
    if terminal.is_watched() and terminal.has(BLOCKS):
        yield f" {'':<14}{_curve(runs)}"
    yield from _not_read("the newest run", answer.unread)
    if answer.steps:
        yield ""
        yield dim(f"{'Seen':<12}Change")
        for step in answer.steps:
            yield _step(step, answer)
    yield from _not_certain(answer)


def _not_read(run: str, unread: Iterable[str]) -> Iterator[str]:
    """Say of what a run says nothing because that failed; what was left out on purpose is never told at its detail."""
    paths = [path for path in unread if path not in get_args(Topic)]
    if paths:
        more = f" and {len(paths) - UNREAD:,} more, which --json has" if len(paths) > UNREAD else ""
        yield folded("", f"Not read in {run}, so as it was before, if that is known: {', '.join(paths[:UNREAD])}{more}")


def _curve(counts: Sequence[Count]) -> str:
    first, last, most = counts[0].taken, counts[-1].taken, max(one.count for one in counts)
    drawn = sparkline([(one.taken, one.count) for one in counts], max(min(CURVE, _width() - _BESIDE), _SHORTEST))
    return f"{dim(f'{first:{_DAY}}')} {drawn} {dim(f'{last:{_DAY}}')}, at most {most:,}"


def _step(step: Step, answer: PastAnswer) -> str:
    return folded(f"{step.seen:{_DAY}}  ", said_of_step(step, answer.noun))


def _not_certain(answer: PastAnswer) -> Iterator[str]:
    if answer.pending:
        from aws_ssm_fetcher.queries.history.timelines import story  # noqa: PLC0415 - seldom is anything pending

        yield ""
        yield _heading("Pending", len(answer.pending))
        for step in story(answer.pending, answer.noun):
            yield folded(f"{step.seen:{_DAY}}  ", said_of_step(step, answer.noun, pending=True))
    if answer.flaps:
        yield ""
        yield _heading("Too brief to be news", len(answer.flaps))
        yield from _in_turn(answer.flaps)


def _flaps(answer: FlapsAnswer) -> Iterator[str]:
    """Lay out what was too brief to be news."""
    return _in_turn(answer.flaps)


def _in_turn(flaps: Iterable[Flap]) -> Iterator[str]:
    told = list(flaps)
    if not told:
        yield "Nothing came or went too briefly to be news."
        return
    yield dim(f"{'From':<12}{'Until':<12}{'Days':>4}  What")
    for flap in told:
        verb = "missing" if flap.kind == "absence" else "there"
        words = f"{flap.service} in {flap.region} was {verb}"
        yield folded(f"{flap.first:{_DAY}}  {flap.until:{_DAY}}  {flap.days:>4}  ", words)
    yield folded("", _UNTIL)


def _growth(answer: GrowthAnswer) -> Iterator[str]:
    """Lay out the quarters, then the speed of rollouts."""
    yield dim(f"{'Quarter':<10}{'Last run':<12}{'Regions':>8}{'Services':>10}{'Offerings':>11}")
    for one in answer.quarters:
        if one.taken is None:
            yield f"{one.quarter:<10}{dim('no run')}"
        else:
            yield f"{one.quarter:<10}{one.taken:%Y-%m-%d}{one.regions:>10,}{one.services:>10,}{one.offerings:>11,}"
    found = answer.rollout
    yield ""
    yield _heading("Days from a service's first region to more", None)
    for reach in found.reaches:
        days = "" if reach.median_days is None else f", median {reach.median_days:,g} days"
        yield f" {reach.regions} regions: {many(reach.services, 'service')}{days}"
    yield folded(
        " ",
        f"Of {many(found.services, 'service')} whose beginning is in the history; "
        f"{found.unknown:,} that began before it, at an unknown time, or under another code are not counted.",
    )
    if found.days_between_runs is not None:
        apart = f"The runs are {found.days_between_runs:,g} days apart in the median"
        yield folded(" ", f"{apart}; regions that came between the same two runs are 0 days apart.")


def _heading(title: str, count: int | None) -> str:
    number = "" if count is None else f" {dim(f'({count:,})')}"
    return f"{click.style(title, bold=True)}{number}"


def dim(text: str) -> str:
    """Write a text faintly, at a terminal."""
    return click.style(text, dim=True)


def _beside_or_below(start: str, text: str) -> str:
    """Put a text behind its start if it fits there, and else whole below it: what is left of a line is too narrow."""
    if len(start) + len(text) <= _width():
        return printable(start + text)
    return f"{printable(start).rstrip()}\n{folded(_BELOW, text)}"


def folded(start: str, text: str) -> str:
    """Put a text behind its start, and what does not fit below itself."""
    start, text, width = printable(start), printable(text), _width()
    if len(start) + len(text) <= width:
        return start + text
    lines = wrap(text, max(width - len(start), 20), break_long_words=False, break_on_hyphens=False)
    return start + f"\n{' ' * len(start)}".join(lines)


def _width() -> int:
    return terminal.width() or _UNFOLDED
