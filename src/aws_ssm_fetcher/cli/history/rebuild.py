"""``history rebuild``: all histories of a store, made again from its inventories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.cli.shared.options import AS_JSON, STORE
from aws_ssm_fetcher.cli.shared.session import open_session
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.data_sources.bundled import bundled_history
from aws_ssm_fetcher.processors.history.rebuild import rebuild_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.documents.evaluations import Fetched
    from aws_ssm_fetcher.core.model.history import History, Lineage
    from aws_ssm_fetcher.core.store.located import Location

    Rebuilt = Mapping[Lineage, tuple[History, list[Fetched]]]


@click.command()
@STORE
@AS_JSON
def rebuild(root: Location, *, as_json: bool) -> None:
    """Rebuild histories.

    Each is rebuilt from all inventories of its query region and detail, in order of their snapshots, applying the
    decisions in the store; it continues the bundled history if that has the same region and detail. Existing histories
    are overwritten, even unreadable ones. Analyses and reports stay as they are.
    """
    click.echo(rebuilt(open_session(root, as_json=as_json)))


def rebuilt(session: Session) -> str:
    """Rebuild all histories of the store, and say what they hold."""
    made = rebuild_all(session.store, session.settings.caution, bundled_history())
    if session.as_json:
        return json_text([_as_json(lineage, *one) for lineage, one in made.items()])
    said = (_said(lineage, *one) for lineage, one in made.items())
    return "\n".join(said) or f"No inventories in {session.store.root}, so there is no history to rebuild"


def _as_json(lineage: Lineage, history: History, left_out: list[Fetched]) -> dict[str, Any]:
    return {
        "query_region": lineage.query_region,
        "detail": lineage.detail,
        "key": keys.history_key(*lineage),
        "runs": len(history.runs),
        "first": encode(history.runs[0].taken) if history.runs else None,
        "last": encode(history.runs[-1].taken) if history.runs else None,
        "left_out": [run.run_id for run in left_out],
    }


def _said(lineage: Lineage, history: History, left_out: list[Fetched]) -> str:
    span = f", {history.runs[0].taken:%Y-%m-%d} to {history.runs[-1].taken:%Y-%m-%d}" if history.runs else ""
    rest = f"; {many(len(left_out), 'run')} in quarantine or rejected" if left_out else ""
    return f"{lineage.query_region}, detail {lineage.detail}: {many(len(history.runs), 'run')}{span}{rest}"
