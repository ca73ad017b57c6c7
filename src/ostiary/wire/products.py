"""A client's request for a product: its status, what is missing, and more where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from ostiary.domain.catalogue.catalogue import DataField, DataType
from ostiary.domain.catalogue.renewal_rules import AtDeadline
from ostiary.domain.documents.chip_kept import ChipChallenge
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.next_action import next_action
from ostiary.domain.onboarding.requirements import MissingData, MissingDocument
from ostiary.domain.renewals.deadlines import TOLD_REASONS, DeadlineState, told_reasons
from ostiary.domain.times import format_timestamp
from ostiary.languages.speech import IN_ENGLISH, Speech
from ostiary.usecases.dossiers import ProductState
from ostiary.wire.answer import A_DAY, Answer, Id, Timestamp, about, one_of
from ostiary.wire.forms import (
    KIND_ANSWERS,
    DocumentTypeAnswer,
    NamedAnswer,
    OptionNames,
    Options,
    declared,
    rules_of,
)
from ostiary.wire.lifecycle.risk import RiskAnswer, risk_answer
from ostiary.wire.onboarding import ExplainedRequirementAnswer, NextActionAnswer, action_answer, explained_answer
from ostiary.wire.rejections import RejectedItemAnswer, rejection_answer
from ostiary.wire.terms.answers import TermsAnswer, terms_answer

NEXT_ACTION, EXPLAIN, REJECTED_ITEMS, FORMS = "next_action", "explain", "rejected_items", "forms"
FUTURE_REQUIREMENTS = "future_requirements"
RENEWAL = "renewal"
TERMS = "terms"
CHIP = "chip"
EXPANSIONS = (NEXT_ACTION, EXPLAIN, REJECTED_ITEMS, FORMS, FUTURE_REQUIREMENTS, RENEWAL, TERMS, CHIP)
OF_RENEWALS = frozenset({NEXT_ACTION, EXPLAIN, RENEWAL})
"""What is answered by what is due for an enabled request, which is read for these alone."""


class MissingDocumentAnswer(NamedAnswer, kw_only=True, frozen=True):
    """A document to send: any one of `valid_documents`."""

    valid_documents: list[DocumentTypeAnswer]


class MissingFieldAnswer(Answer, kw_only=True, frozen=True):
    """One detail; `phone` is phone_country_code and phone_number. Rules with `expand=forms`."""

    key: str
    name: str | None = None
    data_type: DataType
    required: bool
    options: Options = None
    option_names: OptionNames = None
    description: str | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    described_first: ClassVar[tuple[str, ...]] = ("name", "description")


class MissingDataAnswer(NamedAnswer, kw_only=True, frozen=True):
    """Details of the client to set with Update individual client."""

    fields: list[MissingFieldAnswer]


class MissingRequirementsAnswer(Answer, kw_only=True, frozen=True):
    """What is required and still missing, judged anew at every read; empty from in_kyc on."""

    documents: list[MissingDocumentAnswer]
    data: list[MissingDataAnswer]


class FutureRequirementsAnswer(MissingRequirementsAnswer, kw_only=True, frozen=True):
    """What will be missing from a day on, if nothing is given before. Nothing of it is asked for yet."""

    starts_on: Annotated[str, A_DAY, about("The first day (UTC) on which it counts.")]


class RenewalAnswer(Answer, kw_only=True, frozen=True):
    """What is due again for an enabled request, which stays enabled meanwhile."""

    state: Annotated[str, one_of((DeadlineState.OPEN, DeadlineState.SUBMITTED))]
    due_at: Annotated[Timestamp, about("The end of the day on which it is due.")]
    reasons: Annotated[list[Annotated[str, one_of(TOLD_REASONS)]], about("Why it is open.")]
    missing_requirements: Annotated[
        MissingRequirementsAnswer,
        about("What changed or ran out. A group `renewal_confirmation` without fields: say that nothing has changed."),
    ]
    consequence: Annotated[AtDeadline, about("What follows when it is not completed in its days of grace.")]
    consequence_at: Annotated[Timestamp, about("When the days of grace end.")]


class ProductAnswer(Answer, kw_only=True, frozen=True):
    """A client's request for a product."""

    id: Id
    client_id: Id
    product: str
    status: Annotated[Status, about("See the states of a request.")]
    missing_requirements: MissingRequirementsAnswer
    created_at: Timestamp
    updated_at: Timestamp
    rejection_description: Annotated[str | None, about("Why, once rejected.")] = None
    next_action: Annotated[NextActionAnswer | None, about("With `expand=next_action`.")] = None
    explain: Annotated[list[ExplainedRequirementAnswer] | None, about("With `expand=explain`.")] = None
    risk: Annotated[RiskAnswer | None, about("With `expand=explain`.")] = None
    rejected_items: Annotated[
        list[RejectedItemAnswer] | None, about("With `expand=rejected_items`: those still open.")
    ] = None
    future_requirements: Annotated[
        list[FutureRequirementsAnswer] | None, about("With `expand=future_requirements`: soonest first.")
    ] = None
    renewal: Annotated[RenewalAnswer | None, about("With `expand=renewal`: while one is open.")] = None
    terms: Annotated[list[TermsAnswer] | None, about("With `expand=terms`: those to be accepted.")] = None


class JudgedAnswer(Answer, kw_only=True, frozen=True):
    """The request as it stands now, and what was not taken."""

    product: ProductAnswer
    rejected_items: list[RejectedItemAnswer]


class ChipChallengeAnswer(Answer, kw_only=True, frozen=True):
    """What the chip of a document shall sign for this request: once, and soon."""

    challenge_id: Id
    challenge: Annotated[str, about("Eight bytes in hexadecimal figures: what INTERNAL AUTHENTICATE is called with.")]
    expires_at: Timestamp


def challenge_answer(challenge: ChipChallenge) -> ChipChallengeAnswer:
    """With the bytes as an app gives them to the chip."""
    return ChipChallengeAnswer(
        challenge_id=challenge.id,
        challenge=challenge.challenge.hex(),
        expires_at=format_timestamp(challenge.expires_at_ms),
    )


NOTHING_MISSING = MissingRequirementsAnswer(documents=[], data=[])
"""Once a request is in review or ended: nothing more is asked."""


def product_answer(state: ProductState, expand: Sequence[str] = (), speech: Speech = IN_ENGLISH) -> ProductAnswer:
    """A request with what is missing, and what `expand` names beside it."""
    enablement = state.enablement
    return ProductAnswer(
        id=enablement.id,
        client_id=enablement.client_id,
        product=enablement.product,
        status=enablement.status,
        missing_requirements=_missing(state, expand, speech) if state.asks else NOTHING_MISSING,
        created_at=format_timestamp(enablement.created_at_ms),
        updated_at=format_timestamp(enablement.updated_at_ms),
        rejection_description=_described(enablement.rejection_description, speech),
        next_action=_next_action(state, speech) if NEXT_ACTION in expand else None,
        explain=[explained_answer(line, speech) for line in state.assessment.explained] if EXPLAIN in expand else None,
        risk=None if state.risk is None or EXPLAIN not in expand else risk_answer(state.risk, speech),
        rejected_items=_open_rejections(state, speech) if REJECTED_ITEMS in expand else None,
        future_requirements=_future(state, expand, speech) if FUTURE_REQUIREMENTS in expand else None,
        renewal=_renewal(state, expand, speech) if RENEWAL in expand else None,
        terms=_asked_terms(state, speech) if TERMS in expand else None,
    )


def judged_answer(state: ProductState, expand: Sequence[str] = (), speech: Speech = IN_ENGLISH) -> JudgedAnswer:
    """The answer of documentation and submit: with the renewal, where it is one that was sent to."""
    rejected = [rejection_answer(rejection, speech) for rejection in state.rejections]
    return JudgedAnswer(product=product_answer(state, (*expand, RENEWAL), speech), rejected_items=rejected)


def _described(description: str | None, speech: Speech) -> str | None:
    return None if description is None else speech.text(description)


def _next_action(state: ProductState, speech: Speech) -> NextActionAnswer:
    action = next_action(
        state.enablement,
        state.assessment,
        may_request_again=state.may_request_again,
        renewal=state.renewal,
        lost=state.lost,
    )
    return action_answer(action, speech)


def _open_rejections(state: ProductState, speech: Speech) -> list[RejectedItemAnswer]:
    asks = state.asks or state.renewal is not None
    return [rejection_answer(rejection, speech) for rejection in state.assessment.rejections] if asks else []


def _renewal(state: ProductState, expand: Sequence[str], speech: Speech) -> RenewalAnswer | None:
    renewal = state.renewal
    if renewal is None:
        return None
    return RenewalAnswer(
        state=renewal.state.value,
        due_at=format_timestamp(renewal.due_at_ms),
        reasons=[reason.value for reason in told_reasons(renewal.reasons)],
        missing_requirements=NOTHING_MISSING if renewal.is_submitted else _missing(state, expand, speech),
        consequence=state.at_deadline,
        consequence_at=format_timestamp(renewal.ends_at_ms),
    )


def _future(state: ProductState, expand: Sequence[str], speech: Speech) -> list[FutureRequirementsAnswer]:
    return [
        FutureRequirementsAnswer(
            starts_on=each.starts_on.isoformat(),
            documents=[_missing_document(document, expand, speech) for document in each.documents],
            data=[_missing_data(group, expand, speech) for group in each.data],
        )
        for each in state.future
    ]


def _asked_terms(state: ProductState, speech: Speech) -> list[TermsAnswer]:
    asks = state.asks or (state.renewal is not None and not state.renewal.is_submitted)
    return [terms_answer(terms, speech) for terms in state.assessment.terms] if asks else []


def _missing(state: ProductState, expand: Sequence[str], speech: Speech) -> MissingRequirementsAnswer:
    return MissingRequirementsAnswer(
        documents=[_missing_document(document, expand, speech) for document in state.assessment.documents],
        data=[_missing_data(group, expand, speech) for group in state.assessment.data],
    )


def _missing_document(document: MissingDocument, expand: Sequence[str], speech: Speech) -> MissingDocumentAnswer:
    kind_answer = KIND_ANSWERS[FORMS in expand, CHIP in expand]
    requirement = document.requirement
    return MissingDocumentAnswer(
        id=requirement.id,
        name=speech.name(requirement.name),
        description=speech.name(requirement.description),
        required=True,
        valid_documents=[kind_answer(kind, speech) for kind in document.alternatives],
    )


def _missing_data(group: MissingData, expand: Sequence[str], speech: Speech) -> MissingDataAnswer:
    return MissingDataAnswer(
        id=group.id,
        name=speech.name(group.name),
        description=speech.name(group.description),
        required=True,
        fields=[_missing_field(field, FORMS in expand, speech) for field in group.fields],
    )


def _missing_field(asked: DataField, has_rules: bool, speech: Speech) -> MissingFieldAnswer:
    """`has_rules`: with what a form shows and checks."""
    field = asked.field
    if has_rules:
        return MissingFieldAnswer(
            key=asked.key, name=speech.name(field.name), **declared(field), **rules_of(field, speech)
        )
    return MissingFieldAnswer(key=asked.key, **declared(field))
