"""``history changes`` and ``history flaps``."""

from __future__ import annotations

import os
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING, Final, get_args

import click
from click.core import ParameterSource

from aws_ssm_fetcher.cli.history.parts import DAY, brief_absences
from aws_ssm_fetcher.cli.history.phrases import grouped, phrase
from aws_ssm_fetcher.cli.history.since import SinceParameter
from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.cli.shared.layout import UNFOLDED, Whole, dim, folded
from aws_ssm_fetcher.cli.shared.options import Moment, newest, not_shown
from aws_ssm_fetcher.cli.shared.past import HISTORY
from aws_ssm_fetcher.core.config import QUESTIONS, settings_from
from aws_ssm_fetcher.core.model.codes import ChangeKind
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.history import changes as queries
from aws_ssm_fetcher.queries.history.changes import ChangesAnswer, FlapsAnswer, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.queries.moments import Ago

WIDE: Final = 100  # columns from which each change has a third date
_BELOW: Final = " " * 4
_NONE_TO_COMPARE: Final = "No changes: no snapshot of that time has an earlier one to compare it with"
_TIME: Final = "%Y-%m-%d %H:%M UTC"
_KEPT: Final = frozenset(
    {"partition", "own", "regions", "services", "kinds", "bundled", "query_region", "detail", "level", "use"}
)
"""The options that stay: what is pending has been announced at no time."""


def changes_text(answer: ChangesAnswer, _: object) -> Iterator[Block]:
    """Yield changes, each with its dates; if there are none, what is pending."""
    if answer.changes:
        yield from _changes(answer)
    else:
        yield folded("", "No matching changes." if answer.records else _none_to_compare(answer))
        yield from map(Whole, _pending_hint(answer))


@question(
    HISTORY,
    click.option(
        "--since",
        type=SinceParameter(),
        metavar="DATE",
        help="Confirmed on or after DATE, 30d (days before the newest snapshot), or last-run.",
    ),
    click.option("--until", type=Moment(), metavar="DATE", help="Confirmed on or before DATE."),
    click.option(
        "--region", "regions", multiple=True, metavar="REGION", help="Only changes in this region; repeatable."
    ),
    click.option(
        "--service", "services", multiple=True, metavar="SERVICE", help="Only changes of this service; repeatable."
    ),
    click.option(
        "--kind",
        "kinds",
        multiple=True,
        metavar="KIND",
        type=click.Choice(get_args(ChangeKind)),
        help=f"Only this kind: {', '.join(get_args(ChangeKind))}; repeatable.",
    ),
    click.option("--partition", metavar="PARTITION", help="Only changes in regions of this partition."),
    click.option("--flat", is_flag=True, help="Print a line for each region and zone."),
    click.option("--pending", is_flag=True, help="List pending changes instead, by the date they were seen."),
    text=changes_text,
    in_time=True,
)
def changes(
    history: History, *, pending: bool, flat: bool, since: datetime | Ago | None, **wanted: object
) -> ChangesAnswer:
    """List changes.

    The newest come last. Each change has the snapshot that first showed it, the one that confirmed it, and what else
    is known of its day: the launch date of a region, or when AWS made the parameter.
    """
    del flat  # how it is laid out
    newest = history.runs[-1].taken if history.runs else None
    # "30d" counts from the newest snapshot, not from today: an old store then still has an answer.
    moment = since if isinstance(since, datetime) or since is None or newest is None else since.before(newest)
    asked = Wanted(since=moment, **wanted)  # type: ignore[arg-type] # as the options above
    if asked.since and asked.until and asked.since > asked.until:
        raise click.UsageError(
            f"The range is reversed: --since {asked.since:{_TIME}} is later than --until {asked.until:{_TIME}}."
        )
    return queries.changes(history, settings_from(os.environ, used=QUESTIONS).caution, asked, pending=pending)


def flaps_text(answer: FlapsAnswer, _: object) -> Iterator[Block]:
    """Yield absences and appearances that were too brief to report."""
    shown, earlier = newest(answer.flaps)
    yield from brief_absences(shown)
    yield from not_shown(earlier, "line")


@question(HISTORY, text=flaps_text, in_time=True)
def flaps(history: History) -> FlapsAnswer:
    """List absences too short to report.

    A missing service counts as removed only after a while; what returned sooner is listed here.
    """
    return queries.flaps(history, settings_from(os.environ, used=QUESTIONS).caution)


def _changes(answer: ChangesAnswer) -> Iterator[Block]:
    width = terminal.width() or UNFOLDED
    wide = width >= WIDE
    previous = f"{'Previous':<12}" if wide else ""
    yield Whole(dim(f"{previous}{'First seen':<12}{'Confirmed':<12}{'Kind':<18}What"))
    context = click.get_current_context(silent=True)
    options = context.params if context else {}
    lines = [*grouped(answer.changes)]
    if options.get("flat"):
        lines = [(change, phrase(change)) for change in answer.changes]
    shown, earlier = newest(lines)
    for change, words in shown:
        first = f"{_after(change):<12}" if wide else ""
        announced = "pending" if answer.pending else f"{change.announced:{DAY}}"
        start, text = f"{first}{change.seen:{DAY}}  {announced:<12}{change.kind:<18}", words
        if len(start) + len(text) <= width:
            yield Whole(printable(start + text))
        else:  # what is left of the line is too narrow: the whole text goes below
            yield Whole(printable(start).rstrip())
            yield folded(_BELOW, text)
    yield from map(Whole, not_shown(earlier, "line"))


def _after(change: Change) -> str:
    return f"{change.after:{DAY}}" if change.after else ""


def _none_to_compare(answer: ChangesAnswer) -> str:
    context = click.get_current_context(silent=True)
    since = context.params.get("since") if context else None
    if isinstance(since, datetime) and answer.newest and since > answer.newest:
        return f"No changes: the latest snapshot is of {answer.newest:{DAY}}, before {since:{DAY}}."
    newest = f"; the latest snapshot is of {answer.newest:{DAY}}" if answer.newest else ""
    return f"{_NONE_TO_COMPARE}{newest}."


def _pending_hint(answer: ChangesAnswer) -> Iterator[str]:
    """Yield how many changes are pending, and the command that lists them."""
    if answer.waiting:
        counts = ", ".join(f"{count:,} {kind}" for kind, count in answer.waiting.items())
        yield f"Pending confirmation: {counts}."
        ctx = click.get_current_context()
        listing = " ".join(("history changes --pending", *_repeated_options(ctx)))
        yield printable(f"To list pending changes: {proposed(listing, ctx.params['root'])}")


def _repeated_options(ctx: click.Context) -> Iterator[str]:
    """Yield the options that were given and that the proposed command needs too."""
    for option in ctx.command.params:
        name = option.name or ""
        if name in _KEPT and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            value = ctx.params[name]
            values = value if isinstance(value, tuple) else (value,)
            flag = option.opts[0]
            yield from (flag if single is True else f"{flag} {quote(single)}" for single in values)
