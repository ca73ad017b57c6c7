"""What is sealed in a document's row once it was read: what its machine-readable part says, and the judgement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Generic, TypeVar

from msgspec import Struct, field

from ostiary.domain.documents.chip_kept import ChipEvidence, KeptAnchor, KeptSigner
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.places import WHOLE, PrintedLine, Quadrilateral
from ostiary.domain.documents.reading import (
    Judgement,
    PictureQuality,
    Reading,
    ReadingOutcome,
    Result,
    RuleEvidence,
    Trouble,
)
from ostiary.domain.mrz.zone import Format, PartialDate, Zone
from ostiary.storage.stored import rejections
from ostiary.storage.stored.forms import Numbered, Pairs, encode, straight
from ostiary.storage.stored.rejections import RejectionForm

R = TypeVar("R")
J = TypeVar("J")
E = TypeVar("E")


class PartialDateForm(Struct, gc=False):
    """Of a date of which parts may be unknown."""

    year: int | None
    month: int | None
    day: int | None


class ZoneForm(Struct, gc=False):
    """Of a machine-readable part."""

    format: Format
    lines: tuple[str, ...]
    document_code: str
    country: str
    number: str
    surname: str
    given_names: str
    nationality: str
    birth_date: PartialDateForm
    expiration_date: date | None
    sex: str
    checks: Mapping[str, bool]
    names_truncated: bool = False
    places: Mapping[str, str] = field(default_factory=dict)


class SeenForm(Struct, gc=False):
    """Of what was measured where that part is."""

    sharpness: float | None = None
    glare: float | None = None
    white: float | None = None
    text_height_px: float | None = None


class PrintedLineForm(Struct, gc=False):
    """Of a line's place on its picture."""

    corners: Quadrilateral
    middle: int = WHOLE // 2


class ReadingForm(Struct, gc=False):
    """Of a document as read."""

    zone: ZoneForm | None
    side: str = ""
    certainty: float = 0.0
    trouble: Trouble | None = None
    seen: SeenForm = field(default_factory=SeenForm)
    likeness: tuple[tuple[str, bytes], ...] = ()
    ms: int = 0
    page: int = 1
    lines: tuple[PrintedLineForm, ...] = ()
    seal: str = ""


class ComparedForm(Struct, gc=False):
    """Of one rule's evidence."""

    rule: str
    result: Result
    given: str | None = None
    read: str | None = None
    where: str = ""
    note: str = ""


class JudgementForm(Struct, gc=False):
    """Of what a reading was judged to mean."""

    outcome: ReadingOutcome
    compared: tuple[ComparedForm, ...] = ()
    rejections: tuple[RejectionForm, ...] = ()
    reasons: tuple[str, ...] = ()


class SignerForm(Struct, gc=False):
    """Of who signed a chip's data."""

    subject: str
    issuer: str
    serial: str
    sha256: str
    valid_from: str
    valid_until: str


class AnchorForm(Struct, gc=False):
    """Of a certificate that vouched for the signer."""

    sha256: str
    country: str
    sources: tuple[str, ...] = ()


class EvidenceForm(Struct, gc=False):
    """Of what verifying a chip came to."""

    proof: str
    trust: str
    signer: SignerForm | None = None
    anchors: tuple[AnchorForm, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    revocation: str = ""


class Read(Numbered, Generic[R, J, E], gc=False):
    """The column `documents.reading`."""

    reading: R | None
    judgement: J | None
    chip: E | None = None


PAIRS: Pairs = {
    PartialDateForm: PartialDate,
    ZoneForm: Zone,
    SeenForm: PictureQuality,
    PrintedLineForm: PrintedLine,
    ReadingForm: Reading,
    ComparedForm: RuleEvidence,
    JudgementForm: Judgement,
    SignerForm: KeptSigner,
    AnchorForm: KeptAnchor,
    EvidenceForm: ChipEvidence,
    **rejections.PAIRS,
}
NOT_READ: Read[Reading, Judgement, ChipEvidence] = Read(reading=None, judgement=None)


def read_of(document: Document) -> bytes:
    reading, judgement = document.reading, document.judgement
    return encode(
        Read(
            reading=None if reading is None else reading_form(reading),
            judgement=None if judgement is None else judgement_form(judgement),
            chip=None if document.chip_evidence is None else evidence_form(document.chip_evidence),
        )
    )


def signer_form(signer: KeptSigner) -> SignerForm:
    return SignerForm(
        subject=signer.subject,
        issuer=signer.issuer,
        serial=signer.serial,
        sha256=signer.sha256,
        valid_from=signer.valid_from,
        valid_until=signer.valid_until,
    )


def evidence_form(evidence: ChipEvidence) -> EvidenceForm:
    signer = evidence.signer
    return EvidenceForm(
        proof=evidence.proof,
        trust=evidence.trust,
        signer=None if signer is None else signer_form(signer),
        anchors=tuple(
            AnchorForm(sha256=each.sha256, country=each.country, sources=each.sources) for each in evidence.anchors
        ),
        groups=evidence.groups,
        revocation=evidence.revocation,
    )


def reading_form(reading: Reading) -> ReadingForm:
    quality = reading.seen
    return ReadingForm(
        zone=None if reading.zone is None else zone_form(reading.zone),
        side=reading.side,
        certainty=reading.certainty,
        trouble=reading.trouble,
        seen=SeenForm(
            sharpness=quality.sharpness, glare=quality.glare, white=quality.white, text_height_px=quality.text_height_px
        ),
        likeness=reading.likeness,
        ms=reading.ms,
        page=reading.page,
        lines=tuple(PrintedLineForm(corners=line.corners, middle=line.middle) for line in reading.lines),
        seal=reading.seal,
    )


def zone_form(zone: Zone) -> ZoneForm:
    birth = zone.birth_date
    return ZoneForm(
        format=zone.format,
        lines=zone.lines,
        document_code=zone.document_code,
        country=zone.country,
        number=zone.number,
        surname=zone.surname,
        given_names=zone.given_names,
        nationality=zone.nationality,
        birth_date=PartialDateForm(year=birth.year, month=birth.month, day=birth.day),
        expiration_date=zone.expiration_date,
        sex=zone.sex,
        checks=zone.checks,
        names_truncated=zone.names_truncated,
        places=zone.places,
    )


def judgement_form(judgement: Judgement) -> JudgementForm:
    return JudgementForm(
        outcome=judgement.outcome,
        compared=tuple(
            ComparedForm(
                rule=each.rule, result=each.result, given=each.given, read=each.read, where=each.where, note=each.note
            )
            for each in judgement.compared
        ),
        rejections=tuple(map(rejections.to_form, judgement.rejections)),
        reasons=judgement.reasons,
    )


def reading_from(form: ReadingForm) -> Reading:
    quality = form.seen
    return Reading(
        zone=None if form.zone is None else zone_from(form.zone),
        side=form.side,
        certainty=form.certainty,
        trouble=form.trouble,
        seen=PictureQuality(
            sharpness=quality.sharpness, glare=quality.glare, white=quality.white, text_height_px=quality.text_height_px
        ),
        likeness=form.likeness,
        ms=form.ms,
        page=form.page,
        lines=tuple(PrintedLine(line.corners, line.middle) for line in form.lines),
        seal=form.seal,
    )


def zone_from(form: ZoneForm) -> Zone:
    birth = form.birth_date
    return Zone(
        format=form.format,
        lines=form.lines,
        document_code=form.document_code,
        country=form.country,
        number=form.number,
        surname=form.surname,
        given_names=form.given_names,
        nationality=form.nationality,
        birth_date=PartialDate(year=birth.year, month=birth.month, day=birth.day),
        expiration_date=form.expiration_date,
        sex=form.sex,
        checks=form.checks,
        names_truncated=form.names_truncated,
        places=form.places,
    )


def judgement_from(form: JudgementForm) -> Judgement:
    return Judgement(
        outcome=form.outcome,
        compared=tuple(
            RuleEvidence(
                rule=each.rule, result=each.result, given=each.given, read=each.read, where=each.where, note=each.note
            )
            for each in form.compared
        ),
        rejections=tuple(map(rejections.from_form, form.rejections)),
        reasons=form.reasons,
    )


def signer_from(form: SignerForm) -> KeptSigner:
    return KeptSigner(
        subject=form.subject,
        issuer=form.issuer,
        serial=form.serial,
        sha256=form.sha256,
        valid_from=form.valid_from,
        valid_until=form.valid_until,
    )


def evidence_from(form: EvidenceForm) -> ChipEvidence:
    signer = form.signer
    return ChipEvidence(
        proof=form.proof,
        trust=form.trust,
        signer=None if signer is None else signer_from(signer),
        anchors=tuple(
            KeptAnchor(sha256=each.sha256, country=each.country, sources=each.sources) for each in form.anchors
        ),
        groups=form.groups,
        revocation=form.revocation,
    )


def from_form(form: Read[ReadingForm, JudgementForm, EvidenceForm]) -> Read[Reading, Judgement, ChipEvidence]:
    return Read(
        reading=None if form.reading is None else reading_from(form.reading),
        judgement=None if form.judgement is None else judgement_from(form.judgement),
        chip=None if form.chip is None else evidence_from(form.chip),
    )


open_read = straight(
    Read[ReadingForm, JudgementForm, EvidenceForm], Read[Reading, Judgement, ChipEvidence], PAIRS, from_form
)
