"""What the reader reports of itself, for logs and metrics."""

from __future__ import annotations

from collections.abc import Callable

ReaderReport = Callable[[str, float, str], None]
"""What happened (`started`, `not_started`, or how a reading ended: `read`, or a `Trouble`), how many seconds it took on
the wall, and the kind of fault where there was one. Nothing of a document."""


def nobody(_event: str, _seconds: float, _cause: str) -> None:
    """Reports to nobody: for a command that reads a few files."""
