"""Put on the path of a process under test, this makes names below `dead.example` dead: they are silent for as long as
the system's resolver waits for servers that do not answer (resolv.conf(5): 5 s, twice, for each search domain).

A name server that is silent would need the machine's own settings; this changes one process and those it starts.
"""

from __future__ import annotations

import socket
import time
from typing import Any

DEAD = ".dead.example"
SILENT_S = 20
_real = socket.getaddrinfo


def getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
    """As the system's, but for dead names."""
    if isinstance(host, str) and host.rstrip(".").endswith(DEAD):
        time.sleep(SILENT_S)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    return _real(host, *rest, **more)


socket.getaddrinfo = getaddrinfo
