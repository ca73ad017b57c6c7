"""A chip's rules among a document's: what of them goes back to the client, what is for a person, and what is harmless.

Nothing proven is not something wrong: where nobody vouches for a chip, its document is judged by its pictures as if no
chip had come; what speaks against a chip keeps every machine from passing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ostiary.domain.chip.holder import CHIP_PLACE
from ostiary.domain.chip.judging import ChipJudgement, Proof
from ostiary.domain.chip.rules import ChipDoubt, ChipFinding
from ostiary.domain.documents.document import plain_number
from ostiary.domain.documents.reading import Reading, Result, RuleEvidence
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.rejections import Code
from ostiary.domain.sentences import N_
from ostiary.domain.verification.case import Case, ChipSeen, RuleFinding, agrees, differs, doubtful
from ostiary.domain.verification.document_rules import CERTAINTY_LEAST

REASONS: Mapping[ChipDoubt, ReviewReason] = {
    ChipDoubt.DATA_MISSING: ReviewReason.CHIP_SIGNATURE_INVALID,
    ChipDoubt.DATA_INVALID: ReviewReason.CHIP_SIGNATURE_INVALID,
    ChipDoubt.SIGNER_UNKNOWN: ReviewReason.CHIP_SIGNER_UNKNOWN,
    ChipDoubt.SIGNER_WRONG: ReviewReason.CHIP_SIGNER_WRONG,
    ChipDoubt.SIGNER_EXPIRED: ReviewReason.CHIP_SIGNER_EXPIRED,
    ChipDoubt.SIGNER_REVOKED: ReviewReason.CHIP_SIGNER_REVOKED,
    ChipDoubt.WEAK: ReviewReason.CHIP_WEAK,
    ChipDoubt.COPIED: ReviewReason.CHIP_COPIED,
    ChipDoubt.PRESENCE_UNKNOWN: ReviewReason.CHIP_PRESENCE_UNKNOWN,
    ChipDoubt.FORMAT_UNEXPECTED: ReviewReason.FORMAT_UNEXPECTED,
    ChipDoubt.TRUST_UNAVAILABLE: ReviewReason.TRUST_UNAVAILABLE,
}
PROVES_NOTHING = frozenset({
    ReviewReason.CHIP_SIGNER_UNKNOWN, ReviewReason.CHIP_WEAK, ReviewReason.CHIP_PRESENCE_UNKNOWN,
    ReviewReason.TRUST_UNAVAILABLE,
})  # fmt: skip
"""Reasons that say no more than that a chip proves nothing: beside pictures that agree they keep nobody out."""
_TO_MEND: Mapping[ChipDoubt, Code] = {
    ChipDoubt.DATA_MISSING: Code.CHIP_DATA_MISSING,
    ChipDoubt.DATA_INVALID: Code.CHIP_DATA_INVALID,
}
FIRST_ATTEMPT = 1
"""A chip that was read badly is read again, once: what fits no better then is for a person."""


def is_proven(judgement: ChipJudgement) -> bool:
    """Whether a state signed what the chip says."""
    return judgement.proof is Proof.ISSUER_SIGNED


def reading_that_counts(pictures: Reading, chip: ChipSeen, *, has_pictures: bool) -> Reading:
    """What a document is compared by: its chip where that is proven, or where there is nothing else; else what was read
    on its pictures."""
    if chip.zone is None or (has_pictures and not is_proven(chip.judgement)):
        return pictures
    return Reading(
        zone=chip.zone, side=CHIP_PLACE, certainty=1.0, likeness=pictures.likeness, ms=pictures.ms, page=pictures.page
    )


def chip_findings(case: Case, chip: ChipSeen) -> Iterator[RuleFinding]:
    """Each of the chip's rules, and whether the pictures are of the same document."""
    for finding in chip.judgement.findings:
        yield _finding(case, finding)
    if chip.zone is not None:
        yield chip_picture(case, chip.zone)


def _finding(case: Case, finding: ChipFinding) -> RuleFinding:
    if finding.doubt is None:
        return RuleFinding(finding.compared)
    reason, code = REASONS[finding.doubt], _TO_MEND.get(finding.doubt)
    if code is None:
        return RuleFinding(finding.compared, reason)
    if case.attempt > FIRST_ATTEMPT:
        return doubtful(finding.compared, reason, finding.compared.note)
    return RuleFinding(finding.compared, reason, case.refusal(code, "chip"))


def chip_picture(case: Case, zone: Zone) -> RuleFinding:
    """What is printed is what the chip says; without lines on the pictures there is nothing to compare."""
    reading = case.printed or case.reading
    printed = reading.zone
    if printed is None or reading.side == CHIP_PLACE:
        return RuleFinding(RuleEvidence("chip_picture", Result.NOT_COMPARED, read=zone.number, where=CHIP_PLACE))
    where = ", ".join(filter(None, (reading.side, printed.places.get("number", ""))))
    compared = RuleEvidence("chip_picture", Result.NOT_COMPARED, given=zone.number, read=printed.number, where=where)
    if printed.lines == zone.lines:
        return agrees(compared)
    if plain_number(printed.number) == plain_number(zone.number):
        return doubtful(compared, ReviewReason.CHIP_MISMATCH, N_("the number is the same, and other symbols differ"))
    if not printed.digits_valid or reading.certainty < CERTAINTY_LEAST:
        return doubtful(compared, ReviewReason.CHIP_MISMATCH, N_("the picture could not be read reliably"))
    return differs(compared, ReviewReason.CHIP_MISMATCH, case.refusal(Code.CHIP_MISMATCH, reading.side))
