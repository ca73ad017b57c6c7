"""What happens to a client opens renewals of its enabled requests, in the unit of work that makes it true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ostiary.domain.clients.client import Profile
from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.renewal_events import RenewalEvent
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.renewals.changes import KeepDeadline
from ostiary.domain.renewals.dates import dated
from ostiary.domain.renewals.deadlines import RenewalReason
from ostiary.domain.renewals.steps import confirmed, opened
from ostiary.domain.unit import AddMessage, Change
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.lifecycle.circumstances import circumstances_of, fresh_deadline, redated, rules_of
from ostiary.usecases.lifecycle.renewal_events import told_of_renewal


def opened_renewals(
    context: Context, company: Company, dossier: Dossier, reasons: Sequence[RenewalReason], *, only: str = ""
) -> tuple[Change, ...]:
    """The changes of every enabled request that can be due (or of one), and what the company is told. Nothing where the
    reasons are those of a renewal that is open already."""
    changes: list[Change] = []
    for enablement in dossier.enablements:
        if enablement.status is Status.ENABLED and only in ("", enablement.id) and reasons:
            changes += _opened(context, company, dossier, enablement, reasons)
    return tuple(changes)


def moved_renewals(
    context: Context, company: Company, dossier: Dossier, reasons: Sequence[RenewalReason]
) -> tuple[Change, ...]:
    """The same of a client whose class may be another by what happened: its dates move first."""
    moved = redated(context, company, dossier)
    changes = opened_renewals(context, company, _with(dossier, moved), reasons)
    return (*_besides(moved, changes), *changes)


def _with(dossier: Dossier, moved: Sequence[KeepDeadline]) -> Dossier:
    """The dossier with deadlines as they shall be."""
    by_id = {each.enablement_id: each for each in (*dossier.deadlines, *(each.deadline for each in moved))}
    return replace(dossier, deadlines=tuple(by_id.values()))


def _besides(moved: Iterable[KeepDeadline], changes: Iterable[Change]) -> Iterator[KeepDeadline]:
    """Those of which nothing else is written."""
    written = {each.deadline.enablement_id for each in changes if isinstance(each, KeepDeadline)}
    return (each for each in moved if each.deadline.enablement_id not in written)


def _opened(
    context: Context, company: Company, dossier: Dossier, enablement: Enablement, reasons: Sequence[RenewalReason]
) -> tuple[KeepDeadline | AddMessage, ...]:
    rules = rules_of(context, dossier, enablement)
    if not rules.follow_events:
        return ()
    before = dossier.deadline_of(enablement) or fresh_deadline(context, company, dossier, enablement)
    if not before.is_open:
        before = dated(before, circumstances_of(context, company, dossier, enablement))
    after = opened(before, reasons, rules, context.now_of(company))
    if after == before:
        return ()
    is_new = not before.is_open
    events = told_of_renewal(context, company, dossier, after, RenewalEvent.OPENED) if is_new else ()
    return KeepDeadline(after), *events


def change_reasons(before: Profile, after: Profile) -> tuple[RenewalReason, ...]:
    """Which changes of a client's details have its enabled requests renewed."""
    names = [(each.first_name, each.second_name, each.last_name) for each in (before, after)]
    moved = {
        RenewalReason.NAME_CHANGED: names[0] != names[1],
        RenewalReason.COUNTRY_CHANGED: before.address.country != after.address.country,
        RenewalReason.ADDRESS_CHANGED: before.address != after.address,
    }
    return tuple(reason for reason, is_so in moved.items() if is_so)


def updated_renewals(context: Context, company: Company, dossier: Dossier, before: Profile) -> tuple[Change, ...]:
    """Renewals once a client was updated, which opens them where it says so. Who gives all details anew has said that
    they are right: nobody has to confirm them once more."""
    reasons, now = change_reasons(before, dossier.client.profile), context.now_of(company)
    moved = redated(context, company, dossier)  # the client's class may be another
    dossier = _with(dossier, moved)
    changes = opened_renewals(context, company, dossier, reasons)
    renewals = {each.deadline.enablement_id: each.deadline for each in changes if isinstance(each, KeepDeadline)}
    others = (dossier.renewal_of(each) for each in dossier.enablements)
    renewals |= {each.enablement_id: each for each in others if each is not None and each.enablement_id not in renewals}
    asked = (each for each in renewals.values() if each.needs_confirmation and not each.is_submitted)
    by_id = {each.enablement_id: KeepDeadline(confirmed(each, now)) for each in asked}
    rest = [each for each in changes if not (isinstance(each, KeepDeadline) and each.deadline.enablement_id in by_id)]
    done = (*by_id.values(), *rest)
    return (*_besides(moved, done), *done)
