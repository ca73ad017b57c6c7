"""Revocation lists of countries (RFC 5280, 5), as far as Doc 9303 part 12, 7.2, has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ostiary.adapters.chip import extensions
from ostiary.adapters.chip.certificates import ChipCertificate, read_extensions
from ostiary.adapters.chip.names import FoldedName, NameParts, country_of, folded, read_name
from ostiary.adapters.chip.signatures import read_form, verifies
from ostiary.adapters.chip.tlv import (
    GENERALIZED_TIME,
    INTEGER,
    SEQUENCE,
    UTC_TIME,
    Element,
    Malformed,
    bits,
    elements,
    members,
    moment,
    number,
)

MOST_CRL_BYTES = 4 << 20
"""Room for some 100,000 revoked certificates; the longest of a country has some hundreds."""
_EXTENSIONS = 0xA0


@dataclass(frozen=True)
class RevocationList:
    """A list: who issued it, when, when the next is due (None: it does not say), and the serial numbers on it."""

    encoded: bytes = field(repr=False)
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    algorithm: bytes = field(repr=False)
    issuer_parts: NameParts
    issuer_key_id: bytes | None
    issued_at: datetime
    next_at: datetime | None
    serials: frozenset[int] = field(repr=False)

    @property
    def issuer(self) -> FoldedName:
        return folded(self.issuer_parts)

    @property
    def country(self) -> str:
        return country_of(self.issuer_parts).upper()

    def is_signed_by(self, anchor: ChipCertificate) -> bool:
        """Whether an anchor's key signed it; one that cannot be calculated with did not."""
        try:
            return verifies(anchor.key, read_form(self.algorithm), self.signature, self.signed)
        except ValueError:
            return False


def read_revocation_list(encoded: bytes) -> RevocationList:
    """From DER. Raises Malformed."""
    if len(encoded) > MOST_CRL_BYTES:
        raise Malformed(f"a revocation list of {len(encoded):,} bytes; at most {MOST_CRL_BYTES:,} are taken")
    try:
        return _read(encoded)
    except (ValueError, IndexError) as fault:
        raise Malformed(f"a revocation list that cannot be read: {fault}") from None


def _read(encoded: bytes) -> RevocationList:
    body, algorithm, signature = members(encoded)
    parts = list(elements(body.value))
    if parts[0].tag == INTEGER:  # the version, where it is not the first
        parts.pop(0)
    _, issuer, issued, *rest = parts
    next_at = moment(rest.pop(0)) if rest and rest[0].tag in (UTC_TIME, GENERALIZED_TIME) else None
    revoked = rest.pop(0) if rest and rest[0].tag == SEQUENCE else None
    named = read_extensions(rest[0].value) if rest and rest[0].tag == _EXTENSIONS else {}
    return RevocationList(
        encoded=encoded,
        signed=body.encoded,
        signature=bits(signature),
        algorithm=algorithm.encoded,
        issuer_parts=read_name(issuer),
        issuer_key_id=extensions.issuer_key_id(named),
        issued_at=moment(issued),
        next_at=next_at,
        serials=frozenset(number(members(each.encoded)[0]) for each in _members(revoked)),
    )


def _members(revoked: Element | None) -> list[Element]:
    return [] if revoked is None else list(elements(revoked.value))
