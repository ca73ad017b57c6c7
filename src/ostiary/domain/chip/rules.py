"""The rules by which a chip is judged, one function each, from what was verified to evidence.

Passive authentication of ICAO Doc 9303 part 11, 5.1, with the conditions of part 12 on who may sign what. Nothing here
rejects anybody: a finding says what agrees, what its sender can mend, and what a person has to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ostiary.domain.chip.countries import SPECIMEN_COUNTRY, is_same_country, signing_country
from ostiary.domain.chip.limits import LEAST_EC_BITS, LEAST_RSA_BITS, WEAK_DIGESTS
from ostiary.domain.chip.purposes import signer_fault
from ostiary.domain.chip.reading import (
    AnchorFacts,
    ChipReading,
    PresenceState,
    RevocationState,
    SignatureState,
    Strength,
)
from ostiary.domain.chip.times import time_fault
from ostiary.domain.documents.reading import Result, RuleEvidence


class ChipDoubt(StrEnum):
    """What speaks against a chip. The first two are for its sender to mend: read it again, and send it unchanged."""

    DATA_MISSING = "chip_data_missing"
    DATA_INVALID = "chip_data_invalid"
    SIGNER_UNKNOWN = "chip_signer_unknown"
    SIGNER_WRONG = "chip_signer_wrong"
    SIGNER_EXPIRED = "chip_signer_expired"
    SIGNER_REVOKED = "chip_signer_revoked"
    WEAK = "chip_weak"
    COPIED = "chip_copied"
    PRESENCE_UNKNOWN = "chip_presence_unknown"
    FORMAT_UNEXPECTED = "format_unexpected"
    TRUST_UNAVAILABLE = "trust_unavailable"


@dataclass(frozen=True, slots=True)
class ChipFinding:
    """How one rule came out. Whatever neither agrees nor is harmless has a `doubt`."""

    compared: RuleEvidence
    doubt: ChipDoubt | None = None


@dataclass(frozen=True, slots=True)
class ChipCase:
    """What the rules look at. `counts_specimens`: what Utopia signed counts, as it does in sandboxes.
    `demands_presence`: a chip that did not show that it is there proves nothing."""

    reading: ChipReading
    now: datetime
    counts_specimens: bool = False
    demands_presence: bool = False

    @property
    def anchors(self) -> tuple[AnchorFacts, ...]:
        """The anchors that count here."""
        every = self.reading.anchors
        return tuple(
            each for each in every if self.counts_specimens or not is_same_country(each.country, SPECIMEN_COUNTRY)
        )


def chip_groups(case: ChipCase) -> ChipFinding:
    """Every group that was sent is listed in the security object, with its hash."""
    wrong = [group.name for group in case.reading.groups if not (group.is_listed and group.fits)]
    if not case.reading.groups or wrong:
        names = ", ".join(wrong) or "dg1"
        return _differs("chip_groups", f"not what the security object lists: {names}")
    return _agrees("chip_groups", read=", ".join(group.name for group in case.reading.groups))


def chip_signature(case: ChipCase) -> ChipFinding:
    """The security object is signed with the key of the signer that it names."""
    match case.reading.signature:
        case SignatureState.VALID:
            return _agrees("chip_signature")
        case SignatureState.INVALID:
            return _differs("chip_signature", case.reading.note or "the signature does not fit the signer's key")
        case _:
            note = case.reading.note or "a form of signature that is not known here"
            return _doubtful("chip_signature", ChipDoubt.SIGNER_UNKNOWN, note)


def chip_signer(case: ChipCase) -> ChipFinding:
    """A country's certificate in the trust store signed the signer's, and that is one for signing documents."""
    signer = case.reading.signer
    if signer is not None and (fault := signer_fault(signer)):
        return _doubtful("chip_signer", ChipDoubt.SIGNER_WRONG, fault, signer.subject)
    if not case.reading.trust_version:
        return _doubtful("chip_signer", ChipDoubt.TRUST_UNAVAILABLE, "there is no trust store that could be asked")
    if signer is None:
        return _doubtful("chip_signer", ChipDoubt.SIGNER_UNKNOWN, "the signer's certificate is neither here nor stored")
    if case.anchors:
        return _agrees("chip_signer", read=signer.subject)
    if case.reading.anchors:
        note = "a specimen: its signature counts in sandboxes only"
        return _doubtful("chip_signer", ChipDoubt.SIGNER_UNKNOWN, note, signer.subject)
    if case.reading.is_disowned:
        note = "the country's certificate that it names did not sign it"
        return _doubtful("chip_signer", ChipDoubt.SIGNER_WRONG, note, signer.subject)
    note = "no certificate in the trust store signed it"
    if case.reading.has_namesakes:
        note += "; some bear its issuer's name, so the store may be old"
    return _doubtful("chip_signer", ChipDoubt.SIGNER_UNKNOWN, note, signer.subject)


def chip_country(case: ChipCase) -> ChipFinding:
    """Anchor, signer and the zone in DG1 are of one country."""
    zone, signer = case.reading.zone, case.reading.signer
    if zone is None or signer is None or not case.anchors:
        return _not_compared("chip_country", "nobody vouches whose country could be compared")
    wanted = signing_country(zone.country) or ""
    anchored = any(is_same_country(wanted, anchor.country) for anchor in case.anchors)
    if anchored and is_same_country(wanted, signer.country):
        return _agrees("chip_country", read=zone.country)
    theirs = ", ".join(sorted({signer.country.upper(), *(anchor.country.upper() for anchor in case.anchors)}))
    note = f"signed for {theirs or 'no country'}, and the document is of {zone.country or 'none'}"
    return _doubtful("chip_country", ChipDoubt.SIGNER_WRONG, note, zone.country)


def chip_time(case: ChipCase) -> ChipFinding:
    """The signer may sign, or might when it did, and its anchor was valid when the signer's certificate began."""
    signer = case.reading.signer
    if signer is None or not case.anchors:
        return _not_compared("chip_time", "nobody vouches whose time could be compared")
    fault = time_fault(case.reading, signer, case.anchors, case.now)
    span = f"{signer.valid_from:%Y-%m-%d} to {signer.valid_until:%Y-%m-%d}"
    if fault:
        return _doubtful("chip_time", ChipDoubt.SIGNER_EXPIRED, fault, span)
    return _agrees("chip_time", read=span)


def chip_strength(case: ChipCase) -> ChipFinding:
    """No signature on the way rests on a broken hash or on a key that is short today."""
    weak = [f"{each.what}: {fault}" for each in case.reading.strengths if (fault := weakness(each))]
    if weak:
        return _doubtful("chip_strength", ChipDoubt.WEAK, "; ".join(weak))
    if not case.reading.strengths:
        return _not_compared("chip_strength", "no signature was verified")
    return _agrees("chip_strength")


def weakness(signature: Strength) -> str:
    """What is weak about a signature, or nothing."""
    if signature.digest in WEAK_DIGESTS:
        return signature.digest
    least = LEAST_RSA_BITS if signature.key_kind == "rsa" else LEAST_EC_BITS
    return f"a key of {signature.key_bits} bits" if 0 < signature.key_bits < least else ""


def chip_revocation(case: ChipCase) -> ChipFinding:
    """No revocation list of the anchor names the signer."""
    match case.reading.revocation:
        case RevocationState.NOT_LISTED:
            return _agrees("chip_revocation")
        case RevocationState.LISTED:
            note = "its country has revoked the signer's certificate"
            return _doubtful("chip_revocation", ChipDoubt.SIGNER_REVOKED, note)
        case _:
            return _not_compared("chip_revocation", "no revocation list of its country is stored")


def chip_kind(case: ChipCase) -> ChipFinding:
    """The signer may sign this kind of document. Malformed lists, which several states have, say nothing."""
    zone, signer = case.reading.zone, case.reading.signer
    if zone is None or signer is None or not signer.document_types:
        return _not_compared("chip_kind", "the signer's certificate lists no kinds of documents")
    code, listed = zone.document_code, ", ".join(signer.document_types)
    if any(kind in (code, code[:1]) for kind in signer.document_types):
        return _agrees("chip_kind", read=code)
    return _doubtful("chip_kind", ChipDoubt.FORMAT_UNEXPECTED, f"the signer signs {listed}", code)


def chip_present(case: ChipCase) -> ChipFinding:
    """The chip signed what it was asked to: it is there, and no copy of its files."""
    match case.reading.presence:
        case PresenceState.ANSWERED:
            return _agrees("chip_present")
        case PresenceState.WRONG:
            note = "the answer to the challenge was not made with the key on the chip"
            return _doubtful("chip_present", ChipDoubt.COPIED, note)
        case PresenceState.UNSUPPORTED:
            note = "the chip's key, or its answer, is of a form that is not known here"
        case _ if case.demands_presence and not case.reading.lists_key:
            note = "the chip has no key that it could show its presence with"
        case _:
            note = "no challenge was signed"
    if case.demands_presence:
        return _doubtful("chip_present", ChipDoubt.PRESENCE_UNKNOWN, note)
    return _not_compared("chip_present", note)


RULES: tuple[Callable[[ChipCase], ChipFinding], ...] = (
    chip_groups,
    chip_signature,
    chip_signer,
    chip_country,
    chip_time,
    chip_strength,
    chip_revocation,
    chip_kind,
    chip_present,
)
"""In the order in which they are shown."""


def _agrees(rule: str, read: str | None = None) -> ChipFinding:
    return ChipFinding(RuleEvidence(rule, Result.AGREES, read=read))


def _differs(rule: str, note: str) -> ChipFinding:
    return ChipFinding(RuleEvidence(rule, Result.DIFFERS, note=note), ChipDoubt.DATA_INVALID)


def _doubtful(rule: str, doubt: ChipDoubt, note: str, read: str | None = None) -> ChipFinding:
    return ChipFinding(RuleEvidence(rule, Result.DOUBTFUL, read=read, note=note), doubt)


def _not_compared(rule: str, note: str) -> ChipFinding:
    return ChipFinding(RuleEvidence(rule, Result.NOT_COMPARED, note=note))
