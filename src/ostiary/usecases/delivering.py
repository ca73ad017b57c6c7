"""Handling one claimed message: asking the provider, or telling the company's webhook. At least once, same id."""

from __future__ import annotations

from typing import Protocol

from ostiary.domain.companies import Caller, Company
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement, Status
from ostiary.domain.errors import Tampered, Unavailable
from ostiary.domain.messages import Message, Outcome, Sent, Topic
from ostiary.domain.retry import next_wait_s
from ostiary.domain.review_reasons import ReviewReason
from ostiary.domain.sandbox import scenario_for, verdict_of
from ostiary.domain.units import Settled, Unit
from ostiary.usecases.deciding import Decided, settle
from ostiary.usecases.judging import review_of, verdict_on
from ostiary.usecases.loading import load_dossier, state_of
from ostiary.usecases.reading import PROVIDER, Desk, decide_submission
from ostiary.usecases.world import World

LEASE_MS = 30_000
"""Longer than the 15 s an endpoint may take; a worker that dies holds a message up no longer than this."""
UNREAD_RETRY_S = 10
"""Without a better word from what is away."""
MOST_UNREAD = 30
"""Tries to have a submission's documents read: five minutes at the least, then a person decides without."""


class Sender(Protocol):
    """Sends one message to a company's endpoint; what goes wrong is in the answer, not raised."""

    async def send(self, company: Company, message: Message) -> Sent: ...


async def handle_message(world: World, sender: Sender, company: Company, message: Message, lease: str) -> str:
    """Does what a message asks and settles it. Gives how it ended, for the log. Raises LeaseLost."""
    caller = Caller(company, PROVIDER, 0)
    if message.topic is Topic.PROVIDER:
        return await _ask_provider(world, caller, message, lease)
    return await _tell_company(world, sender, caller, message, lease)


async def postpone_message(world: World, company: Company, message: Message, lease: str) -> str:
    """After something unforeseen: the message comes again by the usual schedule, and is given up at its end."""

    async def decide() -> Decided[Outcome]:
        end = _again(world, message, lease)
        return Decided(end.outcome, _only(world, caller, end))

    caller = Caller(company, PROVIDER, 0)
    return await settle(world, caller, decide)


async def _ask_provider(world: World, caller: Caller, message: Message, lease: str) -> str:
    """The built-in provider: scenarios decide in a sandbox company, what the documents say in a production one."""
    done, desk = Settled(message.id, lease, Outcome.DELIVERED), Desk()

    async def decide() -> Decided[Enablement]:
        dossier = await load_dossier(world, caller, message.client_id)
        enablement = dossier.enablement(message.enablement_id)
        if enablement.status is not Status.IN_KYC or enablement.attempt != message.body["attempt"]:
            return Decided(enablement, _only(world, caller, Settled(message.id, lease, Outcome.DROPPED)))
        if not caller.company.is_sandbox:
            return await _read(world, caller, dossier, enablement, message, done, desk)
        return _scenario(world, caller, dossier, enablement, message, lease)

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
        later = Settled(done.message_id, done.lease, Outcome.PENDING, due_at_ms=due)
        return Decided(enablement, _only(world, caller, later))


def _scenario(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, message: Message, lease: str
) -> Decided[Enablement]:
    evidence = tuple(one for _, one in state_of(world, dossier, enablement).assessment.evidence)
    scenario, document = scenario_for(evidence)
    due = enablement.updated_at_ms + scenario.delay_ms
    if world.now_ms() < due:
        later = Settled(message.id, lease, Outcome.PENDING, due_at_ms=due)
        return Decided(enablement, _only(world, caller, later))
    done = Settled(message.id, lease, Outcome.DELIVERED)
    verdict = verdict_of(scenario, document, enablement.attempt)
    if verdict is None:
        return review_of(world, caller, dossier, enablement, done)
    return verdict_on(world, caller, dossier, enablement, verdict, done)


async def _tell_company(world: World, sender: Sender, caller: Caller, message: Message, lease: str) -> str:
    if caller.company.webhook.url is None:
        end = Settled(message.id, lease, Outcome.DROPPED)
    else:
        sent = await sender.send(caller.company, message)
        end = _after(world, message, sent, lease)

    async def decide() -> Decided[Outcome]:
        return Decided(end.outcome, _only(world, caller, end))

    return await settle(world, caller, decide)


def _after(world: World, message: Message, sent: Sent, lease: str) -> Settled:
    if sent.is_success:
        return Settled(message.id, lease, Outcome.DELIVERED, wakes_others=True)
    return _again(world, message, lease)


def _again(world: World, message: Message, lease: str) -> Settled:
    wait_s = next_wait_s(message.attempts, world.chance())
    if wait_s is None:
        return Settled(message.id, lease, Outcome.FAILED)
    return Settled(message.id, lease, Outcome.PENDING, due_at_ms=world.now_ms() + int(wait_s * 1000))


def _only(world: World, caller: Caller, settled: Settled) -> Unit:
    return Unit(caller.company.id, world.now_ms(), settled=settled)
