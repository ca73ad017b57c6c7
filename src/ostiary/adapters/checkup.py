"""Looks at the installation as `ostiary doctor` does, in a process of its own: it opens what it looks at anew, starts
the reader once, and must not hold up who serves."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping

import msgspec

LONGEST_S = 60.0
"""It takes some 3 s; a store of files or a database that does not answer has time limits of its own below this."""
_COMMAND = (sys.executable, "-c", "from ostiary.cli import main; main()", "doctor", "--json")
BROKEN_OFF = "It broke off. Run `ostiary doctor` on the server."
_ENDED = (0, 1)
"""Exit statuses with findings: nothing is wrong, or something is."""


class CheckupFinding(msgspec.Struct, frozen=True):
    """What a check says, in the words of the command: `status` is `ok`, `warning` or `problem`."""

    check: str
    status: str
    found: str
    advice: str = ""


class CheckupFailed(Exception):
    """It could not be run to its end. `problem` says why, in words."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


Examine = Callable[[], Awaitable[list[CheckupFinding]]]
_read = msgspec.json.Decoder(list[CheckupFinding]).decode


class Checkup:
    """One installation; `settings` are those of this process that its environment may not say."""

    def __init__(self, settings: Mapping[str, str], longest_s: float = LONGEST_S) -> None:
        self._settings, self._longest_s = settings, longest_s
        self._lock = asyncio.Lock()

    async def run(self) -> list[CheckupFinding]:
        """The findings. Raises CheckupFailed when it takes too long, breaks, or is being run by somebody else."""
        if self._lock.locked():
            raise CheckupFailed("Somebody has it looked at right now. Try again in a minute.")
        async with self._lock:
            return await self._run()

    async def _run(self) -> list[CheckupFinding]:
        environment = {**os.environ, **{name: value for name, value in self._settings.items() if value}}
        process = await asyncio.create_subprocess_exec(
            *_COMMAND,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(), self._longest_s)
        except TimeoutError:
            raise CheckupFailed(
                f"It took more than {self._longest_s:.0f} s. Run `ostiary doctor` on the server."
            ) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode not in _ENDED:
            raise CheckupFailed(BROKEN_OFF)
        try:
            return _read(output)
        except msgspec.MsgspecError:  # it ended as with findings, and had none
            raise CheckupFailed(BROKEN_OFF) from None
