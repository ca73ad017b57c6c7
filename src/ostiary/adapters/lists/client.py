"""Asking a screening service over HTTP: one bounded JSON answer, or ScreeningUnavailable that says what was wrong.

The addresses are the operator's own choice, so they may lie in a private network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from ostiary.adapters.http_client.session import CallFailed, Outgoing, Request
from ostiary.domain.screening.subject import ScreeningUnavailable

T = TypeVar("T")
MOST_ANSWER_BYTES = 4 << 20
"""A hundred entries with every alias are some hundred kilobytes."""


class Asking:
    """A connection to one service, opened on first use. `timeout_s` is of one request with its answer."""

    def __init__(self, name: str, base_url: str, headers: Mapping[str, str], timeout_s: float) -> None:
        self._name, self._base = name, base_url.rstrip("/")
        self._headers, self._outgoing = headers, Outgoing(timeout_s=timeout_s)

    async def get(self, kind: type[T], path: str, query: Mapping[str, str] | None = None) -> T:
        """What the service answers, as the type that documents it. Raises ScreeningUnavailable."""
        return await self._ask(kind, "GET", path, list((query or {}).items()), None)

    async def post(self, kind: type[T], path: str, query: Sequence[tuple[str, str]], content: object) -> T:
        """The same of a question with a JSON body. Raises ScreeningUnavailable."""
        return await self._ask(kind, "POST", path, query, msgspec.json.encode(content))

    async def _ask(
        self, kind: type[T], method: str, path: str, query: Sequence[tuple[str, str]], body: bytes | None
    ) -> T:
        typed = {} if body is None else {"content-type": "application/json"}
        url = f"{self._base}{path}" + (f"?{urlencode(query)}" if query else "")
        try:
            return msgspec.convert(
                await self._json(
                    Request(
                        method=method,
                        url=url,
                        most_bytes=MOST_ANSWER_BYTES,
                        headers={**self._headers, **typed},
                        body=body,
                    )
                ),
                kind,
            )
        except (msgspec.ValidationError, RecursionError) as problem:
            where = str(problem).rpartition(" - at ")[2]
            raise ScreeningUnavailable(f"{self._name}: the answer is not as documented at {where}") from None

    async def _json(self, request: Request) -> Any:
        try:
            answer = await self._outgoing.call(request)
        except CallFailed as failed:
            raise ScreeningUnavailable(f"{self._name}: {failed.problem}") from None
        if answer.status != 200:
            raise ScreeningUnavailable(f"{self._name}: answers {answer.status}", answer.retry_after_s)
        if answer.is_cut:
            raise ScreeningUnavailable(f"{self._name}: answers more than {MOST_ANSWER_BYTES:,} bytes")
        try:
            return json.loads(answer.body, parse_constant=_refused)
        except (ValueError, RecursionError):
            raise ScreeningUnavailable(f"{self._name}: answers no JSON") from None

    async def close(self) -> None:
        await self._outgoing.close()


def _refused(constant: str) -> Any:
    """NaN and Infinity are no JSON (RFC 8259 section 6), and a score that is none would be below any threshold."""
    raise ValueError(constant)
