"""What all rules together prove of a chip: that a state signed its data, or not.

It never proves that the chip is in its sender's hand, since files can be copied, nor that its sender is the holder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ostiary.domain.chip.reading import ChipTrouble
from ostiary.domain.chip.rules import RULES, ChipCase, ChipDoubt, ChipFinding
from ostiary.domain.documents.reading import Result, RuleEvidence

MUST_AGREE = frozenset({"chip_groups", "chip_signature", "chip_signer", "chip_country", "chip_time"})
"""Without each of these nothing is proven; of the others it is enough that none doubts."""


class Proof(StrEnum):
    """How far the proof goes. `issuer_signed`: the issuing state signed what the chip says."""

    NOT_PROVEN = "not_proven"
    ISSUER_SIGNED = "issuer_signed"


@dataclass(frozen=True, slots=True)
class ChipJudgement:
    """How every rule came out, what speaks against the chip (each doubt once), and what is proven."""

    proof: Proof
    findings: tuple[ChipFinding, ...]

    @property
    def compared(self) -> tuple[RuleEvidence, ...]:
        return tuple(finding.compared for finding in self.findings)

    @property
    def doubts(self) -> tuple[ChipDoubt, ...]:
        return tuple(dict.fromkeys(finding.doubt for finding in self.findings if finding.doubt is not None))


def judge_chip(case: ChipCase) -> ChipJudgement:
    """The rules over one chip. A chip of which nothing could be read has one finding: what is wrong with its files."""
    if case.reading.trouble is not None:
        findings: tuple[ChipFinding, ...] = (_trouble(case.reading.trouble, case.reading.note),)
    else:
        findings = tuple(rule(case) for rule in RULES)
    agreed = {each.compared.rule for each in findings if each.compared.result is Result.AGREES}
    proven = not any(each.doubt for each in findings) and agreed >= MUST_AGREE
    return ChipJudgement(Proof.ISSUER_SIGNED if proven else Proof.NOT_PROVEN, findings)


def _trouble(trouble: ChipTrouble, note: str) -> ChipFinding:
    """What its sender can mend differs; what is unknown here is for a person."""
    doubt, result = _DOUBTS.get(trouble, (ChipDoubt.DATA_INVALID, Result.DIFFERS))
    return ChipFinding(RuleEvidence("chip_groups", result, note=note or str(trouble)), doubt)


_DOUBTS: Mapping[ChipTrouble, tuple[ChipDoubt, Result]] = {
    ChipTrouble.MISSING: (ChipDoubt.DATA_MISSING, Result.DIFFERS),
    ChipTrouble.UNSUPPORTED: (ChipDoubt.SIGNER_UNKNOWN, Result.DOUBTFUL),
}
