"""A proxy of HTTP that does what networks and load balancers do on bad days, and writes down what came."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FORWARD_S = 60
HOP_BY_HOP = ("connection", "transfer-encoding", "content-length", "keep-alive", "date", "server")


@dataclass(frozen=True)
class Mishap:
    """What becomes of one call. `forwards`: it reaches the service; `status` 0: there is no answer."""

    forwards: bool = False
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    after_s: float = 0


CUT = Mishap()
LOST = Mishap(forwards=True)
"""The service did it, and the answer did not come through."""


@dataclass(frozen=True)
class WrittenCall:
    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Obstacle:
    """A proxy before a service. `mishaps` befall the next calls in turn; the others are let through."""

    url: str = ""
    mishaps: list[Mishap] = field(default_factory=list)
    calls: list[WrittenCall] = field(default_factory=list)

    def keys(self) -> list[str | None]:
        """The idempotency keys that came, in order."""
        return [call.headers.get("idempotency-key") for call in self.calls]


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Callers that went away are no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    obstacle: Obstacle
    port: int

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.obstacle.calls.append(WrittenCall(self.command, self.path, headers))
        mishap = self.obstacle.mishaps.pop(0) if self.obstacle.mishaps else None
        answer = self._forwarded(headers, body) if mishap is None or mishap.forwards else None
        if mishap is not None:
            time.sleep(mishap.after_s)
        if mishap is None:
            assert answer is not None
            self._answer(*answer)
        elif mishap.status:
            self._answer(mishap.status, mishap.headers, mishap.body)
        else:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = _handle

    def _forwarded(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        service = http.client.HTTPConnection("127.0.0.1", self.port, timeout=FORWARD_S)
        try:
            service.request(self.command, self.path, body or None, {**headers, "connection": "close"})
            answer = service.getresponse()
            passed_on = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
            return answer.status, passed_on, answer.read()
        finally:
            service.close()

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != http.HTTPStatus.NO_CONTENT:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def between(port: int) -> Iterator[Obstacle]:
    """An obstacle before the service on this port."""
    obstacle = Obstacle()
    handler = type("Handler", (_Handler,), {"obstacle": obstacle, "port": port})
    with _Quiet(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        obstacle.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield obstacle
        server.shutdown()
        thread.join()
