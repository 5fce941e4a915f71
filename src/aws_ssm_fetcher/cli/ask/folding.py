"""Layouts that are chosen by the width of the terminal, so that what a person copies stays in one piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from aws_ssm_fetcher.cli.shared.drawing import columns, shown
from aws_ssm_fetcher.core.text import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.table import Table

    from aws_ssm_fetcher.core.model.analysis import Finding
    from aws_ssm_fetcher.queries.records.answers import Offered

_NAMED: Final = 60  # columns for a code and its name: of all but a few, both fit into them
_PADDING: Final = 2  # columns of a table's cell, both sides
_ENDLESS: Final = 100_000  # columns: what a table would take if it were not to fold


class FirstThatFits:
    """One of several layouts: the first that need not fold, or else the last."""

    def __init__(self, *layouts: RenderableType) -> None:
        self._layouts = layouts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield the one that is taken."""
        endless = options.update(max_width=_ENDLESS)
        *choices, last = self._layouts
        fitting = (one for one in choices if console.measure(one, options=endless).maximum <= options.max_width)
        yield next(fitting, last)


class WithNames:
    """Codes with their names, as many beside one another as fit, read downwards; a longer name stands below its code.

    *alone* is what is shown instead where no two fit beside one another.
    """

    def __init__(
        self, codes: Iterable[str], names: Mapping[str, str | None], alone: RenderableType | None = None
    ) -> None:
        self._named = [(printable(code), printable(names[code] or "")) for code in codes]
        self._alone = alone

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Yield them in as many columns as the width has room for."""
        number = max(1, options.max_width // _NAMED)
        room = options.max_width // number - _PADDING
        if number == 1 and self._alone is not None:
            yield self._alone
        else:
            yield _abreast([_named(code, name, room) for code, name in self._named], number)


def offered_in(offered: Collection[Offered]) -> FirstThatFits:
    """Lay out the regions that offer a service: at narrower terminals without names, or with endpoints below."""
    return FirstThatFits(_beside(offered, named=True), _beside(offered, named=False), Group(*_below(offered)))


def remarks(found: Collection[Finding]) -> FirstThatFits:
    """Lay out findings of one rule with what shows them, which goes below where it does not fit beside."""
    table = columns("", "", "dim")
    for finding in found:
        table.add_row(shown(finding.subject), shown(finding.message), shown(", ".join(finding.evidence)))
    return FirstThatFits(table, Group(*_remarked(found)))


def _abreast(cells: Sequence[str], number: int) -> Table:
    table = columns(*[""] * number)
    lines = -(-len(cells) // number)
    for line in range(lines):
        table.add_row(*cells[line::lines])
    return table


def _named(code: str, name: str, room: int) -> str:
    between = "  " if cell_len(f"{code}  {name}") <= room else "\n  "
    return f"{escape(code)}{between}[dim]{escape(name)}[/]" if name else escape(code)


def _beside(offered: Collection[Offered], *, named: bool) -> Table:
    table = columns("", *(("dim",) if named else ()), "", "dim")
    for one in offered:
        name = (shown(one.name or ""),) if named else ()
        table.add_row(shown(one.region), *name, _reach(one), shown(one.endpoint or ""))
    return table


def _below(offered: Collection[Offered]) -> Iterator[RenderableType]:
    for one in offered:
        yield f" {shown(one.region):<14}  [dim]{shown(one.name or '')}[/]  {_reach(one)}"
        if one.endpoint:
            yield _whole(one.endpoint)


def _remarked(found: Collection[Finding]) -> Iterator[RenderableType]:
    for finding in found:
        yield Padding(f"{shown(finding.subject)}  {shown(finding.message)}", (0, 0, 0, 1))
        if any("://" in one for one in finding.evidence):
            yield from map(_whole, finding.evidence)
        elif finding.evidence:
            yield Padding(f"[dim]{shown(', '.join(finding.evidence))}[/]", (0, 0, 0, 3))


def _whole(text: str) -> Text:
    """Leave it to the terminal to fold a text that is longer than a line: what is copied is then whole."""
    return Text(f"   {printable(text)}", style="dim", no_wrap=True, overflow="ignore")


def _reach(one: Offered) -> str:
    if one.reach == "unlisted":
        return "no endpoint listed"
    return f"remote, from {shown(one.served_from)}" if one.served_from else shown(one.reach or "")
