"""A company's webhook settings and signing secrets."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from ostiary.domain.companies.company import NO_WEBHOOK, Company
from ostiary.domain.times import format_timestamp
from ostiary.wire.answer import Answer, Timestamp, about

Secret = Annotated[str, Meta(pattern="^whsec_")]


class WebhookAnswer(Answer, kw_only=True, frozen=True):
    """A company's webhook settings; what is not set is absent."""

    name: str
    email: str | None = None
    webhook_url: str | None = None
    webhook_key: str | None = None
    event_types: Annotated[
        list[str] | None, about("What it hears of, where that is not changes of requests' status alone.")
    ] = None


class SigningSecretAnswer(Answer, kw_only=True, frozen=True):
    """The secret that deliveries are signed with."""

    signing_secret: Secret


class RotatedSecretAnswer(Answer, kw_only=True, frozen=True):
    """The new secret, and until when the one before signs beside it."""

    signing_secret: Secret
    previous_until: Timestamp


def webhook_answer(company: Company) -> WebhookAnswer:
    """Where a company's events are sent."""
    hook = company.webhook
    asked = list(hook.event_types) if hook.event_types != NO_WEBHOOK.event_types else None
    return WebhookAnswer(
        name=company.name, email=company.email, webhook_url=hook.url, webhook_key=hook.key, event_types=asked
    )


def secret_answer(company: Company) -> SigningSecretAnswer:
    """The present secret."""
    return SigningSecretAnswer(signing_secret=company.signing_secret)


def rotated_answer(company: Company) -> RotatedSecretAnswer:
    """The present secret, and how long the one before still counts."""
    return RotatedSecretAnswer(
        signing_secret=company.signing_secret, previous_until=format_timestamp(company.previous_until_ms)
    )
