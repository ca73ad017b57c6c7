"""What a test of the TypeScript client may ask of this process: keys, pictures, mishaps on the way, a restart."""

from __future__ import annotations

import base64
import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from tests.acceptance.conftest import RunningService
from tests.acceptance.python_client.obstacle import Mishap, Obstacle, between
from tests.material import picture

Asked = dict[str, Any]


class Desk:
    """Answers what it is asked about one service; each method is a question."""

    def __init__(self, service: RunningService, stack: ExitStack) -> None:
        self._service = service
        self._stack = stack
        self._obstacles: dict[str, Obstacle] = {}
        self._marks = count(1)
        self._commands = threading.Lock()

    def key(self, asked: Asked) -> str:
        """A key of the company, of this level."""
        with self._commands:
            return self._service.key(asked["level"])

    def fresh_key(self, _: Asked) -> str:
        """A key of a company of its own."""
        with self._commands:
            return self._service.fresh().key()

    def picture(self, asked: Asked) -> str:
        """A picture unlike the others, in base64."""
        return base64.b64encode(picture(next(self._marks), *asked.get("size", ()))).decode()

    def obstacle(self, _: Asked) -> str:
        """The address of what stands between a client and the service."""
        obstacle = self._stack.enter_context(between(self._service.port))
        self._obstacles[obstacle.url] = obstacle
        return obstacle.url

    def befall(self, asked: Asked) -> None:
        """What becomes of the next calls by an obstacle."""
        mishaps = [Mishap(**{**each, "body": each.get("body", "").encode("latin-1")}) for each in asked["mishaps"]]
        self._obstacles[asked["url"]].mishaps = mishaps

    def calls(self, asked: Asked) -> list[Asked]:
        """What came by an obstacle."""
        return [vars(call) for call in self._obstacles[asked["url"]].calls]

    def restart(self, asked: Asked) -> None:
        """Ends the service, by a signal that it can do nothing about if `kill`, and starts it with these settings."""
        self._service.stop(signal.SIGKILL if asked.get("kill") else signal.SIGTERM)
        self._service.variables.update(asked.get("settings", {}))
        self._service.start()


@contextmanager
def open_desk(service: RunningService) -> Iterator[str]:
    """The address at which it is asked, by POST."""
    with ExitStack() as stack:
        desk = Desk(service, stack)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                ask: Callable[[Asked], object] = getattr(desk, self.path.removeprefix("/"))
                answer = ask(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            yield f"http://127.0.0.1:{server.server_address[1]}"
            server.shutdown()
            thread.join()
