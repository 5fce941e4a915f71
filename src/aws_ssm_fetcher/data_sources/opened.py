"""A source that is ready to be read, and stage one called over it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.ports import ParameterStore
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.data_sources.bundled import bundled_launches, bundled_tree
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.data_sources.threads import threads

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.codes import Detail
    from aws_ssm_fetcher.core.ports import ObjectStore, Progress


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """A source, ready to be read."""

    tree: ParameterStore
    launches: Callable[[Collection[RegionCode]], Launches]
    taken: datetime
    threads: int = 1


def open_bundled(detail: Detail) -> OpenedSource:
    """Return the bundled snapshot as a source."""
    tree = bundled_tree(detail)
    return OpenedSource(tree, read_bundled_launches, tree.taken)


def fetch_from(store: ObjectStore, source: OpenedSource, run_id: str | None, progress: Progress) -> str:
    """Call stage one over a source and return the inventory's key.

    The run is named after the time of its snapshot unless it has a name.
    """
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


def read_bundled_launches(_: Collection[RegionCode]) -> Launches:
    """Return the launch dates that ship with the package, whatever regions are asked for."""
    return Launches(bundled_launches())
