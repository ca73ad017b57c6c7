"""A company's webhook: subscribe, change its key, read, end, and the secret its deliveries are signed with."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import NO_WEBHOOK, STATUS_CHANGED, Caller, Company, Webhook
from ostiary.domain.delivery.queues import WEBHOOK_QUEUE, Health
from ostiary.domain.delivery.renewal_events import RenewalEvent
from ostiary.domain.errors import Fault, ValidationFailed
from ostiary.domain.hosted.events import HostedEvent
from ostiary.domain.privacy.events import ErasureEvent
from ostiary.domain.sentences import joined, sentence
from ostiary.domain.times import HOUR_MS
from ostiary.domain.unit import ReopenWebhook, Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_company
from ostiary.usecases.transaction import Outcome

KEY_CHARACTERS = 255
SECRET_BYTES = 32
"""Standard Webhooks recommends 24 to 64."""
OVERLAP_HOURS = range(0, 169)
"""How long the old secret may go on signing beside the new one: a week is enough for the slowest release."""
USUAL_OVERLAP_HOURS = 24
EVENT_TYPES = (
    STATUS_CHANGED,
    *(event.value for event in HostedEvent),
    *(event.value for event in RenewalEvent),
    *(event.value for event in ErasureEvent),
)
"""What a subscription may ask for."""
AddressFault = Callable[[str, bool], str | None]
"""What is wrong with an address, given whether plain http may be used; None when it is good."""


@value_type(kw_only=True)
class Hearing:
    """What a subscription hears of, and in how many words. `event_types` empty: of changes of status alone."""

    with_sequence: bool = False
    event_types: tuple[str, ...] = ()


USUAL_HEARING = Hearing()


async def subscribe_webhook(
    context: Context, caller: Caller, url: str, key: str, address_fault: AddressFault, hearing: Hearing = USUAL_HEARING
) -> Outcome[Company]:
    """The endpoint counts as new: what waits for it is due. Raises ValidationFailed for an address that could not be
    used, a key that no header can carry, or an event that there is not."""
    faults = [*_key_faults("webhook_key", key), *_event_faults(hearing.event_types)]
    if problem := address_fault(url, caller.company.is_sandbox):
        faults.insert(0, Fault("url", "VALUE_INVALID", joined(("url", problem))))
    if faults:
        raise ValidationFailed(faults=tuple(faults))
    heard = tuple(each for each in EVENT_TYPES if each in hearing.event_types) or (STATUS_CHANGED,)
    hook = Webhook(url, key, hearing.with_sequence, heard)
    decided = await _changed(context, caller, lambda company: hook, "webhook_subscribed")
    return Outcome(decided.answer, decided.unit.plus(ReopenWebhook()) if decided.unit else None)


async def change_webhook_key(context: Context, caller: Caller, key: str) -> Outcome[Company]:
    """The next delivery carries the new key. Raises ValidationFailed."""
    if faults := _key_faults("key", key):
        raise ValidationFailed(faults=faults)
    return await _changed(context, caller, lambda company: replace(company.webhook, key=key), "webhook_key_changed")


async def end_webhook(context: Context, caller: Caller) -> Outcome[Company]:
    """Nothing more is delivered: what waits is dropped when it falls due, unless there is an address again by then."""
    return await _changed(context, caller, lambda company: NO_WEBHOOK, "webhook_ended")


async def rotate_signing_secret(context: Context, caller: Caller, overlap_hours: int) -> Outcome[Company]:
    """A new secret signs from now on, beside the old one for some hours. Raises ValidationFailed."""
    if overlap_hours not in OVERLAP_HOURS:
        fault = f"overlap_hours must be a whole number from 0 to {OVERLAP_HOURS[-1]}"
        raise ValidationFailed(faults=(Fault("overlap_hours", "VALUE_INVALID", fault),))
    company = await load_company(context, caller)
    until = context.now_ms() + overlap_hours * HOUR_MS
    after = replace(
        company,
        signing_secret=new_signing_secret(context.random),
        previous_secret=company.signing_secret,
        previous_until_ms=until,
    )
    note = Note("webhook_secret_rotated", caller.actor, company.id)
    return Outcome(after, Unit(company.id, context.now_ms(), after, notes=(note,)))


def new_signing_secret(random: Callable[[int], bytes]) -> str:
    """A secret of Standard Webhooks: `whsec_` and random bytes in base64."""
    return "whsec_" + b64encode(random(SECRET_BYTES)).decode()


async def read_webhook(context: Context, caller: Caller) -> Company:
    """The company with its webhook settings."""
    return caller.company


async def read_webhook_health(context: Context, caller: Caller) -> Health:
    """The health of the company's endpoint."""
    return await context.storage.outbox.health(caller.company.id, WEBHOOK_QUEUE)


def _key_faults(field: str, key: str) -> tuple[Fault, ...]:
    """A key travels in a header: printable ASCII (RFC 9110 5.5), no blank at an end, and not endless."""
    if 1 <= len(key) <= KEY_CHARACTERS and key.isascii() and key.isprintable() and key == key.strip():
        return ()
    return (
        Fault(
            field,
            "VALUE_INVALID",
            sentence(
                "%(field)s must be 1 to %(most)s printable ASCII characters, no blank at an end",
                field=field,
                most=KEY_CHARACTERS,
            ),
        ),
    )


def _event_faults(event_types: tuple[str, ...]) -> tuple[Fault, ...]:
    if set(event_types) <= set(EVENT_TYPES):
        return ()
    return (
        Fault(
            "event_types",
            "VALUE_INVALID",
            sentence("event_types must be some of: %(possible)s", possible=", ".join(EVENT_TYPES)),
        ),
    )


async def _changed(
    context: Context, caller: Caller, change: Callable[[Company], Webhook], action: str
) -> Outcome[Company]:
    company = await load_company(context, caller)
    after = replace(company, webhook=change(company))
    note = Note(action, caller.actor, company.id)
    return Outcome(after, Unit(company.id, context.now_ms(), after, notes=(note,)))
