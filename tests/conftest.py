"""What many tests share: the real tree's documents, made once a process, and small hand-made inventories."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from aws_ssm_fetcher.core import documents
from aws_ssm_fetcher.core.model import (
    Analysis,
    Gap,
    Inventory,
    Offering,
    Region,
    RegionCode,
    RunId,
    Service,
    ServiceCode,
    Source,
)
from aws_ssm_fetcher.core.stores import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_launches, bundled_tree
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from collections.abc import Callable

RUN = RunId("20261027T000000Z")


@pytest.fixture(scope="session")
def real_run() -> MemoryStore:
    """A store after a whole run over the bundled tree."""
    store, tree = MemoryStore(), bundled_tree()
    with ThreadPoolExecutor(1) as executor:
        inventory = collect(
            tree, lambda _: Launches(bundled_launches()), store, run_id=RUN, taken=tree.taken, executor=executor
        )
    report(store, process(store, inventory))
    return store


@pytest.fixture(scope="session")
def real_analysis(real_run: MemoryStore) -> Analysis:
    """The analysis of the bundled tree."""
    key = next(real_run.keys("processed-data/"))
    return documents.load_analysis(real_run.read(key).body, key)


@pytest.fixture(scope="session")
def real_inventory(real_analysis: Analysis) -> Inventory:
    """The inventory of the bundled tree."""
    return real_analysis.inventory


@pytest.fixture(scope="session")
def raw_trees() -> tuple[dict[str, Any], dict[str, Any]]:
    """The dump itself, as moto carries it, past all of our code: the two subtrees by region and by service."""

    def subtree(name: str) -> dict[str, Any]:
        packed = (files("moto.ssm") / "resources" / f"{name}.json.gz").read_bytes()
        tree: dict[str, Any] = json.loads(gzip.decompress(packed))["aws"]["service"]["global-infrastructure"][name]
        return tree

    return subtree("regions"), subtree("services")


@pytest.fixture(scope="session")
def inventory_of() -> Callable[..., Inventory]:
    """Give a function that makes an inventory of ``{"eu-west-1": "s3 ec2"}``."""
    return make_inventory


def make_inventory(offered: dict[str, str], *, gaps: tuple[Gap, ...] = (), services: str = "") -> Inventory:
    """Make an inventory: services by region, *services* offered nowhere besides; names are the codes in capitals."""
    pairs = sorted((region, service) for region, listed in offered.items() for service in listed.split())
    codes = sorted({service for _, service in pairs} | set(services.split()))
    return Inventory(
        run_id=RUN,
        taken=datetime(2026, 10, 27, tzinfo=UTC),
        source=Source("bundled", "a test", RegionCode("us-east-1"), "full"),
        regions=tuple(
            Region(RegionCode(code), name=code.upper(), partition="aws", domain="amazonaws.com")
            for code in sorted(offered)
        ),
        services=tuple(Service(ServiceCode(code), name=code.upper()) for code in codes),
        offerings=tuple(Offering(ServiceCode(service), RegionCode(region)) for region, service in pairs),
        gaps=gaps,
    )
