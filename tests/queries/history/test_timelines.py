"""Curves over time, by value."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from shipped_releases import shipped_releases
from timelines import EMPTY, day, history_of, regions, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.history import load_history
from aws_ssm_fetcher.core.model.history import Subject
from aws_ssm_fetcher.core.model.inventory import Launch
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.changes import changes, track
from aws_ssm_fetcher.processors.history.selection import about
from aws_ssm_fetcher.queries.history.timelines import (
    Quarter,
    Rollout,
    RolloutDuration,
    began,
    counted,
    growth,
    names_of,
    rollout,
    steps_of,
)

CAUTION = Caution()
A = Subject("offering", "a", "s3")


def spread(*numbers: int) -> str:
    return " ".join(f"s{number}" for number in numbers)


def test_subjects_are_counted_at_each_run_an_absence_included() -> None:
    history = history_of(seen(0, {"a": "s3"}), seen(1, {"a": "s3", "b": "s3"}), seen(2, {"b": "s3"}))

    assert counted(history, lambda subject: subject.kind == "offering") == (1, 2, 1)
    assert counted(history, lambda subject: subject == A) == (1, 1, 0)


def test_a_count_passes_over_a_run_that_could_not_read_it() -> None:
    history = history_of(
        seen(0, {"a": "s3", "b": "s3"}), seen(1, {"a": "s3", "b": ""}, unread="b"), seen(2, {"a": "s3", "b": "s3"})
    )

    assert counted(history, lambda subject: subject.kind == "offering") == (2, 2, 2)


def test_each_quarter_has_what_its_last_run_shows_and_one_without_a_run_has_nothing() -> None:
    history = history_of(
        seen(0, {"a": "s3"}), seen(80, {"a": "ec2 s3"}), seen(200, {"a": "ec2 s3", "b": "s3"}), seen(270, {"b": "s3"})
    )

    assert growth(history) == (
        Quarter("2026-Q1", day(80), 1, 2, 2),
        Quarter("2026-Q2"),
        Quarter("2026-Q3", day(270), 1, 1, 1),
    )


def test_the_last_moment_of_a_quarter_is_its_own_and_the_next_is_the_next_ones() -> None:
    assert [entry.quarter for entry in growth(history_of(seen(364.9999, {"a": "s3"})))] == ["2026-Q4"]
    assert [item.quarter for item in growth(history_of(seen(365, {"a": "s3"})))] == ["2027-Q1"]


def test_an_empty_history_has_no_quarters_and_no_speed() -> None:
    assert growth(EMPTY) == ()
    assert rollout(EMPTY, ()) == Rollout(
        0, 0, None, tuple(RolloutDuration(number, 0, 0, None, None) for number in (10, 20, 30))
    )


def test_the_speed_is_the_days_within_which_half_get_to_the_tenth_region_those_on_their_way_too() -> None:
    codes = regions(12)
    old = dict.fromkeys(codes, "s3")
    history = history_of(
        seen(0, old),
        seen(1, old | {codes[0]: "s3 fast slow"}),
        seen(5, old | dict.fromkeys(codes[:10], "s3 fast") | {codes[0]: "s3 fast slow"}),
        seen(31, dict.fromkeys(codes[:10], "s3 fast slow") | {codes[10]: "s3 slow", codes[11]: "s3"}),
        seen(32, dict.fromkeys(codes[:10], "s3 fast slow") | {codes[10]: "s3 slow", codes[11]: "late s3"}),
    )

    result = rollout(history, changes(history, CAUTION))
    assert (result.services, result.unknown) == (3, 1)
    never = [RolloutDuration(number, 0, 3, None, None) for number in (20, 30)]
    assert result.reaches == (RolloutDuration(10, 2, 1, 4, None), *never)
    assert result.days_between_runs == (1 + 4) / 2


def test_of_services_a_year_old_the_share_that_got_there_within_one_is_given() -> None:
    codes = regions(12)
    old = dict.fromkeys(codes, "s3")
    history = history_of(
        seen(0, old),
        seen(1, old | {codes[0]: "s3 fast never slow"}),
        seen(100, dict.fromkeys(codes[:10], "s3 fast") | {codes[0]: "s3 fast never slow"}),
        seen(500, dict.fromkeys(codes[:10], "s3 fast slow") | {codes[0]: "s3 fast never slow"}),
    )

    [tenth, *_] = rollout(history, changes(history, CAUTION)).reaches
    assert (tenth.services, tenth.on_the_way, tenth.within_a_year) == (2, 1, 1 / 3)


def test_a_code_that_has_not_the_form_of_one_does_not_count_in_growth() -> None:
    [quarter] = growth(history_of(seen(0, {"a": "__DELETE_FLAG__ s3", "b": "s3"})))

    assert (quarter.regions, quarter.services, quarter.offerings) == (2, 1, 2)


def test_growth_of_some_regions_counts_what_they_offer() -> None:
    history = history_of(seen(0, {"a": "ec2 s3", "cn-north-1": "s3"}))

    [china] = growth(history, lambda region: region.startswith("cn-"))
    assert (china.regions, china.services, china.offerings) == (1, 1, 1)


def test_a_part_of_fewer_regions_has_no_speed_of_getting_to_more() -> None:
    codes = regions(12)
    history = history_of(seen(0, dict.fromkeys(codes, "s3")), seen(1, dict.fromkeys(codes, "ec2 s3")))

    parts = [rollout(history, (), set(few).__contains__) for few in (codes[:11], codes[:9])]
    assert [[reach.regions for reach in part.reaches] for part in parts] == [[10], []]


def test_a_service_that_came_by_a_rename_began_at_an_unknown_time() -> None:
    codes = regions(3)
    names = {"phd": "Health", "awshealthdashboard": "Health"}
    history = history_of(
        seen(0, dict.fromkeys(codes, "phd s3"), names=names),
        seen(1, dict.fromkeys(codes, "awshealthdashboard s3"), names=names),
    )

    assert rollout(history, changes(history, CAUTION)).services == 0
    assert rollout(history, ()).services == 1


def test_a_service_in_a_region_that_no_earlier_run_could_read_began_at_an_unknown_time() -> None:
    history = history_of(seen(0, {"a": "s3", "b": ""}, unread="b"), seen(1, {"a": "new s3", "b": "new s3"}))

    assert rollout(history, ()).services == 0
    assert began(history, [Subject("offering", "a", "new")]) == (1, 0)
    assert began(history, [Subject("offering", "b", "new"), Subject("offering", "a", "new")]) == (1, None)


def test_what_the_first_run_shows_began_at_an_unknown_time() -> None:
    history = history_of(seen(0, {"a": "s3"}), seen(1, {"a": "ec2 s3"}))

    assert [began(history, [Subject("offering", "a", code)]) for code in ("s3", "ec2")] == [(0, None), (1, 0)]


def test_a_story_has_a_step_for_what_one_run_shows_of_a_kind() -> None:
    codes = regions(3)
    old = dict.fromkeys(codes, "s3")
    history = history_of(seen(0, old), seen(1, old | {codes[2]: "ec2 s3", codes[0]: "ec2 s3"}), seen(2, old))

    steps = steps_of(about(track(history, CAUTION).changes, "service", {"ec2"}), "service")
    assert [(step.seen, step.kind, step.codes) for step in steps] == [
        (day(1), "service-opened", ()),
        (day(1), "added", (codes[0], codes[2])),
    ]


def test_the_endpoints_of_many_regions_are_one_step_of_a_service() -> None:
    codes = regions(2)
    offered = dict.fromkeys(codes, "s3")
    history = history_of(
        seen(0, offered, endpoints={"s3": "s3.{}.old"}), seen(1, offered, endpoints={"s3": "s3.{}.new"})
    )

    [step] = steps_of(about(changes(history, CAUTION), "service", {"s3"}), "service")
    assert (step.codes, step.old, step.new) == (tuple(codes), "s3.{region}.old", "s3.{region}.new")


def test_the_story_of_a_region_begins_with_its_launch() -> None:
    launch = {"b": Launch(date(2026, 1, 2), "overlay", "a test")}
    history = history_of(seen(0, {"a": "s3"}), seen(1, {"a": "s3", "b": "ec2 s3"}, launches=launch))

    steps = steps_of(about(changes(history, CAUTION), "region", {"b"}), "region")
    assert [(step.kind, step.codes, step.launched) for step in steps] == [
        ("region-launched", (), date(2026, 1, 2)),
        ("region-opened", (), None),
        ("added", ("ec2", "s3"), None),
    ]


@pytest.mark.parametrize("code", ["phd", "awshealthdashboard"])
def test_a_rename_is_in_the_story_of_either_code_and_of_its_regions(code: str) -> None:
    codes = regions(2)
    names = {"phd": "Health", "awshealthdashboard": "Health"}
    history = history_of(
        seen(0, dict.fromkeys(codes, "phd s3"), names=names),
        seen(1, dict.fromkeys(codes, "awshealthdashboard s3"), names=names),
    )
    result = changes(history, CAUTION)

    assert [item.kind for item in about(result, "service", {code})] == ["renamed"]
    assert [entry.kind for entry in about(result, "region", {codes[1]})] == ["renamed"]
    assert list(about(result, "service", {"s3"})) == []


def test_names_are_reported_in_time() -> None:
    history = history_of(
        seen(0, {"a": "s3"}, names={"s3": "Old"}),
        seen(1, {"a": "s3"}, names={"s3": "New"}),
    )

    assert [name for _, name in names_of(history, "service", "s3")] == ["Old", "New"]


def test_the_shipped_past_has_at_each_quarters_end_the_offerings_of_its_last_release() -> None:
    history = load_history(bundled_history(), "shipped")
    last = {
        f"{release.taken.year}-Q{(release.taken.month + 2) // 3}": release.offerings for release in shipped_releases()
    }

    output = {entry.quarter: entry.offerings for entry in growth(history) if entry.taken}
    assert output == last
    assert [item.quarter for item in growth(history) if item.taken is None] == ["2022-Q2", "2023-Q1"]
    assert history.runs[-1].taken - history.runs[0].taken > timedelta(days=1000)
