"""Processes that hold keys let nobody of their own user look into them: no memory, no environment, no tracing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import RunningService, installed
from tests.acceptance.onboarding import until
from tests.acceptance.watched import WatchedService, children_of, watched

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who may look into a process"),
]
AS_USERS_DO = """
import ctypes, os, sys
for right in (19, 21, 38):
    ctypes.CDLL(None).prctl(24, right, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs a command without the administrator's rights to look into any process (CAP_SYS_PTRACE; since Linux 6.14 also
CAP_PERFMON, which CAP_SYS_ADMIN contains): tests may run as one."""
LOOK = """
import ctypes, sys
from pathlib import Path
pid = int(sys.argv[1])
seen = []
for name in ("mem", "environ", "maps"):
    try:
        with (Path("/proc") / str(pid) / name).open("rb") as opened:
            name == "mem" or opened.read(1)
        seen.append(name)
    except OSError:
        pass
libc = ctypes.CDLL(None)
if libc.prctl(0) == -2 or libc.ptrace(0x4206, pid, 0, 0) == 0:
    seen.append("trace")
print(*seen)
"""


def run_as_users_do(*line: str) -> list[str]:
    return [sys.executable, "-c", AS_USERS_DO, *line]


def seen_of(pid: int) -> list[str]:
    """What somebody else of the same user sees of a process."""
    line = run_as_users_do(sys.executable, "-c", LOOK, str(pid))
    return subprocess.run(line, capture_output=True, text=True, check=True, timeout=60).stdout.split()


class Guarded(RunningService):
    """Started as users do."""

    def line(self) -> list[str]:
        return run_as_users_do(*RunningService.line(self))


@pytest.fixture
def ordinary() -> subprocess.Popen[bytes]:
    line = run_as_users_do(sys.executable, "-c", "import time; print(flush=True); time.sleep(600)")
    return subprocess.Popen(line, stdout=subprocess.PIPE)


def test_an_ordinary_process_is_seen(ordinary: subprocess.Popen[bytes]) -> None:
    """Else the others would show nothing."""
    with ordinary:
        assert ordinary.stdout is not None
        ordinary.stdout.readline()
        try:
            assert set(seen_of(ordinary.pid)) >= {"mem", "environ", "maps"}
        finally:
            ordinary.kill()


def test_nothing_is_seen_of_one_that_serves(tmp_path: Path) -> None:
    installation = installed(tmp_path / "data")
    service = Guarded(installation.data, installation.variables, installation.port, is_cold=True)
    service.start()
    try:
        assert service.process is not None
        of = service.process.pid
        until(lambda: seen_together(of) == [[], []], "neither what serves nor what delivers is seen", 60)
    finally:
        service.stop()


def test_nothing_is_seen_of_a_supervisor_and_its_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WatchedService, "line", Guarded.line)
    with watched(tmp_path) as service:
        until(lambda: seen_together(service.supervisor) == [[]] * 4, "none of the four is seen", 60)


def seen_together(pid: int) -> list[list[str]]:
    """Of a process and its children, which hide themselves when they have begun."""
    return [seen_of(process) for process in (pid, *children_of(pid))]


COMMANDS = (("settings",), ("company", "list"), ("migrate",))
OTHERS = (("find", "--email", "nobody@example.com"), ("review", "list"), ("audit", "verify"), ("doctor",))
"""Before a release: every command comes through the same door, but those that need no installation, or make one."""
SCRIPT = """
import ctypes, sys
from ostiary.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    print("dumpable:", ctypes.CDLL(None).prctl(3), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words", [*COMMANDS, *(pytest.param(words, marks=pytest.mark.release) for words in OTHERS)], ids=" ".join
)
def test_every_command_hides_itself(words: tuple[str, ...], tmp_path: Path) -> None:
    variables = installed(tmp_path / "data").variables
    line = [sys.executable, "-c", SCRIPT, *words]
    done = subprocess.run(line, env={**os.environ, **variables}, capture_output=True, text=True, timeout=120)
    assert "usage:" not in done.stderr, "it has to come to its work"
    assert done.stderr.splitlines()[-1] == "dumpable: 0"


def test_nothing_is_seen_of_migrations() -> None:
    """The database's address comes on their input, and may hold a password."""
    line = run_as_users_do(sys.executable, "-m", "ostiary.storage.schema.upgrade")
    with subprocess.Popen(line, stdin=subprocess.PIPE) as process:
        try:
            until(lambda: seen_of(process.pid) == [], "it hides before it reads", 60)
        finally:
            process.kill()
