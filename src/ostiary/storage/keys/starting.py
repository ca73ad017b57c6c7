"""What a process has to know of keys before it does anything else."""

from __future__ import annotations

from ostiary.domain.ports import Cipher
from ostiary.storage.engine import Engine
from ostiary.storage.keys.fences import keep_fences
from ostiary.storage.keys.masters import know_masters
from ostiary.storage.opening import install_lookup_keys


def know_keys(engine: Engine, cipher: Cipher, now_ms: int) -> None:
    """The database's lookup keys, its master keys, and what it refuses.

    Raises KeyMismatch for a ring that is not this database's, or whose newest key is retired.
    """
    install_lookup_keys(engine, cipher)
    know_masters(engine, cipher, now_ms)
    keep_fences(engine)
