"""`ostiary keys`: which master keys there are, wrapping everything under the newest, and retiring an old one."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ostiary.app import Installation, opened
from ostiary.cli.dispatch import show
from ostiary.cli.keys.lookups import lookup_shapes, print_lookups, retire_version, rotate
from ostiary.cli.operators.accounts import done_of_house
from ostiary.cli.showing import age, print_table, progress
from ostiary.domain.errors import KeyMismatch, NotFound, Refused
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.settings import Settings
from ostiary.storage.keys import masters
from ostiary.storage.keys.fences import bring_back_master, retire_master
from ostiary.storage.keys.masters import KINDS, MasterKey, WrappedKey
from ostiary.storage.keys.rewrapping import Rewrapping, RewrapTally
from ostiary.usecases.operators.master_keys import KeyAction, note_key

TOLD_EVERY = 5_000
MOST_NAMED = 5
PLURALS = {"installation": "of the installation", "company": "companies", "client": "clients"}


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        return _ACTIONS[options.action](options, installation)


# ---- list -----------------------------------------------------------------------------------------------------------


def _list(options: argparse.Namespace, installation: Installation) -> int:
    counts = masters.counted(_keys(options, installation, "counting"))
    ring, now_ms = _masters(installation), installation.context.now_ms()
    newest = installation.cipher.newest
    numbers = sorted({key.number for key in ring} | {number for number, _ in counts})
    by_number = {key.number: key for key in ring}
    keys = [by_number.get(number, MasterKey(number, is_in_ring=False)) for number in numbers]
    lookups = lookup_shapes(installation)
    if options.json:
        shapes = [_shape(key, counts, newest, now_ms) for key in keys]
        show(options, {"newest": newest, "keys": shapes, "lookup_keys": lookups}, "")
    else:
        columns = ("number", "since (UTC)", "age", "is", *(PLURALS[kind] for kind in KINDS))
        print_table(columns, ([*_cells(key, newest, now_ms), *_counts(key, counts)] for key in keys))
        print_lookups(lookups)
    return EXIT_FAILED if any(_is_missing(key, counts) for key in keys) else EXIT_OK


def _is_missing(key: MasterKey, counts: Counter[tuple[int, str]]) -> bool:
    """Whether something needs a key that this process does not have."""
    return not key.is_in_ring and any(counts[key.number, kind] for kind in KINDS)


def _standing(key: MasterKey, newest: int) -> str:
    if not key.is_in_ring:
        return "retired, not in the ring" if key.retired_ms else "not in the ring"
    if key.retired_ms:
        return "retired"
    return "newest: wraps what is new" if key.number == newest else "older"


def _cells(key: MasterKey, newest: int, now_ms: int) -> list[str]:
    since = (format_timestamp(key.since_ms), age(now_ms - key.since_ms)) if key.since_ms else ("not known", "")
    return [str(key.number), *since, _standing(key, newest)]


def _counts(key: MasterKey, counts: Counter[tuple[int, str]]) -> list[str]:
    return [str(counts[key.number, kind]) for kind in KINDS]


def _shape(key: MasterKey, counts: Counter[tuple[int, str]], newest: int, now_ms: int) -> dict[str, object]:
    return {
        "number": key.number,
        "since": format_timestamp(key.since_ms) if key.since_ms else None,
        "age_seconds": (now_ms - key.since_ms) // 1000 if key.since_ms else None,
        "retired": format_timestamp(key.retired_ms) if key.retired_ms else None,
        "newest": key.number == newest,
        "in_ring": key.is_in_ring,
        "protects": {kind: counts[key.number, kind] for kind in KINDS},
    }


# ---- rewrap ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Verified:
    """What the look at every key at the end found; of those that do not open, a few."""

    keys: int = 0
    older: int = 0
    unopened: int = 0
    examples: list[WrappedKey] = field(default_factory=list)


def _rewrap(options: argparse.Namespace, installation: Installation) -> int:
    began, newest = time.monotonic(), installation.cipher.newest
    rewrapping = Rewrapping(installation.store.engine, installation.cipher, hurries=options.hurry)
    with progress(options, "rewrapping") as advance:
        installation.run(_through(rewrapping, advance))
    tally, seconds = rewrapping.tally, time.monotonic() - began
    verified = _verify(options, installation, tally.total)
    if any(tally.rewrapped.values()):
        _note(options, installation, KeyAction.REWRAPPED, newest)
    answer = {
        "newest": newest,
        "rewrapped": tally.rewrapped,
        "verified": verified.keys,
        "older": verified.older,
        "unopened": verified.unopened,
        "examples": [_named(key) for key in verified.examples[:MOST_NAMED]],
        "seconds": round(seconds, 3),
    }
    show(options, answer, "\n".join(_rewrap_words(tally, verified, newest, seconds)))
    return EXIT_FAILED if verified.unopened or verified.older else EXIT_OK


async def _through(rewrapping: Rewrapping, advance: Callable[[int, int], None]) -> None:
    async for tally in rewrapping.run():
        advance(tally.seen, tally.total)


def _verify(options: argparse.Namespace, installation: Installation, total: int) -> _Verified:
    """Opens every key there is, of one moment."""
    cipher, verified = installation.cipher, _Verified()
    for key in _keys(options, installation, "verifying", total):
        verified.keys += 1
        verified.older += key.number != cipher.newest
        try:
            cipher.unwrap(key.content, key.place)
        except KeyMismatch:
            verified.unopened += 1
            verified.examples += [key] if len(verified.examples) <= MOST_NAMED else []
    return verified


def _rewrap_words(tally: RewrapTally, verified: _Verified, newest: int, seconds: float) -> Iterator[str]:
    count = sum(tally.rewrapped.values())
    yield (
        f"{count} keys are under master key {newest} now ({_listed(tally.rewrapped)}), in {seconds:.1f} s; "
        f"{verified.keys} were opened again."
    )
    if verified.unopened:
        yield f"{verified.unopened} open with no key of the ring: {_examples(verified.examples)}"
        yield "Add the master key that is missing to the ring, or restore them from a backup."
    elif verified.older:
        yield f"{verified.older} came meanwhile from a process with an older ring: give it the newest key,"
        yield "restart it, and run this again."
    else:
        yield "next: ostiary keys retire NUMBER, for each older key"


# ---- retire ---------------------------------------------------------------------------------------------------------


def _retire(options: argparse.Namespace, installation: Installation) -> int:
    """Marked first and proved then, so that nothing comes between: from the mark on the database takes nothing that is
    under it. What is needed after all is marked no longer."""
    if options.lookup:
        return retire_version(options, installation)
    if options.drop_marks is not None:
        raise Refused("--drop-marks is of lookup keys: it goes with --lookup.")
    number, engine = options.number, installation.store.engine
    if number not in {key.number for key in _masters(installation)}:
        raise NotFound(f"No master key {number} is known here: `ostiary keys list` shows them.")
    if number == installation.cipher.newest:
        raise Refused(f"Master key {number} wraps what is new. Add a newer one to the ring first, then rewrap.")
    installation.run(retire_master(engine, number, installation.context.now_ms()))
    counts, examples = Counter[str](), list[WrappedKey]()
    for key in _keys(options, installation, "proving"):
        if key.number == number:
            counts[key.kind] += 1
            examples += [key] if len(examples) <= MOST_NAMED else []
    if examples:
        installation.run(bring_back_master(engine, number))
    else:
        _note(options, installation, KeyAction.RETIRED, number)
    answer = {
        "number": number,
        "retired": not examples,
        "needed_by": {kind: counts[kind] for kind in KINDS},
        "examples": [_named(key) for key in examples[:MOST_NAMED]],
    }
    show(options, answer, _retired_words(number, counts, examples))
    return EXIT_FAILED if examples else EXIT_OK


def _retired_words(number: int, counts: Counter[str], examples: list[WrappedKey]) -> str:
    if examples:
        return (
            f"Master key {number} is needed by {_listed(counts)}: {_examples(examples)}\n"
            "It is not retired. First: ostiary keys rewrap"
        )
    return (
        f"Nothing in this database needs master key {number}; it is retired. Take it out of the ring of every process "
        "and restart them.\nBackups made before it was replaced do need it: keep it, away from them, for as long as "
        "you keep those."
    )


def _note(options: argparse.Namespace, installation: Installation, action: KeyAction, number: int) -> None:
    """In the chain of the installation's own company."""
    context = installation.context
    installation.run(done_of_house(options, installation, lambda caller: note_key(context, caller, action, number)))


# ---- words ----------------------------------------------------------------------------------------------------------


def _keys(
    options: argparse.Namespace, installation: Installation, what: str, total: int | None = None
) -> Iterator[WrappedKey]:
    """Every wrapped key of one moment, with a bar for people."""
    with installation.store.engine.snapshot() as aside, progress(options, what, total) as advance:
        for count, key in enumerate(masters.wrapped_keys(aside), 1):
            if total and count % TOLD_EVERY == 0:
                advance(count, total)
            yield key


def _masters(installation: Installation) -> list[MasterKey]:
    with installation.store.engine.blocking() as aside:
        return masters.known_masters(aside, installation.cipher)


def _listed(counts: Counter[str] | dict[str, int]) -> str:
    return ", ".join(f"{counts[kind]} {PLURALS[kind]}" for kind in KINDS if counts[kind]) or "none"


def _named(key: WrappedKey) -> dict[str, object]:
    return {"kind": key.kind, "company_id": key.company_id or None, "owner": key.owner, "number": key.number}


def _examples(keys: list[WrappedKey]) -> str:
    named = ", ".join(f"{key.kind} {key.owner} (key {key.number})" for key in keys[:MOST_NAMED])
    return f"{named} ..." if len(keys) > MOST_NAMED else named


_ACTIONS = {"list": _list, "rewrap": _rewrap, "rotate": rotate, "retire": _retire}
