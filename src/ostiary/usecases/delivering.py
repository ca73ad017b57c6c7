"""Handling one claimed message: asking the provider, or telling the company's webhook. At least once, same id."""

from __future__ import annotations

from typing import Protocol

from ostiary.domain.companies import Caller, Company
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement, Status
from ostiary.domain.messages import Message, Outcome, Sent, Topic
from ostiary.domain.retry import next_wait_s
from ostiary.domain.sandbox import scenario_for, verdict_of
from ostiary.domain.units import Settled, Unit
from ostiary.usecases.deciding import Decided, settle
from ostiary.usecases.judging import apply_verdict, open_review
from ostiary.usecases.loading import load_dossier, state_of
from ostiary.usecases.world import World

LEASE_MS = 30_000
"""Longer than the 15 s an endpoint may take; a worker that dies holds a message up no longer than this."""
PROVIDER = "provider:builtin"


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
    """The built-in provider: scenarios decide in a sandbox company, people in a production one."""
    done = Settled(message.id, lease, Outcome.DELIVERED)

    async def decide() -> Decided[Enablement]:
        dossier = await load_dossier(world, caller, message.client_id)
        enablement = dossier.enablement(message.enablement_id)
        if enablement.status is not Status.IN_KYC or enablement.attempt != message.body["attempt"]:
            return Decided(enablement, _only(world, caller, Settled(message.id, lease, Outcome.DROPPED)))
        if not caller.company.is_sandbox:
            return await open_review(world, caller, dossier.client.id, enablement.id, done)
        return await _scenario(world, caller, dossier, enablement, message, lease)

    return (await settle(world, caller, decide)).status


async def _scenario(
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
        return await open_review(world, caller, dossier.client.id, enablement.id, done)
    return await apply_verdict(world, caller, dossier.client.id, enablement.id, verdict, done)


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
