"""An agent: a client of the MCP server whose methods can be called without ``await``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp.client.client import Client


class Agent:
    """A client of one server."""

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
