"""The server: tools with their schemas, resources, errors as results. It speaks on standard input and output."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Final

import anyio
import anyio.to_thread
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.resources import FunctionResource
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, TextContent, ToolAnnotations

from aws_ssm_fetcher import __version__
from aws_ssm_fetcher.api import results
from aws_ssm_fetcher.core.error_handling import FetcherError, UnknownCodeError
from aws_ssm_fetcher.core.model.lifecycle import LifecycleEntry
from aws_ssm_fetcher.mcp.definitions import definitions
from aws_ssm_fetcher.mcp.opened import Opened
from aws_ssm_fetcher.mcp.schemas import Schema, result_schema
from aws_ssm_fetcher.mcp.tools import Tools
from aws_ssm_fetcher.queries.records.answers import FindingsAnswer
from aws_ssm_fetcher.queries.records.availability import AvailabilityAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

NAME: Final = "aws-ssm-fetcher"
INSTRUCTIONS: Final = (
    "Answers which AWS services, CloudFormation resource types and instance types are in which regions, since when, "
    "what changed, and whether a stack fits. Every result has its sources and their days: cite them. "
    "An answer of unknown means that AWS publishes nothing about it; it does not mean that it is absent. "
    "Results are cut to limit entries a list: where page has a next_token, call again with it."
)
READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
ANSWERED_AT_ONCE: Final = 4  # answers are computed, not waited for: more at once make each slower
_DOCUMENT: Final[Schema] = {
    "type": "object",
    "required": ["kind", "version", "sources"],
    "properties": {"kind": {"type": "string"}, "version": {"type": "integer"}},
}


def _list_of(name: str, *kinds: Any) -> Schema:  # noqa: ANN401 - types
    schema: Schema = result_schema(*kinds)
    items = schema["properties"]["answer"]
    schema["properties"]["answer"] = {
        "type": "object",
        "required": [name],
        "properties": {name: {"type": "array", "items": items}},
    }
    return schema


def output_schemas() -> dict[str, Schema]:
    """Return the schema of each tool's result."""
    return {
        "list_regions": result_schema(results.RegionsResult),
        "list_services": result_schema(results.ServicesResult),
        "get_regional_availability": result_schema(AvailabilityAnswer),
        "compare_regions": result_schema(results.ComparisonResult, results.ManyComparedResult),
        "check_stack": result_schema(_DOCUMENT),
        "choose_region": result_schema(_DOCUMENT),
        "what_changed": result_schema(results.ChangesResult),
        "as_of": result_schema(results.DayResult),
        "service_timeline": result_schema(results.TimelineResult),
        "region_lag": result_schema(results.LagResult),
        "lifecycle": _list_of("entries", LifecycleEntry),
        "findings": result_schema(FindingsAnswer),
        "data_sources": _list_of("sources", results.SourceRecord),
    }


def make_server(place: str | None) -> MCPServer[Any]:
    """Return the server over a store, or over the bundled data."""
    tools, schemas, at_once = Tools(Opened(place)), output_schemas(), anyio.CapacityLimiter(ANSWERED_AT_ONCE)
    made = [_tool(getattr(tools, name), schema, at_once) for name, schema in schemas.items()]
    resources = [
        _resource("definitions", "What tiers, answers, kinds and statistics mean.", definitions),
        *(
            _resource(f"schemas/{name}", f"The schema of {name}'s result.", functools.partial(dict, schema))
            for name, schema in schemas.items()
        ),
    ]
    return MCPServer(
        NAME,
        instructions=INSTRUCTIONS,
        version=__version__,
        tools=made,
        resources=list(resources),
        log_level="WARNING",
        subscriptions=False,
    )


def serve(place: str | None) -> None:
    """Answer until the client closes standard input, or is gone."""
    try:
        make_server(place).run("stdio")
    except* BrokenPipeError:  # the client died, and there is nobody to tell
        pass


def _tool(ask: Callable[..., dict[str, Any]], schema: Schema, at_once: anyio.CapacityLimiter) -> Tool:
    tool = Tool.from_function(ask, annotations=READ_ONLY, structured_output=False)
    # The SDK makes schemas of pydantic models; ours come from the classes of the answers.
    described = tool.fn_metadata.model_copy(update={"output_schema": schema})
    return tool.model_copy(update={"fn": answering(ask, at_once), "fn_metadata": described, "is_async": True})


def answering(
    ask: Callable[..., dict[str, Any]], at_once: anyio.CapacityLimiter
) -> Callable[..., Coroutine[Any, Any, CallToolResult]]:
    """Return a tool's function that gives errors as results which a model can read and correct.

    An answer is computed in a thread, which nothing can end: a call that is cancelled then goes on to its end, and its
    answer is dropped. One that is cancelled while it waits for a place never begins.
    """

    def answer(arguments: dict[str, Any]) -> CallToolResult:
        try:
            return _result(ask(**arguments), is_error=False)
        # A protocol error would end the call; a model can read a result, and correct its question.
        except FetcherError as error:
            return _result({"error": error_document(error)}, is_error=True)

    @functools.wraps(ask)
    async def answer_in_thread(**arguments: Any) -> CallToolResult:  # noqa: ANN401 - as the tool says
        return await anyio.to_thread.run_sync(answer, arguments, limiter=at_once)

    return answer_in_thread


def error_document(error: FetcherError) -> dict[str, Any]:
    """Return an error for a program: its kind, what failed, what to do, and the likely names."""
    nearest = list(error.nearest) if isinstance(error, UnknownCodeError) else []
    return {"kind": type(error).__name__, "message": str(error), "advice": error.advice, "suggestions": nearest}


def _result(document: dict[str, Any], *, is_error: bool) -> CallToolResult:
    text = TextContent(type="text", text=json.dumps(document, ensure_ascii=False))
    return CallToolResult(content=[text], structured_content=document, is_error=is_error)


def _resource(path: str, description: str, make: Callable[[], dict[str, Any]]) -> FunctionResource:
    return FunctionResource(
        uri=f"{NAME}://{path}",
        name=path,
        description=description,
        mime_type="application/json",
        fn=lambda: json.dumps(make(), ensure_ascii=False),
    )
