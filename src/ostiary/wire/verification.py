"""What reading a document led to."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ostiary.domain.chip.judging import Proof
from ostiary.domain.documents.chip_kept import ChipEvidence
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result
from ostiary.languages.speech import IN_ENGLISH, Speech
from ostiary.wire.answer import A_DAY, Answer, about


class ComparedRuleAnswer(Answer, kw_only=True, frozen=True):
    """One rule: what was given, what was read and where."""

    rule: str
    result: Result
    given: str | None = None
    read: str | None = None
    where: str | None = None
    note: str | None = None


class ChipSignerAnswer(Answer, kw_only=True, frozen=True):
    """Who signed a chip's data."""

    subject: str
    issuer: str
    serial: Annotated[str, about("In decimal figures.")]
    sha256: Annotated[str, about("Of its certificate.")]
    valid_from: Annotated[str, A_DAY]
    valid_until: Annotated[str, A_DAY]


class ChipAnchorAnswer(Answer, kw_only=True, frozen=True):
    """A country's certificate that vouches for the signer."""

    sha256: str
    country: Annotated[str, about("Two letters, as in the certificate.")]
    lists: Annotated[list[str], about("The lists that name it; `operator`: the operator of this service does.")]


class ChipEvidenceAnswer(Answer, kw_only=True, frozen=True):
    """What a document's chip proves: that its data was signed, never that who sends it is its holder."""

    proof: Annotated[Proof, about("`issuer_signed`: the issuing state signed what the chip says.")]
    trust: Annotated[str | None, about("The version of the trust store. Absent: there was none.")] = None
    signer: ChipSignerAnswer | None = None
    anchors: list[ChipAnchorAnswer]
    groups: Annotated[dict[str, str], about("Of each file, whether it fits: `fits`; `fits, dropped`.")]
    revocation: Annotated[str | None, about("`no_list`: none of that country is in the trust store.")] = None


class JudgedReadingAnswer(Answer, kw_only=True, frozen=True):
    """What was read on a document, compared rule by rule with what is known."""

    outcome: ReadingOutcome
    reasons: tuple[str, ...]
    rules: list[ComparedRuleAnswer]
    chip: Annotated[ChipEvidenceAnswer | None, about("What its chip proves. Absent: none came.")] = None


def judged_document(document: Document, speech: Speech = IN_ENGLISH) -> JudgedReadingAnswer | None:
    """What reading it led to; None for a document that was not judged."""
    judgement, evidence = document.judgement, document.chip_evidence
    if judgement is None:
        return None
    chip = None if evidence is None else chip_answer(evidence)
    return msgspec.structs.replace(judgement_answer(judgement, speech), chip=chip)


def chip_answer(evidence: ChipEvidence) -> ChipEvidenceAnswer:
    """Whatever is known; what is not is absent."""
    signer = evidence.signer
    return ChipEvidenceAnswer(
        proof=Proof(evidence.proof),
        trust=evidence.trust or None,
        signer=None
        if signer is None
        else ChipSignerAnswer(
            subject=signer.subject,
            issuer=signer.issuer,
            serial=signer.serial,
            sha256=signer.sha256,
            valid_from=signer.valid_from,
            valid_until=signer.valid_until,
        ),
        anchors=[
            ChipAnchorAnswer(sha256=each.sha256, country=each.country, lists=list(each.sources))
            for each in evidence.anchors
        ],
        groups=dict(evidence.groups),
        revocation=evidence.revocation or None,
    )


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
