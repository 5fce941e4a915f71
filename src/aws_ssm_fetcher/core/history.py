"""What was in the record when: the intervals of all offerings, regions, services, zones, names and endpoints.

A history holds facts alone: which runs there were, what each could not read, and from which run to which a thing was
seen. What is a removal, a rename or a flap is derived from it. It is one object per lineage, gzipped JSON Lines,
sorted, so that one conditional write changes all of it, and equal histories are equal bytes::

    {"kind":"history","version":"2.0","query_region":"us-west-1","detail":"full","runs":41,"lines":4902}
    {"kind":"run","taken":"2022-02-18T00:00:00Z","origin":"moto 3.0.4"}
    {"kind":"offering","service":"phd","regions":["af-south-1","ap-east-1"],"first_seen":"…","last_seen":"…"}
    {"kind":"offering","service":"s3","value":"s3.{region}.amazonaws.com","regions":["af-south-1"],"first_seen":"…"}

A line is an interval in each of its regions; that of a service has none. Without ``last_seen`` it is open: nothing was
read since that would show it gone. In a ``value``, ``{region}`` stands for the region, ``{{`` and ``}}`` for braces.
The value of an offering is its endpoint, if it was the same as long as the offering was; any other endpoint has a line
of its own. Version 1 gave every endpoint one, and is read too.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from aws_ssm_fetcher.core import envelopes, keys
from aws_ssm_fetcher.core.codes import Detail, RegionCode, RunId
from aws_ssm_fetcher.core.decoding import MOMENT, encode, name_of
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.region_templates import parts_of, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_ssm_fetcher.core.model import Source

SubjectKind = Literal["offering", "region", "service", "zone", "name", "endpoint", "launch"]
VERSION: Final = "2.0"
_READ: Final = frozenset({"1", "2"})
_EXPECTED: Final = "history document, version 1.x or 2.x"
_KINDS: Final[tuple[SubjectKind, ...]] = get_args(SubjectKind)
_ORDER: Final = {kind: place for place, kind in enumerate(_KINDS)}
_NOWHERE: Final = [""]
_LINE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


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
    lines = [*_runs(history), *_intervals(history)]
    lineage = history.lineage
    head = Head("history", VERSION, lineage.query_region, lineage.detail, len(history.runs), len(lines))
    text = "".join(f"{_LINE.encode(line)}\n" for line in (encode(head), *lines))
    return gzip.compress(text.encode(), 9, mtime=0)


def load_history(body: bytes, key: str, kinds: Collection[SubjectKind] = _KINDS) -> History:
    """Read a history, or refuse by *key* what is none.

    With *kinds* the intervals of others are passed over unread: a question of offerings alone is answered sooner.
    """
    head, lines = _lines(body, key)
    shown = lines[: head.runs]
    if len(shown) != head.runs or any(line.get("kind") != "run" for line in shown):
        raise DocumentRefusedError(key, expected=f"{head.runs} runs before the intervals", found="other lines")
    runs = tuple(_run(line, number, key) for number, line in enumerate(shown))
    moments = [run.taken for run in runs]
    if moments != sorted(set(moments)):
        raise DocumentRefusedError(key, expected="runs in the order of their records", found="another order")
    reader = _Reader({line["taken"]: position for position, line in enumerate(shown)}, kinds)
    for line in lines[head.runs :]:
        try:
            reader.read(line)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            found = json.dumps(line, ensure_ascii=False)[:200]
            raise DocumentRefusedError(key, expected="an interval between runs, in its place", found=found) from error
    return History(Lineage(head.query_region, head.detail), runs, reader.spans, reader.hints)


@dataclass(frozen=True, slots=True)
class Head:
    """The first line: of what lineage the history is, and how much follows."""

    kind: Literal["history"]
    version: str
    query_region: RegionCode
    detail: Detail
    runs: int
    lines: int
    """After this one."""


def _runs(history: History) -> Iterator[dict[str, object]]:
    for run in history.runs:
        usual = {"run_id": keys.run_id_of(run.taken), "unread": []}
        yield {"kind": "run", **{name: part for name, part in encode(run).items() if part != usual.get(name)}}


def _run(line: Mapping[str, Any], number: int, key: str) -> Run:
    """Read a run; what is not written of one is that it is named after its time, and that nothing was left unread."""
    named = str(line.get("taken")).replace("-", "").replace(":", "")
    return envelopes.read_as(Run, {"run_id": named, "unread": [], **line}, key, within=f"run {number}")


def _intervals(history: History) -> Iterator[dict[str, object]]:
    """Yield a line for each interval, which what is the same in several regions shares."""
    moments = [run.taken.strftime(MOMENT) for run in history.runs]
    shared: dict[tuple[int, str, str, str, str, str, str], list[str]] = {}
    for subject, span, told in _told(history):
        kind, region, service, zone, value = subject
        until = "" if span.last is None else moments[span.last]
        group = (_ORDER[kind], service, zone, written(value, region), moments[span.first], until, told)
        shared.setdefault(group, []).append(region)
    for (order, *codes), regions in sorted(shared.items()):
        service, zone, value, first_seen, last_seen, told = codes
        line: dict[str, object] = {"kind": _KINDS[order], "service": service, "zone": zone, "value": value}
        line |= {"regions": [] if regions == _NOWHERE else sorted(regions), "first_seen": first_seen}
        line |= {"last_seen": last_seen, "hint": told}
        yield {name: part for name, part in line.items() if part}


def _told(history: History) -> Iterator[tuple[Subject, Span, str]]:
    """Yield each interval with its hint; an offering with the endpoint that it had all the while."""
    endpoints = {
        (subject.region, subject.service, span): subject
        for subject, spans in history.spans.items()
        if subject.kind == "endpoint"
        for span in spans
    }
    for subject, spans in history.spans.items():
        if subject.kind != "endpoint":
            hint = history.hints.get(subject)
            for number, span in enumerate(spans):
                offered = subject.kind == "offering"
                own = endpoints.pop((subject.region, subject.service, span), None) if offered else None
                told = hint.isoformat() if hint and number == 0 else ""
                yield (subject._replace(value=own.value) if own else subject), span, told
    for (_, _, span), subject in endpoints.items():
        yield subject, span, ""


class _Reader:
    """Takes intervals in, line by line. What is wrong with a line raises one of Python's own errors."""

    def __init__(self, positions: Mapping[str, int], kinds: Collection[SubjectKind]) -> None:
        self.spans: dict[Subject, tuple[Span, ...]] = {}
        self.hints: dict[Subject, date] = {}
        self._positions = positions
        self._kinds = frozenset(kinds)

    def read(self, line: Mapping[str, Any]) -> None:
        kind, regions = line["kind"], line.get("regions", _NOWHERE)
        service, zone, value = line.get("service", ""), line.get("zone", ""), line.get("value", "")
        last_seen, hint = line.get("last_seen"), line.get("hint")
        span = Span(self._positions[line["first_seen"]], None if last_seen is None else self._positions[last_seen])
        day = None if hint is None else date.fromisoformat(hint)
        if kind not in _ORDER or set(map(type, (service, zone, value, *regions))) != {str}:
            raise ValueError(kind)
        if not isinstance(regions, list) or not regions:
            raise ValueError(regions)
        if kind == "launch" and date.fromisoformat(value).isoformat() != value:
            raise ValueError(value)
        if span.last is not None and span.last < span.first:
            raise ValueError(span)
        if kind == "offering" and value:
            self._told("endpoint", regions, service, zone, value, span, None)
            value = ""
        self._told(kind, regions, service, zone, value, span, day)

    def _told(
        self, kind: SubjectKind, regions: list[str], service: str, zone: str, value: str, span: Span, hint: date | None
    ) -> None:
        """Add an interval in each of its regions, if its kind is asked for."""
        if kind not in self._kinds:
            return
        parts = parts_of(value)
        for region in regions:
            self._add(Subject(kind, region, service, zone, region.join(parts)), span, hint)

    def _add(self, subject: Subject, span: Span, hint: date | None) -> None:
        """Add an interval to the others of its subject.

        They need not come in time: lines are sorted by their value first, and an endpoint may stand in two kinds.
        """
        own = self.spans.get(subject)
        if own is None:
            self.spans[subject] = (span,)
        else:
            ordered = sorted((*own, span), key=lambda one: one.first)
            if any(one.last is None or one.last >= later.first for one, later in pairwise(ordered)):
                raise ValueError(subject)
            self.spans[subject] = tuple(ordered)
        if hint:
            self.hints[subject] = hint


def _lines(body: bytes, key: str) -> tuple[Head, list[dict[str, Any]]]:
    try:
        text = gzip.decompress(body).decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DocumentRefusedError(key, expected="a whole gzip file of UTF-8", found=str(error)) from error
    first, _, others = text.partition("\n")
    opened = envelopes.from_json(first.encode(), key, expected=_EXPECTED)
    if not isinstance(opened, dict) or opened.get("kind") != "history":
        raise DocumentRefusedError(key, expected=_EXPECTED, found=name_of(opened))
    stated = str(opened.get("version"))
    if stated.partition(".")[0] not in _READ:
        raise DocumentRefusedError(key, expected=_EXPECTED, found=f"history document, version {stated[:60]}")
    head = envelopes.read_as(Head, opened, key)
    # all lines as one list: a call for each would take five times as long
    joined = others.removesuffix("\n").replace("\n", ",")
    lines = envelopes.from_json(f"[{joined}]".encode(), key, expected="a JSON object a line")
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines) or len(lines) != head.lines:
        raise DocumentRefusedError(key, expected=f"{head.lines} objects, one a line", found=f"{len(others)} characters")
    if "\\u" in others and not _can_be_written(lines):
        raise DocumentRefusedError(key, expected="text in its lines", found="half a character")
    return head, lines


def _can_be_written(value: object) -> bool:
    r"""Tell whether all text in a JSON value is one in UTF-8: an escape can spell half a character, ``"\ud800"``."""
    try:
        return bool(_LINE.encode(value).encode())
    except UnicodeEncodeError:
        return False
