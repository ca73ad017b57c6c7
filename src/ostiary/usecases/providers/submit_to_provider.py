"""Sends a submission to a configured provider, and asks again when it has been silent for long."""

from __future__ import annotations

from dataclasses import replace

from ostiary.domain.companies.company import Caller
from ostiary.domain.delivery.attempts import after_try
from ostiary.domain.delivery.messages import Message, MessageOutcome, SendResult, Topic, enquiry
from ostiary.domain.delivery.queues import Health
from ostiary.domain.documents.document import ISSUING_COUNTRY
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.providers.provider import (
    Provider,
    ProviderRefused,
    ProviderSubmission,
    ProviderUnavailable,
    ProviderVerdict,
    SubmittedDocument,
    SubmittedSide,
)
from ostiary.domain.review.provider_verdicts import attempt_of
from ostiary.domain.review.routing import Advice, Source
from ostiary.domain.times import DAY_MS, HOUR_MS
from ostiary.domain.unit import AddMessage, MessageResult, Unit
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier, state_of
from ostiary.usecases.lifecycle.renewal_verdicts import submitted_at_ms, waits_for_provider
from ostiary.usecases.providers.receive_verdict import reference_of, settle_verdict
from ostiary.usecases.review.apply_verdict import Advised, follow
from ostiary.usecases.transaction import Outcome, execute, record_message_result

FIRST_ENQUIRY_MS, LONGEST_ENQUIRY_MS = HOUR_MS, DAY_MS
"""A verdict usually takes minutes; after an hour without one it may have been lost. Then twice as long each time."""
UNKNOWN, REFUSED, UNAVAILABLE = (
    ReviewReason.PROVIDER_UNKNOWN,
    ReviewReason.PROVIDER_REFUSED,
    ReviewReason.PROVIDER_UNAVAILABLE,
)


async def submit_to_provider(context: Context, caller: Caller, message: Message, lease: str) -> str:
    """A submission's notification, or an enquiry about one that was taken. Gives how the message ended."""
    provider = context.providers.get(message.provider)
    dossier = await load_dossier(context, caller, message.client_id)
    enablement = dossier.enablement(message.enablement_id)
    end = MessageResult(message.id, lease, MessageOutcome.DELIVERED, queue=message.queue)
    if not waits_for_provider(dossier, enablement, message):
        return await record_message_result(context, caller, replace(end, outcome=MessageOutcome.DROPPED))
    if provider is None:
        return await escalate_to_review(context, caller, message, end, UNKNOWN)
    if message.topic is Topic.ENQUIRY:
        return await _enquire(context, caller, message, end, provider, enablement)
    return await _notify(context, caller, message, end, provider, dossier)


async def _notify(
    context: Context,
    caller: Caller,
    message: Message,
    end: MessageResult,
    provider: Provider,
    dossier: Dossier,
) -> str:
    """Sends the submission; once the provider has taken it, enquiries follow should it stay silent."""
    submission = submission_of(context, caller, dossier, dossier.enablement(message.enablement_id), message.id)
    began = context.now_ms()
    try:
        external_id = await provider.notify(submission, context.links(dossier, provider.name))
    except ProviderRefused:
        return await escalate_to_review(context, caller, message, end, REFUSED)
    except ProviderUnavailable as away:
        return await _away(context, caller, message, end, away, context.now_ms() - began)
    now = context.now_ms()
    ending = after_try(message, SendResult(200, ms=now - began), await _health(context, caller, message), now, None)
    later = enquiry(context.new_id(), message, external_id, now + FIRST_ENQUIRY_MS)
    settled = replace(end, attempt=ending.attempt, health=ending.health, wakes_others=ending.wakes_others)
    unit = Unit(caller.company.id, now, changes=(settled, AddMessage(later)))

    async def decide() -> Outcome[str]:
        return Outcome(MessageOutcome.DELIVERED.value, unit)

    return await execute(context, caller, decide)


async def _enquire(
    context: Context, caller: Caller, message: Message, end: MessageResult, provider: Provider, enablement: Enablement
) -> str:
    """Asks what became of a submission; without a verdict, asks again for as long as it waits."""
    wait = min(FIRST_ENQUIRY_MS << min(message.attempts, 10), LONGEST_ENQUIRY_MS)
    later = replace(end, outcome=MessageOutcome.PENDING, due_at_ms=context.now_ms() + wait)
    try:
        verdict = await provider.fetch_verdict(reference_of(enablement), str(message.body.get("external_id", "")))
    except (ProviderUnavailable, ProviderRefused):
        verdict = None
    if verdict is None or not verdict.answer.is_verdict:
        return await record_message_result(context, caller, later)
    return await _heard_of(context, caller, message, end, verdict)


async def _heard_of(
    context: Context, caller: Caller, message: Message, end: MessageResult, verdict: ProviderVerdict
) -> str:
    async def decide() -> Outcome[str]:
        dossier = await load_dossier(context, caller, message.client_id)
        enablement = dossier.enablement(message.enablement_id)
        done = await settle_verdict(context, caller, dossier, enablement, verdict, end)
        return Outcome(done.answer.value, done.unit)

    return await execute(context, caller, decide)


async def _away(
    context: Context, caller: Caller, message: Message, end: MessageResult, away: ProviderUnavailable, ms: int
) -> str:
    """The provider cannot be reached: tried again by the usual schedule; in the end a person decides without it."""
    sent = SendResult(away.status, away.problem, ms, retry_after_s=away.retry_after_s)
    health = await _health(context, caller, message)
    wait_s = context.next_wait_s(message.attempts)
    ending = after_try(message, sent, health, context.now_ms(), wait_s, may_disable=False)
    settled = replace(
        end, outcome=ending.outcome, due_at_ms=ending.due_at_ms, attempt=ending.attempt, health=ending.health
    )
    if ending.outcome is MessageOutcome.FAILED:
        return await escalate_to_review(context, caller, message, settled, UNAVAILABLE)
    return await record_message_result(context, caller, settled)


async def escalate_to_review(
    context: Context, caller: Caller, message: Message, end: MessageResult, reason: ReviewReason
) -> str:
    async def decide() -> Outcome[str]:
        dossier = await load_dossier(context, caller, message.client_id)
        enablement = dossier.enablement(message.enablement_id)
        if not waits_for_provider(dossier, enablement, message):
            return Outcome(MessageOutcome.DROPPED.value, Unit(caller.company.id, context.now_ms(), changes=(end,)))
        advised = Advised(Source.PROVIDER, Advice.ASK, reasons=(reason.value,))
        done = follow(context, caller, dossier, enablement, advised, end)
        return Outcome(MessageOutcome.DELIVERED.value, done.unit)

    return await execute(context, caller, decide)


def submission_of(
    context: Context, caller: Caller, dossier: Dossier, enablement: Enablement, message_id: str
) -> ProviderSubmission:
    """What a provider is told: the client as given, and the documents that meet the product's requirements."""
    documents = tuple(
        SubmittedDocument(
            id=document.id,
            type=document.type,
            country=str(document.metadata.get(ISSUING_COUNTRY) or dossier.client.profile.address.country),
            metadata=document.metadata,
            sides=tuple(SubmittedSide(side.field, side.findings.media_type or "") for side in document.sides),
        )
        for _, document in state_of(context, caller.company, dossier, enablement).assessment.evidence
    )
    return ProviderSubmission(
        reference=reference_of(enablement),
        message_id=message_id,
        product=enablement.product,
        attempt=attempt_of(enablement, dossier.deadline_of(enablement)),
        profile=dossier.client.profile,
        documents=documents,
        submitted_at_ms=submitted_at_ms(dossier, enablement),
    )


async def _health(context: Context, caller: Caller, message: Message) -> Health:
    return await context.storage.outbox.health(caller.company.id, message.queue)
