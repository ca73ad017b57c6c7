"""Everything of a trust store looked at again: what it was computed from, who signed it, and what has run out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ostiary.adapters.chip.certificates import ChipCertificate, read_certificate
from ostiary.adapters.chip.chain import check_chain
from ostiary.adapters.chip.revocation import read_revocation_list
from ostiary.adapters.chip.trust import Trust, TrustedCertificate
from ostiary.adapters.trust.importing import OPERATOR, certificate_entry, revocation_entry, written
from ostiary.adapters.trust.sealing import certifying, seal_signer_entry
from ostiary.adapters.trust.store import EntryKind, StoreEntry, TrustStore
from ostiary.domain.chip.standing import LIST_AGE_MOST


@dataclass(frozen=True, slots=True)
class TrustProblem:
    """What is wrong with a line of the store."""

    kind: EntryKind
    country: str
    sha256: str
    problem: str


@dataclass(frozen=True, slots=True)
class TrustCheck:
    """How many anchors vouch for themselves, are certified by another anchor, or stand on their list's word alone; how
    many have ended, which still count for what was signed before; and what is wrong."""

    self_signed: int
    linked: int
    listed_only: int
    expired: int
    problems: tuple[TrustProblem, ...]


def check_store(store: TrustStore, now: datetime) -> TrustCheck:
    """Every line of it. `now` is UTC."""
    trust, today = store.trust, written(now)
    signers = {anchor.sha256: _signers_of(anchor, trust) for anchor in trust.anchors}
    selfs = sum(digest in by for digest, by in signers.items())
    linked = sum(bool(by) and digest not in by for digest, by in signers.items())
    return TrustCheck(
        self_signed=selfs,
        linked=linked,
        listed_only=len(signers) - selfs - linked,
        expired=sum(entry.end < today for entry in store.of(EntryKind.ANCHOR)),
        problems=tuple(
            TrustProblem(entry.kind, entry.country, entry.sha256, problem)
            for entry in store.entries
            if (problem := _problem(entry, trust, now))
        ),
    )


def _signers_of(anchor: TrustedCertificate, trust: Trust) -> set[str]:
    return {each.sha256 for each in check_chain(anchor.certificate, trust).anchors}


def _problem(entry: StoreEntry, trust: Trust, now: datetime) -> str:
    match entry.kind:
        case EntryKind.LIST:
            return list_fault(entry, now)
        case EntryKind.ANCHOR | EntryKind.SIGNER | EntryKind.SEAL_AUTHORITY | EntryKind.SEAL_SIGNER:
            return _certificate_fault(entry, trust)
        case EntryKind.CRL:
            return _revocations_fault(entry, trust, now)
        case _:
            return ""


def list_age(entry: StoreEntry, now: datetime) -> timedelta:
    """How long ago a list was signed."""
    return now - datetime.strptime(entry.begin, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def list_fault(entry: StoreEntry, now: datetime) -> str:
    """What is wrong with the age of a list, or nothing."""
    age = list_age(entry, now)
    return f"signed {age.days} days ago; import a newer one" if age > LIST_AGE_MOST else ""


def _certificate_fault(entry: StoreEntry, trust: Trust) -> str:
    try:
        certificate = read_certificate(entry.der)
    except ValueError as fault:
        return str(fault)
    if _as_imported(entry, certificate) != entry:
        return "what the line says is not what its certificate says: it was changed by hand"
    if entry.kind is EntryKind.SIGNER and not check_chain(certificate, trust).anchors:
        return "no anchor in the store signed it any more"
    if entry.kind is EntryKind.SEAL_SIGNER and OPERATOR not in entry.sources and not _certifying(certificate, trust):
        return "no authority of seals in the store certified it any more"
    return ""


def _as_imported(entry: StoreEntry, certificate: ChipCertificate) -> StoreEntry:
    if entry.kind is EntryKind.SEAL_SIGNER:
        return seal_signer_entry(certificate, entry.sources)
    return certificate_entry(entry.kind, certificate, entry.sources)


def _certifying(certificate: ChipCertificate, trust: Trust) -> tuple[str, ...]:
    return certifying(certificate, {each.sha256: each.certificate for each in trust.seal_authorities})


def _revocations_fault(entry: StoreEntry, trust: Trust, now: datetime) -> str:
    try:
        listed = read_revocation_list(entry.der)
    except ValueError as fault:
        return str(fault)
    if revocation_entry(listed, entry.sources) != entry:
        return "what the line says is not what its list says: it was changed by hand"
    anchors = [each for each in (*trust.anchors, *trust.seal_authorities) if each.sha256 in entry.sources]
    if not any(listed.is_signed_by(anchor.certificate) for anchor in anchors):
        return "no anchor in the store signed it any more"
    return "its next edition is due; import it" if listed.next_at and listed.next_at < now else ""
