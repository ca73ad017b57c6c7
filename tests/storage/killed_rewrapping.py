"""Rewrapping in a process that is killed after the first thing it writes, and ends by itself when there is none."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.storage import opening
from ostiary.storage.keys import rewrapping


def main(url: str, *ring: str) -> None:
    """With these keys, each its number and its bytes: `1:00ff...`."""
    vars(rewrapping)["REWRAPPED_TOGETHER"] = 2
    keys = Keyring({int(number): bytes.fromhex(key) for number, key in (word.split(":") for word in ring)})
    engine = opening.database_of(url, "", Path("/nowhere")).engine()
    write = engine.write

    async def written(*words: Any, **how: Any) -> None:
        await write(*words, **how)
        os.kill(os.getpid(), signal.SIGKILL)

    async def rewrap() -> None:
        async for _ in rewrapping.Rewrapping(engine, keys, hurries=True).run():
            pass
        await engine.release()

    setattr(engine, "write", written)  # noqa: B010
    asyncio.run(rewrap())
    engine.close()
