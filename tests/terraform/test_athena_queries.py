"""The questions for Athena, asked of DuckDB over a real history: the dialects have nearly all of it in common."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pytest

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.documents.decoding import defaults_of, in_utc
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.model.analysis import Finding
from aws_ssm_fetcher.core.model.changes import Change, QuarantineReason
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import bundled_history, bundled_types_past
from aws_ssm_fetcher.processors.history.changes import news
from aws_ssm_fetcher.processors.pipeline import process
from aws_ssm_fetcher.queries.tables import TABLES, Material

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory

ROOT: Final = Path(__file__).parent.parent.parent
TERRAFORM: Final = ROOT / "terraform/modules/analytics"
QUESTIONS: Final = sorted(TERRAFORM.glob("queries/*.sql"))
GIVEN: Final = {
    "came_to_region": ["eu-south-2", "2025-01-01"],
    "changes_since": ["2025-01-01"],
    "offered_as_of": ["2025-06-30"],
    "timeline_of_service": ["bedrock"],
    "types_came_to_region": ["eu-south-2", "2025-01-01"],
}
"""What is given to those that ask for something."""
VIEWS: Final = {
    "intervals": set[str](),
    "offerings": {"region_name", "service_name", "partition", "types", "types_of", "last_absent", "earlier_codes"},
    "regions": {"partition", "country"},
    "services": {"home_page", "last_absent", "earlier_codes"},
    "zones": set[str](),
    "changes": {"run_id", "after", "zone", "regions", "absent_days", "hint"},
}
"""The guide's views, and the columns of the tables of ``sql`` that they have not, as the tables below have not."""
EXPANDED: Final = re.compile(r"cross join unnest\((analyses\.content\.\w+)\) as t \(([^)]+)\)")


@pytest.fixture(scope="module")
def athena(tmp_path_factory: pytest.TempPathFactory, real_inventory: Inventory) -> duckdb.DuckDBPyConnection:
    """The tables as Athena has them, over a history with a past and the analysis of its youngest run."""
    folder = tmp_path_factory.mktemp("bucket")
    store = DirectoryStore(folder)
    inventory_key = keys.inventory_key(real_inventory.taken, real_inventory.run_id)
    store.write(inventory_key, run_documents.dump_inventory(real_inventory))
    process(store, inventory_key, past=bundled_history())
    connection = duckdb.connect()
    connection.execute("create macro cardinality(listed) as len(listed)")
    store.write(keys.TYPES_HISTORY, dump_history(bundled_types_past()))
    places = {
        "history": "history/query*/*/*.jsonl.gz",
        "type_history": keys.TYPES_HISTORY,
        "analyses": "processed-data/*/*/*/*/*.json",
    }
    for table, place in places.items():
        columns = ", ".join(f"{name}: '{duck(hive)}'" for name, hive in columns_of(table.removeprefix("type_")).items())
        partitions = "hive_partitioning = true, hive_types_autocast = false"
        read = f"read_json('{folder}/{place}', format = 'newline_delimited', columns = {{{columns}}}, {partitions})"
        connection.execute(f"create view {table} as select * from {read}")  # noqa: S608 - our own names
    return connection


@pytest.fixture(scope="module")
def history() -> History:
    """The same history, read by our own code."""
    return load_history(bundled_history(), "bundled")


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_is_answered(path: Path, athena: duckdb.DuckDBPyConnection) -> None:
    rows = asked(athena, path.stem)

    assert rows


def test_what_was_offered_on_a_day_is_what_our_own_code_says(
    athena: duckdb.DuckDBPyConnection, history: History
) -> None:
    rows = asked(athena, "offered_as_of")

    expected = offerings_as_of(history, datetime(2025, 6, 30, 23, 59, 59, tzinfo=UTC))
    assert {(row[3], row[4]) for row in rows} == expected
    assert len(rows) == len(expected)


def test_the_types_that_came_to_a_region_are_those_of_our_own_history(athena: duckdb.DuckDBPyConnection) -> None:
    rows = asked(athena, "types_came_to_region")

    history = bundled_types_past()
    came = {
        (in_utc(history.runs[interval.first].taken), interval.service)
        for interval in history.intervals
        if "eu-south-2" in interval.regions and history.runs[interval.first].taken >= datetime(2025, 1, 1, tzinfo=UTC)
    }
    assert {(row[0], row[1]) for row in rows} == came
    assert len(rows) == len(came) > 100


def test_growth_is_counted_at_the_last_run_of_each_quarter(athena: duckdb.DuckDBPyConnection, history: History) -> None:
    rows = asked(athena, "growth_by_quarter")

    last = {f"{run.taken.year}-Q{(run.taken.month + 2) // 3}": run.taken for run in history.runs}
    expected = {quarter: (taken, offerings_as_of(history, taken)) for quarter, taken in last.items()}
    assert [row[2:] for row in rows] == [
        (quarter, in_utc(taken), len({item for item, _ in pairs}), len({entry for _, entry in pairs}), len(pairs))
        for quarter, (taken, pairs) in expected.items()
    ]


def test_changes_are_those_of_the_analysis(athena: duckdb.DuckDBPyConnection) -> None:
    rows = asked(athena, "changes_since")

    output = athena.sql(
        "select unnest(content.changes).id as id, unnest(content.changes).announced as announced from analyses"
    )
    assert {row[8] for row in rows} == {item for item, announced in output.fetchall() if announced >= "2025-01-01"}


@pytest.fixture
def views(athena: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The views that the guide makes of those tables."""
    for statement in re.findall(r"(?s)```sql\n(.*?)```", (ROOT / "docs/how-to/ask-athena.md").read_text()):
        athena.execute(spread(statement))
    return athena


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_of_the_guide_has_what_the_table_of_sql_has(
    name: str, views: duckdb.DuckDBPyConnection, history: History, real_inventory: Inventory
) -> None:
    [table] = (table for table in TABLES if table.name == name)
    own = [column.name for column in table.columns]
    shown = [column for column in views.sql(f"from {name}").columns if column in own]
    recent = tuple(news(history, Caution(), real_inventory.taken))

    rows = list(table.rows(Material(history, recent, real_inventory)))
    # a view knows no earlier codes, so it dates a renamed service by its present one
    renamed = (
        {row[own.index("service")] for row in rows if row[own.index("earlier_codes")]} if "earlier_codes" in own else ()
    )
    expected = [
        tuple(text_of(row[own.index(column)]) for column in shown)
        for row in rows
        if not renamed or row[own.index("service")] not in renamed
    ]
    answer = views.sql(f"select {', '.join(shown)} from {name}").fetchall()  # noqa: S608 - our own names
    result = [tuple(map(text_of, row)) for row in answer if not renamed or row[shown.index("service")] not in renamed]
    assert {*own} - {*shown} == VIEWS[name]
    assert sorted(result) == sorted(expected)
    assert (len(renamed) > 0) == (name in {"offerings", "services"})


def text_of(cell: object) -> str:
    """Return a cell as a document writes it; what is not there is an empty text."""
    if isinstance(cell, datetime):
        return in_utc(cell.replace(tzinfo=UTC))
    return "" if cell is None else str(cell)


def test_the_table_of_the_history_has_the_documented_fields_and_no_other() -> None:
    page = (ROOT / "docs/reference/history.md").read_text()

    documented = set(
        re.findall(r"(?m)^\| `(\w+)` \|", page.partition("Field of a run")[2].partition("Kind of interval")[0])
    )

    assert set(columns_of("history")) == documented


@pytest.mark.parametrize(("column", "noun"), [("change", Change), ("finding", Finding), ("reason", QuarantineReason)])
def test_the_table_of_analyses_has_fields_of_the_model(column: str, noun: type) -> None:
    assert set(re.findall(r"(\w+):", struct(column))) <= set(defaults_of(noun))


def test_a_question_names_the_columns_of_what_it_spreads_in_their_order() -> None:
    result = EXPANDED.search((TERRAFORM / "queries/changes_since.sql").read_text())

    assert result
    assert result[2].split(", ") == re.findall(r"(\w+):", struct("change"))


def asked(athena: duckdb.DuckDBPyConnection, question: str) -> list[tuple[Any, ...]]:
    """Ask. Of a list of structs Athena makes a column per field, DuckDB only below another select."""
    text = (TERRAFORM / f"queries/{question}.sql").read_text()
    return athena.execute(spread(text), GIVEN.get(question, [])).fetchall()


def spread(text: str) -> str:
    return EXPANDED.sub(r"cross join lateral (select unnest(\1, recursive := true)) as t", text)


def columns_of(table: str) -> dict[str, str]:
    block = source().partition(f"  {table}_columns = {{\n")[2].partition("\n  }")[0]
    result = dict(re.findall(r'(\w+) += "(.*)"', block))
    return {name: re.sub(r"\$\{local\.(\w+)\}", lambda match: struct(match[1]), hive) for name, hive in result.items()}


def struct(name: str) -> str:
    result = re.search(rf'(?m)^  {name} += "(struct<.*>)"$', source())
    assert result
    return result[1]


def duck(hive: str) -> str:
    """Return a type of Hive's as DuckDB writes it: ``array<struct<a:int>>`` is ``struct(a int)[]``."""
    if result := re.fullmatch(r"array<(.*)>", hive):
        return f"{duck(result[1])}[]"
    if result := re.fullmatch(r"struct<(.*)>", hive):
        parts = re.findall(r"(\w+):((?:\w+)(?:<(?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*>)?)", result[1])
        return f"struct({', '.join(f'{name} {duck(kind)}' for name, kind in parts)})"
    return {"string": "varchar", "int": "integer"}[hive]


def source() -> str:
    return (TERRAFORM / "main.tf").read_text()
