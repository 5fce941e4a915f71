"""``mcp``: the same answers for agents, over the Model Context Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from aws_ssm_fetcher.cli.shared.options import QUERIED_STORE
from aws_ssm_fetcher.core.error_handling import ExtraMissingError

if TYPE_CHECKING:
    from aws_ssm_fetcher.core.store.located import Location


# A paragraph of its own, since a command that is broken at its hyphens cannot be copied.
@click.command("mcp", epilog="Needs the extra mcp:\n\n\b\npip install 'aws-ssm-data-fetcher[mcp]'")
@QUERIED_STORE
@click.option("--bundled", is_flag=True, help="Answer from the bundled snapshot, even if there is a store.")
def mcp(root: Location, *, bundled: bool) -> None:
    """Serve the data to agents over MCP.

    The server speaks on standard input and output and ends with its client. It reads the store, writes nothing, and
    asks nothing of AWS.
    """
    if bundled and click.get_current_context().get_parameter_source("root") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--store and --bundled exclude each other: choose one.")
    try:
        from aws_ssm_fetcher.mcp.server import serve  # noqa: PLC0415 - it takes seconds to load, and is an extra
    except ModuleNotFoundError as error:
        # Another missing module is a bug of ours, not an extra that is not installed.
        if not (error.name or "").startswith(("anyio", "mcp", "pydantic")):
            raise
        raise ExtraMissingError("The MCP SDK", package="'mcp>=2.3,<3'", extra="mcp") from error
    serve(None if bundled else str(root))
