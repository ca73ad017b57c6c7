"""A partner's side of the demo: one call at a time over the standard library's HTTP, each kept as a step."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ostiary.domain.errors import Refused, Unavailable

TIMEOUT_S = 30
PACE_S = 0.1
"""Between two calls: under the usual limit of 15 a second, and slow enough to be read as it happens."""
MOST_WAITS = 3
LONGEST_WAIT_S = 30
"""A 429 that asks for more than this is not worth waiting for in a demo."""
SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Step:
    """A call, its answer, and what it means in a sentence. `is_new`: nothing like it was shown before."""

    method: str
    path: str
    sent: Any
    status: int
    ms: float
    answer: Any
    means: str
    is_new: bool = True

    def as_json(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "path": self.path,
            "sent": self.sent,
            "status": self.status,
            "ms": self.ms,
            "answer": self.answer,
            "means": self.means,
        }


@dataclass(slots=True)
class Partner:
    """Calls a service with a key, and passes every step to `shown`."""

    url: str
    key: str = field(repr=False)
    shown: Callable[[Step], None]
    steps: list[Step] = field(default_factory=list)
    _last: float = 0.0
    _pace_s: float = PACE_S

    def call(
        self, method: str, path: str, sent: Any = None, *, means: str | Callable[[Any], str] = "", is_new: bool = True
    ) -> Any:
        """The answer of a call, kept as a step. Raises Refused for one that did not work, Unavailable for none."""
        status, ms, answer = self.ask(method, path, sent)
        if status >= 400:
            means = f"This should have worked. {_message(answer)}"
        meaning = means if isinstance(means, str) else means(answer)
        self.steps.append(
            Step(
                method=method,
                path=path,
                sent=shortened(sent),
                status=status,
                ms=ms,
                answer=answer,
                means=meaning,
                is_new=is_new,
            )
        )
        self.shown(self.steps[-1])
        if status >= 400:
            raise Refused(f"{method} {path} was answered {status}: {_message(answer)}")
        return answer

    def ask(self, method: str, path: str, sent: Any = None) -> tuple[int, float, Any]:
        """Status, milliseconds and answer; waits as long as a 429 asks for. Raises Unavailable."""
        for waited in range(MOST_WAITS + 1):
            time.sleep(max(0.0, self._last + self._pace_s - time.monotonic()))
            begun = time.perf_counter()
            status, headers, body = self._exchange(method, path, sent)
            ms = round((time.perf_counter() - begun) * 1000, 1)
            self._last = time.monotonic()
            wait_s = _whole(headers.get("retry-after", "1"))
            if status != http.client.TOO_MANY_REQUESTS or waited == MOST_WAITS or wait_s > LONGEST_WAIT_S:
                break
            self._pace_s *= 2  # going over again is punished longer each time
            time.sleep(wait_s)
        return status, ms, _read(body)

    def _exchange(self, method: str, path: str, sent: Any) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Opens a connection for each call, so that none is kept open while a person reads."""
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
        headers = {"x-api-key": self.key, "accept": "application/json"}
        body = None
        if sent is not None:
            body = json.dumps(sent).encode()
            headers["content-type"] = "application/json"
        try:
            connection.request(method, parts.path.rstrip("/") + path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException) as problem:
            raise Unavailable(f"{self.url} does not answer: {problem}. Is `ostiary serve` running there?") from None
        finally:
            connection.close()


def url_fault(url: str) -> str | None:
    """What is wrong with the address of a service."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        good = good and not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:
        good = False
    return None if good else "--url must be an address such as http://127.0.0.1:8080, with no user, query or fragment"


def shortened(value: Any) -> Any:
    """A body with its long texts (pictures) cut: enough to see what they are."""
    if isinstance(value, dict):
        return {name: shortened(member) for name, member in value.items()}
    if isinstance(value, str) and len(value) > SHOWN_CHARACTERS:
        return f"{value[:40]}... ({len(value):,} characters)"
    return value


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body[:200].decode("utf-8", "replace")


def _message(answer: Any) -> str:
    """An error's own words, with the fields at fault."""
    if not isinstance(answer, dict):
        return f"The answer is not Ostiary's: {str(answer)[:80]!r}. Check the address."
    faults = [str(detail.get("message")) for detail in answer.get("details", []) if isinstance(detail, dict)]
    return " ".join([str(answer.get("message", "")), *faults])


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 1
