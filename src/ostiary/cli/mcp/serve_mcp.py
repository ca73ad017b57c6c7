"""`ostiary mcp`: an MCP server on standard input and output, in front of a service that runs somewhere.

It keeps nothing and opens no port. The key comes from the environment or a file: what stands on a command line, every
process of the machine may read.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from ostiary.cli.demo.client import url_fault
from ostiary.cli.mcp.host_streams import input_pieces, protocol_output
from ostiary.domain.errors import value_refused
from ostiary.mcp.calls import ServiceCalls
from ostiary.mcp.opening import opened_tools
from ostiary.mcp.serving import Conversation
from ostiary.mcp.session import McpSession
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.runtime.terminal.printing import say
from ostiary.settings import Settings
from ostiary.telemetry import logs

KEY, KEY_FILE, URL = "OSTIARY_API_KEY", "OSTIARY_API_KEY_FILE", "OSTIARY_URL"
USUAL_URL = "http://127.0.0.1:8080"
MOST_KEY_BYTES = 4_096
"""Of the file: a key has some fifty."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    logs.set_up("error")
    url = options.url or os.environ.get(URL) or USUAL_URL
    if fault := url_fault(url):
        raise value_refused("url", fault)
    asyncio.run(_serve(options, ServiceCalls(url, read_key())))
    return EXIT_OK


async def _serve(options: argparse.Namespace, calls: ServiceCalls) -> None:
    try:
        tools = await opened_tools(calls, may_write=options.write, may_be_production=options.production)
        may = "they read and write" if options.write else "they only read; --write adds the others"
        say(f"ostiary mcp: {len(tools)} tools of {calls.url}; {may}", error=True)
        with protocol_output() as write:
            await Conversation(McpSession(tools, calls.call), write).hold(input_pieces())
    finally:
        await calls.close()


def read_key() -> str:
    """The API key. Raises ValidationFailed where there is none, or nothing that could be one."""
    key, file = os.environ.get(KEY, "").strip(), os.environ.get(KEY_FILE, "").strip()
    if bool(key) == bool(file):
        which = "both are set" if key else "neither is set"
        raise value_refused("key", f"{KEY} has to hold the API key, or {KEY_FILE} to name a file with it: {which}")
    if file:
        key = _content(Path(file))
    if not (key.isascii() and key.isprintable() and key):
        raise value_refused("key", f"{KEY_FILE if file else KEY} holds no API key: one line, as osk_...")
    return key


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MOST_KEY_BYTES).decode().strip()
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "is not text"
        raise value_refused("key", f"{path} of {KEY_FILE} cannot be read: {why}") from None
