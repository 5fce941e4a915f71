"""What a person decides on a run: ``accept`` and ``reject``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.run.deciding import decided
from aws_ssm_fetcher.cli.run.with_session import command
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.layout import folded, show

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.cli.shared.options import Option
    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.documents.decisions import Verdict

_RUN: Option = click.argument("run_id", metavar="RUN")
_REASON: Option = click.option("--reason", metavar="TEXT", help="The reason; stored with the decision.")
_TAKEN: Option = click.option(
    "--taken",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The snapshot's day, if several share the run id.",
)


@command(_RUN, _REASON, _TAKEN)
def accept(session: Session, run_id: str, reason: str | None, taken: datetime | None) -> None:
    """Accept a quarantined run.

    RUN is its run id. Whatever speaks against it, it enters the history, and is processed and reported again.
    """
    _decide(session, run_id, "accepted", reason, taken)


@command(_RUN, _REASON, _TAKEN)
def reject(session: Session, run_id: str, reason: str | None, taken: datetime | None) -> None:
    """Reject a run.

    RUN is its run id. It is taken out of the history, processed and reported again; if reports/latest/ holds it, that
    goes back to the run before.
    """
    _decide(session, run_id, "rejected", reason, taken)


def _decide(session: Session, run_id: str, verdict: Verdict, reason: str | None, taken: datetime | None) -> None:
    outcome = decided(session, run_id, verdict, reason, taken)
    if session.as_json and not session.quiet:
        click.echo(json_text(outcome.as_json()))
    elif not session.quiet:
        show(folded("", line) for line in outcome.sentence().splitlines())
