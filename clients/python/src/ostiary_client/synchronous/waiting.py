"""Waiting and work, where nothing else is to go on meanwhile. The client for asyncio has a module of the same name."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
pause = time.sleep


def aside(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Does it here."""
    return work(*arguments, **named)
