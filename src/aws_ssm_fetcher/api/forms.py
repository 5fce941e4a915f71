"""The forms of a result: plain values, an HTML table for notebooks, data frames where their library is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, overload

from aws_ssm_fetcher.core.documents.decoding import defaults_of, encode
from aws_ssm_fetcher.core.error_handling import ExtraMissingError
from aws_ssm_fetcher.core.text import many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_ssm_fetcher.queries.rows import Rows

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
MOST_SHOWN: Final = 100  # rows of a notebook's table: more are not read
_FRAMES: Final = {"pandas": "pandas", "polars": "Polars", "pyarrow": "Apache Arrow (pyarrow)"}


class Record:
    """A frozen record of fields."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values, as in the command's ``--json``; a field that is ``None`` is absent."""
        plain: dict[str, Any] = encode(self)
        return plain


class _Tabular:
    """What has rows below titles."""

    __slots__ = ()

    if TYPE_CHECKING:

        def rows(self) -> Rows:
            """Return titles and rows, as in the command's ``--csv``."""

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas.DataFrame, where pandas is installed
        """Return the rows as a ``pandas.DataFrame``. Raises ``ExtraMissingError`` where pandas is not installed."""
        titles, rows = self._columns()
        return _library("pandas").DataFrame(rows, columns=titles)

    def to_polars(self) -> Any:  # noqa: ANN401 - polars.DataFrame
        """Return the rows as a ``polars.DataFrame``. Raises ``ExtraMissingError`` where Polars is not installed."""
        titles, rows = self._columns()
        # infer_schema_length=None looks at all rows: a column may begin with None only.
        return _library("polars").DataFrame(rows, schema=titles, orient="row", infer_schema_length=None)

    def to_arrow(self) -> Any:  # noqa: ANN401 - pyarrow.Table
        """Return the rows as a ``pyarrow.Table``. Raises ``ExtraMissingError`` where pyarrow is not installed."""
        titles, rows = self._columns()
        columns = {title: [row[place] for row in rows] for place, title in enumerate(titles)}
        return _library("pyarrow").table(columns)

    def _columns(self) -> tuple[list[str], list[list[Any]]]:
        titles, below = self.rows()
        values: Iterable[tuple[Any, ...]] = below  # of a table also tuples, which no cell of a report is
        rows = [[list(cell) if isinstance(cell, tuple) else cell for cell in row] for row in values]
        return list(titles), rows

    def _repr_html_(self) -> str:
        titles, rows = self._columns()
        head = "".join(f"<th>{escape(title)}</th>" for title in titles)
        body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows[:MOST_SHOWN])
        left = len(rows) - MOST_SHOWN
        more = f"<p>{left:,} of {many(len(rows), 'row')} not shown.</p>" if left > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


class Result(_Tabular, Record):
    """An answer to a question: a frozen record that can also be read as a table."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, repr=False)
class Table(_Tabular, Sequence[T_co], Generic[T_co]):
    """Records of one kind, in their order. It is a sequence: it has a length, places, slices and can be iterated."""

    kind: type[T_co]
    records: tuple[T_co, ...]

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> Table[T_co]: ...
    def __getitem__(self, index: int | slice) -> T_co | Table[T_co]:
        if isinstance(index, slice):
            return Table(self.kind, self.records[index])
        return self.records[index]

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.records)

    def __repr__(self) -> str:
        return f"<Table of {len(self):,} {self.kind.__name__}>"

    def rows(self) -> Rows:
        """Return the fields' names and a row per record."""
        from aws_ssm_fetcher.queries.rows import Rows  # noqa: PLC0415 - loads the layout of reports

        names = tuple(defaults_of(self.kind))
        return Rows(names, (tuple(getattr(record, name) for name in names) for record in self.records))

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Return ``{"records": [...]}``, each record as plain values."""
        return {"records": [encode(record) for record in self.records]}


def upgraded(kind: type[T], answer: object) -> T:
    """Return a query's record as one with forms: *kind* is a subclass of the record's own class without new fields."""
    names = [field.name for field in fields(answer)] if is_dataclass(answer) else answer._fields  # type: ignore[attr-defined] # else a named tuple
    # Field by field: a subclass cannot be made of an instance of its base.
    return kind(**{name: getattr(answer, name) for name in names})


def _cell(value: object) -> str:
    if value is None:
        return "<td></td>"
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"<td>{escape(text)}</td>"


def _library(name: str) -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(name)
    except ImportError as error:
        raise ExtraMissingError(_FRAMES[name], package=name) from error
