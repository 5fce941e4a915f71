"""``services``: all services, or some, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import click

from aws_ssm_fetcher.cli.ask.listing import left_out_note, number, table_of, without
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.completion import complete_region
from aws_ssm_fetcher.cli.shared.headline import UNKNOWN
from aws_ssm_fetcher.cli.shared.layout import Blocks, FirstThatFits, bold, dim
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS
from aws_ssm_fetcher.core.model.categories import Category
from aws_ssm_fetcher.core.model.codes import Tier
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.outputs.layout import percent
from aws_ssm_fetcher.queries.records import lists
from aws_ssm_fetcher.queries.records.unread import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.cli.ask.listing import Row
    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.snapshot import Snapshot
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.queries.records.lists import ListedService, ServicesAnswer


def text(answer: ServicesAnswer, snapshot: Snapshot) -> Iterator[Block]:
    """Yield a line per service, below how many there are."""
    where = f" in {' and '.join(map(printable, answer.offered_in))}" if answer.offered_in else ""
    nowhere = f", not in {' nor '.join(map(printable, answer.not_in))}" if answer.not_in else ""
    tiers = f", of tier {' or '.join(answer.tiers)}" if answer.tiers else ""
    categories = f" of category {' or '.join(answer.categories)}" if answer.categories else ""
    yield f"{bold(many(len(answer.services), 'service'))}{categories}{where}{nowhere}{tiers}"
    if words := uncounted(snapshot.analysis.inventory):
        yield dim(printable(words))
    rows = list(map(_row, answer.services))
    if rows:
        yield ""
        yield FirstThatFits(table_of(rows), without(rows, "Coverage"), _narrowest(rows))


@question(
    ANALYSIS,
    click.option(
        "--in",
        "offered_in",
        multiple=True,
        metavar="REGION",
        help="Only services offered in this region; repeatable: in all of them.",
        shell_complete=complete_region,
    ),
    click.option(
        "--not-in",
        "not_in",
        multiple=True,
        metavar="REGION",
        help="Only services not offered in this region; repeatable: in none of them.",
        shell_complete=complete_region,
    ),
    click.option(
        "--category",
        "categories",
        multiple=True,
        type=click.Choice(get_args(Category)),
        metavar="CATEGORY",
        help=f"Only services of this category: {', '.join(get_args(Category))}; repeatable.",
    ),
    click.option(
        "--tier",
        "tiers",
        multiple=True,
        type=click.Choice(get_args(Tier)),
        metavar="TIER",
        help=f"Only services of this tier: {', '.join(get_args(Tier))}; repeatable.",
    ),
    text=text,
)
def services(analysis: Analysis, **wanted: Any) -> ServicesAnswer:  # noqa: ANN401 - the fields of ServiceFilter
    """List services.

    Each has its code, name, how many regions offer it, their share of the regions of its partitions, and the tier that
    this share makes.
    """
    return lists.services(analysis, lists.ServiceFilter(**wanted))


def _row(service: ListedService) -> Row:
    return {
        "Service": printable(service.service),
        "Name": printable(service.name or ""),
        "Regions": number(service.regions),
        "Coverage": UNKNOWN if service.partition_share is None else f"{percent(service.partition_share):.1f} %",
        "Tier": service.tier or UNKNOWN,
    }


def _narrowest(rows: Sequence[Row]) -> Blocks:
    """Return a table of numbers, then codes with their names."""
    beside = [{"Regions": row["Regions"], "Service": f"{row['Service']}  {dim(row['Name'])}"} for row in rows]
    return Blocks(table_of(beside), left_out_note("Coverage and tier are"))
