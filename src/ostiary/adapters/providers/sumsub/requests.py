"""Requests to Sumsub: signed, bounded in time and size, and what its refusals mean.

Of an error only its status, number and correlation id are kept: the description may repeat what was sent, which is
personal. Redirects and proxies of the environment are not followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

import msgspec

from ostiary.adapters.clock import now_ms
from ostiary.adapters.outgoing import Outgoing, read_most
from ostiary.adapters.providers.sumsub.settings import SumsubSettings
from ostiary.adapters.providers.sumsub.signing import signed_headers
from ostiary.adapters.webhooks import retry_after_s
from ostiary.domain.providers import ProviderRefused, ProviderUnavailable

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_S = 15
"""For one request with its answer; an upload of some megabytes takes a few seconds."""
MOST_ANSWER_BYTES = 1_048_576
"""An applicant with dozens of pictures is described in some tens of kilobytes."""
MENDABLE = (401, 403, 408, 429)
"""Refusals that are not about the submission: a token, a permission or a clock is wrong, or we ask too often. Somebody
mends that, or it passes, so they are tried again like faults of the other side."""
DUPLICATE_DOCUMENT, UPLOADS_CLOSED = 1000, 1006
"""Of Sumsub's page "Error codes": the same bytes were uploaded before; the applicant is being checked."""
_CORRELATION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
T = TypeVar("T")


class Failure(msgspec.Struct, rename="camel"):
    """What is read of the body of an error, by Sumsub's page "API health"."""

    correlation_id: str | None = None
    error_code: int | None = None


class Refused(ProviderRefused):
    """Sumsub will not do what was asked. `error_code` is its own number, None where it gives none."""

    def __init__(self, problem: str, status: int, error_code: int | None, correlation_id: str) -> None:
        super().__init__(problem)
        self.status, self.error_code, self.correlation_id = status, error_code, correlation_id


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came, within its bound."""

    status: int
    body: bytes
    waits_s: float | None


class Requests:
    """The requests of one account. Opens its connections on first use; `close` it."""

    def __init__(self, settings: SumsubSettings) -> None:
        self._settings = settings
        self._outgoing = Outgoing({"User-Agent": "Ostiary", "Accept": "application/json"})

    async def send(self, method: str, target: str, body: bytes = b"", media_type: str = "application/json") -> bytes:
        """One request. `target` is the path with its query, quoted (`quoted`). Gives the answer's body.

        Raises Refused, and ProviderUnavailable for what another try may mend.
        """
        answer = await self._ask(method, target, body, media_type)
        if not 200 <= answer.status < 300:
            raise self._failed(answer)
        return answer.body

    def understood(self, body: bytes, kind: type[T]) -> T:
        """An answer's body as a struct. Raises ProviderUnavailable for one that says something else."""
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, RecursionError):
            raise ProviderUnavailable(f"{self._settings.name}: the answer cannot be understood") from None

    async def close(self) -> None:
        await self._outgoing.close()

    async def _ask(self, method: str, target: str, body: bytes, media_type: str) -> Answer:
        import aiohttp  # imported on the first request: many processes never make one
        from yarl import URL

        settings = self._settings
        headers = signed_headers(settings.app_token, settings.secret_key, now_ms() // 1000, method, target, body)
        headers |= {"Content-Type": media_type} if body else {}
        url = URL(settings.base_url.rstrip("/") + target, encoded=True)  # what is signed is what is sent
        try:
            async with self._outgoing.opened(TIMEOUT_S).request(
                method, url, data=body or None, headers=headers, allow_redirects=False
            ) as answer:
                waits = retry_after_s(answer.headers.get("retry-after"), now_ms())
                return Answer(answer.status, await self._read(answer), waits)
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            raise ProviderUnavailable(f"{settings.name}: {type(problem).__name__}") from None

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        said = await read_most(answer.content, MOST_ANSWER_BYTES)
        if len(said) > MOST_ANSWER_BYTES:
            raise ProviderUnavailable(f"{self._settings.name}: the answer is too long", answer.status)
        return said

    def _failed(self, answer: Answer) -> Exception:
        told = _failure(answer.body)
        named = told.correlation_id or ""
        correlation_id = named if _CORRELATION_ID.fullmatch(named) else "none"
        code = "none" if told.error_code is None else told.error_code
        problem = f"{self._settings.name} answers {answer.status}, error {code}, correlation {correlation_id}"
        passes = answer.status == 409 and (answer.waits_s is not None or told.error_code == UPLOADS_CLOSED)
        if passes or answer.status in MENDABLE or not 400 <= answer.status < 500:
            return ProviderUnavailable(problem, answer.status, answer.waits_s)
        return Refused(problem, answer.status, told.error_code, correlation_id)


def quoted(text: str) -> str:
    """Text as a part of a path or query; a blank is %20, as Sumsub asks for in names of levels."""
    return quote(text, safe="")


def _failure(body: bytes) -> Failure:
    try:
        return msgspec.json.decode(body, type=Failure)
    except (msgspec.DecodeError, RecursionError):
        return Failure()
