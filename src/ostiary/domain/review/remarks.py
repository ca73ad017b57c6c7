"""Operators' notes on decisions: never shown to a company or a client."""

from __future__ import annotations

from dataclasses import field

from ostiary.domain.catalogue.field_rules import lines_fault, text_fault
from ostiary.domain.errors import value_refused
from ostiary.domain.sentences import joined
from ostiary.domain.value import value_type

NOTE_CHARACTERS = 4_000
"""A page of reasons; longer papers belong into a file of the case, which a note can name."""


@value_type
class Remark:
    """A note. `subject` is what the decision was about beside the request: a hit's key, a document's id."""

    id: str
    at_ms: int
    enablement_id: str
    action: str
    actor: str
    text: str = field(repr=False)
    subject: str = ""


def demand_text(name: str, text: str, characters: int) -> None:
    """Raises ValidationFailed for a text that is blank, too long, or more than a line."""
    problem = text_fault(text, characters)
    if problem is not None:
        raise value_refused(name, joined((name, problem)))


def demand_note(text: str, name: str = "note") -> None:
    """The same for what only operators read, which may have lines."""
    problem = lines_fault(text, NOTE_CHARACTERS)
    if problem is not None:
        raise value_refused(name, joined((name, problem)))
