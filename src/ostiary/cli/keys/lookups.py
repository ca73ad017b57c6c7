"""`ostiary keys rotate`, and what `list` and `retire` say of the keys by which clients are found."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ostiary.app import Installation
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.operators.accounts import done_of_house
from ostiary.cli.showing import age, print_table, progress
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Broken, Contended, KeyMismatch, NotFound, Refused, StoredByNewer, Tampered
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.storage.keys.lookup_ring import LookupRing, ring_of
from ostiary.storage.keys.marks import COUNTS, forget_marks, marks_by_version
from ostiary.storage.keys.rotating import FOLLOWED_S, Rotation
from ostiary.storage.tables.installation import INSTALLATION, values_of
from ostiary.usecases.clients.move_marks import move_marks
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.operators.master_keys import KeyAction, note_key
from ostiary.usecases.transaction import execute

MOVED_TOGETHER = 16
"""Clients at once: each is a unit of work of a millisecond, and those of one commit share a flush."""
READ_TOGETHER = 200
REST_SHARE = 1.0
"""So many times as long as a few clients took is rested after them, in which those who serve go first."""
LONGEST_REST_S = 0.05
MOST_PASSES = 20
MOST_NAMED = 5
NOT_MOVED = (Tampered, KeyMismatch, StoredByNewer, Broken, Contended)
"""What does not open, and who is changed all the time: the next pass meets the latter again."""


@dataclass(slots=True)
class RotationTally:
    """How far it is. `left` are clients that have marks which nothing kept of them stands for, or that do not open."""

    total: int = 0
    moved: int = 0
    left: list[str] = field(default_factory=list)


def rotate(options: argparse.Namespace, installation: Installation) -> int:
    """All steps, from wherever an attempt before was cut off. Raises Unavailable, Contended."""
    began = time.monotonic()
    with progress(options, "moving") as advance:
        ring, tally = installation.run(_rotated(options, installation, advance))
    counts = _counts(installation)
    older = {version: dict(some) for version, some in counts.items() if version != ring.written}
    if tally.moved:
        installation.run(_noted(options, installation, KeyAction.ROTATED, ring.written))
    answer = {
        "written": ring.written,
        "asked": list(ring.asked),
        "moved": tally.moved,
        "older": {str(version): some for version, some in older.items()},
        "left": tally.left[:MOST_NAMED],
        "seconds": round(time.monotonic() - began, 3),
    }
    show(options, answer, _rotated_words(ring, tally, older))
    return EXIT_FAILED if older else EXIT_OK


def _rotated_words(ring: LookupRing, tally: RotationTally, older: dict[int, dict[str, int]]) -> str:
    words = f"{tally.moved} clients are found by lookup keys of version {ring.written} now."
    if older:
        named = ", ".join(tally.left[:MOST_NAMED])
        if not named:
            return f"{words} Not moved: {_listed(older)}. They changed meanwhile: run it again."
        return f"{words} Not moved: {_listed(older)}; look at: {named}.\n{_way_out(min(older), older[min(older)])}"
    before = [version for version in ring.asked if version != ring.written]
    if not before:
        return words
    return f"{words} Nothing is left under version {before[0]}: ostiary keys retire {before[0]} --lookup"


async def _rotated(
    options: argparse.Namespace, installation: Installation, advance: Callable[[int, int], None]
) -> tuple[LookupRing, RotationTally]:
    rotation = Rotation(installation.store.engine, installation.cipher)
    ring = await rotation.know(installation.context.now_ms())
    age_s = (installation.context.now_ms() - ring.since_ms.get(ring.newest, 0)) / 1000
    if ring.written != ring.newest and age_s < FOLLOWED_S:  # below zero: by a clock that was ahead of ours
        await asyncio.sleep(FOLLOWED_S - max(age_s, 0.0))
    ring = await rotation.write()
    tally = RotationTally(
        total=sum(_counts(installation).get(ring.asked[0], Counter()).values()) if ring.is_moving else 0
    )
    async for _ in moved_clients(installation, named_operator(options), tally):
        advance(tally.moved, max(tally.total, tally.moved))
    return ring, tally


async def moved_clients(installation: Installation, operator: str, tally: RotationTally) -> AsyncIterator[None]:
    """Moves every client of every company, until a pass meets none that moves; now and then it says so.

    Those that callers change meanwhile move by that: whoever writes does so under the newest version.
    """
    storage, written = installation.context.storage, installation.cipher.written_version
    for _ in range(MOST_PASSES):
        before = tally.moved
        tally.left.clear()
        for company in await storage.companies.every():
            caller, after = await operator_for(installation.context, company.id, operator), ""
            while ids := await storage.marks.clients_to_move(company.id, written, after, READ_TOGETHER):
                for at in range(0, len(ids), MOVED_TOGETHER):
                    await _some(installation, caller, ids[at : at + MOVED_TOGETHER], tally)
                    yield
                after = ids[-1]
        if tally.moved == before:
            return


async def _some(installation: Installation, caller: Caller, ids: list[str], tally: RotationTally) -> None:
    began = time.monotonic()
    moved = await asyncio.gather(*(_single(installation, caller, client_id) for client_id in ids))
    tally.moved += sum(moved)
    tally.left += [client_id for client_id, is_moved in zip(ids, moved, strict=True) if not is_moved]
    await asyncio.sleep(min((time.monotonic() - began) * REST_SHARE, LONGEST_REST_S))


async def _single(installation: Installation, caller: Caller, client_id: str) -> bool:
    """Whether all of the client moved."""
    context = installation.context
    try:
        moved = await execute(context, caller, lambda: move_marks(context, caller, client_id))
    except NOT_MOVED:
        return False
    return not moved.left


# ---- retire ---------------------------------------------------------------------------------------------------------


def retire_version(options: argparse.Namespace, installation: Installation) -> int:
    """Refuses as long as any row is under it. Raises NotFound for one there is not, Refused for the one written."""
    version, rotation = options.number, Rotation(installation.store.engine, installation.cipher)
    ring = installation.run(rotation.ring())
    if version not in ring.asked:
        raise NotFound(
            f"There is no version {version} of the lookup keys; there are: {', '.join(map(str, ring.asked))}."
        )
    if version == ring.written or ring.written != ring.newest:
        raise Refused(f"Version {version} of the lookup keys cannot go before another is written: ostiary keys rotate")
    if options.drop_marks is not None:
        _drop_marks(options, installation, version)
    needed = _counts(installation).get(version, Counter())
    if not needed:
        installation.run(rotation.retire(version))
        installation.run(_noted(options, installation, KeyAction.LOOKUP_RETIRED, version))
    words = (
        f"Version {version} of the lookup keys is needed by {_listed({version: dict(needed)})}.\n"
        "It is not retired. First: ostiary keys rotate"
        if needed
        else f"No row is found by version {version} of the lookup keys any more; it is retired."
    )
    show(options, {"version": version, "retired": not needed, "needed_by": dict(needed)}, words)
    return EXIT_FAILED if needed else EXIT_OK


def _way_out(version: int, needed: Mapping[str, int]) -> str:
    """For what `rotate` can not move, however often."""
    return (
        "What does not open: put it back from a backup, and rotate again. What can never move, let go of, so that it "
        f"finds nobody any more: ostiary keys retire {version} --lookup --drop-marks {sum(needed.values())}"
    )


def _drop_marks(options: argparse.Namespace, installation: Installation, version: int) -> None:
    """Of rows that can be moved none is let go of: they are moved first, whatever was done before, and whoever gives up
    the others has seen how many there are. Raises Refused for another number."""
    installation.run(_rotated(options, installation, lambda done, of: None))
    needed = _counts(installation).get(version, Counter())
    if options.drop_marks != (total := sum(needed.values())):
        listed = f": {_listed({version: dict(needed)})}" if needed else ""
        raise Refused(
            f"Of what version {version} of the lookup keys finds {total} rows cannot be moved{listed}, and "
            f"--drop-marks says {options.drop_marks}. None was dropped; whose they are, says: ostiary keys rotate"
        )
    installation.run(_noted(options, installation, KeyAction.MARKS_DROPPED, version))
    installation.run(_forgotten(installation))


async def _forgotten(installation: Installation) -> None:
    store, cipher = installation.store, installation.cipher
    for company in await store.companies.every():
        after = ""
        while ids := await store.marks.clients_to_move(company.id, cipher.written_version, after, READ_TOGETHER):
            for client_id in ids:
                await forget_marks(store.engine, cipher, company.id, client_id)
            after = ids[-1]


async def _noted(options: argparse.Namespace, installation: Installation, action: KeyAction, version: int) -> None:
    await done_of_house(options, installation, lambda caller: note_key(installation.context, caller, action, version))


# ---- list -----------------------------------------------------------------------------------------------------------


def lookup_shapes(installation: Installation) -> list[dict[str, object]]:
    """Each version that is asked, for `keys list`."""
    with installation.store.engine.blocking() as aside:
        ring = ring_of(values_of(aside.rows(INSTALLATION)))
        counts, now_ms = marks_by_version(aside), installation.context.now_ms()
    return [
        {
            "version": version,
            "since": format_timestamp(since) if (since := ring.since_ms.get(version, 0)) else None,
            "age_seconds": (now_ms - since) // 1000 if since else None,
            "written": version == ring.written,
            "finds": {name: counts.get(version, Counter())[name] for name in COUNTS},
        }
        for version in ring.asked
    ]


def print_lookups(shapes: list[dict[str, object]]) -> None:
    """The same for people."""
    columns = ("lookup keys", "since (UTC)", "age", "is", *COUNTS)
    print_table(columns, (_cells(shape) for shape in shapes))


def _cells(shape: dict[str, Any]) -> list[str]:
    since = "not known" if shape["since"] is None else str(shape["since"])
    older = "" if shape["age_seconds"] is None else age(1000 * shape["age_seconds"])
    state = "written" if shape["written"] else "asked"
    return [f"version {shape['version']}", since, older, state, *map(str, shape["finds"].values())]


def _counts(installation: Installation) -> dict[int, Counter[str]]:
    with installation.store.engine.blocking() as aside:
        return marks_by_version(aside)


def _listed(counts: dict[int, dict[str, int]]) -> str:
    return "; ".join(
        ", ".join(f"{count} {name}" for name, count in some.items() if count) for _, some in sorted(counts.items())
    )
