"""A cloud with the three functions deployed, over a small tree; the network of this machine is open to itself."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from interpreters import interpreters
from local_cloud.cloud import LocalCloud
from local_cloud.deployment import deploy
from local_cloud.runtimes import runtime_of
from short_past import short_history
from ssm_server import SMALL_TREE, SsmServer

import build_packages
from aws_ssm_fetcher.core.function.functions import FUNCTIONS, PROCESSOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from interpreters import Interpreter
    from local_cloud.deployment import Deployment

    from build_packages import Built

SETTINGS: Final = {"DETAIL": "offerings", "FEED_URL": "none", "RESOURCE_TYPES": "off", "SSM_MAX_TPS": "100"}
PAST: Final = "aws_ssm_fetcher/processors/history/shipped/history.jsonl.gz"


@pytest.fixture(scope="session")
def packages() -> tuple[Built, ...]:
    """Build the packages."""
    return build_packages.build(build_packages.ROOT, build_packages.ROOT / ".cache/wheels")


@pytest.fixture(scope="session")
def small_packages(packages: Sequence[Built]) -> tuple[Built, ...]:
    """Build the packages with a short bundled past: with the whole of it each first run writes 900 feeds."""
    place = FUNCTIONS.index(PROCESSOR) + 1  # the layer comes first
    processor = packages[place]
    contents = processor.contents | {PAST: short_history()}
    shortened = replace(processor, contents=contents, zipped=build_packages.zip_of(contents))
    return (*packages[:place], shortened, *packages[place + 1 :])


@pytest.fixture(scope="session")
def here() -> Interpreter:
    """Return this very interpreter."""
    return next(interpreter for interpreter in interpreters() if interpreter.path == sys.executable)


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    """Open a cloud that knows the runtimes of this machine."""
    with LocalCloud([runtime_of(interpreter) for interpreter in interpreters()], {}) as cloud:
        yield cloud


@pytest.fixture
def ssm(cloud: LocalCloud) -> Iterator[SsmServer]:
    """Serve a small tree to whoever may read it."""
    with SsmServer(SMALL_TREE, allows=cloud.guard.allows_parameters) as server:
        yield server


@pytest.fixture
def deployed(
    cloud: LocalCloud, small_packages: Sequence[Built], here: Interpreter, ssm: SsmServer
) -> Iterator[Deployment]:
    """Deploy everything for one test, and end its processes afterwards: each is looked at 50 times a second."""
    environment = {**SETTINGS, "AWS_ENDPOINT_URL_SSM": ssm.url}
    deployment = deploy(cloud, small_packages, runtime_of(here), environment=environment)
    yield deployment
    for function in FUNCTIONS:
        cloud.invoker.kill(deployment.name(function))
