"""Which document of a store a stage reads, and what to do if there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.core.error_handling import ObjectMissingError
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.listing import documents
from aws_ssm_fetcher.queries.history.run_names import some_of

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.store.located import LocatedStore


def newest_written(store: LocatedStore, prefix: str, name: str, run_id: str | None, *, made_by: str) -> str:
    """Return the key of a run's document, or of the one written last. Raises ``ObjectMissingError``."""
    wanted = name if run_id is None else f"{keys.parse_run_id(run_id)}/{name}"
    candidates = [*documents(store, prefix, wanted)]
    if not candidates:
        advice = missing_advice(store, prefix, name, run_id, made_by=made_by)
        if run_id:
            document = name.removesuffix(".json")
            raise ObjectMissingError(run_id, f"no {document} of that run in {store.root}", advice=advice)
        raise ObjectMissingError(f"{prefix}…/{wanted}", f"no such document in {store.root}", advice=advice)
    # By when it was written, not by the snapshot: "process" after "import" means what was imported.
    return max(candidates, key=store.written)


def missing_advice(store: LocatedStore, prefix: str, name: str, run_id: str | None, *, made_by: str) -> str:
    """Return what to do without a document: make it, or name one of the runs that have it."""
    if run_id and made_by == "process" and any(documents(store, keys.RAW_DATA, f"{run_id}/{keys.INVENTORY}")):
        return f'Create it with "{proposed(f"process --run-id {run_id}", store.root)}"'
    others = [keys.place_of(key).run_id for key in documents(store, prefix, name)] if run_id else []
    make = f'Create one with "{proposed(made_by, store.root)}", or choose another --store'
    return some_of(reversed(others)) or make
