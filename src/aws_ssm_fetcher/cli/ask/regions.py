"""``regions``: all regions, or some, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from aws_ssm_fetcher.cli.ask.listing import number, table_of, without
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.completion import complete_service
from aws_ssm_fetcher.cli.shared.headline import UNKNOWN
from aws_ssm_fetcher.cli.shared.layout import FirstThatFits, bold, dim
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.queries.places import country_codes
from aws_ssm_fetcher.queries.records import lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.ask.listing import Row
    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.queries.records.lists import ListedRegion, RegionsAnswer


def text(answer: RegionsAnswer, _: object) -> Iterator[Block]:
    """Yield a line per region, below how many there are."""
    of = f" of {' and '.join(map(printable, answer.partitions))}" if answer.partitions else ""
    offering = f" with {' and '.join(map(printable, answer.offering))}" if answer.offering else ""
    yield f"{bold(many(len(answer.regions), 'region'))}{of}{offering}"
    if answer.unread:
        yield dim(f"Not known, since they could not be read: {', '.join(map(printable, answer.unread))}")
    rows = list(map(_row, answer.regions))
    if rows:
        yield ""
        yield FirstThatFits(table_of(rows), without(rows, "Partition"))


@question(
    ANALYSIS,
    click.option(
        "--with",
        "services",
        multiple=True,
        metavar="SERVICE",
        help="Only regions that offer this service; of several, those that offer all of them.",
        shell_complete=complete_service,
    ),
    click.option(
        "--partition",
        "partitions",
        multiple=True,
        metavar="NAME",
        help="Only regions of this partition; repeatable.",
    ),
    click.option(
        "--country",
        "countries",
        multiple=True,
        metavar="COUNTRY",
        help="Only regions in this country, by its name or two letters; may be given more than once.",
    ),
    click.option(
        "--min-azs", type=click.IntRange(min=1), metavar="N", help="Only regions with at least N availability zones."
    ),
    click.option(
        "--opt-in/--no-opt-in", default=None, help="Only regions that an account has to enable first, or need not."
    ),
    click.option("--local-zone", is_flag=True, help="Only regions with a local zone."),
    text=text,
)
def regions(analysis: Analysis, **wanted: Any) -> RegionsAnswer:  # noqa: ANN401 - the fields of RegionFilter
    """List regions.

    Each has its code, name, partition, launch date, availability zones and how many services it offers.
    What is not known of a region passes no filter.
    """
    filters = lists.RegionFilter(**wanted)
    known = lists.partitions_of(analysis)
    for name in filters.partitions:
        if name not in known:
            message = f"unknown partition {name!r}. Partitions: {', '.join(known)}."
            raise click.BadParameter(message, param_hint="--partition")
    for name in filters.countries:
        if not country_codes(name):
            codes = ", ".join(sorted({region.country for region in analysis.inventory.regions if region.country}))
            message = f"unknown country {name!r}. Countries with a region: {codes}."
            raise click.BadParameter(message, param_hint="--country")
    return lists.regions(analysis, filters)


def _row(region: ListedRegion) -> Row:
    return {
        "Region": printable(region.region),
        "Name": printable(region.name or ""),
        "Partition": printable(region.partition or UNKNOWN),
        "Launched": str(region.launched or UNKNOWN),
        "AZs": number(region.availability_zones),
        "Services": number(region.services),
    }
