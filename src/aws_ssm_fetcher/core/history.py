"""What was in the record when: the intervals of all offerings, regions, services, zones, names and endpoints.

A history holds facts alone: which runs there were, what each could not read, and from which run to which a thing was
seen. What is a removal, a rename or a flap is derived from it. It is one object per lineage, gzipped JSON Lines,
sorted, so that one conditional write changes all of it, and equal histories are equal bytes::

    {"kind":"history","version":"1.0","query_region":"us-west-1","detail":"full","runs":41,"intervals":14210}
    {"kind":"run","taken":"2022-02-18T00:00:00Z","run_id":"20220218T000000Z","origin":"moto 3.0.4"}
    {"kind":"offering","region":"af-south-1","service":"sso","first_seen":"…","last_seen":"2023-05-08T00:00:00Z"}
    {"kind":"offering","region":"af-south-1","service":"s3","first_seen":"…","hint":"2020-04-21"}

An interval without ``last_seen`` is open: nothing was read since that would show it gone.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast, get_args

from aws_ssm_fetcher.core import documents
from aws_ssm_fetcher.core.decoding import MOMENT, encode, name_of
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model import Detail, RegionCode, RunId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model import Source

SubjectKind = Literal["offering", "region", "service", "zone", "name", "endpoint", "launch"]
VERSION: Final = "1.0"
_EXPECTED: Final = "history document, version 1.x"
_CODES: Final = ("region", "service", "zone", "value")


class Subject(NamedTuple):
    """What an interval is of. A code that does not belong to its kind is empty."""

    kind: SubjectKind
    region: str = ""
    service: str = ""
    zone: str = ""
    value: str = ""
    """Of a zone its kind, of a name, an endpoint or a launch what it says."""


class Span(NamedTuple):
    """From which run to which a thing was seen, by the runs' positions in the history."""

    first: int
    last: int | None
    """``None`` while no later run showed it gone."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Records that may be compared as one thing at different times."""

    query_region: RegionCode
    """Answers differ by the region that is asked."""
    detail: Detail


@dataclass(frozen=True, slots=True)
class Run:
    """One accepted run."""

    taken: datetime
    run_id: RunId
    origin: str
    """Where the record was read, in words."""
    unread: tuple[str, ...] = ()
    """Paths that were not read and topics that were left out, sorted: of these the run says nothing."""


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of one lineage."""

    lineage: Lineage
    runs: tuple[Run, ...] = ()
    """By the time of their records; no two of one time."""
    spans: Mapping[Subject, tuple[Span, ...]] = field(default_factory=dict)
    """By subject, in time; between two of them stands a run that shows it absent."""
    hints: Mapping[Subject, date] = field(default_factory=dict)
    """The earliest ``LastModifiedDate`` at version 1, where one was told."""


def lineage_of(source: Source) -> Lineage | None:
    """Say whose history an inventory belongs to; ``None`` where nobody knows which region answered."""
    return Lineage(source.query_region, source.detail) if source.query_region else None


def dump_history(history: History) -> bytes:
    """Write a history down, small and the same for the same history."""
    lines = [*_head(history), *_intervals(history)]
    text = "".join(f"{json.dumps(line, ensure_ascii=False, separators=(',', ':'))}\n" for line in lines)
    return gzip.compress(text.encode(), 9, mtime=0)


def load_history(body: bytes, key: str) -> History:
    """Read a history, or refuse by *key* what is none."""
    head, lines = _lines(body, key)
    runs, rest = _runs(head, lines, key)
    positions = {run.taken.strftime(MOMENT): position for position, run in enumerate(runs)}
    spans: dict[Subject, tuple[Span, ...]] = {}
    hints: dict[Subject, date] = {}
    try:
        for line in rest:
            subject = _subject(line)
            last = line.get("last_seen")
            span = Span(positions[line["first_seen"]], None if last is None else positions[last])
            spans[subject] = (*spans.get(subject, ()), span)
            if "hint" in line:
                hints[subject] = date.fromisoformat(line["hint"])
    except (KeyError, ValueError, TypeError) as error:
        found = f"{json.dumps(line, ensure_ascii=False)[:200]}"
        raise _refused(key, "intervals that begin and end with a run", found) from error
    _check(key, spans, len(runs))
    return History(Lineage(head.query_region, head.detail), runs, spans, hints)


@dataclass(frozen=True, slots=True)
class _Head:
    kind: Literal["history"]
    version: str
    query_region: RegionCode
    detail: Detail
    runs: int
    intervals: int


def _head(history: History) -> Iterator[Mapping[str, object]]:
    lineage, count = history.lineage, sum(map(len, history.spans.values()))
    yield encode(_Head("history", VERSION, lineage.query_region, lineage.detail, len(history.runs), count))
    for run in history.runs:
        told = {"kind": "run", **encode(run)}
        yield told if run.unread else {name: part for name, part in told.items() if name != "unread"}


def _intervals(history: History) -> Iterator[Mapping[str, object]]:
    moments = [run.taken.strftime(MOMENT) for run in history.runs]
    order = {kind: place for place, kind in enumerate(get_args(SubjectKind))}
    for subject in sorted(history.spans, key=lambda subject: (order[subject.kind], subject)):
        codes = {name: code for name, code in zip(("kind", *_CODES), subject, strict=True) if code}
        for number, span in enumerate(history.spans[subject]):
            line: dict[str, object] = {**codes, "first_seen": moments[span.first]}
            if span.last is not None:
                line["last_seen"] = moments[span.last]
            if number == 0 and subject in history.hints:
                line["hint"] = history.hints[subject].isoformat()
            yield line


def _lines(body: bytes, key: str) -> tuple[_Head, list[dict[str, Any]]]:
    try:
        text = gzip.decompress(body).decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _refused(key, "a whole gzip file of UTF-8", str(error)) from error
    first, *others = text.splitlines() or [""]
    opened = documents.from_json(first.encode(), key, expected=_EXPECTED)
    if not isinstance(opened, dict) or opened.get("kind") != "history":
        raise _refused(key, _EXPECTED, name_of(opened))
    stated = str(opened.get("version"))
    if stated.partition(".")[0] != VERSION.partition(".")[0]:
        raise _refused(key, _EXPECTED, f"history document, version {stated[:60]}")
    head = documents.read_as(_Head, opened, key)
    # one call for all lines: a fifth of the time that a call for each takes
    lines = documents.from_json(f"[{','.join(others)}]".encode(), key, expected="a JSON object a line")
    return head, cast("list[dict[str, Any]]", lines)


def _runs(head: _Head, lines: list[dict[str, Any]], key: str) -> tuple[tuple[Run, ...], list[dict[str, Any]]]:
    if not all(isinstance(line, dict) for line in lines):
        raise _refused(key, "a JSON object a line", "something else")
    if len(lines) != head.runs + head.intervals:
        raise _refused(key, f"{head.runs} runs and {head.intervals} intervals", f"{len(lines)} lines")
    runs = tuple(
        documents.read_as(Run, {"unread": [], **line}, key, within=f"run {number}")
        for number, line in enumerate(lines[: head.runs])
    )
    moments = [run.taken for run in runs]
    if moments != sorted(set(moments)):
        raise _refused(key, "runs in the order of their records", "others")
    return runs, lines[head.runs :]


def _subject(line: Mapping[str, Any]) -> Subject:
    if line["kind"] not in get_args(SubjectKind):
        raise ValueError(f"{line['kind']} is no kind of interval")
    return Subject(line["kind"], *(line.get(name, "") for name in _CODES))


def _check(key: str, spans: Mapping[Subject, tuple[Span, ...]], runs: int) -> None:
    for subject, own in spans.items():
        ends = [end for span in own for end in (span.first, runs if span.last is None else span.last)]
        if ends != sorted(ends) or any(span.last is None for span in own[:-1]):
            raise _refused(key, "intervals that follow each other", f"others of {' '.join(filter(None, subject))}")


def _refused(key: str, expected: str, found: str) -> DocumentRefusedError:
    return DocumentRefusedError(key, expected=expected, found=found)
