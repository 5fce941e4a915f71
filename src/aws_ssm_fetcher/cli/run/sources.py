"""Which tree is read and who tells the launch dates: the bundled one, AWS now, or saved answers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.ports import ParameterStore, silent
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_launches, bundled_tree
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.data_sources.resource_types.stored import store_bundled_types
from aws_ssm_fetcher.data_sources.saved_answers import saved_answers
from aws_ssm_fetcher.data_sources.threads import threads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aws_ssm_fetcher.cli.shared.session import Session
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.core.ports import ObjectStore, Progress


@dataclass(frozen=True, slots=True)
class Opened:
    """A source, ready to be read."""

    tree: ParameterStore
    launches: Callable[[Collection[RegionCode]], Launches]
    taken: datetime
    threads: int = 1


def fetch_from(store: ObjectStore, source: Opened, run_id: str | None, progress: Progress) -> str:
    """Call stage one over a source; the run is named after the time of its record unless it has a name."""
    named = None if run_id is None else keys.parse_run_id(run_id)
    with threads(source.threads) as executor:
        return collect(
            source.tree,
            source.launches,
            store,
            run_id=named,
            taken=source.taken,
            executor=executor,
            progress=progress,
        )


def store_types(session: Session) -> None:
    """Leave the resource types that ship with the package in the store: stage two sets them beside the offerings."""
    store_bundled_types(session.store)


def bundled(session: Session) -> Opened:
    """Open the tree that ships with the package."""
    tree = bundled_tree(session.settings.detail)
    return Opened(tree, _shipped_launches, tree.taken)


def shipped_inventory(session: Session) -> Inventory:
    """Read the tree that ships with the package, and leave nothing behind."""
    store = MemoryStore()
    key = fetch_from(store, bundled(session), None, silent)
    return run_documents.load_inventory(store.read(key).body, key)


def live(session: Session) -> Opened:
    """Open AWS as it is now. Answers are kept in the store and, while they are young, not asked for again."""
    from aws_ssm_fetcher.data_sources import live as aws  # noqa: PLC0415 - boto3 takes its time

    cache = session.cache()
    tree, launches = aws.open_tree(session.settings, cache), aws.open_launches(session.settings, cache)
    return Opened(tree, launches, session.clock(), aws.THREADS)


def saved(files: Sequence[Path], query_region: RegionCode, taken: datetime) -> Opened:
    """Open saved answers."""
    return Opened(saved_answers(files, query_region), _shipped_launches, taken)


def _shipped_launches(_: Collection[RegionCode]) -> Launches:
    return Launches(bundled_launches())
