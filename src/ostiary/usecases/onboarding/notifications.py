"""The messages that follow from a change of status."""

from __future__ import annotations

from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.messages import EVENT_TYPE, Message, status_changed, submitted
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.rejections import Rejection
from ostiary.usecases.context import Context


def announcements(
    context: Context,
    company: Company,
    before: Status,
    after: Enablement,
    rejections: tuple[Rejection, ...] = (),
    provider: str = "",
) -> tuple[Message, ...]:
    """One to the provider for a submission, one to the company's webhook (if it has one) for a change of status.

    A sandbox company's submissions are for the built-in provider, whatever the catalogue names: for its scenarios.
    """
    now, messages = context.now_ms(), []
    if after.status is before:
        return ()
    if company.webhook.url is not None and EVENT_TYPE in company.webhook.event_types:
        messages.append(
            status_changed(
                context.new_id(), before, after, rejections, now, with_sequence=company.webhook.with_sequence
            )
        )
    if after.status is Status.IN_KYC:
        messages.append(submitted(context.new_id(), after, now, "" if company.is_sandbox else provider))
    return tuple(messages)
