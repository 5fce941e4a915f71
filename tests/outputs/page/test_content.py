from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from some_news import ONE_OF_EACH_KIND, analysis_of

from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.model.changes import QuarantineReason
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import Lineage
from aws_ssm_fetcher.core.model.inventory import Gap
from aws_ssm_fetcher.outputs.brief.worth import how_sure, worth_a_look
from aws_ssm_fetcher.outputs.page.changes import grouped_changes
from aws_ssm_fetcher.outputs.page.content import page_content
from aws_ssm_fetcher.outputs.page.past import past_of
from aws_ssm_fetcher.outputs.tables import service_matrix
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]


@pytest.fixture(scope="module")
def history() -> History:
    return load_history(bundled_history(), "bundled")


@pytest.fixture(scope="module")
def content(real_analysis: Analysis, history: History) -> dict[str, Any]:
    return page_content(real_analysis, history)


def offered(content: dict[str, Any], at: int) -> set[tuple[str, str]]:
    """Read the offerings of a day from the spans, as the browser does."""
    past = content["history"]
    regions = [*(region["code"] for region in content["regions"]), *past["regions"]]
    services = [*(service["code"] for service in content["services"]), *past["services"]]
    return {
        (regions[region], services[service])
        for service, first, last, places in past["spans"]
        if first <= at and (last == -1 or at <= last)
        for region in places
    }


def test_the_page_has_the_cells_of_the_service_matrix(real_analysis: Analysis, content: dict[str, Any]) -> None:
    matrix = service_matrix(real_analysis)
    cells = [
        [int(any(at in group[2] for group in groups)) for at in range(len(content["regions"]))]
        for groups in content["offerings"]
    ]

    codes = [service["code"] for service in content["services"]]
    assert codes == [service.code for service in real_analysis.inventory.services]
    assert dict(zip(codes, cells, strict=True)) == {row[0]: list(row[2:]) for row in matrix.rows}


def test_every_offering_has_the_reach_of_the_analysis(real_analysis: Analysis, content: dict[str, Any]) -> None:
    regions = [region["code"] for region in content["regions"]]
    listed = {
        (service["code"], regions[region]): (kind, None if served_from is None else regions[served_from])
        for service, groups in zip(content["services"], content["offerings"], strict=True)
        for kind, served_from, places in groups
        for region in places
    }

    assert listed == {
        (offering.service, offering.region): (reach.kind, reach.served_from)
        for offering, reach in zip(real_analysis.inventory.offerings, real_analysis.reaches, strict=True)
    }


@pytest.mark.parametrize("day", ["2022-02-18", "2023-10-27", "2025-01-01", "2026-10-27"])
def test_a_day_of_the_page_is_that_day_of_the_history(content: dict[str, Any], history: History, day: str) -> None:
    at = sum(item <= day for item in content["history"]["days"]) - 1

    assert offered(content, at) == offerings_as_of(history, datetime.fromisoformat(day).replace(tzinfo=UTC))


def test_what_later_runs_added_is_not_in_the_page_of_an_earlier_run(real_analysis: Analysis, history: History) -> None:
    earlier = real_analysis._replace(inventory=real_analysis.inventory._replace(taken=datetime(2025, 1, 1, tzinfo=UTC)))

    past = past_of(earlier, history)

    assert past is not None
    count = len(past["days"])
    assert past["days"][-1] <= "2025-01-01"
    assert all(first < count and last < count for _, first, last, _ in past["spans"])


def test_services_that_aws_lists_no_more_keep_their_last_name(content: dict[str, Any]) -> None:
    past = content["history"]

    assert "phd" in past["services"]
    assert set(past["names"]) <= {*past["services"], *past["regions"]}
    assert past["names"]["honeycode"] == "Amazon Honeycode"


def test_a_run_before_the_history_begins_has_none(inventory_of: Maker, history: History) -> None:
    early = inventory_of({"a": "s"})._replace(taken=datetime(2020, 1, 1, tzinfo=UTC))

    assert "history" not in page_content(analyse(early), history)
    assert "history" not in page_content(analyse(early), type(history)(Lineage(*history.lineage)))


def test_what_is_not_stated_is_left_out(inventory_of: Maker) -> None:
    content = page_content(analyse(inventory_of({"a": "s"})), None)

    assert content["regions"][0].keys() >= {"code", "name"}
    assert "launched" not in content["regions"][0]
    assert content.keys() & {"history", "changes", "quarantine", "unread"} == set()


def test_the_page_has_the_sentences_of_the_brief_and_what_waits_for_a_decision(
    real_analysis: Analysis, content: dict[str, Any]
) -> None:
    waiting = QuarantineReason("strand-lost", "19 of 25 gone at once", strand="wavelength-zones")

    assert content["look"] == worth_a_look(real_analysis)
    assert content["sure"] == how_sure(real_analysis)
    assert page_content(real_analysis._replace(quarantined_strands=(waiting,)), None)["strands"] == [waiting.message]


def test_a_region_that_could_not_be_read_is_named_by_its_position(inventory_of: Maker) -> None:
    gap = Gap("regions/b/services", "ThrottlingException", 3, region=RegionCode("b"))
    unread = inventory_of({"a": "s", "b": ""}, gaps=(gap,))

    assert page_content(analyse(unread), None)["unread"] == [1]


def test_changes_of_one_service_are_one_line() -> None:
    analysis = analysis_of(*ONE_OF_EACH_KIND)

    groups = grouped_changes(analysis.changes)

    assert {group["kind"] for group in groups} == {change.kind for change in analysis.changes}
    assert len(groups) == len(analysis.changes)
    twice = grouped_changes(
        [*analysis.changes, *(change._replace(region=RegionCode("b")) for change in analysis.changes if change.service)]
    )
    assert len(twice) == len(groups)


def test_every_change_is_in_one_group(real_analysis: Analysis) -> None:
    groups = grouped_changes(real_analysis.changes)

    listed = sum(len(group.get("zones") or group.get("regions", ())) for group in groups if group["kind"] != "renamed")
    assert listed == sum(change.kind not in {"renamed", "name-changed"} for change in real_analysis.changes) + sum(
        change.kind == "name-changed" and change.region is not None for change in real_analysis.changes
    )


def test_equal_runs_have_equal_pages(real_analysis: Analysis, history: History, content: dict[str, Any]) -> None:
    assert json.dumps(page_content(real_analysis, history)) == json.dumps(content)
