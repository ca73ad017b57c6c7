"""What reading a document led to."""

from __future__ import annotations

from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result
from ostiary.languages.speech import IN_ENGLISH, Speech
from ostiary.wire.answer import Answer


class ComparedRuleAnswer(Answer, kw_only=True, frozen=True):
    """One rule: what was given, what was read and where."""

    rule: str
    result: Result
    given: str | None = None
    read: str | None = None
    where: str | None = None
    note: str | None = None


class JudgedReadingAnswer(Answer, kw_only=True, frozen=True):
    """What was read on a document, compared rule by rule with what is known."""

    outcome: ReadingOutcome
    reasons: tuple[str, ...]
    rules: list[ComparedRuleAnswer]


def judgement_answer(judgement: Judgement, speech: Speech = IN_ENGLISH) -> JudgedReadingAnswer:
    """Each rule with what it compared, where that was read, and what is said of it."""
    rules = [
        ComparedRuleAnswer(
            rule=compared.rule,
            result=compared.result,
            given=compared.given,
            read=compared.read,
            where=compared.where or None,
            note=speech.text(compared.note) or None,
        )
        for compared in judgement.compared
    ]
    return JudgedReadingAnswer(outcome=judgement.outcome, reasons=judgement.reasons, rules=rules)
