"""How far a request is: whose turn it is, and why something is asked for or not."""

from __future__ import annotations

from typing import Annotated

from ostiary.domain.onboarding.next_action import NextAction, Owner
from ostiary.domain.onboarding.requirements import Explained
from ostiary.domain.times import format_timestamp
from ostiary.languages.speech import IN_ENGLISH, Speech
from ostiary.wire.answer import Answer, Exactly, Timestamp, about
from ostiary.wire.verification import JudgedReadingAnswer, judgement_answer

UNDECIDED = "undecided"


class NextActionAnswer(Answer, kw_only=True, frozen=True):
    """Whose turn it is."""

    owner: Owner
    action: str
    description: str
    missing: tuple[str, ...] | None = None


class ExplainedRequirementAnswer(Answer, kw_only=True, frozen=True):
    """Why a requirement is asked for or not, and what meets it."""

    requirement: str
    applies: Annotated[bool | str, Exactly({"oneOf": [{"type": "boolean"}, {"type": "string", "enum": [UNDECIDED]}]})]
    condition: Annotated[str | None, about("The CEL expression that decides.")] = None
    satisfied_by: Annotated[str | None, about("`client`, or the document's type and id.")] = None
    since: Timestamp | None = None
    missing: tuple[str, ...] | None = None
    judged: Annotated[JudgedReadingAnswer | None, about("What reading the document led to, once it was read.")] = None


def action_answer(action: NextAction, speech: Speech = IN_ENGLISH) -> NextActionAnswer:
    """Who does what next."""
    return NextActionAnswer(
        owner=action.owner,
        action=action.action,
        description=speech.text(action.description),
        missing=action.missing or None,
    )


def explained_answer(line: Explained) -> ExplainedRequirementAnswer:
    """One requirement of a product."""
    return ExplainedRequirementAnswer(
        requirement=line.requirement,
        applies=UNDECIDED if line.applies is None else line.applies,
        condition=line.condition,
        satisfied_by=line.satisfied_by,
        since=None if line.satisfied_by is None or line.since_ms is None else format_timestamp(line.since_ms),
        missing=line.missing or None,
        judged=None if line.judgement is None else judgement_answer(line.judgement),
    )
