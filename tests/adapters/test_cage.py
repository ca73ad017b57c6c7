"""The cage: what was tried from inside it, and what became of every attempt. The kernel is asked, not a copy of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from ostiary import prctl
from ostiary.adapters.cage.kernel import support
from ostiary.adapters.isolation.process import Ended, run_isolated
from tests.adapters.cage_attempts import ATTEMPTS, BY_LANDLOCK

HERE = support()
needs_filters = pytest.mark.skipif(
    not HERE.filters, reason="this kernel filters no system calls: nothing is shown here"
)
needs_landlock = pytest.mark.skipif(not HERE.landlock, reason="this kernel has no Landlock: nothing is shown here")


@pytest.fixture(scope="module")
def outcomes() -> Any:
    command = [sys.executable, "-m", "tests.adapters.cage_attempts"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return json.loads(done.stdout)


@needs_filters
@pytest.mark.parametrize("name", ATTEMPTS)
def test_what_was_tried_in_the_cage(name: str, outcomes: Any) -> None:
    assert outcomes["caged"][name] == ATTEMPTS[name][0]


@needs_landlock
@pytest.mark.parametrize("name", BY_LANDLOCK)
def test_what_landlock_refuses_by_itself(name: str, outcomes: Any) -> None:
    since, _ = BY_LANDLOCK[name]
    if HERE.landlock < since:
        pytest.skip(f"this kernel's Landlock is version {HERE.landlock}, which does not refuse it")
    assert outcomes["landlock"][name] in ("EACCES", "EPERM")


def test_the_parent_is_as_it_was(outcomes: Any) -> None:
    assert outcomes["secret"] == "a master key, let us say"


SETUP = """
import os, sys, threading, time
from ostiary.adapters.cage.kernel import support
from ostiary.adapters.isolation.confinement import confine, enclose
confine(5, 60, 300_000_000)
"""


def run_code(code: str, setup: str = "") -> Ended:
    return run_isolated("timeit", ("-n1", "-r1", "-s", SETUP + setup, code + "\nos._exit(0)"), b"", 30, 1000)


@needs_filters
def test_a_thread_that_was_there_before_is_in_the_cage_too() -> None:
    waits = """
asked, answer = threading.Event(), []
def run():
    asked.wait()
    try: open('/etc/hostname')
    except OSError as problem: answer.append(problem.errno)
thread = threading.Thread(target=run)
thread.start()
"""
    code = "enclose(threads=True); asked.set(); thread.join(); os.write(1, str(answer).encode())"
    assert run_code(code, waits) == Ended(b"[1]")


@needs_filters
@pytest.mark.parametrize(("threads", "expected"), [(True, b"started"), (False, b"")])
def test_threads_start_where_they_were_asked_for(threads: bool, expected: bytes) -> None:
    code = (
        f"enclose(threads={threads}); threading.Thread(target=lambda: os.write(1, b'started')).start(); time.sleep(0.2)"
    )
    assert run_code(code).answer == expected


@needs_filters
@pytest.mark.parametrize(("timers", "expected"), [(True, b"set"), (False, b"refused")])
def test_timers_are_set_where_they_were_asked_for(timers: bool, expected: bytes) -> None:
    code = f"""
import signal
enclose(threads=False, timers={timers})
try: signal.setitimer(signal.ITIMER_PROF, 9); os.write(1, b'set')
except OSError: os.write(1, b'refused')"""
    assert run_code(code).answer == expected


@needs_filters
def test_there_is_no_way_back_and_the_kernel_says_so() -> None:
    code = """
status = open('/proc/self/status')
enclose(threads=False)
os.write(1, str([line.split()[1] for line in status if line.startswith(('NoNewPrivs', 'Seccomp:'))]).encode())"""
    assert run_code(code).answer == b"['1', '2']"


def test_what_is_in_force_is_said() -> None:
    expected = f"{HERE.filters} {HERE.landlock}".encode()
    code = "got = enclose(threads=False); os.write(1, f'{got.filters} {got.landlock}'.encode())"
    assert run_code(code).answer == expected


@pytest.mark.parametrize(("what", "name"), [("_SET_FILTER", "seccomp"), ("_RULESET_VERSION", "Landlock")])
@needs_filters
@needs_landlock
def test_a_kernel_that_does_not_do_what_it_says_ends_the_process(what: str, name: str) -> None:
    """A version of Landlock asked for in the wrong way is a handle that is none; so is a filter of no kind."""
    broken = f"""
from ostiary.adapters.cage import kernel
here = kernel.support()
kernel.support = lambda: here
kernel._call = lambda name, *given, real=kernel._call: -1 if {name!r}.lower() in name else real(name, *given)
try: enclose(threads=False)
except kernel.NotCaged as problem: os.write(1, str(problem).encode())"""
    assert run_code(broken).answer == name.encode()


@pytest.mark.parametrize("machine", ["riscv64", "i686", ""])
def test_on_a_machine_that_is_not_known_it_goes_on_and_says_so(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from ostiary.adapters.cage import kernel

    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine=machine))
    assert kernel.support() == kernel.Support(filters=False, landlock=0)
    assert (kernel.forbid_paths(), kernel.forbid_calls(threads=False, timers=False)) == (0, False)


def test_on_another_system_it_goes_on_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from ostiary.adapters.cage import kernel

    monkeypatch.setattr(sys, "platform", "darwin")
    assert kernel.support() == kernel.Support(filters=False, landlock=0)
    assert not prctl.hide_from_others()
