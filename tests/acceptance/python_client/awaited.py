"""The plain client in the clothes of the one for asyncio, so that one test is for both."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from typing import Any

END = object()


class Awaited:
    """What an object has, to be awaited: its methods run in a thread."""

    def __init__(self, plain: object) -> None:
        self._plain = plain

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._plain, name)
        if not callable(part):
            return Awaited(part)
        return _items(part) if inspect.isgeneratorfunction(part) else _answer(part)


def _answer(method: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*arguments: Any, **named: Any) -> Any:
        return await asyncio.to_thread(method, *arguments, **named)

    return call


def _items(method: Callable[..., Any]) -> Callable[..., Any]:
    async def each(*arguments: Any, **named: Any) -> AsyncIterator[Any]:
        items = method(*arguments, **named)
        while (item := await asyncio.to_thread(next, items, END)) is not END:
            yield item

    return each
