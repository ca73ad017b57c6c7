"""Asking a screening service over HTTP: one bounded JSON answer, or ScreeningUnavailable that says what was wrong.

The addresses are the operator's own choice, so they may lie in a private network. Redirects and proxies of the
environment are not followed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from ostiary.adapters.clock import now_ms
from ostiary.adapters.outgoing import Outgoing, read_most
from ostiary.adapters.webhooks import retry_after_s
from ostiary.domain.screening import ScreeningUnavailable

T = TypeVar("T")
TIMEOUT_S = 15
MOST_ANSWER_BYTES = 4 << 20
"""A hundred entries with every alias are some hundred kilobytes."""


class Asking:
    """A connection to one service, opened on first use."""

    def __init__(self, name: str, base_url: str, headers: Mapping[str, str]) -> None:
        self._name, self._base = name, base_url.rstrip("/")
        self._outgoing = Outgoing({"accept-encoding": "identity", **headers}, auto_decompress=False)

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
            async with self._outgoing.opened(TIMEOUT_S).request(
                method, self._base + path, allow_redirects=False, **request
            ) as answer:
                said = await read_most(answer.content, MOST_ANSWER_BYTES)
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
        await self._outgoing.close()
