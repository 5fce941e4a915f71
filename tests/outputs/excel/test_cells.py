"""Each sheet, read by another library, has the cells of the CSV file and of the JSON file."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook
from real_tree import body, csv_rows, raw_pairs
from sheets import parts_of, sheets_of
from some_news import ONE_OF_EACH_KIND, analysis_of

from aws_ssm_fetcher.outputs.csv import FORMULA_STARTS
from aws_ssm_fetcher.outputs.excel import WORKBOOK, workbook
from aws_ssm_fetcher.outputs.layout import FEW
from aws_ssm_fetcher.outputs.page.sources import besides
from aws_ssm_fetcher.outputs.tables import all_tables

if TYPE_CHECKING:
    from real_tree import RawTrees

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.store.memory import MemoryStore

MATRIX = "Service Matrix"
LINKS = {"Announcement URL": "Announcement", "Home Page": "Product page", "Lifecycle Page": "Source page"}
JSON_NAMES = {
    "regions": "Region Summary",
    "services": "Service Summary",
    "offerings": "Regional Services",
    "nearest_regions": "Nearest Regions",
    "partition_parity": "Partition Parity",
    "changes": "Changes",
    "aliases": "Other Names",
    "lifecycle": "Lifecycle",
}


@pytest.fixture(scope="module")
def book(real_run: MemoryStore) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(body(real_run, WORKBOOK)))


def rows(book: CalamineWorkbook, title: str) -> list[dict[str, str]]:
    header, *result = book.get_sheet_by_name(title).to_python()
    return [
        {str(name).partition("  ")[0]: shown(cell) for name, cell in zip(header, row, strict=True)} for row in result
    ]


def shown(cell: object) -> str:
    """Write a cell as CSV does."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    return str(cell)


def of_csv(cell: str) -> str:
    """Take off the apostrophe before a formula, and write numbers alike."""
    if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS:
        return cell[1:]
    return cell.removesuffix(".0") if re.fullmatch(r"\d+\.0", cell) else cell


def of_json(key: str, value: object) -> str:
    """Write a value of the JSON report as a format without lists and booleans does."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"{len(value)} regions" if key == "missing_in" and len(value) > FEW else ", ".join(value)
    return "" if value is None else shown(value)


def counted(rows: list[dict[str, str]], names: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(row[name] for name in names) for row in rows)


def test_every_table_has_the_cells_of_its_csv_file(
    book: CalamineWorkbook, real_run: MemoryStore, real_analysis: Analysis
) -> None:
    for table in all_tables(real_analysis, besides(real_run, real_analysis).types):
        if table.title == MATRIX or not table.rows:
            continue
        names = [column.title for column in table.columns if column.kind != "link"]
        links = [column.title for column in table.columns if column.kind == "link"]
        from_csv = [{name: of_csv(cell) for name, cell in row.items()} for row in csv_rows(real_run, table.file_name)]
        from_book = rows(book, table.title)

        assert counted(from_book, names) == counted(from_csv, names), table.title
        for name in links:
            assert [row[name] for row in from_book] == [LINKS[name] if row[name] else "" for row in from_csv]


def test_every_table_has_the_cells_of_the_json_file(book: CalamineWorkbook, real_run: MemoryStore) -> None:
    report: dict[str, Any] = json.loads(body(real_run, "aws_regions_services.json"))

    for name, title in JSON_NAMES.items():
        links = {link.lower().replace(" ", "_") for link in LINKS}
        result = [{key: of_json(key, value) for key, value in row.items() if key not in links} for row in report[name]]
        keys = {
            key.lower().replace("%", "percent").replace(" ", "_").replace("-", "_"): key for key in columns(book, title)
        }
        from_book = [{key: row[keys[key]] for key in result[0]} for row in rows(book, title)] if result else []
        assert Counter(map(tuple, map(dict.items, from_book))) == Counter(map(tuple, map(dict.items, result))), title


def columns(book: CalamineWorkbook, title: str) -> list[str]:
    return list(map(str, book.get_sheet_by_name(title).to_python()[0]))


def test_the_links_lead_to_the_addresses_of_the_csv_files(real_run: MemoryStore) -> None:
    parts = parts_of(body(real_run, WORKBOOK), "xl/worksheets/_rels/")
    result = {unescape(link) for part in parts.values() for link in re.findall(r'Target="(http[^"]+)"', part.decode())}

    expected = {
        row[name]
        for file, name in (
            ("region_summary.csv", "Announcement URL"),
            ("service_summary.csv", "Home Page"),
            ("lifecycle.csv", "Lifecycle Page"),
        )
        for row in csv_rows(real_run, file)
        if row[name]
    }
    assert result == expected


def test_the_matrix_has_a_word_for_each_offering_and_no_other(book: CalamineWorkbook, raw_trees: RawTrees) -> None:
    grid = book.get_sheet_by_name(MATRIX).to_python()
    codes = grid[4]

    words = {
        (str(codes[at]), str(row[1])): cell
        for row in grid[7:]
        for at, cell in enumerate(row)
        if at > 2 and codes[at] and isinstance(cell, str) and cell
    }
    assert words.keys() == raw_pairs(raw_trees)
    assert set(words.values()) == {"offered", "partial", "remote", "global"}


def test_the_totals_of_the_matrix_add_up(book: CalamineWorkbook, real_run: MemoryStore) -> None:
    grid = book.get_sheet_by_name(MATRIX).to_python()
    codes, totals = grid[4], grid[6]
    by_region = {row["Region Code"]: row["Service Count"] for row in csv_rows(real_run, "region_summary.csv")}
    by_service = {row["Service Code"]: row["Region Count"] for row in csv_rows(real_run, "service_summary.csv")}

    assert {code: shown(total) for code, total in zip(codes, totals, strict=True) if code} == by_region
    assert {row[1]: shown(row[2]) for row in grid[7:] if row[1] in by_service} == by_service
    assert totals[2] == sum(map(int, by_region.values())) == 9289
    categories = [row for row in grid[7:] if row[1] not in by_service]
    assert sum(row[2] for row in categories if isinstance(row[2], int | float)) == 9289
    assert len(categories) + len(by_service) == len(grid) - 7


def test_beyond_what_fits_into_memory_every_cell_is_the_same() -> None:
    analysis = analysis_of(*ONE_OF_EACH_KIND)

    small, large = (workbook(all_tables(analysis), analysis, most_cells=most) for most in (10**9, 0))
    cells = [
        {title: book.get_sheet_by_name(title).to_python() for title in book.sheet_names}
        for book in (CalamineWorkbook.from_filelike(io.BytesIO(item)) for item in (small, large))
    ]
    assert cells[0] == cells[1]
    assert sheets_of(small) == sheets_of(large)
    assert "<tableParts" in sheets_of(large)["Region Summary"]
