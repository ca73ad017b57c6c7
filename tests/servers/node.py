"""Node.js 20 or newer, and what the client for TypeScript is built with (`make` installs both, see `HOW`)."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.servers import missing

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "clients" / "typescript"
FROM_NPM = ROOT / ".node20" / "node_modules"
OLDEST = 20
HOW = "the client for TypeScript needs: apt-get install nodejs npm, make clients/typescript/node_modules/.ready"


@cache
def node() -> Path:
    """The program: the machine's own where it is new enough, else the one from npm."""
    if not (CLIENT / "node_modules" / ".ready").exists() or shutil.which("npm") is None:
        missing(HOW)
    programs = [Path(own)] if (own := shutil.which("node")) else []
    for program in [*programs, *FROM_NPM.glob("node-linux-*/bin/node")]:
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        if int(re.findall(r"^v(\d+)\.", version)[0]) >= OLDEST:
            return program
    missing(HOW)
