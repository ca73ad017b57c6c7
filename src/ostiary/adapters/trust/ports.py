"""What of one trust store a process works with, wired: whoever verifies goes by the same file."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from ostiary.adapters.seals.pool import SealsInPool
from ostiary.adapters.trust.chips import ChipsInPool
from ostiary.adapters.trust.in_force import TrustInForce
from ostiary.adapters.trust.view import StoredTrust


class TrustPorts:
    """Of the file at a place, if there is one."""

    def __init__(self, path: Path | None, pool: Executor) -> None:
        self.in_force = TrustInForce(path)
        self.chips = ChipsInPool(self.in_force, pool)
        self.seals = SealsInPool(self.in_force, pool)
        self.view = StoredTrust(self.in_force)
