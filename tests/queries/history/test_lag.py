"""How far a region trails another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from timelines import day, history_of, seen

from aws_ssm_fetcher.core.error_handling import SettingRefusedError, UnknownCodeError
from aws_ssm_fetcher.processors.history.bundled import bundled_past
from aws_ssm_fetcher.queries.history.lag import LagYear, MissingCount, lag
from aws_ssm_fetcher.queries.statistics import survival_median

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.model.history import History

LEAD, TRAIL = "us-east-1", "eu-south-2"


def history() -> History:
    return history_of(
        seen(0, {LEAD: "ec2 old s3", TRAIL: "ec2 s3"}),
        seen(10, {LEAD: "amp ec2 kms old s3", TRAIL: "ec2 s3"}),
        seen(20, {LEAD: "amp ec2 kms mcs old s3", TRAIL: "amp ec2 s3"}),
        seen(400, {LEAD: "amp ec2 kms mcs new old s3", TRAIL: "amp ec2 mcs own s3"}),
    )


def test_the_days_between_are_those_of_services_whose_beginning_is_known_in_both() -> None:
    answer = lag(history(), TRAIL, LEAD)

    assert [(item.service, item.days) for item in answer.shared] == [
        ("amp", 10),
        ("ec2", None),
        ("mcs", 380),
        ("s3", None),
    ]
    assert (answer.measured, answer.median_days) == (2, 195)
    assert answer.years == (LagYear(2026, 2, 195),)


def test_what_is_missing_has_the_day_since_when_the_other_one_has_it() -> None:
    answer = lag(history(), TRAIL, LEAD)

    assert [(item.service, item.leader_first, item.beginning_known) for item in answer.missing] == [
        ("old", day(0), False),
        ("kms", day(10), True),
        ("new", day(400), True),
    ]
    assert answer.only_here == 1


def test_the_gap_is_compared_with_that_of_a_year_before() -> None:
    answer = lag(history(), TRAIL, LEAD)

    assert answer.counts == (MissingCount(day(20), 3), MissingCount(day(400), 3))
    assert answer.closes is None
    assert lag(history(), LEAD, TRAIL).closes is False


def test_a_service_counts_from_its_first_code_on() -> None:
    renamed = history_of(
        seen(0, {LEAD: "s3", TRAIL: "s3"}),
        seen(10, {LEAD: "healthlake s3", TRAIL: "s3"}),
        seen(20, {LEAD: "ahl s3", TRAIL: "s3"}),
        seen(30, {LEAD: "ahl s3", TRAIL: "ahl s3"}),
    )

    assert [(item.service, item.days) for item in lag(renamed, TRAIL, LEAD).shared] == [("ahl", 20), ("s3", None)]


def test_a_region_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownCodeError):
        lag(history(), "xx-nowhere-9", LEAD)


def test_a_region_is_not_compared_with_itself() -> None:
    with pytest.raises(SettingRefusedError, match="Allowed: a region other than "):
        lag(history(), LEAD, LEAD)


def test_over_the_bundled_past_shared_and_missing_are_all_that_the_leader_has() -> None:
    past = bundled_past()
    answer = lag(past, TRAIL)

    theirs = {
        element.service
        for element, spans in past.spans.items()
        if element.kind == "offering" and element.region == LEAD and spans[-1].last is None
    }
    listed = [item.service for item in answer.shared] + [entry.service for entry in answer.missing]
    assert set(listed) == theirs
    assert len(listed) == len(theirs)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([], None),
        ([(5, True)], 5),
        ([(5, True), (9, False)], 5),
        ([(5, True), (6, False), (7, False)], None),
        ([(1, True), (2, True), (3, True), (4, True)], 2),
        ([(1, False), (2, True), (3, True)], 2),
    ],
)
def test_half_get_there_within_the_time_that_kaplan_and_meier_estimate(
    times: list[tuple[int, bool]], expected: int | None
) -> None:
    assert survival_median(times) == expected
