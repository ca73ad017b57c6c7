"""What `doctor` says of checkpoints that are kept out of the house: whether they are taken as often as they should."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.cli.doctor.machine import DoctorFinding, ok, warning
from ostiary.cli.showing import HOUR_MS, age
from ostiary.settings import Settings
from ostiary.storage.audit.checkpointing import LEASE_MS, last_taken_ms
from ostiary.storage.engine import BlockingConnection

ADVICE = "A running worker takes them, and its log says checkpoint_not_taken: `ostiary audit checkpoint` says why."


def checkpoints(settings: Settings, look: BlockingConnection, now_ms: int) -> Iterator[DoctorFinding]:
    """Nothing where none are asked for. `now_ms` by the clock that the database's times are by."""
    if not settings.checkpoints:
        return
    taken_ms = last_taken_ms(look)
    words = f"the last one is {age(now_ms - taken_ms)} old" if taken_ms else "none was taken yet"
    if now_ms - taken_ms > settings.checkpoint_hours * HOUR_MS + LEASE_MS:
        yield warning("checkpoints", f"{words}, they are due every {settings.checkpoint_hours} h", ADVICE)
    else:
        yield ok("checkpoints", f"{words}, kept in {settings.checkpoints}")
