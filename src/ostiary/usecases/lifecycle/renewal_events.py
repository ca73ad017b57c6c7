"""What a company is told of a renewal, if its subscription asks for it."""

from __future__ import annotations

from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.renewal_events import RenewalEvent, renewal_event
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.rejections import Rejection
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.unit import AddMessage
from ostiary.usecases.context import Context
from ostiary.usecases.lifecycle.circumstances import terms_of


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
    enablement: Enablement = dossier.enablement(renewal.enablement_id)
    message = renewal_event(
        context.new_id(),
        enablement,
        renewal,
        event,
        terms_of(context, dossier, enablement).at_deadline,
        now_ms=context.now_of(company),
        due_at_ms=context.now_ms(),
        rejections=rejections,
    )
    return (AddMessage(message),)
