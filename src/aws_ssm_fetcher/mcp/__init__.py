"""The MCP server: the same queries for agents. It needs the extra ``mcp`` and is in no Lambda package."""
