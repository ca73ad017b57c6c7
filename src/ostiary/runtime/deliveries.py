"""What a process that serves has to do with deliveries: it may look after who delivers, deliver itself, or neither."""

from __future__ import annotations

from typing import Protocol


class Deliveries(Protocol):
    """What takes care of deliveries beside a server, as far as its process does."""

    def start(self) -> None:
        """Once the server listens."""

    def wake(self) -> None:
        """Something is due."""

    def leave(self) -> None:
        """Takes up nothing more; what is under way may end."""

    async def end(self) -> bool:
        """Waits for the end; whether all ended as it should."""


class DeliversElsewhere:
    """Others deliver, and hear of it from the database."""

    def start(self) -> None:
        return

    def wake(self) -> None:
        return

    def leave(self) -> None:
        return

    async def end(self) -> bool:
        return True
