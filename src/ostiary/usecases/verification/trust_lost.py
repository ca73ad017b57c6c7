"""What was believed and is no longer: enabled clients whose document's signer was revoked, or its voucher removed.

A chip or a seal that proved something when it was judged is asked about again when the trust store changes. What it
proved then stays in the trail; the document says from now on that it is not proven, so that a person is asked once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.chip.judging import Proof
from ostiary.domain.chip.reading import RevocationState
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.chip_kept import ChipEvidence
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.documents.reading import Judgement, ReadingOutcome
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status, under_review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.routing import Advice, Source, route
from ostiary.domain.seals.reading import SealCheck
from ostiary.domain.seals.two_d_doc import parse_seal
from ostiary.domain.unit import ChangeEnablement, KeepReading, Unit
from ostiary.domain.value import replace as replace_in
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.transaction import Outcome, execute

ACTOR = "provider:builtin"
_WHY = (ReviewReason.TRUST_LOST.value,)


class TrustAnswer(StrEnum):
    """What came of looking at a client. `untouched` also where nothing of it rests on anybody's signature."""

    UNTOUCHED = "untouched"
    LOST = "lost"


async def review_trust(context: Context, caller: Caller, client_id: str) -> TrustAnswer:
    """Puts the enabled requests of a client before a person if a document of it is no longer believed.

    Raises NotFound, and Refused or OSError when the trust store cannot be read.
    """
    if not await _lost(context, await load_dossier(context, caller, client_id)):
        return TrustAnswer.UNTOUCHED

    async def decide() -> Outcome[TrustAnswer]:
        dossier = await load_dossier(context, caller, client_id)
        lost = await _lost(context, dossier)
        return Outcome(TrustAnswer.LOST, _unit(context, caller, dossier, lost)) if lost else _UNTOUCHED

    return await execute(context, caller, decide)


_UNTOUCHED = Outcome(TrustAnswer.UNTOUCHED)


async def _lost(context: Context, dossier: Dossier) -> list[Document]:
    """The documents that count and are no longer believed, as they are from now on."""
    counting = [each for each in dossier.documents if each.status is DocumentStatus.ACCEPTED]
    after = [await _as_believed(context, document) for document in counting]
    return [now for now, before in zip(after, counting, strict=True) if now is not before]


async def _as_believed(context: Context, document: Document) -> Document:
    """The very document, unless something that it proved is proven no longer."""
    evidence, judgement = document.chip_evidence, document.judgement
    if evidence is not None and evidence.proof == Proof.ISSUER_SIGNED and await _is_doubted(context, evidence):
        return replace_in(document, chip_evidence=replace_in(evidence, proof=str(Proof.NOT_PROVEN)))
    if judgement is None or judgement.outcome is not ReadingOutcome.PASS or document.reading is None:
        return document
    if document.reading.seal and not _counts(await context.seals.check(parse_seal(document.reading.seal))):
        return replace_in(document, judgement=_doubted(judgement))
    return document


async def _is_doubted(context: Context, evidence: ChipEvidence) -> bool:
    anchors = [anchor.sha256 for anchor in evidence.anchors]
    serial = "" if evidence.signer is None else evidence.signer.serial
    return await context.trust.doubt_of(serial, anchors) is not None


def _counts(check: SealCheck) -> bool:
    return check.signer is not None and check.revocation is not RevocationState.LISTED


def _doubted(judgement: Judgement) -> Judgement:
    return replace(judgement, outcome=ReadingOutcome.REVIEW, reasons=(*judgement.reasons, *_WHY))


def _unit(context: Context, caller: Caller, dossier: Dossier, lost: Sequence[Document]) -> Unit:
    now = context.now_ms()
    asked = [_asked(each, now) for each in dossier.enablements if each.status is Status.ENABLED]
    return Unit(
        caller.company.id,
        now,
        dossier.client,
        changes=(*map(KeepReading, lost), *map(ChangeEnablement, asked)),
        notes=(
            *(Note("trust_lost", ACTOR, each.id, (each.type,)) for each in lost),
            *(Note("review_opened", ACTOR, each.id, _WHY) for each in asked),
        ),
    )


def _asked(enablement: Enablement, now_ms: int) -> Enablement:
    review = route(Source.TRUST, Advice.REVOKE, Policy.MANUAL).review
    assert review is not None  # noqa: S101 (a row of the table that always asks a person)
    return under_review(enablement, review, now_ms, _WHY)
