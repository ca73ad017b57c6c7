"""How bytes come in: in pieces of at most 64 kB, all through one buffer, so that many callers who send much at once are
given no memory for it before their protocol has looked at what it is.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from ostiary.web.head_limits import CarefulProtocol

PIECE_BYTES = 65_536
_shared = memoryview(bytearray(PIECE_BYTES))


class Inlet(asyncio.BufferedProtocol):
    """Stands between a socket and its protocol, which is made from the arguments."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._protocol = CarefulProtocol(*arguments, **named)
        self._buffer = memoryview(bytearray(PIECE_BYTES)) if sys.platform == "win32" else _shared
        """Reading and looking at it is one step of the event loop, except on Windows."""
        self.connection_made = self._protocol.connection_made  # type: ignore[method-assign, assignment]
        self.connection_lost = self._protocol.connection_lost  # type: ignore[method-assign]
        self.pause_writing = self._protocol.pause_writing  # type: ignore[method-assign]
        self.resume_writing = self._protocol.resume_writing  # type: ignore[method-assign]

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._protocol.data_received(self._buffer[:nbytes])

    def eof_received(self) -> bool:
        """True keeps the connection for what is being answered: a caller that sends nothing more may wait all the same.
        It cannot be told from one that went away, and what was asked for is done anyway."""
        protocol = self._protocol
        if not protocol.is_being_served or protocol.cycle.more_body:
            protocol.transport.flush()  # the connection ends with this turn
            return False
        protocol.cycle.keep_alive = False
        return True
