"""A receiver of webhooks, standard library only: checks the signature, passes over what came before, answers at once.

    SECRET=whsec_... python examples/receiver.py 8090

SECRET is the answer of GET /management/companies/webhook/signing-secret. Replace `handle`; the rest is the protocol
(docs/integrating.md, Webhooks).
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"), validate=True)
if not KEY:
    sys.exit("SECRET must be whsec_ and base64: with an empty one everybody could sign")
MOST_BYTES, OLDEST_S = 1_000_000, 300
seen = set()  # of ids; yours belong into your database, in the transaction that handles the event


def is_genuine(headers, body: bytes) -> bool:
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > OLDEST_S:
        return False
    digest = hmac.digest(KEY, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    expected = b"v1," + base64.b64encode(digest)
    signatures = headers.get("webhook-signature", "").encode("latin-1").split(b" ")  # two while a secret is replaced
    return any(hmac.compare_digest(expected, signature) for signature in signatures)


def handle(event: dict) -> None:
    """What your program does with it; 2xx also for types that it does not know."""
    print(event["event_type"], event["status"], json.dumps(event["data"]), flush=True)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        body = self.rfile.read(length) if 0 <= length <= MOST_BYTES else b""
        genuine = is_genuine(self.headers, body)
        if genuine and self.headers["webhook-id"] not in seen:  # a delivery may come more than once
            handle(json.loads(body))
            seen.add(self.headers["webhook-id"])
        self.send_response(204 if genuine else 401)
        self.end_headers()

    def log_message(self, *_) -> None:
        """Says nothing: `handle` does."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
