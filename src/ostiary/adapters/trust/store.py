"""The trust store's file: one JSON object a line, in one order and one form, so that a comparison of two versions reads
well and the same content always has the same version.

What verifying looks certificates up by was computed when they were imported. The file is the operator's, like the
catalogue: whoever may write it decides whom chips are believed from.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from ostiary.adapters.chip.tlv import Malformed
from ostiary.adapters.chip.trust import Trust, TrustedCertificate, TrustedRevocations
from ostiary.domain.chip.limits import MB
from ostiary.domain.errors import Refused

MOST_STORE_BYTES = 16 * MB
"""Two lists of a thousand certificates together take some 2 MB."""
MOST_STORE_LINES = 20_000
_VERSION_FIGURES = 16


class EntryKind(StrEnum):
    """What a line is. `list`: the newest that each publisher's came from. `removed`: a certificate that no import
    brings back. Authorities and signers of seals on paper vouch for nothing else, and nobody else for them."""

    LIST = "list"
    REMOVED = "removed"
    ANCHOR = "anchor"
    SIGNER = "signer"
    CRL = "crl"
    SEAL_AUTHORITY = "seal_authority"
    SEAL_SIGNER = "seal_signer"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreEntry:
    """One line. Times are ISO 8601 in UTC. `sources`: the publishers whose lists have it, or `operator`; of a
    revocation list, and of a signer of seals, those (SHA-256) that signed it. `name` and `key_id` are what it is looked
    up by."""

    kind: EntryKind
    sha256: str
    country: str = ""
    subject: str = ""
    serial: str = ""
    begin: str = ""
    end: str = ""
    name: str = ""
    key_id: str = ""
    key: str = ""
    sources: tuple[str, ...] = ()
    note: str = ""
    der: bytes = field(default=b"", repr=False)

    @property
    def order(self) -> tuple[int, str, str, str]:
        return list(EntryKind).index(self.kind), self.country, self.subject, self.sha256


@dataclass(frozen=True)
class TrustStore:
    """What the file holds, in its order, each entry once."""

    entries: tuple[StoreEntry, ...] = ()

    def of(self, kind: EntryKind) -> list[StoreEntry]:
        return [entry for entry in self.entries if entry.kind is kind]

    @property
    def content(self) -> bytes:
        return b"".join(_line(entry) for entry in self.entries)

    @property
    def version(self) -> str:
        """Sixteen figures of a hash over the content; nothing for an empty store."""
        return sha256(self.content).hexdigest()[:_VERSION_FIGURES] if self.entries else ""

    @property
    def trust(self) -> Trust:
        """For verifying: without what was removed."""
        dates = {entry.country: f"{entry.country} {entry.begin[:10]}" for entry in self.of(EntryKind.LIST)}
        anchors = tuple(_certificate(entry, dates) for entry in self.of(EntryKind.ANCHOR))
        signers = tuple(_certificate(entry, dates) for entry in self.of(EntryKind.SIGNER))
        lists = (TrustedRevocations(entry.der, entry.sha256, entry.sources) for entry in self.of(EntryKind.CRL))
        sealing = tuple(_certificate(entry, {}) for entry in self.of(EntryKind.SEAL_AUTHORITY))
        seal_signers = tuple(_certificate(entry, {}) for entry in self.of(EntryKind.SEAL_SIGNER))
        return Trust(
            version=self.version,
            anchors=anchors,
            signers=signers,
            revocations=tuple(lists),
            seal_authorities=sealing,
            seal_signers=seal_signers,
            removed=frozenset(entry.sha256 for entry in self.of(EntryKind.REMOVED)),
        )


def ordered(entries: Iterable[StoreEntry]) -> TrustStore:
    """Each kind and hash once, in the file's order. Refused beyond the limits."""
    store = TrustStore(tuple(sorted({(each.kind, each.sha256): each for each in entries}.values(), key=_order)))
    if len(store.entries) > MOST_STORE_LINES or len(store.content) > MOST_STORE_BYTES:
        raise Refused(f"A trust store has at most {MOST_STORE_LINES:,} entries and {MOST_STORE_BYTES >> 20} MB.")
    return store


def _order(entry: StoreEntry) -> tuple[int, str, str, str]:
    return entry.order


def _certificate(entry: StoreEntry, dates: Mapping[str, str]) -> TrustedCertificate:
    return TrustedCertificate(
        encoded=entry.der,
        sha256=entry.sha256,
        name=entry.name,
        key_id=entry.key_id,
        serial=entry.serial,
        sources=tuple(dates.get(source, source) for source in entry.sources),
    )


def _line(entry: StoreEntry) -> bytes:
    """Keys in one order, those with nothing left out, no spaces."""
    values = {name: value for name, value in asdict(entry).items() if value}
    if entry.der:
        values["der"] = base64.b64encode(entry.der).decode()
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def read_store(path: Path | None) -> TrustStore:
    """An empty one where there is no file. Refused for what is no trust store, naming the line."""
    if path is None or not path.exists():
        return TrustStore()
    if path.stat().st_size > MOST_STORE_BYTES:
        raise Refused(f"{path} has more than {MOST_STORE_BYTES >> 20} MB, and is not read as a trust store.")
    lines = path.read_bytes().splitlines()
    return ordered(_entry(path, number, line) for number, line in enumerate(lines, 1) if line.strip())


_NAMES = {each.name for each in fields(StoreEntry)}


def _entry(path: Path, number: int, line: bytes) -> StoreEntry:
    try:
        values: dict[str, Any] = json.loads(line)
        unknown = set(values) - _NAMES
        if unknown or not all(isinstance(value, str) for name, value in values.items() if name != "sources"):
            raise Malformed(f"unknown or no texts: {', '.join(sorted(unknown)) or 'values'}")
        content = base64.b64decode(values.get("der", ""), validate=True)
        kind, sources = EntryKind(values["kind"]), tuple(map(str, values.get("sources", ())))
        entry = StoreEntry(**{**values, "kind": kind, "sources": sources, "der": content})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise Refused(f"{path}, line {number}: not a line of a trust store ({fault}).") from None
    if content and sha256(content).hexdigest() != entry.sha256:
        raise Refused(f"{path}, line {number}: its bytes are not those of its sha256.")
    if not content and kind not in (EntryKind.LIST, EntryKind.REMOVED):
        raise Refused(f"{path}, line {number}: without its bytes (der).")
    return entry


def write_store(path: Path, store: TrustStore, *, instead_of: TrustStore) -> None:
    """Whole or not at all. Refused when the file is no longer what it was when it was read."""
    if read_store(path).version != instead_of.version:
        raise Refused(f"{path} was changed meanwhile: try again.")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(store.content)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, 0o644)  # nothing in it is secret, and the service may be another user
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
