"""Judging what was read of a document against what the company said: pass, return to the client, or review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ostiary.domain.catalogue import DocumentType
from ostiary.domain.clients import Profile
from ostiary.domain.documents import Document
from ostiary.domain.readings import Judgement, Reading


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one judgement looks at. `similarity` of two texts is 0 to 1, 1 for equal ones (an edit distance)."""

    kind: DocumentType
    document: Document
    reading: Reading
    profile: Profile
    today: date
    similarity: Callable[[str, str], float]
    number_taken: bool = False  # the number as read serves another client of the company
    look_alike: bool = False  # the picture resembles one of another client


def judge_reading(case: Case) -> Judgement:
    """What to do with a document that was read."""
    raise NotImplementedError
