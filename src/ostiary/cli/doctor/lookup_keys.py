"""What `doctor` says of the lookup keys: how old they are, and whether rows wait to be found by newer ones."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.cli.doctor.machine import DoctorFinding, ok, warning
from ostiary.cli.showing import age
from ostiary.storage.engine import BlockingConnection
from ostiary.storage.keys.lookup_ring import LookupRing, ring_of
from ostiary.storage.keys.marks import marks_by_version
from ostiary.storage.tables.installation import INSTALLATION, values_of


def lookup_keys(look: BlockingConnection, now_ms: int) -> Iterator[DoctorFinding]:
    """`now_ms` by the clock that the database's times are by. Rows are counted while they move, and not else."""
    ring = ring_of(values_of(look.rows(INSTALLATION)))
    words = "; ".join(_words(ring, version, now_ms) for version in ring.asked)
    if not ring.is_moving:
        yield ok("lookup keys", words)
        return
    counts = marks_by_version(look)
    older = sum(sum(some.values()) for version, some in counts.items() if version != ring.newest)
    if ring.written != ring.newest:
        yield warning("lookup keys", f"{words}: the newest is not written yet", "Go on with: ostiary keys rotate")
    elif older:
        yield warning("lookup keys", f"{words}: {older} rows are under an older one", "Go on with: ostiary keys rotate")
    else:
        before = ring.asked[0]
        yield warning("lookup keys", f"{words}: nothing is under {before}", f"ostiary keys retire {before} --lookup")


def _words(ring: LookupRing, version: int, now_ms: int) -> str:
    since = ring.since_ms.get(version, 0)
    state = " (written)" if version == ring.written else ""
    return f"version {version}{state} for {age(now_ms - since)}" if since else f"version {version}{state}"
