"""Being told to end while a process begins, where foreign code loses what a handler raises."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import END_S, environment
from tests.commands import command
from tests.servers.ports import free_port

# The engine of conditions is such foreign code: a handler that raises within it gives a RuntimeError of the engine's.
LOSES_IT = """
import os, sys
number = int(sys.argv.pop())
from ostiary.adapters.config import catalogue_file
from ostiary.cli import main
default = catalogue_file.default
def told_to_end(*told):
    try:
        os.kill(os.getpid(), number)
    except (SystemExit, KeyboardInterrupt):
        print("told to end", flush=True)
    return default(*told)
catalogue_file.default = told_to_end
main()
"""
TOLD_TWICE = """
import asyncio, os, signal
from ostiary.runtime import termination
async def until_told():
    ended = asyncio.Event()
    termination.on_signal(ended.set)
    await asyncio.sleep(0)
    print(ended.is_set(), end=" ")
    os.kill(os.getpid(), signal.SIGTERM)
    await ended.wait()
for _ in range(2):
    termination.hear()
    try:
        if _ == 1:
            os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        pass
    asyncio.run(until_told())
termination.ignore()
os.kill(os.getpid(), signal.SIGTERM)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("line", [("serve", "--sandbox"), ("serve",), ("worker",)], ids=" ".join)
def test_a_word_to_end_that_foreign_code_loses_is_heard_once_the_process_can(
    line: tuple[str, ...], number: signal.Signals, tmp_path: Path
) -> None:
    variables = {**environment(tmp_path / "data"), "TMPDIR": str(tmp_path)}
    assert command(variables, "company", "create", "--name", "Fictitious", "--environment", "sandbox").returncode == 0
    words = [*line, *(() if line == ("worker",) else ("--port", str(free_port()))), str(int(number))]
    done = subprocess.run(
        [sys.executable, "-c", LOSES_IT, *words],
        env=variables,
        capture_output=True,
        text=True,
        timeout=END_S,
        check=False,
    )
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    assert "told to end" in done.stdout
    assert list(tmp_path.glob("ostiary-counts-*")) == []


def test_only_who_was_told_before_ends_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", TOLD_TWICE], capture_output=True, text=True, timeout=END_S, check=True)
    assert done.stdout.split() == ["False", "True"]
