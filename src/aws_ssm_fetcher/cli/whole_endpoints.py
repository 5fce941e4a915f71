"""Where a service is offered, laid out so that a host name stays in one piece and can be copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.padding import Padding

from aws_ssm_fetcher.cli.answers import Offered
from aws_ssm_fetcher.cli.drawing import columns, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.table import Table

_ENDLESS: Final = 100_000  # columns: what a table would take if it were not to fold


@dataclass(frozen=True)
class WholeEndpoints:
    """The regions that offer a service, each with its name, its reach and its endpoint.

    Where these do not fit side by side the name is left out, and where that is not enough endpoints go below.
    """

    offered: tuple[Offered, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the first layout that fits."""
        for layout in (self._beside(named=True), self._beside(named=False)):
            if console.measure(layout, options=options.update(max_width=_ENDLESS)).maximum <= options.max_width:
                yield layout
                return
        yield self._below()

    def _beside(self, *, named: bool) -> Table:
        table = columns("", *(("dim",) if named else ()), "", "dim")
        for one in self.offered:
            name = (shown(one.name or ""),) if named else ()
            table.add_row(shown(one.region), *name, _reach(one), shown(one.endpoint or ""))
        return table

    def _below(self) -> Group:
        def lines() -> Iterator[RenderableType]:
            for one in self.offered:
                name = f"[dim]{shown(one.name or '')}[/]"
                yield f" {shown(one.region):<14}  {name}  {_reach(one)}"
                if one.endpoint:
                    yield Padding(f"[dim]{shown(one.endpoint)}[/]", (0, 0, 0, 3))

        return Group(*lines())


def _reach(one: Offered) -> str:
    if one.reach == "unlisted":
        return "no endpoint listed"
    return f"remote, from {shown(one.served_from)}" if one.served_from else shown(one.reach or "")
