"""nginx from Debian's packages, in front of what a test serves."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import missing
from tests.servers.ports import free_port, is_taken

HOW = "nginx is needed for tests of cells: apt-get install nginx-light"
START_S, END_S = 120, 60
MAIN = """daemon off; master_process off; pid {folder}/pid; error_log {folder}/error warn;
events {{ }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/cells.conf;
}}
"""


@contextmanager
def running(folder: Path, site: str) -> Iterator[int]:
    """Serves what `site` says, on a port of its own in the place of 8080. Skips or fails where it is missing."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        missing(HOW)
    port = free_port()
    folder.mkdir()
    (folder / "cells.conf").write_text(site.replace("127.0.0.1:8080", f"127.0.0.1:{port}"))
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    process = subprocess.Popen([program, "-p", str(folder), "-e", str(folder / "error"), "-c", "nginx.conf"])
    try:
        end = time.monotonic() + START_S
        while not is_taken(port):
            assert time.monotonic() < end, (folder / "error").read_text()
            assert process.poll() is None, (folder / "error").read_text()
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(END_S)
