"""What is sealed in a company's row: its name, secrets and endpoint."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

from ostiary.domain.companies.company import STATUS_CHANGED, Company, Webhook
from ostiary.storage.stored.forms import Numbered, Pairs, encode, straight

W = TypeVar("W")


class WebhookForm(Struct, gc=False):
    """Of a company's endpoint."""

    url: str | None = None
    key: str | None = None
    with_sequence: bool = False
    event_types: tuple[str, ...] = (STATUS_CHANGED,)


class CompanySettings(Numbered, Generic[W], gc=False):
    """The column `companies.settings`."""

    name: str
    signing_secret: str
    email: str | None
    webhook: W
    previous_secret: str | None = None
    previous_until_ms: int = 0
    quota_bytes: int | None = None
    clock_ahead_ms: int = 0
    clock_until_ms: int = 0


PAIRS: Pairs = {WebhookForm: Webhook}


def settings_of(company: Company) -> bytes:
    hook = company.webhook
    return encode(
        CompanySettings(
            name=company.name,
            signing_secret=company.signing_secret,
            email=company.email,
            webhook=WebhookForm(
                url=hook.url, key=hook.key, with_sequence=hook.with_sequence, event_types=hook.event_types
            ),
            previous_secret=company.previous_secret,
            previous_until_ms=company.previous_until_ms,
            quota_bytes=company.quota_bytes,
            clock_ahead_ms=company.clock_ahead_ms,
            clock_until_ms=company.clock_until_ms,
        )
    )


def from_form(form: CompanySettings[WebhookForm]) -> CompanySettings[Webhook]:
    hook = form.webhook
    return CompanySettings(
        name=form.name,
        signing_secret=form.signing_secret,
        email=form.email,
        webhook=Webhook(url=hook.url, key=hook.key, with_sequence=hook.with_sequence, event_types=hook.event_types),
        previous_secret=form.previous_secret,
        previous_until_ms=form.previous_until_ms,
        quota_bytes=form.quota_bytes,
        clock_ahead_ms=form.clock_ahead_ms,
        clock_until_ms=form.clock_until_ms,
    )


open_settings = straight(CompanySettings[WebhookForm], CompanySettings[Webhook], PAIRS, from_form)
