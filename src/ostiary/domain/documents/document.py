"""Documents: what a client handed in, and judging a submission against what a product asks for.

A refusal is a value: every problem of a submission in one tuple. An empty tuple means the document is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from unicodedata import normalize

from ostiary.domain.catalogue.catalogue import DocumentType, Field
from ostiary.domain.catalogue.field_rules import value_fault
from ostiary.domain.documents.chip_kept import ChipEvidence, ChipSent
from ostiary.domain.documents.pictures import PictureFindings, PictureLimits, judge_picture
from ostiary.domain.documents.reading import Judgement, Reading
from ostiary.domain.mrz.issuers import iso_country
from ostiary.domain.names.visible import visible
from ostiary.domain.ports import Lookups
from ostiary.domain.rejections import EXPLANATIONS, Code, Kind, Rejection, reject
from ostiary.domain.sentences import N_, sentence, spoken
from ostiary.domain.times import iso_date
from ostiary.domain.value import value_type

NUMBER, ISSUING_COUNTRY, EXPIRATION_DATE = "number", "issuing_country", "expiration_date"
"""Details with a meaning of their own, wherever a catalogue declares them."""
MOST_DETAILS = 50
"""A catalogue declares a handful; more than this in a submission is not metadata."""
FRONT, BACK = "image_front", "image_back"


class DocumentStatus(StrEnum):
    """`refused` by a verdict; `replaced` by a newer document for the same requirement."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPLACED = "replaced"


@value_type
class Side:
    """One stored picture. `file` names its encrypted bytes; `mark` is the keyed hash of the picture, in hex."""

    field: str
    file: str
    mark: str
    findings: PictureFindings


@value_type
class Document:
    """One document of a client, with what was measured at intake and, once a provider looked at it, read and judged."""

    id: str
    company_id: str
    client_id: str
    type: str
    status: DocumentStatus
    metadata: Mapping[str, object] = field(repr=False)
    sides: tuple[Side, ...]
    created_at_ms: int
    reading: Reading | None = None
    judgement: Judgement | None = None
    chip: ChipSent | None = None
    chip_evidence: ChipEvidence | None = None

    @property
    def stored_bytes(self) -> int:
        """What its pictures and its chip's files take, as they came in."""
        chip_bytes = 0 if self.chip is None else self.chip.size_bytes
        return chip_bytes + sum(side.findings.size_bytes for side in self.sides)


NOTHING_SENT = "Nothing was sent: the picture is empty."
FOR_THE_INTEGRATOR = (
    "This is for whoever integrates the API: send the file's bytes in base64 (RFC 4648 section 4), with or without "
    "data:image/jpeg;base64, in front, or as a part of multipart/form-data."
)


@value_type
class MeasuredDocument:
    """What a call hands in, measured. A side that was not sent is None, and so is one of which `slips` say what the
    sender's code sent instead of a picture. `has_chip`: a chip came that may stand for pictures."""

    type: str
    metadata: Mapping[str, object] = field(repr=False)
    front: PictureFindings | None
    back: PictureFindings | None
    slips: Mapping[str, str] = field(default_factory=dict)
    has_chip: bool = False

    def pictures(self) -> Iterator[tuple[str, PictureFindings]]:
        if self.front is not None:
            yield FRONT, self.front
        if self.back is not None:
            yield BACK, self.back


@value_type
class IntakeContext:
    """What judging a submission needs besides it."""

    today: date
    country: str
    lookups: Lookups
    limits: PictureLimits
    refused_before: frozenset[str] = frozenset()  # fields whose picture this client sent before, refused for itself
    number_taken: bool = False
    is_closed: bool = False  # the catalogue's condition says that this client cannot use the type


def judge(kind: DocumentType, submission: MeasuredDocument, around: IntakeContext) -> tuple[Rejection, ...]:
    """Every problem of a submission."""
    return (
        *_side_problems(kind, submission),
        *_picture_problems(kind, submission, around),
        *_slip_problems(kind, submission.slips),
        *_metadata_problems(kind, submission.metadata, around),
        *validity_problems(kind, submission.metadata, around.today),
        *_ownership_problems(kind, around),
        *((not_open(kind.id),) if around.is_closed else ()),
    )


def _side_problems(kind: DocumentType, submission: MeasuredDocument) -> Iterator[Rejection]:
    slips, is_spared = submission.slips, submission.has_chip and kind.chip.spares_pictures
    if submission.front is None and FRONT not in slips and not is_spared:
        yield reject(Kind.DOCUMENT, kind.id, Code.MISSING_FRONT, FRONT)
    if kind.require_back_image and submission.back is None and BACK not in slips and not is_spared:
        yield reject(Kind.DOCUMENT, kind.id, Code.MISSING_BACK, BACK)
    if not kind.require_back_image and (submission.back is not None or slips.get(BACK, NOTHING_SENT) != NOTHING_SENT):
        yield reject(Kind.DOCUMENT, kind.id, Code.SIDE_NOT_NEEDED, BACK)
    elif submission.back is not None and submission.front is not None and _same(submission.front, submission.back):
        yield reject(Kind.DOCUMENT, kind.id, Code.IDENTICAL_SIDES, BACK)


def _same(findings: PictureFindings, other: PictureFindings) -> bool:
    return findings.sha256 == other.sha256


def _picture_problems(kind: DocumentType, submission: MeasuredDocument, around: IntakeContext) -> Iterator[Rejection]:
    for side, findings in submission.pictures():
        if side == BACK and not kind.require_back_image:
            continue  # needless: what it looks like does not matter
        yield from judge_picture(kind.id, side, findings, around.limits)
        if side in around.refused_before:
            yield reject(Kind.DOCUMENT, kind.id, Code.DUPLICATE_OF_REJECTED, side)


def _slip_problems(kind: DocumentType, slips: Mapping[str, str]) -> Iterator[Rejection]:
    """A mistake of the code that sent it: nothing of it is remembered, and no new picture would help."""
    for side, reason in slips.items():
        if side == FRONT or kind.require_back_image:
            yield reject(
                Kind.DOCUMENT, kind.id, Code.IMAGE_NOT_READABLE, side, reason=reason, action=FOR_THE_INTEGRATOR
            )


def _metadata_problems(
    kind: DocumentType, metadata: Mapping[str, object], around: IntakeContext
) -> Iterator[Rejection]:
    declared = {detail.id: detail for detail in kind.metadata}
    for detail in kind.metadata:
        if detail.required and metadata.get(detail.id) is None:
            yield _missing(kind, detail)
    if len(metadata) > MOST_DETAILS:
        reason = sentence(
            "%(sent)s details were sent; at most %(most)s are taken.", sent=len(metadata), most=MOST_DETAILS
        )
        yield reject(Kind.DOCUMENT, kind.id, Code.METADATA_INVALID, "metadata", reason=reason)
    for name, value in list(metadata.items())[:MOST_DETAILS]:
        if name not in declared:
            yield _unknown(kind, name, declared)
        elif value is not None and (problem := value_fault(declared[name], value, around.country, around.lookups)):
            yield _invalid(
                kind, name, sentence("%(detail)s %(problem)s.", detail=declared[name].name, problem=spoken(problem))
            )


def validity_problems(kind: DocumentType, metadata: Mapping[str, object], today: date) -> Iterator[Rejection]:
    """What makes a document fail today although nothing about it changed: expiry (UTC date) and who issued it."""
    expires = iso_date(metadata.get(EXPIRATION_DATE))
    if expires is not None and expires < today:
        field = f"metadata.{EXPIRATION_DATE}"
        yield reject(Kind.DOCUMENT, kind.id, Code.DOCUMENT_EXPIRED, field, reason=expired_on(expires))
    issuer = metadata.get(ISSUING_COUNTRY)
    if kind.issuing_countries and isinstance(issuer, str) and issuer not in kind.issuing_countries:
        yield reject(
            Kind.DOCUMENT,
            kind.id,
            Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY,
            f"metadata.{ISSUING_COUNTRY}",
            reason=only_from(kind),
        )


def expired_on(day: date) -> str:
    """Why an expired document is not taken."""
    return sentence("The document expired on %(day)s.", day=str(day))


def only_from(kind: DocumentType) -> str:
    """Why a document of another issuer is not taken."""
    countries = ", ".join(sorted(kind.issuing_countries))
    return sentence(
        "%(document)s is accepted only when issued by %(countries)s.", document=kind.name, countries=countries
    )


def not_open(document_type: str) -> Rejection:
    """A type whose condition does not hold for the client."""
    return reject(Kind.DOCUMENT, document_type, Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY, "document_type")


def _ownership_problems(kind: DocumentType, around: IntakeContext) -> Iterator[Rejection]:
    if around.number_taken:
        yield reject(Kind.DOCUMENT, kind.id, Code.USED_BY_ANOTHER_CLIENT, f"metadata.{NUMBER}")


def number_key(kind: DocumentType, metadata: Mapping[str, object], residence: str) -> str | None:
    """`country|type|number`, normalised: what may serve only one client of a company. None: nothing to hold.

    Spaces, dots and dashes are how people group digits, so they do not make another number; letters of every
    script do. Where no issuing country was given, the client's country of residence stands for it.
    """
    number = metadata.get(NUMBER)
    if not kind.unique or not isinstance(number, str):
        return None
    normalised = plain_number(number)
    return f"{metadata.get(ISSUING_COUNTRY) or residence}|{kind.id}|{normalised}" if normalised else None


def plain_number(number: str) -> str:
    """Letters and digits that can be seen, in capitals: what two ways to write a number share. Fillers are letters to
    Unicode, and look like nothing."""
    return "".join(letter for letter in visible(normalize("NFKC", number)).upper() if letter.isalnum())


def as_read(reading: Reading) -> Mapping[str, object]:
    """Number and issuing country as details of a document, from what was read; nothing when its digits do not fit."""
    zone = reading.zone
    if zone is None or not zone.digits_valid:
        return {}
    return {NUMBER: zone.number, ISSUING_COUNTRY: iso_country(zone.country)}


def refused_pictures(submission: MeasuredDocument, rejections: tuple[Rejection, ...]) -> tuple[str, ...]:
    """The fields whose picture was refused for itself, so that sending it again is recognised."""
    return tuple(
        side
        for side, _ in submission.pictures()
        if any(rejection.field == side and EXPLANATIONS[rejection.code].about_picture for rejection in rejections)
    )


def _missing(kind: DocumentType, detail: Field) -> Rejection:
    reason = sentence("%(detail)s is missing.", detail=detail.name)
    return reject(Kind.DOCUMENT, kind.id, Code.METADATA_MISSING, f"metadata.{detail.id}", reason=reason)


def _unknown(kind: DocumentType, name: str, declared: Mapping[str, Field]) -> Rejection:
    near = get_close_matches(name[:100], declared, 1)
    if near:
        pattern, others = N_("%(document)s has no detail of this name; did you mean %(known)s?"), near[0]
    else:
        pattern = N_("%(document)s has no detail of this name; known: %(known)s.")
        others = ", ".join(declared) or "none"
    return _invalid(kind, name[:100], sentence(pattern, document=kind.name, known=others))


def _invalid(kind: DocumentType, name: str, reason: str) -> Rejection:
    return reject(Kind.DOCUMENT, kind.id, Code.METADATA_INVALID, f"metadata.{name}", reason=reason)
