"""What answers are laid out with: lines folded to the width of the terminal, tables, lists of codes.

Styles are those of ``click.style``, so that text has to be made harmless with ``printable`` before it is styled.
"""

from __future__ import annotations

import os
import re
import unicodedata
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

import click

from aws_ssm_fetcher.cli.shared import terminal
from aws_ssm_fetcher.core.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aws_ssm_fetcher.core.model.codes import Severity

PIPED_WIDTH: Final = 160  # columns of a list of codes where neither a terminal nor COLUMNS says how many
UNFOLDED: Final = 1_000_000
_GAP: Final = "  "  # between two columns
_EDGE: Final = " "  # before the first
_NAMED: Final = 60  # columns for a code and its name: of all but a few, both fit into them
_NARROWEST: Final = 4  # columns that a folded cell is given at least
_WORD: Final = re.compile(r"(?<=\S)(?= )")
_SEVERITIES: Final[Mapping[Severity, Mapping[str, Any]]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow"},
    "note": {"dim": True},
}
_STYLE: Final = re.compile(r"\x1b\[[0-9;]*m")


class Whole(str):
    """Lines that are printed as they are: folded already, or to be copied in one piece, as a command is."""

    __slots__ = ()


class Layout(Protocol):
    """Something that takes several lines."""

    def lines(self, width: int | None) -> Iterable[str]:
        """Yield its lines, folded to *width* columns; not folded if that is ``None``."""

    def natural_width(self) -> int:
        """Return the number of columns that it takes if nothing is folded."""


Block: TypeAlias = str | Layout
"""A text of one or several lines, or something that is laid out."""


def show(blocks: Iterable[Block], *, paged: bool = False) -> None:
    """Print to standard output; styled if that is a terminal, and *paged* if it is longer than that."""
    width = terminal.width()
    lines = chain.from_iterable(lines_of(block, width) for block in blocks)
    show_text("\n".join(line.rstrip() for line in lines), paged=paged)


def show_text(text: str, *, paged: bool) -> None:
    """Print a text that is laid out; *paged* by ``PAGER``, or ``less``, if a terminal has too few lines for it."""
    # None leaves it to click: colours at a terminal, none in a pipe. https://no-color.org
    color = False if os.environ.get("NO_COLOR") else None
    if paged and terminal.is_too_long(text):
        click.echo_via_pager(text, color=color)
    else:
        click.echo(text, color=color)


def lines_of(block: Block, width: int | None) -> Iterable[str]:
    """Yield the lines of a block, folded to *width* columns."""
    if isinstance(block, Whole):
        return block.split("\n")
    if isinstance(block, str):
        return chain.from_iterable(_fold(line, width) for line in block.split("\n"))
    return block.lines(width)


def bold(text: str) -> str:
    """Return a text in bold type."""
    return click.style(text, bold=True)


def dim(text: str) -> str:
    """Return a text in faint type."""
    return click.style(text, dim=True)


def styled(severity: Severity) -> str:
    """Return a severity in its colour."""
    return click.style(severity, **_SEVERITIES[severity])


def folded(start: str, text: str) -> Whole:
    """Return a text behind its start, folded; further lines are indented to the text."""
    start, text, width = printable(start), printable(text), terminal.width() or UNFOLDED
    if len(start) + len(text) <= width:
        return Whole(start + text)
    lines = _fold(text, max(width - len(start), 20))
    return Whole(start + f"\n{' ' * len(start)}".join(lines))


class Codes:
    """Codes one behind the other, as many as fit into a line."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._text = _GAP.join(map(printable, codes))

    def lines(self, width: int | None) -> Iterator[str]:
        """Yield them, indented."""
        return (f"{_GAP}{line}" for line in _fold(self._text, (width or PIPED_WIDTH) - len(_GAP)))

    def natural_width(self) -> int:
        """Return the width of one line with all of them."""
        return len(_GAP) + _width(self._text)


class TextTable:
    """A table without lines. A kind is ``right`` for numbers, ``dim`` for what is less important, or empty."""

    def __init__(self, *kinds: str, titles: Sequence[str] = ()) -> None:
        self._kinds = kinds
        self._titles = tuple(titles)
        self._rows: list[tuple[str, ...]] = []

    def add_row(self, *cells: str) -> None:
        """Add a row; a cell may have several lines."""
        self._rows.append(cells)

    def natural_width(self) -> int:
        """Return the width at which no cell is folded."""
        return _table_width(self._widths())

    def lines(self, width: int | None) -> Iterator[str]:
        """Yield its lines; the widest columns are folded as far as they have to be."""
        widths = self._widths()
        # The widest column gives way, one column of text at a time, so that narrow ones stay whole.
        while width and _table_width(widths) > width and max(widths) > _NARROWEST:
            widths[widths.index(max(widths))] -= 1
        if self._titles:
            yield from self._line(widths, self._titles, ["dim"] * len(widths))
        for row in self._rows:
            yield from self._line(widths, row, self._kinds)

    def _widths(self) -> list[int]:
        rows = [self._titles, *self._rows] if self._titles else self._rows
        if not rows:
            return [0] * len(self._kinds)
        columns = zip(*rows, strict=True)
        return [max(map(_cell_width, column)) for column in columns]

    def _line(self, widths: Sequence[int], row: Sequence[str], kinds: Sequence[str]) -> Iterator[str]:
        cells = [[*_cut(cell, width)] for cell, width in zip(row, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):  # the first lines of all cells, the second ones, …
            yield _EDGE + _GAP.join(map(_placed, parts, widths, self._kinds, kinds))


class Blocks:
    """Blocks below one another."""

    def __init__(self, *blocks: Block) -> None:
        self._blocks = blocks

    def lines(self, width: int | None) -> Iterator[str]:
        """Yield the lines of all."""
        return chain.from_iterable(lines_of(block, width) for block in self._blocks)

    def natural_width(self) -> int:
        """Return the width of the widest."""
        return max((_natural(block) for block in self._blocks), default=0)


class Indented(Blocks):
    """Blocks below one another, some columns to the right."""

    def __init__(self, indent: int, *blocks: Block) -> None:
        super().__init__(*blocks)
        self._margin = " " * indent

    def lines(self, width: int | None) -> Iterator[str]:
        """Yield the lines of all, indented."""
        return (self._margin + line for line in super().lines(width and width - len(self._margin)))

    def natural_width(self) -> int:
        """Return the width of the widest, with the margin."""
        return len(self._margin) + super().natural_width()


class FirstThatFits:
    """One of several layouts: the first that need not be folded, or else the last."""

    def __init__(self, *layouts: Layout) -> None:
        self._layouts = layouts

    def lines(self, width: int | None) -> Iterable[str]:
        """Yield the lines of the one that fits."""
        *choices, last = self._layouts
        fitting = (layout for layout in choices if width is None or layout.natural_width() <= width)
        return next(fitting, last).lines(width)

    def natural_width(self) -> int:
        """Return the width of the first."""
        return self._layouts[0].natural_width()


class CodesWithNames:
    """Codes with their names, as many beside one another as fit, read downwards; a longer name stands below its code.

    *alone* is shown instead where no two fit beside one another.
    """

    def __init__(self, codes: Iterable[str], names: Mapping[str, str | None], alone: Layout | None = None) -> None:
        self._named = [(printable(code), printable(names[code] or "")) for code in codes]
        self._alone = alone

    def lines(self, width: int | None) -> Iterable[str]:
        """Yield them in as many columns as the width has room for."""
        width = width or PIPED_WIDTH
        columns = max(1, width // _NAMED)
        room = width // columns - len(_GAP)
        if columns == 1 and self._alone is not None:
            return self._alone.lines(width)
        cells = [_named(code, name, room) for code, name in self._named]
        # Rounded up; read downwards, as ls prints names.
        height = -(-len(cells) // columns)
        table = TextTable(*[""] * columns)
        for line in range(height):
            row = cells[line::height]
            table.add_row(*row, *[""] * (columns - len(row)))
        return table.lines(width)

    def natural_width(self) -> int:
        """Return the width of the longest code with its name."""
        return max((_width(f"{code}  {name}") for code, name in self._named), default=0)


def _named(code: str, name: str, room: int) -> str:
    between = _GAP if _width(f"{code}  {name}") <= room else "\n  "
    return f"{code}{between}{dim(name)}" if name else code


def _natural(block: Block) -> int:
    if isinstance(block, str):
        return max(map(_width, block.split("\n")))
    return block.natural_width()


def _cell_width(cell: str) -> int:
    return max(map(_width, cell.split("\n")))


def _table_width(widths: Sequence[int]) -> int:
    return len(_EDGE) + sum(widths) + len(_GAP) * (len(widths) - 1)


def _placed(part: str, width: int, kind: str, style: str) -> str:
    blanks = " " * (width - _width(part))
    if kind == "right":
        return f"{blanks}{dim(part) if style == 'dim' else part}"
    return f"{click.style(part, dim=style == 'dim', bold=style == 'bold') if part and style else part}{blanks}"


def _cut(cell: str, width: int) -> Iterator[str]:
    """Yield the lines of a cell; of a word that is longer than a line, as much as fits into each."""
    for text in cell.split("\n"):
        for line in _fold(text, width):
            rest = line
            # An address that is cut in two can neither be opened nor copied.
            while _width(rest) > width and "://" not in rest:
                # A style that is cut in two would colour the rest of the terminal.
                plain = _STYLE.sub("", rest)
                yield plain[:width]
                rest = plain[width:]
            yield rest


def _fold(text: str, width: int | None) -> list[str]:
    """Split a text between words into lines of at most *width* columns; a longer word is a line of its own."""
    if width is None or _width(text) <= width:
        return [text]
    lines: list[str] = []
    line, used = "", 0
    for word in _WORD.split(text):
        columns = _width(word)
        if line and used + columns > width:
            lines.append(line)
            line, used = word.lstrip(), _width(word.lstrip())
        else:
            line, used = line + word, used + columns
    return [*lines, line]


def _width(text: str) -> int:
    """Count the columns of a text at a terminal: styles take none, Chinese and Japanese characters two."""
    if "\x1b" in text:
        text = _STYLE.sub("", text)
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    # W and F are wide in every font, A (ambiguous) only in East Asian ones.
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
