"""Boxes on pictures: where each rule's value was read, as outlines over the picture and links to the rule."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.documents.document import Document
from ostiary.domain.documents.places import Quadrilateral
from ostiary.domain.documents.reading import Result
from ostiary.domain.verification.places import places_of


@dataclass(frozen=True, slots=True)
class RuleBox:
    """One rule on one picture. `key` is what the rule's row and the box find each other by; `outlines` are SVG's points
    in a square of 10,000, of one piece each."""

    key: str
    rule: str
    result: Result
    outlines: tuple[str, ...]


def box_key(number: int, rule: str) -> str:
    """Of a rule of the document that is the page's `number`th."""
    return f"{number}-{rule}"


def boxes_of(document: Document, number: int, side: str, page: int) -> tuple[RuleBox, ...]:
    """What was read on this page of this side; nothing where it was read elsewhere. What differs comes last, so that it
    lies on top."""
    reading, judgement = document.reading, document.judgement
    if reading is None or judgement is None or (reading.side, reading.page) != (side, page):
        return ()
    boxes = [
        RuleBox(box_key(number, each.rule), each.rule, each.result, tuple(map(_points, places)))
        for each in judgement.compared
        if (places := places_of(reading, each.rule))
    ]
    return tuple(sorted(boxes, key=lambda box: _ON_TOP.index(box.result)))


_ON_TOP = (Result.AGREES, Result.NOT_COMPARED, Result.DOUBTFUL, Result.DIFFERS)


def _points(place: Quadrilateral) -> str:
    return " ".join(f"{across},{down}" for across, down in zip(place[::2], place[1::2], strict=True))
