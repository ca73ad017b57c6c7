"""What operators do: see what waits, look at a request, decide it, release a document's number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import Policy, Product
from ostiary.domain.clients.client import Client, ClientStatus, PastProfile
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.documents.document import Document
from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.lifecycle.risk import STANDARD_RISK, AssessedRisk
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Event, Review, Status, transition
from ostiary.domain.rejections import MOST_REASON_CHARACTERS
from ostiary.domain.review.approvals import OVERRIDE, Approval
from ostiary.domain.review.looking import LOOKED, PICTURES_LOOKED, Look
from ostiary.domain.review.remarks import Remark, demand_note, demand_text
from ostiary.domain.review.returns import returned_for
from ostiary.domain.review.routing import Advice, Fact, Lead, Source, doubts, route
from ostiary.domain.review.verdicts import EVENTS, Decision, Verdict
from ostiary.domain.screening.hits import HitState, StoredHit
from ostiary.domain.sentences import joined, sentence, spoken
from ostiary.domain.unit import ReleaseNumber, Unit
from ostiary.domain.value import replace
from ostiary.domain.verification.identity import with_objected
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import ProductState, load_dossier, state_of
from ostiary.usecases.lifecycle.renewal_verdicts import judged_renewal
from ostiary.usecases.lifecycle.risk import risk_of_client
from ostiary.usecases.review.apply_verdict import ON_ENABLED, remembering, verdict_on
from ostiary.usecases.review.claims import demand_unclaimed
from ostiary.usecases.review.looked import demand_look, explained, look_of, remark_on
from ostiary.usecases.transaction import Outcome
from ostiary.usecases.verification.judge_documents import resembling
from ostiary.usecases.verification.numbers import Shared, document_of, numbers_against, numbers_given, shared_numbers

UNDECIDED_HITS = (
    "The client has hits on lists that are not decided in its favour: %(hits)s. Nobody is approved beside one; "
    "`ostiary review show` has the evidence of each."
)
NEEDS_A_NOTE = "Approving against a doubt (%(doubts)s) needs a note that says why: --note TEXT."
KEY_SHOWN = 8
"""Of a hit's key, for people to type: 32 bits among the few hits of one client."""
MOST_ALIKE = 10
"""Other clients named beside a picture: a hint, and somebody reads it."""


@dataclass(frozen=True, slots=True)
class WaitingReview:
    """An enablement that an operator owes a decision, whose it is, and how many hits stand against the client."""

    company: Company
    enablement: Enablement
    hits: int = 0


@dataclass(frozen=True, slots=True)
class RequestPlace:
    """Where a request is: operators know only its id."""

    company_id: str
    client_id: str


@dataclass(frozen=True, slots=True)
class ReviewDetails:
    """What an operator gets to see. `documents` are those that the product takes, refused ones too.

    `past` are earlier profiles, `shared` the numbers that concern other clients, `alike` the other clients with a
    picture like one of these, by document, `approvals` what waits for an approver, `risk` the client's class.
    """

    dossier: Dossier
    product: Product
    state: ProductState
    documents: tuple[Document, ...]
    hits: tuple[StoredHit, ...] = ()
    past: tuple[PastProfile, ...] = ()
    remarks: tuple[Remark, ...] = ()
    shared: tuple[Shared, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    approvals: tuple[Approval, ...] = ()
    risk: AssessedRisk = STANDARD_RISK


@dataclass(frozen=True, slots=True)
class SendBack:
    """What an operator returns a request with. `text` is shown to the company, `note` is not."""

    codes: Sequence[str]
    keys: Sequence[str] = ()
    text: str = ""
    note: str = ""


async def list_reviews(context: Context, company_id: str | None = None) -> list[WaitingReview]:
    """The open reviews of one company or of all: hits on enabled clients first, then the oldest. Raises NotFound."""
    companies = [each for each in await context.storage.companies.every() if company_id in (None, each.id)]
    if company_id is not None and not companies:
        raise NotFound("There is no such company; `ostiary company list` lists them.")
    waiting = [
        WaitingReview(company, each, await _hits_against(context, company.id, each.client_id))
        for company in companies
        for each in await context.storage.enablements.in_review(company.id)
    ]
    return sorted(waiting, key=_urgency)


def _urgency(waiting: WaitingReview) -> tuple[bool, int]:
    enablement = waiting.enablement
    return enablement.review is not Review.SCREENING, enablement.review_since_ms or 0


async def _hits_against(context: Context, company_id: str, client_id: str) -> int:
    client = await context.storage.clients.find(company_id, client_id)
    return 0 if client is None else sum(each.blocks_approval for each in await context.storage.screening.hits(client))


async def find_request(context: Context, enablement_id: str) -> RequestPlace:
    """Whose a request is. Raises NotFound."""
    for company in await context.storage.companies.every():
        client_id = await context.storage.enablements.client_of(company.id, enablement_id)
        if client_id is not None:
            return RequestPlace(company.id, client_id)
    raise NotFound(
        sentence(
            "There is no request %(enablement_id)s; `ostiary review list` lists what waits.",
            enablement_id=enablement_id,
        )
    )


async def inspect_request(
    context: Context, caller: Caller, client_id: str, enablement_id: str, *, pictures: bool
) -> Outcome[ReviewDetails]:
    """Everything an operator needs for a decision. The look is recorded before anything is shown.

    Raises NotFound.
    """
    dossier = await load_dossier(context, caller, client_id)
    state = state_of(context, caller.company, dossier, dossier.enablement(enablement_id))
    product = dossier.product_of(state.enablement, context.catalogues.by_version())
    documents = tuple(each for each in dossier.documents if product.requirement_for(each.type) is not None)
    ids = tuple(each.id for each in documents)
    notes = [Note(LOOKED, caller.actor, enablement_id, ids)]
    if pictures:
        notes.append(Note(PICTURES_LOOKED, caller.actor, enablement_id, ids))
    unit = Unit(caller.company.id, context.now_ms(), dossier.client, notes=tuple(notes))
    details = ReviewDetails(
        dossier,
        product,
        state,
        documents,
        hits=tuple(await context.storage.screening.hits(dossier.client)),
        past=tuple(await context.storage.clients.past_profiles(dossier.client)),
        remarks=tuple(await context.storage.clients.remarks(dossier.client)),
        shared=await shared_numbers(context, dossier, product),
        alike=await alike_of(context, dossier.client, documents),
        approvals=tuple(
            each
            for each in await context.storage.approvals.of_client(dossier.client)
            if each.enablement_id == enablement_id
        ),
        risk=await risk_of_client(context, caller.company, dossier),
    )
    return Outcome(details, unit)


async def alike_of(context: Context, client: Client, documents: Sequence[Document]) -> tuple[tuple[str, str], ...]:
    """Documents with the other clients that have a picture like one of theirs."""
    pairs = []
    for document in documents:
        if document.reading is not None:
            others = await resembling(context, client, document.reading, most=MOST_ALIKE)
            pairs += [(document.id, other) for other in others]
    return tuple(pairs)


async def decide_request(
    context: Context, caller: Caller, client_id: str, enablement_id: str, verdict: Verdict, note: str = ""
) -> Outcome[Enablement]:
    """Approves or rejects what the operator looked at. Everything is judged on one reading of the client, whose
    version guards the decision: what comes in between makes it be decided again.

    Raises NotFound; ValidationFailed for a blank reason or note; InvalidState for who did not look, while somebody else
    works on it, for approving against a doubt without a note, and while a hit of a list is open or confirmed.
    """
    dossier = await load_dossier(context, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    before, is_approval = dossier.client, verdict.decision is Decision.APPROVE
    if not is_approval:
        demand_text("reason", verdict.description, MOST_REASON_CHARACTERS)
    if verdict.decision is Decision.REJECT_CLIENT and before.status is ClientStatus.REJECTED:
        raise InvalidState("This client is rejected already.")
    await demand_unclaimed(context, caller, enablement_id)
    look = await look_of(context, caller, dossier, enablement_id)
    _demand_open(enablement, verdict)
    _demand_overriding(context, dossier, enablement, verdict, note)
    hits = await context.storage.screening.hits(before)
    against = [each for each in hits if each.blocks_approval and not _is_set_aside(verdict, each)]
    unsettled = doubts(why_asked(context, caller.company, dossier, enablement)) if is_approval and not note else ()
    facts = {Fact.NOT_LOOKED: not look.is_current, Fact.LISTED: bool(against), Fact.NOT_EXPLAINED: bool(unsettled)}
    advice = Advice.PASS if is_approval else Advice.REJECT
    held = frozenset(fact for fact, holds in facts.items() if holds)
    if route(Source.OPERATOR, advice, Policy.MANUAL, held) is Lead.REFUSED:
        _refuse(look, enablement_id, against, unsettled)
    if is_approval:
        dossier = replace(dossier, client=replace(before, contradictions=()))
    is_client = verdict.decision is Decision.REJECT_CLIENT
    contested = numbers_given(context, dossier, dossier.documents) if is_client else ()
    decided = remembering(verdict_on(context, caller, dossier, enablement, verdict), before, contested)
    return explained(context, caller, decided, note, look, (OVERRIDE,) if verdict.is_override else ())


def _is_set_aside(verdict: Verdict, hit: StoredHit) -> bool:
    """Whether an approver approves beside this hit: one that nobody has decided yet, never."""
    return verdict.is_override and hit.state is HitState.CONFIRMED


def _demand_overriding(context: Context, dossier: Dossier, enablement: Enablement, verdict: Verdict, note: str) -> None:
    """Both the catalogue that the request is pinned to and the one in force have to allow it, and a note is compulsory.
    Raises InvalidState, ValidationFailed."""
    if not verdict.is_override:
        return
    product = dossier.product_of(enablement, context.catalogues.by_version())
    now = context.catalogues.current.products.get(enablement.product, product)
    if not product.override & now.override or verdict.decision is not Decision.APPROVE:
        raise InvalidState("The catalogue lets nobody set this rule aside for this product.")
    demand_note(note)


def _demand_open(enablement: Enablement, verdict: Verdict) -> None:
    """What cannot be decided at all is said before anything that would have to be done for it. Raises InvalidState."""
    if enablement.review in ON_ENABLED or verdict.decision is Decision.REJECT_CLIENT:
        return
    is_offboarding = enablement.status is Status.ENABLED and verdict.decision is Decision.REJECT
    transition(enablement, Event.OFFBOARDED if is_offboarding else EVENTS[verdict.decision], 0)


def _refuse(look: Look, enablement_id: str, against: Sequence[StoredHit], unsettled: Sequence[str]) -> None:
    """Raises InvalidState with the first reason there is."""
    demand_look(look, enablement_id)
    if against:
        named = [
            sentence("%(hit)s (%(state)s)", hit=each.key[:KEY_SHOWN], state=spoken(each.state.value))
            for each in against
        ]
        raise InvalidState(sentence(UNDECIDED_HITS, hits=joined(named, ", ")))
    raise InvalidState(sentence(NEEDS_A_NOTE, doubts=", ".join(unsettled)))


def why_asked(context: Context, company: Company, dossier: Dossier, enablement: Enablement) -> tuple[str, ...]:
    """Why a person is asked; of a review that does not say, or is not open yet, what the documents' judgements say."""
    if enablement.review_reasons or enablement.status is not Status.IN_KYC:
        return enablement.review_reasons
    evidence = (document for _, document in state_of(context, company, dossier, enablement).assessment.evidence)
    return tuple(reason for each in evidence if each.judgement is not None for reason in each.judgement.reasons)


async def return_request(
    context: Context, caller: Caller, client_id: str, enablement_id: str, back: SendBack
) -> Outcome[Enablement]:
    """Sends what the operator looked at back, with what to redo.

    Raises NotFound, InvalidState, ValidationFailed naming what is possible.
    """
    dossier = await load_dossier(context, caller, client_id)
    enablement, before = dossier.enablement(enablement_id), dossier.client
    if judged_renewal(dossier, enablement) is None:
        transition(enablement, Event.RETURNED, 0)
    await demand_unclaimed(context, caller, enablement_id)
    look = await look_of(context, caller, dossier, enablement_id)
    product = dossier.product_of(enablement, context.catalogues.by_version())
    rejections = returned_for(dossier, product, back.codes, back.keys, back.text)
    demand_look(look, enablement_id)
    dossier = replace(dossier, client=with_objected(before, rejections, before.profile, context.now_ms()))
    decided = verdict_on(context, caller, dossier, enablement, Verdict(Decision.RETURN, "", rejections))
    contested = numbers_against(context, dossier, rejections)
    return explained(context, caller, remembering(decided, before, contested), back.note, look)


async def release_number(
    context: Context, caller: Caller, client_id: str, enablement_id: str, document_id: str, note: str = ""
) -> Outcome[Document]:
    """Lets another client use a document's number. Raises NotFound, ValidationFailed when it holds none."""
    dossier = await load_dossier(context, caller, client_id)
    dossier.enablement(enablement_id)
    document = document_of(dossier, document_id)
    await demand_unclaimed(context, caller, enablement_id)
    if not await context.storage.documents.holds_number(caller.company.id, client_id, document_id):
        raise ValidationFailed("This document keeps no number from other clients.")
    entry = Note("number_released", caller.actor, document_id)
    remarks = remark_on(context, caller, enablement_id, entry.action, note, document_id)
    unit = Unit(
        company_id=caller.company.id,
        at_ms=context.now_ms(),
        owner=dossier.client,
        changes=(ReleaseNumber(document_id), *remarks),
        notes=(entry,),
    )
    return Outcome(document, unit)
