"""Being told to end, by SIGTERM or SIGINT, at any moment: while a process begins, and once its event loop runs.

Until a loop hears signals, a handler can only raise; and what is raised is lost where foreign code called us: the
engine of conditions makes a RuntimeError of it, a finalizer prints it. So the word is kept, and heard as soon as a loop
runs.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGTERM, signal.SIGINT)
_heard: list[int] = []


def hear() -> None:
    """From now on SIGTERM and SIGINT raise, SystemExit(0) and KeyboardInterrupt, and are kept for `on_signal`.

    As the first process of a container we would not end otherwise: the system keeps signals from it that it has no
    handler for.
    """
    _heard.clear()
    for number in SIGNALS:
        signal.signal(number, _end_early)


def on_signal(end: Callable[[], None]) -> None:
    """Calls `end` on the running loop when this process is told to end, and soon when it has been told already."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, end)
    if _heard:
        loop.call_soon(end)


def ignore() -> None:
    """Signals change nothing any more: what is left takes milliseconds."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _end_early(number: int, _: FrameType | None) -> NoReturn:
    _heard.append(number)
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(0)
