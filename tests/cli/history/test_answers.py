"""What a history answers, by value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from answers_as_text import show_past
from timelines import LINEAGE, day, history_of, regions, seen

from aws_ssm_fetcher.cli.history.phrases import phrase
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.error_handling import NotInHistoryError, UnknownCodeError
from aws_ssm_fetcher.core.model.changes import Change
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId, ServiceCode, ZoneId
from aws_ssm_fetcher.core.model.history import History
from aws_ssm_fetcher.processors.history.record import replay, sighting_of
from aws_ssm_fetcher.queries.history.changes import Wanted, changes, flaps
from aws_ssm_fetcher.queries.history.days import as_of, diff
from aws_ssm_fetcher.queries.history.past import growing, past
from aws_ssm_fetcher.queries.lookup import code_in

if TYPE_CHECKING:
    from aws_ssm_fetcher.cli.shared.answering import Answer
    from aws_ssm_fetcher.core.model.inventory import Inventory
    from aws_ssm_fetcher.processors.history.selection import Noun

CAUTION = Caution()
ONE, TWO = regions(2)
NAMES = {"phd": "Health", "awshealthdashboard": "Health"}
RUNS = (
    seen(0, {ONE: "ec2 phd s3", TWO: "ec2 phd s3"}, names=NAMES),
    seen(1, {ONE: "amp ec2 phd s3", TWO: "ec2 phd s3"}, names=NAMES),
    seen(10, {ONE: "amp awshealthdashboard ec2 s3", TWO: "awshealthdashboard s3"}, names=NAMES),
    seen(30, {ONE: "amp awshealthdashboard ec2 s3", TWO: "awshealthdashboard s3"}, names=NAMES),
    seen(31, {ONE: "amp awshealthdashboard s3", TWO: "awshealthdashboard s3"}, names=NAMES),
)
HISTORY = history_of(*RUNS)
MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


def ids(wanted: Wanted, *, pending: bool = False) -> list[str]:
    return [change.id for change in changes(HISTORY, CAUTION, wanted, pending=pending).changes]


OPENED = "service-opened/amp"
ADDED, RENAMED, REMOVED = f"added/{ONE}/amp", "renamed/phd/awshealthdashboard", f"removed/{TWO}/ec2"


def test_without_a_wish_all_changes_are_reported_in_the_order_of_their_announcement() -> None:
    assert ids(Wanted()) == [OPENED, ADDED, RENAMED, REMOVED]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(since=day(10)), [RENAMED, REMOVED]),
        (Wanted(since=day(10.5)), [REMOVED]),
        (Wanted(until=day(29.9)), [OPENED, ADDED, RENAMED]),
        (Wanted(since=day(2), until=day(10)), [RENAMED]),
        (Wanted(regions=[TWO.upper()]), [RENAMED, REMOVED]),
        (Wanted(regions=[ONE, TWO]), [ADDED, RENAMED, REMOVED]),
        (Wanted(services=["PHD"]), [RENAMED]),
        (Wanted(services=["awshealthdashboard", "ec2"]), [RENAMED, REMOVED]),
        (Wanted(kinds=["added", "removed"]), [ADDED, REMOVED]),
        (Wanted(regions=[ONE], services=["ec2"], kinds=["removed"]), []),
    ],
)
def test_changes_are_picked_by_when_they_were_announced_where_and_of_what(wanted: Wanted, found: list[str]) -> None:
    assert ids(wanted) == found


def test_what_is_pending_is_reported_instead_and_picked_by_when_it_was_seen() -> None:
    assert ids(Wanted(since=day(31)), pending=True) == ["service-ended/ec2", f"removed/{ONE}/ec2"]
    assert ids(Wanted(until=day(30)), pending=True) == []
    later = history_of(*RUNS, seen(32, {ONE: "amp awshealthdashboard s3", TWO: "awshealthdashboard s3"}))
    assert changes(later, CAUTION, Wanted(since=day(31.5)), pending=True).changes == ()


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (Wanted(), 4),
        (Wanted(since=day(30)), 2),
        (Wanted(since=day(31.5)), 0),
        (Wanted(until=day(0)), 0),
        (Wanted(until=day(-1)), 0),
        (Wanted(since=day(2), until=day(9)), 0),
    ],
)
def test_the_records_are_counted_that_could_have_shown_a_change(wanted: Wanted, number: int) -> None:
    assert changes(HISTORY, CAUTION, wanted).records == number


def test_a_day_has_its_matrix_and_its_run() -> None:
    answer = as_of(HISTORY, day(29))

    assert (answer.run.taken, answer.regions, answer.services, answer.offerings) == (day(10), 2, 4, 6)
    assert answer.offered == {ONE: ("amp", "awshealthdashboard", "ec2", "s3"), TWO: ("awshealthdashboard", "s3")}


def test_of_a_day_before_the_history_nothing_is_known() -> None:
    with pytest.raises(NotInHistoryError, match="nothing is known of 2025-12-31: the history begins on 2026-01-01"):
        as_of(HISTORY, day(-0.5))


def test_the_difference_of_two_days_is_what_the_one_has_and_the_other_has_not() -> None:
    answer = diff(HISTORY, day(1), day(20))

    assert (answer.before.taken, answer.after.taken) == (day(1), day(10))
    assert answer.added == ((ONE, "awshealthdashboard"), (TWO, "awshealthdashboard"))
    assert answer.removed == ((ONE, "phd"), (TWO, "ec2"), (TWO, "phd"))


def test_days_turned_round_swap_what_was_added_and_removed() -> None:
    there, back = diff(HISTORY, day(1), day(20)), diff(HISTORY, day(20), day(1))

    assert (there.added, there.removed, there.before) == (back.removed, back.added, back.after)


def test_a_day_compared_with_itself_differs_in_nothing() -> None:
    answer = diff(HISTORY, day(15), day(12))

    assert (answer.added, answer.removed) == ((), ())


def test_the_story_of_a_service_has_its_beginning_its_regions_and_what_became_of_it() -> None:
    answer = past(HISTORY, CAUTION, "service", "EC2")

    assert (answer.code, answer.first_seen, answer.beginning_known, answer.now) == ("ec2", day(0), False, ())
    assert [count.count for count in answer.counts] == [2, 2, 1, 1, 0]
    assert [(step.kind, step.codes) for step in answer.steps] == [("removed", (TWO,))]
    assert [item.id for item in answer.pending] == ["service-ended/ec2", f"removed/{ONE}/ec2"]


def test_what_is_pending_of_a_service_is_one_line_for_all_regions_at_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    history = history_of(seen(0, {ONE: "ec2 s3", TWO: "ec2 s3"}), seen(1, {ONE: "s3", TWO: "s3"}))
    answer = past(history, CAUTION, "service", "ec2")

    show_past(answer)
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "Pending (3)",
        "2026-01-02  ended: gone from all regions",
        f"2026-01-02  removed (2): {ONE} {TWO}",
    ]
    assert len(answer.pending) == 3


def test_the_story_of_a_service_that_came_has_a_known_beginning() -> None:
    answer = past(HISTORY, CAUTION, "service", "amp")

    assert (answer.first_seen, answer.beginning_known, answer.now) == (day(1), True, (ONE,))


def test_the_story_of_a_service_that_is_gone_is_reported() -> None:
    answer = past(HISTORY, CAUTION, "service", "phd")

    assert (answer.now, [step.kind for step in answer.steps]) == ((), ["renamed"])
    assert [(name.name, name.last_seen) for name in answer.names] == [("Health", day(1))]


def test_the_story_of_a_region_counts_its_services() -> None:
    answer = past(HISTORY, CAUTION, "region", TWO)

    assert answer.now == ("awshealthdashboard", "s3")
    assert [count.count for count in answer.counts] == [3, 3, 2, 2, 2]
    assert [(step.kind, step.codes) for step in answer.steps] == [
        ("renamed", ("awshealthdashboard",)),
        ("removed", ("ec2",)),
    ]


def test_the_story_of_a_service_has_the_earliest_day_that_aws_reported() -> None:
    output = sighting_of(seen(0, {ONE: "s3", TWO: "s3"}))
    hints = {
        item: date(2020, 1, number + 1) for number, item in enumerate(sorted(output.seen)) if item.kind == "offering"
    }
    history = replay(History(LINEAGE), [type(output)(output.run, output.seen, hints)])

    assert past(history, CAUTION, "service", "s3").hint == min(hints.values())
    assert past(history, CAUTION, "region", ONE).hint is None


@pytest.mark.parametrize(
    ("noun", "text", "nearest"),
    [("service", "awshealthdashbord", ("awshealthdashboard",)), ("service", "qqq", ()), ("region", "heal", ())],
)
def test_a_code_that_was_never_in_the_record_is_refused_with_what_looks_like_it(
    noun: Noun, text: str, nearest: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownCodeError) as unknown:
        code_in(HISTORY, noun, text)

    assert unknown.value.nearest == nearest


def test_a_service_is_proposed_by_its_name() -> None:
    with pytest.raises(UnknownCodeError) as unknown:
        code_in(HISTORY, "service", "heal")

    assert unknown.value.nearest == ("awshealthdashboard", "phd")


UNREAD = history_of(
    seen(0, {ONE: "ec2 s3", TWO: "s3"}),
    seen(1, {ONE: "s3", TWO: ""}, unread=[TWO]),
)
NOT_READ = f"shown as before if known: regions/{TWO}"


def test_what_the_run_of_a_day_could_not_read_is_reported_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    before, answer = as_of(UNREAD, day(0)), as_of(UNREAD, day(1))

    show_past(answer)
    assert (before.run.unread, answer.run.unread, answer.offered[TWO]) == ((), (f"regions/{TWO}",), ("s3",))
    assert f"Not read in this run, {NOT_READ}" in capsys.readouterr().out.splitlines()
    show_past(before)
    assert "Not read" not in capsys.readouterr().out


def test_of_two_days_it_is_reported_which_run_could_not_read_what(capsys: pytest.CaptureFixture[str]) -> None:
    answer = diff(UNREAD, day(0), day(1))

    show_past(answer)
    assert (answer.before.unread, answer.after.unread) == ((), (f"regions/{TWO}",))
    assert f"Not read in the run of 2026-01-02 00:00, {NOT_READ}" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("noun", "code", "unread"),
    [
        ("region", TWO, (f"regions/{TWO}",)),
        ("region", ONE, ()),
        ("service", "s3", (f"regions/{TWO}",)),
        ("service", "ec2", (f"regions/{TWO}",)),
    ],
)
def test_a_story_says_what_the_newest_run_could_not_read_of_it(
    noun: Noun, code: str, unread: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    answer = past(UNREAD, CAUTION, noun, code)

    show_past(answer)
    assert answer.unread == unread
    assert (f"Not read in the newest run, {NOT_READ}" in capsys.readouterr().out) == bool(unread)


def test_of_many_paths_that_were_not_read_some_are_named_and_topics_left_out_are_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    unread = ("endpoints", *(f"regions/x-{number}" for number in range(10)))
    run = HISTORY.runs[0]._replace(unread=unread)

    show_past(as_of(History(LINEAGE, (run,)), day(0)))
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Not read")]
    assert "endpoints" not in line
    assert line.endswith("regions/x-6, regions/x-7 and 2 more (--json lists all)")


def brief() -> tuple[Inventory, ...]:
    return seen(0, {ONE: "ec2 s3"}), seen(1, {ONE: "s3"}), seen(2, {ONE: "ec2 s3"})


def test_what_was_away_too_briefly_is_a_flap_and_in_the_story() -> None:
    history = history_of(*brief())

    [flap] = flaps(history, CAUTION).flaps
    assert (flap.kind, flap.service, flap.first, flap.until, flap.days) == ("absence", "ec2", day(1), day(2), 1)
    assert past(history, CAUTION, "service", "ec2").flaps == (flap,)


def test_what_days_a_flap_counts_is_said_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    show_past(flaps(history_of(seen(0, {ONE: "ec2 s3"}), seen(1, {ONE: "s3"}), seen(30, {ONE: "ec2 s3"})), CAUTION))

    *_, flap, output = capsys.readouterr().out.splitlines()
    assert flap == f"2026-01-02  2026-01-31    29  ec2 in {ONE} was missing"
    assert output.startswith("Days count up to the snapshot that ended it")


@pytest.mark.parametrize(
    ("answer", "titles", "rows"),
    [
        (as_of(HISTORY, day(1)), ("region", "service"), 7),
        (diff(HISTORY, day(1), day(10)), ("change", "region", "service"), 5),
        (growing(HISTORY, CAUTION), ("quarter", "taken", "regions", "services", "offerings"), 1),
        (flaps(history_of(*brief()), CAUTION), ("kind", "region", "service", "first", "until", "days"), 1),
    ],
)
def test_an_answer_in_rows_has_its_columns(answer: Answer, titles: tuple[str, ...], rows: int) -> None:
    result = answer.rows()

    assert (result.titles, len(list(result.rows))) == (titles, rows)


def test_a_change_in_rows_has_its_moments_and_the_regions_of_a_rename_in_one_cell() -> None:
    titles, rows = changes(HISTORY, CAUTION, Wanted(kinds=["renamed"])).rows()

    [row] = (dict(zip(titles, row, strict=True)) for row in rows)
    assert {name: cell for name, cell in row.items() if cell is not None} == {
        "id": RENAMED,
        "kind": "renamed",
        "seen": "2026-01-11T00:00:00Z",
        "announced": "2026-01-11T00:00:00Z",
        "run_id": "20260111T000000Z",
        "after": "2026-01-02T00:00:00Z",
        "service": "awshealthdashboard",
        "regions": f"{ONE} {TWO}",
        "old": "phd",
        "new": "awshealthdashboard",
    }


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"kind": "added", "hint": date(2025, 12, 1)}, "s3 in a, created 2025-12-01 according to AWS"),
        ({"kind": "removed"}, "s3 in a"),
        ({"kind": "returned", "absent_days": 1}, "s3 in a, after 1 day"),
        ({"kind": "renamed", "regions": ("a", "b"), "old": "x", "new": "s3"}, "x is now s3 in a, b"),
        ({"kind": "renamed", "regions": tuple("abcd"), "old": "x", "new": "s3"}, "x is now s3 in 4 regions"),
        ({"kind": "region-opened"}, "a"),
        ({"kind": "region-launched", "launched": date(2026, 1, 1)}, "a, launch date 2026-01-01"),
        ({"kind": "name-changed", "region": None, "old": "O", "new": "N"}, "s3: O is now N"),
        (
            {"kind": "name-changed", "region": None, "old": " O", "new": "O"},
            's3: " O" is now O',
        ),
        ({"kind": "endpoint-changed", "old": "o.a", "new": "n.a"}, "s3 in a: o.a is now n.a"),
        ({"kind": "zone-added", "zone": ZoneId("a-1"), "new": "local-zone"}, "a-1 (local-zone) in a"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["kind"],
)
def test_a_change_is_said_in_words_with_what_aws_says_of_its_day(parts: dict[str, Any], words: str) -> None:
    usual = {"region": RegionCode("a"), "service": ServiceCode("s3")}
    change = Change(id="x", seen=MOMENT, announced=MOMENT, run_id=RunId("r"), **(usual | parts))

    assert phrase(change) == words
