"""Reads that many ask for at the same moment, asked once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedReads(Generic[T]):
    """Who asks while a read of the same key is under way waits for the next one, with everybody else who does.

    So no answer is older than its question, and a key costs one read at a time, however many ask.
    """

    def __init__(self, read: Callable[..., Awaitable[T]]) -> None:
        self._read = read
        self._running: dict[tuple[Hashable, ...], asyncio.Future[None]] = {}
        self._next: dict[tuple[Hashable, ...], asyncio.Task[T]] = {}

    async def ask(self, *key: Hashable) -> T:
        """What the read gives, or raises."""
        running = self._running.get(key)
        if running is None:
            return await self._lead(key)
        waiting = self._next.get(key)
        if waiting is None:
            waiting = self._next[key] = asyncio.create_task(self._after(running, key))
            waiting.add_done_callback(_looked_at)
        return await asyncio.shield(waiting)

    async def _after(self, running: asyncio.Future[None], key: tuple[Hashable, ...]) -> T:
        await running
        del self._next[key]
        return await self._lead(key)

    async def _lead(self, key: tuple[Hashable, ...]) -> T:
        done = self._running[key] = asyncio.get_running_loop().create_future()
        try:
            return await self._read(*key)
        finally:
            if key not in self._next:  # else it goes on at once, and nobody gets in between
                del self._running[key]
            done.set_result(None)


def _looked_at(task: asyncio.Task[T]) -> None:
    """Its callers may all be gone: then nobody else hears of what went wrong."""
    if not task.cancelled():
        task.exception()
