"""The sandbox company that `serve --sandbox` makes, and how to use it."""

from __future__ import annotations

from ostiary.app import Opened


async def welcome(parts: Opened, host: str, port: int) -> None:
    """Placeholder until the tour is written."""
