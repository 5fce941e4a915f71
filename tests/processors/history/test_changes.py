"""What changed and when it was certain: the incidents that were met in the real record, and made-up ones."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from random_records import CAUTIONS, records, zoned
from timelines import day, history_of, regions, seen

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.model.codes import RegionCode, ZoneId
from aws_ssm_fetcher.core.model.inventory import Gap, Launch, Zone
from aws_ssm_fetcher.processors.history.bundled import bundled_history
from aws_ssm_fetcher.processors.history.changes import Flap, Tracked, changes, news, track

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_ssm_fetcher.core.model.changes import Change
    from aws_ssm_fetcher.core.model.inventory import Inventory

CAUTION = Caution()
STEADY = "ec2 s3 sqs"
DAYS = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")
TAIPEI = RegionCode("ap-east-2")


@pytest.fixture(scope="module")
def past() -> Tracked:
    """All that the shipped history says of changes."""
    return track(load_history(bundled_history(), "shipped"), CAUTION)


def announced(*inventories: Inventory) -> list[tuple[str, str | None, str | None]]:
    """Return kind, region and service of all changes."""
    result = changes(history_of(*inventories), CAUTION)
    return [(change.kind, change.region, change.service) for change in result]


def of(changes: Iterable[Change], service: str) -> Counter[str]:
    return Counter(change.kind for change in changes if service in {change.service, change.old})


# The real past


def test_phd_to_awshealthdashboard_is_one_rename_in_31_regions(past: Tracked) -> None:
    changes = [change for change in past.changes if "phd" in {change.service, change.old} and change.kind != "added"]

    assert [(item.kind, item.old, item.new, len(item.regions)) for item in changes] == [
        ("renamed", "phd", "awshealthdashboard", 31)
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("amp", "aps"),
        ("sso", "identity-center"),
        ("appfabric", "aws-appfabric"),
        ("devops-agent", "aws-devops-agent"),
    ],
)
def test_the_other_renames_of_the_shipped_past_are_reported_as_such(past: Tracked, old: str, new: str) -> None:
    assert of(past.changes, old)["renamed"] == 1
    assert [change.new for change in past.changes if change.old == old] == [new]


def test_route53_application_recovery_controller_was_away_for_half_a_year_in_33_regions(past: Tracked) -> None:
    changes = [change for change in past.changes if change.service == "route53-application-recovery-controller"]

    kinds = Counter((item.kind, item.absent_days) for item in changes if item.kind in {"removed", "returned"})
    assert kinds == {("removed", None): 33, ("returned", 203): 33}


def test_every_region_that_opened_since_is_reported_once_with_both_dates_apart(past: Tracked) -> None:
    opened = {change.region: change.seen.date() for change in past.changes if change.kind == "region-opened"}
    launched = {change.region: change.launched for change in past.changes if change.kind == "region-launched"}

    assert opened.keys() == launched.keys()
    assert (len(opened), opened[TAIPEI], launched[TAIPEI]) == (13, date(2025, 6, 15), date(2025, 6, 6))


def test_no_two_changes_of_the_past_have_one_id(past: Tracked) -> None:
    assert [name for name, count in Counter(change.id for change in past.changes).items() if count > 1] == []


# Incidents, as daily or weekly records would have shown them


def test_the_changes_since_a_record_are_the_later_ones_of_all_with_the_same_ids() -> None:
    history = load_history(bundled_history(), "shipped")
    everything = track(history, CAUTION).changes

    for run in history.runs[::8]:
        assert changes(history, CAUTION, run.taken) == tuple(item for item in everything if item.announced > run.taken)


def test_support_gone_for_a_week_in_27_regions_is_a_flap_and_no_removal() -> None:
    with_it = dict.fromkeys(regions(27), f"{STEADY} support")
    without = dict.fromkeys(regions(27), STEADY)

    tracked = track(history_of(seen(0, with_it), seen(7, without), seen(14, with_it), seen(40, with_it)), CAUTION)

    assert tracked.changes == ()
    assert {(flap.kind, flap.service, flap.days) for flap in tracked.flaps} == {("absence", "support", 7)}
    assert len(tracked.flaps) == 27


def test_a_placeholder_in_30_regions_for_one_dump_is_never_announced() -> None:
    clean, marked = dict.fromkeys(regions(30), STEADY), dict.fromkeys(regions(30), f"__DELETE_FLAG__ {STEADY}")

    tracked = track(history_of(seen(0, clean), seen(7, marked), seen(14, clean), seen(40, clean)), CAUTION)

    assert (tracked.changes, tracked.pending) == ((), ())
    assert Counter(flap.kind for flap in tracked.flaps) == {"presence": 30}


def test_a_placeholder_that_stays_is_reported_once_it_lasted() -> None:
    clean, marked = {"eu-west-1": STEADY}, {"eu-west-1": f"__DELETE_FLAG__ {STEADY}"}

    [change] = changes(history_of(seen(0, clean), *[seen(number, marked) for number in (1, 2, 9)]), CAUTION)

    assert (change.kind, change.seen, change.announced) == ("added", day(1), day(9))


def test_a_region_that_appears_32_days_before_its_launch_opens_and_launches_on_different_days() -> None:
    launch = {"eusc-de-east-1": Launch(day(42).date(), "feed", "announced")}
    new = {"eu-west-1": STEADY, "eusc-de-east-1": STEADY}

    result = changes(
        history_of(
            seen(0, {"eu-west-1": STEADY}),
            seen(10, new, launches=launch),
            seen(41, new, launches=launch),
            seen(43, new, launches=launch),
        ),
        CAUTION,
    )

    dates = [(item.kind, item.announced, item.launched) for item in result if item.kind.startswith("region-")]
    assert dates == [("region-opened", day(10), None), ("region-launched", day(43), day(42).date())]


def test_a_code_that_changes_is_known_by_its_endpoint() -> None:
    hosts = {"alpha": "alpha.{0}.amazonaws.com", "beta": "alpha.{0}.amazonaws.com"}
    old, new = dict.fromkeys(regions(3), f"alpha {STEADY}"), dict.fromkeys(regions(3), f"beta {STEADY}")

    assert announced(seen(0, old, endpoints=hosts), seen(1, new, endpoints=hosts)) == [("renamed", None, "beta")]


def test_a_code_that_changes_is_known_by_its_name() -> None:
    names = {"alpha": "AWS Alpha", "beta": "AWS Alpha"}
    old, new = {"eu-west-1": f"alpha {STEADY}"}, {"eu-west-1": f"beta {STEADY}"}

    assert announced(seen(0, old, names=names), seen(1, new, names=names)) == [("renamed", None, "beta")]


def test_a_code_that_changes_together_with_the_name_is_known_by_what_is_written_down_of_it() -> None:
    before = seen(0, {"a": "healthlake s3", "b": "s3"}, names={"healthlake": "Amazon HealthLake"})
    after = seen(1, {"a": "ahl s3", "b": "s3"}, names={"ahl": "AWS HealthLake"})

    assert announced(before, after) == [("renamed", None, "ahl")]


def test_a_service_that_goes_as_another_comes_is_no_rename_without_a_common_trait() -> None:
    old, new = {"eu-west-1": f"alpha {STEADY}"}, {"eu-west-1": f"beta {STEADY}"}

    assert announced(seen(0, old), *[seen(number, new) for number in (1, 2, 9)]) == [
        ("service-opened", None, "beta"),
        ("added", "eu-west-1", "beta"),
        ("service-ended", None, "alpha"),
        ("removed", "eu-west-1", "alpha"),
    ]


def test_a_mass_rename_of_long_names_is_reported_as_names() -> None:
    codes = [f"service-{number}" for number in range(50)]
    offered = {"eu-west-1": " ".join(codes)}

    result = announced(
        seen(0, offered, names={code: f"Amazon {code}" for code in codes}),
        seen(1, offered, names={code: f"AWS {code}" for code in codes}),
    )

    assert Counter(kind for kind, *_ in result) == {"name-changed": 50}


# Confirmation


def test_a_removal_is_dated_by_the_first_snapshot_without_and_announced_eight_days_later() -> None:
    full, less = {"eu-west-1": "amp s3", "eu-west-2": "amp"}, {"eu-west-1": "s3", "eu-west-2": "amp"}

    [change] = changes(history_of(seen(0, full), *[seen(number, less) for number in range(1, 11)]), CAUTION)

    assert (change.id, change.after, change.seen, change.announced, change.run_id) == (
        "removed/eu-west-1/amp",
        day(0),
        day(1),
        day(9),
        "20260110T000000Z",
    )


@pytest.mark.parametrize("back", [2, 5, 8])
def test_an_absence_of_up_to_a_week_read_daily_is_never_announced(back: int) -> None:
    full, less = {"eu-west-1": f"amp {STEADY}"}, {"eu-west-1": STEADY}
    away = [seen(number, less) for number in range(1, back)]

    tracked = track(history_of(seen(0, full), *away, *[seen(number, full) for number in range(back, 30)]), CAUTION)

    assert (tracked.changes, [flap.days for flap in tracked.flaps]) == ((), [back - 1])


@pytest.mark.parametrize(("last", "kinds"), [(8.9, []), (9, ["service-ended", "removed"])])
def test_two_snapshots_eight_days_apart_confirm_a_removal(last: float, kinds: list[str]) -> None:
    full, less = {"eu-west-1": f"amp {STEADY}"}, {"eu-west-1": STEADY}

    assert [kind for kind, *_ in announced(seen(0, full), seen(1, less), seen(last, less))] == kinds


def test_a_daily_run_that_is_a_minute_early_on_the_eighth_day_confirms_all_the_same() -> None:
    full, less = {"eu-west-1": "amp s3", "eu-west-2": "amp"}, {"eu-west-1": "s3", "eu-west-2": "amp"}

    assert [kind for kind, *_ in announced(seen(0.5, full), seen(1.5, less), seen(9.499, less))] == ["removed"]


def copied(inventory: Inventory, origin: str = "2 files of saved answers") -> Inventory:
    return inventory._replace(source=inventory.source._replace(kind="file", origin=origin))


def test_a_copy_of_a_snapshot_under_a_later_date_is_no_other_witness() -> None:
    full, less = {"eu-west-1": f"amp {STEADY}"}, {"eu-west-1": STEADY}
    grown = {"eu-west-1": f"kms {STEADY}"}
    first, between, copy = seen(1, less), seen(5, grown), copied(seen(12, less))

    assert "removed" not in [kind for kind, *_ in announced(seen(0, full), first, copied(seen(9, less)))]
    assert "removed" not in [kind for kind, *_ in announced(seen(0, full), first, between, copy)]
    assert "removed" in [kind for kind, *_ in announced(seen(0, full), first, copied(seen(9, grown)))]


def test_a_record_that_could_not_read_the_region_confirms_nothing() -> None:
    full, less = {"eu-west-1": f"amp {STEADY}"}, {"eu-west-1": STEADY}
    blind = [seen(number, {"eu-west-1": ""}, unread=["eu-west-1"]) for number in (2, 3, 30)]

    assert announced(seen(0, full), seen(1, less), *blind) == []


def test_what_returns_after_a_removal_was_announced_is_reported_with_the_length_of_its_absence() -> None:
    full, less = {"eu-west-1": f"amp {STEADY}"}, {"eu-west-1": STEADY}
    runs = [seen(0, full), *[seen(number, less) for number in (1, 2, 9)], seen(11, full)]

    result = changes(history_of(*runs), CAUTION)

    assert [(item.kind, item.absent_days) for item in result if item.region] == [("removed", None), ("returned", 10)]


def test_the_second_removal_has_an_id_of_its_own() -> None:
    full, less = {"eu-west-1": f"amp {STEADY}"}, {"eu-west-1": STEADY}
    away = [seen(number, less) for number in (1, 2, 9, 11, 12, 19)]

    result = changes(history_of(seen(0, full), seen(10, full), *away), CAUTION)

    assert [item.id for item in result if item.kind == "removed"] == [
        "removed/eu-west-1/amp",
        "removed/eu-west-1/amp/2",
    ]


def test_a_short_absence_names_its_days() -> None:
    full, less = {"eu-west-1": f"amp {STEADY}"}, {"eu-west-1": STEADY}

    [flap] = track(history_of(seen(0, full), seen(1, less), seen(3, full)), CAUTION).flaps

    assert flap == Flap("absence", flap.region, flap.service, day(1), day(3), 2)


# The other kinds


def test_the_first_record_is_no_news() -> None:
    assert announced(seen(0, {"eu-west-1": STEADY})) == []


def test_the_first_record_that_could_read_a_region_is_no_news_of_it() -> None:
    blind = seen(0, {"eu-west-1": "", "eu-west-2": STEADY}, unread=["eu-west-1"])

    assert announced(blind, seen(1, {"eu-west-1": STEADY, "eu-west-2": STEADY})) == []


def test_an_endpoint_that_is_followed_by_another_is_reported_with_both() -> None:
    offered = {"eu-west-1": "s3"}

    [change] = changes(
        history_of(seen(0, offered, endpoints={"s3": "s3.old"}), seen(1, offered, endpoints={"s3": "s3.new"})), CAUTION
    )

    assert (change.kind, change.region, change.service, change.old, change.new) == (
        "endpoint-changed",
        "eu-west-1",
        "s3",
        "s3.old",
        "s3.new",
    )


def test_a_zone_comes_at_once_and_goes_when_it_is_certain() -> None:
    zone = Zone(ZoneId("euw1-az4"), "availability-zone")
    plain = [seen(number, {"eu-west-1": STEADY}) for number in range(12)]
    with_zone = plain[1]._replace(regions=tuple(region._replace(zones=(zone,)) for region in plain[1].regions))

    result = changes(history_of(plain[0], with_zone, *plain[2:]), CAUTION)

    assert [(item.kind, item.zone, item.seen, item.announced) for item in result] == [
        ("zone-added", "euw1-az4", day(1), day(1)),
        ("zone-removed", "euw1-az4", day(2), day(10)),
    ]


def test_a_zone_whose_kind_changes_keeps_the_ids_of_what_was_announced_of_it() -> None:
    bare = [seen(number, {"eu-west-1": STEADY}) for number in (0, 1, 2, 20, 40)]
    real = [zoned(item, {"z1": "availability-zone"}) for item in bare[2:]]
    history = history_of(bare[0], zoned(bare[1], {"z1": "local-zone"}), *real)

    expected = [
        ("zone-added/eu-west-1/z1", "local-zone", day(1)),
        ("zone-added/eu-west-1/z1/2", "availability-zone", day(2)),
        ("zone-removed/eu-west-1/z1", "local-zone", day(20)),
    ]
    for entry in (history, load_history(dump_history(history), "again")):
        assert [(change.id, change.new, change.announced) for change in changes(entry, CAUTION)] == expected


def test_since_a_record_there_are_changes_alone_and_nothing_of_the_rest_in_part() -> None:
    full, less = {"eu-west-1": f"amp {STEADY}"}, {"eu-west-1": STEADY}
    history = history_of(seen(0, full), seen(1, less), seen(2, full), seen(3, less))

    whole, later = track(history, CAUTION), track(history, CAUTION, day(1))

    assert ([item.kind for item in whole.pending], len(whole.flaps)) == (["service-ended", "removed"], 1)
    assert (later.pending, later.flaps) == ((), ())


def test_a_launch_is_announced_by_a_run_that_read_the_feed() -> None:
    first, moved = ({"eu-west-1": Launch(day(number).date(), "feed", "a test")} for number in (9, 19))
    blind = seen(11, {"eu-west-1": "s3"})._replace(gaps=(Gap("feed", "Timeout", 1, None),))
    runs = [seen(0, {"eu-west-1": "s3"}), seen(5, {"eu-west-1": "s3"}, launches=first), blind]
    later = [seen(number, {"eu-west-1": "s3"}, launches=moved) for number in (12, 25)]

    assert changes(history_of(*runs), CAUTION) == ()
    [change] = changes(history_of(*runs, *later), CAUTION)
    assert (change.announced, change.launched, change.after) == (day(25), day(19).date(), day(12))


def test_news_is_what_was_announced_in_the_days_before_a_record() -> None:
    runs = [seen(0, {"eu-west-1": "s3"}), seen(10, {"eu-west-1": "ec2 s3"}), seen(450, {"eu-west-1": STEADY})]
    history = history_of(*runs, seen(460, {"eu-west-1": f"amp {STEADY}"}))

    assert [change.service for change in news(history, CAUTION, day(450)) if change.region] == ["sqs"]


# What holds of every history


def test_a_code_that_is_none_may_be_certain_after_the_time_that_is_asked_about() -> None:
    odd = [seen(number, {"eu-west-1": "__X__ s3" if number else "s3"}) for number in (0, 1, 2, 9)]
    history = history_of(*odd)

    result = changes(history, CAUTION, day(2))

    assert [(item.id, item.seen, item.announced) for item in result] == [("added/eu-west-1/__X__", day(1), day(9))]


@pytest.mark.parametrize("kind", ["offering", "zone"])
def test_what_no_run_shows_gone_is_not_gone(kind: str) -> None:
    line = {"kind": kind, "regions": ["eu-west-1"], "first_seen": DAYS[0], "last_seen": DAYS[0]}
    named = {"service": "__X__"} if kind == "offering" else {"zone": "z1", "value": "local-zone"}
    unread = ["regions/eu-west-1"] if kind == "offering" else ["local-zones"]
    runs: list[dict[str, object]] = [
        {"kind": "run", "taken": taken, "origin": "x", "unread": unread if number else []}
        for number, taken in enumerate(DAYS)
    ]
    head = {"kind": "history", "version": "2.0", "query_region": "us-east-1", "detail": "full", "runs": 3, "lines": 4}
    body = "".join(f"{json.dumps(run)}\n" for run in (head, *runs, line | named))

    assert track(load_history(gzip.compress(body.encode()), "a history by another"), CAUTION) == ((), (), ())


@settings(deadline=None, max_examples=250)
@given(records(), CAUTIONS)
def test_a_history_up_to_a_run_announces_what_the_whole_history_announces_up_to_it(
    inventories: list[Inventory], caution: Caution
) -> None:
    whole = changes(history_of(*inventories), caution)

    for count, last in enumerate(inventories[:-1], 1):
        early = changes(history_of(*inventories[:count]), caution)
        assert early == tuple(change for change in whole if change.announced <= last.taken)


@settings(deadline=None, max_examples=200)
@given(records(), CAUTIONS)
def test_what_was_announced_since_a_run_is_the_rest_of_the_whole(
    inventories: list[Inventory], caution: Caution
) -> None:
    history = history_of(*inventories)
    whole = changes(history, caution)

    for run in history.runs:
        assert changes(history, caution, run.taken) == tuple(item for item in whole if item.announced > run.taken)


@settings(deadline=None, max_examples=200)
@given(records(), CAUTIONS)
def test_a_history_that_was_written_and_read_again_says_the_same_of_changes(
    inventories: list[Inventory], caution: Caution
) -> None:
    history = history_of(*inventories)

    assert track(load_history(dump_history(history), "again"), caution) == track(history, caution)


@settings(deadline=None, max_examples=200)
@given(records(), CAUTIONS)
def test_each_change_has_an_id_of_its_own(inventories: list[Inventory], caution: Caution) -> None:
    tracked = track(history_of(*inventories), caution)

    counts = Counter(change.id for change in (*tracked.changes, *tracked.pending))
    assert [name for name, count in counts.items() if count > 1] == []
