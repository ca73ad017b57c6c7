"""Requests to Sumsub: signed, bounded in time and size, and what its refusals mean.

Of an error only its status, number and correlation id are kept: the description may repeat what was sent, which is
personal.
"""

from __future__ import annotations

import re
from typing import TypeVar
from urllib.parse import quote

import msgspec

from ostiary.adapters.clock import now_ms
from ostiary.adapters.http_client.session import CallFailed, Outgoing, Request, Response
from ostiary.adapters.providers.sumsub.settings import SumsubSettings
from ostiary.adapters.providers.sumsub.signing import signed_headers
from ostiary.domain.providers.provider import ProviderRefused, ProviderUnavailable

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


class SumsubRefused(ProviderRefused):
    """Sumsub will not do what was asked. `error_code` is its own number, None where it gives none."""

    def __init__(self, problem: str, status: int, error_code: int | None, correlation_id: str) -> None:
        super().__init__(problem)
        self.status, self.error_code, self.correlation_id = status, error_code, correlation_id


class Requests:
    """The requests of one account. Opens its connections on first use; `close` it."""

    def __init__(self, settings: SumsubSettings) -> None:
        self._settings = settings
        headers = {"User-Agent": "Ostiary", "Accept": "application/json"}
        self._outgoing = Outgoing(headers, timeout_s=settings.timeout_s)

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
        except (msgspec.DecodeError, ValueError, RecursionError):  # bytes that are no UTF-8 among them
            raise ProviderUnavailable(f"{self._settings.name}: the answer cannot be understood") from None

    async def close(self) -> None:
        await self._outgoing.close()

    async def _ask(self, method: str, target: str, body: bytes, media_type: str) -> Response:
        from yarl import URL  # imported on the first request: many processes never make one

        settings = self._settings
        headers = signed_headers(settings.app_token, settings.secret_key, now_ms() // 1000, method, target, body)
        headers |= {"Content-Type": media_type} if body else {}
        url = URL(settings.base_url.rstrip("/") + target, encoded=True)  # what is signed is what is sent
        try:
            answer = await self._outgoing.call(
                Request(method=method, url=url, most_bytes=MOST_ANSWER_BYTES, headers=headers, body=body)
            )
        except CallFailed as failed:
            raise ProviderUnavailable(f"{settings.name}: {failed.problem}") from None
        if answer.is_cut:
            raise ProviderUnavailable(f"{settings.name}: the answer is too long", answer.status)
        return answer

    def _failed(self, answer: Response) -> Exception:
        failure = _failure(answer.body)
        named = failure.correlation_id or ""
        correlation_id = named if _CORRELATION_ID.fullmatch(named) else "none"
        code = "none" if failure.error_code is None else failure.error_code
        problem = f"{self._settings.name} answers {answer.status}, error {code}, correlation {correlation_id}"
        passes = answer.status == 409 and (answer.retry_after_s is not None or failure.error_code == UPLOADS_CLOSED)
        if passes or answer.status in MENDABLE or not 400 <= answer.status < 500:
            return ProviderUnavailable(problem, answer.status, answer.retry_after_s)
        return SumsubRefused(problem, answer.status, failure.error_code, correlation_id)


def quoted(text: str) -> str:
    """Text as a part of a path or query; a blank is %20, as Sumsub asks for in names of levels."""
    return quote(text, safe="")


def _failure(body: bytes) -> Failure:
    try:
        return msgspec.json.decode(body, type=Failure)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return Failure()
