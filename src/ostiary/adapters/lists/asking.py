"""Asking a screening service over HTTP: one bounded JSON answer, or ScreeningUnavailable that says what was wrong.

The addresses are the operator's own choice, so they may lie in a private network. Redirects and proxies of the
environment are not followed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from ostiary.adapters.clock import now_ms
from ostiary.adapters.webhooks import retry_after_s
from ostiary.domain.screening import ScreeningUnavailable

if TYPE_CHECKING:
    import aiohttp

T = TypeVar("T")
TIMEOUT_S = 15
MOST_ANSWER_BYTES = 4 << 20
"""A hundred entries with every alias are some hundred kilobytes."""


class Asking:
    """A connection to one service, opened on first use."""

    def __init__(self, name: str, base_url: str, headers: Mapping[str, str]) -> None:
        self._name, self._base, self._headers = name, base_url.rstrip("/"), {"accept-encoding": "identity", **headers}
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, kind: type[T], method: str, path: str, **request: Any) -> T:
        """What the service answers, as the type that documents it. Raises ScreeningUnavailable."""
        try:
            return msgspec.convert(await self._json(method, path, **request), kind)
        except msgspec.ValidationError as problem:
            where = str(problem).rpartition(" - at ")[2]
            raise ScreeningUnavailable(f"{self._name}: the answer is not as documented at {where}") from None

    async def _json(self, method: str, path: str, **request: Any) -> Any:
        import aiohttp

        try:
            async with self._opened().request(method, self._base + path, allow_redirects=False, **request) as answer:
                said = await answer.content.read(MOST_ANSWER_BYTES + 1)
                while len(said) <= MOST_ANSWER_BYTES and (more := await answer.content.read(MOST_ANSWER_BYTES)):
                    said += more
                waits = retry_after_s(answer.headers.get("retry-after"), now_ms())
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            raise ScreeningUnavailable(f"{self._name}: {type(problem).__name__}") from None
        if answer.status != 200:
            raise ScreeningUnavailable(f"{self._name}: answers {answer.status}", waits)
        if len(said) > MOST_ANSWER_BYTES:
            raise ScreeningUnavailable(f"{self._name}: answers more than {MOST_ANSWER_BYTES:,} bytes")
        try:
            return json.loads(said)
        except (ValueError, RecursionError):
            raise ScreeningUnavailable(f"{self._name}: answers no JSON") from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)  # lets transports close

    def _opened(self) -> aiohttp.ClientSession:
        import aiohttp

        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_S), trust_env=False, headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False,
            )  # fmt: skip
        return self._session
