"""The part of CloudWatch Logs Insights' language that the saved queries of an environment are written in.

Whatever else a query says is refused by name.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Row = dict[str, Any]

_EQUAL: Final = re.compile(r"([@.\w]+) = '([^']*)'")
_LIKE: Final = re.compile(r"([@.\w]+) like /([^/]+)/")
_PRESENT: Final = re.compile(r"ispresent\(([@.\w]+)\)")
_AGGREGATE: Final = re.compile(r"(max|count)\(([@.*\w]+)\)(?: / (\d+))? as (\w+)")
_DAY: Final = "bin(1d)"


class UnknownInQueryError(Exception):
    """A query says something that is not known here."""


@dataclass(frozen=True)
class Line:
    """A line in a log group."""

    log: str
    """The group's name."""
    time: datetime
    text: str

    @cached_property
    def fields(self) -> Row:
        """Return the fields that Logs Insights finds: those of a JSON object, with dots for what is within."""
        try:
            document = json.loads(self.text)
        except ValueError:
            document = {}
        own = dict(_flat(document)) if isinstance(document, dict) else {}
        return {"@timestamp": f"{self.time:%Y-%m-%d %H:%M:%S}", "@log": self.log, "@message": self.text, **own}


def ask(query: str, lines: Iterable[Line]) -> list[Row]:
    """Answer a query over lines. Raises ``UnknownInQueryError``."""
    parts = [part.strip() for part in query.split("|")]
    groups = {part.removeprefix("SOURCE ").strip("'") for part in parts if part.startswith("SOURCE ")}
    rows, shown = [line.fields for line in lines if not groups or line.log in groups], list[str]()
    for part in parts[len(groups) :]:
        command, _, rest = part.partition(" ")
        if command == "fields":
            shown = rest.split(", ")
        elif command == "filter":
            rows = [row for row in rows if all(_holds(condition, row) for condition in rest.split(" and "))]
        elif command == "sort" and rest.endswith(" desc"):
            rows = sorted(rows, key=itemgetter(rest.removesuffix(" desc")), reverse=True)
        elif command == "limit":
            rows = rows[: int(rest)]
        elif command == "stats":
            rows = _aggregated(rest, rows)
        else:
            raise UnknownInQueryError(part)
    return [{name: row.get(name, "") for name in shown} for row in rows] if shown else rows


def _flat(document: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        yield f"{prefix}{name}", value


def _holds(condition: str, row: Row) -> bool:
    if equal := _EQUAL.fullmatch(condition):
        return bool(row.get(equal[1]) == equal[2])
    if like := _LIKE.fullmatch(condition):
        return re.search(like[2], str(row.get(like[1], ""))) is not None
    if present := _PRESENT.fullmatch(condition):
        return present[1] in row
    raise UnknownInQueryError(condition)


def _aggregated(stated: str, rows: Iterable[Row]) -> list[Row]:
    measures, _, keys = stated.partition(" by ")
    names = keys.split(", ")
    grouped: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[tuple(row["@timestamp"][:10] if name == _DAY else row.get(name) for name in names)].append(row)
    return [
        dict(zip(names, key, strict=True)) | dict(_measured(measure, members) for measure in measures.split(", "))
        for key, members in grouped.items()
    ]


def _measured(measure: str, rows: list[Row]) -> tuple[str, Any]:
    matched = _AGGREGATE.fullmatch(measure)
    if matched is None:
        raise UnknownInQueryError(measure)
    function, field, divisor, name = matched.groups()
    if function == "count":
        return name, len(rows)
    highest = max(row[field] for row in rows if field in row)
    return name, highest / int(divisor) if divisor else highest
