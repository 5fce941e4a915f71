"""What many tests share: the real tree's documents, made once a process, and small hand-made inventories."""

from __future__ import annotations

import gc
import gzip
import json
import logging
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from short_past import short_history

from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.logging import ROOT_LOGGER
from aws_ssm_fetcher.core.model.codes import RegionCode, RunId, ServiceCode, ZoneId
from aws_ssm_fetcher.core.model.inventory import Gap, Inventory, Launch, Offering, Region, Service, Source, Zone
from aws_ssm_fetcher.core.store.memory import MemoryStore
from aws_ssm_fetcher.data_sources.bundled import bundled_launches, bundled_tree
from aws_ssm_fetcher.data_sources.collect import Launches, collect
from aws_ssm_fetcher.data_sources.resource_types.stored import store_bundled_types
from aws_ssm_fetcher.data_sources.threads import READER
from aws_ssm_fetcher.outputs.reports import report
from aws_ssm_fetcher.processors.history import bundled
from aws_ssm_fetcher.processors.pipeline import process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_ssm_fetcher.core.model.analysis import Analysis

READERS_END_SECONDS = 30
RUN = RunId("20261027T000000Z")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in what a script runs in the background, and all it starts
    signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ.pop("COLUMNS", None)  # of whoever runs the tests: what is printed would be folded to it


@pytest.fixture(scope="session", autouse=True)
def _cycles_are_looked_for_in_what_tests_make() -> None:
    """Leave libraries and collected tests out of the search for cycles: each run that is processed makes one."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _nothing_waits_for_the_disk() -> Iterator[None]:
    """Sync nothing: a report syncs a hundred files, 5 ms each. That they are synced has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(autouse=True)
def _as_python_comes() -> Iterator[None]:
    """Undo what a handler does when it starts: to look for cycles seldom."""
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.enable()


@pytest.fixture(autouse=True)
def _logs_end_with_the_test() -> Iterator[None]:
    """Remove the handler of whatever the test ran.

    It writes to the standard error that pytest closes after the test, and so each line that a later test logs
    would be a traceback on the standard error of that one.
    """
    yield
    logger = logging.getLogger(ROOT_LOGGER)
    logger.handlers.clear()
    logger.setLevel(logging.NOTSET)
    logger.propagate = True


@pytest.fixture(autouse=True)
def _readers_have_ended() -> Iterator[None]:
    """Wait for the readers that a failed run leaves to end by themselves.

    What they draw for their waits comes from the numbers that Hypothesis keeps an eye on in the tests after this one.
    """
    yield
    for thread in threading.enumerate():
        if thread.name.startswith(READER):
            thread.join(READERS_END_SECONDS)


@pytest.fixture(scope="session")
def real_run() -> MemoryStore:
    """A store after a whole run over the bundled tree."""
    store, tree = MemoryStore(), bundled_tree()
    store_bundled_types(store)
    with ThreadPoolExecutor(1) as executor:
        inventory = collect(
            tree, lambda _: Launches(bundled_launches()), store, run_id=RUN, taken=tree.taken, executor=executor
        )
    report(store, process(store, inventory).key)
    return store


@pytest.fixture(scope="session")
def real_analysis(real_run: MemoryStore) -> Analysis:
    """The analysis of the bundled tree."""
    key = next(real_run.keys("processed-data/"))
    return run_documents.load_analysis(real_run.read(key).body, key)


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


@pytest.fixture(scope="module")
def short_past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ship a shorter past with the package, for tests in which what is in it does not matter."""
    shortened = tmp_path_factory.mktemp("shipped") / "history.jsonl.gz"
    shortened.write_bytes(short_history())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundled, "_SHIPPED", shortened)
        bundled.bundled_past.cache_clear()
        yield
    bundled.bundled_past.cache_clear()


@pytest.fixture(scope="session")
def inventory_of() -> Callable[..., Inventory]:
    """Return a function that makes an inventory of ``{"eu-west-1": "s3 ec2"}``."""
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


@pytest.fixture(scope="session")
def perfect_of() -> Callable[..., Inventory]:
    """Return a function that makes a faultless inventory of ``{"eu-west-1": "s3 ec2"}``."""
    return make_perfect


def make_perfect(offered: dict[str, str], **partitions: str) -> Inventory:
    """Make an inventory in which nothing is wanting: launches, zones, home pages, endpoints. Partitions by region."""
    inventory = make_inventory(offered)
    launch = Launch(date(2020, 1, 2), "overlay", "a test")
    return inventory._replace(
        regions=tuple(
            region._replace(
                partition=partitions.get(region.code.replace("-", "_"), "aws"),
                launch=launch,
                zones=(Zone(ZoneId(f"{region.code}-az1"), "availability-zone"),),
            )
            for region in inventory.regions
        ),
        services=tuple(service._replace(home_page="https://aws.amazon.com/") for service in inventory.services),
        offerings=tuple(
            offering._replace(endpoint=f"{offering.service}.{offering.region}.amazonaws.com", protocols=("HTTPS",))
            for offering in inventory.offerings
        ),
    )
