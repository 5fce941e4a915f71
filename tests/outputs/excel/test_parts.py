"""What makes the workbook pleasant, asserted from the file's XML: rules, charts, outlines, links, print set-up."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from real_tree import body
from sheets import parts_of, sheets_of

from aws_ssm_fetcher.outputs.excel import WORKBOOK
from aws_ssm_fetcher.outputs.excel.plans import PLANS
from aws_ssm_fetcher.outputs.excel.rules import SIGNS

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.store.memory import MemoryStore

NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
BY_REGION = {"Service Matrix", "Resource Types", "Service Depth"}
LISTS = [plan.title for plan in PLANS if plan.title not in {"Overview", "Chart Data", *BY_REGION}]


@pytest.fixture(scope="module")
def written(real_run: MemoryStore) -> bytes:
    return body(real_run, WORKBOOK)


@pytest.fixture(scope="module")
def sheets(written: bytes) -> dict[str, str]:
    return sheets_of(written)


def test_the_sheets_stand_in_the_order_of_the_plans(sheets: dict[str, str]) -> None:
    order = [plan.title for plan in PLANS]

    assert list(sheets) == [title for title in order if title in sheets]
    assert list(sheets)[:4] == ["Overview", "Service Matrix", "Region Summary", "Service Summary"]


def test_every_part_is_xml(written: bytes) -> None:
    result = {name: part for name, part in parts_of(written).items() if name.endswith((".xml", ".rels"))}

    for part in result.values():
        ET.fromstring(part)  # noqa: S314 - our own
    assert len(result) > 40


def test_every_list_is_a_native_table_whose_columns_are_its_header(written: bytes, sheets: dict[str, str]) -> None:
    tables = [ET.fromstring(part) for part in parts_of(written, "xl/tables/").values()]  # noqa: S314 - our own
    names = [str(table.get("name")).casefold() for table in tables]
    titles = [[str(entry.get("name")) for entry in table.iterfind(".//s:tableColumn", NS)] for table in tables]

    assert len(set(names)) == len(tables) == len([title for title in LISTS if title in sheets])
    assert all(len({item.casefold() for item in title}) == len(title) for title in titles)
    assert not any(re.fullmatch(r"[a-z]{1,3}\d+|[rc]", name) for name in names)
    strings = ET.fromstring(parts_of(written)["xl/sharedStrings.xml"])  # noqa: S314 - our own
    shared = ["".join(string.itertext()) for string in strings.iterfind("s:si", NS)]
    headers = []
    for title in LISTS:
        if title in sheets:
            cells = ET.fromstring(sheets[title]).iterfind(".//s:row[@r='1']/s:c[@t='s']/s:v", NS)  # noqa: S314 - our own
            headers.append([shared[int(cell.text or 0)] for cell in cells])
    assert [header[: len(element)] for header, element in zip(headers, titles, strict=True)] == titles


def test_the_matrix_has_no_filter_and_folds_regions_and_services(sheets: dict[str, str]) -> None:
    matrix = ET.fromstring(sheets["Service Matrix"])  # noqa: S314 - our own
    levels = [(int(item.get("outlineLevel", 0))) for item in matrix.iterfind("s:cols/s:col", NS)]
    rows = [int(entry.get("outlineLevel", 0)) for entry in matrix.iterfind("s:sheetData/s:row", NS)]

    assert "<autoFilter" not in sheets["Service Matrix"]
    assert not any("<tableParts" in sheets[title] for title in BY_REGION)
    assert '<autoFilter ref="A1:B406"' in sheets["Service Depth"]  # not over the columns of regions
    assert set(levels) == {0, 1, 2}
    assert rows.count(1) == 405
    assert [row for row, (before, after) in enumerate(pairwise(rows)) if (before, after) == (0, 1)]
    outline = matrix.find("s:sheetPr/s:outlinePr", NS)
    assert outline is not None
    assert (outline.get("summaryBelow"), outline.get("summaryRight")) == ("0", "0")


def test_each_sign_of_the_matrix_is_a_conditional_format_with_a_legend(written: bytes, sheets: dict[str, str]) -> None:
    matrix = ET.fromstring(sheets["Service Matrix"])  # noqa: S314 - our own
    styles = ET.fromstring(parts_of(written)["xl/styles.xml"])  # noqa: S314 - our own
    looks = styles.findall("s:dxfs/s:dxf", NS)

    result = {}
    for rule in matrix.iterfind(".//s:cfRule", NS):
        word = str(rule.findtext("s:formula", namespaces=NS)).strip('"')
        number = looks[int(rule.get("dxfId", 0))].find("s:numFmt", NS)
        result[word] = number.get("formatCode") if number is not None else None
    assert result == {word: f'0;0;0;"{sign}"' for word, (sign, *_) in SIGNS.items()}
    areas = [area.get("sqref") for area in matrix.iterfind("s:conditionalFormatting", NS)]
    assert len(areas) == 2  # the cells and the legend


@pytest.mark.parametrize(
    ("title", "kind", "count"),
    [
        ("Region Summary", "dataBar", 4),
        ("Findings", "cellIs", 3),
        ("Lifecycle", "cellIs", 4),
        ("Nearest Regions", "expression", 2),
        ("Changes", "expression", 4),
    ],
)
def test_colours_are_conditional_formats(sheets: dict[str, str], title: str, kind: str, count: int) -> None:
    assert sheets[title].count(f'<cfRule type="{kind}"') == count


def test_the_overview_has_charts_of_the_figures_and_a_link_to_every_sheet(
    written: bytes, sheets: dict[str, str]
) -> None:
    charts = [part.decode() for part in parts_of(written, "xl/charts/chart").values()]
    links = set(re.findall(r"location=\"'([^']+)'!A1\"", sheets["Overview"]))

    titles = [re.findall(r"<a:t>([^<]+)</a:t>", chart)[0] for chart in charts]
    assert titles == ["Services by region", "Growth by quarter", "Services by partition", "Newest regions catching up"]
    assert all("'Chart Data'!" in chart for chart in charts)
    assert links == set(sheets) - {"Overview"}


def test_every_sheet_is_set_up_for_print(written: bytes, sheets: dict[str, str]) -> None:
    names = parts_of(written)["xl/workbook.xml"].decode()

    for title, sheet in sheets.items():
        assert 'fitToPage="1"' in sheet, title
        assert "<oddHeader>" in sheet, title
        assert "<tabColor" in sheet, title
        assert 'showGridLines="0"' in sheet, title
    repeated = re.findall(r'_xlnm.Print_Titles" localSheetId="(\d+)"', names)
    assert len(repeated) == len(sheets) - 1
    areas = dict(re.findall(r'_xlnm.Print_Area" localSheetId="(\d+)">([^<]+)<', names))
    raw = list(sheets).index("Regional Services")
    assert re.fullmatch(r"'Regional Services'!\$P\$1", areas[str(raw)])
    for title, last in {"Region Summary": "T", "Service Summary": "G", "Changes": "K"}.items():
        area = areas[str([*sheets].index(title))].replace("'", "")
        assert re.fullmatch(rf"{title}!\$A\$1:\${last}\$\d+", area), area


def test_cells_have_one_vertical_alignment_and_numbers_stand_right(written: bytes) -> None:
    styles = ET.fromstring(parts_of(written)["xl/styles.xml"])  # noqa: S314 - our own
    formats = styles.findall("s:cellXfs/s:xf", NS)
    bordered = [item.find("s:alignment", NS) for item in formats if item.get("borderId") not in {"0", None}]

    vertical = {entry.get("vertical") for entry in bordered if entry is not None and not entry.get("textRotation")}
    assert vertical <= {"top", "center"}
