"""A certified OpenID provider from npm (`make .node/.ready` installs it), as a process of its own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

from tests.servers import missing
from tests.servers.ports import free_port

ROOT = Path(__file__).parents[3]
PACKAGES = ROOT / ".node"
HOW = "an OpenID provider is needed: apt-get install nodejs npm, make .node/.ready"
CLIENT_ID, CLIENT_SECRET = "ostiary", "secret: of + the / client"
END_S = 30
_FORM = re.compile(r'action="([^"]+/interaction/[^"]+)"')


@dataclass(frozen=True, slots=True)
class IdentityServer:
    """A running provider."""

    issuer: str

    def signed_in(self, url: str, login: str) -> str:
        """Where the provider sends the browser of somebody who signs in there, having come by `url`."""
        with httpx.Client(timeout=30) as browser:
            answer = browser.get(url)
            while answer.is_redirect:
                there = urljoin(str(answer.url), answer.headers["location"])
                if not there.startswith(self.issuer):
                    return there
                answer = browser.get(there)
                if form := _FORM.search(answer.text):
                    fields = {"prompt": "login", "login": login, "password": "any"}
                    answer = browser.post(urljoin(self.issuer, form[1]), data=fields)
            raise AssertionError(f"{answer.status_code}: {answer.text}")


@contextmanager
def running(
    accounts: Mapping[str, Mapping[str, Any]],
    redirect_uris: list[str],
    *,
    secret: str = CLIENT_SECRET,
    method: str = "client_secret_basic",
    conforms: bool = True,
    algorithm: str = "RS256",
    kid: str = "first",
    port: int = 0,
) -> Iterator[IdentityServer]:
    """Serves accounts (claims by login). Skips or fails where it is missing.

    `conforms`: claims of a scope are told by the userinfo endpoint alone, as the standard has it; else in tokens too.
    """
    program = shutil.which("node")
    if program is None or not (PACKAGES / "node_modules").is_dir():
        missing(HOW)
    port = port or free_port()
    settings = {
        "client_id": CLIENT_ID,
        "client_secret": secret,
        "redirect_uris": redirect_uris,
        "method": method,
        "accounts": accounts,
        "conforms": conforms,
        "algorithm": algorithm,
        "kid": kid,
    }
    command = [program, str(Path(__file__).parent / "server.mjs"), str(port), str(PACKAGES), json.dumps(settings)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield IdentityServer(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(END_S)
        if process.stdout is not None:
            process.stdout.close()
