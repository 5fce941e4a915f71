from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.model import FEED, Finding, Gap, Oddity, OddityKind, RegionCode, RuleId
from aws_ssm_fetcher.processors.regional_validator import RULES, validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model import Inventory

    Maker = Callable[..., Inventory]


def with_offering(inventory: Inventory, **changes: object) -> Inventory:
    """Change the first offering."""
    first, *rest = inventory.offerings
    return replace(inventory, offerings=(replace(first, **changes), *rest))  # type: ignore[arg-type]


def with_service(inventory: Inventory, **changes: object) -> Inventory:
    """Change the first service."""
    first, *rest = inventory.services
    return replace(inventory, services=(replace(first, **changes), *rest))  # type: ignore[arg-type]


PLANTED: dict[str, tuple[Callable[[Maker], Inventory], Finding]] = {
    "a gap": (
        lambda make: make({"a": "s", "b": ""}, gaps=(Gap("regions/b", "Throttled", 8, RegionCode("b")),)),
        Finding(
            RuleId("path-not-read"),
            "error",
            "b",
            "regions/b could not be read: Throttled after 8 attempts",
            ("regions/b",),
        ),
    ),
    "a feed unread": (
        lambda make: make({"a": "s"}, gaps=(Gap(FEED, "HTTP 503", 2),)),
        Finding(
            RuleId("feed-not-read"),
            "warning",
            "feed",
            "could not be read: HTTP 503; launch dates are from nowhere",
        ),
    ),
    "two launch dates": (
        lambda make: replace(
            make({"a": "s"}),
            oddities=(Oddity(OddityKind("launch-date-differs"), "regions/a", "feed 2020-01-02, overlay 2020-01-01"),),
        ),
        Finding(
            RuleId("launch-dates-disagree"),
            "note",
            "a",
            "launch dates differ: feed 2020-01-02, overlay 2020-01-01",
        ),
    ),
    "an offering under one subtree": (
        lambda make: with_offering(make({"a": "s", "b": "s"}), only_in="regions"),
        Finding(RuleId("trees-disagree"), "warning", "s", "1 offering listed only under regions/", ("a",)),
    ),
    "two endpoints for one offering": (
        lambda make: replace(
            make({"a": "s"}), oddities=(Oddity(OddityKind("endpoint-differs"), "regions/a/services/s", "x, y"),)
        ),
        Finding(
            RuleId("trees-disagree"), "warning", "regions/a/services/s", "the two subtrees differ on the endpoint: x, y"
        ),
    ),
    "no long name": (
        lambda make: with_service(make({"a": "s"}), name=None),
        Finding(RuleId("service-without-name"), "warning", "s", "has no long name"),
    ),
    "no region": (
        lambda make: make({"a": "s"}, services="t"),
        Finding(RuleId("service-in-no-region"), "note", "t", "is named, and offered in no region"),
    ),
    "an endpoint elsewhere": (
        lambda make: with_offering(make({"a-1": "s", "b-1": ""}), endpoint="s.b-1.amazonaws.com"),
        Finding(RuleId("endpoint-in-another-region"), "note", "s", "1 region served from b-1", ("a-1",)),
    ),
    "two spellings": (
        lambda make: make({"a": "launch-wizard LaunchWizard"}),
        Finding(
            RuleId("equal-but-for-punctuation"),
            "warning",
            "LaunchWizard",
            "LaunchWizard and launch-wizard differ in punctuation or case alone",
            ("LaunchWizard", "launch-wizard"),
        ),
    ),
}


@pytest.mark.parametrize(("plant", "finding"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_fault_is_found_once_and_nothing_else(
    inventory_of: Maker, plant: Callable[[Maker], Inventory], finding: Finding
) -> None:
    assert validate(plant(inventory_of)) == (finding,)


def test_every_rule_has_a_planted_fault() -> None:
    assert {finding.rule for _, finding in PLANTED.values()} == {rule.id for rule in RULES}


def test_a_faultless_inventory_has_no_findings(inventory_of: Maker) -> None:
    inventory = with_offering(inventory_of({"a-1": "s", "b-1": "s t"}), endpoint="s.a-1.amazonaws.com")

    assert validate(inventory) == ()


def test_a_region_code_inside_another_word_is_not_an_endpoint_elsewhere(inventory_of: Maker) -> None:
    inventory = with_offering(inventory_of({"a-1": "s", "b-1": ""}), endpoint="s-b-1.amazonaws.com")

    assert validate(inventory) == ()


def test_a_service_seen_nowhere_is_not_called_offered_nowhere_while_a_region_is_unread(inventory_of: Maker) -> None:
    gap = Gap("regions/b", "Throttled", 8, RegionCode("b"))

    rules = [finding.rule for finding in validate(inventory_of({"a": "s", "b": ""}, services="t", gaps=(gap,)))]
    assert rules == ["path-not-read"]


def test_the_gravest_findings_come_first(real_inventory: Inventory) -> None:
    gap = Gap("regions/eu-west-3", "Throttled", 8, RegionCode("eu-west-3"))

    severities = [finding.severity for finding in validate(replace(real_inventory, gaps=(gap,)))]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert severities[0] == "error"


@pytest.mark.parametrize("path", ["services", "services/s/longName"])
def test_a_name_that_was_not_read_is_not_called_missing(inventory_of: Maker, path: str) -> None:
    inventory = with_service(inventory_of({"a": "s"}, gaps=(Gap(path, "Throttled", 8),)), name=None)

    assert [finding.rule for finding in validate(inventory)] == ["path-not-read"]
