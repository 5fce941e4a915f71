"""One query layer: the command, the MCP server, Python and the JSON API give the same answer to the same question."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from click.testing import CliRunner
from static_answers import BY_DOCUMENTS, OF_ANSWERS

import aws_ssm_fetcher
from aws_ssm_fetcher.cli.commands import cli
from aws_ssm_fetcher.core.config import Caution
from aws_ssm_fetcher.core.documents.decoding import encode
from aws_ssm_fetcher.core.error_handling import UnknownCodeError
from aws_ssm_fetcher.core.model.codes import RegionCode, ServiceCode
from aws_ssm_fetcher.outputs.api.documents import Documents
from aws_ssm_fetcher.outputs.api.since import since_of
from aws_ssm_fetcher.processors.history.changes import news

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agents import Agent

    from aws_ssm_fetcher.api.dataset import Dataset

STACK: Final = "bedrock\nAWS::AppRunner::Service\np5.48xlarge\n"
TEMPLATE: Final = json.dumps({"Resources": {"F": {"Type": "AWS::Lambda::Function"}, "Q": {"Type": "AWS::SQS::Queue"}}})


class Question(NamedTuple):
    """A question in the words of each interface."""

    command: str
    tool: str
    arguments: dict[str, Any]
    python: Callable[[Dataset], Any]
    text: str | None = None
    """The stack that it is about: standard input of the command."""


def _fit(command: str, text: str, **arguments: Any) -> Question:  # noqa: ANN401 - as the tool says
    return Question(
        f"fits - {command} --format json",
        "check_stack",
        arguments | {"text": text},
        lambda data: data.fits(text=text, **arguments),
        text,
    )


def _choice(command: str, text: str, **arguments: Any) -> Question:  # noqa: ANN401 - as the tool says
    by_python = {{"min_azs": "min_zones"}.get(name, name): value for name, value in arguments.items()}
    return Question(
        f"choose --stack - {command} --json",
        "choose_region",
        arguments | {"text": text},
        lambda data: data.choose(text=text, **by_python),
        text,
    )


def _regions(command: str, **arguments: Any) -> Question:  # noqa: ANN401 - as the tool says
    filters = {name: tuple(value) if isinstance(value, list) else value for name, value in arguments.items()}
    return Question(f"regions {command} --json", "list_regions", arguments, lambda data: data.find_regions(**filters))


def _services(command: str, **arguments: Any) -> Question:  # noqa: ANN401 - as the tool says
    filters = {name: tuple(value) for name, value in arguments.items()}
    return Question(
        f"services {command} --json", "list_services", arguments, lambda data: data.find_services(**filters)
    )


def _compared(*regions: str) -> Question:
    return Question(
        f"compare {' '.join(regions)} --json",
        "compare_regions",
        {"regions": list(regions)},
        lambda data: data.compare(*regions),
    )


def _changed(command: str, **arguments: Any) -> Question:  # noqa: ANN401 - as the tool says
    return Question(
        f"history changes {command} --json",
        "what_changed",
        arguments,
        lambda data: data.history.changes(**arguments),
    )


def _day(command: str, day: str, *regions: str) -> Question:
    return Question(
        f"history as-of {day} {command} --json",
        "as_of",
        {"day": day, "regions": list(regions)},
        lambda data: data.history.as_of(day, regions=regions),
    )


def _timeline(service: str) -> Question:
    return Question(
        f"history service {service} --json",
        "service_timeline",
        {"service": service},
        lambda data: data.history.service(service),
    )


def _lag(region: str, behind: str) -> Question:
    return Question(
        f"history lag {region} --behind {behind} --json",
        "region_lag",
        {"region": region, "behind": behind},
        lambda data: data.history.lag(region, behind=behind),
    )


QUESTIONS: Final = (
    _regions(""),
    _regions("--partition aws-cn", partitions=["aws-cn"]),
    _regions("--with bedrock --with lambda", services=["bedrock", "lambda"]),
    _regions("--country Germany", countries=["Germany"]),
    _regions("--min-azs 4", min_azs=4),
    _regions("--opt-in", opt_in=True),
    _regions("--local-zone --partition aws", local_zone=True, partitions=["aws"]),
    _services(""),
    _services("--in spain", offered_in=["spain"]),
    _services("--in ireland --not-in spain", offered_in=["ireland"], not_in=["spain"]),
    _services("--category database", categories=["database"]),
    _services("--tier universal --in ohio", tiers=["universal"], offered_in=["ohio"]),
    _compared("spain", "ireland"),
    _compared("us-east-1", "eusc-de-east-1"),
    _compared("spain", "ireland", "ohio"),
    _compared("tokyo", "osaka", "seoul", "sydney"),
    _fit("", STACK),
    _fit("--in spain --in ireland", STACK, regions=["spain", "ireland"]),
    _fit("", TEMPLATE),
    _fit("--in us-gov-west-1 --ignore AWS::SQS::*", TEMPLATE, regions=["us-gov-west-1"], ignore=["AWS::SQS::*"]),
    _choice("", STACK),
    _choice("--like spain --geo EU", STACK, like="spain", geography="EU"),
    _choice("--min-azs 4 --opt-in no", TEMPLATE, min_azs=4, opt_in=False),
    _choice("--country DE --data-residency", TEMPLATE, country="DE", data_residency=True),
    _changed("--since 2026-10-01", since="2026-10-01"),
    _changed("--since 30d --region spain", since="30d", regions=["spain"]),
    _changed("--since last-run", since="last-run"),
    _changed("--service bedrock --kind added", services=["bedrock"], kinds=["added"]),
    _changed("--until 2023-01-01 --partition aws-us-gov", until="2023-01-01", partition="aws-us-gov"),
    _changed("--pending", pending=True),
    _day("", "2025-01-01"),
    _day("--region spain", "2024-06-30", "spain"),
    _day("--region spain --region tokyo", "2026-10-27T00:00Z", "spain", "tokyo"),
    _timeline("bedrock"),
    _timeline("s3"),
    _timeline("honeycode"),
    _lag("spain", "us-east-1"),
    _lag("ap-southeast-6", "ireland"),
    Question("findings --json", "findings", {}, lambda data: data.find_findings()),
    Question(
        "findings --severity warning --json",
        "findings",
        {"severities": ["warning"]},
        lambda data: data.find_findings(severities=["warning"]),
    ),
)


def test_there_are_forty_questions_and_each_is_another() -> None:
    assert len({(question.command, question.text) for question in QUESTIONS}) == len(QUESTIONS) == 40


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.command)
def test_command_server_and_python_give_the_same_answer(
    question: Question, agent: Agent, bundled: Dataset, tmp_path: Path
) -> None:
    by_command = _by_command(question, tmp_path)
    by_server = agent.whole(question.tool, **question.arguments)
    by_python = question.python(bundled).to_dict()

    assert by_server == by_command
    assert by_python == (by_command if question.tool != "findings" else {"records": by_command["findings"]})


@pytest.mark.parametrize("service", ["bedrock", "Amazon Managed Streaming for Kafka"])
def test_the_availability_of_a_service_is_what_the_command_says_of_it(
    service: str, agent: Agent, bundled: Dataset, tmp_path: Path
) -> None:
    output = _by_command(Question(f"service '{service}' --json", "", {}, lambda data: data), tmp_path)
    expected = {item["region"]: "available" for item in output["offered"]}
    expected |= dict.fromkeys(output["not_offered"], "not available") | dict.fromkeys(output["unknown"], "unknown")

    answer = agent.whole("get_regional_availability", resource_type="product", filters=[service])
    assert {entry["region"]: entry["answer"] for entry in answer["availability"]} == expected
    assert bundled.availability("product", [service]).to_dict() == answer


@pytest.mark.parametrize(
    ("kind", "name", "command", "field", "yes"),
    [
        ("cfn", "AWS::Lambda::Url", "type AWS::Lambda::Url --json", "registered", "registered"),
        ("instance", "p5.48xlarge", "instance p5.48xlarge --json", "listed", "listed"),
    ],
)
def test_the_availability_of_a_type_is_what_the_command_says_of_it(
    kind: str, name: str, command: str, field: str, yes: str, agent: Agent, tmp_path: Path
) -> None:
    output = _by_command(Question(command, "", {}, lambda data: data), tmp_path)["regions"]
    words = {yes: "available", f"not {yes}": "not available", "unknown": "unknown"}

    answer = agent.whole("get_regional_availability", resource_type=kind, filters=[name])
    assert [(item["region"], item["answer"]) for item in answer["availability"]] == [
        (entry["region"], words[entry[field]]) for entry in output
    ]


@pytest.fixture(scope="module")
def bundled() -> Dataset:
    return aws_ssm_fetcher.load()


def _by_command(question: Question, folder: Path) -> dict[str, Any]:
    """Return the answer of the command, without what stands beside it."""
    arguments = [*shlex.split(question.command), "--store", str(folder / "none")]
    ended = CliRunner().invoke(cli, arguments, input=question.text)
    document: dict[str, Any] = json.loads(ended.stdout)
    answer: dict[str, Any] = document.get("answer", document)
    return answer


@pytest.fixture(scope="module")
def api(bundled: Dataset) -> Documents:
    """The documents of a run whose history is the bundled one."""
    history, inventory = bundled.history.chosen.history, bundled.analysis.inventory
    analysis = bundled.analysis._replace(changes=news(history, Caution(), inventory.taken))
    return Documents(analysis, since_of(inventory, history), bundled.resource_types.types)


WITHOUT_FILES: Final = {
    (STACK, "fits"): "instance types by region are in no file",
    (STACK, "choose"): "a ranking is computed for a stack",
    (TEMPLATE, "choose"): "a ranking is computed for a stack",
    (None, "history changes --until 2023-01-01 --partition aws-us-gov --json"): "changes.json has 400 days",
    (None, "history changes --pending --json"): "what waits for a second snapshot is not published",
    (None, "history as-of 2025-01-01  --json"): "the files are of the newest snapshot",
    (None, "history as-of 2024-06-30 --region spain --json"): "the files are of the newest snapshot",
    (None, "history service honeycode --json"): "a service that has left has no facts in its file",
}
"""The questions that the files of the JSON API cannot answer, by stack and command or its first word, and why not."""


def _has_files(question: Question) -> bool:
    word = question.command.partition(" ")[0]
    return not {(question.text, question.command), (question.text, word)} & WITHOUT_FILES.keys()


@pytest.mark.parametrize(
    "question", [question for question in QUESTIONS if _has_files(question)], ids=lambda question: question.command
)
def test_the_files_of_the_json_api_give_the_same_answer(question: Question, api: Documents, bundled: Dataset) -> None:
    answer = json.loads(json.dumps(question.python(bundled).to_dict()))
    if question.tool == "findings":
        answer = {"quality": json.loads(json.dumps(encode(bundled.analysis.quality)))}

    by_files = BY_DOCUMENTS[question.tool](api, question.arguments)

    assert by_files or "last-run" in question.command  # the last run brought nothing
    assert by_files == OF_ANSWERS[question.tool](answer)


def test_of_the_forty_questions_the_files_answer_all_but_those_that_no_file_can() -> None:
    assert (
        len([question for question in QUESTIONS if not _has_files(question)]) == len(WITHOUT_FILES) + 3
    )  # two stacks have several questions


def test_the_json_api_lists_the_same_regions_and_services(api: Documents, agent: Agent) -> None:
    by_api = {"regions": api.regions()["regions"], "services": api.services()["services"]}
    regions = agent.whole("list_regions")["regions"]
    services = agent.whole("list_services")["services"]

    assert {
        code: (row["region_name"], row["partition"], row["service_count"]) for code, row in by_api["regions"].items()
    } == {region["region"]: (region.get("name"), region.get("partition"), region.get("services")) for region in regions}
    assert {
        code: (row["service_name"], row["region_count"], row["tier"]) for code, row in by_api["services"].items()
    } == {service["service"]: (service.get("name"), service["regions"], service.get("tier")) for service in services}


@pytest.mark.parametrize("service", ["bedrock", "lambda", "honeycode", "iam"])
def test_the_json_api_says_the_same_of_a_service(service: str, api: Documents, bundled: Dataset) -> None:
    try:
        offered = bundled.service(service).offered
    except UnknownCodeError:
        assert service not in api.index()["services"]
        return
    document = api.service(ServiceCode(service))

    assert {
        region: (row["endpoint"], row["reach"], row["resource_types"]) for region, row in document["regions"].items()
    } == {
        item.region: (
            item.endpoint,
            item.reach,
            item.depth and {"registered": item.depth.registered, "of": item.depth.of},
        )
        for item in offered
    }


@pytest.mark.parametrize("region", ["eu-south-2", "us-east-1", "cn-north-1"])
def test_the_json_api_says_the_same_of_a_region(region: str, api: Documents, bundled: Dataset) -> None:
    assert tuple(sorted(api.region(RegionCode(region))["services"])) == bundled.region(region).services


def test_the_json_api_says_the_same_of_resource_types_and_lifecycles(api: Documents, bundled: Dataset) -> None:
    types = next(document for name, document in api.namespaces() if name == "AWS::Lambda")["types"]
    by_python = {name: bundled.type(name).with_answer("registered") for name in types}

    assert types == {name: [region.region for region in regions] for name, regions in by_python.items()}
    assert len(api.lifecycle()["entries"]) == sum(len(item.services) or 1 for item in bundled.find_lifecycle())
