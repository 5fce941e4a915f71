from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING

from python_calamine import CalamineWorkbook

from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.outputs import type_tables
from aws_ssm_fetcher.outputs.csv import csv_file
from aws_ssm_fetcher.outputs.excel import workbook
from aws_ssm_fetcher.outputs.json import compact_json_file, json_file
from aws_ssm_fetcher.outputs.tables import all_tables
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

URL = "AWS::Lambda::Url"


def test_the_sheet_of_types_has_a_tick_for_each_pair_and_a_question_mark_in_each_unknown_region(
    real_analysis: Analysis,
) -> None:
    lists = bundled_resource_types().types
    table = type_tables.resource_types(real_analysis, lists)

    ticks = Counter(cell for row in table.rows for cell in row[4:])
    titles = [column.title for column in table.columns]
    without_list = {"eusc-de-east-1", "me-south-1"}
    assert (len(table.rows), ticks[1], ticks["?"]) == (1884, 44_330, 1884 * len(without_list))
    assert {title for title in titles[4:] if all(row[titles.index(title)] == "?" for row in table.rows)} == without_list
    [row] = [row for row in table.rows if row[2] == URL]
    assert (row[0], row[3], sum(cell == 1 for cell in row[4:])) == ("lambda", 23, 23)


def test_types_are_grouped_by_service_and_those_without_one_come_last(real_analysis: Analysis) -> None:
    table = type_tables.resource_types(real_analysis, bundled_resource_types().types)

    services = [row[0] for row in table.rows]
    decided = [str(service) for service in services if service is not None]
    assert decided == sorted(decided, key=str.casefold)
    assert services == [*decided, *[None] * (len(services) - len(decided))]


def test_depth_is_full_partial_empty_unknown_or_without_types(real_analysis: Analysis) -> None:
    table = type_tables.service_depth(real_analysis)
    titles = [column.title for column in table.columns]

    def cell(service: str, region: str) -> object:
        [row] = [row for row in table.rows if row[0] == service]
        return row[titles.index(region)]

    assert cell("lambda", "us-east-1") == 100
    assert cell("lambda", "eusc-de-east-1") == "?"
    assert cell("apprunner", "ap-southeast-6") is None
    assert cell("chatbot", "us-east-1") == 100
    partial = cell("lambda", "ap-southeast-6")
    assert isinstance(partial, float)
    assert 0 < partial < 100


def test_every_format_names_the_same_types_in_the_same_regions(real_analysis: Analysis) -> None:
    lists = bundled_resource_types().types
    table = type_tables.resource_types(real_analysis, lists)
    part = table._replace(values=table.values[:100])  # a workbook of all takes seconds
    full, compact = json.loads(json_file(real_analysis, lists)), json.loads(compact_json_file(real_analysis, lists))

    header, *rows = csv.reader(io.StringIO(csv_file(table).decode(), newline=""))
    from_csv = {(row[2], header[at]) for row in rows for at in range(4, len(header)) if row[at] == "1"}
    body = workbook((part,), real_analysis)
    _, *sheet = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name("Resource Types").to_python()
    from_sheet = {(row[2], header[at]) for row in sheet for at in range(4, len(header)) if row[at] == 1}
    from_json = {(row["resource_type"], code) for row in full["resource_types"] for code in row["regions"]}
    codes = [row[0] for row in compact["regions"]["rows"]]
    groups = compact["resource_types"]["groups"]
    from_groups = {(name, codes[place]) for places, names in groups for place in places for name in names}
    shown = {row[2] for row in part.rows}
    assert from_csv == from_json == from_groups
    assert from_sheet == {pair for pair in from_csv if pair[0] in shown}
    assert len(from_csv) == 44_330
    assert full["metadata"]["resource_types"]["origin"] == "cfn-lint 1.58.0"


def test_depth_is_the_same_in_both_forms_of_json(real_analysis: Analysis) -> None:
    full, compact = json.loads(json_file(real_analysis)), json.loads(compact_json_file(real_analysis))

    codes = [row[0] for row in compact["regions"]["rows"]]
    assert {
        (service, codes[place], registered, of)
        for service, groups in compact["resource_types"]["depth"].items()
        for registered, of, places in groups
        for place in places
    } == {
        (row["service_code"], row["region_code"], row["resource_types"], row["types_in_partition"])
        for row in full["offerings"]
        if row["types_in_partition"] is not None
    }


def test_without_lists_the_tables_have_no_rows_and_the_statistics_say_so(
    inventory_of: Callable[..., Inventory],
) -> None:
    analysis = analyse(inventory_of({"a": "s"}))
    tables = {table.title: table for table in all_tables(analysis)}

    assert (tables["Resource Types"].rows, tables["Service Depth"].rows) == ((), ())
    assert ("Lists of resource types", "none") in [row[1:3] for row in tables["Statistics"].rows]
    assert json.loads(json_file(analysis))["resource_types"] == []
    assert json.loads(compact_json_file(analysis))["metadata"]["resource_types"] is None
