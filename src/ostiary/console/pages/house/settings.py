"""A company's settings, as whoever runs the service makes them: that it exists, its webhook, and its quota."""

from __future__ import annotations

from functools import partial

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.house.companies import company_page, list_page
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.domain.companies.company import Caller, Company, Environment
from ostiary.domain.errors import ValidationFailed, value_refused
from ostiary.domain.sentences import N_, sentence
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.companies import companies
from ostiary.usecases.delivery import webhook
from ostiary.usecases.transaction import Outcome, execute

GB = 10**9
MOST_QUOTA_GB = 1_000_000
"""As on the command line: a petabyte."""


async def create_company(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Makes a company."""
    form, actor = request.form, request.as_operator.actor
    try:
        if form.text("environment") not in set(Environment):
            raise value_refused("environment", N_("choose what it is for"))
        decided = await companies.create_company(
            console.context, form.text("name"), Environment(form.text("environment")), form.text("email") or None, actor
        )
    except ValidationFailed as refused:
        return await list_page(console, request, _by_field(refused))

    async def decide() -> Outcome[Company]:
        return decided

    company = await execute(console.context, Caller(decided.answer, actor, 0), decide)
    return Redirect(f"/console/companies/{company.id}", "company_created")


async def set_webhook(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Where events are sent from now on, by the rules that the API has for it."""
    form = request.form
    use_case = partial(
        webhook.subscribe_webhook,
        hearing=webhook.Hearing(
            with_sequence=bool(form.text("include_sequence")), event_types=form.every("event_types")
        ),
    )
    try:
        await committed(
            console, request.caller, use_case, form.text("url"), form.text("webhook_key"), console.address_fault
        )
    except ValidationFailed as refused:
        return await company_page(console, request, _by_field(refused), "webhook")
    return Redirect(_place(request), "webhook_set")


async def end_webhook(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Nothing more is sent."""
    await committed(console, request.caller, webhook.end_webhook)
    return Redirect(_place(request), "webhook_ended")


async def rotate_secret(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Another secret signs deliveries; it is shown once."""
    hours = request.form.text("overlap_hours")
    try:
        company = await committed(
            console, request.caller, webhook.rotate_signing_secret, _whole(hours, "overlap_hours", 999)
        )
    except ValidationFailed as refused:
        return await company_page(console, request, _by_field(refused), "secret")
    values = {"company": company, "secret_text": company.signing_secret}
    return Page(template="secret_made.html", title="New signing secret", values=values)


async def set_quota(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """How much is kept of the company's pictures; nothing typed: as much as of every company."""
    gb = request.form.text("gb")
    try:
        quota_bytes = _whole(gb, "gb", MOST_QUOTA_GB) * GB if gb else None
    except ValidationFailed as refused:
        return await company_page(console, request, _by_field(refused), "quota")
    await committed(console, request.caller, companies.set_quota, quota_bytes)
    return Redirect(_place(request), "quota_set")


def _place(request: ConsoleRequest) -> str:
    return f"/console/companies/{request.caller.company.id}"


def _whole(text: str, field: str, most: int) -> int:
    """Raises ValidationFailed."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)) or int(text) > most:
        raise value_refused(field, sentence("a whole number from 0 to %(most)s", most=most))
    return int(text)


def _by_field(refused: ValidationFailed) -> dict[str, str]:
    return {fault.field: fault.message for fault in refused.faults}
