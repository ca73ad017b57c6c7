"""One server of a kind for a whole run of tests, however many processes run them.

The first process that wants one starts a keeper (`python -m tests.servers.keeper KIND`), which starts the server,
writes down where it is, and ends it when the run is over. The run is a folder, named in the environment by the process
that began it. Everyone who may use its servers holds a shared lock there; the keeper waits until it can have the lock
to itself. The kernel takes the locks of a process back however it ends, so no server outlives a run that crashed or was
interrupted.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Literal

VARIABLE = "TESTS_RUN_FOLDER"
ROOT = Path(__file__).parents[2]
BEGUN_S = 240
"""Making and starting a server, on a machine whose cores are all busy."""

Kind = Literal["postgresql", "object_store"]


@lru_cache(maxsize=1)
def run_folder() -> Path:
    """The folder of this run, which this process takes part in from now on, and begins if nobody did."""
    is_ours = VARIABLE not in os.environ
    if is_ours:
        folder = Path(tempfile.mkdtemp(prefix="ostiary-run-"))
        folder.chmod(0o755)  # PostgreSQL runs as another user
        os.environ[VARIABLE] = str(folder)
    folder = Path(os.environ[VARIABLE])
    using = os.open(folder / "users", os.O_CREAT | os.O_RDWR)  # open, and locked, for as long as this process lives
    fcntl.flock(using, fcntl.LOCK_SH)
    if is_ours:
        atexit.register(_leave, folder, using)
    return folder


def _leave(folder: Path, using: int) -> None:
    """Whoever began the run removes its folder, unless a keeper is there to do it when the last user is gone."""
    os.close(using)
    if not list(folder.glob("*.kept")):
        shutil.rmtree(folder, ignore_errors=True)


def worker() -> str:
    """The name of this process among those that run tests, for what each must have of its own."""
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


def place_of(kind: Kind) -> dict[str, str]:
    """What the keeper wrote of the run's server of this kind, started now unless it runs."""
    folder = run_folder()
    with _alone(folder / f"{kind}.lock"):
        written = folder / f"{kind}.json"
        if not written.exists():
            _begin(kind, folder, written)
        place: dict[str, str] = json.loads(written.read_text())
    return place


def once(name: str, make: Callable[[], str]) -> str:
    """What is made by the first process of the run that asks for it, and known to all."""
    written = run_folder() / f"{name}.made"
    with _alone(run_folder() / f"{name}.lock"):
        if not written.exists():
            written.write_text(make())
        return written.read_text()


def _begin(kind: Kind, folder: Path, written: Path) -> None:
    (folder / f"{kind}.kept").touch()
    log = folder / f"{kind}.log"
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.keeper", kind],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    end = time.monotonic() + BEGUN_S
    while not written.exists():
        if keeper.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"no {kind} for the tests: {log.read_text()[-4000:]}")
        time.sleep(0.02)
    keeper.returncode = 0  # it outlives this process, which shall not warn of that


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
