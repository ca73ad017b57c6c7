"""Judging what was read of a document against what the company said: pass, return to the client, or review.

Every rule is asked, whatever the others found. What the client can clearly mend goes back to him; what is clear and
agrees passes; everything else is for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result, RuleEvidence, Trouble
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.onboarding.review_reasons import REVIEW_REASONS, ReviewReason
from ostiary.domain.rejections import Code, Rejection
from ostiary.domain.sentences import sentence
from ostiary.domain.verification import document_rules, holder_rules
from ostiary.domain.verification.case import Case, RuleFinding, doubtful
from ostiary.domain.verification.chip_findings import PROVES_NOTHING, chip_findings, is_proven
from ostiary.domain.verification.picture_causes import picture_causes, possible_cause

__all__ = [
    "HARMLESS", "MOST_AUTOMATIC_RETURNS", "REVIEW_REASONS", "RULES", "Case", "ReviewReason", "combined",
    "judge_reading", "limited",
]  # fmt: skip

MOST_AUTOMATIC_RETURNS = 2
"""A slip and its correction. Who fails again needs a person, not a third message of the same kind."""

RULES: tuple[Callable[[Case, Zone], RuleFinding], ...] = (
    document_rules.form,
    document_rules.digits,
    document_rules.certainty,
    document_rules.number,
    document_rules.issuing_country,
    holder_rules.expiration_date,
    holder_rules.birth_date,
    holder_rules.last_name,
    holder_rules.first_name,
    document_rules.other_clients,
)
HARMLESS = frozenset({"digits"})
"""Rules that may not apply: a form without check digits."""

_TROUBLES: dict[Trouble, ReviewReason] = {
    Trouble.NOT_FOUND: ReviewReason.LINES_NOT_FOUND,
    Trouble.NOT_READABLE: ReviewReason.PICTURE_NOT_READABLE,
    Trouble.TIMED_OUT: ReviewReason.READER_TIMED_OUT,
    Trouble.FAILED: ReviewReason.READER_FAILED,
    Trouble.UNAVAILABLE: ReviewReason.READER_UNAVAILABLE,
}


def judge_reading(case: Case, *, are_pictures_read: bool = True) -> Judgement:
    """What to do with a document that was read, or of which a chip came. Where pictures are not read, as in a sandbox,
    a chip that proves nothing leaves them to whoever decides instead."""
    if not case.kind.machine_readable:
        return _NO_MACHINE_READS_IT
    if case.chip is None:
        return _judged(_read_findings(case))
    has_pictures, proven = bool(case.document.sides), is_proven(case.chip.judgement)
    is_read = case.reading.zone is not None or (has_pictures and are_pictures_read)
    read = _judged(_read_findings(case) if is_read else ())
    return _with_chip(read, tuple(chip_findings(case, case.chip)), is_enough=has_pictures or proven)


def _with_chip(read: Judgement, findings: tuple[RuleFinding, ...], *, is_enough: bool) -> Judgement:
    """A judgement with a chip's findings. `is_enough`: there is something to go by, whatever the chip proves."""
    reasons = tuple(dict.fromkeys(finding.reason for finding in findings if finding.reason is not None))
    rejections = tuple(dict.fromkeys(finding.rejection for finding in findings if finding.rejection is not None))
    outcome = read.outcome
    if rejections:
        outcome = ReadingOutcome.RETURN
    elif outcome is ReadingOutcome.PASS and not (is_enough and PROVES_NOTHING.issuperset(reasons)):
        outcome = ReadingOutcome.REVIEW
    return Judgement(
        outcome,
        (*(finding.compared for finding in findings), *read.compared),
        (*rejections, *read.rejections),
        tuple(dict.fromkeys((*(reason.value for reason in reasons), *read.reasons))),
    )


def _read_findings(case: Case) -> tuple[RuleFinding, ...]:
    zone = case.reading.zone
    if zone is None:
        return _unread(case), document_rules.look_alike(case)
    findings = (*(rule(case, zone) for rule in RULES), document_rules.look_alike(case))
    if not zone.digits_valid or not document_rules.is_sure(case):
        return tuple(finding.doubted() for finding in findings)  # what is misread proves nothing against the client
    return findings


def combined(judgements: Sequence[Judgement | None]) -> Judgement:
    """One judgement of all documents of a submission; None stands for one that no machine reads.

    One that goes back takes all with it, so that the client mends everything at once; a pass needs every one to pass.
    """
    every = tuple(_NO_MACHINE_READS_IT if judgement is None else judgement for judgement in judgements) or (
        _NO_DOCUMENT,
    )
    outcomes = {judgement.outcome for judgement in every}
    outcome = next(
        outcome
        for outcome in (ReadingOutcome.RETURN, ReadingOutcome.REVIEW, ReadingOutcome.PASS)
        if outcome in outcomes
    )
    return Judgement(
        outcome,
        tuple(compared for judgement in every for compared in judgement.compared),
        tuple(dict.fromkeys(rejection for judgement in every for rejection in judgement.rejections)),
        tuple(dict.fromkeys(reason for judgement in every for reason in judgement.reasons)),
    )


def limited(judgement: Judgement, attempt: int) -> Judgement:
    """What becomes of a judgement at the client's `attempt` (from 1): he is not sent back for ever."""
    if judgement.outcome is not ReadingOutcome.RETURN or attempt <= MOST_AUTOMATIC_RETURNS:
        return judgement
    reasons = (ReviewReason.RETURNED_BEFORE.value, *judgement.reasons)
    return replace(judgement, outcome=ReadingOutcome.REVIEW, rejections=(), reasons=tuple(dict.fromkeys(reasons)))


def _unread(case: Case) -> RuleFinding:
    """Nothing was read: whose fault that is."""
    trouble = case.reading.trouble or Trouble.FAILED
    reason = _TROUBLES[trouble]
    compared = RuleEvidence("machine_readable", Result.NOT_COMPARED, where=case.reading.side)
    return doubtful(compared, reason, REVIEW_REASONS[reason], _not_found(case, trouble))


def _not_found(case: Case, trouble: Trouble) -> Rejection | None:
    """Sends the client for a better picture, if there must be lines, or the picture is too bad to tell."""
    causes = picture_causes(case)
    if trouble is not Trouble.NOT_FOUND or not (causes or case.kind.always_machine_readable):
        return None
    reason = ""
    if causes:
        reason = sentence(
            "The machine-readable lines of the document could not be found; the picture is %(causes)s.", causes=causes
        )
    elif possible := possible_cause(case):
        reason = sentence("The machine-readable lines of the document could not be found; %(cause)s.", cause=possible)
    return case.refusal(Code.MRZ_NOT_FOUND, case.side, reason=reason)


def _judged(findings: Iterable[RuleFinding]) -> Judgement:
    """The outcome of all findings. `reasons` stay with a return too, for the policy or the attempt that shows it to a
    person instead."""
    every = tuple(findings)
    compared = tuple(finding.compared for finding in every)
    reasons = tuple(dict.fromkeys(finding.reason.value for finding in every if finding.reason))
    rejections = tuple(finding.rejection for finding in every if finding.rejection)
    if rejections:
        return Judgement(ReadingOutcome.RETURN, compared, rejections, reasons)
    return Judgement(
        ReadingOutcome.PASS if all(map(_is_good, compared)) else ReadingOutcome.REVIEW, compared, (), reasons
    )


def _is_good(evidence: RuleEvidence) -> bool:
    return evidence.result is Result.AGREES or (evidence.result is Result.NOT_COMPARED and evidence.rule in HARMLESS)


def _review(reason: ReviewReason) -> Judgement:
    return Judgement(ReadingOutcome.REVIEW, reasons=(reason.value,))


_NO_MACHINE_READS_IT = _review(ReviewReason.NOT_MACHINE_READABLE)
_NO_DOCUMENT = _review(ReviewReason.NO_DOCUMENT)
