"""What a judgement looks at, and what one rule of it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.chip.judging import ChipJudgement
from ostiary.domain.clients.client import Profile
from ostiary.domain.documents.document import BACK, FRONT, Document
from ostiary.domain.documents.reading import Reading, Result, RuleEvidence
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.rejections import Code, Kind, Rejection, reject


@dataclass(frozen=True, slots=True)
class ChipSeen:
    """A document's chip: the zone that it holds, with names and dates in full, and what the chip is worth."""

    zone: Zone | None
    judgement: ChipJudgement


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one judgement looks at. `similarity` of two texts is 0 to 1: 1 less the edit distance over the longer
    length, so 1 for equal ones."""

    kind: DocumentType
    document: Document
    reading: Reading
    profile: Profile
    today: date
    similarity: Callable[[str, str], float]
    number_taken: bool = False  # the number as read serves another client of the company
    number_contested: bool = False  # a document with it spoke against who another client said to be
    look_alike: bool = False  # the picture resembles one of another client
    chip: ChipSeen | None = None
    printed: Reading | None = None  # what was read on the pictures, where what a chip says counts instead
    chip_taken: bool = False  # this very chip serves another client of the company
    attempt: int = 1
    counts_specimens: bool = False  # what Utopia issues counts here

    @property
    def side(self) -> str:
        """The field of the picture the machine-readable part is on, or where it would be: the back of a card."""
        return self.reading.side or (BACK if self.kind.require_back_image else FRONT)

    def given(self, detail: str) -> str | None:
        """A detail of the document as the client typed it, or None."""
        value = self.document.metadata.get(detail)
        return value if isinstance(value, str) and value.strip() else None

    def where(self, zone: Zone, field: str = "") -> str:
        """`image_front, line 2, characters 1 to 9`, as much of it as is known."""
        return ", ".join(filter(None, (self.reading.side, zone.places.get(field, ""))))

    def refusal(self, code: Code, field: str, *, reason: str = "", action: str = "") -> Rejection:
        """What the client can mend about this document."""
        return reject(Kind.DOCUMENT, self.kind.id, code, field, reason=reason, action=action)


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One rule's evidence with what follows from it. Whatever neither agrees nor is harmless has a `reason`."""

    compared: RuleEvidence
    reason: ReviewReason | None = None
    rejection: Rejection | None = None

    def doubted(self) -> RuleFinding:
        """The same where the text it rests on cannot be trusted: a contradiction is a doubt then."""
        if self.compared.result is not Result.DIFFERS:
            return self
        return RuleFinding(replace(self.compared, result=Result.DOUBTFUL), self.reason)


def agrees(compared: RuleEvidence, note: str = "") -> RuleFinding:
    """Nothing to say against it."""
    return RuleFinding(_come_out(compared, Result.AGREES, note))


def doubtful(
    compared: RuleEvidence, reason: ReviewReason, note: str, rejection: Rejection | None = None
) -> RuleFinding:
    """A person has to look, unless the client can mend it (`rejection`)."""
    return RuleFinding(_come_out(compared, Result.DOUBTFUL, note), reason, rejection)


def differs(compared: RuleEvidence, reason: ReviewReason, rejection: Rejection, note: str = "") -> RuleFinding:
    """A clear contradiction that the client can mend."""
    return RuleFinding(_come_out(compared, Result.DIFFERS, note), reason, rejection)


def _come_out(compared: RuleEvidence, result: Result, note: str) -> RuleEvidence:
    return replace(compared, result=result, note=str(note))
