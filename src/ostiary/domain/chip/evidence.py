"""What is kept of a chip's verification, beside how its rules came out."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.domain.chip.judging import ChipJudgement
from ostiary.domain.chip.reading import ChipReading, SignerFacts
from ostiary.domain.documents.chip_kept import ChipEvidence, KeptAnchor, KeptSigner

_FITS, _DROPPED = "fits", "fits, dropped"


def evidence_of(reading: ChipReading, judgement: ChipJudgement, dropped: tuple[str, ...]) -> ChipEvidence:
    """`dropped` are the files that were verified when they came, and not kept."""
    signer = reading.signer
    return ChipEvidence(
        proof=judgement.proof.value,
        trust=reading.trust_version,
        signer=None if signer is None else _signer_evidence(signer),
        anchors=tuple(KeptAnchor(each.sha256, each.country, each.sources) for each in reading.anchors),
        groups=dict(sorted(_groups(reading, dropped))),
        revocation="" if signer is None else reading.revocation.value,
    )


def _signer_evidence(signer: SignerFacts) -> KeptSigner:
    return KeptSigner(
        subject=signer.subject,
        issuer=signer.issuer,
        serial=signer.serial,
        sha256=signer.sha256,
        valid_from=signer.valid_from.date().isoformat(),
        valid_until=signer.valid_until.date().isoformat(),
    )


def _groups(reading: ChipReading, dropped: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for group in reading.groups:
        yield group.name, _FITS if group.fits else "differs" if group.is_listed else "not listed"
    yield from ((name, _DROPPED) for name in dropped)
