"""The versions of the keys by which clients and their documents are found: which are asked, and which one is written.

A value of the installation's own says so. It changes in three steps, each a commit: a new version is known (and asked,
while the one before is written); it is written, from a moment on at which no row can come under the one before any more
(`fences`); and the one before is retired, once no row is under it. At most two versions are asked at any time.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from ostiary.domain.errors import Broken, KeyMismatch
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import Engine, Script
from ostiary.storage.keys.masters import check_masters
from ostiary.storage.tables.installation import (
    ADD_INSTALLATION,
    CHANGE_INSTALLED,
    DROP_INSTALLED,
    INSTALLATION,
    values_of,
)

RING = "lookup_ring"
"""Name under which the database keeps which versions there are; without one, the first is alone."""
KEY = "lookup_key|"
"""How the names begin of keys from the second version on; version and purpose follow. Of the first they are the
purposes alone, as they were before there were versions."""
ROTATED = ("email", "reference", "number", "likeness")
"""What has versions: keyed hashes of what somebody who has the key could guess. What the others hash is as long as a
key itself (tokens, digests of pictures and chips), is forgotten within days, or proves the audit trail."""
FIRST = 1
LAST = 255
"""A version is one byte of a mark."""
KEY_BYTES = 32

# ---- statements -----------------------------------------------------------------------------------------------------

ADD_RING = f"{ADD_INSTALLATION} RETURNING name"
CHANGE_RING = f"{CHANGE_INSTALLED} RETURNING name"

# ---- what is known --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookupRing:
    """Versions that are asked, in order, and the one that is written. `since_ms`: when each was made."""

    written: int = FIRST
    asked: tuple[int, ...] = (FIRST,)
    since_ms: Mapping[int, int] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        return self.asked[-1]

    @property
    def is_moving(self) -> bool:
        """Whether rows may be under two versions."""
        return len(self.asked) > 1


def ring_of(held: Mapping[str, bytes]) -> LookupRing:
    """By the installation's own values. Raises Broken for what nobody wrote who rotates keys."""
    content = held.get(RING)
    if content is None:
        return LookupRing()
    try:
        ring = msgspec.json.decode(content, type=LookupRing)
    except msgspec.DecodeError:
        raise Broken("What the database keeps of its lookup keys cannot be read.") from None
    if ring.written not in ring.asked:
        raise Broken("What the database keeps of its lookup keys does not fit together.")
    return ring


def give_lookups(cipher: Cipher, held: Mapping[str, bytes]) -> LookupRing:
    """Gives a cipher the versions that are asked and written. Raises KeyMismatch, Broken."""
    ring, keys = ring_of(held), dict[int, dict[str, bytes]]()
    for version in ring.asked:
        names = {} if version == FIRST else {purpose: key_name(version, purpose) for purpose in ROTATED}
        keys[version] = {
            purpose: cipher.unwrap(held.get(name, b""), f"installation|{name}") for purpose, name in names.items()
        }
    cipher.set_marking(keys, ring.written)
    return ring


def key_name(version: int, purpose: str) -> str:
    """Under which name a key lies from the second version on."""
    return f"{KEY}{version}|{purpose}"


class FollowedKeys:
    """What one process knows of the keys in its database, and how it hears that they changed."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher
        self._held: dict[str, bytes] = {}

    async def look(self) -> bool:
        """Looks once; whether something changed since a look before.

        Raises KeyMismatch where the newest master key of this process is retired, or what lies there is under one that
        it does not have: until it starts again with the ring of the others it makes no key, and so adds no client.
        """
        held = await held_values(self._engine)
        if held == self._held:
            return False
        try:
            check_masters(self._cipher, held)
            give_lookups(self._cipher, held)
            self._demand_masters(held)
        except KeyMismatch as problem:
            self._cipher.set_outdated(str(problem))
            raise
        self._cipher.set_outdated("")
        is_first, self._held = not self._held, held
        return not is_first

    def _demand_masters(self, held: Mapping[str, bytes]) -> None:
        """What the installation itself keeps came under a newer master key, so that the others have it."""
        under = {value[0] for name, value in held.items() if name in ROTATED and value}
        if under - set(self._cipher.numbers):
            raise KeyMismatch(
                "The keys of this database are under a newer master key than this process was given: give it the ring "
                "that the other processes have, and restart it."
            )


# ---- changes --------------------------------------------------------------------------------------------------------


def make_version(cipher: Cipher, ring: LookupRing, now_ms: int) -> tuple[LookupRing, list[tuple[str, bytes]]]:
    """The ring with one more version, and the keys to keep for it. Raises Broken after the last one there can be."""
    version = ring.newest + 1
    if version > LAST:
        raise Broken("There can be no further version of the lookup keys.")
    names = [key_name(version, purpose) for purpose in ROTATED]
    keys = [(name, cipher.wrap(secrets.token_bytes(KEY_BYTES), f"installation|{name}")) for name in names]
    return replace(ring, asked=(*ring.asked, version), since_ms={**ring.since_ms, version: now_ms}), keys


def without_version(ring: LookupRing, version: int) -> LookupRing:
    """The ring once a version is retired."""
    since = {number: at_ms for number, at_ms in ring.since_ms.items() if number != version}
    return replace(ring, asked=tuple(number for number in ring.asked if number != version), since_ms=since)


def ring_changed(held: Mapping[str, bytes], after: LookupRing) -> Script[bool]:
    """Steps of a transaction: the ring is another from now on; False, with nothing done, where it changed since it was
    read."""
    content, before = msgspec.json.encode(after), held.get(RING)
    if before is None:
        rows = yield ADD_RING, (RING, content)
    else:
        rows = yield CHANGE_RING, (RING, content, before)
    return bool(rows)


async def keep_version(
    engine: Engine, held: Mapping[str, bytes], after: LookupRing, keys: Sequence[tuple[str, bytes]]
) -> bool:
    """A new version is known from now on, with its keys. False where somebody else changed the ring."""

    def script() -> Script[bool]:
        if not (yield from ring_changed(held, after)):
            return False
        for name, value in keys:
            yield ADD_INSTALLATION, (name, value)
        return True

    return bool(await engine.perform(script))


async def drop_version(engine: Engine, held: Mapping[str, bytes], after: LookupRing, version: int) -> bool:
    """A version is not asked any more, and its keys are gone. False where somebody else changed the ring.

    Those of the first stay: versions of Ostiary that know no other would make new ones in their place.
    """

    def script() -> Script[bool]:
        if not (yield from ring_changed(held, after)):
            return False
        for purpose in ROTATED if version != FIRST else ():
            yield DROP_INSTALLED, (key_name(version, purpose),)
        return True

    return bool(await engine.perform(script))


async def held_values(engine: Engine) -> dict[str, bytes]:
    """All that the installation itself keeps."""
    return values_of(await engine.rows(INSTALLATION))
