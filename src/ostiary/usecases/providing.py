"""Telling a configured provider of a submission, and asking it again when it has been silent for long."""

from __future__ import annotations

from dataclasses import replace

from ostiary.domain.companies import Caller
from ostiary.domain.deliveries import after_try
from ostiary.domain.documents import ISSUING_COUNTRY
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement, Status
from ostiary.domain.messages import Message, Outcome, Sent, Topic, enquiry
from ostiary.domain.providers import (
    Provider,
    ProviderRefused,
    ProviderUnavailable,
    ProviderVerdict,
    Submission,
    SubmittedDocument,
    SubmittedSide,
)
from ostiary.domain.queues import Health
from ostiary.domain.review_reasons import ReviewReason
from ostiary.domain.times import DAY_MS, HOUR_MS
from ostiary.domain.units import Settled, Unit
from ostiary.usecases.deciding import Decided, settle, settle_message
from ostiary.usecases.hearing import heard, reference_of
from ostiary.usecases.judging import review_of
from ostiary.usecases.loading import load_dossier, state_of
from ostiary.usecases.screening import hits_against
from ostiary.usecases.world import World

FIRST_ENQUIRY_MS, LONGEST_ENQUIRY_MS = HOUR_MS, DAY_MS
"""A verdict usually takes minutes; after an hour without one it may have been lost. Then twice as long each time."""
UNKNOWN, REFUSED, UNAVAILABLE = (
    ReviewReason.PROVIDER_UNKNOWN, ReviewReason.PROVIDER_REFUSED, ReviewReason.PROVIDER_UNAVAILABLE
)  # fmt: skip


async def tell_provider(world: World, caller: Caller, message: Message, lease: str) -> str:
    """A submission's notification, or an enquiry about one that was taken. Gives how the message ended."""
    provider = world.providers.get(message.provider)
    dossier = await load_dossier(world, caller, message.client_id)
    enablement = dossier.enablement(message.enablement_id)
    end = Settled(message.id, lease, Outcome.DELIVERED, queue=message.queue)
    if not _still_waits(enablement, message):
        return await settle_message(world, caller, replace(end, outcome=Outcome.DROPPED))
    if provider is None:
        return await to_a_person(world, caller, message, end, UNKNOWN)
    if message.topic is Topic.ENQUIRY:
        return await _enquire(world, caller, message, end, provider, enablement)
    return await _notify(world, caller, message, end, provider, dossier, enablement)


async def _notify(
    world: World, caller: Caller, message: Message, end: Settled, provider: Provider, dossier: Dossier,
    enablement: Enablement,
) -> str:  # fmt: skip
    """Taken once the provider says so; from then on it is asked, should it stay silent."""
    submission = submission_of(world, dossier, enablement, message.id)
    began = world.now_ms()
    try:
        external_id = await provider.notify(submission, world.links(dossier, provider.name))
    except ProviderRefused:
        return await to_a_person(world, caller, message, end, REFUSED)
    except ProviderUnavailable as away:
        return await _away(world, caller, message, end, away, world.now_ms() - began)
    now = world.now_ms()
    ending = after_try(message, Sent(200, ms=now - began), await _health(world, caller, message), now, 0.0)
    later = enquiry(world.new_id(), message, external_id, now + FIRST_ENQUIRY_MS)
    settled = replace(
        end, attempt=ending.attempt, health=ending.health, wakes_others=ending.wakes_others
    )  # fmt: skip
    unit = Unit(caller.company.id, now, settled=settled, messages=(later,))

    async def decide() -> Decided[str]:
        return Decided(Outcome.DELIVERED.value, unit)

    return await settle(world, caller, decide)


async def _enquire(
    world: World, caller: Caller, message: Message, end: Settled, provider: Provider, enablement: Enablement
) -> str:
    """Asks what became of it; without a verdict it is asked again, for as long as it waits."""
    wait = min(FIRST_ENQUIRY_MS << min(message.attempts, 10), LONGEST_ENQUIRY_MS)
    later = replace(end, outcome=Outcome.PENDING, due_at_ms=world.now_ms() + wait)
    try:
        verdict = await provider.ask(reference_of(enablement), str(message.body.get("external_id", "")))
    except (ProviderUnavailable, ProviderRefused):
        verdict = None
    if verdict is None or not verdict.answer.is_verdict:
        return await settle_message(world, caller, later)
    return await _heard_of(world, caller, message, end, verdict)


async def _heard_of(world: World, caller: Caller, message: Message, end: Settled, verdict: ProviderVerdict) -> str:
    async def decide() -> Decided[str]:
        dossier = await load_dossier(world, caller, message.client_id)
        enablement = dossier.enablement(message.enablement_id)
        listed = await hits_against(world, dossier.client)
        done = heard(world, caller, dossier, enablement, verdict, end, is_listed=listed)
        return Decided(done.answer.value, done.unit)

    return await settle(world, caller, decide)


async def _away(
    world: World, caller: Caller, message: Message, end: Settled, away: ProviderUnavailable, ms: int
) -> str:
    """Tried again by the usual schedule; in the end a person decides without the provider."""
    sent = Sent(away.status, away.problem, ms, retry_after_s=away.retry_after_s)
    health = await _health(world, caller, message)
    ending = after_try(message, sent, health, world.now_ms(), world.chance(), may_disable=False)
    settled = replace(
        end, outcome=ending.outcome, due_at_ms=ending.due_at_ms, attempt=ending.attempt, health=ending.health
    )
    if ending.outcome is Outcome.FAILED:
        return await to_a_person(world, caller, message, settled, UNAVAILABLE)
    return await settle_message(world, caller, settled)


async def to_a_person(world: World, caller: Caller, message: Message, end: Settled, reason: ReviewReason) -> str:
    async def decide() -> Decided[str]:
        dossier = await load_dossier(world, caller, message.client_id)
        enablement = dossier.enablement(message.enablement_id)
        if not _still_waits(enablement, message):
            return Decided(Outcome.DROPPED.value, Unit(caller.company.id, world.now_ms(), settled=end))
        done = review_of(world, caller, dossier, enablement, end, reasons=(reason.value,))
        return Decided(Outcome.DELIVERED.value, done.unit)

    return await settle(world, caller, decide)


def submission_of(world: World, dossier: Dossier, enablement: Enablement, message_id: str) -> Submission:
    """What a provider is told: the client as given, and the documents that meet the product's requirements."""
    documents = tuple(
        SubmittedDocument(
            one.id, one.type, str(one.metadata.get(ISSUING_COUNTRY) or dossier.client.profile.address.country),
            one.metadata, tuple(SubmittedSide(side.field, side.findings.media_type or "") for side in one.sides),
        )
        for _, one in state_of(world, dossier, enablement).assessment.evidence
    )  # fmt: skip
    return Submission(
        reference_of(enablement), message_id, enablement.product, enablement.attempt, dossier.client.profile,
        documents, enablement.updated_at_ms,
    )  # fmt: skip


def _still_waits(enablement: Enablement, message: Message) -> bool:
    return enablement.status is Status.IN_KYC and enablement.attempt == message.body["attempt"]


async def _health(world: World, caller: Caller, message: Message) -> Health:
    return await world.storage.health(caller.company.id, message.queue)
