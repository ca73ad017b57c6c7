"""uvicorn's protocol with limits on what a caller may send and how long it may take, all before any key is looked at.

Bounded are a request's head, what follows a body, what is sent ahead of answers, and what is left of a body that
nobody reads. Times are looked after for all connections together: `ostiary.web.connections`.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from ostiary.web.answers_together import GatheredWrites
from ostiary.web.connections import ConnectionLimits, OpenConnections, Outlet
from ostiary.web.heads import HOST_VALUE, head_without_offers, is_old_version, path_of
from ostiary.web.refusals import (
    CONNECT,
    FULL,
    HOST,
    MALFORMED,
    NO_SCOPE,
    TOO_LARGE,
    TRANSFER_CODING,
    HeadRefused,
    asked_first,
)
from ostiary.web.whole_answer import offer

MOST_HEAD_BYTES = 65_536
"""Far more than honest callers send, little enough to be gone through in a millisecond. What one read of the socket
brings, 64 kB at most (`ostiary.web.inlet`), is counted as a whole."""
MOST_FIELDS = 100
"""As common servers have it: each costs twenty times what a byte costs."""
MOST_AHEAD = 32
"""Requests sent before the answer to the first (RFC 9112 9.3.2); the connection ends with the answer to the last."""
MOST_AHEAD_BYTES = 65_536
"""Of heads and bodies sent ahead."""
SMALLEST_PIECE_BYTES, FREE_PIECES = 64, 1_024
"""Of a body in chunks, on average, after so many: a chunk costs as much as a hundred bytes do."""
MOST_UNREAD_BYTES = 64 << 20
"""Of a body whose request is answered already: taken in and forgotten, so that the connection can be used again. More
than three times the usual limit of a body, as for one that is refused."""
HEAD_PATIENCE_S = 10.0
"""From the connection, or the first byte of a further request, to the end of its head."""
REST_PATIENCE_S = 10.0
"""For the rest of a body whose request is answered."""
UNREAD_PATIENCE_S = 30.0
"""So long not a byte of an answer may be taken."""
PARTING_PATIENCE_S = 2.0
"""Closing while a caller sends would lose the answer on its way (RFC 9112 9.6): so long what comes is forgotten."""
CLOSING_PATIENCE_S = 10.0
"""For what is still on its way out when the connection is closed."""
_WATCHED = frozenset({b"host", b"expect", b"transfer-encoding"})


class _Stop(Exception):
    """Ends parsing; why is in `_fault`, or nothing is wrong and no more is taken."""


class CarefulProtocol(HttpToolsProtocol):
    """One connection. `since` is when it began to wait for its caller."""

    transport: GatheredWrites  # type: ignore[assignment]

    def __init__(self, *arguments: Any, crowd: OpenConnections | None = None, **named: Any) -> None:
        """All but `crowd` are HttpToolsProtocol's."""
        super().__init__(*arguments, **named)
        self._crowd = OpenConnections(ConnectionLimits()) if crowd is None else crowd
        self.address = ""
        self.since = self.loop.time()
        self._outlet: Outlet | None = None
        self._fault: HeadRefused | None = None
        self._running: RequestResponseCycle | None = None
        self._is_taken_up = self._is_deaf = self._is_parting = self._was_closing = self._has_offer = False
        self._in_message, self._in_head = False, True
        self._loose_bytes = self._head_bytes = self._fields = self._ahead_bytes = self._unread_bytes = 0
        self._hosts = self._pieces = self._body_bytes = self._unsent_bytes = 0
        self._unsent_since = 0.0

    # ---- the connection ----

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self.since = self.loop.time()
        self.transport = GatheredWrites(transport, self._crowd.answers)
        self._outlet = Outlet(self.transport, self.part)
        self._is_taken_up = self._crowd.enter(self, self.loop)
        if not self._is_taken_up:
            self._refuse(FULL)

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.leave(self)
        self.pipeline.clear()
        super().connection_lost(exc)
        self._outlet = self._running = None  # else they would wait for the garbage collector

    @property
    def is_being_served(self) -> bool:
        """Whether it waits for us, not we for its caller."""
        cycle: RequestResponseCycle | None = self.cycle
        if self._is_parting or cycle is None or cycle.response_complete or self.flow.write_paused:
            return False
        return bool(self.pipeline) or not cycle.more_body or bool(cycle.body)

    def look(self, now: float) -> None:
        """Ends the connection if its time is over."""
        transport = self.transport
        if transport.is_closing():
            if not self._was_closing:
                self._was_closing, self.since = True, now
            elif now - self.since > CLOSING_PATIENCE_S:
                transport.abort()
            return
        if self.flow.write_paused:
            unsent = transport.get_write_buffer_size()
            if unsent != self._unsent_bytes:
                self._unsent_bytes, self._unsent_since = unsent, now
            elif now - self._unsent_since > UNREAD_PATIENCE_S:
                transport.abort()
            return
        self._unsent_bytes = 0
        if now - self.since > self._patience_s():
            self.give_way()

    def give_way(self) -> None:
        """Ends the connection at once: what its caller has not taken by now it does not take."""
        if self.flow.write_paused or self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    def part(self) -> None:
        """Ends the connection after what was written. A caller that may still be sending is listened to for a while."""
        self.pipeline.clear()
        if self._is_parting or self.transport.is_closing():
            return
        if not self._is_taken_up or not (self._is_deaf or self._in_message):
            self.transport.close()
            return
        self._is_deaf = self._is_parting = True
        self.since = self.loop.time()
        self.flow.resume_reading()
        self.transport.write_eof()

    def _patience_s(self) -> float:
        """For what its caller has to do next."""
        if self._is_parting:
            return PARTING_PATIENCE_S
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None:
            return HEAD_PATIENCE_S
        if not cycle.response_complete:
            return float("inf")  # who serves it has times of its own for a body: ostiary.web.body
        if not self._in_message:
            return self._crowd.limits.idle_s
        return HEAD_PATIENCE_S if self._in_head else REST_PATIENCE_S

    # ---- what comes ----

    def data_received(self, data: bytes | memoryview) -> None:
        if self._is_deaf:
            return
        self._loose_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            if self._has_offer:
                self.data_received(self._declined() + bytes(data[offer.args[0] :]))
            else:
                self._refuse(MALFORMED)
        except httptools.HttpParserError:
            self._refuse(self._fault or (None if self._is_deaf else MALFORMED))
        else:
            if self._loose_bytes > MOST_HEAD_BYTES:
                self._refuse(TOO_LARGE if self._in_head else MALFORMED)

    def on_message_begin(self) -> None:
        cycle = self.cycle
        if cycle is not None and not self._has_offer:
            if not cycle.response_complete:
                if not cycle.keep_alive or len(self.pipeline) >= MOST_AHEAD or self._ahead_bytes > MOST_AHEAD_BYTES:
                    self._is_deaf = True
                    raise _Stop
            else:
                self.since = self.loop.time()
        super().on_message_begin()
        self._in_message = self._in_head = True
        self._has_offer = False
        self._head_bytes = self._fields = self._hosts = self._unread_bytes = self._pieces = self._body_bytes = 0

    def on_url(self, url: bytes) -> None:
        self._loose_bytes = 0
        self._count(len(url))
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._loose_bytes = 0
        self._fields += 1
        self._count(len(name) + len(value))
        if not self._in_head:
            return  # fields behind a body may not pass for fields of the head (RFC 9110 6.5.1)
        name = name.lower()
        if name in _WATCHED:
            self._watch(name, value)
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._loose_bytes = 0
        if self.parser.should_upgrade():
            if self.parser.get_method() == b"CONNECT":
                self._stop(CONNECT)
            self._has_offer = True  # the parser takes no body now: the same again, without the offer
            return
        is_old = is_old_version(self.parser.get_http_version())
        if self._hosts != 1 and not (is_old and not self._hosts):
            self._stop(HOST)
        self.url = path_of(self.url)
        app = self.app
        if self.expect_100_continue:
            self.expect_100_continue = not is_old  # RFC 9110 10.1.1
            self.app = asked_first(app)
        super().on_headers_complete()
        self.app = app
        self.cycle.transport = self._outlet  # type: ignore[assignment]
        offer(self.scope, self.cycle, self.transport.put)
        if self.pipeline:
            self._ahead_bytes += self._head_bytes

    def on_body(self, body: bytes) -> None:
        self._loose_bytes = 0
        self._pieces += 1
        self._body_bytes += len(body)
        if self._pieces > FREE_PIECES and self._pieces * SMALLEST_PIECE_BYTES > self._body_bytes:
            self._stop(MALFORMED)
        cycle = self.cycle
        if cycle.response_complete:
            self._unread_bytes += len(body)
            if self._unread_bytes > MOST_UNREAD_BYTES:
                self._is_deaf = True
                raise _Stop
            return
        if self.pipeline:
            self._ahead_bytes += len(body)
            if self._ahead_bytes > MOST_AHEAD_BYTES:
                self._is_deaf = True
                raise _Stop
        self.since = self.loop.time()
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._has_offer:
            return
        self._in_message = False
        self._in_head = True
        if self.cycle.response_complete:
            self.since = self.loop.time()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        self.since = self.loop.time()
        if self._running is not None and self._running.body:
            self._running.body = bytearray()  # what nobody read
        if self.transport.is_closing():
            return
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())  # nothing more is read before these are answered
        else:
            self._ahead_bytes = 0
            self.flow.resume_reading()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    # ---- what is not taken ----

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MOST_HEAD_BYTES or self._fields > MOST_FIELDS:
            self._stop(TOO_LARGE if self._in_head else MALFORMED)

    def _watch(self, name: bytes, value: bytes) -> None:
        if name == b"host":
            self._hosts += 1
            if not HOST_VALUE.fullmatch(value):
                self._stop(HOST)
        elif name == b"expect":
            self.expect_100_continue |= b"100-continue" in value.lower()  # what else is expected is not ours to meet
        elif value.lower() != b"chunked":
            self._stop(TRANSFER_CODING)

    def _stop(self, fault: HeadRefused) -> None:
        self._fault = fault
        raise _Stop

    def _declined(self) -> bytes:
        """The head that has come, without its offer to speak another protocol; a new parser is to read it."""
        first = b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return head_without_offers(first, self.headers)

    def _refuse(self, fault: HeadRefused | None) -> None:
        """Takes nothing more. What was asked before is answered, then the refusal if there is one, and that is all."""
        self._is_deaf = True
        self.parser = self.headers = None  # type: ignore[assignment]  # with what they hold of it
        cycle = self.cycle
        if cycle is not None and cycle.response_complete and self._in_message and not self._in_head:
            self.part()  # the rest of a body whose request is answered
            return
        is_waiting = cycle is not None and not cycle.response_complete
        if is_waiting and cycle.more_body:
            is_waiting = self._give_up(cycle)
        if fault is not None:
            self._answer(fault, after=is_waiting)
        elif is_waiting:
            self.cycle.keep_alive = False
        else:
            self.part()

    def _give_up(self, cycle: RequestResponseCycle) -> bool:
        """Of a request whose body does not end as it should; whether others are still to be answered before."""
        if not self.pipeline:
            cycle.disconnected = True
            cycle.message_event.set()
            return False
        self.pipeline.popleft()
        assert self._running is not None  # noqa: S101 (others wait only behind one)
        self.cycle = self.pipeline[0][0] if self.pipeline else self._running
        return True

    def _answer(self, fault: Any, after: bool) -> None:
        cycle = self.cycle
        if not after and cycle is not None and cycle.response_started and not cycle.response_complete:
            self.part()  # half an answer is out: another would be taken for its rest
            return
        logs = (self.logger, self.access_logger, self.access_log)
        end = (asyncio.Event(), False, False, self.on_response_complete)
        headers = self.server_state.default_headers
        self.cycle = RequestResponseCycle(NO_SCOPE, self._outlet, self.flow, *logs, headers, *end)  # type: ignore[arg-type]
        self.cycle.more_body = False
        if after:
            self.pipeline.appendleft((self.cycle, fault))
        else:
            self._start_asgi_task(self.cycle, fault)
