"""Answers from an analysis in rows, for CSV. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from aws_ssm_fetcher.queries.records.answers import (
    Comparison,
    FiguresAnswer,
    FindingsAnswer,
    RegionAnswer,
    ServiceAnswer,
)
from aws_ssm_fetcher.queries.records.lists import RegionsAnswer, ServicesAnswer
from aws_ssm_fetcher.queries.rows import Rows, cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_ssm_fetcher.cli.ask.answer_drawing import Answer
    from aws_ssm_fetcher.core.model.analysis import Analysis, Reach
    from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
    from aws_ssm_fetcher.core.model.inventory import Inventory, Offering, Region, Service
    from aws_ssm_fetcher.outputs.tables import Cell

    Places = dict[tuple[RegionCode, ServiceCode], tuple[Offering, Reach | None]]

OFFERED: Final = (
    "region",
    "region_name",
    "partition",
    "service",
    "service_name",
    "offered",
    "reach",
    "served_from",
    "endpoint",
)
COMPARED: Final = ("here", "there", "service", "service_name", "where")
FINDING: Final = ("severity", "rule", "scope", "subject", "message", "cost", "advice", "evidence")
FIGURE: Final = ("id", "section", "label", "value", "unit", "definition", "reason", "codes")
REGION: Final = ("region", "name", "partition", "launched", "availability_zones", "services")
SERVICE: Final = ("service", "name", "regions", "share", "tier")


def rows_of(analysis: Analysis, answer: Answer) -> Rows:
    """Lay an answer out: of a region a row a service, of a service a row a region, offered or not."""
    inventory = analysis.inventory
    match answer:
        case RegionAnswer():
            return Rows(OFFERED, _offered_or_not(analysis, (answer.region,), inventory.services))
        case ServiceAnswer():
            return Rows(OFFERED, _offered_or_not(analysis, inventory.regions, (answer.service,)))
        case Comparison():
            return Rows(COMPARED, _compared(inventory, answer))
        case _:
            titles, records = _recorded(answer)
            return Rows(titles, (cells(record, titles) for record in records))


def _recorded(
    answer: FindingsAnswer | FiguresAnswer | RegionsAnswer | ServicesAnswer,
) -> tuple[tuple[str, ...], Sequence[object]]:
    match answer:
        case FindingsAnswer():
            return FINDING, answer.findings
        case FiguresAnswer():
            return FIGURE, answer.statistics
        case RegionsAnswer():
            return REGION, answer.regions
        case ServicesAnswer():
            return SERVICE, answer.services
        case _:
            assert_never(answer)


def _offered_or_not(
    analysis: Analysis, regions: tuple[Region, ...], services: tuple[Service, ...]
) -> Iterator[tuple[Cell, ...]]:
    inventory = analysis.inventory
    there = {
        (offering.region, offering.service): (offering, reach)
        for offering, reach in zip(inventory.offerings, analysis.known_reaches, strict=True)
    }
    for region in regions:
        no = "unknown" if region.code in inventory.unread_regions else "no"
        for service in services:
            named = (region.code, region.name, region.partition, service.code, service.name)
            yield *named, *_served(there, region, service, no)


def _served(there: Places, region: Region, service: Service, no: str) -> tuple[Cell, ...]:
    if (region.code, service.code) not in there:
        return no, None, None, None
    offering, reach = there[region.code, service.code]
    return "yes", reach.kind if reach else None, reach.served_from if reach else None, offering.endpoint


def _compared(inventory: Inventory, answer: Comparison) -> Iterator[tuple[Cell, ...]]:
    names = {service.code: service.name for service in inventory.services}
    for where in ("only_here", "only_there", "both"):
        for code in getattr(answer, where):
            yield answer.here, answer.there, code, names[code], where
