"""A server as an agent starts it, over real standard input and output: one for most tests, since it takes seconds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from agents import Agent
from anyio.from_thread import start_blocking_portal
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def agent() -> Iterator[Agent]:
    """A client of a server over the bundled data."""
    with start_blocking_portal() as portal:
        server = StdioServerParameters(command=sys.executable, args=["-m", "aws_ssm_fetcher", "mcp", "--bundled"])
        with portal.wrap_async_context_manager(Client(stdio_client(server))) as client:
            yield Agent(portal, client)
