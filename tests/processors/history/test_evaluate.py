"""Which run is rather a broken source than news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timelines import EMPTY, history_of, regions, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.processors.history import evaluate as quarantine
from aws_ssm_fetcher.processors.history.record import sighting_of

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.changes import QuarantineReason
    from aws_ssm_fetcher.core.model.history import History
    from aws_ssm_fetcher.core.model.inventory import Inventory

CAUTION = Caution()
CODES = [f"service-{number}" for number in range(10)]
WHOLE = dict.fromkeys(regions(20), " ".join(CODES))
BEFORE = history_of(seen(0, WHOLE))


def judge(history: History, inventory: Inventory, caution: Caution) -> tuple[QuarantineReason, ...]:
    return quarantine.evaluate(history, inventory, sighting_of(inventory), caution)


def without(*pairs: tuple[str, str]) -> dict[str, str]:
    """Take some of the 200 offerings away."""
    return {
        region: " ".join(code for code in listed.split() if (region, code) not in pairs)
        for region, listed in WHOLE.items()
    }


def test_the_same_again_is_accepted() -> None:
    assert judge(BEFORE, seen(1, WHOLE), CAUTION) == ()


def test_the_first_record_is_accepted() -> None:
    assert judge(EMPTY, seen(0, WHOLE), CAUTION) == ()


def test_an_empty_source_is_quarantined() -> None:
    reasons = judge(BEFORE, seen(1, dict.fromkeys(regions(20), "")), CAUTION)

    assert [reason.rule for reason in reasons] == ["empty", "too-many-removals", "region-lost"]


def test_an_empty_source_is_quarantined_even_if_it_is_the_first() -> None:
    assert [reason.rule for reason in judge(EMPTY, seen(0, {"eu-west-1": ""}), CAUTION)] == ["empty"]


def test_a_source_without_china_is_quarantined() -> None:
    whole = {**WHOLE, "cn-north-1": "s3", "cn-northwest-1": "s3"}

    [reason] = judge(history_of(seen(0, whole)), seen(1, WHOLE), CAUTION)

    message = "all offerings are gone in cn-north-1, cn-northwest-1, the whole of aws-cn"
    assert (reason.rule, reason.message) == ("region-lost", message)


def test_regions_may_be_lost_up_to_the_limit() -> None:
    whole = {**WHOLE, "cn-north-1": "s3", "cn-northwest-1": "s3"}

    assert judge(history_of(seen(0, whole)), seen(1, WHOLE), Caution(lost_regions=2)) == ()


def test_one_percent_of_the_offerings_may_go_and_no_more() -> None:
    two = [("xx-test-1", "service-1"), ("xx-test-2", "service-2")]
    three = [*two, ("xx-test-3", "service-3")]

    assert judge(BEFORE, seen(1, without(*two)), CAUTION) == ()
    assert [reason.message for reason in judge(BEFORE, seen(1, without(*three)), CAUTION)] == [
        "3 of 200 offerings (1.50 %) of the run before are gone; allowed are 1 %"
    ]


def test_a_mass_rename_of_codes_passes() -> None:
    hosts = {code: f"{code}.{{0}}" for code in CODES} | {f"aws-{code}": f"{code}.{{0}}" for code in CODES}
    renamed = dict.fromkeys(WHOLE, " ".join(f"aws-{code}" for code in CODES))

    before = history_of(seen(0, WHOLE, endpoints=hosts))

    assert judge(before, seen(1, renamed, endpoints=hosts), CAUTION) == ()


def test_a_mass_rename_of_long_names_passes() -> None:
    before = history_of(seen(0, WHOLE, names={code: f"Amazon {code}" for code in CODES}))

    assert judge(before, seen(1, WHOLE, names={code: f"AWS {code}" for code in CODES}), CAUTION) == ()


def test_what_could_not_be_read_is_not_gone() -> None:
    blind = {**WHOLE, "xx-test-1": ""}

    assert judge(BEFORE, seen(1, blind, unread=["xx-test-1"]), CAUTION) == ()


def test_too_many_unread_regions_are_quarantined() -> None:
    unread = ["xx-test-1", "xx-test-2"]
    blind = {**WHOLE, **dict.fromkeys(unread, "")}

    [reason] = judge(BEFORE, seen(1, blind, unread=unread), CAUTION)

    assert (reason.rule, reason.message) == (
        "too-many-gaps",
        "2 of 20 regions could not be read: xx-test-1, xx-test-2; allowed are 5 %",
    )


def test_another_record_of_a_moment_that_the_history_has_is_quarantined() -> None:
    [reason] = judge(BEFORE, seen(0, without(("xx-test-1", "service-1"))), CAUTION)

    assert reason.rule == "other-record"


def test_a_late_record_is_compared_with_the_one_before_it_in_time() -> None:
    history = history_of(seen(10, WHOLE), seen(0, {"xx-test-1": "service-1"}))

    assert judge(history, seen(5, {"xx-test-1": "service-1"}), CAUTION) == ()


def test_a_run_is_compared_with_what_was_known_before_it_whether_the_history_has_it_or_not() -> None:
    known = seen(0, dict.fromkeys(regions(5), "amp ec2"))
    blind = seen(1, dict.fromkeys(regions(5)[1:], "amp ec2") | {"xx-test-1": ""}, unread=["xx-test-1"])
    lost = seen(2, dict.fromkeys(regions(5)[1:], "amp ec2") | {"xx-test-1": "ec2"})
    before, since = history_of(known, blind), history_of(known, blind, lost)

    [reason] = judge(before, lost, CAUTION)

    assert reason.message == "1 of 10 offerings (10.00 %) of the run before are gone; allowed are 1 %"
    assert judge(since, lost, CAUTION) == (reason,)
    assert quarantine.evaluate_again(since, 2, CAUTION) == (reason,)
