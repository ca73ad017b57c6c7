"""What is said before a sandbox is served. The command line hands it in, since only that talks to people."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from ostiary.app import Installation

Welcome: TypeAlias = "Callable[[Installation, str, int], Coroutine[Any, Any, None]]"
"""Called with the installation, host and port. May raise Refused: then nothing is served."""
