"""A server as an agent starts it, over real standard input and output: one for most tests, since it takes seconds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from anyio.from_thread import start_blocking_portal
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mcp.types import CallToolResult

    Call = Callable[..., CallToolResult]


@pytest.fixture(scope="session")
def agent() -> Iterator[Agent]:
    """A client of a server over the bundled data."""
    with start_blocking_portal() as portal:
        server = StdioServerParameters(command=sys.executable, args=["-m", "aws_ssm_fetcher", "mcp", "--bundled"])
        with portal.wrap_async_context_manager(Client(stdio_client(server))) as client:
            yield Agent(portal, client)


class Agent:
    """A client whose methods can be called without ``await``."""

    def __init__(self, portal: Any, client: Client) -> None:  # noqa: ANN401 - a portal
        self.client = client
        self.run: Any = portal.call

    def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - as the tool says
        """Return a result, whose form the client has checked by the tool's schema."""
        result = self.call(tool, **arguments)
        assert not result.is_error, result.content
        document: dict[str, Any] = result.structured_content
        return document

    def call(self, tool: str, **arguments: Any) -> Any:  # noqa: ANN401 - as the tool says
        """Return what the tool gives, an error too."""
        return self.run(self.client.call_tool, tool, arguments)

    def whole(self, tool: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - as the tool says
        """Return an answer with all its pages laid end to end."""
        result = self.ask(tool, limit=500, **arguments)
        answer: dict[str, Any] = result["answer"]
        while token := result["page"].get("next_token"):
            result = self.ask(tool, limit=500, next_token=token, **arguments)
            for name in result["page"]["lists"]:
                more = result["answer"][name]
                answer[name] = answer[name] | more if isinstance(more, dict) else answer[name] + more
        return answer
