"""A chip's files, verified: what they say, who signed it, who vouches for the signer. Facts, and never an exception.

Passive authentication (ICAO Doc 9303 part 11, 5.1). Nothing is fetched: no address in a certificate is followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from ostiary.adapters.chip.certificates import ChipCertificate
from ostiary.adapters.chip.chain import check_chain, revocation_of
from ostiary.adapters.chip.groups import PersonalDetails, issue_date, personal_details, zone_of
from ostiary.adapters.chip.keys import UnsupportedForm
from ostiary.adapters.chip.security_object import SecurityObject, read_security_object
from ostiary.adapters.chip.signed_data import SignatureCheck, check_signature
from ostiary.adapters.chip.trust import Trust
from ostiary.domain.chip.limits import MOST_BYTES, ChipFile
from ostiary.domain.chip.reading import ChipReading, ChipTrouble, Strength

_NEEDED = (ChipFile.SOD, ChipFile.DG1)


def verify_chip(files: Mapping[ChipFile, bytes], trust: Trust, now: datetime) -> ChipReading:
    """One chip against a trust store. `now` (UTC) tells centuries in DG1."""
    absent = [str(name) for name in _NEEDED if not files.get(name)]
    if absent:
        return _failed(ChipTrouble.MISSING, f"missing: {', '.join(absent)}")
    large = [f"{name}: at most {MOST_BYTES[name]:,} bytes" for name in files if len(files[name]) > MOST_BYTES[name]]
    if large:
        return _failed(ChipTrouble.TOO_LARGE, "; ".join(large))
    try:
        return _verify(files, trust, now)
    except UnsupportedForm as fault:
        return _failed(ChipTrouble.UNSUPPORTED, str(fault))
    except ValueError as fault:
        return _failed(ChipTrouble.MALFORMED, str(fault))
    except Exception as fault:  # whoever builds a file that gets here has found a fault of ours, and gets no further
        return _failed(ChipTrouble.MALFORMED, f"cannot be read ({type(fault).__name__})")


def _failed(trouble: ChipTrouble, note: str) -> ChipReading:
    return ChipReading(trouble=trouble, note=note)


def _verify(files: Mapping[ChipFile, bytes], trust: Trust, now: datetime) -> ChipReading:
    security = read_security_object(files[ChipFile.SOD])
    groups = tuple(security.fit(name, files[name]) for name in ChipFile if name in files and name is not ChipFile.SOD)
    fitting = {ChipFile(group.name) for group in groups if group.fits}
    details, issued = _details(files, fitting)
    claimed = ChipReading(
        zone=zone_of(files[ChipFile.DG1], now.date()),
        full_name=details.full_name,
        birth_date=details.birth_date,
        issue_date=issued,
        groups=groups,
        signing_time=security.signed.signing_time,
        object_digest=sha256(security.signed.content).digest(),
        trust_version=trust.version,
        lists_key=security.lists(ChipFile.DG15),
    )
    signer = _signer(security, trust)
    if signer is None:
        return replace(
            claimed, note="the signer's certificate is neither in the security object nor in the trust store"
        )
    return _with_signer(claimed, security, signer, trust)


def _details(files: Mapping[ChipFile, bytes], fitting: set[ChipFile]) -> tuple[PersonalDetails, date | None]:
    """Of the groups whose hashes fit; one that is signed and cannot be read says nothing."""
    details, issued = PersonalDetails(), None
    try:
        if ChipFile.DG11 in fitting:
            details = personal_details(files[ChipFile.DG11])
        if ChipFile.DG12 in fitting:
            issued = issue_date(files[ChipFile.DG12])
    except ValueError:
        pass
    return details, issued


def _signer(security: SecurityObject, trust: Trust) -> ChipCertificate | None:
    """The certificate that the signature names: the chip's own, else one of the store."""
    data = security.signed
    embedded = (each for each in data.certificates if data.is_signer(each))
    stored = (each.certificate for each in trust.signers_named(data.signer_serial, data.signer_key_id))
    return next(embedded, None) or next((each for each in stored if data.is_signer(each)), None)


def _with_signer(claimed: ChipReading, security: SecurityObject, signer: ChipCertificate, trust: Trust) -> ChipReading:
    """The country vouches for the signer's key before anything is concluded from it."""
    chain, check, facts = check_chain(signer, trust), check_signature(security.signed, signer), signer.facts
    return replace(
        claimed,
        signature=check.state,
        note=check.note,
        signer=replace(facts, is_ca=facts.is_ca or signer.sha256 in trust.digests),
        anchors=tuple(anchor.facts for anchor in chain.anchors),
        is_disowned=chain.is_disowned,
        has_namesakes=chain.has_namesakes,
        strengths=(*_strengths(security, signer, check), *chain.strengths),
        revocation=revocation_of(signer, chain, trust),
    )


def _strengths(security: SecurityObject, signer: ChipCertificate, check: SignatureCheck) -> tuple[Strength, ...]:
    hashed = Strength("groups", security.digest, "", 0)
    if not check.digest:
        return (hashed,)
    return hashed, Strength("chip", check.digest, signer.key.kind, signer.key.bits)
