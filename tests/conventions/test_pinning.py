"""Base images are pinned by digest with one command, which finds every one of them and takes nothing else for one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conventions.test_deploy import ROOT

PINNED = ("Containerfile", "deploy/pgbouncer/Containerfile", "deploy/compose.yaml")
BASES = {"python:3.11-slim", "debian:12-slim", "postgres:15-bookworm"}
INDEX = b'{"schemaVersion": 2, "manifests": [{"digest": "sha256:%s"}]}' % (b"0" * 64)
ONE_ARCHITECTURE = b'{"schemaVersion": 2, "config": {}, "layers": []}'
DIGEST = f"sha256:{hashlib.sha256(INDEX).hexdigest()}"


class Copy:
    """A copy of what is pinned, with the command, and a registry's tool that prints what it is told to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.tools = folder, folder / "tools"
        self.tools.mkdir()
        for path in (*PINNED, "deploy/pin_images.py"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, folder / path)

    def tool(self, name: str, prints: bytes, status: int = 0) -> None:
        """It writes down what it was asked."""
        answer, asked = self.tools / f"{name}.said", self.tools / "asked"
        answer.write_bytes(prints)
        place = self.tools / name
        place.write_text(f'#!/bin/sh\necho "{name} $*" >> {asked}\n/bin/cat {answer}\nexit {status}\n')
        place.chmod(0o755)

    def asked(self) -> list[str]:
        return sorted((self.tools / "asked").read_text().splitlines())

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, str(self.folder / "deploy" / "pin_images.py"), *words]
        variables = {**os.environ, "PATH": str(self.tools)}
        return subprocess.run(line, env=variables, capture_output=True, text=True, timeout=60, check=False)

    def texts(self) -> dict[str, str]:
        return {path: (self.folder / path).read_text() for path in PINNED}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_every_base_gets_the_digest_of_the_whole_index_and_nothing_else_changes(copy: Copy) -> None:
    before = copy.texts()
    copy.tool("skopeo", INDEX)
    done = copy.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert copy.asked() == sorted(f"skopeo inspect --raw docker://{base}" for base in BASES)
    bare = {path: text.replace(f"@{DIGEST}", "") for path, text in copy.texts().items()}
    assert bare == before
    assert sum(text.count(f"@{DIGEST}") for text in copy.texts().values()) == len(BASES)
    assert copy.run("--check").returncode == 0


def test_it_moves_on_to_what_a_tag_means_later(copy: Copy) -> None:
    copy.tool("skopeo", INDEX)
    copy.run()
    later = json.dumps({"manifests": [1]}).encode()
    copy.tool("skopeo", later)
    assert copy.run().returncode == 0
    texts = "".join(copy.texts().values())
    assert DIGEST not in texts
    assert texts.count(f"@sha256:{hashlib.sha256(later).hexdigest()}") == len(BASES)


@pytest.mark.parametrize("tool", ["docker", "crane"])
def test_another_tool_is_asked_where_there_is_no_skopeo(copy: Copy, tool: str) -> None:
    copy.tool(tool, INDEX)
    assert copy.run().returncode == 0
    assert len(copy.asked()) == len(BASES)


@pytest.mark.parametrize(("prints", "status"), [(b"", 1), (b"no such manifest", 0), (ONE_ARCHITECTURE, 0), (INDEX, 1)])
def test_what_is_no_index_pins_nothing(copy: Copy, prints: bytes, status: int) -> None:
    """The digest of one architecture's image would break the build on every other."""
    before = copy.texts()
    copy.tool("skopeo", prints, status)
    done = copy.run()
    assert done.returncode == 1
    assert "install skopeo, docker with buildx, or crane" in done.stderr
    assert copy.texts() == before


def test_without_a_tool_it_says_which_to_install(copy: Copy) -> None:
    assert "No digest for debian:12-slim: install skopeo" in copy.run().stderr


def test_it_tells_what_is_not_pinned(copy: Copy) -> None:
    (copy.folder / "Containerfile").write_text(f"ARG PYTHON=python:3.11-slim@{DIGEST}\nFROM ${{PYTHON}} AS build\n")
    done = copy.run("--check")
    assert done.returncode == 1
    assert "python" not in done.stdout
    assert "debian:12-slim" in done.stdout
