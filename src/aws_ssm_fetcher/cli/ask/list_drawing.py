"""How lists of regions and services look: with fewer columns at narrower terminals, which is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group

from aws_ssm_fetcher.cli.ask.folding import FirstThatFits
from aws_ssm_fetcher.cli.shared.drawing import UNKNOWN, columns, shown
from aws_ssm_fetcher.core.text import many
from aws_ssm_fetcher.outputs.tables import percent
from aws_ssm_fetcher.queries.records.lists import RegionsAnswer
from aws_ssm_fetcher.queries.records.unread import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.queries.records.lists import ListedRegion, ListedService, ServicesAnswer

    Row = dict[str, str]

_NUMBERS: Final = frozenset({"AZs", "Services", "Regions", "Coverage"})
_STYLES: Final = {"Name": "dim", "Partition": "dim"}


def listed_lines(inventory: Inventory, answer: RegionsAnswer | ServicesAnswer) -> Iterator[RenderableType]:
    """Lay out a line a region or a service, below how many there are."""
    return _regions(answer) if isinstance(answer, RegionsAnswer) else _services(inventory, answer)


def _regions(answer: RegionsAnswer) -> Iterator[RenderableType]:
    of = f" of {' and '.join(map(shown, answer.partitions))}" if answer.partitions else ""
    yield f"[bold]{many(len(answer.regions), 'region')}[/]{of}"
    rows = list(map(_of_region, answer.regions))
    if rows:
        yield ""
        yield FirstThatFits(_table(rows), _short(rows, "Partition"))


def _services(inventory: Inventory, answer: ServicesAnswer) -> Iterator[RenderableType]:
    where = f" in {' and '.join(map(shown, answer.offered_in))}" if answer.offered_in else ""
    tiers = f", of tier {' or '.join(answer.tiers)}" if answer.tiers else ""
    yield f"[bold]{many(len(answer.services), 'service')}[/]{where}{tiers}"
    if words := uncounted(inventory):
        yield f"[dim]{shown(words)}[/]"
    rows = list(map(_of_service, answer.services))
    if rows:
        yield ""
        yield FirstThatFits(_table(rows), _short(rows, "Coverage"), _shortest(rows))


def _of_region(one: ListedRegion) -> Row:
    return {
        "Region": shown(one.region),
        "Name": shown(one.name or ""),
        "Partition": shown(one.partition or UNKNOWN),
        "Launched": str(one.launched or UNKNOWN),
        "AZs": _count(one.availability_zones),
        "Services": _count(one.services),
    }


def _of_service(one: ListedService) -> Row:
    return {
        "Service": shown(one.service),
        "Name": shown(one.name or ""),
        "Regions": _count(one.regions),
        "Coverage": UNKNOWN if one.share is None else f"{percent(one.share):.1f} %",
        "Tier": one.tier or UNKNOWN,
    }


def _short(rows: Sequence[Row], left_out: str) -> RenderableType:
    fewer = [{title: cell for title, cell in row.items() if title != left_out} for row in rows]
    return Group(_table(fewer), _said(f"{left_out} is"))


def _shortest(rows: Sequence[Row]) -> RenderableType:
    """Put names behind codes of any length, and the number before them."""
    beside = [{"Regions": row["Regions"], "Service": f"{row['Service']}  [dim]{row['Name']}[/]"} for row in rows]
    return Group(_table(beside), _said("Coverage and tier are"))


def _table(rows: Sequence[Row]) -> Table:
    titles = tuple(rows[0])
    kinds = ("right" if title in _NUMBERS else _STYLES.get(title, "") for title in titles)
    table = columns(*kinds, titles=titles)
    for row in rows:
        table.add_row(*row.values())
    return table


def _said(what: str) -> str:
    return f"[dim]{what} left out at this width: --json and --csv have all.[/]"


def _count(number: int | None) -> str:
    return UNKNOWN if number is None else f"{number:,}"
