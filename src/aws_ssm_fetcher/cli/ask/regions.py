"""``regions``: all regions, or some, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aws_ssm_fetcher.cli.ask.listing import number, table_of, without
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.headline import UNKNOWN
from aws_ssm_fetcher.cli.shared.layout import FirstThatFits, bold
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.queries.records import lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.cli.ask.listing import Row
    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.queries.records.lists import ListedRegion, RegionsAnswer


def text(answer: RegionsAnswer, _: object) -> Iterator[Block]:
    """Yield a line a region, below how many there are."""
    of = f" of {' and '.join(map(printable, answer.partitions))}" if answer.partitions else ""
    yield f"{bold(many(len(answer.regions), 'region'))}{of}"
    rows = list(map(_row, answer.regions))
    if rows:
        yield ""
        yield FirstThatFits(table_of(rows), without(rows, "Partition"))


@question(
    ANALYSIS,
    click.option(
        "--partition",
        "partitions",
        multiple=True,
        metavar="NAME",
        help="Only regions of this partition; may be given more than once.",
    ),
    text=text,
)
def regions(analysis: Analysis, partitions: tuple[str, ...]) -> RegionsAnswer:
    """List regions.

    Each has its code, name, partition, launch date, availability zones and how many services it offers.
    """
    known = lists.partitions_of(analysis)
    for name in partitions:
        if name not in known:
            message = f"{name!r} is no partition. Partitions: {', '.join(known)}."
            raise click.BadParameter(message, param_hint="--partition")
    return lists.regions(analysis, partitions)


def _row(region: ListedRegion) -> Row:
    return {
        "Region": printable(region.region),
        "Name": printable(region.name or ""),
        "Partition": printable(region.partition or UNKNOWN),
        "Launched": str(region.launched or UNKNOWN),
        "AZs": number(region.availability_zones),
        "Services": number(region.services),
    }
