"""What a reader saw on a document, and what that was judged to mean: values, kept with the document, sealed like its
metadata. `judgement` decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.domain.documents.places import PrintedLine
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.rejections import Rejection


class Trouble(StrEnum):
    """Why there is nothing to judge. `not_found`: the picture was looked at and holds nothing machine-readable."""

    NOT_FOUND = "not_found"
    NOT_READABLE = "not_readable"  # the picture could not be decoded, or only at a cost over the limits
    TIMED_OUT = "timed_out"
    FAILED = "failed"  # the reader ended; somebody may have built the file for that
    UNAVAILABLE = "unavailable"  # the reader is not installed


@dataclass(frozen=True, slots=True)
class PictureQuality:
    """What was measured where the machine-readable part is, or of the whole picture when none was found.

    Shares from 0 to 1. `sharpness` as in PictureFindings, but of that place; `white` is the share of it that is burnt
    out or blank, `glare` the part of that whose edges fade as a reflection's do. None: not measured.
    """

    sharpness: float | None = None
    glare: float | None = None
    white: float | None = None
    text_height_px: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One document as read. `side` is the field of the picture it was read on (`image_front`), empty when on none.

    `certainty` is the least of the recogniser's probabilities over the symbols of number, dates and country, 0 to 1
    (1 for a barcode, which corrects its errors). `likeness` is a perceptual hash of each side, by its field. `lines`:
    where each line of the zone is printed, or the barcode, on that page of the file; none where nothing says it.
    `seal` is the text of a signed seal (2D-Doc), where one is looked for.
    """

    zone: Zone | None
    side: str = ""
    certainty: float = 0.0
    trouble: Trouble | None = None
    seen: PictureQuality = field(default_factory=PictureQuality)
    likeness: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    ms: int = 0
    page: int = 1
    lines: tuple[PrintedLine, ...] = ()
    seal: str = field(default="", repr=False)


class ReadingOutcome(StrEnum):
    """What a document's reading leads to."""

    PASS = "pass"  # noqa: S105 (not a password)
    RETURN = "return"
    REVIEW = "review"


class Result(StrEnum):
    """How one rule came out."""

    AGREES = "agrees"
    DIFFERS = "differs"
    DOUBTFUL = "doubtful"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """One rule's evidence. `where` tells where it was read: `image_front, line 2, characters 1 to 9`."""

    rule: str
    result: Result
    given: str | None = field(default=None, repr=False)
    read: str | None = field(default=None, repr=False)
    where: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`rejections` are what the client can mend (with `return`); `reasons` why a person is asked (with `review`)."""

    outcome: ReadingOutcome
    compared: tuple[RuleEvidence, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    reasons: tuple[str, ...] = ()
