"""Checkpoints at a place out of the house: taking the next, and reading all that are there."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.adapters.audit.checkpoint_place import CheckpointPlace
from ostiary.adapters.crypto import checkpoint_file
from ostiary.domain.audit.checkpoints import Checkpoint
from ostiary.domain.errors import Tampered


@dataclass(frozen=True, slots=True)
class KeptCheckpoints:
    """All that are at a place and are what their signatures say, the oldest first; and what is wrong with the others,
    and between them."""

    checkpoints: tuple[Checkpoint, ...] = ()
    faults: tuple[str, ...] = ()
    newest_digest: str = ""
    is_older_missing: bool = False
    """The oldest that is there names one before it."""


async def read_all(place: CheckpointPlace, public_key: str) -> KeptCheckpoints:
    """Each names the one before it, so that one which is gone, or was put in between, shows. Raises Refused."""
    checkpoints, faults, before = list[Checkpoint](), list[str](), ""
    is_older_missing = False
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
        checkpoints.append(checkpoint)
        before = checkpoint_file.digest_of(content)
    return KeptCheckpoints(tuple(checkpoints), tuple(faults), before, is_older_missing)


async def read_newest(place: CheckpointPlace, public_key: str) -> KeptCheckpoints:
    """The newest alone, to go on from. Raises Refused, Tampered."""
    names = await place.names()
    if not names:
        return KeptCheckpoints()
    content = await place.fetch(names[-1])
    checkpoint = checkpoint_file.read_content(names[-1], content, public_key)
    return KeptCheckpoints((checkpoint,), (), checkpoint_file.digest_of(content))
