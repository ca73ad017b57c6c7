"""What becomes of a picture that nobody can read: it must come back to the client with what to do about it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from bench.documents.passes import ANYBODY, as_printed, judged_as
from bench.documents.truth import Known
from ostiary.adapters.pictures.probe import probe
from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.documents.document import FRONT
from ostiary.domain.documents.pictures import PictureLimits, judge_picture
from ostiary.domain.documents.reading import Reading, ReadingOutcome
from ostiary.domain.rejections import Rejection

CAUSES = ("blurred", "glare", "white", "small", "dark", "sharp")


class Fate(StrEnum):
    """How it ended."""

    READ = "read right"
    AT_INTAKE = "back at once, with the cause"
    RETURNED = "back after reading, with the cause"
    UNEXPLAINED = "back without a cause"
    REVIEWED = "to a person"
    PASSED = "passed though misread"


def fate(kind: DocumentType, content: bytes, reading: Reading, truth: Known, right: bool) -> Fate:
    """What the client of a company that says the truth would hear."""
    refused = judge_picture(kind.id, FRONT, probe(content, PictureLimits()), PictureLimits())
    if refused:
        return Fate.AT_INTAKE if _explains(refused) else Fate.UNEXPLAINED
    if right:
        return Fate.READ
    zone = reading.zone
    told = as_printed(zone, truth) if zone is not None else None
    told = told or ANYBODY
    judgement = judged_as(kind, reading, told, told.expires - timedelta(days=200))
    if judgement.outcome is ReadingOutcome.RETURN:
        return Fate.RETURNED if _explains(judgement.rejections) else Fate.UNEXPLAINED
    return Fate.PASSED if judgement.outcome is ReadingOutcome.PASS else Fate.REVIEWED


def _explains(rejections: tuple[Rejection, ...]) -> bool:
    """Retryable, and the words name what is wrong with the picture."""
    return all(one.retryable for one in rejections) and any(
        cause in one.reason.lower() for one in rejections for cause in CAUSES
    )
