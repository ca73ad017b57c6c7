"""Handles one claimed message: asks the provider, or sends to the company's webhook. At least once, under the same
id."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.delivery.attempts import LONGEST_RETRY_AFTER_S, AttemptOutcome, after_try, held, not_tried
from ostiary.domain.delivery.messages import Message, MessageOutcome, SendResult, Topic
from ostiary.domain.delivery.queues import Health
from ostiary.domain.errors import Tampered, Unavailable
from ostiary.domain.ids import time_ms
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Review, Status
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.routing import Advice, Source
from ostiary.domain.sandbox.scenarios import scenario_for, verdict_of
from ostiary.domain.screening.subject import ScreeningUnavailable
from ostiary.domain.unit import MessageResult, Unit
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier, state_of
from ostiary.usecases.lifecycle.renewal_verdicts import round_of, waits_for_provider
from ostiary.usecases.providers.submit_to_provider import escalate_to_review, submit_to_provider
from ostiary.usecases.review.apply_verdict import Advised, follow
from ostiary.usecases.screening.screen_client import lists_in_force, screen_client
from ostiary.usecases.transaction import Outcome, execute, record_message_result
from ostiary.usecases.verification.decide_submission import PROVIDER, decide_played, decide_submission
from ostiary.usecases.verification.judge_documents import ReadingCache

UNREAD_RETRY_S = 10
"""Unless what cannot be reached says when to come again."""
SENDER = "delivery"
SUCCESS_NOTED_MS = 60_000
MOST_UNREAD = 30
"""Tries to have a submission's documents read: five minutes at the least, then a person decides without."""


class Sender(Protocol):
    """Sends one message to a company's endpoint; what goes wrong is in the answer, not raised."""

    async def send(self, company: Company, message: Message) -> SendResult: ...


async def handle_message(context: Context, sender: Sender, company: Company, message: Message, lease: str) -> str:
    """Does what a message asks, and records the result. Gives how it ended, for the log. Raises LeaseLost."""
    if message.topic is Topic.PROVIDER and context.lists and not company.is_sandbox:
        held_up = await _held_up_by_screening(context, Caller(company, PROVIDER, 0), message, lease)
        if held_up is not None:
            return held_up
    if message.provider:
        return await submit_to_provider(context, Caller(company, f"provider:{message.provider}", 0), message, lease)
    caller = Caller(company, PROVIDER, 0)
    if message.topic is Topic.PROVIDER:
        return await _ask_provider(context, caller, message, lease)
    return await _send_to_company(context, sender, caller, message, lease)


async def postpone_message(context: Context, company: Company, message: Message, lease: str) -> str:
    """After an unforeseen error: the message comes again by the usual schedule, and is given up at its end."""

    return await record_message_result(context, Caller(company, PROVIDER, 0), _again(context, message, lease))


async def _held_up_by_screening(context: Context, caller: Caller, message: Message, lease: str) -> str | None:
    """Screens the client first. While a list cannot be reached the submission waits; in the end a person decides
    without it."""
    end = MessageResult(message.id, lease, MessageOutcome.DELIVERED, queue=message.queue)
    try:
        await screen_client(context, caller, message.client_id, await lists_in_force(context))
    except ScreeningUnavailable as away:
        if message.attempts >= MOST_UNREAD:
            return await escalate_to_review(context, caller, message, end, ReviewReason.SCREENING_UNAVAILABLE)
        asked_s = min(away.retry_after_s or UNREAD_RETRY_S, LONGEST_RETRY_AFTER_S)
        due = context.now_ms() + int(asked_s * 1000)
        return await record_message_result(context, caller, replace(end, outcome=MessageOutcome.PENDING, due_at_ms=due))
    return None


async def _ask_provider(context: Context, caller: Caller, message: Message, lease: str) -> str:
    """The built-in provider: scenarios decide in a sandbox company, what the documents say in a production one."""
    done, desk = MessageResult(message.id, lease, MessageOutcome.DELIVERED, queue=message.queue), ReadingCache()

    async def decide() -> Outcome[Enablement]:
        dossier = await load_dossier(context, caller, message.client_id)
        enablement = dossier.enablement(message.enablement_id)
        if not waits_for_provider(dossier, enablement, message) or _is_with_a_person(enablement):
            return Outcome(enablement, _only(context, caller, replace(done, outcome=MessageOutcome.DROPPED)))
        if not caller.company.is_sandbox:
            return await _read(context, caller, dossier, message, done, desk)
        return await _scenario(context, caller, dossier, enablement, done)

    return (await execute(context, caller, decide)).status


async def _read(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    message: Message,
    done: MessageResult,
    desk: ReadingCache,
) -> Outcome[Enablement]:
    """A submission whose documents or lists cannot be read right now is tried again shortly, and in the end goes to a
    person."""
    enablement = dossier.enablement(message.enablement_id)
    try:
        return await decide_submission(context, caller, dossier, enablement, done, desk)
    except (Unavailable, Tampered) as away:
        reason, wait_s = ReviewReason.DOCUMENTS_UNAVAILABLE, float(away.retry_after_s or UNREAD_RETRY_S)
    except ScreeningUnavailable as away:
        reason, wait_s = ReviewReason.SCREENING_UNAVAILABLE, away.retry_after_s or UNREAD_RETRY_S
    if message.attempts >= MOST_UNREAD:
        advised = Advised(Source.READING, Advice.ASK, reasons=(reason.value,))
        return follow(context, caller, dossier, enablement, advised, done)
    later = replace(done, outcome=MessageOutcome.PENDING, due_at_ms=context.now_ms() + int(wait_s * 1000))
    return Outcome(enablement, _only(context, caller, later))


def _is_with_a_person(enablement: Enablement) -> bool:
    """Whether a person was asked already: a change of an enabled client, or a hit, is another question than its
    renewal."""
    return enablement.review is not None and (enablement.status is Status.IN_KYC or enablement.review is Review.RENEWAL)


async def _scenario(
    context: Context, caller: Caller, dossier: Dossier, enablement: Enablement, done: MessageResult
) -> Outcome[Enablement]:
    evidence = tuple(
        document for _, document in state_of(context, caller.company, dossier, enablement).assessment.evidence
    )
    scenario, document = scenario_for(context.scenarios, evidence, dossier.client.profile)
    due = enablement.updated_at_ms + scenario.delay_ms
    ahead = caller.company.clock_ahead_ms
    if context.now_ms() + ahead < due:
        later = replace(done, outcome=MessageOutcome.PENDING, due_at_ms=due - ahead)
        return Outcome(enablement, _only(context, caller, later))
    verdict = verdict_of(scenario, document, round_of(dossier, enablement))
    return await decide_played(context, caller, dossier, enablement, done, verdict)


async def _send_to_company(context: Context, sender: Sender, caller: Caller, message: Message, lease: str) -> str:
    """Sends, unless there is nowhere to; judges by what is thought of the endpoint once the answer is there."""
    sent = None
    if caller.company.webhook.url is None:
        return await record_message_result(context, caller, MessageResult(message.id, lease, MessageOutcome.DROPPED))
    if not (await context.storage.outbox.health(caller.company.id, message.queue)).is_disabled:
        sent = await sender.send(caller.company, message)

    async def decide() -> Outcome[MessageOutcome]:
        health, now = await context.storage.outbox.health(caller.company.id, message.queue), context.now_ms()
        if sent is None:
            end = held(time_ms(message.id), health, now)
        elif not sent.is_tried:
            end = not_tried(health, now)
        else:
            end = after_try(message, sent, health, now, context.next_wait_s(message.attempts))
        return Outcome(end.outcome, await _ended(context, caller, message, lease, end, health))

    return await execute(context, caller, decide)


async def _ended(
    context: Context, caller: Caller, message: Message, lease: str, end: AttemptOutcome, before: Health
) -> Unit:
    """Records the end of a try; when it disables the endpoint, that is a change of the company, with an audit entry."""
    settled = MessageResult(
        message_id=message.id,
        lease=lease,
        outcome=end.outcome,
        due_at_ms=end.due_at_ms,
        wakes_others=end.wakes_others,
        queue=message.queue,
        attempt=end.attempt,
        is_counted=end.attempt is not None,
        health=end.health if _is_news(before, end.health) else None,
    )
    unit = _only(context, caller, settled)
    company = (
        await context.storage.companies.find(caller.company.id) if end.disables and not before.is_disabled else None
    )
    if company is None:
        return unit
    note = Note("webhook_disabled", SENDER, company.id, (end.health.disabled_because or "",))
    return replace(unit, owner=company, notes=(note,))


def _is_news(before: Health, after: Health) -> bool:
    """Whether a success has to be written: one among successes is written once a minute, not for each delivery."""
    if replace(before, succeeded_at_ms=None) != replace(after, succeeded_at_ms=None):
        return True
    return (after.succeeded_at_ms or 0) - (before.succeeded_at_ms or 0) >= SUCCESS_NOTED_MS


def _again(context: Context, message: Message, lease: str) -> MessageResult:
    wait_s = context.next_wait_s(message.attempts)
    if wait_s is None:
        return MessageResult(message.id, lease, MessageOutcome.FAILED, queue=message.queue)
    due = context.now_ms() + int(wait_s * 1000)
    return MessageResult(message.id, lease, MessageOutcome.PENDING, due_at_ms=due, queue=message.queue)


def _only(context: Context, caller: Caller, settled: MessageResult) -> Unit:
    return Unit(caller.company.id, context.now_ms(), changes=(settled,))
