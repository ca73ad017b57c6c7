"""A host of MCP for tests: the official SDK's client, run by the Python of `.venv-peers`.

It reads one line of JSON, `{"mode": ..., "command": [...], "env": {...}, "calls": [[tool, arguments], ...]}`, starts
the server as a process, and writes what it heard as one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from mcp import Client, StdioServerParameters, stdio_client


async def heard(wanted: dict[str, Any]) -> dict[str, Any]:
    """What the server says of itself, its tools, and what each call gives."""
    command, *words = wanted["command"]
    server = stdio_client(StdioServerParameters(command=command, args=words, env=wanted["env"]))
    async with Client(server, mode=wanted["mode"]) as host:
        tools = (await host.list_tools()).tools
        calls = [await host.call_tool(name, arguments) for name, arguments in wanted["calls"]]
        return {
            "version": host.protocol_version,
            "server": None if host.server_info is None else host.server_info.name,
            "instructions": host.instructions,
            "tools": [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in tools],
            "answers": [{"error": bool(call.is_error), "text": call.content[0].text} for call in calls],
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(heard(json.loads(sys.stdin.readline())))))  # noqa: T201 (to who started us)
