"""The built-in provider's own look at a submission: read its documents, judge them, decide what the policy allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import DocumentType, Policy
from ostiary.domain.chip.judging import Proof
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.reading import Judgement, ReadingOutcome
from ostiary.domain.lifecycle.risk import with_hits
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.renewals.changes import KeepDeadline
from ostiary.domain.renewals.deadlines import DeadlineState
from ostiary.domain.review.routing import Advice, Fact, Source, advice_of, facts_of_reading
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.screening.hits import zones_of
from ostiary.domain.seals.two_d_doc import SEAL_FORM
from ostiary.domain.unit import (
    AddHit,
    AddLikeness,
    Change,
    ChangeEnablement,
    ClaimNumber,
    ContestNumber,
    KeepReading,
    KeepScreening,
    MessageResult,
    Unit,
)
from ostiary.domain.value import replace as replace_in
from ostiary.domain.verification.identity import with_read
from ostiary.domain.verification.judgement import combined, limited
from ostiary.domain.verification.picture_similarity import bands
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import state_of
from ostiary.usecases.lifecycle.circumstances import redated
from ostiary.usecases.lifecycle.renewal_verdicts import as_kept, round_of
from ostiary.usecases.review.apply_verdict import Advised, follow, remembering
from ostiary.usecases.review.standing import standing_facts
from ostiary.usecases.sandbox.simulate_verdict import played
from ostiary.usecases.screening.screen_client import screen_as_read
from ostiary.usecases.transaction import Outcome
from ostiary.usecases.verification.judge_documents import DocumentJudge, Judged, ReadingCache

PROVIDER = "provider:builtin"
PROVEN = Proof.ISSUER_SIGNED.value


async def decide_submission(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    settled: MessageResult,
    desk: ReadingCache,
) -> Outcome[Enablement]:
    """Reads, judges, screens under the names as read, and decides.

    Raises Unavailable when the reader or the pictures are away, ScreeningUnavailable when a list is.
    """
    product = dossier.product_of(enablement, context.catalogues.by_version())
    evidence = [document for _, document in state_of(context, caller.company, dossier, enablement).assessment.evidence]
    kinds = {document_type.id: document_type for document_type in product.document_types()}
    attempt = round_of(dossier, enablement)
    judge = DocumentJudge(context=context, company=caller.company, dossier=dossier, attempt=attempt, desk=desk)
    judged = [await judge.judged(kinds[document.type], document) for document in evidence]
    facts = await _facts(context, caller, dossier, enablement, judged, desk)
    judgement = combined([verdict.document.judgement for verdict in judged])
    facts |= facts_of_reading(judgement, is_changed=Fact.IDENTITY_CHANGED in facts) | proof_of(kinds, judged)
    before, now = dossier.client, context.now_ms()
    dossier = replace_in(dossier, client=with_read(before, [verdict.document for verdict in judged], now))
    judgement = limited(judgement, attempt)
    advised = Advised(
        source=Source.READING,
        advice=advice_of(judgement.outcome),
        policy=product.policy,
        verdict=_verdict(judgement),
        facts=facts,
        reasons=judgement.reasons,
    )
    decided = remembering(follow(context, caller, dossier, enablement, advised, settled), before)
    is_back = decided.answer.status is Status.PENDING_DOCUMENTATION or _is_renewal_back(decided.unit, enablement)
    unit = _with_readings(decided.unit, judged, [] if is_back else judged)
    if unit is not None and desk.screened is not None:
        unit = unit.plus(*map(AddHit, desk.screened.hits), KeepScreening(desk.screened.done))
        moved = as_kept(dossier, unit).with_requests(change.enablement for change in unit.of(ChangeEnablement))
        listed = with_hits(moved, desk.screened.hits)  # the class may be another by them
        unit = unit.plus(*redated(context, caller.company, listed))
    return Outcome(decided.answer, unit)


async def decide_played(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    settled: MessageResult,
    verdict: Verdict | None,
) -> Outcome[Enablement]:
    """In a sandbox a scenario decides (`verdict`; None: it leaves it to a person). Chips are verified as anywhere, so
    that specimens can be tried: what speaks against one is followed in the scenario's place.
    """
    evidence = [document for _, document in state_of(context, caller.company, dossier, enablement).assessment.evidence]
    chipped = [document for document in evidence if document.chip is not None]
    if not chipped:
        return follow(context, caller, dossier, enablement, played(verdict), settled)
    product = dossier.product_of(enablement, context.catalogues.by_version())
    kinds, attempt = {kind.id: kind for kind in product.document_types()}, round_of(dossier, enablement)
    judge = DocumentJudge(
        context=context,
        company=caller.company,
        dossier=dossier,
        attempt=attempt,
        desk=ReadingCache(),
        reads_pictures=False,
    )
    judged = [await judge.judged(kinds[document.type], document) for document in chipped]
    others = [Judged(document) for document in evidence if document.chip is None]
    judgement = limited(combined([each.document.judgement for each in judged]), attempt)
    facts = proof_of(kinds, [*judged, *others])
    advised, advice = played(verdict), advice_of(judgement.outcome)
    if advice is not Advice.PASS or (product.policy is Policy.PROVEN and Fact.ISSUER_SIGNED not in facts):
        advised = Advised(
            source=Source.READING,
            advice=advice,
            policy=product.policy,
            verdict=_verdict(judgement),
            facts=facts,
            reasons=judgement.reasons,
        )
    decided = follow(context, caller, dossier, enablement, advised, settled)
    is_back = decided.answer.status is Status.PENDING_DOCUMENTATION or _is_renewal_back(decided.unit, enablement)
    return Outcome(decided.answer, _with_readings(decided.unit, judged, [] if is_back else judged))


def _is_renewal_back(unit: Unit | None, enablement: Enablement) -> bool:
    """Whether the renewal of an enabled request is sent back."""
    changes = () if unit is None else unit.of(KeepDeadline)
    due = (change.deadline for change in changes)
    return any(each.enablement_id == enablement.id and each.state is DeadlineState.OPEN for each in due)


async def _facts(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    judged: Sequence[Judged],
    desk: ReadingCache,
) -> frozenset[Fact]:
    """What is known beside the documents, of lists under the names typed and those just read."""
    read = {verdict.document.id: verdict.document for verdict in judged}
    zones = zones_of(read.get(document.id, document) for document in dossier.documents)
    desk.screened = desk.screened or await screen_as_read(context, dossier.client, zones)
    facts = await standing_facts(context, caller, dossier, enablement, zones)
    return facts | {Fact.LISTED} if desk.screened is not None and desk.screened.hits else facts


def _verdict(judgement: Judgement) -> Verdict | None:
    """What is done when the documents alone may decide."""
    match judgement.outcome:
        case ReadingOutcome.PASS:
            return Verdict(Decision.APPROVE)
        case ReadingOutcome.RETURN:
            return Verdict(Decision.RETURN, "", judgement.rejections)
        case _:
            return None


def proof_of(kinds: Mapping[str, DocumentType], judged: Sequence[Judged]) -> frozenset[Fact]:
    """Whether chips prove every document that can have one, and there is such a document."""
    chipped = [each.document for each in judged if kinds[each.document.type].chip.is_taken]
    proven = all(each.chip_evidence is not None and each.chip_evidence.proof == PROVEN for each in chipped)
    return frozenset({Fact.ISSUER_SIGNED}) if chipped and proven else frozenset()


def _with_readings(unit: Unit | None, judged: Sequence[Judged], held: Sequence[Judged]) -> Unit | None:
    """The unit with what was read; a number as read is held from other clients unless its document goes back."""
    looked_at = [each for each in judged if each.document.reading is not None]
    read = tuple(each.document for each in looked_at)
    if unit is None or not read:
        return unit
    changes: tuple[Change, ...] = (
        *map(KeepReading, read),
        *(ClaimNumber(each.number, each.document.id) for each in held if each.number is not None),
        *(ContestNumber(each.contested, each.document.id) for each in judged if each.contested is not None),
        *(AddLikeness(band, document.id) for document in read for band in _bands(document)),
    )
    return replace_in(unit.plus(*changes), notes=(*map(_note, looked_at), *unit.notes))


def _bands(document: Document) -> Iterator[bytes]:
    for _, likeness in document.reading.likeness if document.reading else ():
        yield from bands(likeness)


def _note(judged: Judged) -> Note:
    """That a document was read, as what, to which outcome, and against which trust store: never what stood on it."""
    document = judged.document
    reading, judgement = document.reading, document.judgement
    words = reading.zone.format if reading and reading.zone else (reading and reading.trouble) or ""
    words = SEAL_FORM if reading and reading.seal else words
    codes = (str(words), *((judgement.outcome.value, *judgement.reasons) if judgement else ()))
    if judged.trust:
        codes = (*codes, f"trust_{judged.trust}")
    return Note("document_read", PROVIDER, document.id, codes)
