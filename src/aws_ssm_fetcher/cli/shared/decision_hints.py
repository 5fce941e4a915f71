"""Which commands decide on a run that is in quarantine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aws_ssm_fetcher.core.store.directory import DirectoryStore
    from aws_ssm_fetcher.outputs.accepted import OfRun
    from aws_ssm_fetcher.queries.history.run_names import RunNames


def verdicts_on(run: OfRun, names: RunNames, root: Path, *, rejected: bool = False) -> Iterator[str]:
    """Yield what a person can decide on a run that is not believed: one that is rejected can be accepted alone."""
    name, arguments = names.of(run), names.arguments(run)
    yield f"If run {name} is right after all: {proposed(f'accept {arguments}', root)}"
    if not rejected:
        yield f"If it is wrong: {proposed(f'reject {arguments}', root)}"


def can_be_decided(store: DirectoryStore, run: OfRun) -> bool:
    """Tell whether the store has what a decision is followed with: the run's inventory."""
    return read_or_none(store, keys.inventory_key(run.taken, run.run_id)) is not None
