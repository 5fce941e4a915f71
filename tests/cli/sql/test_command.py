"""The history in SQL: what the tables hold, and that nothing else can be reached through them."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from command_line import exit_code
from shipped_releases import shipped_releases
from timelines import day, history_of, regions, seen

from aws_ssm_fetcher.cli.sql.cells import for_csv, for_json, for_reading
from aws_ssm_fetcher.cli.sql.command import MOST_ROWS
from aws_ssm_fetcher.cli.sql.engine import query
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.error_handling import ExtraMissingError, QueryRefusedError
from aws_ssm_fetcher.core.model.codes import ZoneId
from aws_ssm_fetcher.core.model.inventory import Launch, Zone
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.changes import changes
from aws_ssm_fetcher.queries.history.past import past
from aws_ssm_fetcher.queries.history.timelines import growth
from aws_ssm_fetcher.queries.tables import TABLES, Material

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.queries.tables import SqlTable

ONE, TWO = regions(2)
NAMES = {"phd": "Health", "awshealthdashboard": "Health", "s3": "S3"}
LAUNCHES = {TWO: Launch(date(2025, 6, 1), "overlay", "a test")}
RUNS = (
    seen(0, {ONE: "phd s3"}, names=NAMES, endpoints={"s3": "s3.{}.amazonaws.com"}),
    seen(1, {ONE: "awshealthdashboard s3", TWO: "ec2"}, names=NAMES, launches=LAUNCHES),
    seen(30, {ONE: "awshealthdashboard s3", TWO: ""}, names=NAMES, launches=LAUNCHES),
    seen(60, {ONE: "awshealthdashboard s3", TWO: ""}, names=NAMES, launches=LAUNCHES),
)
START, NEXT, LATER = (day(number).replace(tzinfo=None) for number in (0, 1, 30))

ENDLESS = """
import sys
import duckdb
from aws_ssm_fetcher.__main__ import main
from aws_ssm_fetcher.cli.sql import engine
settings = engine._SHUT
def told():
    yield from settings
    print("asked", flush=True)
engine._SHUT = told()
sys.argv = ["aws-ssm-fetcher", "sql", "select count(*) from range(100000000) a, range(100000000) b"]
main()
"""

Captured = pytest.CaptureFixture[str]


def material(*inventories: Inventory) -> Material:
    history = history_of(*inventories)
    return Material(history, changes(history, Caution()), inventories[-1])


SMALL = material(*RUNS)


def rows(statement: str) -> list[tuple[Any, ...]]:
    return list(query(SMALL, TABLES, statement).values)


def called(*arguments: str | Path) -> int:
    return exit_code("sql", *arguments)


OF_A_HISTORY = [table for table in TABLES if table.name != "lifecycle" and not table.large]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_the_columns_that_it_says_in_their_types(table: SqlTable) -> None:
    result = query(SMALL, TABLES, f"from {table.name}")

    assert list(zip(result.columns, result.types, strict=True)) == [
        (column.name, column.type) for column in table.columns
    ]


def test_zones_have_their_kind_and_dates() -> None:
    inventory = seen(0, {ONE: "s3"})
    zones = (Zone(ZoneId("x-az1"), "availability-zone"),)
    with_zones = inventory._replace(regions=tuple(region._replace(zones=zones) for region in inventory.regions))

    assert query(material(with_zones), TABLES, "from zones").values == (
        ("x-az1", ONE, "availability-zone", START, None, None),
    )


def test_an_empty_history_makes_empty_tables() -> None:
    empty = material(seen(0, {}))

    counts = [
        query(empty, TABLES, f"select count(*) from {table.name}").values  # noqa: S608 - names of ours
        for table in OF_A_HISTORY
    ]
    assert counts == [((0,),)] * (len(OF_A_HISTORY) - 1) + [((1,),)]


def test_types_and_lifecycles_are_there_without_a_history() -> None:
    counted = {
        name: query(SMALL, TABLES, f"select count(*) from {name}").values  # noqa: S608 - names of ours
        for name in ("resource_types", "type_offerings", "lifecycle")
    }

    assert counted == {"resource_types": ((1884,),), "type_offerings": ((44330,),), "lifecycle": ((65,),)}


def test_the_types_of_a_region_can_be_compared_with_its_offerings() -> None:
    (result,) = rows("""
        select count(*) filter (t.region = 'us-east-1') > count(*) filter (t.region = 'eu-south-2'), min(t.taken)::text
        from type_offerings t join resource_types using (type)
    """)

    assert result == (True, "2026-10-20")


def test_offerings_are_what_the_newest_run_shows() -> None:
    asked = "select region, service, first_seen, seen_since, endpoint, last_absent, earlier_codes from offerings"
    assert rows(f"{asked} order by all") == [
        (ONE, "awshealthdashboard", START, NEXT, None, None, ["phd"]),
        (ONE, "s3", START, START, None, None, []),
    ]


def test_what_came_back_has_both_its_first_record_and_the_one_since_which_it_is_there() -> None:
    back = material(seen(0, {ONE: "ec2 s3"}), seen(1, {ONE: "s3"}), seen(30, {ONE: "ec2 s3"}))

    result = query(back, TABLES, "select first_seen, seen_since from offerings where service = 'ec2'")
    assert result.values == ((START, LATER),)


def test_regions_have_their_dates_and_how_much_they_offer() -> None:
    assert rows("select region, partition, launched, first_seen, last_seen, services from regions order by 1") == [
        (ONE, "aws", None, START, None, 2),
        (TWO, "aws", date(2025, 6, 1), NEXT, None, 0),
    ]


def test_a_region_opened_on_the_day_that_aws_said_last_as_its_story_has_it() -> None:
    days = [date(2025, 6, 1), date(2025, 5, 1), date(2025, 7, 1), date(2025, 6, 15)]
    revised = [seen(run, {ONE: "s3"}, launches={ONE: Launch(on, "feed", "a test")}) for run, on in enumerate(days)]
    output = material(*revised)

    assert query(output, TABLES, "select launched from regions").values == ((days[-1],),)
    assert past(output.history, Caution(), "region", ONE).launched == days[-1]


def test_regions_and_services_have_the_names_that_the_history_has() -> None:
    inventory = seen(0, {ONE: "s3"}, names=NAMES)
    output = replace(material(inventory), inventory=seen(1, {ONE: "s3"}, names={"s3": "Simple"}))
    other = tuple(region._replace(name="Elsewhere") for region in output.inventory.regions)
    output = replace(output, inventory=output.inventory._replace(regions=other))

    names = query(output, TABLES, "select (select name from regions), name from services").values
    assert names == ((inventory.regions[0].name, "S3"),)


def test_services_that_are_gone_have_the_last_record_that_showed_them() -> None:
    asked = "select service, name, first_seen, last_seen, regions, last_absent, earlier_codes from services"
    assert rows(f"{asked} order by 1") == [
        ("awshealthdashboard", "Health", START, None, 1, None, ["phd"]),
        ("ec2", None, NEXT, NEXT, 0, START, []),
        ("phd", "Health", START, START, 0, None, []),
        ("s3", "S3", START, None, 1, None, []),
    ]


def test_a_service_that_only_runs_with_gaps_show_is_among_the_services() -> None:
    gaps = material(seen(0, {ONE: "s3", TWO: ""}, unread=[TWO]))

    assert query(gaps, TABLES, "select service, regions from services").values == (("s3", 1),)


def test_changes_are_those_that_the_tracker_says() -> None:
    assert rows("select id, seen, announced, regions from changes order by announced, id") == [
        (item.id, item.seen.replace(tzinfo=None), item.announced.replace(tzinfo=None), list(item.regions))
        for item in sorted(SMALL.changes, key=lambda change: (change.announced, change.id))
    ]


def test_intervals_are_all_that_the_history_holds() -> None:
    spans = SMALL.history.spans

    assert rows("select count(*) from intervals") == [(sum(map(len, spans.values())),)]
    assert rows("select region, first_seen, last_seen from intervals where kind = 'offering' and service = 'ec2'") == [
        (TWO, NEXT, NEXT)
    ]
    assert rows("select value, first_seen, last_seen from intervals where kind = 'endpoint'") == [
        (f"s3.{ONE}.amazonaws.com", START, START)
    ]


def test_of_the_shipped_past_sql_counts_what_the_rest_counts(real_inventory: Inventory) -> None:
    history = load_history(bundled_history(), "shipped")
    shipped = Material(history, changes(history, Caution()), real_inventory)

    as_of = """
        select count(i.service) from runs r left join intervals i on i.kind = 'offering'
        and i.first_seen <= r.taken and (i.last_seen is null or r.taken <= i.last_seen)
        group by r.taken order by r.taken
    """
    assert [count for (count,) in query(shipped, TABLES, as_of).values] == [
        release.offerings for release in shipped_releases()
    ]
    assert query(shipped, TABLES, "select count(*) from offerings").values == ((len(real_inventory.offerings),),)
    last = growth(history)[-1]
    now = (
        "select (select count(*) from regions where last_seen is null), count(*) from services where last_seen is null"
    )
    assert query(shipped, TABLES, now).values == ((last.regions, last.services),)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('secret.csv')",
        "from 'secret.csv'",
        "select * from read_text('secret.csv')",
        "select * from glob('*')",
        "select * from sniff_csv('secret.csv')",
        "copy runs to 'made.csv'",
        "copy (select 1) to 'made.csv'",
        "export database 'made'",
        "attach 'made.db'",
        "install httpfs",
        "load httpfs",
        "from 'https://example.com/x.csv'",
        "set enable_external_access = true",
        "reset lock_configuration",
        "pragma database_list",
        "drop table runs",
        "delete from runs",
        "create table made as select 1",
        "with gone as (delete from runs returning 1) select * from gone",
        "select * from query('delete from runs')",
        "from connection",
        "from material",
        "explain analyze select 1",
        "select 1; delete from runs",
        "select 1; select 2",
        "-- nothing",
        "selekt 1",
        "select nothing from runs",
        "select '\ud800'",
        "pivot runs on origin using count(*)",
    ],
)
def test_what_is_no_query_and_what_would_leave_the_database_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(QueryRefusedError) as refused:
        query(SMALL, TABLES, statement)

    assert "\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("enable_external_access", False),
        ("lock_configuration", True),
        ("python_enable_replacements", False),
        ("autoinstall_known_extensions", False),
        ("autoload_known_extensions", False),
        ("temp_directory", ""),
        ("TimeZone", "UTC"),
    ],
)
def test_the_database_is_shut_while_it_is_asked(setting: str, value: object) -> None:
    assert rows(f"select current_setting('{setting}')") == [(value,)]


@pytest.mark.parametrize(
    "statement", ["from runs", "values (1)", "with a as (select 1) select * from a", "describe runs", "summarize runs"]
)
def test_every_way_to_ask_is_a_query(statement: str) -> None:
    assert rows(statement)


def test_the_present_is_reported_in_utc_wherever_one_sits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        ((zoned, plain),) = rows("select now(), now()::timestamp")
    finally:
        monkeypatch.undo()
        time.tzset()

    assert zoned.astimezone(UTC).replace(tzinfo=None) == plain
    assert abs(datetime.now(UTC).replace(tzinfo=None) - plain) < timedelta(hours=1)


def test_where_the_library_for_zones_of_time_is_missing_it_is_said_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pytz", None)

    for statement in ("select now()", "select list(now())"):
        with pytest.raises(ExtraMissingError, match="pip install pytz"):
            rows(statement)
    assert rows("select now()::timestamp")


def test_a_query_is_interrupted_at_once(tmp_path: Path) -> None:
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", ENDLESS, "--store", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "asked\n"
    process.send_signal(signal.SIGINT)

    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()  # by itself it never ends
    assert (process.returncode, out) == (130, "")
    assert err.strip() == "Interrupted."


def test_a_pivot_is_a_query_if_it_names_its_values() -> None:
    with pytest.raises(QueryRefusedError, match=r"a pivot has to name its values: pivot … on … in \(…\)"):
        rows("pivot runs on origin using count(*)")
    assert rows("pivot (select origin from runs) on origin in ('a test') using count(*)")


def test_columns_of_one_name_are_reported_apart() -> None:
    assert query(SMALL, TABLES, "select 1 as a, 2 as a, 3 as a_1").columns == ("a", "a_1", "a_1_1")


@pytest.mark.parametrize(
    ("value", "as_json", "as_csv", "read"),
    [
        (None, None, None, ""),
        (True, True, "true", "true"),
        (9289, 9289, 9289, "9289"),
        (0.5, 0.5, 0.5, "0.5"),
        (float("inf"), "inf", "inf", "inf"),
        (Decimal("1.50"), 1.5, 1.5, "1.5"),
        (Decimal(3), 3, 3, "3"),
        (START, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01"),
        (datetime(2026, 1, 1, 6, 30), "2026-01-01T06:30:00Z", "2026-01-01T06:30:00Z", "2026-01-01 06:30:00"),  # noqa: DTZ001 - as DuckDB gives it
        (date(2026, 1, 1), "2026-01-01", "2026-01-01", "2026-01-01"),
        (["a", "b"], ["a", "b"], "a b", "a b"),
        ([1, 2], [1, 2], "[1, 2]", "[1, 2]"),
        ({"a": START}, {"a": "2026-01-01T00:00:00Z"}, '{"a": "2026-01-01T00:00:00Z"}', '{"a": "2026-01-01T00:00:00Z"}'),
        (b"x\xff", "78ff", "78ff", "78ff"),
        (
            datetime(2026, 1, 1, 6, 30, 0, 500_000),  # noqa: DTZ001 - as DuckDB gives it
            "2026-01-01T06:30:00.500000Z",
            "2026-01-01T06:30:00.500000Z",
            "2026-01-01 06:30:00.500000",
        ),
        (
            datetime(2026, 1, 1, 6, 30, tzinfo=timezone(timedelta(hours=9))),
            "2025-12-31T21:30:00Z",
            "2025-12-31T21:30:00Z",
            "2025-12-31 21:30:00",
        ),
    ],
    ids=repr,
)
def test_a_value_is_written_for_json_for_csv_and_for_people(
    value: object, as_json: object, as_csv: object, read: str
) -> None:
    assert (for_json(value), for_csv(value), for_reading(value)) == (as_json, as_csv, read)


def test_without_anything_run_the_shipped_past_is_asked_and_nothing_is_left(tmp_path: Path, capsys: Captured) -> None:
    assert called("select count(*) as offerings from offerings", "--store", tmp_path / "none") == 0

    out, err = capsys.readouterr()
    output = "History from us-west-1 (full detail)"
    assert out.splitlines()[0] == f"{output}: 43 runs, 2022-02-12 to 2026-10-27, bundled"
    assert [line.strip() for line in out.splitlines()[2:]] == ["offerings", "9289", "1 row"]
    absent = f'No directory "{tmp_path / "none"}": answering from the bundled snapshot.\n'
    assert (err, list(tmp_path.iterdir())) == (absent, [])


def test_for_machines_a_result_is_one_object_or_csv(tmp_path: Path, capsys: Captured) -> None:
    statement = "select region, launched from regions where region = 'eu-south-2'"
    assert called(statement, "--json", "--store", tmp_path) == 0
    output = json.loads(capsys.readouterr().out)
    assert called(statement, "--csv", "--store", tmp_path) == 0
    table = list(csv.reader(io.StringIO(capsys.readouterr().out)))

    assert output["history"]["runs"] == 43
    assert output["answer"] == {
        "columns": {"region": "VARCHAR", "launched": "DATE"},
        "rows": [{"region": "eu-south-2", "launched": "2022-11-15"}],
    }
    assert table == [["region", "launched"], ["eu-south-2", "2022-11-15"]]


def test_the_tables_are_listed_without_asking_any_history(tmp_path: Path, capsys: Captured) -> None:
    assert called("--tables", "--csv", "--store", tmp_path) == 0

    listed = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert listed[0] == ["table", "column", "type", "meaning"]
    assert len(listed) - 1 == sum(len(table.columns) for table in TABLES)
    assert called("--tables", "--store", tmp_path) == 0
    out = capsys.readouterr().out
    assert ("seen_since" in out, "`" in out) == (True, False)


def test_where_there_is_no_query_that_is_said(tmp_path: Path, capsys: Captured) -> None:
    assert called("", "--store", tmp_path) == 1

    assert capsys.readouterr().err == "Error: expected one query, got none. Give one select.\n"


@pytest.mark.parametrize("arguments", [[], ["select 1", "--tables"], ["select 1", "--csv", "--json"]], ids=" ".join)
def test_neither_query_nor_tables_or_two_forms_at_once_are_wrong_usage(arguments: list[str]) -> None:
    assert called(*arguments) == 2


def test_what_is_refused_is_said_in_one_line(tmp_path: Path, capsys: Captured) -> None:
    assert called("select * from nowhere", "--store", tmp_path) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.endswith('The tables are listed with "aws-ssm-fetcher sql --tables".\n')

    assert called("drop table runs", "--store", tmp_path) == 1
    assert capsys.readouterr().err == "Error: only SELECT is allowed (got DROP). Give one select.\n"


def test_without_duckdb_it_is_said_how_to_get_it(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)

    assert called("select 1", "--store", tmp_path) == 1
    advice = "Install it with: pip install duckdb, or this package as aws-ssm-data-fetcher[sql]."
    assert capsys.readouterr() == ("", f"Error: DuckDB is not installed. {advice}\n")


def test_markup_in_a_result_is_text(tmp_path: Path, capsys: Captured) -> None:
    assert called("select '[red]x[/]' as \"[b]y\"", "--store", tmp_path) == 0

    out = capsys.readouterr().out
    assert "[red]x[/]" in out
    assert "[b]y" in out


def test_a_row_too_wide_for_the_line_is_reported_a_line_a_column(tmp_path: Path, capsys: Captured) -> None:
    assert called(f"select '{'x' * 100}' as a, '{'y' * 100}' as b, null as c", "--store", tmp_path) == 0

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[2:] == [f"a  {'x' * 100}", f"b  {'y' * 100}", "", "1 row"]


def test_of_a_long_result_the_first_rows_are_shown_and_all_are_counted(tmp_path: Path, capsys: Captured) -> None:
    assert called("select range as number from range(501)", "--store", tmp_path) == 0

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()[2:]]
    assert lines == [
        "number",
        *map(str, range(MOST_ROWS)),
        "The first 500 rows; for all rows use --csv or --json",
    ]


@pytest.mark.parametrize(("columns", "words"), [("160", [3, 79, 23, 2]), ("", [3, 102, 2])])
def test_one_wide_column_is_folded_beside_the_others_but_not_in_a_pipe(
    columns: str, words: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    assert called(f"select 1 as a, '{'x ' * 100}' as b, 2 as c", "--store", tmp_path) == 0

    lines = capsys.readouterr().out.splitlines()[2:]
    assert lines[0].split() == ["a", "b", "c"]
    assert [len(line.split()) for line in lines] == words


def test_names_of_other_vocabularies_are_asked_with_their_services() -> None:
    assert rows("select vocabulary, service from aliases where name = 'aws_msk'") == [("terraform", "kafka")]


def test_no_more_of_a_file_is_read_than_a_query_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("aws_ssm_fetcher.cli.sql.command.LONGEST_QUERY", 10)
    (tmp_path / "query.sql").write_text("select 1  " + " " * 100)

    assert called("--store", tmp_path, "--file", tmp_path / "query.sql") == 2
    assert "The query is longer than 10 characters. Shorten it." in capsys.readouterr().err
