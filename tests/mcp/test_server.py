"""The MCP server, by the SDK's own client over real standard input and output."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Final

import anyio
import anyio.lowlevel
import pytest
from jsonschema import Draft202012Validator

import make_transcript
from aws_ssm_fetcher import __version__
from aws_ssm_fetcher.core.documents import run_documents
from aws_ssm_fetcher.core.store import keys
from aws_ssm_fetcher.core.store.directory import DirectoryStore
from aws_ssm_fetcher.mcp.opened import Opened
from aws_ssm_fetcher.mcp.paging import MOST_CHARACTERS, paged
from aws_ssm_fetcher.mcp.server import answering

if TYPE_CHECKING:
    from agents import Agent


TOOLS: Final[dict[str, dict[str, Any]]] = {
    "list_regions": {"services": ["bedrock"]},
    "list_services": {"offered_in": ["spain"], "tiers": ["universal"]},
    "get_regional_availability": {"resource_type": "product", "filters": ["bedrock"], "region": "spain"},
    "compare_regions": {"regions": ["spain", "ireland", "ohio"]},
    "check_stack": {"text": "AWS::AppRunner::Service\n", "regions": ["spain"]},
    "choose_region": {"text": "bedrock", "like": "spain", "geography": "EU"},
    "what_changed": {"since": "2026-10-01", "regions": ["spain"]},
    "as_of": {"day": "2025-01-01", "regions": ["spain"]},
    "service_timeline": {"service": "bedrock"},
    "region_lag": {"region": "spain", "behind": "ireland"},
    "lifecycle": {"service": "codecommit"},
    "findings": {"severities": ["warning"]},
    "data_sources": {},
}
DAYS: Final = {
    "services": "2026-10-27",
    "resource types": "2026-10-20",
    "instance types": "2026-10-20",
    "lifecycle": "2026-11-29",
    "history": "2026-10-27",
}
SOURCES: Final[dict[str, list[str]]] = {
    **{
        name: ["services"] for name in ("list_regions", "list_services", "get_regional_availability", "compare_regions")
    },
    **{
        name: ["services", "resource types", "instance types", "lifecycle"] for name in ("check_stack", "choose_region")
    },
    **{name: ["history"] for name in ("what_changed", "as_of", "service_timeline", "region_lag")},
    "lifecycle": ["lifecycle"],
    "findings": ["services", "resource types"],
    "data_sources": [*DAYS],
}
"""What each of these answers rests on."""
INITIALIZE: Final = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
ENDS_SECONDS: Final = 120
REFERENCE: Final = (Path(__file__).parent.parent.parent / "docs/reference/mcp.md").read_text(encoding="utf-8")


def test_the_server_introduces_itself_and_its_tools_change_nothing(agent: Agent) -> None:
    tools = {tool.name: tool for tool in agent.run(agent.client.list_tools).tools}

    info = agent.client.server_info
    assert info
    assert (info.name, info.version) == ("aws-ssm-fetcher", __version__)
    assert "unknown" in (agent.client.instructions or "")
    assert set(tools) == set(TOOLS)
    for tool in tools.values():
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert {"sources", "answer", "page"} <= set(tool.output_schema["required"])
        assert tool.input_schema["properties"]["limit"]["maximum"] == 500


@pytest.mark.parametrize("name", TOOLS)
def test_every_result_has_its_sources_with_their_days_and_fits_its_schema(agent: Agent, name: str) -> None:
    result = agent.ask(name, **TOOLS[name])

    assert {source["name"]: source["taken"] for source in result["sources"]} == {
        own: DAYS[own] for own in SOURCES[name]
    }
    assert result["answer"]
    assert (result.get("snapshot") or result["history"])["source"] is not None


@pytest.mark.parametrize(
    ("name", "arguments", "sources"),
    [
        ("compare_regions", {"regions": ["spain", "ireland"]}, ["services", "resource types"]),
        ("get_regional_availability", {"resource_type": "cfn", "filters": ["AWS::Lambda::Url"]}, ["resource types"]),
        ("get_regional_availability", {"resource_type": "instance", "filters": ["t3.micro"]}, ["instance types"]),
    ],
)
def test_a_result_names_the_sources_that_it_rests_on_and_no_other(
    agent: Agent, name: str, arguments: dict[str, Any], sources: list[str]
) -> None:
    assert [source["name"] for source in agent.ask(name, **arguments)["sources"]] == sources


def test_availability_says_available_not_available_or_unknown_and_suggests_names(agent: Agent) -> None:
    types = agent.ask(
        "get_regional_availability",
        resource_type="cfn",
        filters=["AWS::AppRunner::Service", "AWS::Lamda::Url"],
        regions=["spain", "ireland", "ningxia"],
    )["answer"]
    instances = agent.ask(
        "get_regional_availability", resource_type="instance", filters=["p5.48xlarge"], region="us-east-1"
    )["answer"]

    assert {item["region"]: item["answer"] for item in types["availability"]} == {
        "eu-south-2": "not available",
        "eu-west-1": "available",
        "cn-northwest-1": "not available",
    }
    assert [(name["name"], name["suggestions"][0]) for name in types["unknown_names"]] == [
        ("AWS::Lamda::Url", "AWS::Lambda::Url")
    ]
    assert {"name": "p5.48xlarge", "region": "us-east-1", "answer": "available", "family": "ec2"} in instances[
        "availability"
    ]


@pytest.mark.parametrize(
    ("tool", "arguments", "kind", "suggestions"),
    [
        ("service_timeline", {"service": "bedrok"}, "UnknownCodeError", ["bedrock"]),
        ("region_lag", {"region": "eu-south-22"}, "UnknownCodeError", ["eu-south-2", "eu-south-1", "me-south-1"]),
        ("as_of", {"day": "2019-01-01"}, "NotInHistoryError", []),
        ("as_of", {"day": "last week"}, "MomentRefusedError", []),
        ("check_stack", {"text": "{"}, "StackUnreadableError", []),
        ("list_regions", {"next_token": "-1"}, "SettingRefusedError", []),
    ],
)
def test_an_error_says_what_failed_and_what_to_do(
    agent: Agent, tool: str, arguments: dict[str, Any], kind: str, suggestions: list[str]
) -> None:
    result = agent.call(tool, **arguments)

    error = result.structured_content["error"]
    assert (result.is_error, error["kind"], error["suggestions"]) == (True, kind, suggestions)
    assert error["message"] in json.loads(result.content[0].text)["error"]["message"]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("list_regions", {"limit": 0}), ("list_services", {"tiers": ["scarce"]}), ("as_of", {}), ("no_such_tool", {})],
)
def test_wrong_arguments_are_errors_that_the_client_survives(
    agent: Agent, tool: str, arguments: dict[str, Any]
) -> None:
    assert agent.call(tool, **arguments).is_error
    assert agent.ask("data_sources")["answer"]["unread_regions"] == []


def test_the_text_of_a_stack_never_reads_a_file(agent: Agent, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("Resources:\n  Q:\n    Type: AWS::SQS::Queue\n")
    manifest = {
        "version": "36.0.0",
        "artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": str(secret)}}},
    }

    for text in (str(secret), json.dumps(manifest)):
        assert agent.call("check_stack", text=text).is_error


def test_long_answers_are_continued_and_their_pages_are_the_whole(agent: Agent) -> None:
    first = agent.ask("list_services", limit=300)
    names = [service["service"] for service in agent.whole("list_services")["services"]]

    assert first["page"]["lists"]["services"] == len(names) == len(set(names)) == 405
    assert first["page"]["next_token"] == str(first["page"]["limit"]) == str(len(first["answer"]["services"]))
    assert len(agent.call("as_of", day="2026-10-27", limit=500).content[0].text) < MOST_CHARACTERS + 5000


def test_resources_are_schemas_and_definitions(agent: Agent) -> None:
    resources = [str(resource.uri) for resource in agent.run(agent.client.list_resources).resources]

    def read(uri: str) -> Any:  # noqa: ANN401 - JSON
        return json.loads(agent.run(agent.client.read_resource, uri).contents[0].text)

    assert resources == ["aws-ssm-fetcher://definitions", *(f"aws-ssm-fetcher://schemas/{name}" for name in TOOLS)]
    assert "does not mean absent" in read(resources[0])["unknown"]
    tools = {tool.name: tool.output_schema for tool in agent.run(agent.client.list_tools).tools}
    assert read("aws-ssm-fetcher://schemas/as_of") == tools["as_of"]


def test_a_cancelled_call_leaves_the_server_answering(agent: Agent) -> None:
    async def give_up() -> bool:
        with anyio.move_on_after(0.001) as scope:
            await agent.client.call_tool("service_timeline", {"service": "s3"})
        return scope.cancelled_caught

    assert agent.run(give_up)
    assert agent.ask("data_sources")["answer"]["history"]["runs"] == 43


def test_of_many_calls_few_run_at_once_and_those_cancelled_before_their_turn_never_begin() -> None:
    begun: list[int] = []
    going_on = Event()

    def ask(*, number: int) -> dict[str, Any]:
        begun.append(number)
        going_on.wait()
        return {}

    async def call_and_cancel() -> None:
        answer = answering(ask, anyio.CapacityLimiter(2))
        async with anyio.create_task_group() as calls:
            for number in range(8):
                calls.start_soon(functools.partial(answer, number=number))
            while len(begun) < 2:
                await anyio.lowlevel.checkpoint()
            calls.cancel_scope.cancel()
            going_on.set()

    anyio.run(call_and_cancel)

    assert sorted(begun) == [0, 1]  # in threads of their own, which may begin in either order


@pytest.mark.parametrize("dies", [False, True], ids=["says goodbye", "dies"])
def test_the_server_ends_with_its_client(*, dies: bool) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "aws_ssm_fetcher", "mcp", "--bundled"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        assert server.stdin
        assert server.stdout
        assert server.stderr
        server.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
        server.stdin.flush()
        assert json.loads(server.stdout.readline())["result"]["serverInfo"]["name"] == "aws-ssm-fetcher"
        if dies:  # nobody reads any more, and the next answer cannot be written
            server.stdout.close()
            server.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 2, "method": "ping"}).encode() + b"\n")
        server.stdin.close()
        assert (server.wait(ENDS_SECONDS), b"Traceback" in server.stderr.read()) == (0, False)


def test_a_store_is_read_and_read_again_when_a_newer_run_is_in_it(tmp_path: Path) -> None:
    opened, store = Opened(str(tmp_path)), DirectoryStore(tmp_path)
    bundled = opened.data()

    store.write(keys.analysis_key(bundled.taken, bundled.run_id), run_documents.dump_analysis(bundled.analysis))
    newer = opened.data()

    assert newer is not bundled
    assert opened.data() is newer
    assert newer.analysis.inventory.run_id == "20261027T000000Z"


def test_pages_get_smaller_where_entries_are_long() -> None:
    answer = {"many": ["x" * 1000] * 200, "few": [1], "record": {"a": 1}}

    part, page = paged(answer, 0, 200)

    assert (len(part["many"]), page["next_token"], part["record"]) == (25, "25", {"a": 1})
    assert paged(answer, 25, 25)[0]["few"] == []


def test_the_conversation_in_the_documentation_is_what_the_server_says(agent: Agent) -> None:
    page = make_transcript.PAGE.read_text(encoding="utf-8")

    made = agent.run(make_transcript.transcript, agent.client.call_tool)

    assert make_transcript.page_with(page, made) == page


def test_every_tool_is_documented_with_its_arguments(agent: Agent) -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \| (.*?) \|", REFERENCE.partition("\n## Tools\n")[2].partition("\n## ")[0])
    documented = {name: re.findall(r"`(\w+)`", arguments) for name, arguments in rows}

    tools = agent.run(agent.client.list_tools).tools
    assert documented == {
        tool.name: [name for name in tool.input_schema.get("properties", {}) if name not in {"limit", "next_token"}]
        for tool in tools
    }
