"""Three environments of one account, applied at once to a cloud on this machine; each step is told with its seconds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from interpreters import interpreters
from local_cloud.cloud import LocalCloud
from local_cloud.environment import Account, Environment
from local_cloud.looking import everything
from local_cloud.requests import ACCOUNT, REGION
from local_cloud.runtimes import runtime_of
from local_cloud.terraform import Workspace, at_once, copied, keep_state_in, surroundings
from moto.server import ThreadedMotoServer
from ssm_server import SsmServer, part

import build_packages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


ENVIRONMENTS: Final = ("dev", "staging", "prod")
SETTINGS: Final = {"SSM_REGION": "us-east-1"}
"""A region that is asked without a bundled past.

That of ``us-west-1`` has all regions: three of them would be quarantined as a loss of the others.
"""
OVERRIDES: Final[dict[str, dict[str, Any]]] = {
    "dev": {"has_site": True, "site_is_public": True, "settings": SETTINGS},
    "staging": {
        "settings": SETTINGS,
        "is_traced": True,
        "bucket_key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "monthly_budget_usd": 5,
        "reserved_concurrency": 2,
        "alert_emails": ["operator@example.org"],
        "change_subscribers": [{"endpoint": "reader@example.org", "regions": ["eu-west-3"], "services": ["s3"]}],
    },
    "prod": {"settings": SETTINGS},
}
"""What may be chosen, chosen: prod is as it comes, but for what is asked."""
ADMINISTERED: Final = "dev"
"""The environment that an administrator deploys, without the bootstrap; the others are deployed by their roles."""
RUNTIME: Final = "python3.13"
"""The default of ``terraform/``."""
REGIONS: Final = ("ap-south-2", "eu-west-3", "us-east-1")
INITIALS: Final = "es"
"""Of the services that are served: the whole tree would be asked for 2,000 times."""
WORLD: Final = {"FEED_URL": "none", "RESOURCE_TYPES": "off"}
"""What the functions find, whatever they are deployed with."""
_SETUP_SECONDS: Final[dict[str, float]] = {}


@pytest.fixture(scope="session")
def ssm() -> Iterator[SsmServer]:
    """Serve the real tree's parameters of three regions and of some services."""
    with SsmServer(part(REGIONS, INITIALS)) as server:
        yield server


@pytest.fixture(scope="session")
def cloud(ssm: SsmServer) -> Iterator[LocalCloud]:
    """Open an empty cloud, whose functions find that parameter store and no feed."""
    world = {"AWS_ENDPOINT_URL_SSM": ssm.url, **WORLD}
    runtimes = [runtime_of(interpreter) for interpreter in interpreters()]
    if RUNTIME not in {runtime.name for runtime in runtimes}:
        pytest.exit(f"Terraform deploys functions for {RUNTIME}, and this machine has no such interpreter", 1)
    with LocalCloud(runtimes, world) as cloud:
        ssm.allows = cloud.guard.allows_parameters
        yield cloud


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Serve an account in which nothing is deployed, for plans."""
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def account(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Account:
    """Build the packages, make the deploy roles, and apply the rest of the bootstrap and the environments at once."""
    place = tmp_path_factory.mktemp("e2e")
    built = build_packages.build(build_packages.ROOT, build_packages.ROOT / ".cache/wheels")
    build_packages.write(built, place / "dist", build_packages.version_of(build_packages.ROOT))
    before, terraform, env = everything(cloud), place / "terraform", surroundings(cloud.url)
    copied(terraform, OVERRIDES)
    deployed = json.dumps([name for name in ENVIRONMENTS if name != ADMINISTERED])
    bootstrap = Workspace(terraform / "bootstrap", {"repository": "ours/ours", "environments": deployed}, env)
    bootstrap.apply("module.deploy_role")
    made = bootstrap.outputs()
    roots = [workspace(cloud, terraform, name, place / "dist", made) for name in ENVIRONMENTS]
    at_once([bootstrap, *roots], Workspace.apply)
    outputs = at_once(roots, Workspace.outputs)
    environments = [Environment(cloud, root, item) for root, item in zip(roots, outputs, strict=True)]
    return Account(bootstrap, environments, before, place / "dist", made["role_arns"])


def workspace(cloud: LocalCloud, terraform: Path, name: str, packages: Path, bootstrap: Mapping[str, Any]) -> Workspace:
    """Make an environment's workspace as its deployer has it: an administrator, or a workflow with the deploy role."""
    folder, variables = terraform / "environments" / name, {"packages": str(packages)}
    if name == ADMINISTERED:
        return Workspace(folder, variables, surroundings(cloud.url))
    keep_state_in(f"aws-ssm-data-state-{ACCOUNT}", folder)
    handed = {"bootstrap": json.dumps(bootstrap["environments"][name])}
    credentials = cloud.guard.credentials(bootstrap["role_arns"][name], "a-workflow")
    return Workspace(folder, {**variables, **handed}, surroundings(cloud.url, credentials))


def pytest_report_teststatus(report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str] | None:
    """Print how long each step took, with its preparation."""
    if not isinstance(report, pytest.TestReport) or not report.nodeid.startswith("tests/e2e/"):
        return None
    if report.when == "setup":
        _SETUP_SECONDS[report.nodeid] = report.duration
    if report.when == "call" and report.passed:
        return "passed", ".", f"{_SETUP_SECONDS[report.nodeid] + report.duration:.0f} s"
    return None
