from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.history import dump_history, load_history
from aws_ssm_fetcher.core.documents.resource_types import dump_resource_types
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.history import LIVE_TYPES_ORIGIN, TYPES_LINEAGE, History
from aws_ssm_fetcher.core.model.resource_types import ResourceTypes, TypesSource, name_lists
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.processors.history.as_of import offerings_as_of
from aws_ssm_fetcher.processors.history.bundled import bundled_types_history, bundled_types_past, bundled_types_runs
from aws_ssm_fetcher.processors.history.changes import track
from aws_ssm_fetcher.processors.history.record import replay, sighting_of
from aws_ssm_fetcher.processors.types_history import (
    as_inventory,
    keep_types,
    quarantined_lists,
    replay_by_parts,
    types_sighting,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY: Final = datetime(2026, 10, 1, tzinfo=UTC)
NORTH, SOUTH, MODEL = RegionCode("eu-north-1"), RegionCode("eu-south-2"), RegionCode("us-east-1")
TWENTY: Final = frozenset(f"AWS::EC2::T{number}" for number in range(20))
AGENT: Final = "AWS::Bedrock::Agent"
CAUTION: Final = Caution()


def empty() -> History:
    return History(TYPES_LINEAGE)


def types_on(day: int, lists: Mapping[RegionCode, frozenset[str]]) -> ResourceTypes:
    taken = DAY + timedelta(days=day)
    source = TypesSource("aws", LIVE_TYPES_ORIGIN, taken)
    names_in = {MODEL: TWENTY | {AGENT, "AWS::S3::Bucket"}, **lists}
    return ResourceTypes(keys.run_id_of(taken), taken, name_lists(source, names_in, [NORTH, SOUTH]))


def stored(*documents: ResourceTypes) -> MemoryStore:
    store = MemoryStore()
    for document in documents:
        store.write(keys.resource_types_key(document.taken), dump_resource_types(document))
        keep_types(store, CAUTION, empty)
    return store


def history_in(store: MemoryStore) -> History:
    return load_history(store.read(keys.TYPES_HISTORY).body, keys.TYPES_HISTORY)


def announced(history: History) -> list[str]:
    return [
        f"{change.kind} {change.service} {change.region}" for change in track(history, CAUTION).changes if change.region
    ]


def test_a_type_that_came_is_a_change_and_one_that_left_is_one_once_that_is_confirmed() -> None:
    with_agent = {NORTH: TWENTY | {AGENT}, SOUTH: TWENTY}
    without = {NORTH: TWENTY, SOUTH: TWENTY}

    history = history_in(stored(types_on(0, without), types_on(1, with_agent), types_on(2, without)))
    assert announced(history) == [f"added {AGENT} {NORTH}"]
    confirmed = history_in(stored(*(types_on(day, with_agent if day == 1 else without) for day in (0, 1, 2, 11))))
    assert announced(confirmed) == [f"added {AGENT} {NORTH}", f"removed {AGENT} {NORTH}"]


def test_a_list_that_shrank_too_much_counts_as_unread_until_later_lists_confirm_it() -> None:
    full, short = {NORTH: TWENTY, SOUTH: TWENTY}, {NORTH: frozenset(sorted(TWENTY)[:5]), SOUTH: TWENTY}
    documents = [types_on(0, full), *(types_on(day, short) for day in (1, 5, 9, 18))]

    histories = [history_in(stored(*documents[:count])) for count in range(1, 6)]
    unread = [f"regions/{NORTH}/services" in history.runs[-1].unread for history in histories]
    assert unread == [False, True, True, False, False]
    assert announced(histories[2]) == []
    assert sum(line.startswith("removed") for line in announced(histories[4])) == 15


def test_a_region_that_suddenly_has_the_list_of_us_east_1_is_unread_and_nothing_came() -> None:
    full = {NORTH: TWENTY, SOUTH: TWENTY}
    history = history_in(stored(types_on(0, full), types_on(1, {**full, NORTH: TWENTY | {AGENT, "AWS::S3::Bucket"}})))

    assert announced(history) == []
    assert history.runs[-1].unread == (f"regions/{NORTH}/services",)


def test_a_last_good_copy_shows_nothing_of_its_later_day() -> None:
    types = types_on(1, {NORTH: TWENTY, SOUTH: TWENTY})
    rows = tuple(row._replace(taken=DAY) if row.region == NORTH else row for row in types.types.regions)

    inventory = as_inventory(replace(types, types=replace(types.types, regions=rows)))
    assert [gap.region for gap in inventory.gaps] == [NORTH]
    assert {offering.region for offering in inventory.offerings} == {SOUTH, MODEL}


def test_the_history_takes_of_lists_what_their_inventory_shows() -> None:
    types = types_on(1, {NORTH: TWENTY, SOUTH: TWENTY | {AGENT, "AWS::S3::Bucket"}})

    assert types_sighting(types) == sighting_of(as_inventory(types))
    assert types_sighting(types, frozenset({NORTH})) == sighting_of(as_inventory(types, [NORTH]))


@pytest.mark.parametrize("parts", [1, 3, 8])
def test_in_parts_the_history_gets_the_same_bytes(parts: int) -> None:
    history = empty()
    for types in RELEASES:
        history = replay_by_parts(history, types, parts=parts)

    assert dump_history(history) == IN_ORDER


def test_lists_again_and_lists_that_cannot_be_read_change_no_byte(caplog: pytest.LogCaptureFixture) -> None:
    store = stored(types_on(0, {NORTH: TWENTY, SOUTH: TWENTY}))
    before = dict(store.objects)
    keep_types(store, CAUTION, empty)
    store.write(keys.resource_types_key(DAY + timedelta(days=3)), b"{")

    keep_types(store, CAUTION, empty)
    assert store.objects[keys.TYPES_HISTORY] == before[keys.TYPES_HISTORY]
    assert "left out of their history" in caplog.text


def test_of_the_past_a_history_that_has_begun_needs_the_runs_alone() -> None:
    store = stored(types_on(0, {NORTH: TWENTY, SOUTH: TWENTY}))
    later = types_on(1, {NORTH: TWENTY, SOUTH: TWENTY | {AGENT}})
    store.write(keys.resource_types_key(later.taken), dump_resource_types(later))
    asked: list[str] = []

    def past() -> History:
        asked.append("past")
        return empty()

    keep_types(store, CAUTION, past, runs=lambda: ())
    assert asked == []
    assert len(history_in(store).runs) == 2
    assert bundled_types_runs() == bundled_types_past().runs


def test_a_store_with_no_more_than_the_bundled_lists_gets_no_history_of_its_own() -> None:
    store = MemoryStore()
    last = bundled_types_past().runs[-1].taken
    store.write(keys.resource_types_key(last), b"never read")

    keep_types(store, CAUTION, bundled_types_past)
    assert keys.TYPES_HISTORY not in store.objects


def test_a_list_that_was_never_there_is_not_quarantined() -> None:
    assert quarantined_lists(empty(), types_on(0, {NORTH: TWENTY}), CAUTION) == ()


@settings(max_examples=15)
@given(order=st.permutations(range(4)), again=st.lists(st.integers(0, 3), max_size=4))
def test_in_whatever_order_and_however_often_lists_come_the_history_has_the_same_bytes(
    order: list[int], again: list[int]
) -> None:
    history = replay(empty(), [SIGHTINGS[place] for place in (*order, *again)])

    assert dump_history(history) == IN_ORDER
    for sighting in SIGHTINGS:
        unread = {path.split("/")[1] for path in sighting.run.unread}
        shown = {pair for pair in offerings_as_of(history, sighting.run.taken) if pair[0] not in unread}
        assert shown == {(item.region, item.service) for item in sighting.seen}


def _release(position: int) -> ResourceTypes:
    """Return what one of the last bundled releases shows of some types."""
    releases, history = bundled_types_history()
    release = releases[position]
    names_in: dict[RegionCode, set[str]] = {}
    for region, name in offerings_as_of(history, release.taken):
        if name.startswith(("AWS::Lambda::", "AWS::Bedrock::A", "AWS::AppRunner::")) and region not in release.unread:
            names_in.setdefault(region, set()).add(name)
    source = TypesSource("bundled", release.origin, release.taken)
    return ResourceTypes(keys.run_id_of(release.taken), release.taken, name_lists(source, names_in, release.unread))


RELEASES: Final = [_release(position) for position in range(-4, 0)]
SIGHTINGS: Final = [sighting_of(as_inventory(types)) for types in RELEASES]
IN_ORDER: Final = dump_history(replay(empty(), SIGHTINGS))
