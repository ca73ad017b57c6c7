"""Deadlines of requests that were enabled before anything was due for them, and of those whose product's rules changed.

In bounded batches that may be broken off anywhere: a request is done once its deadline stands for today's rules.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from ostiary.domain.audit.trail import WORKER, Note
from ostiary.domain.catalogue.in_force import renewal_rules_of
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import Unavailable
from ostiary.domain.lifecycle.risk import risk_mark
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.renewals.changes import DropDeadline, KeepDeadline
from ostiary.domain.renewals.dates import first_deadline, spread, with_rules
from ostiary.domain.renewals.deadlines import rules_mark
from ostiary.domain.times import day_of
from ostiary.domain.unit import Unit
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.lifecycle.circumstances import circumstances_of, rules_of, seen_to
from ostiary.usecases.lifecycle.failures import Tell, untold
from ostiary.usecases.transaction import Outcome, execute

DATED_TOGETHER = 100
_WHOLE = 1 << 64


async def date_requests(
    context: Context, company: Company, product_id: str, after: str, tell: Tell = untold
) -> str | None:
    """One batch of a product that the catalogue in force offers, behind a request's id. Gives the last id that was
    looked at; None: there are no more. One that cannot be dated keeps no other: `tell` hears of it.

    Raises Unavailable."""
    product = context.catalogues.current.products[product_id]
    rules = renewal_rules_of(product)
    deadlines, place = context.storage.deadlines, (company.id, product_id)
    if rules.ask_anything:
        mark = rules_mark(rules, risk_mark(context.catalogues.current.risk))
        places, last = await deadlines.of_other_rules(*place, mark, after, DATED_TOGETHER)
    else:  # nothing is due any more: the catalogue in force says so
        places = await deadlines.of_product(*place, after, DATED_TOGETHER)
        last = places[-1][1] if len(places) == DATED_TOGETHER else None
    see_to, caller = _dated if rules.ask_anything else _dropped, Caller(company, WORKER, 0)
    for client_id, enablement_id in places:
        try:
            await execute(context, caller, partial(see_to, context, caller, client_id, enablement_id))
        except Unavailable:
            raise
        except Exception as error:
            tell(client_id, error)
    return last


async def _dated(context: Context, caller: Caller, client_id: str, enablement_id: str) -> Outcome[None]:
    dossier = await load_dossier(context, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    at = circumstances_of(context, caller.company, dossier, enablement)
    deadline = dossier.deadline_of(enablement)
    is_done = deadline is not None and deadline.rules == at.mark
    if enablement.status is not Status.ENABLED or not at.rules.ask_anything or is_done:
        return Outcome(None)
    share = share_of(enablement_id)
    if deadline is None:
        enabled_on = min(day_of(enablement.updated_at_ms), at.today)
        fresh = first_deadline(
            caller.company.id, client_id, enablement_id, enablement.product, at, reviewed_on=enabled_on
        )
        after = spread(fresh, at, share)
    else:
        after = with_rules(deadline, at, share)
    after = seen_to(context, caller.company, dossier, after)
    unit = Unit(
        caller.company.id,
        context.now_ms(),
        dossier.client,
        changes=(KeepDeadline(after),),
        notes=(Note("deadline_dated", WORKER, enablement_id),),
    )
    return Outcome(None, unit)


async def _dropped(context: Context, caller: Caller, client_id: str, enablement_id: str) -> Outcome[None]:
    dossier = await load_dossier(context, caller, client_id)
    if rules_of(context, dossier, dossier.enablement(enablement_id)).ask_anything:
        return Outcome(None)
    unit = Unit(
        caller.company.id,
        context.now_ms(),
        dossier.client,
        changes=(DropDeadline(enablement_id),),
        notes=(Note("deadline_dropped", WORKER, enablement_id),),
    )
    return Outcome(None, unit)


def share_of(enablement_id: str) -> float:
    """Where a request lies among all, from 0 to 1: as good as even, and always the same."""
    return int.from_bytes(sha256(enablement_id.encode()).digest()[:8]) / _WHOLE
