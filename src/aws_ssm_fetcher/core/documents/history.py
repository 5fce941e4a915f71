"""A history written down and read back: gzipped JSON Lines, sorted, so that equal histories are equal bytes.

It is one object per lineage, so that one conditional write changes all of it::

    {"kind":"history","version":"2.1","query_region":"us-west-1","detail":"full","runs":41,"lines":4902}
    {"kind":"run","taken":"2022-02-12T12:46:06Z","origin":"moto 3.0.4","protocols":4631,"home_pages":167}
    {"kind":"offering","service":"phd","regions":["af-south-1","ap-east-1"],"first_seen":"…","last_seen":"…"}
    {"kind":"offering","service":"s3","value":"s3.{region}.amazonaws.com","regions":["af-south-1"],"first_seen":"…"}

A line is an interval in each of its regions; that of a service has none. Without ``last_seen`` it is open: nothing was
read since that would show it gone. In a ``value``, ``{region}`` stands for the region, ``{{`` and ``}}`` for braces.
The value of an offering is its endpoint, if it was the same as long as the offering was; any other endpoint has a line
of its own. Version 1 gave every endpoint one, and is read too.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from aws_ssm_fetcher.core.documents import envelopes
from aws_ssm_fetcher.core.documents.decoding import can_be_written, encode, in_utc, moment_of, name_of
from aws_ssm_fetcher.core.documents.gzipped import gzipped, unpacked
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import Detail, RegionCode, RunId
from aws_ssm_fetcher.core.model.history import (
    KINDS,
    NOWHERE,
    History,
    Interval,
    Lineage,
    Run,
    Subject,
    repeated,
)
from aws_ssm_fetcher.core.model.region_templates import split_template
from aws_ssm_fetcher.core.store import keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

VERSION: Final = "2.1"
_READ: Final = frozenset({"1", "2"})
_EXPECTED: Final = "history document, version 1.x or 2.x"
_LINE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
LARGEST_BYTES: Final = 256_000_000  # unpacked; ten years of daily runs have 4 MB
_PACKED: Final = "a whole gzip file of UTF-8"
_PLACED: Final = "an interval between runs, in its place"
_KINDS: Final = frozenset(KINDS)
_USUAL: Final = {"kind", "taken", "origin"}
_KNOWN_SHAPES: Final = (_USUAL, {*_USUAL, "protocols", "home_pages"})
_DEFAULTS: Final[Mapping[str, object]] = {
    "unread": [],
    "protocols": None,
    "home_pages": None,
    "accepted_strands": [],
    "rejected_strands": [],
}
"""What is not written of a run where it is so."""
_NOWHERE: Final = [*NOWHERE]


class HistoryRefusedError(DocumentRefusedError):
    """A history that cannot be read. It follows from the inventories of its runs."""

    advice = 'Rebuild it from the inventories in the store with "history rebuild", or use the version that wrote it'


class Head(NamedTuple):
    """The first line: of what lineage the history is, and how much follows."""

    kind: Literal["history"]
    version: str
    query_region: RegionCode
    detail: Detail
    runs: int
    lines: int
    """After this one."""


def dump_history(history: History) -> bytes:
    """Write a history down, small and the same for the same history."""
    # Runs first: intervals refer to them.
    lines = [*_runs(history), *_intervals(history)]
    lineage = history.lineage
    head = Head("history", VERSION, lineage.query_region, lineage.detail, len(history.runs), len(lines))
    text = "".join(f"{_LINE.encode(line)}\n" for line in (encode(head), *lines))
    return gzipped(text)


def load_history(body: bytes, key: str) -> History:
    """Read a history, or refuse by *key* what is none."""
    head, lines = _lines(body, key)
    # The counts of the head show a file that lost whole lines, which gzip's checksum of a rewritten file does not.
    shown = lines[: head.runs]
    if len(shown) != head.runs or any(line.get("kind") != "run" for line in shown):
        raise HistoryRefusedError(key, expected=f"{head.runs} runs before the intervals", found="other lines")
    runs = tuple(_run(line, number, key) for number, line in enumerate(shown))
    if any(earlier.taken >= later.taken for earlier, later in pairwise(runs)):
        raise HistoryRefusedError(key, expected="runs in the order of their snapshots", found="another order")
    # Intervals name runs by their times, so that a line can be read without counting lines.
    positions = {line["taken"]: position for position, line in enumerate(shown)}
    intervals = _placed(lines[head.runs :], positions, key)
    if overlapping := _overlapping(intervals):
        actual = f"two at once of {' '.join(filter(None, overlapping))}"
        raise HistoryRefusedError(key, expected=_PLACED, found=actual)
    return History.of_intervals(Lineage(head.query_region, head.detail), runs, intervals)


def _runs(history: History) -> Iterator[dict[str, object]]:
    for run in history.runs:
        usual = {"run_id": keys.run_id_of(run.taken), **_DEFAULTS}
        yield {
            "kind": "run",
            **{name: part for name, part in encode(run).items() if name not in usual or part != usual[name]},
        }


def _run(line: Mapping[str, Any], number: int, key: str) -> Run:
    """Read a run; what is not written of one is that it is named after its time, and that nothing was left unread."""
    named = str(line.get("taken")).replace("-", "").replace(":", "")
    # Nearly all are like this, and there may be thousands.
    if line.keys() in _KNOWN_SHAPES and (taken := moment_of(line["taken"])) and type(line["origin"]) is str:
        if len(line) == len(_USUAL):
            return Run(taken, RunId(named), line["origin"])
        protocols, home_pages = line["protocols"], line["home_pages"]
        if type(protocols) is type(home_pages) is int:
            return Run(taken, RunId(named), line["origin"], protocols=protocols, home_pages=home_pages)
    return envelopes.read_as(Run, {"run_id": named, **_DEFAULTS, **line}, key, within=f"run {number}")


def _intervals(history: History) -> Iterator[dict[str, object]]:
    moments = [in_utc(run.taken) for run in history.runs]
    # Folded again, not as read: equal histories have to give equal bytes, whatever wrote the file that was read.
    for interval in history.folded:
        line: dict[str, object] = {
            "kind": interval.kind,
            "service": interval.service,
            "zone": interval.zone,
            "value": interval.value,
        }
        line |= {
            "regions": [] if interval.regions == NOWHERE else interval.regions,
            "first_seen": moments[interval.first],
        }
        line |= {
            "last_seen": None if interval.last is None else moments[interval.last],
            "hint": interval.hint and interval.hint.isoformat(),
        }
        yield {name: part for name, part in line.items() if part}


def _placed(lines: Iterable[Mapping[str, Any]], positions: Mapping[str, int], key: str) -> tuple[Interval, ...]:
    intervals = []
    for line in lines:
        try:
            intervals.append(_interval(line, positions))
        except (KeyError, TypeError, ValueError) as error:
            actual = json.dumps(line, ensure_ascii=False)[:200]
            raise HistoryRefusedError(key, expected=_PLACED, found=actual) from error
    return tuple(intervals)


def _interval(line: Mapping[str, Any], positions: Mapping[str, int]) -> Interval:
    """Read an interval. What is wrong with its line raises one of Python's own errors."""
    part = line.get
    kind, regions = line["kind"], part("regions", _NOWHERE)
    service, zone, value = part("service", ""), part("zone", ""), part("value", "")
    first, last_seen, hint = positions[line["first_seen"]], part("last_seen"), part("hint")
    last = None if last_seen is None else positions[last_seen]
    if kind not in _KINDS or type(regions) is not list or not regions:
        raise ValueError(kind, regions)
    "".join((service, zone, value, *regions))  # which only texts can be
    if kind == "launch" and date.fromisoformat(value).isoformat() != value:
        raise ValueError(value)
    # last < len - 1: what the newest run shows has no end yet, so an interval that ends there is damaged.
    if (zone and kind != "zone") or (last is not None and not first <= last < len(positions) - 1):
        raise ValueError(zone, last_seen)  # what the newest run shows is open
    if "{" in value or "}" in value:
        split_template(value)
    day = None if hint is None else date.fromisoformat(hint)
    return Interval(kind, service, zone, value, tuple(regions), first, last, day)


def _overlapping(intervals: Iterable[Interval]) -> Subject | None:
    """Find something that would be seen twice at one time.

    Of most services each region stands in one interval alone, which is soon said; only of others spans are made.
    """
    alike: defaultdict[tuple[str, str, str], list[Interval]] = defaultdict(list)
    for interval in intervals:
        # Kind, service and zone: intervals that differ in one of them never say the same thing twice.
        alike[interval[:3]].append(interval)
    for (kind, service, zone), group in alike.items():
        # An interval of offerings may state their endpoint, which must not stand in one of endpoints at the same time.
        offerings = alike.get(("offering", service, ""), ()) if kind == "endpoint" else ()
        own_intervals = (*group, *(offering for offering in offerings if offering.value))
        if (twice := repeated(own_intervals)) and (at_once := _at_once(kind, own_intervals, twice)):
            region, value = at_once
            return Subject(group[0].kind, region, service, zone, value)
    return None


def _at_once(kind: str, intervals: Iterable[Interval], regions: frozenset[RegionCode]) -> tuple[RegionCode, str] | None:
    """Find a region in which something stands in two of some intervals at one time, with its value."""
    spans: defaultdict[tuple[RegionCode, str], list[tuple[int, int | None]]] = defaultdict(list)
    for interval in intervals:
        # The value of an offering is its endpoint; the offering itself has none.
        parts = [""] if kind == "offering" else split_template(interval.value)
        for region in regions.intersection(interval.regions):
            spans[region, region.join(parts)].append((interval.first, interval.last))
    for at_once, own_spans in spans.items():
        in_time = sorted(own_spans, key=itemgetter(0))
        if any(last is None or last >= first for (_, last), (first, _) in pairwise(in_time)):
            return at_once
    return None


def _lines(body: bytes, key: str) -> tuple[Head, list[dict[str, Any]]]:
    first, _, others = _unpacked(body, key).partition(b"\n")
    opened = envelopes.from_json(first, key, expected=_EXPECTED)
    if not isinstance(opened, dict) or opened.get("kind") != "history":
        raise HistoryRefusedError(key, expected=_EXPECTED, found=name_of(opened))
    stated = str(opened.get("version"))
    if envelopes.major(stated) not in _READ:
        raise HistoryRefusedError(key, expected=_EXPECTED, found=f"history document, version {stated[:60]}")
    head = envelopes.read_as(Head, opened, key)
    # all lines as one list: a call for each would take five times as long
    # Duplicate keys are not looked for here: it takes a fifth longer, and the history is read for every question about
    # time.
    joined = b"[%s]" % others.removesuffix(b"\n").replace(b"\n", b",")
    lines = envelopes.from_json(joined, key, expected="a JSON object a line", check_keys=False)
    if not _has_each_key_once(others, lines):
        envelopes.from_json(joined, key, expected="a JSON object a line")
    if not isinstance(lines, list) or set(map(type, lines)) - {dict} or len(lines) != head.lines:
        raise HistoryRefusedError(key, expected=f"{head.lines} objects, one a line", found=f"{len(others)} bytes")
    # Only an escape can bring a lone surrogate in, so files without one, nearly all, are not encoded once more.
    if b"\\u" in others and not can_be_written(_LINE.encode(lines)):
        raise HistoryRefusedError(key, expected="text in its lines", found="half a character")
    return head, lines


_UNUSUAL: Final = (b"\\", b"\t", b"\r", b'" :', b'"  ')
"""What a quote within a text needs, and white space that may stand between a key and its colon."""


def _has_each_key_once(text: bytes, lines: object) -> bool:
    """Return whether lines have as many members as their text has keys; false too where that cannot be counted.

    That takes a third as long as looking at each key. Behind the quote of a key stands a colon, at once as this package
    writes it; within a text a quote has a backslash before it, which AWS's codes, names and endpoints do not have.
    """
    if any(sequence in text for sequence in _UNUSUAL):
        return False
    if not isinstance(lines, list) or set(map(type, lines)) != {dict}:
        return False
    return sum(map(len, lines)) == text.count(b'":')


def _unpacked(body: bytes, key: str) -> bytes:
    try:
        return unpacked(body, LARGEST_BYTES)
    except ValueError as error:
        raise HistoryRefusedError(key, expected=_PACKED, found=str(error)) from error
