"""What the acceptance of terms does to renewals: one that asked for nothing else is done with it."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.delivery.renewal_events import RenewalEvent
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.renewals.changes import KeepDeadline
from ostiary.domain.renewals.dates import renewed
from ostiary.domain.renewals.deadlines import Deadline, RenewalReason
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.lifecycle.circumstances import circumstances_of, redated, seen_to
from ostiary.usecases.lifecycle.renewal_events import told_of_renewal


def with_renewals(context: Context, caller: Caller, dossier: Dossier, unit: Unit) -> Unit:
    """The unit in which terms are accepted, with what follows for renewals. `dossier` is as it is afterwards.

    A renewal is completed where nothing else was asked: a provider or a person would look at what they have seen
    already. What waits is dated anew.
    """
    company = caller.company
    done = {each.id: renewal for each in dossier.enablements if (renewal := _met(context, company, dossier, each))}
    changes = [each for each in redated(context, company, dossier) if each.deadline.enablement_id not in done]
    notes = list(unit.notes)
    for enablement_id, renewal in done.items():
        here = circumstances_of(context, company, dossier, dossier.enablement(enablement_id))
        changes.append(KeepDeadline(seen_to(context, company, dossier, renewed(renewal, here))))
        codes = tuple(reason.value for reason in renewal.reasons)
        notes.append(Note("renewal_completed", caller.actor, enablement_id, codes))
    events = (
        event
        for renewal in done.values()
        for event in told_of_renewal(context, company, dossier, renewal, RenewalEvent.COMPLETED)
    )
    return replace(unit.plus(*changes, *events), notes=tuple(notes))


def _met(context: Context, company: Company, dossier: Dossier, enablement: Enablement) -> Deadline | None:
    """The open renewal of a request, if all that it asked for was to accept terms, and they are accepted now."""
    renewal = dossier.renewal_of(enablement)
    if renewal is None or renewal.opened_at_ms is None or renewal.is_submitted or enablement.review is not None:
        return None
    asks_for_more = renewal.returned or renewal.reasons != (RenewalReason.REQUIREMENT_IN_FORCE,)
    if asks_for_more or dossier.was_given_since(renewal.opened_at_ms):  # what was given is to be judged
        return None
    today = context.today_of(company)
    return renewal if dossier.assess(enablement, context.catalogues.by_version(), today).is_complete else None
