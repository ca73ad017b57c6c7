"""Connections to services that the operator configured: opened on first use, without proxies of the environment.

Their addresses are the operator's own choice, so they may lie in a private network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiohttp


class Outgoing:
    """The connections of one adapter; `close` them."""

    def __init__(self, headers: Mapping[str, str] | None = None, *, auto_decompress: bool = True) -> None:
        self._headers, self._auto_decompress = dict(headers or {}), auto_decompress
        self._session: aiohttp.ClientSession | None = None

    def opened(self, timeout_s: float) -> aiohttp.ClientSession:
        """The session, whose requests take so long at most in all."""
        import aiohttp  # on the first call: 70 ms and 7 MB that many processes never need

        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=timeout_s), trust_env=False, headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=self._auto_decompress,
            )  # fmt: skip
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)  # lets transports close


async def read_most(body: aiohttp.StreamReader, most: int) -> bytes:
    """A body in however many pieces it comes; of one longer than `most` bytes, the first `most` and one more."""
    said = b""
    while len(said) <= most and (more := await body.read(most + 1 - len(said))):
        said += more
    return said
