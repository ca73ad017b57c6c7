"""Calls over the network: sent, repeated where that may help, and decoded.

Made of `asynchronous` by `make clients`: do not edit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import httpx

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
from ostiary_client.synchronous.waiting import pause

T = TypeVar("T")
ERROR = 400
USUAL = Options()


class Transport:
    """How calls reach the service; what every resource of a client shares."""

    def __init__(self, base_url: str, api_key: str, usual: Options, http: httpx.Client | None) -> None:
        demand_place(base_url, api_key)
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._usual = usual
        self._http = http or httpx.Client()
        self._is_ours = http is None

    def close(self) -> None:
        """Ends connections, unless they are somebody else's."""
        if self._is_ours:
            self._http.close()

    def call(
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
                answer = self._once(call, chosen, progress)
            except httpx.RequestError as problem:
                wait_s = attempts.wait_without(problem)
                if wait_s is None:
                    raise failure_of(problem) from problem
            else:
                wait_s = attempts.wait_after(answer)
                if wait_s is None:
                    return _checked(answer)
            pause(wait_s)

    def value(
        self, operation: Operation, path: str, kind: type[T], sent: Sent = NOTHING, options: Options | None = None
    ) -> T:
        """The answer to a call, as a value."""
        return decoded(self.call(operation, path, sent, options), kind)

    def pages(
        self, operation: Operation, path: str, kind: type[T], sent: Sent = NOTHING, options: Options | None = None
    ) -> Iterator[T]:
        """Everything on a list, page after page as it is asked for."""
        answer = self.call(operation, path, sent, options)
        while True:
            for item in decoded(answer, tuple[kind, ...]):  # type: ignore[valid-type]
                yield item
            following = next_path(answer)
            if following is None:
                return
            answer = self.call(operation, following, NOTHING, options)

    def _once(self, call: Call, options: Options, progress: Progress | None) -> Answer:
        headers = {**call.headers, "x-api-key": self._api_key}
        content: bytes | Iterator[bytes] | None = call.content
        if call.content is not None and progress is not None:
            headers["content-length"] = str(len(call.content))
            content = _in_chunks(call.content, progress)
        response = self._http.request(
            call.method,
            self._base_url + call.path,
            headers=headers,
            content=content,
            timeout=options.timeout_s,
            follow_redirects=False,
        )
        names = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, names, response.content)


def _in_chunks(content: bytes, progress: Progress) -> Iterator[bytes]:
    for chunk in chunks(content, progress):
        yield chunk


def _checked(answer: Answer) -> Answer:
    if answer.status >= ERROR:
        raise error_of(answer)
    if not httpx.codes.is_success(answer.status):
        raise UnexpectedAnswer(f"status {answer.status}: is the address that of the service itself?")
    return answer
