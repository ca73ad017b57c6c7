"""How answers go out: those of one turn of the event loop together, at its end.

Each write may wake whoever waits for it, and that costs several times what the write itself does. Where a partner asks
on many connections, the first answer of a turn wakes it, and the others come while it is at work.
"""

from __future__ import annotations

import asyncio


class AnswersTogether:
    """The connections of one event loop that have an answer to write at the end of its turn."""

    def __init__(self) -> None:
        self._waiting: list[GatheredWrites] = []

    def add(self, connection: GatheredWrites) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.append(connection)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for connection in waiting:
            connection.flush()


class GatheredWrites:
    """A transport, as far as a protocol uses it, with `put` besides: what was put goes out before all else."""

    __slots__ = ("_answers", "_content", "_transport", "abort", "get_write_buffer_size", "is_closing")

    def __init__(self, transport: asyncio.Transport, answers: AnswersTogether) -> None:
        self._transport, self._answers, self._content = transport, answers, b""
        self.abort, self.is_closing = transport.abort, transport.is_closing
        self.get_write_buffer_size = transport.get_write_buffer_size

    def put(self, content: bytes) -> None:
        """Writes it at the end of this turn."""
        if not self._content:
            self._answers.add(self)
        self._content += content

    def write(self, content: bytes) -> None:
        self.flush()
        self._transport.write(content)

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def write_eof(self) -> None:
        self.flush()
        self._transport.write_eof()

    def flush(self) -> None:
        """Writes what was put. A caller that went away gets nothing."""
        content, self._content = self._content, b""
        if content and not self._transport.is_closing():
            self._transport.write(content)
