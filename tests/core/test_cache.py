"""What is kept, for how long, where it moves, and what is as good as nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest
from hooked_store import HookedStore
from hypothesis import given
from hypothesis import strategies as st

from aws_ssm_fetcher.core.cache import SKEW, Cache, CacheEntry, CacheInfo
from aws_ssm_fetcher.core.error_handling import StoreError
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.core.store.keys import cache_key
from aws_ssm_fetcher.core.store.memory import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path

    from aws_ssm_fetcher.core.ports import DeletingStore

NAME: Final = "ssm us-east-1 regions shallow"
KEY: Final = cache_key(NAME)
TTL: Final = 3_600
START: Final = datetime(2026, 10, 27, tzinfo=UTC)
THREADS: Final = 8


@dataclass
class World:
    """A clock that is set by hand, and a source that counts how often it is asked."""

    now: datetime = START
    asked: int = 0

    def clock(self) -> datetime:
        return self.now

    def fetch(self) -> int:
        self.asked += 1
        return self.asked

    def cache(self, *tiers: DeletingStore, ttl: int = TTL, refresh: bool = False) -> Cache:
        return Cache(tiers, ttl_seconds=ttl, clock=self.clock, refresh=refresh)


@pytest.fixture
def world() -> World:
    return World()


def broken_store(*names: str) -> HookedStore:
    """Return a store of which the calls of these names fail."""

    def fail(name: str, key: str) -> None:
        if name in names:
            raise StoreError(key, f"cannot {name}")

    return HookedStore(before=fail)


def entry(**changes: Any) -> bytes:  # noqa: ANN401 - whatever may stand in a broken entry
    """Make an entry of our name, but for these changes."""
    stored = f"{START:%Y-%m-%dT%H:%M:%SZ}"
    whole = {"entry": "cache", "version": "1.0", "name": NAME, "stored": stored, "value": "kept"}
    return json.dumps({name: part for name, part in {**whole, **changes}.items() if part is not ...}).encode()


# Kept


def test_what_was_fetched_is_not_fetched_again(world: World) -> None:
    cache = world.cache(MemoryStore())

    assert ([cache.entry(NAME, world.fetch).value for _ in range(3)], world.asked) == ([1, 1, 1], 1)


def test_each_name_has_its_own_value(world: World) -> None:
    cache = world.cache(MemoryStore())

    assert [cache.entry(name, world.fetch).value for name in ("a", "b", "a", "b")] == [1, 2, 1, 2]


@pytest.mark.parametrize(("age", "value"), [(0, 1), (TTL - 1, 1), (TTL, 2), (10 * TTL, 2)])
def test_a_value_is_kept_for_as_long_as_was_set(world: World, age: int, value: int) -> None:
    cache = world.cache(MemoryStore())
    cache.entry(NAME, world.fetch)
    world.now += timedelta(seconds=age)

    assert cache.entry(NAME, world.fetch).value == value


def test_kept_for_no_time_at_all_everything_is_fetched(world: World) -> None:
    cache = world.cache(MemoryStore(), ttl=0)

    assert [cache.entry(NAME, world.fetch).value for _ in range(3)] == [1, 2, 3]


def test_what_fetching_raises_passes_through_and_nothing_is_kept(world: World) -> None:
    store = MemoryStore()
    cache = world.cache(store)

    with pytest.raises(ZeroDivisionError):
        cache.entry(NAME, lambda: 1 // 0)
    assert (list(store.keys("")), cache.entry(NAME, world.fetch).value) == ([], 1)


@pytest.mark.parametrize("nothing", [None, [], {}, "", 0, False])
def test_an_empty_value_is_a_value(world: World, nothing: object) -> None:
    cache = world.cache(MemoryStore())
    cache.entry(NAME, lambda: nothing)

    assert (cache.entry(NAME, world.fetch).value, world.asked) == (nothing, 0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text("aé\n😀"),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.text(), JSON)
def test_a_value_comes_back_as_it_was(name: str, value: object) -> None:
    world, store = World(), MemoryStore()
    fetched = world.cache(store).entry(name, lambda: value).value

    assert fetched == world.cache(store).entry(name, world.fetch).value == value


def test_a_fetched_value_is_the_same_as_a_kept_one_and_nobody_elses(world: World) -> None:
    cache = world.cache(MemoryStore())
    fetched = cache.entry(NAME, lambda: {"pair": (1, 2)}).value
    fetched["pair"].append("mine")

    assert cache.entry(NAME, world.fetch).value == {"pair": [1, 2]}


def test_an_entry_says_what_it_is(world: World) -> None:
    store = MemoryStore()
    world.cache(store).entry(NAME, lambda: "kept")

    assert {key: json.loads(body) for key, body in store.objects.items()} == {KEY: json.loads(entry())}


def test_keys_are_the_same_in_every_process() -> None:
    code = f"from aws_ssm_fetcher.core.store.keys import cache_key; print(cache_key({NAME!r}))"
    keys = {
        subprocess.run(  # noqa: S603 - this very interpreter
            [sys.executable, "-P", "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert keys == {KEY} == {"cache/841006907367d48c2a5912a3c3542ecb6043944a068813241a632ace046f06da.json"}


# Tiers


def test_a_value_is_kept_in_every_tier(world: World) -> None:
    tiers = [MemoryStore(), MemoryStore(), MemoryStore()]
    world.cache(*tiers).entry(NAME, world.fetch)

    assert [list(tier.objects) for tier in tiers] == [[KEY]] * 3


def test_a_found_value_moves_to_the_nearer_tiers_and_keeps_its_age(world: World) -> None:
    tiers = [MemoryStore(), MemoryStore(), MemoryStore()]
    world.cache(tiers[1]).entry(NAME, world.fetch)
    world.now += timedelta(seconds=TTL - 1)
    cache = world.cache(*tiers)

    assert cache.entry(NAME, world.fetch).value == 1
    assert (tiers[0].objects, tiers[2].objects) == (tiers[1].objects, {})
    world.now += timedelta(seconds=1)
    assert cache.entry(NAME, world.fetch).value == 2


def test_a_farther_tier_is_asked_if_the_nearer_ones_value_is_too_old(world: World) -> None:
    near, far = MemoryStore(), MemoryStore()
    near.write(KEY, entry(value="old"))
    far.write(KEY, entry(value="new", stored="2026-10-27T00:59:00Z"))
    world.now += timedelta(seconds=TTL)

    assert (world.cache(near, far).entry(NAME, world.fetch).value, near.objects) == ("new", far.objects)


def test_no_tier_is_no_cache(world: World) -> None:
    cache = world.cache()

    assert [cache.entry(NAME, world.fetch).value for _ in range(2)] == [1, 2]


def test_a_refreshing_cache_reads_nothing_and_keeps_what_it_fetches(world: World) -> None:
    store = MemoryStore()
    store.write(KEY, entry())

    assert world.cache(store, refresh=True).entry(NAME, world.fetch).value == 1
    assert world.cache(store).entry(NAME, world.fetch).value == 1


# As good as nothing


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        entry()[:-1],
        entry(entry="inventory"),
        entry(version="2.0"),
        entry(version=1.0),
        entry(name="another"),
        entry(name=None),
        entry(stored="yesterday"),
        entry(stored="2026-10-27T00:00:00"),
        entry(stored=0),
        entry(stored="2026-10-27T00:01:01Z"),
        entry(stored="9999-12-31T23:59:59Z"),
        entry(value=...),
        entry(stored=...),
    ],
    ids=lambda body: body[:12].decode(errors="replace") + str(len(body)),
)
def test_what_is_no_entry_is_fetched_and_written_over(world: World, body: bytes) -> None:
    store = MemoryStore()
    store.write(KEY, body)
    cache = world.cache(store)

    assert cache.recall(NAME) is None
    assert [cache.entry(NAME, world.fetch).value for _ in range(2)] == [1, 1]
    assert world.cache(store).recall(NAME) == CacheEntry(1, START)


def test_what_is_no_entry_is_written_over_from_a_farther_tier(world: World) -> None:
    near, far = MemoryStore(), MemoryStore()
    near.write(KEY, b"{")
    far.write(KEY, entry())

    assert (world.cache(near, far).entry(NAME, world.fetch).value, near.objects) == ("kept", far.objects)


def test_clocks_may_differ_a_little(world: World) -> None:
    store = MemoryStore()
    store.write(KEY, entry(stored=f"{START + SKEW:%Y-%m-%dT%H:%M:%SZ}"))

    assert world.cache(store).entry(NAME, world.fetch).value == "kept"


# A tier that fails


@pytest.mark.parametrize("broken", [["read"], ["write"], ["read", "write"]], ids=" and ".join)
@pytest.mark.parametrize("place", [0, 1])
def test_a_broken_tier_is_passed_by(world: World, broken: list[str], place: int) -> None:
    tiers: list[DeletingStore] = [MemoryStore()]
    tiers.insert(place, broken_store(*broken))

    assert [world.cache(*tiers).entry(NAME, world.fetch).value for _ in range(2)] == [1, 1]


def test_a_broken_tier_is_named_once_for_reading_and_once_for_writing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    store = broken_store("read", "write")
    cache = world.cache(store)
    for name in "abc":
        cache.entry(name, world.fetch)

    assert ([name for name, _ in store.calls], [record.levelname for record in caplog.records]) == (
        ["read", "write"],
        ["WARNING"] * 2,
    )
    assert [record.getMessage().partition(": ")[0] for record in caplog.records] == [
        "A tier of the cache cannot be read and is ignored",
        "A tier of the cache cannot be written and is ignored",
    ]


def test_a_directory_that_cannot_be_written_does_not_fail_the_run(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert world.cache(DirectoryStore(tmp_path / "file")).entry(NAME, world.fetch).value == 1


# Last good copies


def test_the_newest_entry_is_recalled_however_old_it_is(world: World) -> None:
    near, far = MemoryStore(), MemoryStore()
    near.write(KEY, entry(value="older"))
    far.write(KEY, entry(value="newer", stored="2026-10-27T00:00:05Z"))
    world.now += timedelta(days=1_000)

    recalled = world.cache(near, far).recall(NAME)
    assert recalled == CacheEntry("newer", START + timedelta(seconds=5))


def test_what_was_never_kept_cannot_be_recalled(world: World) -> None:
    assert world.cache(MemoryStore()).recall(NAME) is None


def test_what_was_remembered_is_recalled_and_given(world: World) -> None:
    cache = world.cache(MemoryStore())
    cache.remember(NAME, ["value"])

    assert (cache.recall(NAME), cache.entry(NAME, world.fetch).value) == (CacheEntry(["value"], START), ["value"])


def test_a_refreshing_cache_still_recalls_the_last_good_copy(world: World) -> None:
    cache = world.cache(MemoryStore(), refresh=True)
    cache.remember(NAME, "copy")

    assert cache.recall(NAME) == CacheEntry("copy", START)


# Counted and cleared


def test_an_empty_cache_has_nothing(world: World) -> None:
    assert world.cache(MemoryStore()).info() == CacheInfo(0, 0, None, None)


def test_entries_are_counted_by_name_and_bytes_over_all_tiers(world: World) -> None:
    near, far = MemoryStore(), MemoryStore()
    cache = world.cache(near, far)
    cache.remember("a", 1)
    world.now += timedelta(seconds=5)
    cache.remember("b", 1)
    near.delete(cache_key("a"))
    far.write(cache_key("no entry"), b"{")
    far.write("raw-data/inventory.json", b"{}")
    size = len(near.read(cache_key("b")).body)

    assert cache.info() == CacheInfo(3, 3 * size + 1, START, START + timedelta(seconds=5))


def test_all_that_is_kept_can_be_cleared_and_nothing_else_is(world: World, tmp_path: Path) -> None:
    near, far = DirectoryStore(tmp_path), MemoryStore()
    cache = world.cache(near, far)
    for name in "abc":
        cache.remember(name, 1)
    near.delete(cache_key("a"))
    far.write(cache_key("no entry"), b"{")
    near.write("raw-data/inventory.json", b"{}")
    near.write("cache/mine/notes.txt", b"mine")

    assert (cache.clear(), cache.info()) == (4, CacheInfo(0, 0, None, None))
    assert list(near.keys("")) == ["cache/mine/notes.txt", "raw-data/inventory.json"]


@pytest.mark.parametrize(
    ("call", "broken"), [("info", "keys"), ("info", "read"), ("clear", "keys"), ("clear", "delete")]
)
def test_what_cannot_be_counted_or_cleared_is_reported(world: World, call: str, broken: str) -> None:
    store = broken_store(broken)
    world.cache(store).remember(NAME, 1)

    with pytest.raises(StoreError, match=f"cannot {broken}"):
        getattr(world.cache(store), call)()


# Many at once


def test_a_name_that_many_threads_want_at_once_is_fetched_once(world: World) -> None:
    cache = world.cache(MemoryStore())
    start = threading.Barrier(THREADS, timeout=30)

    def ask(_: int) -> object:
        start.wait()
        return cache.entry(NAME, world.fetch).value

    with ThreadPoolExecutor(THREADS) as executor:
        assert (list(executor.map(ask, range(THREADS))), world.asked) == ([1] * THREADS, 1)


def test_different_names_are_fetched_at_once(world: World) -> None:
    cache = world.cache(MemoryStore())
    all_fetching = threading.Barrier(THREADS, timeout=30)

    with ThreadPoolExecutor(THREADS) as executor:
        fetched = executor.map(lambda number: cache.entry(str(number), all_fetching.wait).value, range(THREADS))
        assert sorted(fetched) == list(range(THREADS))


def test_after_a_failure_the_next_in_line_fetches_itself(world: World) -> None:
    cache = world.cache(MemoryStore())
    numbers = count()
    start = threading.Barrier(THREADS, timeout=30)

    def fetch() -> str:
        if next(numbers) == 0:
            raise StoreError("source", "down")
        return "value"

    def ask(_: int) -> str:
        start.wait()
        try:
            return str(cache.entry(NAME, fetch).value)
        except StoreError:
            return "failed"

    with ThreadPoolExecutor(THREADS) as executor:
        assert sorted(executor.map(ask, range(THREADS))) == ["failed"] + ["value"] * (THREADS - 1)


def test_of_caches_that_write_the_same_name_at_once_an_entry_is_always_whole(world: World, tmp_path: Path) -> None:
    world.cache(DirectoryStore(tmp_path)).remember(NAME, "0" * 100_000)

    def write_and_read(number: int) -> set[int]:
        cache = world.cache(DirectoryStore(tmp_path))
        seen = set()
        for _ in range(10):
            cache.remember(NAME, str(number) * 100_000)
            recalled = cache.recall(NAME)
            seen.add(len(recalled.value) if recalled and len(set(recalled.value)) == 1 else 0)
        return seen

    with ThreadPoolExecutor(THREADS) as executor:
        assert set().union(*executor.map(write_and_read, range(THREADS))) == {100_000}


def test_a_ttl_of_nothing_fetches_even_where_the_clock_that_stored_it_was_ahead(world: World) -> None:
    world.cache(store := MemoryStore()).entry(NAME, world.fetch)
    world.now -= timedelta(seconds=30)

    assert world.cache(store, ttl=0).entry(NAME, world.fetch).value == 2
