"""Calls over the network: sent, repeated where that may help, and decoded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TypeVar

import httpx

from ostiary_client.asynchronous.waiting import pause
from ostiary_client.attempts import Attempts, failure_of
from ostiary_client.calls import (
    NOTHING,
    Answer,
    Call,
    Operation,
    Sent,
    call_of,
    decoded,
    demand_place,
    error_of,
    next_path,
)
from ostiary_client.errors import UnexpectedAnswer
from ostiary_client.options import USUAL_RETRIES, Options
from ostiary_client.pictures import Progress, chunks

T = TypeVar("T")
ERROR = 400
USUAL = Options()


class AsyncTransport:
    """How calls reach the service; what every resource of a client shares."""

    def __init__(self, base_url: str, api_key: str, usual: Options, http: httpx.AsyncClient | None) -> None:
        demand_place(base_url, api_key)
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._usual = usual
        self._http = http or httpx.AsyncClient()
        self._is_ours = http is None

    async def aclose(self) -> None:
        """Ends connections, unless they are somebody else's."""
        if self._is_ours:
            await self._http.aclose()

    async def call(
        self,
        operation: Operation,
        path: str,
        sent: Sent = NOTHING,
        options: Options | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """The answer to a call. Raises ApiError and ConnectionFailed."""
        chosen = (options or USUAL).over(self._usual)
        call = call_of(operation.method, path, sent, chosen)
        attempts = Attempts(call, chosen.retries or USUAL_RETRIES)
        while True:
            try:
                answer = await self._once(call, chosen, progress)
            except httpx.RequestError as problem:
                wait_s = attempts.wait_without(problem)
                if wait_s is None:
                    raise failure_of(problem) from problem
            else:
                wait_s = attempts.wait_after(answer)
                if wait_s is None:
                    return _checked(answer)
            await pause(wait_s)

    async def value(
        self, operation: Operation, path: str, kind: type[T], sent: Sent = NOTHING, options: Options | None = None
    ) -> T:
        """The answer to a call, as a value."""
        return decoded(await self.call(operation, path, sent, options), kind)

    async def pages(
        self, operation: Operation, path: str, kind: type[T], sent: Sent = NOTHING, options: Options | None = None
    ) -> AsyncIterator[T]:
        """Everything on a list, page after page as it is asked for."""
        answer = await self.call(operation, path, sent, options)
        while True:
            for item in decoded(answer, tuple[kind, ...]):  # type: ignore[valid-type]
                yield item
            following = next_path(answer)
            if following is None:
                return
            answer = await self.call(operation, following, NOTHING, options)

    async def _once(self, call: Call, options: Options, progress: Progress | None) -> Answer:
        headers = {**call.headers, "x-api-key": self._api_key}
        content: bytes | AsyncIterator[bytes] | None = call.content
        if call.content is not None and progress is not None:
            headers["content-length"] = str(len(call.content))
            content = _in_chunks(call.content, progress)
        response = await self._http.request(
            call.method,
            self._base_url + call.path,
            headers=headers,
            content=content,
            timeout=options.timeout_s,
            follow_redirects=False,
        )
        names = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, names, response.content)


async def _in_chunks(content: bytes, progress: Progress) -> AsyncIterator[bytes]:
    for chunk in chunks(content, progress):
        yield chunk


def _checked(answer: Answer) -> Answer:
    if answer.status >= ERROR:
        raise error_of(answer)
    if not httpx.codes.is_success(answer.status):
        raise UnexpectedAnswer(f"status {answer.status}: is the address that of the service itself?")
    return answer
