"""Free ports of the loopback."""

from __future__ import annotations

import socket


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0
