"""Processes that carry erasures out and end by SIGKILL at a place of their own work: forked one after another from one
that has read all the code already, so that none of them costs a start.

Run as `python -m tests.acceptance.erasing_processes`: each line of its input is a JSON list of processes that run at
once, each of its answers their exit statuses.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ostiary.app import Installation, opened
from ostiary.background.erasures import carry_out_due
from ostiary.domain.errors import NotFound
from ostiary.domain.privacy.holds import HoldWish
from ostiary.settings import read_settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.privacy.holds import hold_client
from ostiary.usecases.transaction import carried_out

KILLED = -signal.SIGKILL
ALONE = "tests.acceptance.erasing_processes:work_alone"
"""A process that has one task as its word."""
BEGIN_S = 0.3
"""Processes of one line begin their work together: opening an installation takes less."""
Task = dict[str, Any]
"""`now_ms` is its clock, `environment` what it finds otherwise, `place` (a name, which call, whether after it) where it
ends, `hold` whose data it holds instead of erasing."""


class Driver:
    """The process that forks them, seen from a test."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, *tasks: Task) -> list[int]:
        """Exit statuses of processes that ran at once."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(tasks) + "\n")
        self._process.stdin.flush()
        statuses: list[int] = json.loads(self._process.stdout.readline())
        return statuses


@contextmanager
def driving(variables: dict[str, str], log: Path) -> Iterator[Driver]:
    line = [sys.executable, "-m", __name__]
    with log.open("ab") as lines:
        process = subprocess.Popen(
            line, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=lines, text=True
        )
    try:
        yield Driver(process)
    finally:
        process.communicate(timeout=60)


def main() -> None:
    for line in sys.stdin:
        begin = time.monotonic() + BEGIN_S
        tasks: list[Task] = json.loads(line)
        pids = [_forked(task, begin if len(tasks) > 1 else 0.0) for task in tasks]
        statuses = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        sys.stdout.write(json.dumps(statuses) + "\n")
        sys.stdout.flush()


def work_alone(_: str, task: str) -> None:
    _work(json.loads(task), 0.0)


def _forked(task: Task, begin: float) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.dup2(2, 1)  # what it logs is no answer
    try:
        _work(task, begin)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _work(task: Task, begin: float) -> None:
    os.environ.update(task.get("environment", {}))
    with opened(read_settings(os.environ)) as installation:
        installation.context = replace(installation.context, now_ms=lambda: int(task["now_ms"]))
        if task.get("place"):
            _kill_at(installation, *task["place"])
        time.sleep(max(begin - time.monotonic(), 0))
        held = task.get("hold")
        installation.run(_hold(installation, *held) if held else _erase(installation))


async def _erase(installation: Installation) -> None:
    await carry_out_due(installation.context)
    await _closed(installation)


async def _hold(installation: Installation, company_id: str, operator: str, client_ids: list[str]) -> None:
    caller = await operator_for(installation.context, company_id, operator)
    for client_id in client_ids:
        try:
            await carried_out(installation.context, caller, hold_client, client_id, HoldWish("A court."))
        except NotFound:  # who is erased already
            await asyncio.sleep(0)


async def _closed(installation: Installation) -> None:
    for provider in installation.context.providers.values():
        await provider.close()


def _kill_at(installation: Installation, path: str, nth: int, is_after: bool) -> None:
    """The process ends at the nth call of what lies at a path of the installation, before the call or after it."""
    *owners, name = path.split(".")
    owner: Any = installation
    for step in owners:
        owner = owner[step] if isinstance(owner, dict) else getattr(owner, step)
    real: Callable[..., Any] = getattr(owner, name)
    calls = 0

    async def killing(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        mine = calls == nth
        if mine and not is_after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = await real(*arguments, **named)
        if mine:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, killing)


if __name__ == "__main__":
    main()
