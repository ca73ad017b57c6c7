"""Object stores of other clouds, as far as their own servers' answers can be given here: removing what is gone."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from ostiary.adapters.files.object_store import ObjectStore
from ostiary.domain.errors import PictureGone, Unavailable

NAME = "acme/20260415/c.d.image_front"
GONE, FORBIDDEN = "404 The specified blob does not exist.", "403 Server failed to authenticate the request."


class _Cloud(BaseHTTPRequestHandler):
    """Google's XML API, and Azure's batches of removals: every object has the same standing."""

    standing = GONE

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _answer(self) -> None:
        asked = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.command == "POST" and b"DELETE " in asked:
            part = f"Content-Type: application/http\r\nContent-ID: 0\r\n\r\nHTTP/1.1 {self.standing}\r\n\r\n"
            self._send(202, "multipart/mixed; boundary=b", f"--b\r\n{part}\r\n--b--\r\n".encode())
        else:
            self._send(int(self.standing[:3]), "application/xml", b"<Error><Code>NoSuchKey</Code></Error>")

    def _send(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_DELETE = do_POST = _answer


@pytest.fixture(params=["gs", "az"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Cloud)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    google = {"gcs_base_url": url, "disable_oauth": True, "client_email": "", "private_key": "", "private_key_id": ""}
    for name, value in {
        "AWS_ALLOW_HTTP": "true",
        "GOOGLE_SERVICE_ACCOUNT_KEY": json.dumps(google),
        "AZURE_STORAGE_ACCOUNT_NAME": "acme",
        "AZURE_STORAGE_ACCOUNT_KEY": base64.b64encode(b"k" * 32).decode(),
        "AZURE_STORAGE_ENDPOINT": f"{url}/acme",
    }.items():
        monkeypatch.setenv(name, value)
    yield ObjectStore(f"{request.param}://pictures/some/prefix")
    server.shutdown()
    server.server_close()


async def test_what_is_gone_is_removed_already(store: ObjectStore) -> None:
    await store.remove(NAME)


async def test_what_is_gone_is_said_to_be_gone(store: ObjectStore) -> None:
    with pytest.raises(PictureGone, match="is not there"):
        await store.fetch(NAME)


async def test_what_may_not_be_removed_is_said(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Cloud, "standing", FORBIDDEN)
    with pytest.raises(Unavailable, match="cannot be removed"):
        await store.remove(NAME)
