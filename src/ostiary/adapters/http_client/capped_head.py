"""Caps on what an answer has besides its body. aiohttp bounds each header, skips interim answers (RFC 9110 15.2)
without counting them, and drops extensions of chunks (RFC 9112 7.1.1) however long: an endpoint that sends either
without end keeps its caller busy until the time-out.

Imported on first use: it needs aiohttp's own protocol.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler

MOST_HEAD_BYTES = 65_536
"""Interim answers and the head of the last one together; four times what common servers send at most."""
MOST_INTERIM = 32
"""Each costs some 20 us of parsing. Servers send one or two; one that says twice a second that it is at work has
room."""
MOST_PIECES = 1_024
"""Reads from the network until the head is whole, some 10 us each. A head that comes byte by byte has some hundreds."""
SLICE_BYTES = 4_096
"""What is parsed at once until the head is whole: of a full socket's 256 kB ten thousand interim answers would be."""
MOST_FRAMING_BYTES = 65_536
FRAMING_BYTES = 6
"""What a body in chunks has besides: a length and two ends of lines for each byte where every chunk has a single one.
Extensions and trailers beyond that, in all, no honest server sends."""


class HeadTooLarge(aiohttp.ClientError):
    """More came before the answer than any honest endpoint sends."""


class FramingTooLarge(aiohttp.ClientError):
    """More came around the answer's body than any honest endpoint sends."""


class CappedHead(ResponseHandler):
    """Breaks the connection off when too much comes before the answer's own head is whole, or around its body."""

    _before = _interim = _pieces = _after = 0
    _body: Any = None
    _has_answer = False

    def set_response_params(self, **params: Any) -> None:
        self._before = self._interim = self._pieces = self._after = 0
        self._body, self._has_answer = None, False
        super().set_response_params(**params)

    def feed_data(self, data: Any, size: int = 0) -> None:
        if data[0].code >= 200:
            self._has_answer, self._body = True, data[1]
        else:
            self._interim += 1
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        rest = data if self._has_answer else self._take_head(data)
        if rest is not None:
            self._take_body(rest)

    def _take_head(self, data: bytes) -> bytes | None:
        """What is left of it behind the head, if anything."""
        self._pieces += 1
        for at in range(0, max(1, len(data)), SLICE_BYTES):
            piece = data[at : at + SLICE_BYTES]
            self._before += len(piece)
            super().data_received(piece)
            if self._has_answer:
                return data[at + SLICE_BYTES :] or None
            too_much = self._before > MOST_HEAD_BYTES or self._interim > MOST_INTERIM or self._pieces > MOST_PIECES
            if too_much and self.transport is not None:
                self._break_off(HeadTooLarge())
                return None
        return None

    def _take_body(self, data: bytes) -> None:
        self._after += len(data)
        super().data_received(data)
        around = self._after - (1 + FRAMING_BYTES) * self._body.total_bytes
        if around > MOST_FRAMING_BYTES and self.transport is not None:
            self._body.set_exception(FramingTooLarge())
            self._break_off(FramingTooLarge())

    def _break_off(self, problem: aiohttp.ClientError) -> None:
        assert self.transport is not None  # noqa: S101 (whoever calls has looked)
        self.set_exception(problem)
        self.transport.abort()


def cap(connector: aiohttp.TCPConnector) -> None:
    """For every connection that it makes from now on, of the running loop."""
    maker: Callable[..., ResponseHandler] = partial(CappedHead, loop=asyncio.get_running_loop())
    connector._factory = cast("partial[ResponseHandler]", maker)
