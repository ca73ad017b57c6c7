"""A company's endpoint that webhooks are sent to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANGS_S = 60


@dataclass
class Receiver:
    """A company's endpoint. `answers` are given in turn, then 200; while `hangs` is set nobody is answered."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    came: list[tuple[str, float, dict[str, Any]]] = field(default_factory=list)
    hangs: bool = False
    go: threading.Event = field(default_factory=threading.Event)

    def ids(self) -> list[str]:
        return [message_id for message_id, _, _ in self.came]

    def status_for(self, message_id: str, body: dict[str, Any]) -> int:
        self.came.append((message_id, time.monotonic(), body))
        if self.hangs:
            self.go.wait(HANGS_S)
        return self.answers.pop(0) if self.answers else 200


class _Quiet(ThreadingHTTPServer):
    """Callers that are killed are no news."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def listening() -> Iterator[Receiver]:
    """An endpoint of its own."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(receiver.status_for(self.headers["webhook-id"], body))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with _Quiet(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        yield receiver
        receiver.go.set()
        server.shutdown()
        thread.join()
