"""Handling one claimed message: asking the provider, or telling the company's webhook. At least once, same id."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ostiary.domain.audit import Note
from ostiary.domain.companies import Caller, Company
from ostiary.domain.deliveries import Ending, after_try, held
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement, Status
from ostiary.domain.errors import Tampered, Unavailable
from ostiary.domain.ids import time_ms
from ostiary.domain.messages import Message, Outcome, Sent, Topic
from ostiary.domain.queues import Health
from ostiary.domain.retry import next_wait_s
from ostiary.domain.review_reasons import ReviewReason
from ostiary.domain.sandbox import scenario_for, verdict_of
from ostiary.domain.screening import ScreeningUnavailable
from ostiary.domain.units import Settled, Unit
from ostiary.usecases.deciding import Decided, settle, settle_message
from ostiary.usecases.judging import review_of, verdict_on
from ostiary.usecases.loading import load_dossier, state_of
from ostiary.usecases.providing import tell_provider, to_a_person
from ostiary.usecases.reading import PROVIDER, Desk, decide_submission
from ostiary.usecases.screening import lists_in_force, screen_client
from ostiary.usecases.world import World

LEASE_MS = 30_000
"""Longer than the 15 s an endpoint may take; a worker that dies holds a message up no longer than this."""
UNREAD_RETRY_S = 10
"""Without a better word from what is away."""
SENDER = "delivery"
SUCCESS_NOTED_MS = 60_000
MOST_UNREAD = 30
"""Tries to have a submission's documents read: five minutes at the least, then a person decides without."""


class Sender(Protocol):
    """Sends one message to a company's endpoint; what goes wrong is in the answer, not raised."""

    async def send(self, company: Company, message: Message) -> Sent: ...


async def handle_message(world: World, sender: Sender, company: Company, message: Message, lease: str) -> str:
    """Does what a message asks and settles it. Gives how it ended, for the log. Raises LeaseLost."""
    if message.topic is Topic.PROVIDER and world.lists and not company.is_sandbox:
        held_up = await _held_up_by_screening(world, Caller(company, PROVIDER, 0), message, lease)
        if held_up is not None:
            return held_up
    if message.provider:
        return await tell_provider(world, Caller(company, f"provider:{message.provider}", 0), message, lease)
    caller = Caller(company, PROVIDER, 0)
    if message.topic is Topic.PROVIDER:
        return await _ask_provider(world, caller, message, lease)
    return await _tell_company(world, sender, caller, message, lease)


async def postpone_message(world: World, company: Company, message: Message, lease: str) -> str:
    """After something unforeseen: the message comes again by the usual schedule, and is given up at its end."""

    return await settle_message(world, Caller(company, PROVIDER, 0), _again(world, message, lease))


async def _held_up_by_screening(world: World, caller: Caller, message: Message, lease: str) -> str | None:
    """Screens the client first. While a list is away the submission waits; at last a person decides without it."""
    end = Settled(message.id, lease, Outcome.DELIVERED, queue=message.queue)
    try:
        await screen_client(world, caller, message.client_id, await lists_in_force(world))
    except ScreeningUnavailable as away:
        if message.attempts >= MOST_UNREAD:
            return await to_a_person(world, caller, message, end, ReviewReason.SCREENING_UNAVAILABLE)
        due = world.now_ms() + int((away.retry_after_s or UNREAD_RETRY_S) * 1000)
        return await settle_message(world, caller, replace(end, outcome=Outcome.PENDING, due_at_ms=due))
    return None


async def _ask_provider(world: World, caller: Caller, message: Message, lease: str) -> str:
    """The built-in provider: scenarios decide in a sandbox company, what the documents say in a production one."""
    done, desk = Settled(message.id, lease, Outcome.DELIVERED, queue=message.queue), Desk()

    async def decide() -> Decided[Enablement]:
        dossier = await load_dossier(world, caller, message.client_id)
        enablement = dossier.enablement(message.enablement_id)
        waits = enablement.status is Status.IN_KYC and enablement.review is None
        if not waits or enablement.attempt != message.body["attempt"]:
            return Decided(enablement, _only(world, caller, replace(done, outcome=Outcome.DROPPED)))
        if not caller.company.is_sandbox:
            return await _read(world, caller, dossier, enablement, message, done, desk)
        return _scenario(world, caller, dossier, enablement, done)

    return (await settle(world, caller, decide)).status


async def _read(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, message: Message, done: Settled, desk: Desk
) -> Decided[Enablement]:
    """A submission whose documents cannot be had or read right now is looked at again shortly, at last by a person."""
    try:
        return await decide_submission(world, caller, dossier, enablement, done, desk)
    except (Unavailable, Tampered) as away:
        if message.attempts >= MOST_UNREAD:
            reasons = (ReviewReason.DOCUMENTS_UNAVAILABLE.value,)
            return review_of(world, caller, dossier, enablement, done, reasons=reasons)
        due = world.now_ms() + (away.retry_after_s or UNREAD_RETRY_S) * 1000
        later = replace(done, outcome=Outcome.PENDING, due_at_ms=due)
        return Decided(enablement, _only(world, caller, later))


def _scenario(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, done: Settled
) -> Decided[Enablement]:
    evidence = tuple(one for _, one in state_of(world, dossier, enablement).assessment.evidence)
    scenario, document = scenario_for(world.scenarios, evidence, dossier.client.profile)
    due = enablement.updated_at_ms + scenario.delay_ms
    if world.now_ms() < due:
        later = replace(done, outcome=Outcome.PENDING, due_at_ms=due)
        return Decided(enablement, _only(world, caller, later))
    verdict = verdict_of(scenario, document, enablement.attempt)
    if verdict is None:
        return review_of(world, caller, dossier, enablement, done)
    return verdict_on(world, caller, dossier, enablement, verdict, done)


async def _tell_company(world: World, sender: Sender, caller: Caller, message: Message, lease: str) -> str:
    """Sends, unless there is nowhere to; judges by what is thought of the endpoint once the answer is there."""
    sent = None
    if caller.company.webhook.url is None:
        return await settle_message(world, caller, Settled(message.id, lease, Outcome.DROPPED))
    if not (await world.storage.health(caller.company.id, message.queue)).is_disabled:
        sent = await sender.send(caller.company, message)

    async def decide() -> Decided[Outcome]:
        health, now = await world.storage.health(caller.company.id, message.queue), world.now_ms()
        if sent is None:
            end = held(time_ms(message.id), health, now)
        else:
            end = after_try(message, sent, health, now, world.chance())
        return Decided(end.outcome, await _ended(world, caller, message, lease, end, health))

    return await settle(world, caller, decide)


async def _ended(world: World, caller: Caller, message: Message, lease: str, end: Ending, before: Health) -> Unit:
    """The end of a try; an endpoint that is disabled by it is a change of its company, on the record."""
    settled = Settled(
        message.id, lease, end.outcome, end.due_at_ms, end.wakes_others, message.queue, end.attempt,
        is_counted=end.attempt is not None, health=end.health if _is_news(before, end.health) else None,
    )  # fmt: skip
    unit = Unit(caller.company.id, world.now_ms(), settled=settled)
    company = await world.storage.company(caller.company.id) if end.disables and not before.is_disabled else None
    if company is None:
        return unit
    note = Note("webhook_disabled", SENDER, company.id, (end.health.disabled_because or "",))
    return replace(unit, company=company, notes=(note,))


def _is_news(before: Health, after: Health) -> bool:
    """A success among successes is written down once a minute: it would be a write for each delivery."""
    if replace(before, succeeded_at_ms=None) != replace(after, succeeded_at_ms=None):
        return True
    return (after.succeeded_at_ms or 0) - (before.succeeded_at_ms or 0) >= SUCCESS_NOTED_MS


def _again(world: World, message: Message, lease: str) -> Settled:
    wait_s = next_wait_s(message.attempts, world.chance())
    if wait_s is None:
        return Settled(message.id, lease, Outcome.FAILED, queue=message.queue)
    due = world.now_ms() + int(wait_s * 1000)
    return Settled(message.id, lease, Outcome.PENDING, due_at_ms=due, queue=message.queue)


def _only(world: World, caller: Caller, settled: Settled) -> Unit:
    return Unit(caller.company.id, world.now_ms(), settled=settled)
