"""dev, staging and prod from nothing to nothing: applied, run, watched, changed, destroyed. The order is a life's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from local_cloud.insights import Line, ask
from local_cloud.looking import LISTED, EmittedMetric, empty_bucket, everything, log_lines, published, watched_metrics
from local_cloud.requests import ACCOUNT, REGION
from local_cloud.terraform import Workspace, at_once
from workflow_steps import Checkout, commands

from aws_ssm_fetcher.core.function.functions import FUNCTIONS
from aws_ssm_fetcher.core.function.metrics import DIMENSION, NAMESPACE, REPORT_BYTES, TYPE_GAPS
from aws_ssm_fetcher.core.ports import Parameter
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.data_sources.resource_types.bundled import bundled_resource_types, bundled_types_document
from build_packages import zip_of

if TYPE_CHECKING:
    from pathlib import Path

    from local_cloud.cloud import LocalCloud
    from local_cloud.environment import Account, Environment
    from ssm_server import SsmServer
    from workflow_steps import Ended

    from aws_ssm_fetcher.core.model.codes import RunId

pytestmark = [pytest.mark.e2e, pytest.mark.allow_hosts(["127.0.0.1"])]

DAY: Final = datetime(2026, 10, 27, 6, tzinfo=UTC)
RUN: Final = keys.run_id_of(DAY)
CHAIN: Final = sorted((function.name, "ok") for function in FUNCTIONS)
POISONED: Final[dict[str, tuple[str | None, str]]] = {
    "data_fetcher": (None, "EventRefusedError"),
    "processor": ("raw-data/2026/10/26/poisoned/inventory.json", "DocumentRefusedError"),
    "report_generator": ("processed-data/2026/10/26/poisoned/analysis.json", "DocumentRefusedError"),
}
"""What each function cannot serve: a document under that key, or an event; and the kind of its reason."""
LATER: Final = {
    "is_scheduled": False,
    "reserved_concurrency": -1,
    "monthly_budget_usd": 7,
    "fresh_hours": 48,
    "settings": {"SSM_REGION": "us-east-1", "DETAIL": "offerings"},
    "change_subscribers": [{"endpoint": "reader@example.org", "regions": ["eu-west-1"]}],
}
"""What staging is changed to."""
PROCESSOR_ADDRESS: Final = 'module.this.module.pipeline.module.function["processor"].aws_lambda_function.this'
TABLE: Final = "module.this.module.analytics[0].aws_glue_catalog_table"
FEEDS_MODULE: Final = "aws_ssm_fetcher/outputs/feeds/atom.py"
FEED_FUNCTION: Final = b"\ndef atom("
BROKEN_FEED: Final = b"\n\n_whole = atom\n\n\ndef atom(*given, **named):\n    return _whole(*given, **named)[:-3]\n"
"""What a release ends the module with whose feeds lack their last characters."""
OTHER_TAGS: Final = {
    "application": "aws-ssm-data-fetcher",
    "deployment": "aws-ssm-data-staging",
    "owner": "platform",
}
"""One tag less than there was, and another one more."""
NOT_TRIED: Final = {
    ("Functions", "lambda:ListTags"): "the provider reads a function's tags with it when it finds none otherwise",
    ("Questions", "athena:UpdateNamedQuery"): "moto cannot change a named query",
    ("Questions", "athena:UpdateWorkGroup"): "moto cannot change a workgroup",
    ("Queues", "sqs:SetQueueAttributes"): "nothing of a queue can be chosen; a release may change it",
    ("Tables", "glue:UpdateDatabase"): "nothing of a database can be chosen; a release may change it",
    ("Tables", "glue:UpdateTable"): "nothing of a table can be chosen; a release may change its columns",
}
"""Actions that a deploy role has for what no deployment here does, each with its reason."""
NOT_MEASURED: Final = {TYPE_GAPS.name}
"""Resource types are off here, since they are read outside this machine; a test of the handlers measures it."""
NEWS: Final = {
    "regions/ap-south-2/services/ecr-public": "ecr-public",
    "services/ecr-public/regions/ap-south-2": "ap-south-2",
}
"""An offering that comes to be."""


@pytest.fixture(scope="module")
def checkout(account: Account) -> Checkout:
    """Make a checkout around the Terraform and the packages that the environments were made of."""
    return Checkout.around(account.packages.parent)


def test_the_bootstrap_and_three_environments_are_applied_at_once(account: Account) -> None:
    buckets = [environment.outputs["bucket_name"] for environment in account.environments]

    assert buckets == [f"aws-ssm-data-{name}-{ACCOUNT}" for name in ("dev", "staging", "prod")]


def test_the_budget_of_an_environment_counts_all_that_it_is_made_of(account: Account, cloud: LocalCloud) -> None:
    staging = account.environments[1]
    [budget] = cloud.client("budgets").describe_budgets(AccountId=ACCOUNT)["Budgets"]
    key = {'module.topics_key["staging"].aws_kms_key.this'}
    made = {**account.bootstrap.tags(), **staging.workspace.tags()}

    counted = {name for name, tags in made.items() if tags.get("deployment") == "aws-ssm-data-staging"}
    assert budget["CostFilters"] == {"TagKeyValue": ["user:deployment$aws-ssm-data-staging"]}
    assert counted == staging.workspace.tags().keys() | key


def test_a_second_plan_of_the_bootstrap_and_of_each_environment_is_empty(account: Account) -> None:
    assert at_once(account.workspaces, Workspace.changes) == [{}, {}, {}, {}]


def test_tables_of_an_earlier_layout_are_moved_and_not_made_again(account: Account) -> None:
    dev = account.environments[0].workspace
    for name in ("history", "type_history", "analyses"):
        dev.move(f'{TABLE}.this["{name}"]', f"{TABLE}.{name}")

    assert dev.changes() == {}
    dev.carry_out()


def test_all_that_was_made_is_looked_at_in_the_end(account: Account, cloud: LocalCloud) -> None:
    looked_at = {service for service, _ in everything(cloud) - account.before}

    assert (cloud.asked - LISTED - {"sts"}, looked_at > {"s3", "lambda", "iam", "sqs", "events"}) == (set(), True)


def test_the_schedule_of_each_environment_ends_in_a_report(account: Account) -> None:
    for environment in account.environments:
        environment.put(keys.resource_types_key(bundled_resource_types().taken), bundled_types_document())
        environment.tick(DAY)

    assert [environment.settled() for environment in account.environments] == [CHAIN] * 3
    for environment in account.environments:
        assert f'"{RUN}"'.encode() in environment.objects(keys.LATEST)[keys.latest_key(keys.MANIFEST)]


def test_what_each_environment_published_is_verified_by_a_role_that_only_reads(
    account: Account, cloud: LocalCloud
) -> None:
    roles = account.bootstrap.outputs()["validate_role_arns"]
    verified = {
        environment.workspace.name: verify(cloud, environment.outputs["bucket_name"], role)
        for environment in account.environments
        if (role := roles.get(environment.workspace.name))
    }

    assert {name: [check for check in made["checks"] if not check["holds"]] for name, made in verified.items()} == {
        "staging": [],
        "prod": [],
    }


def test_the_next_day_leaves_the_reports_that_the_command_leaves(
    account: Account, ssm: SsmServer, tmp_path: Path
) -> None:
    dev = account.environments[0]
    write(tmp_path, dev.objects())  # with the first day's answers, so that both read the same record
    dev.tick(DAY + timedelta(days=1))
    ended = dev.settled()

    run_the_command(tmp_path, ssm, keys.run_id_of(DAY + timedelta(days=1)), dev.outputs["site_address"])
    here, there = read(tmp_path, keys.REPORTS), dev.objects(keys.REPORTS)
    assert (ended, [key for key in here | there if here.get(key) != there.get(key)]) == (CHAIN, [])


def test_what_comes_to_a_region_is_reported_to_each_topic_of_changes(account: Account, ssm: SsmServer) -> None:
    ssm.tree.values.update(NEWS)
    ssm.tree = type(ssm.tree)(Parameter(*item) for item in ssm.tree.values.items())
    for environment in account.environments:
        environment.send("data_fetcher", {"run_id": "news", "refresh": True})

    assert [environment.settled() for environment in account.environments] == [CHAIN] * 3
    for environment in account.environments:
        messages = {message["scope"][0]: message for message in published(environment.outputs["topic_arns"]["changes"])}
        assert {message["kind"][0] for message in messages.values()} == {"added"}
        assert messages["region"]["region"] == ["ap-south-2"]
        assert messages["service"]["service"] == ["ecr-public"]
        assert sorted(messages) == ["all", "region", "service"]


@pytest.mark.parametrize("function", POISONED)
def test_what_a_function_cannot_serve_is_kept_with_its_reason(account: Account, function: str) -> None:
    key, kind = POISONED[function]
    for environment in account.environments:
        if key:
            environment.put(key, b'{"document": "recipe"}')
        else:
            environment.send(function, {"recipe": 1})

    for environment in account.environments:
        assert environment.settled() == [(function, "error")] * 3
        (failed,) = environment.failures(function)
        assert failed["responsePayload"]["errorType"] == kind


def test_beside_a_poisoned_document_the_others_go_on(account: Account) -> None:
    for environment in account.environments:
        environment.put(POISONED["processor"][0] or "", b'{"document": "recipe"}')
        environment.send("data_fetcher", {"run_id": "next", "detail": "offerings", "refresh": True})

    for environment in account.environments:
        assert environment.settled() == sorted([*CHAIN, *[("processor", "error")] * 3])
        assert b'"next"' in environment.objects(keys.LATEST)[keys.latest_key(keys.MANIFEST)]


def test_a_release_goes_from_dev_to_prod_with_the_same_packages(account: Account, checkout: Checkout) -> None:
    before = [environment.codes() for environment in account.environments]
    release(account, "processor", {"note.txt": b"a release"})

    for environment in account.environments:
        ended = deployed(checkout, environment)
        assert ended.failed is None, ended.output
        assert environment.settled() == CHAIN
        assert re.findall(r"# (\S+) will be", ended.summary) == [PROCESSOR_ADDRESS]

    after = [environment.codes() for environment in account.environments]
    assert after == [after[0]] * 3
    assert [{name for name, code in codes.items() if code != after[0][name]} for codes in before] == [{"processor"}] * 3


def test_a_release_whose_report_does_not_validate_ends_in_dev(account: Account, checkout: Checkout) -> None:
    dev = account.environments[0]
    package = account.packages / "report_generator/deployment_package.zip"
    whole = package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        source = archive.read(FEEDS_MODULE)
    release(account, "report_generator", {FEEDS_MODULE: source + BROKEN_FEED})

    broken = deployed(checkout, dev)

    package.write_bytes(whole)  # back to the release before
    mended = deployed(checkout, dev)
    assert (broken.failed, source.count(FEED_FUNCTION)) == ("make validate", 1)
    assert re.findall(r"\*\*failed\*\* `(\w+)`", broken.output) == ["feeds"]
    assert mended.failed is None, mended.output
    assert dev.codes() == account.environments[2].codes()
    dev.settled()


def test_every_alarm_on_what_the_functions_tell_waits_for_a_metric_that_they_reported(account: Account) -> None:
    output = set.union(*(environment.metrics() for environment in account.environments))
    watched = watched_metrics(account.environments[0].cloud)

    never = {
        name: [
            item
            for item in ones
            if item.namespace == NAMESPACE and item.name not in NOT_MEASURED and item not in output
        ]
        for name, ones in watched.items()
    }
    assert {name: ones for name, ones in never.items() if ones} == {}


def test_every_saved_query_answers_over_what_the_functions_have_logged(account: Account, cloud: LocalCloud) -> None:
    saved = cloud.client("logs").describe_query_definitions()["queryDefinitions"]
    names = [environment.name(function.name) for environment in account.environments for function in FUNCTIONS]
    lines = [Line(f"/aws/lambda/{name}", DAY, text) for name in names for text in log_lines(cloud, name)]

    answered = {
        query["name"]: ask(query["queryString"], [line for line in lines if line.log in query["logGroupNames"]])
        for query in saved
    }
    assert len(answered) == len(account.environments) * 4
    assert [name for name, rows in answered.items() if not rows and not name.endswith("/frequent-warnings")] == []
    errors = [row for name, rows in answered.items() if name.endswith("/last-errors") for row in rows]
    assert [row for row in errors if not row["errorMessage"] + row["message"]] == []


def test_an_alarm_of_each_environment_waits_for_a_fresh_report(account: Account) -> None:
    watched = [item for ones in watched_metrics(account.environments[0].cloud).values() for item in ones]

    for environment in account.environments:
        dimensions = frozenset({(DIMENSION, environment.name("report_generator"))})
        assert EmittedMetric(NAMESPACE, REPORT_BYTES.name, dimensions) in watched


def test_every_alarm_on_a_function_or_a_queue_waits_for_one_that_is_there(cloud: LocalCloud) -> None:
    there = {name.rpartition("/")[2] for _, name in everything(cloud)}
    watched = watched_metrics(cloud)

    assert [
        (name, item)
        for name, ones in watched.items()
        for item in ones
        if item.namespace.startswith("AWS/") and not {value for _, value in item.dimensions} <= there
    ] == []


def test_every_call_was_allowed_by_the_role_that_made_it(cloud: LocalCloud) -> None:
    assert ([str(call) for call in cloud.guard.refused], cloud.invoker.unheard) == ([], [])


def test_every_grant_was_used(account: Account, cloud: LocalCloud) -> None:
    names = [environment.name(function.name) for environment in account.environments for function in FUNCTIONS]
    unused = [grant for name in names for grant in cloud.guard.unused(name)]

    assert [str(item) for item in unused] == []


def test_a_deploy_role_changes_what_its_environment_has(account: Account) -> None:
    staging = account.environments[1]

    staging.workspace.override(LATER, OTHER_TAGS)
    staging.workspace.apply()

    assert staging.workspace.changes() == {}


def test_everything_that_a_deploy_role_may_do_is_used_by_a_deployment(account: Account, cloud: LocalCloud) -> None:
    for environment in account.environments:
        environment.empty()
    at_once([environment.workspace for environment in account.environments], Workspace.destroy)

    unused = cloud.guard.unused_actions(arn.rpartition("/")[2] for arn in account.deploy_roles.values())
    assert unused == sorted(NOT_TRIED)


def test_destroying_leaves_nothing(account: Account, cloud: LocalCloud) -> None:
    empty_bucket(cloud, f"aws-ssm-data-state-{ACCOUNT}")
    account.bootstrap.destroy()

    assert everything(cloud) - account.before == set()


def release(account: Account, package: str, files: dict[str, bytes]) -> None:
    """Build a package with other files in it."""
    path = account.packages / package / "deployment_package.zip"
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    path.write_bytes(zip_of({**contents, **files}))


def deployed(checkout: Checkout, environment: Environment) -> Ended:
    """Run the steps by which the workflow deploys an environment, with its role if it has one."""
    workspace = environment.workspace
    variables = {f"TF_VAR_{name}": value for name, value in workspace.variables.items()}
    output = {
        "ENVIRONMENT": workspace.name,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
    }
    limits = {"LIMITS": "--min-score 0"}  # most services are left out
    steps = commands("reusable-terraform.yml", "deploy")
    return checkout.run(steps, {**workspace.environment, **variables, **output, **limits})


def verify(cloud: LocalCloud, bucket: str, role_arn: str) -> dict[str, Any]:
    """Run the command with the credentials of a role, and return its answer."""
    env = {**os.environ, **cloud.guard.credentials(role_arn, "validation")}
    env |= {"AWS_ENDPOINT_URL": cloud.url, "AWS_DEFAULT_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true"}
    limits = [
        "--max-hours",
        "1000000",
        "--min-score",
        "0",
    ]  # the day is one of the past, and most services are left out
    command = [sys.executable, "-m", "aws_ssm_fetcher", "verify", "--store", f"s3://{bucket}", "--json", *limits]
    alarms = ["--alarms", f"aws-ssm-data-{role_arn.rpartition('-')[2]}-"]
    done = subprocess.run([*command, *alarms], env=env, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
    assert done.stdout, done.stderr
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def write(store: Path, objects: dict[str, bytes]) -> None:
    """Write objects into a directory."""
    for key, body in objects.items():
        (store / key).parent.mkdir(parents=True, exist_ok=True)
        (store / key).write_bytes(body)


def read(store: Path, prefix: str) -> dict[str, bytes]:
    """Read the objects of a directory."""
    files = (path for path in (store / prefix).rglob("*") if path.is_file())
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in files}


def run_the_command(store: Path, ssm: SsmServer, run_id: RunId, site: str) -> None:
    """Make the same run by the command."""
    command = [sys.executable, "-m", "aws_ssm_fetcher", "run", "--source", "aws", "--quiet"]
    output = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_ENDPOINT_URL_SSM": ssm.url}
    env = {
        **os.environ,
        **output,
        "FEED_URL": "none",
        "RESOURCE_TYPES": "off",
        "SSM_REGION": "us-east-1",
        "SITE_URL": site,
    }
    subprocess.run([*command, "--store", str(store), "--run-id", run_id], env=env, check=True)  # noqa: S603 - our own command
