"""What `doctor` says of the master keys: how old they are, and whether an old one is still needed."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.cli.doctor.machine import DoctorFinding, ok, warning
from ostiary.cli.showing import DAY_MS, age
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import BlockingConnection
from ostiary.storage.keys.masters import MasterKey, is_wrapped, known_masters
from ostiary.storage.tables.installation import INSTALLATION

OLD_MS = 2 * 365 * DAY_MS
"""NIST SP 800-57 part 1, table 1: a key that wraps others is used for two years at most."""


def master_keys(look: BlockingConnection, cipher: Cipher, now_ms: int) -> Iterator[DoctorFinding]:
    """`now_ms` by the clock that the database's times are by."""
    ring = [key for key in known_masters(look, cipher) if key.is_in_ring]
    words = "; ".join(_words(key, cipher.newest, now_ms) for key in ring)
    newest = next(key for key in ring if key.number == cipher.newest)
    older = {bytes(value)[0] for name, value in look.rows(INSTALLATION) if is_wrapped(name, value)} - {cipher.newest}
    if older:
        yield warning(
            "master keys",
            f"{words}: what the installation itself keeps is not under the newest",
            "Give every process this ring, restart them, then: ostiary keys rewrap",
        )
    elif newest.since_ms and now_ms - newest.since_ms > OLD_MS:
        yield warning(
            "master keys",
            words,
            "Add a newer one to the ring (2:KEY), restart every process, then: ostiary keys rewrap",
        )
    elif any(key.number != cipher.newest for key in ring):
        yield warning(
            "master keys",
            words,
            "Once everything is under the newest, take the others out: ostiary keys retire NUMBER says whether it is.",
        )
    else:
        yield ok("master keys", words)


def _words(key: MasterKey, newest: int, now_ms: int) -> str:
    since = f"for {age(now_ms - key.since_ms)}" if key.since_ms else "since when is noted at the next start"
    retired = ", retired" if key.retired_ms else ""
    return f"{key.number}{' (newest)' if key.number == newest else ''} {since}{retired}"
