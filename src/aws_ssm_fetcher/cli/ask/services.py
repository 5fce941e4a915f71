"""``services``: all services, or some, a line each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, get_args

import click

from aws_ssm_fetcher.cli.ask.listing import left_out_note, number, table_of, without
from aws_ssm_fetcher.cli.ask.parts import percentage
from aws_ssm_fetcher.cli.shared.answering import question
from aws_ssm_fetcher.cli.shared.completion import complete_region
from aws_ssm_fetcher.cli.shared.headline import UNKNOWN
from aws_ssm_fetcher.cli.shared.layout import Blocks, Codes, FirstThatFits, Indented, bold, dim
from aws_ssm_fetcher.cli.shared.snapshot import ANALYSIS
from aws_ssm_fetcher.core.model.categories import Category
from aws_ssm_fetcher.core.model.codes import Tier
from aws_ssm_fetcher.core.text import many, printable
from aws_ssm_fetcher.queries.records import lists
from aws_ssm_fetcher.queries.records.unread import uncounted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from aws_ssm_fetcher.cli.ask.listing import Row
    from aws_ssm_fetcher.cli.shared.layout import Block
    from aws_ssm_fetcher.cli.shared.snapshot import Snapshot
    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.queries.records.lists import ListedService, ServicesAnswer

_MISSING: Final = "Missing in"
_OF_ALL: Final = "Of all"
_FEW: Final = 3  # codes that a line has room for


def text(answer: ServicesAnswer, snapshot: Snapshot) -> Iterator[Block]:
    """Yield a line per service, below how many there are."""
    where = f" in {' and '.join(map(printable, answer.offered_in))}" if answer.offered_in else ""
    nowhere = f", not in {' nor '.join(map(printable, answer.not_in))}" if answer.not_in else ""
    tiers = f", of tier {' or '.join(answer.tiers)}" if answer.tiers else ""
    categories = f" of category {' or '.join(answer.categories)}" if answer.categories else ""
    yield f"{bold(many(len(answer.services), 'service'))}{categories}{where}{nowhere}{tiers}"
    if words := uncounted(snapshot.analysis.inventory):
        yield dim(printable(words))
    if answer.services:
        yield ""
        yield _in_full(answer.services) if answer.in_full else _in_short(answer.services)


def _in_short(services: Collection[ListedService]) -> FirstThatFits:
    """Return a table that counts the regions which a service is missing in, unless they are few."""
    rows = [_row(service) for service in services]
    together = list(zip(rows, services, strict=True))
    wide = [row | {_MISSING: _few(service.missing_in)} for row, service in together]
    counted = [row | {_MISSING: _counted(service.missing_in)} for row, service in together]
    return FirstThatFits(
        table_of(wide),
        table_of(counted),
        without(wide, _MISSING),
        without(rows, "Coverage", f"Coverage and {_MISSING} are"),
        _narrowest(rows),
    )


def _in_full(services: Collection[ListedService]) -> FirstThatFits:
    """Return a table with all regions that a service is missing in, or lines per service where it does not fit."""
    rows = [
        _row(service) | {_OF_ALL: percentage(service.share), _MISSING: _all(service.missing_in)} for service in services
    ]
    return FirstThatFits(table_of(rows), Blocks(*(block for service in services for block in _paragraph(service))))


def _paragraph(service: ListedService) -> Iterator[Block]:
    yield f"{bold(printable(service.service))}  {dim(printable(service.name or ''))}".rstrip()
    coverage, of_all = percentage(service.partition_share), percentage(service.share)
    tier = service.tier or UNKNOWN
    yield f"  {many(service.regions, 'region')}, {coverage} of those of its partitions ({tier}), {of_all} of all"
    if service.missing_in != ():
        yield Indented(2, f"{_MISSING}:", Codes(service.missing_in or (UNKNOWN,)))


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
    click.option(
        "--all",
        "in_full",
        is_flag=True,
        help="With each service's share of all regions, and every region of its partitions that it is missing in.",
    ),
    text=text,
)
def services(analysis: Analysis, *, in_full: bool, **wanted: Any) -> ServicesAnswer:  # noqa: ANN401 - the fields of ServiceFilter
    """List services.

    Each has its code, name, how many regions offer it, their share of the regions of its partitions, the tier that this
    share makes, and the regions of its partitions that it is missing in, or how many they are.
    """
    return replace(lists.services(analysis, lists.ServiceFilter(**wanted)), in_full=in_full)


def _row(service: ListedService) -> Row:
    return {
        "Service": printable(service.service),
        "Name": printable(service.name or ""),
        "Regions": number(service.regions),
        "Coverage": percentage(service.partition_share),
        "Tier": service.tier or UNKNOWN,
    }


def _narrowest(rows: Sequence[Row]) -> Blocks:
    """Return a table of numbers, then codes with their names."""
    beside = [{"Regions": row["Regions"], "Service": f"{row['Service']}  {dim(row['Name'])}"} for row in rows]
    return Blocks(table_of(beside), left_out_note(f"Coverage, Tier and {_MISSING} are"))


def _few(regions: Sequence[str] | None) -> str:
    return _counted(regions) if regions is None or len(regions) > _FEW else _all(regions)


def _counted(regions: Sequence[str] | None) -> str:
    if regions is None:
        return UNKNOWN
    return many(len(regions), "region") if regions else ""


def _all(regions: Sequence[str] | None) -> str:
    return UNKNOWN if regions is None else ", ".join(map(printable, regions))
