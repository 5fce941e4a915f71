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
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.rebuild import lineages_in, rebuild_all, undo_rebuild

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
@click.option("--drop", is_flag=True, help="Drop runs whose inventories are gone.")
@click.option("--undo", is_flag=True, help="Go back to the histories that the last rebuild replaced.")
def rebuild(root: Location, *, as_json: bool, drop: bool, undo: bool) -> None:
    """Rebuild histories.

    Each is rebuilt from all inventories of its query region and detail, in order of their snapshots, applying the
    decisions in the store; it continues the bundled history if that has the same region and detail. If runs would be
    lost because their inventories are gone, it names them and refuses. The replaced history, even an unreadable one, is
    kept. Analyses and reports stay as they are.
    """
    session = open_session(root, as_json=as_json)
    click.echo(undone(session) if undo else rebuilt(session, drop=drop))


def undone(session: Session) -> str:
    """Put back all replaced histories of the store, and return what they hold."""
    back: dict[Lineage, tuple[History, list[Fetched]]] = {}
    for lineage in lineages_in(session.store):
        history = undo_rebuild(session.store, lineage)
        if history:
            back[lineage] = history, []
    return _printed(session, back) or f"No rebuild to undo in {session.store.root}"


def rebuilt(session: Session, *, drop: bool = False) -> str:
    """Rebuild all histories of the store, and return what they hold."""
    made = rebuild_all(session.store, session.settings.caution, bundled_history(), drop=drop, now=session.clock())
    return _printed(session, made) or f"No inventories in {session.store.root}, so there is no history to rebuild"


def _printed(session: Session, histories: Rebuilt) -> str:
    # As JSON also where there are none: "[]".
    if session.as_json:
        return json_text([_as_json(lineage, *outcome) for lineage, outcome in histories.items()])
    return "\n".join(_sentence(lineage, *outcome) for lineage, outcome in histories.items())


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


def _sentence(lineage: Lineage, history: History, left_out: list[Fetched]) -> str:
    span = f", {history.runs[0].taken:%Y-%m-%d} to {history.runs[-1].taken:%Y-%m-%d}" if history.runs else ""
    rest = f"; {many(len(left_out), 'run')} in quarantine or rejected" if left_out else ""
    return f"{lineage.query_region} ({lineage.detail} detail): {many(len(history.runs), 'run')}{span}{rest}"
