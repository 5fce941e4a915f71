from __future__ import annotations

import json
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest

from aws_ssm_fetcher.core.documents.shipped import LIFECYCLES, lifecycle_table
from aws_ssm_fetcher.core.model.codes import ServiceCode
from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry, by_service, ended_services
from aws_ssm_fetcher.data_sources.bundled import bundled_tree

MARKED = files("cfnlint") / "data" / "schemas" / "resources"
SNAPSHOT = date(2026, 10, 27)
NAMES = {
    "AppMesh": "AWS App Mesh",
    "AutoScaling": "Amazon EC2 Auto Scaling",
    "Cloud9": "AWS Cloud9",
    "CodeGuruReviewer": "Amazon CodeGuru Reviewer",
    "CodeStar": "AWS CodeStar",
    "Evidently": "Amazon CloudWatch Evidently",
    "FinSpace": "Amazon FinSpace",
    "Forecast": "Amazon Forecast",
    "FraudDetector": "Amazon Fraud Detector",
    "Greengrass": "AWS IoT Greengrass",
    "Inspector": "Amazon Inspector Classic",
    "IoTAnalytics": "AWS IoT Analytics",
    "IoTEvents": "AWS IoT Events",
    "IoTThingsGraph": "AWS IoT Things Graph",
    "MediaStore": "AWS Elemental MediaStore",
    "NimbleStudio": "Amazon Nimble Studio",
    "OpsWorks": "AWS OpsWorks Stacks",
    "Pinpoint": "Amazon Pinpoint",
    "Proton": "AWS Proton",
    "QLDB": "Amazon QLDB",
    "SimSpaceWeaver": "AWS SimSpace Weaver",
    "Timestream": "Amazon Timestream for LiveAnalytics",
    "WAF": "AWS WAF Classic",
    "WAFRegional": "AWS WAF Classic Regional",
}


def marks() -> dict[str, tuple[str, str | None]]:
    """Return the stage and the date that the resource schemas of each marked namespace name."""
    result: dict[str, set[tuple[str, str | None]]] = {}
    for file in MARKED.iterdir():
        schema = json.loads(file.read_bytes())
        if "lifecycle" in schema:
            mark = schema["lifecycle"]
            result.setdefault(schema["typeName"].split("::")[1], set()).add((mark["status"], mark.get("date")))
    assert all(len(own) == 1 for own in result.values())
    return {namespace: own.pop() for namespace, own in result.items()}


@pytest.fixture(name="marked", scope="module")
def _marked() -> dict[str, tuple[str, str | None]]:
    return marks()


def test_each_namespace_that_the_schemas_mark_has_a_row_with_its_stage_and_date(
    marked: dict[str, tuple[str, str | None]],
) -> None:
    rows = {entry.name: entry for entry in lifecycle_table()}
    stated = {
        namespace: (
            rows[name].stage.replace("shut down", "shutdown"),
            rows[name].ends_on or rows[name].entered_on or rows[name].closed_on,
        )
        for namespace, name in NAMES.items()
    }

    assert stated == {
        namespace: (status, date.fromisoformat(day) if day else None) for namespace, (status, day) in marked.items()
    }


def test_the_shipped_rows_are_sorted_and_none_stands_twice() -> None:
    keys = [(entry.name, entry.feature) for entry in lifecycle_table()]

    assert len(keys) == len(set(keys)) == 60
    names = [name.removeprefix("AWS ").removeprefix("Amazon ").lower() for name, _ in keys]
    assert names == sorted(names)


def test_every_row_has_a_page_of_aws_what_was_read_and_when() -> None:
    hosts = (
        "https://docs.aws.amazon.com/",
        "https://aws.amazon.com/",
        "https://docs.amazonaws.cn/",
        "https://docs.cloudendure.com/",
    )

    assert [row.name for row in lifecycle_table() if not row.source.startswith(hosts) or not row.evidence] == []


def test_every_code_of_a_row_is_one_that_the_bundled_snapshot_lists() -> None:
    listed = {p.path.split("/")[1] for page in bundled_tree().pages("services", recursive=True) for p in page}

    assert {code for row in lifecycle_table() for code in row.services} - listed == set()


def test_the_bundled_snapshot_still_lists_services_past_their_end() -> None:
    offered = Counter(
        path[3]
        for page in bundled_tree().pages("regions", recursive=True)
        for parameter in page
        if len(path := parameter.path.split("/")) == 4 and path[2] == "services"
    )
    counted = {code: offered[code] for code in ended_services(lifecycle_table(), SNAPSHOT) if offered[code]}

    assert counted == {
        "appmesh": 27,
        "chime": 20,
        "cloudenduremigration": 25,
        "finspace": 10,
        "finspace-data": 5,
        "inspector": 14,
        "lookoutequipment": 3,
        "lumberyard": 18,
        "mediastore": 9,
        "mediastore-data": 9,
        "opsworkschefautomate": 9,
        "opsworkspuppetenterprise": 9,
        "proton": 11,
        "snowcone": 15,
    }


def test_the_marks_alone_name_77_offerings_of_six_services_one_of_them_by_the_day_it_closed(
    marked: dict[str, tuple[str, str | None]],
) -> None:
    offered = Counter(
        path[3]
        for page in bundled_tree().pages("regions", recursive=True)
        for parameter in page
        if len(path := parameter.path.split("/")) == 4 and path[2] == "services"
    )
    passed = {
        namespace.lower(): offered[namespace.lower()]
        for namespace, (status, day) in marked.items()
        if status == "sunset" and day and day < SNAPSHOT.isoformat() and namespace != "Greengrass"
    }

    assert {code: count for code, count in passed.items() if count} == {
        "appmesh": 27,
        "finspace": 10,
        "frauddetector": 6,
        "inspector": 14,
        "mediastore": 9,
        "proton": 11,
    }
    assert sum(passed.values()) == 77
    assert "frauddetector" not in ended_services(lifecycle_table(), SNAPSHOT)


def entry(**fields: object) -> LifecycleEntry:
    usual = {
        "name": "AWS Thing",
        "services": (ServiceCode("thing"),),
        "stage": "sunset",
        "source": "https://aws.amazon.com/",
        "evidence": "a page",
        "checked": date(2026, 1, 1),
    }
    return LifecycleEntry(**(usual | fields))  # type: ignore[arg-type] # fields of one kind each


def test_a_stage_follows_from_the_day() -> None:
    row = entry(closed_on=date(2025, 10, 7), ends_on=date(2026, 10, 7))
    days = (date(2025, 10, 6), date(2025, 10, 7), date(2026, 10, 7), date(2026, 10, 8))

    assert [row.stage_on(day) for day in days] == [None, "sunset", "sunset", "shut down"]


def test_what_was_shut_down_before_anyone_noted_the_day_has_ended() -> None:
    assert entry(stage="shut down").ended_on(date(2026, 1, 1))
    assert not entry(stage="sunset").ended_on(date(2026, 1, 1))


def test_the_end_of_a_feature_is_no_end_of_its_service() -> None:
    row = entry(feature="version 1", ends_on=date(2020, 1, 1))

    assert ended_services([row], date(2026, 1, 1)) == {}


def test_a_row_is_old_after_half_a_year() -> None:
    row = entry(checked=date(2026, 1, 1))

    assert [row.is_old(date(2026, 6, 30)), row.is_old(date(2026, 7, 1))] == [False, True]


def test_a_service_has_its_own_rows_before_those_of_its_features() -> None:
    rows = (entry(feature="A"), entry(name="AWS Whole"))

    assert [row.feature for row in by_service(rows)[ServiceCode("thing")]] == [None, "A"]


def test_the_table_is_one_row_a_line() -> None:
    lines = LIFECYCLES.read_text().splitlines()

    assert len(lines) == len(lifecycle_table()) + 2
