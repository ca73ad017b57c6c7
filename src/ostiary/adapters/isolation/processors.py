"""How many processors this process may use: not the machine's, of which a container is often given a part."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

CONTROL_GROUPS = Path("/sys/fs/cgroup")
OWN_GROUPS = Path("/proc/self/cgroup")


def processors() -> int:
    """Those it may run on (affinity), or as much time as its control group grants, whichever is less; at least one.

    A share is rounded up: with one and a half processors two threads are busy most of the time.
    """
    granted = min(_quotas(), default=math.inf)
    return max(1, min(len(os.sched_getaffinity(0)), math.ceil(granted) if granted < math.inf else 1 << 16))


def _quotas() -> Iterator[float]:
    """Processors' worth of time granted by its own group and every group above: cgroup v2 (cpu.max) and v1."""
    try:
        lines = OWN_GROUPS.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = (*line.split(":", 2), "", "")[:3]
        root = CONTROL_GROUPS if not controllers else CONTROL_GROUPS / "cpu"
        if controllers and "cpu" not in controllers.split(","):
            continue
        own = root / path.lstrip("/")
        for group in (own, *own.parents):
            if root not in (group, *group.parents):
                break
            yield from _quota(group)


def _quota(group: Path) -> Iterator[float]:
    try:
        if (group / "cpu.max").exists():
            quota, period = (group / "cpu.max").read_text().split()
        else:
            quota = (group / "cpu.cfs_quota_us").read_text().strip()
            period = (group / "cpu.cfs_period_us").read_text().strip()
        if quota not in ("max", "-1"):
            yield int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return
