"""Checkpoints at a place out of the house: the newest, to go on from, and all that are there, to compare with."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.adapters.audit.checkpoint_place import CheckpointPlace
from ostiary.adapters.audit.timestamps import Anchors, stamped_ms
from ostiary.adapters.crypto import checkpoint_file
from ostiary.domain.audit.checkpoints import Checkpoint, Witnessed
from ostiary.domain.errors import Tampered
from ostiary.domain.times import format_timestamp

STAMPED_WITHIN_MS = 3_600_000
"""From the moment of a checkpoint: going through the trail comes between, and is given up after an hour."""
AHEAD_MS = 300_000
"""So much this machine's clock may be ahead of the service's."""


@dataclass(frozen=True, slots=True)
class KeptCheckpoints:
    """What all saw that are at a place and are what their signatures say, the oldest first; and what is wrong with the
    others, and between them. `is_older_missing`: the oldest names one before it. `stamped`: how many have a stamp."""

    witnessed: Witnessed = field(default_factory=Witnessed)
    faults: tuple[str, ...] = ()
    is_older_missing: bool = False
    stamped: int = 0


async def read_all(place: CheckpointPlace, public_key: str, anchors: Anchors = ()) -> KeptCheckpoints:
    """Each names the one before it, so that one which is gone, or was put in between, shows; and once one has a
    time-stamp, the later ones have. Raises Refused."""
    witnessed, faults, before = Witnessed(), list[str](), ""
    is_older_missing, stamped = False, 0
    for number, name in enumerate(await place.names()):
        try:
            content = await place.fetch(name)
            checkpoint = checkpoint_file.read_content(name, content, public_key)
        except Tampered as problem:
            faults.append(problem.message)
            before = ""
            continue
        is_older_missing |= not number and bool(checkpoint.previous)
        if number and checkpoint.previous != before:
            faults.append(f"{name} does not follow on the checkpoint before it: one is gone, or was put in its place")
        answer = await place.stamp(name)
        if answer is not None:
            stamped += 1
            faults += _stamp_faults(name, answer, content, checkpoint.at_ms, anchors)
        elif stamped:
            faults.append(f"{name} has no time-stamp")
        witnessed.add(checkpoint)
        before = checkpoint_file.digest_of(content)
    if anchors and witnessed.moments_ms and not stamped:
        faults.append("no checkpoint has a time-stamp")
    return KeptCheckpoints(
        witnessed=witnessed,
        faults=tuple(faults),
        is_older_missing=is_older_missing,
        stamped=stamped,
    )


def _stamp_faults(name: str, answer: bytes, content: bytes, at_ms: int, anchors: Anchors) -> list[str]:
    try:
        seen_ms = stamped_ms(answer, content, anchors)
    except Tampered as fault:
        return [f"{name}: {fault.message}"]
    if -AHEAD_MS <= seen_ms - at_ms <= STAMPED_WITHIN_MS:
        return []
    return [f"{name} says that it is of {format_timestamp(at_ms)}, and was there on {format_timestamp(seen_ms)} first"]


async def read_newest(place: CheckpointPlace, public_key: str) -> tuple[Checkpoint | None, str]:
    """The newest alone, to go on from, and its digest. Raises Refused, Tampered."""
    names = await place.names()
    if not names:
        return None, ""
    content = await place.fetch(names[-1])
    checkpoint = checkpoint_file.read_content(names[-1], content, public_key)
    return checkpoint, checkpoint_file.digest_of(content)
