"""The socket on which a process, or several, take connections."""

from __future__ import annotations

import socket

from ostiary.domain.errors import Refused

BACKLOG = 1024
"""Connections waiting to be taken."""


def listen(host: str, port: int) -> socket.socket:
    """Listens; what connects waits until a process takes it. Raises Refused, with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as fault:
        why = getattr(fault, "strerror", None) or fault
        raise Refused(
            f"Port {port} of {host} cannot be used: {why}. Is Ostiary running there already? --port chooses another "
            "(make run PORT=8081)."
        ) from None
