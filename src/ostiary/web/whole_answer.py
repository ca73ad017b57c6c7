"""An answer in one piece: an extension of ASGI that our protocol offers, for what is known whole when it is sent.

Through ASGI an answer takes two messages, two writes, and a look at each header by two patterns. What goes over the
line is the same, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

Headers = Iterable[tuple[bytes, bytes]]
WholeAnswer = Callable[[int, Headers, bytes], bool]
"""Sends status, headers (small letters, with the length of the content) and body; False where it has to go the usual
way, because nobody waits for it any more, or not all that was sent before is taken yet."""
_NAME = "ostiary.whole_answer"
_NO_VALUE = bytes([*range(0x09), *range(0x0A, 0x20), 0x7F])
"""What would end a header, or may not stand in one (RFC 9110 5.5)."""
_NO_BODY = "HEAD"


def offer(scope: Any, cycle: RequestResponseCycle, put: Callable[[bytes], None]) -> None:
    """Offers it to whatever serves the request. `put` writes to the connection, soon."""
    scope["extensions"] = {_NAME: partial(_answered, cycle, put)}


def offered(scope: Scope) -> WholeAnswer | None:
    """What was offered, and is offered once: left in the scope it would keep the request alive until garbage is
    collected."""
    whole: WholeAnswer | None = scope.pop("extensions", {}).get(_NAME)
    return whole


def _answered(
    cycle: RequestResponseCycle, put: Callable[[bytes], None], status: int, headers: Headers, body: bytes
) -> bool:
    if cycle.disconnected or cycle.response_started or cycle.flow.write_paused:
        return False
    every = [*cycle.default_headers, *headers]
    values = b"".join([value for _, value in every])
    if len(values.translate(None, _NO_VALUE)) < len(values):
        return False
    lines = [b"%b: %b\r\n" % header for header in every]
    for name, value in every:
        if name == b"connection" and b"close" in value.lower():
            cycle.keep_alive = False
            break
    else:
        if not cycle.keep_alive:
            lines.append(b"connection: close\r\n")
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    shown = b"" if cycle.scope["method"] == _NO_BODY else body
    put(b"".join([STATUS_LINE[status], *lines, b"\r\n", shown]))
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()
    return True
