"""Who hears of clients that the calendar's work could not see to, while it goes on with the others."""

from __future__ import annotations

from typing import Protocol


class Tell(Protocol):
    """Hears which client it was, by its id, and why."""

    def __call__(self, client_id: str, error: Exception, /) -> None: ...


def untold(client_id: str, error: Exception) -> None:
    """Nobody hears of it."""
