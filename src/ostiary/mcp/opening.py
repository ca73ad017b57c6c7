"""Before anything is served: what the service offers, and of which kind of company the key is."""

from __future__ import annotations

import json

from ostiary.adapters.http_client.session import CallFailed, Response
from ostiary.domain.errors import Unavailable, value_refused
from ostiary.mcp.calls import ServiceCalls
from ostiary.mcp.messages import Json
from ostiary.mcp.tools import Tool, tools_of

DOCUMENT = "/openapi.json"
ASKED = "read_clock"
"""Only a sandbox company has a clock: by its answer the service says of which kind the key's company is."""
NO_SANDBOX = "INVALID_STATE"


async def opened_tools(calls: ServiceCalls, *, may_write: bool, may_be_production: bool) -> dict[str, Tool]:
    """The tools of a service whose key is good.

    Raises Unavailable for what is no Ostiary that answers, ValidationFailed for a key that is not good, or is of a
    production company without `may_be_production`.
    """
    document = await _document(calls)
    tools = tools_of(document, may_write=may_write)
    if ASKED not in tools:
        raise Unavailable(f"{calls.url} describes no {ASKED}: it is no Ostiary of this version.")
    is_sandbox = await _is_sandbox(calls, tools[ASKED].path)
    if not is_sandbox and not may_be_production:
        raise value_refused(
            "key", "The key is of a production company: its clients are real. Take a sandbox key, or add --production."
        )
    return tools


async def _document(calls: ServiceCalls) -> Json:
    answer = await _asked(calls, DOCUMENT)
    try:
        document = json.loads(answer.body)
        if answer.status == 200 and "paths" in document:
            return dict(document)
    except (ValueError, TypeError):
        pass
    raise Unavailable(f"{calls.url}{DOCUMENT} answered {answer.status}, and describes no API: is it an Ostiary?")


async def _is_sandbox(calls: ServiceCalls, path: str) -> bool:
    answer = await _asked(calls, path)
    if answer.status == 200:
        return True
    try:
        code, message = json.loads(answer.body)["code"], json.loads(answer.body)["message"]
    except (ValueError, TypeError, KeyError):
        raise Unavailable(f"{calls.url}{path} answered {answer.status}, and not as Ostiary does.") from None
    if answer.status == 412 and code == NO_SANDBOX:
        return False
    if answer.status == 401:
        raise value_refused("key", f"The service refuses the key: {message}")
    raise Unavailable(f"The service does not answer the key ({answer.status} {code}): {message}")


async def _asked(calls: ServiceCalls, path: str) -> Response:
    try:
        return await calls.read(path)
    except CallFailed as problem:
        raise Unavailable(f"{calls.url} gives no answer: {problem.problem}. Does the service run there?") from None
