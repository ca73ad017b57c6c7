"""A real time-stamp service: `openssl ts` behind HTTP, with an authority and a signer of its own."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIGURATION = """
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = {name}
[ ca ]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[ stamping ]
extendedKeyUsage = critical,timeStamping
[ other ]
extendedKeyUsage = clientAuth
[ tsa ]
default_tsa = tsa1
[ tsa1 ]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
certs = {folder}/ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""
STEP_S = 30


@dataclass
class StampingService:
    """One that runs. `status` is what it answers with; `replayed` is said in place of an answer."""

    folder: Path
    url: str = ""
    status: int = 200
    answers: list[bytes] = field(default_factory=list)
    replayed: bytes = b""

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    def make(self, purpose: str = "stamping") -> None:
        """An authority, and a signer that it issued."""
        self.folder.mkdir(exist_ok=True)
        config = self.folder / "openssl.cnf"
        config.write_text(CONFIGURATION.format(folder=self.folder, name="Time"))
        (self.folder / "serial").write_text("01\n")
        key = ("-newkey", "rsa:2048", "-nodes", "-config", config)
        signed = ("-keyout", "ca.key", "-out", "ca.pem", "-days", 30, "-extensions", "ca", "-subj", "/CN=Authority")
        self._run("req", "-x509", *key, *signed)
        self._run("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamps")
        by = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", config, "-extensions", purpose)
        self._run("x509", "-req", "-in", "tsa.csr", "-out", "tsa.pem", "-days", 30, *by)

    def another_certificate(self) -> bytes:
        """For the same key, with the same name and serial number, and valid for other days (DER)."""
        serial = self._run("x509", "-in", "tsa.pem", "-noout", "-serial").decode().strip().partition("=")[2]
        by = ("-CA", "ca.pem", "-CAkey", "ca.key", "-extfile", self.folder / "openssl.cnf", "-extensions", "stamping")
        return self._run(
            "x509", "-req", "-in", "tsa.csr", "-set_serial", f"0x{serial}", "-days", 9, *by, "-outform", "DER"
        )

    def answer(self, query: bytes) -> bytes:
        """What `openssl ts` says to a request."""
        request = self.folder / f"{threading.get_ident()}.tsq"
        request.write_bytes(query)
        answered = self.replayed or self._run(
            "ts", "-reply", "-queryfile", request, "-config", self.folder / "openssl.cnf", "-section", "tsa1"
        )
        self.answers.append(answered)
        return answered

    def verifies(self, stamp: Path, content: Path) -> bool:
        """Whether `openssl ts` itself takes a stamp for good."""
        line = ["openssl", "ts", "-verify", "-in", str(stamp), "-data", str(content), "-CAfile", str(self.ca)]
        return subprocess.run(line, capture_output=True, timeout=STEP_S, check=False).returncode == 0

    def _run(self, *words: object) -> bytes:
        line = ["openssl", *map(str, words)]
        return subprocess.run(line, cwd=self.folder, capture_output=True, timeout=STEP_S, check=True).stdout


@contextmanager
def stamping(folder: Path, purpose: str = "stamping") -> Iterator[StampingService]:
    """A service that listens on 127.0.0.1."""
    service = StampingService(folder)
    service.make(purpose)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            answer = service.answer(query) if service.status == 200 else b"no"
            self.send_response(service.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
