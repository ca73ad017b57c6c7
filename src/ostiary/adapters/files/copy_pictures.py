"""Copying sealed pictures from one store into another, as they lie there; broken off, it goes on where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ostiary.adapters.files.store import FileStore
from ostiary.domain.errors import Refused

AT_ONCE = 8
"""Pictures under way together: enough to hide a store's latency, some 60 MB at the most."""


@dataclass(slots=True)
class CopiedFiles:
    """How many there are, and how many of them were written now."""

    pictures: int = 0
    written: int = 0


async def copy_pictures(
    source: FileStore, target: FileStore, prefixes: Iterable[str], tell: Callable[[int], None]
) -> CopiedFiles:
    """Whatever lies under the prefixes; each is read back and compared. Raises Refused, Unavailable."""
    done = CopiedFiles()
    for prefix in prefixes:
        there = {name async for name in target.names(prefix)}
        running: set[asyncio.Task[bool]] = set()
        async for name in source.names(prefix):
            running.add(asyncio.create_task(_copy(source, target, name, is_there=name in there)))
            if len(running) >= AT_ONCE:
                ended, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                _count(done, ended, tell)
        if running:
            _count(done, (await asyncio.wait(running))[0], tell)
    return done


def _count(done: CopiedFiles, ended: Iterable[asyncio.Task[bool]], tell: Callable[[int], None]) -> None:
    for task in ended:
        done.written += task.result()
        done.pictures += 1
    tell(done.pictures)


async def _copy(source: FileStore, target: FileStore, name: str, *, is_there: bool) -> bool:
    content = await source.fetch(name)
    if is_there and await _is_half(target, name, content):
        await target.remove(name)
        is_there = False
    if not is_there:
        await target.keep(name, content)
    if await target.fetch(name) != content:
        raise Refused(f"The target has another picture than the source under {name}: copy into an empty store.")
    return not is_there


async def _is_half(target: FileStore, name: str, content: bytes) -> bool:
    """Whether a picture is only the beginning of what it should be: a copy that was broken off left it."""
    there = await target.fetch(name)
    return len(there) < len(content) and content.startswith(there)
