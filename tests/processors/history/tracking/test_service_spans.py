"""Services that open and end as a whole."""

from __future__ import annotations

from timelines import day, history_of, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.processors.history.changes import changes, track

CAUTION = Caution()


def of_services(*offered: tuple[float, dict[str, str]]) -> list[tuple[str, str | None, object, object]]:
    result = changes(history_of(*(seen(number, listed) for number, listed in offered)), CAUTION)
    return [(item.kind, item.service, item.seen, item.announced) for item in result if item.kind.startswith("service-")]


def test_a_service_opens_with_its_first_region_and_only_once() -> None:
    assert of_services(
        (0, {"a": "s3", "b": "s3"}), (1, {"a": "amp s3", "b": "s3"}), (2, {"a": "amp s3", "b": "amp s3"})
    ) == [("service-opened", "amp", day(1), day(1))]


def test_a_service_that_one_snapshot_missed_does_not_open_again() -> None:
    assert of_services((0, {"a": "amp s3"}), (1, {"a": "s3"}), (2, {"a": "amp s3"})) == []


def test_a_service_ends_when_its_last_region_is_confirmed_gone() -> None:
    services = of_services(
        (0, {"a": "amp s3", "b": "amp s3"}),
        (1, {"a": "s3", "b": "amp s3"}),
        (10, {"a": "s3", "b": "s3"}),
        (17, {"a": "s3", "b": "s3"}),
        (18, {"a": "s3", "b": "s3"}),
    )

    assert services == [("service-ended", "amp", day(10), day(18))]


def test_a_service_that_ended_ends_again_after_it_was_back() -> None:
    there, gone = {"a": "amp s3"}, {"a": "s3"}
    numbers = [(0, there), (1, gone), (9, gone), (20, there), (21, gone), (29, gone)]
    result = changes(history_of(*(seen(number, listed) for number, listed in numbers)), CAUTION)

    assert [item.id for item in result if item.kind == "service-ended"] == ["service-ended/amp", "service-ended/amp/2"]


def test_a_service_that_goes_on_under_another_code_neither_ends_nor_opens() -> None:
    assert of_services((0, {"a": "healthlake s3"}), (7, {"a": "ahl s3"}), (20, {"a": "ahl s3"})) == []


def test_a_code_that_has_not_the_form_of_one_opens_no_service() -> None:
    odd = [(number, {"a": "__DELETE_FLAG__ s3"}) for number in (1, 9, 10)]

    assert of_services((0, {"a": "s3"}), *odd, (11, {"a": "s3"}), (30, {"a": "s3"})) == []


def test_an_end_that_is_not_confirmed_is_pending() -> None:
    result = track(history_of(seen(0, {"a": "amp s3"}), seen(1, {"a": "s3"})), CAUTION)

    assert [item.id for item in result.pending] == ["service-ended/amp", "removed/a/amp"]
