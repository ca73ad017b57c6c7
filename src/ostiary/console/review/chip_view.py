"""What the chips of a case's documents prove, as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ostiary.domain.chip.judging import Proof
from ostiary.domain.documents.chip_kept import ChipEvidence
from ostiary.domain.documents.document import Document
from ostiary.domain.sentences import N_

PROOFS = {
    Proof.ISSUER_SIGNED: (N_("The issuing state signed what the chip says."), "good"),
    Proof.NOT_PROVEN: (N_("The chip proves nothing."), "warn"),
}
DIGEST_SHOWN = 16
"""Of an anchor's fingerprint: enough to find it in `ostiary trust list`."""


@dataclass(frozen=True, slots=True)
class ChipView:
    """One document's chip."""

    document: str
    words: str
    tone: str
    evidence: ChipEvidence

    @property
    def anchors(self) -> str:
        return "; ".join(
            f"{each.country} {each.sha256[:DIGEST_SHOWN]} ({', '.join(each.sources)})" for each in self.evidence.anchors
        )


def chips_of(documents: Sequence[Document]) -> tuple[ChipView, ...]:
    """Of every document with a chip that was verified."""
    return tuple(
        ChipView(each.type, *PROOFS[Proof(each.chip_evidence.proof)], each.chip_evidence)
        for each in documents
        if each.chip_evidence is not None
    )
