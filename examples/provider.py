"""A provider in sixty lines, standard library only: takes submissions, fetches the pictures, posts a signed verdict.

    SECRET=whsec_... python examples/provider.py 8090

Replace `decide` with what your reviewers or your vendor say; the rest is the protocol (docs/providers.md).
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
import urllib.request
import uuid
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))


def signature(message_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()


def is_genuine(headers, body: bytes) -> bool:
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "0")
    expected = signature(message_id, timestamp, body)
    known = any(hmac.compare_digest(expected, one) for one in headers.get("webhook-signature", "").split(" "))
    return known and abs(time.time() - int(timestamp)) <= 300


def decide(submission: dict, pictures: list[bytes]) -> dict:
    """Approves whoever is not called Nobody; sends back documents whose pictures are tiny."""
    if submission["client"]["last_name"] == "Nobody":
        return {"answer": "rejected", "shown": "There is no such person.", "private": "example rule"}
    if any(len(one) < 1_000 for one in pictures):
        return {"answer": "returned", "reasons": [{"code": "image_not_readable", "field": "image_front"}]}
    return {"answer": "approved"}


def review(submission: dict) -> None:
    links = [picture["url"] for document in submission["documents"] for picture in document["pictures"]]
    pictures = [urllib.request.urlopen(link, timeout=15).read() for link in links]
    about = {"reference": submission["reference"], "attempt": submission["attempt"]}
    now = datetime.now(UTC).isoformat()
    body = json.dumps({**about, "occurred_at": now, **decide(submission, pictures)}).encode()
    message_id, timestamp = uuid.uuid4().hex, str(int(time.time()))
    headers = {"content-type": "application/json", "webhook-id": message_id, "webhook-timestamp": timestamp,
               "webhook-signature": signature(message_id, timestamp, body)}  # fmt: skip
    posted = urllib.request.Request(submission["verdict_url"], body, headers)
    print(submission["id"], urllib.request.urlopen(posted, timeout=15).read().decode(), flush=True)


class Provider(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        genuine = is_genuine(self.headers, body)
        message = json.loads(body) if genuine else {}
        # An enquiry may be answered with 204: nothing to say yet. Of an erased client nothing is kept here.
        answer = b'{"erased": true}' if message.get("type") == "erasure" else b""
        self.send_response(200 if answer else 204 if genuine else 401)
        self.end_headers()
        self.wfile.write(answer)
        if message.get("type") == "submission":
            threading.Thread(target=review, args=(message,), daemon=True).start()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Provider).serve_forever()
