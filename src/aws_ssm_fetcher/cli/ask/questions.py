"""What can be asked: ``region``, ``service``, ``compare``, ``findings``, ``stats``; lists are in ``list_questions``.

Answers come from the analysis of the youngest record, or, where there is none yet, from the tree that ships with the
package. They write nothing.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, get_args

import click

from aws_ssm_fetcher.cli.shared.commands import AS_CSV, AS_JSON, ASKED_STORE, ASKS_RUN, check_form, cli
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.proposals import listing
from aws_ssm_fetcher.cli.shared.session import Session, open_session
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.error_handling import ObjectMissingError, UnknownCodeError
from aws_ssm_fetcher.core.model.codes import Severity
from aws_ssm_fetcher.core.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_ssm_fetcher.cli.ask.answer_drawing import Answer
    from aws_ssm_fetcher.cli.shared.commands import Option
    from aws_ssm_fetcher.core.model.analysis import Analysis

_EPILOG: Final = (
    "The analysis of the youngest record answers, or where the store has none, the tree that ships with the package. "
    "Nothing is written."
)


def question(*parameters: Option) -> Callable[[Callable[..., Answer]], click.Command]:
    """Make a command of a function that answers from an analysis."""

    def make(function: Callable[..., Answer]) -> click.Command:
        @functools.wraps(function)
        def answered(*, root: Path, run_id: str | None, as_json: bool, as_csv: bool, **given: object) -> None:
            check_form(as_json=as_json, as_csv=as_csv)
            session = open_session(root, as_json=as_json, quiet=True)
            analysis = _at_hand(session, run_id)
            try:
                answer = function(analysis, **given)
            except UnknownCodeError as error:
                error.advice = _story_of(session, error) or error.advice or listing(error.noun, root, run_id)
                raise
            _tell(session, analysis, answer, as_csv=as_csv)

        decorated: Callable[..., None] = answered
        for parameter in reversed((*parameters, ASKED_STORE, ASKS_RUN, AS_JSON, AS_CSV)):
            decorated = parameter(decorated)
        return cli.command(function.__name__, epilog=_EPILOG)(decorated)

    return make


@question(click.argument("code", metavar="REGION"))
def region(analysis: Analysis, code: str) -> Answer:
    """Tell what a region offers and lacks.

    REGION is its code, such as eu-south-2, or words that only its name has, such as spain. Also: since when it is open,
    how it stands among the others, and which regions of its partition are most like it.
    """
    from aws_ssm_fetcher.queries.records.answers import about_region  # noqa: PLC0415 - stage two is not for --help

    return about_region(analysis, code)


@question(click.argument("code", metavar="SERVICE"))
def service(analysis: Analysis, code: str) -> Answer:
    """Tell which regions have a service.

    SERVICE is its code, such as bedrock; a code that it had before, or words that only its name has, will do.
    """
    from aws_ssm_fetcher.queries.records.answers import about_service  # noqa: PLC0415 - see above

    return about_service(analysis, code)


@question(click.argument("here", metavar="REGION"), click.argument("there", metavar="OTHER"))
def compare(analysis: Analysis, here: str, there: str) -> Answer:
    """Hold two regions against each other.

    REGION and OTHER are their codes, such as us-east-1, or words that only the name of one has: what is only here, only
    there, and in both.
    """
    from aws_ssm_fetcher.queries.records.answers import compare as compared  # noqa: PLC0415 - see above

    return compared(analysis, here, there)


@question(
    click.option(
        "--severity",
        "severities",
        multiple=True,
        type=click.Choice(get_args(Severity)),
        help="Only findings of this severity; may be given more than once.",
    ),
    click.option("--rule", "rules", multiple=True, metavar="RULE", help="Only findings of this rule; likewise."),
)
def findings(analysis: Analysis, severities: tuple[Severity, ...], rules: tuple[str, ...]) -> Answer:
    """List what is to be said of the record.

    The gravest findings come first, each rule with what to do and the points it takes off the quality score.
    """
    from aws_ssm_fetcher.processors.rules import RULES  # noqa: PLC0415 - see above
    from aws_ssm_fetcher.queries.records import answers  # noqa: PLC0415 - see above

    known = sorted(rule.id for rule in RULES)
    for rule in rules:
        if rule not in known:
            raise click.BadParameter(f"{rule!r} is no rule. Rules: {', '.join(known)}.", param_hint="--rule")
    return answers.findings(analysis, severities, rules)


@question()
def stats(analysis: Analysis) -> Answer:
    """List every figure of the whole.

    Totals, partitions, distributions, and how many findings there are of each rule.
    """
    from aws_ssm_fetcher.queries.records.answers import figures  # noqa: PLC0415 - see above

    return figures(analysis)


def _at_hand(session: Session, run_id: str | None) -> Analysis:
    try:
        key = session.youngest_analysis(run_id)
    except ObjectMissingError:
        if run_id is not None:
            raise
        return _shipped(session)
    from aws_ssm_fetcher.core.documents import run_documents  # noqa: PLC0415 - all nouns are not for --help

    return run_documents.load_analysis(session.store.read(key).body, key)


def _shipped(session: Session) -> Analysis:
    """Analyse the tree that ships with the package, and leave nothing behind."""
    from aws_ssm_fetcher.cli.run.sources import shipped_inventory  # noqa: PLC0415 - the tree is not for --help
    from aws_ssm_fetcher.processors.pipeline import analyse  # noqa: PLC0415 - see above

    return analyse(shipped_inventory(session))


def _story_of(session: Session, unknown: UnknownCodeError) -> str:
    from aws_ssm_fetcher.cli.ask.gone import story_of  # noqa: PLC0415 - histories are only for who asks for what is gone

    return story_of(session.store, unknown)


def _tell(session: Session, analysis: Analysis, answer: Answer, *, as_csv: bool) -> None:
    if session.as_json:
        _print_json(analysis, answer)
    elif as_csv:
        _print_csv(analysis, answer)
    else:
        from aws_ssm_fetcher.cli.ask.answer_drawing import draw  # noqa: PLC0415 - rich only where something is drawn

        draw(analysis, session.store, answer)


def _print_json(analysis: Analysis, answer: Answer) -> None:
    inventory = analysis.inventory
    about = {"run_id": inventory.run_id, "taken": inventory.taken, "source": inventory.source}
    about |= {"quarantine": analysis.quarantine}
    click.echo(json_text(encode(about | {"answer": answer})))


def _print_csv(analysis: Analysis, answer: Answer) -> None:
    from aws_ssm_fetcher.cli.ask.answer_rows import rows_of  # noqa: PLC0415 - stage two is not for --help
    from aws_ssm_fetcher.queries.rows import print_csv  # noqa: PLC0415 - goes with it

    def headline() -> str:
        from aws_ssm_fetcher.cli.ask.answer_drawing import taken_for  # noqa: PLC0415 - rich only where somebody looks
        from aws_ssm_fetcher.cli.shared.drawing import plain_headline  # noqa: PLC0415 - goes with it

        return "\n".join((plain_headline(analysis), *map(printable, taken_for(answer))))

    print_csv(rows_of(analysis, answer), headline)
