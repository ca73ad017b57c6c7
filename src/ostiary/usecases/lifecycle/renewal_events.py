"""What a company is told of a renewal, if its subscription asks for it."""

from __future__ import annotations

from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.renewal_events import RenewalEvent, RenewalNews, renewal_event
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.rejections import Rejection
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.unit import AddMessage
from ostiary.usecases.context import Context
from ostiary.usecases.lifecycle.circumstances import rules_of


def told_of_renewal(
    context: Context,
    company: Company,
    dossier: Dossier,
    renewal: Deadline,
    event: RenewalEvent,
    rejections: tuple[Rejection, ...] = (),
) -> tuple[AddMessage, ...]:
    """The message, as a change of the unit that makes it true; none where nobody listens."""
    if company.webhook.url is None or event.value not in company.webhook.event_types:
        return ()
    enablement = dossier.enablement(renewal.enablement_id)
    at_deadline = rules_of(context, dossier, enablement).at_deadline
    news = RenewalNews(
        event=event,
        renewal=renewal,
        at_deadline=at_deadline,
        now_ms=context.now_of(company),
        rejections=rejections,
    )
    message = renewal_event(context.new_id(), enablement, news, context.now_ms())
    return (AddMessage(message),)
