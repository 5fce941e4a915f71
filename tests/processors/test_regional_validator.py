from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.documents.shipped import lifecycle_table
from aws_ssm_fetcher.core.model.analysis import Finding, Quality, RegionQuality
from aws_ssm_fetcher.core.model.codes import FEED, OddityKind, RegionCode, RuleId, Scope, ServiceCode, Severity, ZoneId
from aws_ssm_fetcher.core.model.inventory import Gap, Launch, Oddity, Zone
from aws_ssm_fetcher.processors.data_transformer import reaches
from aws_ssm_fetcher.processors.regional_validator import grade, quality, validate
from aws_ssm_fetcher.processors.rules import RULES, Failure, RuleInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]
    Plant = Callable[[Inventory], Inventory]
    Remark = tuple[str, str, str, tuple[str, ...]]

A, B = "xa-north-1", "xa-south-1"
UNREAD_B = (Gap(f"regions/{B}", "Throttled", 8, RegionCode(B)),)


def with_region(**changes: Any) -> Plant:  # noqa: ANN401 - fields are of many types
    """Change the first region."""
    return lambda inventory: inventory._replace(
        regions=(inventory.regions[0]._replace(**changes), *inventory.regions[1:])
    )


def with_service(**changes: Any) -> Plant:  # noqa: ANN401 - fields are of many types
    """Change the first service."""
    return lambda inventory: inventory._replace(
        services=(inventory.services[0]._replace(**changes), *inventory.services[1:])
    )


def with_offering(**changes: Any) -> Plant:  # noqa: ANN401 - fields are of many types
    """Change the first offering."""
    return lambda inventory: inventory._replace(
        offerings=(inventory.offerings[0]._replace(**changes), *inventory.offerings[1:]),
    )


def with_oddity(kind: str, path: str, detail: str | None = None) -> Plant:
    return lambda inventory: inventory._replace(oddities=(Oddity(OddityKind(kind), path, detail),))


def with_gap(*gaps: Gap) -> Plant:
    return lambda inventory: inventory._replace(gaps=gaps)


def recoded(service: str) -> Plant:
    """Change the code of the first service, and its offerings with it."""

    def plant(inventory: Inventory) -> Inventory:
        old, new = inventory.services[0].code, ServiceCode(service)
        offerings = tuple(o._replace(service=new) if o.service == old else o for o in inventory.offerings)
        return with_service(code=new)(inventory)._replace(offerings=offerings)

    return plant


def moved(region: str) -> Plant:
    """Change the code of the first region, and its offerings with it."""

    def plant(inventory: Inventory) -> Inventory:
        old, new = inventory.regions[0].code, RegionCode(region)
        offerings = tuple(
            o._replace(region=new, endpoint=f"{o.service}.{new}.amazonaws.com") if o.region == old else o
            for o in inventory.offerings
        )
        return with_region(code=new)(inventory)._replace(offerings=offerings)

    return plant


TWO: dict[str, str] = {A: "s t", B: "s t"}
PLANTED: dict[str, tuple[dict[str, str], Plant, Remark]] = {
    "nothing in the record": (
        {},
        lambda inventory: inventory,
        ("nothing-offered", "record", "no offering in 0 regions", ()),
    ),
    "no offering in any region": (
        {A: "", B: ""},
        lambda inventory: inventory,
        ("nothing-offered", "record", "no offering in 2 regions", (A, B)),
    ),
    "a region unread": (
        {A: "s", B: ""},
        with_gap(*UNREAD_B),
        ("region-not-read", B, f"regions/{B} could not be read: Throttled after 8 attempts", (f"regions/{B}",)),
    ),
    "zones unread": (
        TWO,
        with_gap(Gap(f"regions/{B}/availability-zones", "Throttled", 1, RegionCode(B))),
        (
            "path-not-read",
            f"regions/{B}/availability-zones",
            f"regions/{B}/availability-zones could not be read: Throttled after 1 attempt",
            (B,),
        ),
    ),
    "services unread": (
        TWO,
        with_gap(Gap("services", "Throttled", 8)),
        ("path-not-read", "services", "services could not be read: Throttled after 8 attempts", ()),
    ),
    "parameters unread": (
        TWO,
        with_gap(*(Gap(path, "Throttled", 8) for path in ("services/s/longName", f"regions/{B}/domain"))),
        (
            "path-not-read",
            "record",
            "2 parameters could not be read: Throttled after 8 attempts",
            (f"regions/{B}/domain", "services/s/longName"),
        ),
    ),
    "a feed unread": (
        TWO,
        with_gap(Gap(FEED, "HTTP 503", 2)),
        ("feed-not-read", "feed", "could not be read: HTTP 503; launch dates are from overlay", ()),
    ),
    "a node without a value": (
        TWO,
        with_oddity("node-without-parameter", "services/s"),
        (
            "node-without-parameter",
            "s",
            "1 place of that name with children and no value of its own",
            ("services/s",),
        ),
    ),
    "a node with another value": (
        TWO,
        with_oddity("value-differs", f"regions/{A}", "b"),
        ("value-differs", A, "1 node of that name with a value that differs from its name", (f"regions/{A}",)),
    ),
    "a leaf nobody knows": (
        TWO,
        lambda inventory: inventory._replace(
            oddities=tuple(Oddity(OddityKind("unknown-leaf"), f"regions/{code}/motto") for code in (B, A)),
        ),
        (
            "unknown-leaf",
            "motto",
            "2 parameters of that name in an unexpected place",
            (f"regions/{A}/motto", f"regions/{B}/motto"),
        ),
    ),
    "an empty region": (
        {A: "s", B: ""},
        lambda inventory: inventory,
        ("region-without-services", B, "is listed without any service", ()),
    ),
    "a region without a name": (TWO, with_region(name=None), ("region-without-name", A, "has no long name", ())),
    "a new partition": (
        TWO,
        with_region(partition="aws-moon"),
        ("unexpected-partition", A, "is in partition aws-moon", ()),
    ),
    "no partition": (TWO, with_region(partition=None), ("unexpected-partition", A, "is in no partition", ())),
    "no availability zone": (TWO, with_region(zones=()), ("no-availability-zone", A, "has no availability zone", ())),
    "a zone in two regions": (
        TWO,
        with_region(zones=(Zone(ZoneId(f"{B}-az1"), "availability-zone"),)),
        ("zone-in-two-regions", f"{B}-az1", f"is a zone of {A} and {B}", (A, B)),
    ),
    "a zone without a region": (
        TWO,
        with_oddity("zone-without-region", "local-zones/z"),
        ("zone-without-region", "z", "is a zone of no region", ("local-zones/z",)),
    ),
    "an odd region code": (
        TWO,
        moved("atlantis"),
        ("odd-region-code", "atlantis", "is not a well-formed region code", ()),
    ),
    "no launch date": (TWO, with_region(launch=None), ("launch-date-unknown", A, "has no known launch date", ())),
    "a launch to come": (
        TWO,
        with_region(launch=Launch(date(2026, 10, 28), "feed", "a test")),
        ("launch-date-to-come", A, "is listed before its launch on 2026-10-28", ()),
    ),
    "two launch dates": (
        TWO,
        with_oddity("launch-date-differs", f"regions/{A}", "feed 2020-01-02, overlay 2020-01-01"),
        ("launch-dates-disagree", A, "launch dates differ: feed 2020-01-02, overlay 2020-01-01", ()),
    ),
    "a deletion marker": (
        TWO,
        recoded("__DELETE_FLAG__"),
        ("deletion-marker", "__DELETE_FLAG__", "looks like a deletion marker, in 2 regions", (A, B)),
    ),
    "two spellings": (
        {A: "launch-wizard launchwizard"},
        lambda inventory: inventory,
        (
            "equal-but-for-punctuation",
            "launch-wizard",
            "launch-wizard and launchwizard differ only in punctuation or case",
            ("launch-wizard", "launchwizard"),
        ),
    ),
    "no long name": (TWO, with_service(name=None), ("service-without-name", "s", "has no long name", ())),
    "an odd service code": (
        TWO,
        recoded("AmazonGameLiftStreams"),
        ("odd-service-code", "AmazonGameLiftStreams", "is not a well-formed service code", ()),
    ),
    "stray white space": (
        TWO,
        with_service(name="AWS  S "),
        ("name-with-stray-space", "s", "its long name has stray white space: 'AWS  S '", ()),
    ),
    "a name that is the code": (TWO, with_service(name="s"), ("name-is-code", "s", "its long name is its code", ())),
    "one name on two codes": (
        TWO,
        with_service(name="T"),
        ("name-shared", "s", "s and t are both named T", ("s", "t")),
    ),
    "endpoints of another service": (
        TWO,
        lambda inventory: with_offering(endpoint=f"autoscaling-plans.{A}.amazonaws.com")(
            recoded("application-autoscaling")(inventory)
        ),
        (
            "endpoint-of-another-service",
            "application-autoscaling",
            (
                "its endpoints, autoscaling-plans.*, are those of autoscaling-plans in the AWS CLI, "
                "not of application-autoscaling"
            ),
            (),
        ),
    ),
    "a service in no region": (
        TWO,
        lambda inventory: inventory._replace(
            services=(*inventory.services, inventory.services[0]._replace(code=ServiceCode("u"), name="U")),
        ),
        ("service-in-no-region", "u", "is listed and available in no region", ()),
    ),
    "a service past its end": (
        TWO,
        recoded("lumberyard"),
        (
            "service-past-its-end",
            "lumberyard",
            "is still listed in 2 regions, though Amazon Lumberyard has ended",
            ("https://aws.amazon.com/lumberyard/",),
        ),
    ),
    "a table of lifecycles that is old": (
        TWO,
        lambda inventory: inventory._replace(taken=datetime(2027, 6, 1, tzinfo=UTC)),
        (
            "old-lifecycle-rows",
            "lifecycle",
            f"{len(lifecycle_table())} rows checked more than 180 days ago",
            tuple(f"{row.name}, {row.feature}" if row.feature else row.name for row in lifecycle_table()),
        ),
    ),
    "no home page": (
        TWO,
        with_service(home_page=None),
        ("services-without-home-page", "services", "1 service without a home page", ("s",)),
    ),
    "an offering under one subtree": (
        TWO,
        with_offering(only_in="regions"),
        ("trees-disagree", "s", "1 offering listed only under regions/", (A,)),
    ),
    "two endpoints for one offering": (
        TWO,
        with_oddity("endpoint-differs", f"regions/{A}/services/s", "x, y"),
        ("trees-disagree", f"regions/{A}/services/s", "the two subtrees differ on the endpoint: x, y", ()),
    ),
    "two lists of protocols for one offering": (
        TWO,
        with_oddity("protocols-differ", f"regions/{A}/services/s", "x, y"),
        ("trees-disagree", f"regions/{A}/services/s", "the two subtrees differ on the protocols: x, y", ()),
    ),
    "an endpoint in another region": (
        TWO,
        with_offering(endpoint=f"s.{B}.amazonaws.com"),
        ("endpoint-in-another-region", "s", f"1 region served from {B}", (A,)),
    ),
    "an endpoint outside the domain": (
        TWO,
        with_offering(endpoint=f"s.{A}.api.aws"),
        ("endpoint-outside-domain", "s", "1 endpoint outside its region's domain", (A,)),
    ),
    "neither endpoint nor protocols": (
        TWO,
        with_offering(endpoint=None, protocols=()),
        ("offering-without-endpoint", "s", "1 offering with neither endpoint nor protocols", (A,)),
    ),
    "an endpoint without protocols": (
        TWO,
        with_offering(protocols=()),
        ("endpoint-without-protocols", "s", "1 endpoint without protocols", (A,)),
    ),
    "protocols without an endpoint": (
        TWO,
        with_offering(endpoint=None),
        ("protocols-without-endpoint", "s", "1 offering with protocols and no endpoint", (A,)),
    ),
}
FAILED_STEP = "step-failed"  # no inventory triggers it
OF_TYPES = {"listed-without-types", "types-without-listing", "list-of-types-quarantined"}
"""Nor these: they are about another source."""


def found_in(inventory: Inventory) -> tuple[Finding, ...]:
    return validate(RuleInput(inventory, reaches(inventory)))


@pytest.mark.parametrize(("offered", "plant", "remark"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_fault_is_found_once_and_nothing_else(
    perfect_of: Maker, offered: dict[str, str], plant: Plant, remark: Remark
) -> None:
    result = found_in(plant(perfect_of(offered)))

    assert [(item.rule, item.subject, item.message, item.evidence) for item in result] == [remark]


def test_every_rule_has_a_planted_fault() -> None:
    assert {remark[0] for *_, remark in PLANTED.values()} | {FAILED_STEP} | OF_TYPES == {rule.id for rule in RULES}


def test_a_failed_step_is_a_finding(perfect_of: Maker) -> None:
    evidence = RuleInput(perfect_of(TWO), reaches(perfect_of(TWO)), failures=(Failure("parity", "KeyError: 'x'"),))

    assert [(item.rule, item.subject, item.message) for item in validate(evidence)] == [
        (FAILED_STEP, "parity", "could not be computed: KeyError: 'x'")
    ]


def test_a_finding_carries_what_its_rule_says(perfect_of: Maker) -> None:
    (result,) = found_in(with_service(name=None)(perfect_of(TWO)))
    (rule,) = (rule for rule in RULES if rule.id == result.rule)

    assert (result.severity, result.scope, result.advice, result.cost) == (
        rule.severity,
        rule.scope,
        rule.advice,
        rule.cost,
    )


def test_a_faultless_inventory_has_no_findings(perfect_of: Maker) -> None:
    assert found_in(perfect_of({**TWO, "us-gov-east-1": "s", "eusc-de-east-1": "s"})) == ()


def test_a_launch_on_the_day_of_the_record_is_not_to_come(perfect_of: Maker) -> None:
    launched = with_region(launch=Launch(date(2026, 10, 27), "feed", "a test"))

    assert found_in(launched(perfect_of(TWO))) == ()


def test_of_a_leaf_that_comes_everywhere_ten_paths_are_shown_and_all_are_counted(perfect_of: Maker) -> None:
    oddities = tuple(Oddity(OddityKind("unknown-leaf"), f"services/s{number}/motto") for number in range(9000))

    (result,) = found_in(perfect_of(TWO)._replace(oddities=oddities))
    assert (result.message, len(result.evidence)) == (
        "9,000 parameters of that name in an unexpected place",
        10,
    )


def test_an_endpoint_with_several_offences_is_reported_by_each_rule(perfect_of: Maker) -> None:
    inventory = with_offering(endpoint=f"s.{B}.example", protocols=())(perfect_of(TWO))

    assert [item.rule for item in found_in(inventory)] == [
        "endpoint-in-another-region",
        "endpoint-outside-domain",
        "endpoint-without-protocols",
    ]


def test_a_region_that_the_record_does_not_list_may_serve_an_offering(perfect_of: Maker) -> None:
    (result,) = found_in(with_offering(endpoint="s.us-east-9.amazonaws.com")(perfect_of(TWO)))

    assert result.message == "1 region served from us-east-9"


def test_a_service_seen_nowhere_is_not_called_offered_nowhere_while_a_region_is_unread(perfect_of: Maker) -> None:
    inventory = with_gap(*UNREAD_B)(perfect_of({A: "s", B: ""}))
    more = inventory.services[0]._replace(code=ServiceCode("u"), name="U")

    rules = [item.rule for item in found_in(inventory._replace(services=(*inventory.services, more)))]
    assert rules == ["region-not-read"]


def test_what_a_level_of_detail_leaves_out_is_not_called_missing(perfect_of: Maker) -> None:
    inventory = with_service(home_page=None)(with_offering(endpoint=None, protocols=())(perfect_of(TWO)))
    bare = inventory._replace(regions=tuple(region._replace(zones=()) for region in inventory.regions))
    left_out = inventory.source._replace(left_out=("endpoints", "home-pages", "availability-zones"))

    assert found_in(bare._replace(source=left_out)) == ()


@pytest.mark.parametrize(
    ("path", "absent"),
    [
        ("services", with_service(name=None, home_page=None)),
        ("services/s/longName", with_service(name=None)),
        ("services/s/marketingHomeURL", with_service(home_page=None)),
        (f"regions/{A}/longName", with_region(name=None)),
        (f"regions/{A}/partition", with_region(partition=None)),
    ],
)
def test_what_was_not_read_is_not_called_missing(perfect_of: Maker, path: str, absent: Plant) -> None:
    inventory = with_gap(Gap(path, "Throttled", 8))(absent(perfect_of(TWO)))

    assert [item.rule for item in found_in(inventory)] == ["path-not-read"]


def test_what_was_read_is_called_missing_whatever_else_of_the_region_was_not(perfect_of: Maker) -> None:
    zones = with_gap(Gap(f"regions/{A}/availability-zones", "Throttled", 8, RegionCode(A)))
    inventory = zones(with_region(name=None, partition=None)(perfect_of(TWO)))

    assert [item.rule for item in found_in(inventory)] == [
        "path-not-read",
        "region-without-name",
        "unexpected-partition",
    ]


def test_a_service_in_no_region_is_reported_though_a_name_was_not_read(perfect_of: Maker) -> None:
    inventory = with_gap(Gap("services/s/longName", "Throttled", 8))(perfect_of(TWO))
    more = inventory.services[0]._replace(code=ServiceCode("u"), name="U")

    rules = [item.rule for item in found_in(inventory._replace(services=(*inventory.services, more)))]
    assert rules == ["path-not-read", "service-in-no-region"]


def test_the_gaps_of_one_call_cost_what_a_lost_region_costs(perfect_of: Maker) -> None:
    names = [f"regions/{code}/{leaf}" for code in (A, B) for leaf in ("domain", "longName", "partition", "x", "y")]
    call = with_gap(*(Gap(path, "Throttled", 8) for path in names))(perfect_of(TWO))

    codes = [RegionCode(A), RegionCode(B)]
    of_a_call, of_a_region = (quality(found_in(item), codes) for item in (call, with_gap(*UNREAD_B)(perfect_of(TWO))))
    assert of_a_call.score == of_a_region.score == 90
    assert [region.score for region in of_a_call.regions] == [90, 90]


def test_parameters_that_failed_in_two_ways_are_two_findings(perfect_of: Maker) -> None:
    gaps = Gap("services/s/longName", "Throttled", 8), Gap("services/t/longName", "ReadTimeoutError", 3)

    assert [item.message for item in found_in(with_gap(*gaps)(perfect_of(TWO)))] == [
        "1 parameter could not be read: ReadTimeoutError after 3 attempts",
        "1 parameter could not be read: Throttled after 8 attempts",
    ]


def test_the_most_severe_findings_come_first(real_inventory: Inventory) -> None:
    gap = Gap("regions/eu-west-3", "Throttled", 8, RegionCode("eu-west-3"))

    severities = [item.severity for item in found_in(real_inventory._replace(gaps=(gap,)))]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert severities[0] == "error"


def finding(
    severity: Severity, cost: int, subject: str, *evidence: str, rule: str = "r", scope: Scope = "service"
) -> Finding:
    return Finding(RuleId(rule), severity, scope, subject, "m", "do", cost, evidence)


def test_a_perfect_inventory_has_100_and_an_empty_one_0(perfect_of: Maker) -> None:
    full, empty = perfect_of(TWO), perfect_of({A: "", B: ""})

    scores = [quality(found_in(item), [region.code for region in item.regions]) for item in (full, empty)]
    assert scores == [
        Quality(100, "A", (RegionQuality(RegionCode(A), 100, "A"), RegionQuality(RegionCode(B), 100, "A"))),
        Quality(0, "F", (RegionQuality(RegionCode(A), 0, "F"), RegionQuality(RegionCode(B), 0, "F"))),
    ]


def test_a_region_loses_what_findings_that_name_it_cost() -> None:
    result = (
        finding("error", 10, f"regions/{A}/local-zones"),
        finding("warning", 1, "s", A, B),
        finding("warning", 1, "t", "u", "v"),
    )

    assert quality(result, [RegionCode(A), RegionCode(B)]) == Quality(
        88, "B", (RegionQuality(RegionCode(A), 89, "B"), RegionQuality(RegionCode(B), 99, "A"))
    )


def test_of_a_region_that_could_not_be_read_nothing_can_be_relied_on(perfect_of: Maker) -> None:
    result = found_in(with_gap(*UNREAD_B)(perfect_of({A: "s", B: ""})))

    assert quality(result, [RegionCode(A), RegionCode(B)]) == Quality(
        90, "A", (RegionQuality(RegionCode(A), 100, "A"), RegionQuality(RegionCode(B), 0, "F"))
    )


@pytest.mark.parametrize(
    ("score", "expected"),
    [(100, "A"), (90, "A"), (89, "B"), (80, "B"), (79, "C"), (70, "C"), (69, "D"), (60, "D"), (59, "F"), (0, "F")],
)
def test_a_grade_follows_the_score(score: int, expected: str) -> None:
    assert grade(score) == expected


@given(st.lists(st.sampled_from([0, 1, 10, 100]), max_size=40))
def test_a_score_is_100_less_the_costs_and_never_below_0(costs: list[int]) -> None:
    result = [finding("note", cost, "s") for cost in costs]

    assert quality(result, []).score == max(100 - sum(costs), 0)
