from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from aws_ssm_fetcher.core import documents
from aws_ssm_fetcher.core.error_handling import CredentialsError, PathUnreadError, SourceError
from aws_ssm_fetcher.core.model import Gap, Inventory, Launch, RegionCode, RunId, Source
from aws_ssm_fetcher.core.ports import Page, Parameter
from aws_ssm_fetcher.core.stores import MemoryStore
from aws_ssm_fetcher.data_sources.collect import collect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


class Tree:
    """A parameter store over a dict, where some paths fail."""

    def __init__(self, parameters: Mapping[str, str], failing: Mapping[str, SourceError] | None = None) -> None:
        self.parameters = parameters
        self.failing = failing or {}
        self.source = Source("aws", "a test", RegionCode("us-east-1"), "full")

    def pages(self, path: str, *, recursive: bool) -> Iterator[Page]:
        for name, value in self.parameters.items():
            below = name.startswith(f"{path}/")
            if below and (recursive or "/" not in name.removeprefix(f"{path}/")):
                yield (Parameter(name, value),)
        if path in self.failing:
            raise self.failing[path]


def unread(path: str) -> PathUnreadError:
    return PathUnreadError(path, code="ThrottlingException", attempts=8)


def collected(tree: Tree) -> tuple[MemoryStore, Inventory]:
    store = MemoryStore()
    launches = {RegionCode("a"): Launch(date(2020, 1, 1), "overlay", "a test")}
    key = collect(tree, launches, store, run_id=RunId("r"), taken=TAKEN)
    return store, documents.load_inventory(store.read(key).body, key)


def test_the_inventory_holds_what_both_subtrees_say_and_when_regions_opened() -> None:
    store, inventory = collected(Tree(TREE))

    assert list(store.keys("")) == ["raw-data/2026/10/27/r/inventory.json"]
    assert [(o.region, o.service) for o in inventory.offerings] == [("a", "s"), ("b", "s")]
    assert [region.launch and region.launch.date for region in inventory.regions] == [date(2020, 1, 1), None]
    assert inventory.services[0].name == "Service"
    assert inventory.gaps == ()


def test_a_region_that_cannot_be_read_is_a_gap_and_the_others_go_on() -> None:
    _, inventory = collected(Tree(TREE, {"regions/b": unread("regions/b")}))

    assert inventory.gaps == (Gap("regions/b", "ThrottlingException", 8, RegionCode("b")),)
    assert inventory.unread_regions == {"b"}
    assert [(o.region, o.only_in) for o in inventory.offerings] == [("a", None), ("b", None)]


def test_without_the_services_tree_its_silence_is_a_gap_and_no_disagreement() -> None:
    tree = Tree({k: v for k, v in TREE.items() if k.startswith("regions")}, {"services": unread("services")})
    _, inventory = collected(tree)

    assert inventory.gaps == (Gap("services", "ThrottlingException", 8, None),)
    assert {o.only_in for o in inventory.offerings} == {None}


@pytest.mark.parametrize(
    "tree",
    [
        Tree({}),
        Tree({k: v for k, v in TREE.items() if k.startswith("services")}),
        Tree(TREE, {"regions": unread("regions")}),
        Tree(TREE, {"regions/b": CredentialsError("Gone", code="ExpiredTokenException")}),
        Tree(
            {f"regions/r{n}": f"r{n}" for n in range(9)}, {f"regions/r{n}": unread(f"regions/r{n}") for n in range(4)}
        ),
    ],
    ids=["empty", "no region", "region list unread", "credentials gone", "too many gaps"],
)
def test_a_run_that_is_worth_nothing_fails_and_writes_nothing(tree: Tree) -> None:
    store = MemoryStore()

    with pytest.raises(SourceError):
        collect(tree, {}, store, run_id=RunId("r"), taken=TAKEN)
    assert store.objects == {}


def test_equal_records_give_equal_bytes_in_whatever_order_they_come() -> None:
    first, _ = collected(Tree(TREE))
    second, _ = collected(Tree(dict(reversed(TREE.items()))))

    assert first.objects == second.objects


def test_progress_reaches_its_end() -> None:
    seen: list[tuple[int, int]] = []

    collect(
        Tree(TREE),
        {},
        MemoryStore(),
        run_id=RunId("r"),
        taken=TAKEN,
        progress=lambda step, done, total: seen.append((done, total)),  # noqa: ARG005 - the port's names
    )

    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
