"""An S3 server that behaves: OpenStack Swift with s3api, from `.venv-s3` (made by `make test`), one for a whole run.

It refuses wrong secrets, keeps what exists when asked to create only, and can be told how full an account may be. Its
files need extended attributes, which tmpfs of older kernels lacks.
"""

from __future__ import annotations

import base64
import getpass
import hashlib
import hmac
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path

import httpx

from tests.servers import missing
from tests.servers.ports import free_port
from tests.servers.sharing import place_of

PROGRAMS = Path(__file__).parents[2] / ".venv-s3" / "bin"
HOW = "the S3 server for tests is missing: `make .venv-s3/.ready` installs it"
ACCESS, SECRET, REGION = "test:tester", "SKTEST", "us-east-1"
START_S, END_S = 120, 60
KINDS = ("account", "container", "object", "proxy")
PIPELINE = "catch_errors gatekeeper listing_formats s3api tempauth copy slo dlo proxy-server"
FILTERS = {
    "catch_errors": "", "gatekeeper": "", "listing_formats": "", "copy": "", "slo": "", "dlo": "",
    "s3api": f"location = {REGION}\n", "tempauth": f"user_test_tester = {SECRET} .admin\n",
}  # fmt: skip


@dataclass
class ObjectStore:
    """A running server. `stop` and `start` it, or `fill` it."""

    folder: Path
    port: int = field(default_factory=free_port)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def make(self) -> ObjectStore:
        _installed()
        (self.folder / "disk" / "d1").mkdir(parents=True)
        self._write(
            "swift.conf",
            "[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n"
            "[storage-policy:0]\nname = only\ndefault = yes\n",
        )
        common = f"bind_ip = 127.0.0.1\nworkers = 1\nswift_dir = {self.folder}\nuser = {getpass.getuser()}\n"
        for kind in KINDS[:3]:
            port = free_port()
            builder = str(self.folder / f"{kind}.builder")
            for words in (["create", "4", "1", "0"], ["add", f"r1z1-127.0.0.1:{port}/d1", "1"], ["rebalance"]):
                self._run("swift-ring-builder", builder, *words)
            self._write(
                f"{kind}-server.conf",
                f"[DEFAULT]\n{common}bind_port = {port}\ndevices = {self.folder}/disk\n"
                f"mount_check = false\n[pipeline:main]\npipeline = {kind}-server\n"
                f"[app:{kind}-server]\nuse = egg:swift#{kind}\n",
            )
        filters = "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n{more}" for name, more in FILTERS.items())
        self._write(
            "proxy-server.conf",
            f"[DEFAULT]\n{common}bind_port = {self.port}\n[pipeline:main]\n"
            f"pipeline = {PIPELINE}\n[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n"
            "error_suppression_interval = 0.1\n"
            f"{filters}",
        )
        return self

    def start(self) -> ObjectStore:
        self.running = [self._begin(kind) for kind in KINDS]
        self._wait()
        return self

    def _begin(self, kind: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{kind}.log").open("ab") as log:
            line = [str(PROGRAMS / f"swift-{kind}-server"), str(self.folder / f"{kind}-server.conf")]
            return subprocess.Popen(line, stdout=log, stderr=log, start_new_session=True)

    def _wait(self) -> None:
        end = time.monotonic() + START_S
        while self.ask("GET", "/").status_code != 200 or not self._object_server_listens():
            assert time.monotonic() < end, (self.folder / "proxy.log").read_text()[-2000:]
            time.sleep(0.1)

    def _object_server_listens(self) -> bool:
        port = int((self.folder / "object-server.conf").read_text().partition("bind_port = ")[2].split()[0])
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def stop(self) -> None:
        while self.running:
            self._end(self.running.pop())

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(END_S)

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def bucket(self) -> str:
        """A new one; its name."""
        name = f"ostiary-{secrets.token_hex(4)}"
        assert self.ask("PUT", f"/{name}").status_code == 200
        return name

    def variables(self, port: int | None = None) -> dict[str, str]:
        """What a client finds it by."""
        return {
            "AWS_ACCESS_KEY_ID": ACCESS,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port or self.port}",
            "AWS_ALLOW_HTTP": "true",
        }

    def fill(self, *, full: bool) -> None:
        """Its disk has no room for anything from now on, or has again: the server is told to keep all there is free."""
        path = self.folder / "object-server.conf"
        lines = [line for line in path.read_text().splitlines() if not line.startswith("fallocate_reserve")]
        reserve = ["fallocate_reserve = 100%"] if full else []
        path.write_text("\n".join([lines[0], *reserve, *lines[1:]]) + "\n")
        at = KINDS.index("object")
        self._end(self.running[at])
        self.running[at] = self._begin("object")
        self._wait()

    def ask(self, method: str, path: str, content: bytes = b"", headers: Mapping[str, str] = {}) -> httpx.Response:
        """A request signed by hand (AWS signature version 2), so that no client library stands between."""
        date = formatdate(usegmt=True)
        kind = "application/octet-stream" if content else ""
        signed = f"{method}\n\n{kind}\n{date}\n{path.partition('?')[0]}"
        mark = base64.b64encode(hmac.new(SECRET.encode(), signed.encode(), hashlib.sha1).digest()).decode()
        fields = {"date": date, "authorization": f"AWS {ACCESS}:{mark}", **headers}
        if kind:
            fields["content-type"] = kind
        try:
            return httpx.request(method, self.url + path, content=content, headers=fields, trust_env=False, timeout=10)
        except httpx.TransportError:
            return httpx.Response(503)

    def names(self, bucket: str) -> list[str]:
        """What lies in a bucket."""
        listed = self.ask("GET", f"/{bucket}").text
        return [part.partition("</Key>")[0] for part in listed.split("<Key>")[1:]]

    def content(self, bucket: str, name: str) -> bytes:
        answer = self.ask("GET", f"/{bucket}/{name}")
        assert answer.status_code == 200, answer.text
        return answer.content

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run([str(PROGRAMS / program), *words], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stdout + done.stderr  # 1: done, with a warning


@lru_cache(maxsize=1)
def shared() -> ObjectStore:
    """The one that all tests of a run share, which must not stop it. Skips or fails where it is missing."""
    _installed()
    place = place_of("object_store")
    return ObjectStore(Path(place["folder"]), int(place["port"]))


def begin(folder: Path) -> ObjectStore:
    """One in the folder of a run, for its keeper."""
    return ObjectStore(folder / "object_store").make().start()


def _installed() -> None:
    if not (PROGRAMS / "swift-proxy-server").exists():
        missing(HOW)
