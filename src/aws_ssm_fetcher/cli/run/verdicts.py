"""What a person decides on a run: ``accept`` and ``reject``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.shared.commands import command
from aws_ssm_fetcher.cli.shared.json_text import json_text

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.cli.shared.commands import Option
    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.documents.decisions import Verdict

_RUN: Option = click.argument("run_id", metavar="RUN")
_REASON: Option = click.option("--reason", metavar="TEXT", help="Why, in your words; it is kept with the decision.")
_TAKEN: Option = click.option(
    "--taken",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Of several records of that name that of this day.",
)


@command(_RUN, _REASON, _TAKEN)
def accept(session: Session, run_id: str, reason: str | None, taken: datetime | None) -> None:
    """Believe a run after all, whatever speaks against it.

    RUN is its run id. It enters the history, and is processed and reported again.
    """
    _decide(session, run_id, "accepted", reason, taken)


@command(_RUN, _REASON, _TAKEN)
def reject(session: Session, run_id: str, reason: str | None, taken: datetime | None) -> None:
    """Do not believe a run: take it out of the history.

    RUN is its run id. It is processed and reported again; if reports/latest/ holds it, that goes back to the run
    before.
    """
    _decide(session, run_id, "rejected", reason, taken)


def _decide(session: Session, run_id: str, verdict: Verdict, reason: str | None, taken: datetime | None) -> None:
    from aws_ssm_fetcher.cli.run.deciding import decided  # noqa: PLC0415 - the stages are not for --help

    outcome = decided(session, run_id, verdict, reason, taken)
    if session.as_json and not session.quiet:
        click.echo(json_text(outcome.as_json()))
    elif not session.quiet:
        from aws_ssm_fetcher.cli.history.drawing import folded  # noqa: PLC0415 - likewise

        click.echo("\n".join(folded("", line) for line in outcome.sentence().splitlines()))
