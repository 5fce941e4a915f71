"""Make the conversation of an agent with the MCP server that the documentation shows, by running the server.

``python tools/make_transcript.py`` writes it into ``docs/how-to/ask-from-an-agent.md``; with ``--check`` it writes
nothing and ends with 1 if the page has another one. The agent's questions are written here; what the server answers is
what it answers.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import anyio
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from aws_ssm_fetcher.cli.shared.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

PAGE: Final = Path(__file__).parent.parent / "docs/how-to/ask-from-an-agent.md"
BEGIN: Final = "<!-- transcript: tools/make_transcript.py -->\n"
END: Final = "<!-- end of the transcript -->\n"
MOST_ENTRIES: Final = 4  # entries of a list; the page says how many are left out


class Turn(NamedTuple):
    """What a person asks, and the tool that the agent calls for it."""

    asked: str
    tool: str
    arguments: dict[str, Any]


TURNS: Final = (
    Turn("What does this rest on, and how old is it?", "data_sources", {}),
    Turn(
        "Is Bedrock in Spain? And Lambda function URLs?",
        "get_regional_availability",
        {"resource_type": "product", "filters": ["bedrok", "Amazon Bedrock"], "region": "spain"},
    ),
    Turn(
        "(the URLs are a resource type)",
        "get_regional_availability",
        {
            "resource_type": "cfn",
            "filters": ["AWS::Lambda::Url"],
            "regions": ["spain", "European Sovereign Cloud"],
        },
    ),
    Turn(
        "Does this stack run in Spain?",
        "check_stack",
        {"text": "AWS::AppRunner::Service\nAWS::SQS::Queue\n", "regions": ["spain"]},
    ),
    Turn("What came to Spain this October?", "what_changed", {"since": "2026-10-01", "regions": ["spain"]}),
    Turn("And how far behind Ireland is it?", "region_lag", {"region": "spain", "behind": "ireland", "limit": 3}),
    Turn("What was there on New Year's Day 1999?", "as_of", {"day": "1999-01-01"}),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the conversation, or check it."""
    parser = argparse.ArgumentParser(description="Make the conversation in the documentation by running the server.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 if the page has another one")
    check = parser.parse_args(arguments).check
    page = PAGE.read_text(encoding="utf-8")
    wanted = page_with(page, anyio.run(_by_server))
    if not check:
        PAGE.write_text(wanted, encoding="utf-8")
    return 1 if check and page != wanted else 0


async def _by_server() -> str:
    server = StdioServerParameters(command=sys.executable, args=["-m", "aws_ssm_fetcher", "mcp", "--bundled"])
    async with Client(stdio_client(server)) as client:
        return await transcript(client.call_tool)


async def transcript(call: Callable[[str, dict[str, Any]], Awaitable[Any]]) -> str:
    """Return the conversation as Markdown."""
    parts: list[str] = []
    for turn in TURNS:
        result = await call(turn.tool, turn.arguments)
        asked = json.dumps(turn.arguments, ensure_ascii=False)
        shown = json_text(_shown(result, with_sources=not parts))
        parts.append(f"**{turn.asked}**\n\n`{turn.tool}` with `{asked}`:\n\n```json\n{shown}\n```\n")
    return "\n".join(parts)


def page_with(page: str, made: str) -> str:
    """Return the page with this conversation."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{made}\n{END}{rest.partition(END)[2]}"


def _shown(result: Any, *, with_sources: bool) -> Any:  # noqa: ANN401 - a result of the SDK
    """Return a result for reading: without which snapshot answers, long lists cut, and the sources once."""
    document = result.structured_content
    if result.is_error:
        return document
    sources = document["sources"] if with_sources else "as above"
    answer = {name: part for name, part in document["answer"].items() if name != "sources"}
    return {"sources": sources, "answer": _cut(answer), "page": document["page"]}


def _cut(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _cut(part) for name, part in value.items()}
    if isinstance(value, list):
        left = len(value) - MOST_ENTRIES
        return [
            *map(_cut, value[:MOST_ENTRIES]),
            *([f"… {left} more"] if left > 1 else map(_cut, value[MOST_ENTRIES:])),
        ]
    return value


if __name__ == "__main__":
    sys.exit(main())
