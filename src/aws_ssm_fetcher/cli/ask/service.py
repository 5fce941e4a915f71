"""``service``: which regions offer one service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from aws_ssm_fetcher.cli.ask.parts import (
    NOT_ASKED,
    UNKNOWN,
    by_schemas,
    codes_below,
    count,
    facts,
    finding_lines,
    percentage,
    title,
)
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.completion import complete_service
from aws_ssm_fetcher.cli.shared.layout import Blocks, FirstThatFits, TextTable, Whole, bold, dim
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.queries.records.answers import ServiceAnswer, about_service
from aws_ssm_fetcher.queries.records.unread import regions_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.snapshot import Snapshot
    from aws_ssm_fetcher.core.model.aliases import Vocabulary
    from aws_ssm_fetcher.core.model.analysis import Analysis, ServiceFigures
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.queries.records.answers import Offered


def text(answer: ServiceAnswer, snapshot: Snapshot) -> Iterator[Block]:
    """Yield the facts of a service, then which regions offer it and which do not."""
    inventory = snapshot.analysis.inventory
    figures, profile, left_out = answer.figures, answer.profile, inventory.source.left_out
    home_page = NOT_ASKED if "home-pages" in left_out else "not stated"
    earlier = (("Earlier code", printable(", ".join(profile.earlier_codes))),) if profile.earlier_codes else ()
    yield title(answer.service.name, answer.service.code)
    yield facts(
        ("Home page", printable(answer.service.home_page or home_page)),
        *earlier,
        *((("Category", answer.category),) if answer.category else ()),
        *_other_names(answer),
        ("Regions", f"{regions_of(inventory, figures.regions)}, {percentage(figures.share)}"),
        ("Tier", _tier(figures)),
        *(
            (f"  {printable(share.partition)}", f"{share.regions}, {percentage(share.share)}")
            for share in figures.partitions
        ),
        *_types(answer),
        *_lifecycle(answer, inventory.taken.date()),
    )
    yield from _offered(inventory, answer)
    yield from _shallow(answer)
    yield from codes_below(bold("Not offered"), answer.not_offered)
    unknown = click.style("Unknown: could not be read", fg="red", bold=True)
    yield from codes_below(unknown, answer.unknown)
    yield from finding_lines(answer.findings)


def _tier(figures: ServiceFigures) -> str:
    """Return a tier with the share that makes it: of the regions of the partitions that offer the service."""
    if figures.tier is None:
        return f"{UNKNOWN}, while a region could not be read or placed"
    # The analysis has counts and shares: the number of regions follows, but for rounding.
    regions = sum(round(share.regions / share.share) for share in figures.partitions)
    if not regions:
        return figures.tier
    return f"{figures.tier}: {percentage(figures.regions / regions)} of the regions of its partitions"


_VOCABULARIES: Final[Mapping[Vocabulary, str]] = {
    "botocore": "AWS CLI",
    "cli": "AWS CLI",
    "iam": "IAM",
    "cloudformation": "CloudFormation",
    "terraform": "Terraform",
    "product": "Also called",
}


def _other_names(answer: ServiceAnswer) -> Iterator[tuple[str, str]]:
    """Yield the names of a service by vocabulary, those that are its code left out."""
    for label in dict.fromkeys(_VOCABULARIES.values()):
        names = [other.name for other in answer.aliases if _VOCABULARIES[other.vocabulary] == label]
        if names:
            yield label, printable(", ".join(names))


@question(ANALYSIS, click.argument("code", metavar="SERVICE", shell_complete=complete_service), text=text)
def service(analysis: Analysis, code: str) -> ServiceAnswer:
    """List the regions that offer a service.

    SERVICE is a code, such as bedrock, an earlier code, or a name, such as "Amazon EKS".
    """
    return about_service(analysis, code)


def _types(answer: ServiceAnswer) -> Iterator[tuple[str, str]]:
    """Yield in how many regions the service has all, some or none of its resource types."""
    depths = [offered.depth for offered in answer.offered if offered.depth is not None]
    if answer.types_source is None or not depths:
        return
    full = sum(depth.registered == depth.of for depth in depths)
    none = sum(depth.registered == 0 for depth in depths)
    counts = {"all": full, "some": len(depths) - full - none, "none": none}
    words = [f"{word} in {many(number, 'region')}" for word, number in counts.items() if number]
    unknown = len(answer.offered) - len(depths)
    tail = f", {UNKNOWN} in {unknown}" if unknown else ""
    yield "Resource types", f"{', '.join(words)}{tail} {by_schemas(answer.types_source)}"


def _lifecycle(answer: ServiceAnswer, day: date) -> Iterator[tuple[str, str]]:
    """Yield what AWS has announced of the service and of its features."""
    for entry in answer.lifecycle:
        stage = entry.stage_on(day)
        if stage is not None:
            end = "ended on" if entry.ended_on(day) else "ends on"
            days = {"closed on": entry.closed_on, end: entry.ends_on}
            dates = "".join(f", {words} {when}" for words, when in days.items() if when is not None)
            subject = f"{printable(entry.feature)}: " if entry.feature else ""
            yield "Lifecycle", f"{subject}{stage}{dates} {dim(f'({entry.source}, checked {entry.checked})')}"


def _shallow(answer: ServiceAnswer) -> Iterator[Block]:
    """List the regions that have fewer resource types of the service than their partition."""
    fewer = [
        f"{offered.region} {offered.depth.registered}/{offered.depth.of}"
        for offered in answer.offered
        if offered.depth is not None and offered.depth.registered < offered.depth.of
    ]
    yield from codes_below(bold("Offered, with fewer resource types than its partition has"), fewer)


def regions_with_endpoints(offered: Collection[Offered]) -> FirstThatFits:
    """Return a layout of the regions that offer a service; narrow terminals omit names or put endpoints below."""
    return FirstThatFits(_beside(offered, named=True), _beside(offered, named=False), Blocks(*_below(offered)))


def _offered(inventory: Inventory, answer: ServiceAnswer) -> Iterator[Block]:
    """List who offers a service; apart from the others, and not counted with them, regions that could not be read."""
    unread = inventory.unread_regions
    # An unread region can offer the service by the other subtree; it is not among those that are counted.
    in_read_regions = [offered for offered in answer.offered if offered.region not in unread]
    in_unread_regions = [offered for offered in answer.offered if offered.region in unread]
    if in_read_regions:
        yield f"\n{click.style('Offered', fg='green', bold=True)} {count(in_read_regions)}"
        yield regions_with_endpoints(in_read_regions)
    if in_unread_regions:
        heading = bold("Listed under services/ only, where the region could not be read")
        yield f"\n{heading} {count(in_unread_regions)}"
        yield regions_with_endpoints(in_unread_regions)
    if answer.offered and "endpoints" in inventory.source.left_out:
        yield f"  {dim(f'Endpoints were {NOT_ASKED} at detail {inventory.source.detail}.')}"


def _beside(offered: Collection[Offered], *, named: bool) -> TextTable:
    table = TextTable("", *(("dim",) if named else ()), "", "dim")
    for place in offered:
        name = (printable(place.name or ""),) if named else ()
        table.add_row(printable(place.region), *name, _reach(place), printable(place.endpoint or ""))
    return table


def _below(offered: Collection[Offered]) -> Iterator[Block]:
    for place in offered:
        yield f" {printable(place.region):<14}  {dim(printable(place.name or ''))}  {_reach(place)}"
        if place.endpoint:
            yield Whole(f"   {dim(printable(place.endpoint))}")


def _reach(offered: Offered) -> str:
    if offered.reach == "unlisted":
        return "no endpoint published"
    return f"remote, from {printable(offered.served_from)}" if offered.served_from else printable(offered.reach or "")
