"""Encryption at rest: AES-256-GCM under a data key per client and company, wrapped by a ring of master keys.

Everything sealed names where it belongs (company, owner, table, row, column) as associated data, so a value moved
to another place does not open. Lookups use HMAC-SHA256 under keys of their own, wrapped but untouched by a
rotation of the master key; those by which rows are found have versions, of which two are asked while rows move.

Forms: wrapped key = master number (1 byte) | nonce (12) | ciphertext (48); sealed value = form (1 byte) |
nonce (12) | ciphertext with tag; mark = HMAC (32), led by the version of its key (1 byte) from the second on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ostiary.adapters.crypto.keyed_hash import KeyedHash
from ostiary.adapters.crypto.randomness import random_bytes
from ostiary.domain.errors import KeyMismatch, Tampered
from ostiary.domain.value import value_type

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
FORM = b"\x01"
FIRST_VERSION = 1
"""Of lookup keys; marks under it bear no version, as they did before there were others."""
BOXES_KEPT = 4096
"""Unwrapped keys kept in memory; with what the cipher keeps, 2.8 kB each, so some twelve megabytes."""


@value_type
class OwnerBox:
    """Seals and opens what belongs to one owner, under its data key."""

    place: str
    cipher: AESGCM = field(repr=False)

    def seal(self, where: str, plain: bytes | memoryview) -> bytes:
        """The sealed form of a value that belongs at `where` (table/row/column)."""
        nonce = random_bytes(NONCE_BYTES)
        return FORM + nonce + self.cipher.encrypt(nonce, plain, self._bound(where))

    def seal_large(self, where: str, plain: bytes | memoryview) -> bytearray:
        """The same for megabytes: sealed in place, without a second copy to put the head in front."""
        nonce = random_bytes(NONCE_BYTES)
        head = FORM + nonce
        sealed = bytearray(len(head) + len(plain) + TAG_BYTES)
        sealed[: len(head)] = head
        self.cipher.encrypt_into(nonce, plain, self._bound(where), memoryview(sealed)[len(head) :])
        return sealed

    def open(self, where: str, sealed: bytes) -> bytes:
        """The value; raises Tampered when it was changed, cut off, or belongs elsewhere."""
        if sealed[:1] != FORM:
            raise Tampered
        try:
            return self.cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], self._bound(where))
        except (InvalidTag, ValueError):
            raise Tampered from None

    def _bound(self, where: str) -> bytes:
        return f"{self.place}|{where}|{FORM[0]}".encode()


@value_type
class _Version:
    """One version of the lookup keys, by purpose."""

    number: int
    hashes: Mapping[str, KeyedHash] = field(repr=False)

    def mark(self, purpose: str, content: bytes) -> bytes:
        digest = self.hashes[purpose].digest(content)
        return digest if self.number == FIRST_VERSION else bytes((self.number,)) + digest


class Keyring:
    """The master keys by number (the highest wraps), and the lookup keys they protect. `boxes_kept` is for who opens
    each box once only: keeping them takes longer than making them then."""

    def __init__(self, masters: Mapping[int, bytes], boxes_kept: int = BOXES_KEPT) -> None:
        self._masters = {number: AESGCM(key) for number, key in masters.items()}
        self._newest = max(masters)
        self._lookups: dict[str, KeyedHash] = {}
        self._versions: tuple[_Version, ...] = (_Version(FIRST_VERSION, self._lookups),)
        self._written = self._versions[0]
        self._outdated = ""
        self.box = lru_cache(maxsize=boxes_kept)(self._box)

    def new_data_key(self, company_id: str, owner_id: str) -> bytes:
        """A fresh data key, wrapped for its owner. Raises KeyMismatch while others have newer keys than we do."""
        if self._outdated:
            raise KeyMismatch(self._outdated)
        return self.wrap(random_bytes(KEY_BYTES), f"{company_id}|{owner_id}")

    @property
    def newest(self) -> int:
        """The number of the master key that wraps."""
        return self._newest

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of all master keys of the ring, in order."""
        return tuple(sorted(self._masters))

    def wrap(self, key: bytes, place: str, number: int | None = None) -> bytes:
        """`number`: of another master key than the newest, for what is said of that key alone."""
        by, nonce = self._newest if number is None else number, random_bytes(NONCE_BYTES)
        return bytes([by]) + nonce + self._masters[by].encrypt(nonce, key, place.encode())

    def rewrap(self, wrapped: bytes, place: str) -> bytes:
        """The same key under the newest master key, opened once more before it is given. Raises KeyMismatch."""
        key = self.unwrap(wrapped, place)
        fresh = self.wrap(key, place)
        if self.unwrap(fresh, place) != key:
            raise KeyMismatch
        return fresh

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """Raises KeyMismatch when no master key of the ring opens it."""
        master = self._masters.get(wrapped[0]) if wrapped else None
        if master is None:
            raise KeyMismatch
        try:
            return master.decrypt(wrapped[1 : 1 + NONCE_BYTES], wrapped[1 + NONCE_BYTES :], place.encode())
        except (InvalidTag, ValueError):
            raise KeyMismatch from None

    def _box(self, company_id: str, owner_id: str, wrapped: bytes) -> OwnerBox:
        place = f"{company_id}|{owner_id}"
        return OwnerBox(place, AESGCM(self.unwrap(wrapped, place)))

    def set_lookup_key(self, purpose: str, key: bytes) -> None:
        """Installed once at start, from what the database keeps wrapped."""
        self._lookups[purpose] = KeyedHash(key)

    def set_marking(self, keys: Mapping[int, Mapping[str, bytes]], written: int) -> None:
        """Which versions of lookup keys are asked, by version and purpose, and which one is written. Of the first the
        keys are those of `set_lookup_key`."""
        versions = tuple(
            _Version(
                number,
                self._lookups
                if number == FIRST_VERSION
                else {purpose: KeyedHash(key) for purpose, key in keys[number].items()},
            )
            for number in sorted(keys)
        )
        self._written = next(version for version in versions if version.number == written)
        self._versions = versions

    def set_outdated(self, reason: str) -> None:
        """Others have newer keys, so that nothing may be wrapped by this process; empty: all is well."""
        self._outdated = reason

    @property
    def written_version(self) -> int:
        """The version of the lookup keys that marks come under."""
        return self._written.number

    def mark(self, purpose: str, *parts: str | bytes) -> bytes:
        """By what a row is found again, under the version that is written."""
        return self._written.mark(purpose, _joined(parts))

    def marks(self, purpose: str, *parts: str | bytes) -> tuple[bytes, ...]:
        """Under every version that is asked, the oldest first: in this order a row that moves between two questions is
        met by one of them."""
        content = _joined(parts)
        return tuple([version.mark(purpose, content) for version in self._versions])

    def lookup_hash(self, purpose: str, *parts: str | bytes) -> bytes:
        """HMAC-SHA256 (RFC 2104) of the parts, each led by its length: finds equals without keeping them plain."""
        return self._lookups[purpose].digest(_joined(parts))


def _joined(parts: tuple[str | bytes, ...]) -> bytes:
    pieces = list[bytes]()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        pieces += (len(content).to_bytes(4, "big"), content)
    return b"".join(pieces)
