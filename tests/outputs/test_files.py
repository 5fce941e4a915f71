"""The files of a report, each read back with another library than the one that wrote it."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sheets import parts_of, sheets_of
from some_news import ONE_OF_EACH_KIND, analysis_of

from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.core.model.inventory import Offering, Region
from aws_ssm_fetcher.outputs.csv import csv_file, csv_text
from aws_ssm_fetcher.outputs.excel import workbook
from aws_ssm_fetcher.outputs.json import compact_json_file, json_file
from aws_ssm_fetcher.outputs.layout import ReportColumn, ReportTable
from aws_ssm_fetcher.outputs.tables import all_tables
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.inventory import Inventory

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tx", "\rx"]


def table_of(*texts: str) -> ReportTable:
    return ReportTable(
        "T", "t.csv", (ReportColumn("Name"), ReportColumn("Count", "count")), tuple((text, -1) for text in texts)
    )


def rows_of(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode(), newline="")))


def renamed(inventory: Inventory, name: str) -> Analysis:
    """Return the first service that name."""
    first, *rest = inventory.services
    return analyse(inventory._replace(services=(first._replace(name=name), *rest)))


def test_csv_is_rfc_4180() -> None:
    body = csv_file(table_of('say "a, b"\r\nc', "Zürich"))

    assert body == 'Name,Count\r\n"say ""a, b""\r\nc",-1\r\nZürich,-1\r\n'.encode()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_line_that_ends_within_a_cell_ends_no_row(line_end: str) -> None:
    text = csv_text(["Name"], [["a\rb"], ["c\nd"], [None]], line_end=line_end)

    assert text == line_end.join(["Name", '"a\rb"', '"c\nd"', '""', ""])


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_csv_is_neutralised_and_a_negative_number_is_not(text: str) -> None:
    assert rows_of(csv_file(table_of(text)))[1] == [f"'{text}", "-1"]


@pytest.mark.parametrize("text", [*FORMULAS, "{=1+1}", "https://example.com", "00123", "1e5"])
def test_whatever_a_text_looks_like_it_is_a_text_in_the_workbook(
    inventory_of: Callable[..., Inventory], text: str
) -> None:
    analysis = renamed(inventory_of({"a": "s"}), text)
    body = workbook(all_tables(analysis), analysis)

    sheets = sheets_of(body)
    formulas = re.findall(r"<f>([^<]+)</f>", sheets.pop("Service Matrix"))
    assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets.values())
    assert all(re.fullmatch(r"(COUNTIF|SUM|[A-Z]+\d)[^a-z]*", formula) for formula in formulas)
    # XML reads a carriage return as a line feed
    result = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name("Service Summary").to_python()
    assert str(result[1][1]).replace("_x000D_", "\r") in {text, text.replace("\r", "\n")}


@pytest.mark.parametrize(
    ("origin", "shown"),
    [("moto 5.2.5", "moto 5.2.5"), ("R&D", "R&&D"), ("a\nb", "a\N{REPLACEMENT CHARACTER}b"), ("&" * 300, "&&" * 90)],
    ids=ascii,
)
def test_every_sheet_has_the_day_and_the_origin_of_the_record_in_its_footer(
    inventory_of: Callable[..., Inventory], origin: str, shown: str
) -> None:
    inventory = inventory_of({"a": "s"})
    analysis = analyse(inventory._replace(source=inventory.source._replace(origin=origin)))

    sheets = [ET.fromstring(sheet) for sheet in sheets_of(workbook(all_tables(analysis), analysis)).values()]  # noqa: S314 - our own

    footers = {sheet.findtext(f".//{{{SPREADSHEET}}}oddFooter") for sheet in sheets}
    assert footers == {f"&L&A&CAWS as of 2026-10-27, {shown}&RPage &P of &N"}


def test_figures_stand_below_each_other_by_their_decimal_points(inventory_of: Callable[..., Inventory]) -> None:
    figures = ReportTable("T", "t.csv", (ReportColumn("Value", "value"),), ((220,), (157.6,), ("us-east-1",)))

    assert formats_of(workbook((figures,), analyse(inventory_of({"a": "s"})))) == [
        ("right", "#,##0_._0_0_0"),
        ("right", "#,##0.0??"),
        ("left", "#,##0"),
    ]


def formats_of(body: bytes) -> list[tuple[str | None, str | None]]:
    """Return how the cells below the header of the sheet *T* are aligned, and the format of their numbers."""
    sheet = ET.fromstring(sheets_of(body)["T"])  # noqa: S314 - our own
    styles = ET.fromstring(parts_of(body)["xl/styles.xml"])  # noqa: S314 - our own
    built_in = {"3": "#,##0"}
    written = {style.get("numFmtId"): style.get("formatCode") for style in styles.iter(f"{{{SPREADSHEET}}}numFmt")}
    cell_formats = styles.findall(f"{{{SPREADSHEET}}}cellXfs/{{{SPREADSHEET}}}xf")
    used = [cell_formats[int(cell.get("s", "0"))] for cell in list(sheet.iter(f"{{{SPREADSHEET}}}c"))[1:]]
    return [
        (alignment.get("horizontal"), (built_in | written).get(item.get("numFmtId")))
        for item in used
        if (alignment := item.find(f"{{{SPREADSHEET}}}alignment")) is not None
    ]


def test_equal_analyses_give_an_equal_workbook(real_analysis: Analysis) -> None:
    once, again = (workbook(all_tables(real_analysis), real_analysis) for _ in range(2))

    assert once == again


@pytest.mark.parametrize(("lines", "height"), [(2, 27), (12, 162), (13, 162), (1000, 162)])
def test_a_row_is_as_high_as_its_longest_text_needs_by_whole_pixels_up_to_twelve_lines(
    inventory_of: Callable[..., Inventory], lines: int, height: float
) -> None:
    table = ReportTable("T", "t.csv", (ReportColumn("Name", "prose", 10),), (("x" * 11 * lines,),))

    sheet = sheets_of(workbook((table,), analyse(inventory_of({"a": "s"}))))["T"]
    assert [float(match) for match in re.findall(r' ht="([^"]+)"', sheet)] == [32.25, height]


def expanded(report: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Read the offerings out of the compact form, by its documentation alone."""
    codes = [row[report["regions"]["columns"].index("region_code")] for row in report["regions"]["rows"]]
    domains = report["metadata"]["domains"]
    result = [
        (code, service, endpoint and endpoint.format(region=code, domain=domains[code]), protocols, reach, served_from)
        for service, groups in report["offerings"].items()
        for endpoint, protocols, positions, reach, served_from in groups
        for code in (codes[position] for position in positions)
    ]
    return sorted(result, key=lambda offering: offering[:2])


@pytest.mark.parametrize("name", ["Zürich", 'a "b"},\n      {', "},{", "a\u2028b", "[{"])
@pytest.mark.parametrize("changes", [ONE_OF_EACH_KIND, ()], ids=len)
def test_the_long_form_is_indented_as_json_is(name: str, changes: tuple[Change, ...]) -> None:
    body = json_file(analysis_of(*changes, names=(name, name)))

    report = json.loads(body)
    assert body.decode() == json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    assert (report["services"][0]["service_name"], len(report["changes"])) == (name, len(changes))


def test_the_compact_form_says_the_same_in_a_tenth_of_the_bytes(real_analysis: Analysis) -> None:
    full, compact = json_file(real_analysis), compact_json_file(real_analysis)
    spelled, short = json.loads(full), json.loads(compact)

    assert len(compact) * 10 <= len(full)
    names = ("region_code", "service_code", "endpoint", "protocols", "reach", "served_from")
    offerings = [tuple(row[name] for name in names) for row in spelled["offerings"]]
    assert expanded(short) == sorted(offerings, key=lambda offering: offering[:2])
    for name in ("regions", "services", "nearest_regions", "partition_parity"):
        columns = short[name]["columns"]
        assert [dict(zip(columns, row, strict=True)) for row in short[name]["rows"]] == spelled[name]
    remarks = ("statistics", "clusters", "findings", "quality", "gaps")
    assert [short[name] for name in remarks] == [spelled[name] for name in remarks]


def test_changes_are_reported_alike_in_both_forms_but_for_the_names() -> None:
    analysis = analysis_of(*ONE_OF_EACH_KIND)

    spelled, short = json.loads(json_file(analysis))["changes"], json.loads(compact_json_file(analysis))["changes"]

    named = ("region_name", "service_name")
    assert [dict(zip(short["columns"], row, strict=True)) for row in short["rows"]] == [
        {name: cell for name, cell in row.items() if name not in named} for row in spelled
    ]
    assert [row["kind"] for row in spelled] == [item.kind for item in ONE_OF_EACH_KIND]


HOSTS = st.lists(st.sampled_from(["s", "a", "b-1", "{", "}", "{region}", "amazonaws.com", "."]), max_size=6).map(
    "".join
)


@given(endpoint=HOSTS, domain=HOSTS)
@example(endpoint=".{{{", domain="{{{{{{")
@example(endpoint="s.b-1.amazonaws.com", domain="b-1.amazonaws.com")
def test_any_endpoint_comes_out_of_the_compact_form_as_it_went_in(
    inventory_of: Callable[..., Inventory], endpoint: str, domain: str
) -> None:
    inventory = inventory_of({"b-1": "s"})._replace(
        regions=(Region(RegionCode("b-1"), domain=domain or None),),
        offerings=(Offering(ServiceCode("s"), RegionCode("b-1"), endpoint),),
    )

    [(region, service, read, protocols, *_)] = expanded(json.loads(compact_json_file(analyse(inventory))))
    assert (region, service, read, protocols) == ("b-1", "s", endpoint, None)
