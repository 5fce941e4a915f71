"""The lines above an answer: of when the data are, what was not read, why a run is in quarantine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.cli.shared.layout import Whole, bold, dim
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.conditional_writes import read_or_none
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.history.run_names import names_in
from aws_ssm_fetcher.queries.history.waiting_lists import STRAND
from aws_ssm_fetcher.queries.history.waiting_lists import sentence as list_sentence
from aws_ssm_fetcher.queries.records.current import newer_quarantined

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory, Source
    from aws_ssm_fetcher.core.store.located import LocatedStore, Location
    from aws_ssm_fetcher.outputs.accepted import OfRun
    from aws_ssm_fetcher.queries.history.run_names import RunNames
    from aws_ssm_fetcher.queries.history.waiting_lists import ListsBeside

UNKNOWN: Final = "?"
FRESH_DAYS: Final = 7  # AWS adds an offering on most days: older data say how old they are


def headline(inventory: Inventory, root: Location, now: datetime) -> Iterator[Block]:
    """Yield the date and origin of the data, their age, what was left out, and how to get live data."""
    source = inventory.source
    yield _origin(inventory, now)
    if source.kind == "bundled":
        yield Whole(f"For live data: {printable(proposed('run --source aws', root))}")
    yield from _left_out(source)


def plain_headline(analysis: Analysis, now: datetime) -> Iterator[str]:
    """Yield the same without styles, and why the run is quarantined if it is."""
    inventory = analysis.inventory
    yield from map(click.unstyle, (_origin(inventory, now), *_left_out(inventory.source)))
    yield from (f"Quarantined: {printable(reason.message)}" for reason in analysis.quarantine)


def quarantine_lines(analysis: Analysis, store: LocatedStore) -> Iterator[Block]:
    """Yield why a run is quarantined, if it is, and the commands that decide on it."""
    for reason in analysis.quarantine:
        yield f"{click.style('Quarantined:', fg='red', bold=True)} {printable(reason.message)}"
    run, rejected = analysis.inventory, any(reason.rule == "rejected" for reason in analysis.quarantine)
    if analysis.quarantine and can_be_decided(store, run):
        for line in verdicts_on(run, names_in(store), store.root, rejected=rejected):
            yield Whole(dim(printable(line)))


def strand_lines(analysis: Analysis, store: LocatedStore) -> Iterator[Block]:
    """Yield which strands of a run are quarantined, and the command that accepts each."""
    run = analysis.inventory
    for reason in analysis.quarantined_strands:
        since = f", since {reason.since:%Y-%m-%d}" if reason.since else ""
        label = click.style("Part of the snapshot quarantined:", fg="red", bold=True)
        yield f"{label} {printable(reason.message)}{since}"
        if reason.rule != "rejected" and can_be_decided(store, run):
            arguments = names_in(store).arguments(run)
            command = proposed(f"accept {arguments} --strand {reason.strand}", store.root)
            yield Whole(dim(printable(f"If AWS removed them: {command}")))


def list_lines(beside: ListsBeside, root: Location, region: str | None = None) -> Iterator[Block]:
    """Yield which lists of resource types do not answer, of all regions or one, and the commands for each."""
    for waiting in beside.lists:
        if region in {None, waiting.region}:
            label = click.style("List of resource types quarantined:", fg="red", bold=True)
            yield f"{label} {printable(list_sentence(waiting))}"
            arguments = f"{beside.run_id} --strand {STRAND}{waiting.region}"
            yield Whole(dim(printable(f"To accept it: {proposed(f'accept {arguments}', root)}")))
            if waiting.verdict is None:
                yield Whole(dim(printable(f"To reject it: {proposed(f'reject {arguments}', root)}")))


def verdicts_on(run: OfRun, names: RunNames, root: Location, *, rejected: bool = False) -> Iterator[str]:
    """Yield the commands that accept or reject a quarantined run; a rejected one can only be accepted."""
    name, arguments = names.of(run), names.arguments(run)
    yield f"To accept run {name}: {proposed(f'accept {arguments}', root)}"
    if not rejected:
        yield f"To reject it: {proposed(f'reject {arguments}', root)}"


def waiting_lines(store: LocatedStore, taken: datetime) -> Iterator[str]:
    """Yield that a run is newer than the snapshot that answers, and waits in quarantine for a decision."""
    newer = newer_quarantined(store, taken)
    if newer:
        run_id = printable(newer.run_id)
        newest = f"Run {run_id} of {newer.taken:%Y-%m-%d} is newer, but quarantined until a person decides"
        yield f"{newest}; ask it with --run-id {run_id}"


def can_be_decided(store: LocatedStore, run: OfRun) -> bool:
    """Return whether the store has the run's inventory, which a decision needs."""
    return read_or_none(store, keys.inventory_key(run.taken, run.run_id)) is not None


def _left_out(source: Source) -> Iterator[str]:
    if source.left_out:
        left_out = ", ".join(topic.replace("-", " ") for topic in source.left_out)
        yield dim(f"Not requested at detail {source.detail}: {left_out}")


def _origin(inventory: Inventory, now: datetime) -> str:
    """Return one line: ``AWS as of 2026-10-27 (bundled snapshot of moto 5.2.5, 33 days old)``."""
    source = inventory.source
    details = [f"bundled snapshot of {printable(source.origin)}"] if source.kind == "bundled" else []
    if source.kind == "file":
        details.append(printable(source.origin))
    if effort := inventory.effort:
        details.append(f"{effort.calls:,} calls")
        details += [f"{effort.retries:,} retries"] * bool(effort.retries)
        details += [f"{effort.from_cache:,} answers from the cache"] * bool(effort.from_cache)
    age = (now - inventory.taken).days
    # A list times a truth value: nothing for False.
    details += [f"{age:,} days old"] * (age > FRESH_DAYS)
    listed = ", ".join(details)
    behind = f" {dim(f'({listed})')}" if details else ""
    if source.kind == "bundled":
        return f"{bold(f'AWS as of {inventory.taken:%Y-%m-%d}')}{behind}"
    region = printable(source.query_region or UNKNOWN)
    return f"{bold(f'AWS as of {inventory.taken:%Y-%m-%d %H:%M} UTC')}, from {region}{behind}"
