"""Certificates as states make them: read as they are, faults and all, and judged elsewhere.

What fails here cannot be used at all. Whatever else is odd (a serial number below zero, an authority that says it is
none, a list that is malformed) is read as far as it goes: many real ones are odd in some way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from ostiary.adapters.chip import extensions
from ostiary.adapters.chip.keys import PublicKey, read_key
from ostiary.adapters.chip.names import FoldedName, NameParts, country_of, folded, read_name, shown
from ostiary.adapters.chip.signatures import SignatureForm, read_form
from ostiary.adapters.chip.tlv import BOOLEAN, Malformed, bits, elements, identifier, members, moment, number, octets
from ostiary.domain.chip.reading import SignerFacts

MOST_CERTIFICATE_BYTES = 16 << 10
"""Real ones have up to 2,500."""
_VERSION, _UNIQUE_IDS, _EXTENSIONS = 0xA0, (0x81, 0x82, 0xA1, 0xA2), 0xA3


@dataclass(frozen=True)
class ChipCertificate:
    """A certificate: its bytes, what is signed of it, and what it says. Extensions are by object identifier."""

    encoded: bytes = field(repr=False)
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    algorithm: bytes = field(repr=False)
    key_info: bytes = field(repr=False)
    subject_parts: NameParts
    issuer_parts: NameParts
    serial: int
    valid_from: datetime
    valid_until: datetime
    extensions: Mapping[str, tuple[bool, bytes]] = field(repr=False)

    @cached_property
    def subject(self) -> FoldedName:
        return folded(self.subject_parts)

    @cached_property
    def issuer(self) -> FoldedName:
        return folded(self.issuer_parts)

    @property
    def country(self) -> str:
        """As the subject writes it, or its issuer where the subject names none."""
        return country_of(self.subject_parts) or country_of(self.issuer_parts)

    @property
    def sha256(self) -> str:
        return sha256(self.encoded).hexdigest()

    @property
    def key_id(self) -> bytes | None:
        """The subject's key identifier: compared, never computed, since every tenth is no hash of the key."""
        return extensions.key_id(self.extensions)

    @property
    def issuer_key_id(self) -> bytes | None:
        return extensions.issuer_key_id(self.extensions)

    @cached_property
    def key(self) -> PublicKey:
        """Raises Malformed, or UnsupportedForm."""
        return read_key(self.key_info)

    @property
    def form(self) -> SignatureForm:
        """How it is signed. Raises UnsupportedForm."""
        return read_form(self.algorithm)

    @property
    def is_self_issued(self) -> bool:
        return self.subject == self.issuer

    @property
    def facts(self) -> SignerFacts:
        """What the domain judges a signer by."""
        used = extensions.usage_period(self.extensions)
        return SignerFacts(
            subject=shown(self.subject_parts),
            issuer=shown(self.issuer_parts),
            serial=str(self.serial),
            country=self.country.upper(),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            usage_from=used[0],
            usage_until=used[1],
            is_ca=extensions.is_authority(self.extensions),
            key_usages=extensions.key_usages(self.extensions),
            purposes=extensions.purposes(self.extensions),
            document_types=extensions.document_types(self.extensions),
            unknown_critical=extensions.unknown_critical(self.extensions),
            sha256=self.sha256,
        )


def read_certificate(encoded: bytes) -> ChipCertificate:
    """From DER. Raises Malformed."""
    if len(encoded) > MOST_CERTIFICATE_BYTES:
        raise Malformed(f"a certificate of {len(encoded):,} bytes; real ones have up to 2,500")
    try:
        return _read(encoded)
    except (ValueError, IndexError) as fault:  # parts that are not there
        raise Malformed(f"a certificate that cannot be read: {fault}") from None


def _read(encoded: bytes) -> ChipCertificate:
    body, algorithm, signature = members(encoded)
    parts = [each for each in elements(body.value) if each.tag not in (_VERSION, *_UNIQUE_IDS)]
    serial, _, issuer, validity, subject, key, *rest = parts
    begin, end = elements(validity.value)
    return ChipCertificate(
        encoded=encoded,
        signed=body.encoded,
        signature=bits(signature),
        algorithm=algorithm.encoded,
        key_info=key.encoded,
        subject_parts=read_name(subject),
        issuer_parts=read_name(issuer),
        serial=number(serial),
        valid_from=moment(begin),
        valid_until=moment(end),
        extensions=read_extensions(rest[0].value) if rest and rest[0].tag == _EXTENSIONS else {},
    )


def read_extensions(value: bytes) -> dict[str, tuple[bool, bytes]]:
    """Whether each is critical, and its bytes; what is there twice makes the certificate unreadable (RFC 5280, 4.2)."""
    every: dict[str, tuple[bool, bytes]] = {}
    for each in members(value):
        kind, *middle, content = elements(each.value)
        name = identifier(kind)
        if name in every:
            raise Malformed(f"the extension {name} twice")
        is_critical = any(flag.tag == BOOLEAN and any(flag.value) for flag in middle)
        every[name] = (is_critical, octets(content))
    return every
