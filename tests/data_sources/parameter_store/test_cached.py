from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.cache import Cache
from aws_ssm_fetcher.core.error_handling import PathUnreadError
from aws_ssm_fetcher.core.model.codes import RegionCode
from aws_ssm_fetcher.core.model.inventory import Effort, Source
from aws_ssm_fetcher.core.model.stamp import Stamp
from aws_ssm_fetcher.core.ports import Page, Parameter
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.live import KeptFeed
from aws_ssm_fetcher.data_sources.parameter_store.cached import CachedTree
from aws_ssm_fetcher.data_sources.regions_feed.reader import Remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = "https://ssm.us-east-1.amazonaws.com"
STAMPED = Parameter("regions/a", "a", Stamp(3, datetime(2020, 1, 2, tzinfo=UTC)))
PAGES = ((STAMPED,), (), (Parameter("regions/b", "b"),))


class Tree:
    """Counts how often it is asked, and fails while it is told to."""

    def __init__(self, region: str = "us-east-1") -> None:
        self.source = Source("aws", "a test", RegionCode(region), "full")
        self.calls = 0
        self.down = False

    as_of = None

    @property
    def effort(self) -> Effort:
        return Effort(self.calls, 0, 0, 0.0)

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:  # noqa: ARG002 - the port's names
        self.calls += 1
        yield PAGES[0]
        if self.down:
            raise PathUnreadError(path, code="ThrottlingException", attempts=8)
        yield from PAGES[1:]

    def named(self, paths: Sequence[str]) -> Page:
        self.calls += 1
        return tuple(Parameter(path, "x") for path in paths)


class Clock:
    now = datetime(2026, 11, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def cache(store: MemoryStore, clock: Clock | None = None, *, refresh: bool = False) -> Cache:
    return Cache([store], ttl_seconds=3600, clock=clock or Clock(), refresh=refresh)


def listed(tree: CachedTree, path: str = "regions", *, recursive: bool = False) -> list[Parameter]:
    return [parameter for page in tree.pages(path, recursive=recursive) for parameter in page]


def test_what_was_asked_within_the_hour_is_not_asked_again() -> None:
    tree, store = Tree(), MemoryStore()
    listed(CachedTree(tree, cache(store), HERE))

    again = CachedTree(tree, cache(store), HERE)
    assert listed(again) == [STAMPED, Parameter("regions/b", "b")]
    assert (tree.calls, again.effort) == (1, Effort(1, 0, 0, 0.0, from_cache=1))


def test_answers_from_the_cache_are_as_old_as_the_oldest() -> None:
    tree, store, clock = Tree(), MemoryStore(), Clock()
    first = CachedTree(tree, cache(store, clock), HERE)
    listed(first)
    assert first.as_of is None

    clock.now += timedelta(minutes=30)
    later = CachedTree(tree, cache(store, clock), HERE)
    listed(later, recursive=True)
    listed(later)
    assert later.as_of == Clock.now


def test_after_an_hour_or_when_reported_to_refresh_it_is() -> None:
    tree, store, clock = Tree(), MemoryStore(), Clock()
    listed(CachedTree(tree, cache(store, clock), HERE))

    listed(CachedTree(tree, cache(store, clock, refresh=True), HERE))
    clock.now += timedelta(hours=1)
    listed(CachedTree(tree, cache(store, clock), HERE))
    assert tree.calls == 3


def test_a_path_that_failed_is_not_remembered_as_empty_nor_as_half() -> None:
    tree, store = Tree(), MemoryStore()
    tree.down = True
    with pytest.raises(PathUnreadError):
        listed(CachedTree(tree, cache(store), HERE))
    assert store.objects == {}

    tree.down = False
    assert listed(CachedTree(tree, cache(store), HERE)) == [STAMPED, Parameter("regions/b", "b")]


def test_shallow_recursive_named_and_another_query_region_are_different_answers() -> None:
    store, tree, other = MemoryStore(), Tree(), Tree("eu-west-1")
    cached = CachedTree(tree, cache(store), HERE)
    listed(cached)
    listed(cached, recursive=True)
    cached.named(["regions/a"])
    cached.named(["regions/a", "regions/b"])
    listed(CachedTree(other, cache(store), "https://ssm.eu-west-1.amazonaws.com"))

    assert (tree.calls, other.calls) == (4, 1)


@pytest.mark.parametrize("value", [None, {}, "x", [{"path": "regions/a"}], [{"path": 1, "value": "a"}]])
def test_a_kept_answer_that_cannot_be_one_is_asked_for_again(value: object) -> None:
    tree, store = Tree(), MemoryStore()
    cache(store).remember(f"ssm {HERE} regions shallow", value)

    assert listed(CachedTree(tree, cache(store), HERE)) == [STAMPED, Parameter("regions/b", "b")]
    assert tree.calls == 1
    assert listed(CachedTree(tree, cache(store), HERE))
    assert tree.calls == 1


def test_the_last_good_copy_of_the_feed_is_kept_whatever_its_age() -> None:
    store, clock = MemoryStore(), Clock()
    copy = Remembered(b"<rss>\xc3\xa9</rss>", etag='"1"', last_modified=None)
    KeptFeed(cache(store, clock), "https://x").remember(copy)

    clock.now += timedelta(days=400)
    assert KeptFeed(cache(store, clock), "https://x").recall() == copy
    assert KeptFeed(cache(store, clock), "https://y").recall() is None


@pytest.mark.parametrize(
    "value", [None, [], {"body": "?"}, {"body": 1, "etag": None, "last_modified": None}, {"body": "", "etag": 7}]
)
def test_a_copy_that_cannot_be_read_is_none(value: object) -> None:
    store = MemoryStore()
    cache(store).remember("feed https://x", value)

    assert KeptFeed(cache(store), "https://x").recall() is None


def test_a_password_in_the_address_of_a_feed_never_stands_in_the_cache() -> None:
    store, copy = MemoryStore(), Remembered(b"<rss/>")
    for password in ("hunter2", "hunter3"):
        kept = KeptFeed(cache(store), f"https://me:{password}@example.com/rss?token={password}")
        kept.remember(copy)
        assert kept.recall() == copy

    bodies = b"".join(store.objects.values())
    assert (b"hunter" in bodies, b"feed https://***@example.com/rss?*** " in bodies) == (False, True)
    assert len(store.objects) == 2
