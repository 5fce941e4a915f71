"""The lines above an answer: of when the data are, what was not read, why a run is in quarantine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.shared.decision_hints import can_be_decided, verdicts_on
from aws_ssm_fetcher.cli.shared.hints import proposed
from aws_ssm_fetcher.cli.shared.layout import Whole, bold, dim
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.history.run_names import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory, Source
    from aws_ssm_fetcher.core.store.directory import DirectoryStore

UNKNOWN: Final = "?"


def headline(inventory: Inventory, root: Path) -> Iterator[Block]:
    """Yield of when the data are, where they were read, what was left out, and how to get live data."""
    source = inventory.source
    yield _origin(inventory)
    if source.kind == "bundled":
        yield Whole(f"For today's: {printable(proposed('run --source aws', root))}")
    yield from _left_out(source)


def plain_headline(analysis: Analysis) -> Iterator[str]:
    """Yield the same without styles, and why the run is in quarantine if it is."""
    inventory = analysis.inventory
    yield from map(click.unstyle, (_origin(inventory), *_left_out(inventory.source)))
    reasons = (*analysis.quarantine, *analysis.quarantined_strands)
    yield from (f"Quarantined: {printable(doubt.message)}" for doubt in reasons)


def quarantine_lines(analysis: Analysis, store: DirectoryStore) -> Iterator[Block]:
    """Yield why a run is in quarantine, if it is, and the commands that decide on it."""
    for doubt in analysis.quarantine:
        yield f"{click.style('Quarantined:', fg='red', bold=True)} {printable(doubt.message)}"
    run, rejected = analysis.inventory, any(doubt.rule == "rejected" for doubt in analysis.quarantine)
    if analysis.quarantine and can_be_decided(store, run):
        for line in verdicts_on(run, names_in(store), store.root, rejected=rejected):
            yield Whole(dim(printable(line)))
    for doubt in analysis.quarantined_strands:
        since = f" (since {doubt.since:%Y-%m-%d})" if doubt.since else ""
        yield f"{click.style('Strand quarantined:', fg='red', bold=True)} {printable(doubt.message)}{since}"
        if doubt.rule != "rejected" and can_be_decided(store, run):
            arguments = names_in(store).arguments(run)
            command = proposed(f"accept {arguments} --strand {doubt.strand}", store.root)
            yield Whole(dim(printable(f"If that is right: {command}")))


def _left_out(source: Source) -> Iterator[str]:
    if source.left_out:
        left_out = ", ".join(topic.replace("-", " ") for topic in source.left_out)
        yield dim(f"Not asked for, at detail {source.detail}: {left_out}")


def _origin(inventory: Inventory) -> str:
    source = inventory.source
    origin, region = printable(source.origin), printable(source.query_region or UNKNOWN)
    if source.kind == "bundled":
        return f"{bold(f'AWS on {inventory.taken:%Y-%m-%d}')}, as the record shipped with {origin} has it"
    minute = bold(f"AWS on {inventory.taken:%Y-%m-%d %H:%M} UTC")
    if source.kind == "file":
        return f"{minute}, as {origin} from {region} have it"
    read = f"{minute}, as its parameter store in {region} has it"
    effort = inventory.effort
    if effort is None:
        return read
    retried = f", {effort.retries:,} retries" if effort.retries else ""
    cached = f", {effort.from_cache:,} answers from the cache" if effort.from_cache else ""
    return f"{read} {dim(f'({effort.calls:,} calls{retried}{cached})')}"
