"""Follows advice, whoever gave it: the verdict is applied, or a person is asked, as the routing table says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Review, Status, reviewed, under_review
from ostiary.domain.review.routing import Advice, Fact, Source, reasons_for, route
from ostiary.domain.review.verdicts import Consequences, Decision, Verdict, consequences
from ostiary.domain.unit import (
    AddMessage,
    Change,
    ChangeDocument,
    ChangeEnablement,
    ContestNumber,
    MessageResult,
    OwnerWrite,
    RefusePicture,
    Unit,
    details_if,
    ending,
)
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.lifecycle.circumstances import newly_enabled, no_longer_enabled, redated
from ostiary.usecases.lifecycle.needs import with_needing_reviewed
from ostiary.usecases.lifecycle.renewal_verdicts import is_about_renewal, judged_renewal, renewal_verdict
from ostiary.usecases.onboarding.notifications import announcements
from ostiary.usecases.transaction import Outcome

T = TypeVar("T")
_OF_SUBMISSIONS = (Review.SUBMISSION, Review.CONFIRMATION)
ON_ENABLED = (Review.CHANGE, Review.SCREENING, Review.RENEWAL)
"""Reviews of an enabled request: approving closes them, and nothing else moves but a renewal that is before whoever
decides."""


@dataclass(frozen=True, slots=True)
class Advised:
    """What a source advises, with what is known beside it. `verdict` is what is done where it may decide alone."""

    source: Source
    advice: Advice
    policy: Policy = Policy.MANUAL
    verdict: Verdict | None = None
    facts: frozenset[Fact] = frozenset()
    reasons: tuple[str, ...] = ()


async def apply_verdict(
    context: Context, caller: Caller, client_id: str, enablement_id: str, verdict: Verdict
) -> Outcome[Enablement]:
    """Loads what a verdict is about, and applies it. Raises as `verdict_on`, and NotFound."""
    dossier = await load_dossier(context, caller, client_id)
    return verdict_on(context, caller, dossier, dossier.enablement(enablement_id), verdict)


async def open_review(context: Context, caller: Caller, client_id: str, enablement_id: str) -> Outcome[Enablement]:
    """Loads a submission, and opens a review of it. Raises NotFound."""
    dossier = await load_dossier(context, caller, client_id)
    return review_of(context, caller, dossier, dossier.enablement(enablement_id))


def follow(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    advised: Advised,
    settled: MessageResult | None = None,
) -> Outcome[Enablement]:
    """Does what is advised where the source may decide alone; asks a person where not, with every reason there is.

    Raises as `verdict_on`.
    """
    review = route(advised.source, advised.advice, advised.policy, advised.facts).review
    if review in _OF_SUBMISSIONS and judged_renewal(dossier, enablement) is not None:
        review = Review.RENEWAL
    if review is None and advised.verdict is not None:
        return verdict_on(context, caller, dossier, enablement, advised.verdict, settled)
    reasons = tuple(dict.fromkeys((*advised.reasons, *reasons_for(advised.facts))))
    asked = review_of(context, caller, dossier, enablement, review or Review.SUBMISSION, reasons)
    return Outcome(asked.answer, asked.unit and asked.unit.plus(*ending(settled)))


def verdict_on(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    verdict: Verdict,
    settled: MessageResult | None = None,
) -> Outcome[Enablement]:
    """Moves the enablement (or all of a rejected client's) and tells the company.

    `settled` ends the message that asked for the verdict, in the same unit. Raises InvalidState, ValidationFailed for
    a return that names nothing to redo.
    """
    if is_about_renewal(dossier, enablement, verdict):
        return renewal_verdict(context, caller, dossier, enablement, verdict, settled)
    now = context.now_ms()
    is_enabled = enablement.status is Status.ENABLED and enablement.review in ON_ENABLED
    if is_enabled and verdict.decision is Decision.APPROVE:
        return _closed(caller, dossier, enablement, now)
    follows = consequences(dossier, enablement, verdict, context.now_of(caller.company), context.catalogues.attributes)
    codes = tuple(each.code.value for each in verdict.rejections)
    messages = [
        message
        for before, after in follows.transitions
        for message in announcements(context, caller.company, before, after, follows.to_redo)
    ]
    unit = Unit(
        caller.company.id,
        now,
        follows.client,
        changes=(
            *(ChangeEnablement(after) for _, after in follows.transitions),
            *_deadlines(context, caller, dossier, enablement, follows),
            *map(ChangeDocument, follows.refused),
            *map(RefusePicture, follows.refused_marks),
            *map(AddMessage, messages),
            *ending(settled),
        ),
        owner_write=details_if(follows.client.refusals != dossier.client.refusals),
        notes=(Note(f"verdict_{verdict.decision}", caller.actor, enablement.id, codes),),
    )
    unit = with_needing_reviewed(context, caller, dossier, follows.transitions, unit)
    return Outcome(next((after for _, after in follows.transitions if after.id == enablement.id), enablement), unit)


def _closed(caller: Caller, dossier: Dossier, enablement: Enablement, now_ms: int) -> Outcome[Enablement]:
    """A person looked at an enabled request, which stays as it is."""
    after = reviewed(enablement)
    unit = Unit(
        company_id=caller.company.id,
        at_ms=now_ms,
        owner=dossier.client,
        changes=(ChangeEnablement(after),),
        notes=(Note("change_approved", caller.actor, enablement.id),),
    )
    return Outcome(after, unit)


def _deadlines(
    context: Context, caller: Caller, dossier: Dossier, enablement: Enablement, follows: Consequences
) -> Iterator[Change]:
    """When what is enabled now is due again; what is enabled no more is never due. What else the client has is dated
    anew, since the class may be another by its products."""
    for before, after in follows.transitions:
        if after.status is Status.ENABLED:
            yield from newly_enabled(context, caller.company, dossier, enablement)
        yield from no_longer_enabled(before, after)
    yield from redated(context, caller.company, dossier.with_requests(after for _, after in follows.transitions))


def review_of(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    review: Review = Review.SUBMISSION,
    reasons: tuple[str, ...] = (),
) -> Outcome[Enablement]:
    """Opens a review of a request, with the reasons why a person is asked."""
    now = context.now_ms()
    after = under_review(enablement, review, now, reasons)
    unit = Unit(
        company_id=caller.company.id,
        at_ms=now,
        owner=dossier.client,
        changes=(ChangeEnablement(after),),
        notes=(Note("review_opened", caller.actor, enablement.id, reasons),),
    )
    return Outcome(after, unit)


def remembering(decided: Outcome[T], before: Client, contested: tuple[tuple[str, str], ...] = ()) -> Outcome[T]:
    """The same, keeping what of the client changed on the way beside its status. `contested` are the numbers (keys
    with the documents' ids) that are to be looked at when another client comes with them."""
    unit = decided.unit
    client = None if unit is None else unit.client
    if unit is None or client is None:
        return decided
    unit = unit.plus(*(ContestNumber(*number) for number in contested))
    if client.contradictions != before.contradictions:
        unit = replace(unit, owner_write=OwnerWrite.DETAILS)
    return Outcome(decided.answer, unit)
