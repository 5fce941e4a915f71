"""The history document: what is written is read back, and what is anything else is refused by name."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import date
from typing import TYPE_CHECKING, Final

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_records import records
from timelines import LINEAGE, history_of, seen

from aws_ssm_fetcher.core.documents.gzipped import unpacked
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.error_handling import DocumentRefusedError
from aws_ssm_fetcher.core.model.codes import RunId
from aws_ssm_fetcher.core.model.history import History, Span, Subject

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory

KEY = "history/query_region=us-east-1/detail=full/intervals.jsonl.gz"
ENDPOINTS = {"s3": "s3.{0}.amazonaws.com"}
HISTORY = history_of(
    seen(1, {"eu-west-1": "s3 ec2", "eu-west-2": "s3"}, endpoints=ENDPOINTS),
    seen(2, {"eu-west-1": "s3", "eu-west-2": "s3"}, endpoints=ENDPOINTS, unread=["eu-west-2"]),
)
LINES = (
    '{"kind":"history","version":"2.1","query_region":"us-east-1","detail":"full","runs":2,"lines":7}',
    '{"kind":"run","taken":"2026-01-02T00:00:00Z","origin":"AWS Systems Manager","protocols":0,"home_pages":0}',
    (
        '{"kind":"run","taken":"2026-01-03T00:00:00Z","origin":"AWS Systems Manager","unread":["regions/eu-west-2"],'
        '"protocols":0,"home_pages":0}'
    ),
    (
        '{"kind":"offering","service":"ec2","regions":["eu-west-1"],'
        '"first_seen":"2026-01-02T00:00:00Z","last_seen":"2026-01-02T00:00:00Z"}'
    ),
    (
        '{"kind":"offering","service":"s3","value":"s3.{region}.amazonaws.com","regions":["eu-west-1","eu-west-2"],'
        '"first_seen":"2026-01-02T00:00:00Z"}'
    ),
    '{"kind":"region","regions":["eu-west-1","eu-west-2"],"first_seen":"2026-01-02T00:00:00Z"}',
    '{"kind":"service","service":"ec2","first_seen":"2026-01-02T00:00:00Z"}',
    '{"kind":"service","service":"s3","first_seen":"2026-01-02T00:00:00Z"}',
)

BEFORE_2_1: Final = tuple(line.replace(',"protocols":0,"home_pages":0', "") for line in LINES)
"""The same as versions before 2.1 have it: protocols and home pages were not counted."""
UNCOUNTED: Final = History(
    HISTORY.lineage,
    tuple(run._replace(protocols=None, home_pages=None) for run in HISTORY.runs),
    HISTORY.spans,
)


def packed(*lines: str) -> bytes:
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), 9, mtime=0)


def refused(body: bytes) -> DocumentRefusedError:
    with pytest.raises(DocumentRefusedError) as refusal:
        load_history(body, KEY)
    return refusal.value


def test_a_history_is_written_in_these_lines() -> None:
    written = gzip.decompress(dump_history(HISTORY)).decode().splitlines()

    assert written == [*LINES]


def test_a_history_is_read_back_as_it_was_written() -> None:
    assert load_history(dump_history(HISTORY), KEY) == HISTORY


def test_an_endpoint_that_changed_while_the_offering_stayed_has_lines_of_its_own() -> None:
    history = history_of(
        seen(1, {"eu-west-1": "s3"}, endpoints={"s3": "old.{0}"}),
        seen(2, {"eu-west-1": "s3"}, endpoints={"s3": "new.{0}"}),
    )

    lines = [json.loads(line) for line in gzip.decompress(dump_history(history)).splitlines()]

    output = [(line["kind"], line.get("value")) for line in lines if line["kind"] in {"offering", "endpoint"}]
    assert output == [("offering", None), ("endpoint", "new.{region}"), ("endpoint", "old.{region}")]
    assert load_history(dump_history(history), KEY) == history


def test_version_1_in_which_every_endpoint_has_a_line_is_read() -> None:
    offering, endpoint = (
        LINES[4].replace('"value":"s3.{region}.amazonaws.com",', ""),
        LINES[4].replace('"offering"', '"endpoint"'),
    )
    head = LINES[0].replace("2.1", "1.0").replace('"lines":7', '"lines":8')

    assert load_history(packed(head, *BEFORE_2_1[1:4], offering, *LINES[5:], endpoint), KEY) == UNCOUNTED


@pytest.mark.parametrize(
    "lines",
    [
        [*LINES[:3], *reversed(LINES[3:])],
        [
            LINES[0].replace('"lines":7', '"lines":8'),
            *LINES[1:4],
            LINES[4].replace(',"eu-west-2"', ""),
            LINES[4].replace('"eu-west-1",', ""),
            *LINES[5:],
        ],
        [
            LINES[0].replace("2.1", "1.0").replace('"lines":7', '"lines":8'),
            *LINES[1:4],
            LINES[4].replace('"value":"s3.{region}.amazonaws.com",', ""),
            *LINES[5:],
            LINES[4].replace('"offering"', '"endpoint"'),
        ],
    ],
    ids=["in another order", "split", "version 1"],
)
def test_however_a_history_was_written_it_is_written_in_one_way(lines: list[str]) -> None:
    assert dump_history(load_history(packed(*lines), KEY)) == dump_history(HISTORY)


def test_a_history_says_what_it_is() -> None:
    assert repr(HISTORY) == "<History of us-east-1/full, 2 runs, 2026-01-02 to 2026-01-03, 9 subjects>"
    assert repr(History(LINEAGE)) == "<History of us-east-1/full, 0 runs, none, 0 subjects>"
    assert HISTORY != "a history"


def test_a_run_with_a_name_of_its_own_is_read_back() -> None:
    history = history_of(seen(1, {"eu-west-1": "s3"})._replace(run_id=RunId("nightly-7")))

    assert load_history(dump_history(history), KEY) == history


def test_an_empty_history_is_read_back() -> None:
    assert load_history(dump_history(History(LINEAGE)), KEY) == History(LINEAGE)


def test_braces_in_a_value_are_read_back() -> None:
    history = history_of(seen(1, {"eu-west-1": "s3"}, endpoints={"s3": "{{region}}.{0}.{{"}))

    assert load_history(dump_history(history), KEY) == history


def test_a_hint_stands_with_the_first_interval() -> None:
    base = history_of(seen(1, {"eu-west-1": "s3"}), seen(2, {"eu-west-1": ""}), seen(3, {"eu-west-1": "s3"}))
    hinted = History(base.lineage, base.runs, base.spans, {Subject("offering", "eu-west-1", "s3"): date(2020, 1, 2)})

    lines = [json.loads(line) for line in gzip.decompress(dump_history(hinted)).splitlines()]

    assert [line.get("hint") for line in lines if line["kind"] == "offering"] == ["2020-01-02", None]
    assert load_history(dump_history(hinted), KEY) == hinted


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "one that breaks off after 0 bytes"),
        (b'{"kind":"history"}', "incorrect header"),
        (dump_history(HISTORY)[:-12], "one that breaks off after"),
        (dump_history(HISTORY) + dump_history(HISTORY), "more behind it"),
        (packed('{"document":"analysis","version":"1.0"}'), "an object"),
        (packed(LINES[0].replace("2.1", "3.0")), "history document, version 3.0"),
        (packed(*LINES[:-1]), "bytes"),
        (packed(LINES[0], *["{"] * 7), "invalid JSON"),
    ],
    ids=[
        "nothing",
        "not packed",
        "cut",
        "twice",
        "another document",
        "a newer version",
        "a line short",
        "invalid JSON",
    ],
)
def test_what_is_no_history_is_refused_by_key(body: bytes, found: str) -> None:
    refusal = refused(body)

    assert refusal.key == KEY
    assert found in refusal.found


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (3, ('"first_seen":"2026-01-02', '"first_seen":"2025-01-02')),
        (3, ('"kind":"offering"', '"kind":"wish"')),
        (3, ('["eu-west-1"]', "[7]")),
        (3, ('["eu-west-1"]', "[]")),
        (3, ('["eu-west-1"]', '"eu-west-1"')),
        (3, ('["eu-west-1"]', '{"eu-west-1":1}')),
        (3, ('"ec2"', "null")),
        (5, ('"first_seen":"2026-01-02T00:00:00Z"', '"hint":"2026-01-02"')),
        (4, ("{region}", "{")),
        (4, ("{region}", "{region.__class__}")),
        (4, ("{region}", "{region:>50000000000}")),
        (4, ("{region}", "{region!r}")),
        (4, ("{region}", "{{region}")),
        (5, ('"region","regions"', '"launch","value":"soon","regions"')),
        (5, ('"region","regions"', '"launch","value":"20260102","regions"')),
        (3, ('"ec2","regions":["eu-west-1"]', '"s3","regions":["eu-west-1","eu-west-1"]')),
        (3, ('"ec2"', '"s3"')),
        (3, ('"last_seen":"2026-01-02', '"last_seen":"2026-01-03')),
        (3, ('"ec2"', '"s3","zone":"z1"')),
        (
            3,
            (
                '"kind":"offering","service":"ec2"',
                '"kind":"endpoint","service":"s3","value":"s3.{region}.amazonaws.com"',
            ),
        ),
    ],
)
def test_an_interval_that_cannot_be_is_refused(line: int, change: tuple[str, str]) -> None:
    lines = [*LINES]
    lines[line] = lines[line].replace(*change)

    assert refused(packed(*lines)).expected == "an interval between runs, in its place"


@pytest.mark.parametrize("runs", [-1, 1, 3, 8])
def test_a_history_with_more_or_fewer_runs_than_it_says_is_refused(runs: int) -> None:
    refusal = refused(packed(LINES[0].replace('"runs":2', f'"runs":{runs}'), *LINES[1:]))

    assert refusal.expected in {f"{runs} runs before the intervals", "an interval between runs, in its place"}


@pytest.mark.parametrize(
    "line",
    [
        '{"kind":"region","regions":["eu-west-1"],"first_seen":"2026-01-02T00:00:00Z","regions":["eu-west-2"]}',
        '{"kind":"region","regions":["eu-west-1"],"first_seen":"2026-01-02T00:00:00Z","regions" :["eu-west-2"]}',
        '{"kind":"region","regions":["eu-west-1"],"first_seen":"2026-01-02T00:00:00Z","x\\\\":1,"x\\\\":1}',
    ],
    ids=["as written", "with a space", "behind a backslash"],
)
def test_a_key_that_a_line_has_twice_is_refused(line: str) -> None:
    with pytest.raises(DocumentRefusedError, match="twice in one object"):
        load_history(packed(*LINES[:5], line, *LINES[6:]), KEY)


def test_half_a_character_is_refused() -> None:
    refusal = refused(packed(*LINES[:6], LINES[6].replace("ec2", "\\ud800"), LINES[7]))

    assert refusal.found == "half a character"


def test_a_whole_character_that_is_escaped_in_halves_is_read() -> None:
    history = load_history(packed(*LINES[:6], LINES[6].replace("ec2", "\\ud83e\\udd80"), LINES[7]), KEY)

    assert Subject("service", service="\N{CRAB}") in history.spans


def test_runs_out_of_order_are_refused() -> None:
    lines = [LINES[0], LINES[2], LINES[1], *LINES[3:]]

    assert refused(packed(*lines)).found == "another order"


def test_duckdb_reads_it_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / KEY
    place.parent.mkdir(parents=True)
    place.write_bytes(dump_history(HISTORY))

    result = duckdb.read_json(str(place), format="newline_delimited", hive_partitioning=True)
    columns = "query_region, service, unnest(regions) as region, last_seen is null as open"
    rows = result.filter("kind = 'offering'").project(columns).order("service, region").fetchall()

    assert rows == [
        ("us-east-1", "ec2", "eu-west-1", False),
        ("us-east-1", "s3", "eu-west-1", True),
        ("us-east-1", "s3", "eu-west-2", True),
    ]


def test_an_offering_that_came_back_with_another_endpoint_is_read_back() -> None:
    history = history_of(
        seen(0, {"a": "s3", "b": "x"}, endpoints={"s3": "old.{}"}),
        seen(1, {"a": "", "b": "x"}),
        seen(2, {"a": "s3", "b": "x"}, endpoints={"s3": "new.{}"}),
    )

    assert load_history(dump_history(history), KEY) == history


def test_an_endpoint_that_was_an_offerings_all_the_while_only_the_second_time_is_read_back() -> None:
    history = history_of(
        seen(0, {"a": "s3", "b": "x"}, endpoints={"s3": "old.{}"}),
        seen(1, {"a": "s3", "b": "x"}, endpoints={"s3": "new.{}"}),
        seen(2, {"a": "", "b": "x"}),
        seen(3, {"a": "s3", "b": "x"}, endpoints={"s3": "old.{}"}),
    )

    assert load_history(dump_history(history), KEY) == history


BRACES = ["region", "{region}", "{{region}}", "}{", "eu-west-1"]
ODD = st.text(st.sampled_from(["{", "}", "x", "-", "\n", '"', "\N{CRAB}"]), max_size=6) | st.sampled_from(BRACES)


@given(ODD, ODD, st.lists(ODD, max_size=4))
def test_any_value_of_any_region_is_read_back(region: str, other: str, around: list[str]) -> None:
    subjects = [Subject("endpoint", code, "s3", value=code.join(around)) for code in (region, other)]
    history = History(LINEAGE, HISTORY.runs, dict.fromkeys(subjects, (Span(0, None),)))

    assert load_history(dump_history(history), KEY) == history


@settings(deadline=None, max_examples=200)
@given(records())
def test_whatever_came_and_went_is_read_back_and_written_the_same_again(inventories: list[Inventory]) -> None:
    history = history_of(*inventories)
    body = dump_history(history)

    again = load_history(body, KEY)

    assert again == history
    assert dump_history(again) == body


def test_a_gzip_bomb_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aws_ssm_fetcher.core.documents.history.LARGEST_BYTES", 1_000_000)

    with pytest.raises(DocumentRefusedError, match="one of more than 1 MB unpacked"):
        load_history(gzip.compress(bytes(2_000_000)), "history/intervals.jsonl.gz")


def test_a_gzip_bomb_takes_no_more_memory_than_a_piece_of_it() -> None:
    bomb = gzip.compress(bytes(60_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="one of more than 50 MB unpacked"):
            unpacked(bomb, 50_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 10_000_000
