"""How the reader tells of itself: whoever opens it logs and counts what it hears."""

from __future__ import annotations

from collections.abc import Callable

Told = Callable[[str, float, str], None]
"""What happened (`started`, `not_started`, or how a reading ended: `read`, or a `Trouble`), how many seconds it took on
the wall, and the kind of fault where there was one. Nothing of a document."""


def nobody(_event: str, _seconds: float, _cause: str) -> None:
    """Nobody listens: a command that reads a few files."""
