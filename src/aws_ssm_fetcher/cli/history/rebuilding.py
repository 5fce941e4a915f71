"""``history rebuild``, as it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_ssm_fetcher.cli.shared.json_text import json_text
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.rebuild import rebuild_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.documents.evaluations import Fetched
    from aws_ssm_fetcher.core.model.history import History, Lineage

    Rebuilt = Mapping[Lineage, tuple[History, list[Fetched]]]


def rebuilt(session: Session) -> str:
    """Rebuild all histories of the store, and say what they hold."""
    made = rebuild_all(session.store, session.settings.caution, bundled_history())
    if session.as_json:
        return json_text([_as_json(lineage, *one) for lineage, one in made.items()])
    said = (_said(lineage, *one) for lineage, one in made.items())
    return "\n".join(said) or f"No inventories in {session.store.root}, of which a history could be made"


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
