"""What can be asked of the past: ``history`` and its questions. They write nothing; ``rebuild`` alone does.

The stages are imported where an answer is made, so that ``--help`` need not load them; what draws is ``click`` alone,
since rich would take as long as the answer.
"""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING, Any, Final, get_args

import click

from aws_ssm_fetcher.cli.shared.commands import AS_CSV, AS_JSON, ASKED_STORE, STORE, check_form, cli
from aws_ssm_fetcher.cli.shared.moments import Moment
from aws_ssm_fetcher.core.error_handling import UnknownCodeError
from aws_ssm_fetcher.core.model.codes import ChangeKind, Detail
from aws_ssm_fetcher.core.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from aws_ssm_fetcher.cli.history.drawing import Answer
    from aws_ssm_fetcher.cli.shared.commands import Option
    from aws_ssm_fetcher.core.config import Caution
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.queries.history.source import Chosen

WHICH: tuple[Option, ...] = (
    click.option(
        "--bundled", is_flag=True, help="Ask the history that ships with the package, whatever the store has."
    ),
    click.option(
        "--query-region", metavar="REGION", help="Of several histories the one that this region's parameter store told."
    ),
    click.option(
        "--detail", type=click.Choice(get_args(Detail)), help="Of several histories the one at this level of detail."
    ),
)
EPILOG: Final = (
    "The store's history answers, of several the one written last, or else the one that ships with the package. "
    "Nothing is written."
)
_TIME: Final = "%Y-%m-%d %H:%M UTC"


@cli.group()
def history() -> None:
    """Ask what was in the record when, and what changed.

    The store's history answers, of several the one written last, or else the one that ships with the package.
    Each query region and level of detail has its own: what its parameter store told, at that detail.
    A DATE is a day, meant to its end, or a time such as 2025-03-01T06:00Z, UTC unless it says otherwise.
    """


def _question(name: str, *parameters: Option) -> Callable[[Callable[..., Answer]], click.Command]:
    """Make a command of a function that answers from a history."""

    def make(function: Callable[..., Answer]) -> click.Command:
        @functools.wraps(function)
        def answered(
            *, root: Path, bundled: bool, query_region: str | None, detail: str | None, **given: object
        ) -> None:
            as_json, as_csv = bool(given.pop("as_json")), bool(given.pop("as_csv"))
            check_form(as_json=as_json, as_csv=as_csv)
            from aws_ssm_fetcher.core.store.directory import DirectoryStore  # noqa: PLC0415 - likewise
            from aws_ssm_fetcher.queries.history.source import choose  # noqa: PLC0415 - see the module's docstring

            chosen = choose(DirectoryStore(root), query_region=query_region, detail=detail, bundled=bundled)
            try:
                answer = _answer(chosen, function, given)
            except UnknownCodeError as error:
                which = {"query_region": query_region, "detail": detail, "bundled": bundled}
                error.advice = error.advice or _listing(error.noun, root, chosen, **which)
                raise
            _tell(chosen, answer, as_json=as_json, as_csv=as_csv)

        decorated: Callable[..., None] = answered
        for parameter in reversed((*parameters, ASKED_STORE, *WHICH, AS_JSON, AS_CSV)):
            decorated = parameter(decorated)
        return history.command(name, epilog=EPILOG)(decorated)

    return make


@_question(
    "changes",
    click.option("--since", type=Moment(begins=True), metavar="DATE", help="Announced then or later; a day from 0:00."),
    click.option("--until", type=Moment(), metavar="DATE", help="Announced then or earlier."),
    click.option("--region", "regions", multiple=True, metavar="REGION", help="In this region; may be repeated."),
    click.option("--service", "services", multiple=True, metavar="SERVICE", help="Of this service; likewise."),
    click.option(
        "--kind",
        "kinds",
        multiple=True,
        metavar="KIND",
        type=click.Choice(get_args(ChangeKind)),
        help=f"Of this kind: {', '.join(get_args(ChangeKind))}; likewise.",
    ),
    click.option("--pending", is_flag=True, help="What is seen and not certain yet, instead; by when it was seen."),
)
def changes(history: History, *, pending: bool, **wanted: object) -> Answer:
    """List what changed, the newest last.

    Each change has the record that first showed it, the one that made it certain, and what else is known of its day:
    the launch date of a region, or when AWS made the parameter.
    """
    from aws_ssm_fetcher.queries.history import changes as answers  # noqa: PLC0415 - see the module's docstring

    asked = answers.Wanted(**wanted)  # type: ignore[arg-type] # as the options above
    if asked.since and asked.until and asked.since > asked.until:
        raise click.UsageError(
            f"The range is reversed: --since {asked.since:{_TIME}} is later than --until {asked.until:{_TIME}}."
        )
    return answers.changes(history, _caution(), asked, pending=pending)


@_question(
    "as-of",
    click.argument("moment", metavar="DATE", type=Moment()),
)
def as_of(history: History, moment: datetime) -> Answer:
    """Give the matrix of a day: which region offered what.

    The last run up to DATE answers: text counts, --csv has a row an offering, --json the services by region.
    """
    from aws_ssm_fetcher.queries.history import days as answers  # noqa: PLC0415 - see the module's docstring

    return answers.as_of(history, moment)


@_question(
    "diff",
    click.argument("earlier", metavar="DATE", type=Moment()),
    click.argument("later", metavar="DATE", type=Moment()),
)
def diff(history: History, earlier: datetime, later: datetime) -> Answer:
    """Compare the offerings of two days.

    What the day named second has and the first has not is added, the other way round removed, whatever was between.
    """
    from aws_ssm_fetcher.queries.history import days as answers  # noqa: PLC0415 - see the module's docstring

    return answers.diff(history, earlier, later)


@_question("service", click.argument("code", metavar="SERVICE"))
def service(history: History, code: str) -> Answer:
    """Tell the story of a service, also of one that is gone.

    SERVICE is its code, such as bedrock, now or ever in the record. Since when it is there, where it came and went,
    its names, what is not certain yet, and in how many regions it was.
    """
    from aws_ssm_fetcher.queries.history import past as answers  # noqa: PLC0415 - see the module's docstring

    return answers.past(history, _caution(), "service", code)


@_question("region", click.argument("code", metavar="REGION"))
def region(history: History, code: str) -> Answer:
    """Tell the story of a region.

    REGION is its code, such as eu-south-2. Since when it is there and open, which services and zones came and went,
    what is not certain yet, and how many services it had.
    """
    from aws_ssm_fetcher.queries.history import past as answers  # noqa: PLC0415 - see the module's docstring

    return answers.past(history, _caution(), "region", code)


@_question("flaps")
def flaps(history: History) -> Answer:
    """List what came or went too briefly to be news.

    A service that is missing is taken for removed only once that has lasted; what was back before is listed here.
    """
    from aws_ssm_fetcher.queries.history import changes as answers  # noqa: PLC0415 - see the module's docstring

    return answers.flaps(history, _caution())


@_question("growth")
def growth(history: History) -> Answer:
    """Count what there was by the quarter.

    Regions, services and offerings at the end of each, and the days that services took from their first region to more.
    """
    from aws_ssm_fetcher.queries.history import past as answers  # noqa: PLC0415 - see the module's docstring

    return answers.growing(history, _caution())


@history.command("runs", epilog="Nothing is written.")
@STORE
@AS_JSON
@AS_CSV
def runs(root: Path, *, as_json: bool, as_csv: bool) -> None:
    """List the runs of the store with their verdicts, the newest last.

    Each is in a history or in quarantine, rejected, or waits to be processed; with the doubts, and what a person
    decided.
    """
    check_form(as_json=as_json, as_csv=as_csv)
    from aws_ssm_fetcher.cli.history import runs_drawing as drawing  # noqa: PLC0415 - see the module's docstring
    from aws_ssm_fetcher.core.store.directory import DirectoryStore  # noqa: PLC0415 - likewise
    from aws_ssm_fetcher.queries.history.runs import runs_in  # noqa: PLC0415 - likewise

    answer = runs_in(DirectoryStore(root))
    click.echo(drawing.as_json(answer) if as_json else drawing.as_csv(answer) if as_csv else drawing.drawn(answer))


@history.command("rebuild")
@STORE
@AS_JSON
def rebuild(root: Path, *, as_json: bool) -> None:
    """Make the histories anew of the store's inventories.

    Each is made of all inventories of its query region and detail, in the order of their records, with the decisions
    that stand in the store; where the one that ships with the package is of the same, it goes on from that. What stands
    there is written over, also what cannot be read. Analyses and reports stay as they are.
    """
    from aws_ssm_fetcher.cli.history.rebuilding import rebuilt  # noqa: PLC0415 - see the module's docstring
    from aws_ssm_fetcher.cli.shared.session import open_session  # noqa: PLC0415 - likewise

    click.echo(rebuilt(open_session(root, as_json=as_json)))


def _caution() -> Caution:
    """Read of the settings what decides which news is believed."""
    from aws_ssm_fetcher.core.config import settings_from  # noqa: PLC0415 - see the module's docstring

    return settings_from(os.environ).caution


def _answer(chosen: Chosen, function: Callable[..., Answer], given: Mapping[str, object]) -> Answer:
    """Ask a history; where it begins too late, name the others."""
    from aws_ssm_fetcher.core.error_handling import NotInHistoryError  # noqa: PLC0415 - see the module's docstring

    try:
        return function(chosen.history, **given)
    except NotInHistoryError as error:
        raise NotInHistoryError(error.asked, error.first, advice=chosen.beside()) from error


def _listing(noun: str, root: Path, chosen: Chosen, **which: Any) -> str:  # noqa: ANN401 - as the options say
    from aws_ssm_fetcher.cli.shared.proposals import listing_ever, options_of  # noqa: PLC0415 - see the module's docstring

    last = max((run.taken for run in chosen.history.runs), default=None)
    return listing_ever(noun, root, last, options_of(**which))


def _tell(chosen: Chosen, answer: Answer, *, as_json: bool, as_csv: bool) -> None:
    if as_json:
        from aws_ssm_fetcher.cli.shared.json_text import json_text  # noqa: PLC0415 - see the module's docstring
        from aws_ssm_fetcher.core.documents.decoding import encode  # noqa: PLC0415 - see the module's docstring

        click.echo(json_text(encode({"history": chosen.as_json(), "answer": answer})))
    elif as_csv:
        from aws_ssm_fetcher.queries.rows import print_csv  # noqa: PLC0415 - see the module's docstring

        print_csv(answer.rows(), chosen.headline)
    else:
        from aws_ssm_fetcher.cli.history.drawing import draw  # noqa: PLC0415 - see the module's docstring
        from aws_ssm_fetcher.cli.history.waiting import told_of_waiting  # noqa: PLC0415 - likewise

        draw(chosen.headline(), answer)
        for line in told_of_waiting(click.get_current_context(), answer):
            click.echo(printable(line))
