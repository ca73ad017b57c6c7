"""Lock files name packages, versions and hashes, and nothing of the machine they were made on."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def code_of(path: Path) -> list[str]:
    """The lines without comments, continued ones joined."""
    text = "\n".join(line.split("#")[0].rstrip() for line in path.read_text().splitlines())
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_there_are_locks() -> None:
    assert {lock.stem for lock in LOCKS} >= {"runtime", "dev"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_names_no_address_and_no_index(lock: Path) -> None:
    lines = code_of(lock)
    assert not [line for line in lines if "://" in line], "made with options that write addresses: use `make lock`"
    assert not [line for line in lines if line.lstrip().startswith("-")], "options belong to the command, not the lock"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    loose = [line for line in code_of(lock) if not re.match(r"[A-Za-z0-9._-]+(\[.+\])?==\S+.*--hash=sha256:", line)]
    assert not loose


@pytest.mark.parametrize("lock", ["runtime", "dev"])
def test_every_dependency_is_locked(lock: str) -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {plain(re.split(r"[<>=!\[; ]", requirement)[0]) for requirement in wanted}
    locked = {plain(re.split(r"[=\[]", line)[0]) for line in code_of(ROOT / "requirements" / f"{lock}.txt")}
    assert names <= locked, "run `make lock`"


def test_the_lock_that_would_hold_addresses_is_ignored() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text().splitlines()


def pins_of(lock: str) -> dict[str, str]:
    lines = (line.split(" ")[0] for line in code_of(ROOT / "requirements" / f"{lock}.txt"))
    return {plain(name): version for name, _, version in (line.partition("==") for line in lines)}


def test_what_runs_is_part_of_what_is_tested_in_the_same_versions() -> None:
    """`make run` sets up the one, and `make test` goes on with the other in the same folder."""
    tested = pins_of("dev")
    for lock in ("runtime", "documents", "build"):
        assert {name: version for name, version in pins_of(lock).items() if tested.get(name) != version} == {}, lock


def planned(*words: str) -> str:
    """What make would do, with nothing set up."""
    line = ["make", "--dry-run", "--always-make", "--no-print-directory", *words]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_running_installs_no_tools_of_tests_and_takes_a_port() -> None:
    plan = planned("run", "PORT=9000")
    assert "requirements/documents.txt" in plan
    assert "requirements/dev.txt" not in plan
    assert "ostiary serve --sandbox --port 9000" in plan
    assert "--port 8080" in planned("run")
    assert "requirements/dev.txt" in planned("check")
