"""What a person decides on a run: ``accept`` and ``reject``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.run.deciding import decided
from aws_ssm_fetcher.cli.run.deciding_lists import decide_list, list_effect, region_of_strand, two_lists
from aws_ssm_fetcher.cli.run.effects import accept_effect, reject_effect
from aws_ssm_fetcher.cli.run.with_session import command
from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.layout import folded, show
from aws_ssm_fetcher.core.text import printable

if TYPE_CHECKING:
    from datetime import datetime

    from aws_ssm_fetcher.cli.run.deciding import DecidedRun
    from aws_ssm_fetcher.cli.run.deciding_lists import ListOutcome
    from aws_ssm_fetcher.cli.shared.options import Option
    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.documents.decisions import Verdict
    from aws_ssm_fetcher.core.model.codes import RegionCode

_RUN: Option = click.argument("run_id", metavar="RUN")
_REASON: Option = click.option("--reason", metavar="TEXT", help="The reason; stored with the decision.")
_TAKEN: Option = click.option(
    "--taken",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The snapshot's day, if several share the run id.",
)

_STRAND: Option = click.option(
    "--strand",
    metavar="STRAND",
    help="Only this part of the run: wavelength-zones, names, endpoints/eu-west-1, types/eu-west-1 or another one.",
)
_YES: Option = click.option("--yes", is_flag=True, help="Do not ask first.")


@command(_RUN, _REASON, _TAKEN, _STRAND, _YES)
def accept(
    session: Session, run_id: str, reason: str | None, taken: datetime | None, strand: str | None, *, yes: bool
) -> None:
    """Accept a quarantined run.

    RUN is its run id. The run enters the history despite its quarantine reasons. If it replaces another snapshot of
    the same time, the command says so first, and asks at a terminal. Then the run is processed and reported again.

    With --strand only that part of the run is accepted. The strand types/REGION is the region's list of resource types,
    and RUN then the run id of the lists. "history runs" lists what waits for a decision, with the command to type.
    """
    if region := region_of_strand(strand):
        _decide_on_list(session, run_id, region, "accepted", reason, yes=yes)
        return
    effect = accept_effect(session, run_id, taken) if strand is None else None
    # In a script nobody can answer: then it is said on standard error, and done.
    if effect and not yes and _is_asked():
        _confirm(f"{printable(effect)}. Accept it?")
    elif effect and not session.quiet:
        click.echo(f"{printable(effect)}.", err=True)
    _decide(session, run_id, "accepted", reason, taken, strand)


@command(_RUN, _REASON, _TAKEN, _STRAND, _YES)
def reject(
    session: Session, run_id: str, reason: str | None, taken: datetime | None, strand: str | None, *, yes: bool
) -> None:
    """Reject a run.

    RUN is its run id. It is removed from the history, processed and reported again; if reports/latest/ holds it, that
    goes back to the run before. A bundled snapshot whose place it took comes back. At a terminal it asks first.

    With --strand only that part of the run is rejected: none of its losses is announced. Of the strand types/REGION, a
    region's list of resource types, the list before it answers.
    """
    if region := region_of_strand(strand):
        _decide_on_list(session, run_id, region, "rejected", reason, yes=yes)
        return
    if not yes and _is_asked():
        effect = printable(reject_effect(session, run_id, taken, strand))
        _confirm(f"{effect}. Reject it?")
    _decide(session, run_id, "rejected", reason, taken, strand)


def _is_asked() -> bool:
    """Return whether somebody can answer a question."""
    return sys.stdin is not None and sys.stdin.isatty()


def _confirm(question: str) -> None:
    """Ask, and end the command with 1 if the answer is no."""
    if not click.confirm(question, err=True):
        click.echo("Nothing was changed.", err=True)
        sys.exit(1)


def _decide_on_list(
    session: Session, run_id: str, region: RegionCode, verdict: Verdict, reason: str | None, *, yes: bool
) -> None:
    lists = two_lists(session, run_id, region)
    effect = printable(list_effect(lists, verdict))
    if not yes and _is_asked():
        _confirm(f"{effect}. {'Accept' if verdict == 'accepted' else 'Reject'} it?")
    elif not session.quiet:
        click.echo(f"{effect}.", err=True)
    _show(session, decide_list(session, lists, verdict, reason))


def _decide(
    session: Session, run_id: str, verdict: Verdict, reason: str | None, taken: datetime | None, strand: str | None
) -> None:
    _show(session, decided(session, run_id, verdict, reason, taken, strand))


def _show(session: Session, outcome: DecidedRun | ListOutcome) -> None:
    if session.as_json and not session.quiet:
        click.echo(json_text(outcome.as_json()))
    elif not session.quiet:
        show(folded("", line) for line in outcome.sentence().splitlines())
