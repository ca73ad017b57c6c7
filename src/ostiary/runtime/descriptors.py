"""File descriptors: as many as the system lets us have, and fewer connections than that."""

from __future__ import annotations

import sys

from ostiary.domain.companies.company import IpNetwork
from ostiary.web.connections import MOST_CONNECTIONS, MOST_PER_ADDRESS, ConnectionLimits

MOST_DESCRIPTORS = 1_048_576
"""Where the system names no limit: what Linux has as the highest for one process."""
KEPT_FREE = 256
"""For the database, pictures, deliveries, child processes and probes."""


def raise_descriptor_limit() -> int:
    """Raises the soft limit of descriptors to the hard one; gives what holds now."""
    if sys.platform == "win32":
        return MOST_CONNECTIONS + KEPT_FREE
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MOST_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (ValueError, OSError):  # the system has a lower limit of its own
        return soft
    return wanted


def connection_limits(trusted_proxies: tuple[IpNetwork, ...]) -> ConnectionLimits:
    """So many connections that descriptors are left for everything else, whatever callers do."""
    descriptors = raise_descriptor_limit()
    most = min(MOST_CONNECTIONS, max(descriptors - KEPT_FREE, descriptors // 2))
    return ConnectionLimits(most, min(MOST_PER_ADDRESS, max(1, most // 4)), trusted_proxies=trusted_proxies)
