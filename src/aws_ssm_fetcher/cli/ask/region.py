"""``region``: what one region offers and lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.ask.parts import (
    NOT_ASKED,
    UNKNOWN,
    by_schemas,
    codes_below,
    facts,
    finding_lines,
    percentage,
    title,
)
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.completion import complete_region
from aws_ssm_fetcher.cli.shared.layout import TextTable, bold, dim
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS
from aws_ssm_fetcher.core.model.codes import YEAR_DAYS
from aws_ssm_fetcher.core.text import printable
from aws_ssm_fetcher.queries.records.answers import RegionAnswer, about_region

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.snapshot import Snapshot
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.codes import LaunchSource, Topic

LAUNCH_SOURCES: Final[Mapping[LaunchSource, str]] = {
    "feed": "AWS's regions feed",
    "feed copy": "the last good copy of AWS's regions feed",
    "overlay": "the bundled list",
}


def text(answer: RegionAnswer, snapshot: Snapshot) -> Iterator[Block]:
    """Yield the facts of a region, then what it offers and lacks."""
    region, figures = answer.region, answer.figures
    yield title(region.name, region.code)
    yield facts(
        ("Partition", printable(region.partition or UNKNOWN)),
        ("Country", printable(region.country or UNKNOWN)),
        ("Launched", _launched(answer)),
        ("Opt-in", _opt_in(answer)),
        ("Zones", _zones(answer, snapshot.analysis.inventory.source.left_out)),
        ("Services", _services(answer)),
        *_types(answer),
        ("Quality", f"{answer.quality.score}, grade {answer.quality.grade}"),
    )
    if figures.nearest:
        yield f"\n{bold('Most similar regions')}"
        yield _nearest(answer)
    yield from codes_below(bold("Offered nowhere else"), figures.exclusive)
    yield from codes_below(bold(f"Missing, offered in {printable(answer.widest or UNKNOWN)}"), figures.missing)
    yield from codes_below(bold("Offered"), answer.services)
    yield from finding_lines(answer.findings)


@question(ANALYSIS, click.argument("code", metavar="REGION", shell_complete=complete_region), text=text)
def region(analysis: Analysis, code: str) -> RegionAnswer:
    """Show what a region offers and lacks.

    REGION is a code, such as eu-south-2, or a name, such as spain. Shows its launch date, its rank, the services it has
    and lacks, and the most similar regions of its partition.
    """
    return about_region(analysis, code)


def _types(answer: RegionAnswer) -> Iterator[tuple[str, str]]:
    source, types = answer.types_source, answer.types
    if source is None:
        return
    if types is None:
        yield "Resource types", f"{UNKNOWN}, since AWS publishes no list of its own {by_schemas(source)}"
        return
    depth = f", mean depth {percentage(types.mean_depth)}" if types.mean_depth is not None else ""
    yield "Resource types", f"{types.types:,} of the {types.of:,} of its partition{depth} {by_schemas(source)}"


def _launched(answer: RegionAnswer) -> str:
    launch, days = answer.region.launch, answer.profile.age_days
    if launch is None:
        return UNKNOWN
    age = "not launched yet" if days is None else f"{days / YEAR_DAYS:.1f} years"
    source = dim(f"(source: {LAUNCH_SOURCES[launch.source]}: {printable(launch.evidence)})")
    return f"{launch.date}, {age} {source}"


def _zones(answer: RegionAnswer, left_out: Collection[Topic]) -> str:
    profile = answer.profile
    kinds = {
        "availability": profile.availability_zones,
        "local": profile.local_zones,
        "wavelength": profile.wavelength_zones,
    }
    missing = {kind: NOT_ASKED if f"{kind}-zones" in left_out else UNKNOWN for kind in kinds}
    return ", ".join(f"{kind} {missing[kind]}" if count is None else f"{count} {kind}" for kind, count in kinds.items())


def _opt_in(answer: RegionAnswer) -> str:
    """Return whether the region has to be enabled; of one whose partition nobody knows, that is unknown too."""
    if answer.region.partition is None:
        return UNKNOWN
    return {True: "yes", False: "no", None: "does not apply"}[answer.profile.opt_in]


def _services(answer: RegionAnswer) -> str:
    figures = answer.figures
    if figures.services is None:
        return click.style("unknown: the region could not be read", fg="red", bold=True)
    of_all = f"{percentage(figures.share)} of all services"
    of_partition = f"{percentage(figures.partition_share)} of those in its partition" if figures.partition_share else ""
    a_year = f"{figures.services_a_year:.1f} per year since launch" if figures.services_a_year else ""
    return ", ".join(filter(None, (f"{figures.services}, rank {figures.rank}", of_all, of_partition, a_year)))


def _nearest(answer: RegionAnswer) -> TextTable:
    titles = ("", "Similarity", "In both", "Only here", "Only there")
    table = TextTable("", "right", "right", "right", "right", titles=titles)
    for neighbour in answer.figures.nearest or ():
        counts = (f"{count:,}" for count in (neighbour.shared, neighbour.only_here, neighbour.only_there))
        table.add_row(printable(neighbour.region), percentage(neighbour.similarity), *counts)
    return table
