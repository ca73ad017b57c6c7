"""Calls about a company's webhook, as use cases and back; no decisions."""

from __future__ import annotations

from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.queues import Health
from ostiary.usecases.delivery import webhook
from ostiary.usecases.delivery.webhook import USUAL_OVERLAP_HOURS
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.deliveries import health_answer
from ostiary.wire.webhook import rotated_answer, secret_answer, webhook_answer


async def read_webhook(services: ApiServices, request: ApiRequest) -> Outcome[Company]:
    return Outcome(await webhook.read_webhook(services.context, request.caller))


async def read_health(services: ApiServices, request: ApiRequest) -> Outcome[Health]:
    return Outcome(await webhook.read_webhook_health(services.context, request.caller))


async def subscribe_webhook(services: ApiServices, request: ApiRequest) -> Outcome[Company]:
    return await webhook.subscribe_webhook(
        services.context,
        request.caller,
        request.body.url,
        request.body.webhook_key,
        services.address_fault,
        webhook.Hearing(
            with_sequence=bool(request.body.include_sequence), event_types=tuple(request.body.event_types or ())
        ),
    )


async def change_webhook_key(services: ApiServices, request: ApiRequest) -> Outcome[Company]:
    return await webhook.change_webhook_key(services.context, request.caller, request.body.key)


async def rotate_signing_secret(services: ApiServices, request: ApiRequest) -> Outcome[Company]:
    hours = request.body.overlap_hours
    return await webhook.rotate_signing_secret(
        services.context, request.caller, USUAL_OVERLAP_HOURS if hours is None else hours
    )


async def end_webhook(services: ApiServices, request: ApiRequest) -> Outcome[Company]:
    return await webhook.end_webhook(services.context, request.caller)


def show_webhook(services: ApiServices, request: ApiRequest, company: Company) -> Representation:
    return Representation(webhook_answer(company))


def show_signing_secret(services: ApiServices, request: ApiRequest, company: Company) -> Representation:
    return Representation(secret_answer(company))


def show_rotated(services: ApiServices, request: ApiRequest, company: Company) -> Representation:
    return Representation(rotated_answer(company))


def show_nothing(services: ApiServices, request: ApiRequest, company: Company) -> Representation:
    return Representation(None)


def show_health(services: ApiServices, request: ApiRequest, health: Health) -> Representation:
    return Representation(health_answer(health))
