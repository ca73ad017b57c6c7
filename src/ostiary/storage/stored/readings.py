"""What is sealed in a document's row once it was read: what its machine-readable part says, and the judgement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Generic, TypeVar

from msgspec import Struct, field

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


class Read(Numbered, Generic[R, J], gc=False):
    """The column `documents.reading`."""

    reading: R | None
    judgement: J | None


PAIRS: Pairs = {
    PartialDateForm: PartialDate,
    ZoneForm: Zone,
    SeenForm: PictureQuality,
    PrintedLineForm: PrintedLine,
    ReadingForm: Reading,
    ComparedForm: RuleEvidence,
    JudgementForm: Judgement,
    **rejections.PAIRS,
}
NOT_READ: Read[Reading, Judgement] = Read(reading=None, judgement=None)


def read_of(document: Document) -> bytes:
    reading, judgement = document.reading, document.judgement
    return encode(
        Read(
            reading=None if reading is None else reading_form(reading),
            judgement=None if judgement is None else judgement_form(judgement),
        )
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


def from_form(form: Read[ReadingForm, JudgementForm]) -> Read[Reading, Judgement]:
    return Read(
        reading=None if form.reading is None else reading_from(form.reading),
        judgement=None if form.judgement is None else judgement_from(form.judgement),
    )


open_read = straight(Read[ReadingForm, JudgementForm], Read[Reading, Judgement], PAIRS, from_form)
