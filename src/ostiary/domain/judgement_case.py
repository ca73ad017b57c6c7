"""What a judgement looks at, and what one rule of it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from ostiary.domain.catalogue import DocumentType
from ostiary.domain.clients import Profile
from ostiary.domain.documents import BACK, FRONT, Document
from ostiary.domain.machine_readable.zone import Zone
from ostiary.domain.readings import Compared, Reading, Result
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.review_reasons import ReviewReason


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
    look_alike: bool = False  # the picture resembles one of another client

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
class Finding:
    """One rule's evidence with what follows from it. Whatever neither agrees nor is harmless has a `reason`."""

    compared: Compared
    reason: ReviewReason | None = None
    rejection: Rejection | None = None

    def doubted(self) -> Finding:
        """The same where the text it rests on cannot be trusted: a contradiction is a doubt then."""
        if self.compared.result is not Result.DIFFERS:
            return self
        return Finding(replace(self.compared, result=Result.DOUBTFUL), self.reason)


def agrees(compared: Compared, note: str = "") -> Finding:
    """Nothing to say against it."""
    return Finding(_come_out(compared, Result.AGREES, note))


def doubtful(compared: Compared, reason: ReviewReason, note: str, rejection: Rejection | None = None) -> Finding:
    """A person has to look, unless the client can mend it (`rejection`)."""
    return Finding(_come_out(compared, Result.DOUBTFUL, note), reason, rejection)


def differs(compared: Compared, reason: ReviewReason, rejection: Rejection, note: str = "") -> Finding:
    """A clear contradiction that the client can mend."""
    return Finding(_come_out(compared, Result.DIFFERS, note), reason, rejection)


def _come_out(compared: Compared, result: Result, note: str) -> Compared:
    return replace(compared, result=result, note=note)
