"""What the dates of an enabled request follow from, as things are now."""

from __future__ import annotations

from datetime import date

from ostiary.domain.catalogue.in_force import renewal_rules_of
from ostiary.domain.catalogue.renewal_rules import RenewalRules
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.companies.company import Company
from ostiary.domain.documents.document import EXPIRATION_DATE
from ostiary.domain.lifecycle.risk import RiskInput, assess_risk, risk_mark
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.renewals.changes import DropDeadline, KeepDeadline
from ostiary.domain.renewals.dates import as_of, first_deadline
from ostiary.domain.renewals.deadlines import Circumstances, Deadline
from ostiary.domain.times import day_of, iso_date
from ostiary.domain.value import replace
from ostiary.usecases.context import Context

_EVER = date.min
"""The day on which no document has run out."""


def rules_of(context: Context, dossier: Dossier, enablement: Enablement) -> RenewalRules:
    """The rules for a request: those of the catalogue in force, since it was judged once by the one that it is pinned
    to, and lives on by today's; of the pinned one where its product is not offered any more."""
    product = context.catalogues.current.products.get(enablement.product)
    return renewal_rules_of(product or dossier.product_of(enablement, context.catalogues.by_version()))


def is_ever_due(context: Context, dossier: Dossier) -> bool:
    """Whether any of a client's enabled requests can be due."""
    return any(
        each.status is Status.ENABLED and rules_of(context, dossier, each).ask_anything for each in dossier.enablements
    )


def class_of(context: Context, company: Company, dossier: Dossier) -> RiskClass:
    """How closely a client is watched, as things are now."""
    at = RiskInput(dossier, context.catalogues.current, context.today_of(company), dossier.list_state)
    return assess_risk(at).risk_class


def seen_to(context: Context, company: Company, dossier: Dossier, deadline: Deadline) -> Deadline:
    """What waits, looked at again once an operator's word on the client's class has ended: that may move its dates."""
    override = dossier.client.risk_override
    if deadline.is_open or override is None or not override.counts_on(context.today_of(company)):
        return deadline
    return replace(deadline, next_at_ms=min(deadline.next_at_ms, override.ends_at_ms))


def circumstances_of(context: Context, company: Company, dossier: Dossier, enablement: Enablement) -> Circumstances:
    """What the next dates of a request follow from."""
    rules, today = rules_of(context, dossier, enablement), context.today_of(company)
    return Circumstances(
        rules=rules,
        risk=class_of(context, company, dossier),
        expiries=_expiries(context, dossier, enablement, today) if rules.documents_must_stay_valid else (),
        today=today,
        starts=_starts(context, dossier, enablement, today) if rules.starts or rules.terms else (),
        risk_rules=risk_mark(context.catalogues.current.risk),
    )


def _expiries(context: Context, dossier: Dossier, enablement: Enablement, today: date) -> tuple[date, ...]:
    """Of the documents that serve a request today, whatever a renewal asks for; of the newest ones where those there
    are have run out."""
    plain, catalogues = replace(dossier, deadlines=()), context.catalogues.by_version()
    assessment = plain.assess(enablement, catalogues, today)
    evidence = dict(assessment.evidence)
    if assessment.documents:
        evidence = dict(plain.assess(enablement, catalogues, today, _EVER).evidence) | evidence
    days = (iso_date(document.metadata.get(EXPIRATION_DATE)) for document in evidence.values())
    return tuple(day for day in days if day is not None)


def _starts(context: Context, dossier: Dossier, enablement: Enablement, today: date) -> tuple[date, ...]:
    """The days, past or to come, since when or from when on something is missing that started after the client was
    looked at. Terms that bind count whenever that was: who has not accepted them was not asked for them then."""
    deadline, catalogues = dossier.deadline_of(enablement), context.catalogues.by_version()
    looked_on = day_of(enablement.updated_at_ms) if deadline is None else deadline.reviewed_on
    days = {each.starts_on for each in dossier.future(enablement, catalogues, today, looked_on)}
    return tuple(sorted(days | set(dossier.binding_on(enablement, catalogues, today))))


def newly_enabled(
    context: Context, company: Company, dossier: Dossier, enablement: Enablement
) -> tuple[KeepDeadline, ...]:
    """The deadline of a request that is approved now, in the same unit; none where nothing is ever due."""
    if not rules_of(context, dossier, enablement).ask_anything:
        return ()
    return (KeepDeadline(fresh_deadline(context, company, dossier, enablement)),)


def fresh_deadline(context: Context, company: Company, dossier: Dossier, enablement: Enablement) -> Deadline:
    """The deadline of a request whose client was looked at today."""
    at = circumstances_of(context, company, dossier, enablement)
    place = (company.id, enablement.client_id, enablement.id, enablement.product)
    return seen_to(context, company, dossier, first_deadline(*place, at, reviewed_on=at.today))


def no_longer_enabled(before: Status, after: Enablement) -> tuple[DropDeadline, ...]:
    """Nothing is due for a request that is over."""
    return (DropDeadline(after.id),) if before is Status.ENABLED and after.status is not Status.ENABLED else ()


def redated(context: Context, company: Company, dossier: Dossier) -> tuple[KeepDeadline, ...]:
    """The deadlines that documents, products, or the client's class, as they are now move."""
    changes = []
    for enablement in dossier.enablements:
        deadline = dossier.deadline_of(enablement)
        if deadline is not None:
            after = as_of(deadline, circumstances_of(context, company, dossier, enablement))
            after = seen_to(context, company, dossier, after)
            changes += [KeepDeadline(after)] if after != deadline else []
    return tuple(changes)
