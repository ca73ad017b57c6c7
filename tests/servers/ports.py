"""Free ports of the loopback."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress

CHOSEN_FROM = range(10_000, 32_768)
"""Below those that Linux gives to connections that go out (net.ipv4.ip_local_port_range): one of those may be taken by
anybody's connection between its choice and the moment somebody listens on it."""


def free_port() -> int:
    """One that nobody listens on now, and that is hardly chosen by another at the same moment."""
    while True:
        port = secrets.choice(CHOSEN_FROM)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def is_taken(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0
