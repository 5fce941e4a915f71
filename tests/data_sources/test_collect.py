from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.error_handling import CredentialsError, PathUnreadError, SourceError
from aws_ssm_fetcher.core.logging import configure
from aws_ssm_fetcher.core.model.codes import FEED, Detail, RegionCode, RunId
from aws_ssm_fetcher.core.model.inventory import Gap, Inventory, Launch, Source
from aws_ssm_fetcher.core.ports import Page, Parameter, Progress, silent
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.data_sources.threads import CallsInPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TAKEN = datetime(2026, 10, 27, tzinfo=UTC)
TREE = {
    "regions/a": "a",
    "regions/a/services/s": "s",
    "regions/b": "b",
    "regions/b/services/s": "s",
    "services/s": "s",
    "services/s/longName": "Service",
    "services/s/regions/a": "a",
    "services/s/regions/b": "b",
}


NO_DATES = Launches({})
OTHERS = {f"regions/r{n}": f"r{n}" for n in range(30)}
"""Enough regions for one gap to be a snag and no outage."""


class Tree:
    """A parameter store over a dict, where some paths fail after what they hold was given."""

    effort = None
    as_of: datetime | None = None

    def __init__(
        self,
        parameters: Mapping[str, str],
        failing: Mapping[str, SourceError] | None = None,
        detail: Detail = "full",
    ) -> None:
        self.parameters = parameters
        self.failing = failing or {}
        self.source = Source("aws", "a test", RegionCode("us-east-1"), detail)

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:
        for name, value in self.parameters.items():
            below = name.startswith(f"{path}/")
            if below and (recursive or "/" not in name.removeprefix(f"{path}/")):
                yield (Parameter(name, value),)
        if path in self.failing:
            raise self.failing[path]

    def named(self, paths: Sequence[str]) -> Page:
        return tuple(Parameter(path, self.parameters[path]) for path in paths if path in self.parameters)


def unread(path: str) -> PathUnreadError:
    return PathUnreadError(path, code="ThrottlingException", attempts=8)


def collected(tree: Tree, launches: Launches = NO_DATES, progress: Progress = silent) -> tuple[MemoryStore, Inventory]:
    store = MemoryStore()
    with ThreadPoolExecutor(4) as executor:
        key = collect(
            tree,
            lambda _: launches,
            store,
            run_id=RunId("r"),
            taken=TAKEN,
            executor=executor,
            progress=progress,
        )
    return store, run_documents.load_inventory(store.read(key).body, key)


def test_the_inventory_holds_what_both_subtrees_say_and_when_regions_opened() -> None:
    store, inventory = collected(Tree(TREE), Launches({RegionCode("a"): Launch(date(2020, 1, 1), "overlay", "a test")}))

    assert list(store.keys("")) == ["raw-data/2026/10/27/r/inventory.json"]
    assert [(o.region, o.service) for o in inventory.offerings] == [("a", "s"), ("b", "s")]
    assert [region.launch and region.launch.date for region in inventory.regions] == [date(2020, 1, 1), None]
    assert inventory.services[0].name == "Service"
    assert inventory.gaps == ()


def test_a_region_that_cannot_be_read_is_a_gap_and_the_others_go_on() -> None:
    _, inventory = collected(Tree(TREE | OTHERS, {"regions/b": unread("regions/b")}))

    assert inventory.gaps == (Gap("regions/b", "ThrottlingException", 8, RegionCode("b")),)
    assert inventory.unread_regions == {"b"}
    assert [(o.region, o.only_in) for o in inventory.offerings] == [("a", None), ("b", None)]


@pytest.mark.parametrize(
    "tree",
    [
        Tree({}),
        Tree({k: v for k, v in TREE.items() if k.startswith("services")}),
        Tree(TREE, {"regions": unread("regions")}),
        Tree(TREE, {"regions/b": CredentialsError("Gone", code="ExpiredTokenException")}),
        Tree(TREE | OTHERS, {f"regions/r{n}": unread(f"regions/r{n}") for n in range(2)}),
        Tree(TREE | OTHERS, {"services": unread("services")}),
    ],
    ids=["empty", "no region", "region list unread", "credentials gone", "too many regions", "services unread"],
)
def test_a_run_that_is_worth_nothing_fails_and_writes_nothing(tree: Tree) -> None:
    store = MemoryStore()

    with ThreadPoolExecutor(4) as executor, pytest.raises(SourceError):
        collect(tree, lambda _: Launches({}), store, run_id=RunId("r"), taken=TAKEN, executor=executor)
    assert store.objects == {}


def test_a_record_is_as_old_as_the_oldest_answer_from_the_cache() -> None:
    tree = Tree(TREE)
    tree.as_of = datetime(2026, 10, 26, 23, 30, tzinfo=UTC)

    store, inventory = collected(tree)
    assert inventory.taken == tree.as_of
    assert list(store.keys("")) == ["raw-data/2026/10/26/r/inventory.json"]


@pytest.fixture
def log() -> StringIO:
    """Return what a person reads of the package's log."""
    configure("INFO", stream := StringIO(), as_json=False)
    return stream


def test_a_run_that_is_named_after_an_older_record_is_so_named_in_its_log_too(log: StringIO) -> None:
    tree = Tree(TREE)
    tree.as_of = datetime(2026, 10, 26, 23, 30, tzinfo=UTC)

    with ThreadPoolExecutor(4) as executor:
        key = collect(tree, lambda _: NO_DATES, MemoryStore(), run_id=None, taken=TAKEN, executor=executor)

    assert log.getvalue() == f"INFO fetch 20261026T233000Z: Inventory written to {key}\n"
    assert key == "raw-data/2026/10/26/20261026T233000Z/inventory.json"


@pytest.mark.parametrize("detail", ["offerings", "endpoints"])
def test_what_only_one_subtree_was_asked_about_is_no_disagreement(detail: Detail) -> None:
    _, inventory = collected(Tree(TREE, detail=detail))

    assert [(o.region, o.service, o.only_in) for o in inventory.offerings] == [("a", "s", None), ("b", "s", None)]


def test_what_the_least_detail_leaves_out_is_said() -> None:
    _, inventory = collected(Tree(TREE, detail="offerings"))

    assert inventory.source.left_out == ("endpoints", "home-pages", "local-zones", "wavelength-zones")


def test_a_feed_that_was_not_read_is_a_gap_beside_those_of_the_tree() -> None:
    gap = Gap(FEED, "Timeout", 2)
    _, inventory = collected(Tree(TREE), Launches({}, gap))

    assert (inventory.gaps, inventory.tree_gaps) == ((gap,), ())


@pytest.mark.parametrize("detail", ["offerings", "endpoints", "full"])
def test_zones_of_the_top_level_trees_stand_in_the_region_that_they_name(detail: Detail) -> None:
    zone = "local-zones/usw2-lax1-az1"
    top = {
        zone: "usw2-lax1-az1",
        f"{zone}/parent-region": "a",
        f"{zone}/location": "US West (Los Angeles)",
        f"{zone}/network-border-group": "us-west-2-lax-1",
    }
    _, inventory = collected(Tree(TREE | top, detail=detail))

    (result,) = inventory.regions[0].zones
    assert (result.id, result.kind) == ("usw2-lax1-az1", "local-zone")
    assert result.location == (None if detail == "offerings" else "US West (Los Angeles)")


def test_equal_records_give_equal_bytes_in_whatever_order_they_come() -> None:
    first, _ = collected(Tree(TREE))
    second, _ = collected(Tree(dict(reversed(TREE.items()))))

    assert first.objects == second.objects


def test_progress_begins_at_none_and_ends_at_all() -> None:
    seen: list[tuple[int, int]] = []
    collected(Tree(TREE), progress=lambda step, done, total, note="": seen.append((done, total)))  # noqa: ARG005 - the port's names

    assert (seen[0], seen[-1]) == ((0, 1), (6, 6))


def test_a_call_in_place_is_done_when_it_is_submitted_and_keeps_its_error() -> None:
    executor = CallsInPlace()

    assert executor.submit(divmod, 7, 2).result() == (3, 1)
    with pytest.raises(ZeroDivisionError):
        executor.submit(divmod, 7, 0).result()
