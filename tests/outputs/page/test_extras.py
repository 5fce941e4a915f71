from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from aws_ssm_fetcher.core.model.aliases import alias_table, fold
from aws_ssm_fetcher.core.model.analysis import TypeFigures
from aws_ssm_fetcher.core.model.codes import ServiceCode
from aws_ssm_fetcher.core.model.resource_types import Depth
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types
from aws_ssm_fetcher.outputs.page.content import page_content
from aws_ssm_fetcher.outputs.page.depth import depth_of
from aws_ssm_fetcher.outputs.page.extras import lifecycles, other_names
from aws_ssm_fetcher.outputs.page.sources import Besides, besides
from aws_ssm_fetcher.processors.pipeline import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_ssm_fetcher.core.model.analysis import Analysis
    from aws_ssm_fetcher.core.model.inventory import Inventory

    Maker = Callable[..., Inventory]


def test_depth_is_given_for_each_service_by_the_regions_that_share_it(inventory_of: Maker) -> None:
    inventory = inventory_of({"a": "s t", "b": "s", "c": "s"})
    depths = (Depth(2, 3), None, Depth(3, 3), Depth(2, 3))  # of s and t in a, then of s in b and in c
    figures = TypeFigures("a list", datetime(2026, 10, 20, tzinfo=UTC), (), (), depths)
    analysis = analyse(inventory)._replace(types=figures)

    depth = depth_of(analysis, {"a": 0, "b": 1, "c": 2})

    assert depth == {"origin": "a list", "taken": "2026-10-20", "services": [[[2, 3, [0, 2]], [3, 3, [1]]], []]}
    assert page_content(analysis, None)["depth"] == depth


def test_without_lists_of_resource_types_nothing_is_said_of_depth(inventory_of: Maker) -> None:
    analysis = analyse(inventory_of({"a": "s"}))._replace(types=None)

    assert "depth" not in page_content(analysis, None)


def test_a_lifecycle_is_that_of_the_day_of_the_snapshot() -> None:
    before, after = lifecycles(date(2026, 9, 30)), lifecycles(date(2026, 10, 1))

    mesh = ServiceCode("appmesh")
    assert (before[mesh]["lifecycle"]["stage"], after[mesh]["lifecycle"]["stage"]) == ("sunset", "shut down")
    assert after[mesh]["lifecycle"]["ends"] == "2026-09-30"
    assert after[mesh]["lifecycle"]["source"].startswith("https://")


def test_a_service_has_each_other_name_once_and_not_its_own_code() -> None:
    names = other_names()

    assert names
    for code, own in names.items():
        folded = [fold(name) for name in own]
        assert len(set(folded)) == len(folded)
        assert fold(code) not in folded
    listed = {(alias.service, fold(alias.name)) for alias in alias_table().aliases}
    assert {(code, fold(name)) for code, own in names.items() for name in own} <= listed


def test_the_types_that_a_region_lacks_are_named(real_analysis: Analysis) -> None:
    lists = bundled_resource_types().types
    positions: dict[str, int] = {region.code: at for at, region in enumerate(real_analysis.inventory.regions)}

    depth = depth_of(real_analysis, positions, lists)

    assert depth is not None
    counted = {
        (at, region): of - registered
        for at, groups in enumerate(depth["services"])
        for registered, of, regions in groups
        for region in regions
        if of > registered
    }
    named: Counter[tuple[int, int]] = Counter()
    for at, groups in enumerate(depth["missing"]):
        for names, regions in groups:
            named.update({(at, region): len(names) for region in regions})
    assert named == counted


def test_lists_other_than_those_of_the_analysis_name_nothing(real_run: MemoryStore, real_analysis: Analysis) -> None:
    assert besides(real_run, real_analysis).types is not None
    assert real_analysis.types is not None
    other = real_analysis._replace(types=real_analysis.types._replace(origin="another list"))

    assert besides(real_run, other).types is None
    assert besides(MemoryStore(), real_analysis) == Besides(None, None)
