"""What is trusted, as verifying asks for it: countries' certificates by name and by key, and what they revoked.

Bytes are parsed when a candidate is tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from ostiary.adapters.chip.certificates import ChipCertificate, read_certificate
from ostiary.adapters.chip.names import FoldedName
from ostiary.adapters.chip.revocation import RevocationList, read_revocation_list
from ostiary.domain.chip.reading import AnchorFacts


def name_mark(name: FoldedName) -> str:
    """A name to look up by, whatever order it was written in: 32 hexadecimal figures."""
    return sha256("\0".join(f"{kind}={text}" for kind, text in sorted(name)).encode()).hexdigest()[:32]


def seal_signer_name(authority: str, certificate: str) -> str:
    """What a signer of seals is looked up by: the common names of its issuer and its own."""
    return f"{authority} {certificate}"


@dataclass(frozen=True)
class TrustedCertificate:
    """A certificate of the store: an anchor, or a signer of documents that security objects need not carry."""

    encoded: bytes = field(repr=False)
    sha256: str
    name: str
    key_id: str
    serial: str
    sources: tuple[str, ...] = ()

    @cached_property
    def certificate(self) -> ChipCertificate:
        """Raises Malformed, which a store that was imported does not give."""
        return read_certificate(self.encoded)

    @property
    def facts(self) -> AnchorFacts:
        parsed = self.certificate.facts
        return AnchorFacts(
            sha256=self.sha256,
            subject=parsed.subject,
            country=parsed.country,
            valid_from=parsed.valid_from,
            valid_until=parsed.valid_until,
            sources=self.sources,
        )


@dataclass(frozen=True)
class TrustedRevocations:
    """A revocation list of the store, and the anchors (SHA-256) whose keys signed it when it was imported."""

    encoded: bytes = field(repr=False)
    sha256: str
    signed_by: tuple[str, ...]

    @cached_property
    def parsed(self) -> RevocationList:
        return read_revocation_list(self.encoded)


@dataclass(frozen=True)
class Trust:
    """A store's anchors, signers and revocation lists, and apart from them who certifies signers of seals on paper, and
    those. `removed` are the SHA-256 of those whom an operator took out. `version` changes with anything in it; empty:
    no store."""

    version: str = ""
    anchors: tuple[TrustedCertificate, ...] = ()
    signers: tuple[TrustedCertificate, ...] = ()
    revocations: tuple[TrustedRevocations, ...] = ()
    seal_authorities: tuple[TrustedCertificate, ...] = ()
    seal_signers: tuple[TrustedCertificate, ...] = ()
    removed: frozenset[str] = frozenset()

    @cached_property
    def _by_name(self) -> dict[str, list[TrustedCertificate]]:
        return _grouped((anchor.name, anchor) for anchor in self.anchors)

    @cached_property
    def _by_key_id(self) -> dict[str, list[TrustedCertificate]]:
        return _grouped((anchor.key_id, anchor) for anchor in self.anchors if anchor.key_id)

    @cached_property
    def digests(self) -> frozenset[str]:
        """Of every anchor."""
        return frozenset(anchor.sha256 for anchor in self.anchors)

    def namesakes(self, name: FoldedName) -> list[TrustedCertificate]:
        """Anchors with this subject."""
        return self._by_name.get(name_mark(name), [])

    def with_key_id(self, key_id: bytes | None) -> list[TrustedCertificate]:
        """Anchors whose key is called so."""
        return self._by_key_id.get(key_id.hex(), []) if key_id else []

    @cached_property
    def _signers(self) -> dict[str, list[TrustedCertificate]]:
        by_serial = [(signer.serial, signer) for signer in self.signers]
        return _grouped([*by_serial, *((signer.key_id, signer) for signer in self.signers if signer.key_id)])

    def signers_named(self, serial: int, key_id: bytes | None) -> list[TrustedCertificate]:
        """Signers of documents with this serial number, or whose key is called so."""
        return self._signers.get(str(serial) if key_id is None else key_id.hex(), [])

    @cached_property
    def _seal_signers(self) -> dict[str, list[TrustedCertificate]]:
        return _grouped((signer.name, signer) for signer in self.seal_signers)

    def seal_signers_named(self, authority: str, certificate: str) -> list[TrustedCertificate]:
        """Signers of seals by the two names that a seal has for one."""
        return self._seal_signers.get(seal_signer_name(authority, certificate), [])

    def revocations_of(self, anchor: str) -> list[TrustedRevocations]:
        """Lists that an anchor (SHA-256) signed."""
        return [each for each in self.revocations if anchor in each.signed_by]


def _grouped(pairs: Iterable[tuple[str, TrustedCertificate]]) -> dict[str, list[TrustedCertificate]]:
    groups = dict[str, list[TrustedCertificate]]()
    for key, each in pairs:
        groups.setdefault(key, []).append(each)
    return groups


def trusted(certificate: ChipCertificate, sources: tuple[str, ...] = ()) -> TrustedCertificate:
    """A certificate as the store has it."""
    key_id = certificate.key_id
    return TrustedCertificate(
        encoded=certificate.encoded,
        sha256=certificate.sha256,
        name=name_mark(certificate.subject),
        key_id=key_id.hex() if key_id else "",
        serial=str(certificate.serial),
        sources=sources,
    )
