"""Carrying an erasure out, step by step: each may be broken off anywhere, and is done again from its beginning.

What is in the database ends in one unit of work, with the data key in it. Pictures and providers follow; in the end it
is looked at whether anything is left. Nothing is taken for done because it was begun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from ostiary.domain.audit.trail import ERASED, WORKER, Note
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import Broken, LeaseLost, Unavailable
from ostiary.domain.ids import time_ms
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.privacy.erasure import (
    COMPLETED,
    HELD,
    HELD_LOOKED_AT_MS,
    WITHDRAWN,
    Cause,
    ChangeErasure,
    EraseClient,
    Erasure,
    ErasureState,
    again_after_ms,
    done,
    put_off,
    receipt_mark,
)
from ostiary.domain.privacy.events import ErasureEvent, erasure_event
from ostiary.domain.providers.provider import ProviderRefused, ProviderUnavailable
from ostiary.domain.times import END_MS, day_of
from ostiary.domain.unit import AddMessage, OwnerWrite, Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context, LeftPictures
from ostiary.usecases.privacy.standing import client_standing, is_held
from ostiary.usecases.providers.receive_verdict import reference_of
from ostiary.usecases.transaction import Outcome, execute

SETTLING_LEASES = 2
"""What was under way when the client was erased is over by then: a call holds its key, and a worker its message, for no
longer than a lease."""
ON_REQUEST = (Cause.REQUEST, Cause.RETENTION)
"""Causes that need the period to be over still when it comes to it."""


async def carry_out(context: Context, company: Company, erasure: Erasure, left: LeftPictures) -> Erasure:
    """Goes as far as it goes now, with an erasure that was claimed; how it stands then. `left` finds what lies in the
    store. Raises Unavailable when the database is away, LeaseLost where somebody else has it by now."""
    caller = Caller(company, WORKER, 0)
    if erasure.state is ErasureState.WAITING:
        erasure = await execute(context, caller, partial(_end_in_database, context, company, erasure))
        # When it is gone on with is kept already: what can be done elsewhere at once need not be.
        return await _end_elsewhere(context, erasure, left) if erasure.state is ErasureState.ERASED else erasure
    erasure = await _end_elsewhere(context, erasure, left)
    if erasure.problem or erasure.due_at_ms > context.now_ms():
        return await execute(context, caller, partial(_stored, context, company, erasure))
    return await execute(context, caller, partial(_complete, context, company, erasure, left))


# ---- the database ---------------------------------------------------------------------------------------------------


async def _end_in_database(context: Context, company: Company, erasure: Erasure) -> Outcome[Erasure]:
    """Decided on fresh readings each time: a hold that was set meanwhile is seen, or its unit loses to this one."""
    await _demand_ours(context, company, erasure)
    now = context.now_ms()
    dossier = await context.storage.dossier(company.id, erasure.client_id)
    if dossier is None:
        return _left_alone(context, erasure)
    until = None if erasure.cause is Cause.RESTORED else await is_held(context, dossier)
    if until is not None:
        after = put_off(erasure, min(until, now + HELD_LOOKED_AT_MS), HELD)
        return await _stored(context, company, after)
    if erasure.cause in ON_REQUEST:
        standing = await client_standing(context, company, dossier)
        if standing.due_at_ms is None or standing.due_at_ms > context.now_of(company):
            note = Note(WITHDRAWN, WORKER, erasure.client_id, (erasure.id, standing.category.value))
            return _left_alone(context, erasure, dossier, (note,))
    after = replace(
        erasure,
        state=ErasureState.ERASED,
        erased_at_ms=now,
        due_at_ms=now + SETTLING_LEASES * context.timing.lease_ms,
        leased_until_ms=0,
        problem="",
        pictures=await _picture_names(context, dossier),
        days=await _days(context, dossier, now),
        providers=() if company.is_sandbox else _providers(context.catalogues.by_version(), dossier),
        counted=tuple((await context.storage.removal.counted(company.id, erasure.client_id)).items()),
    )
    unit = Unit(
        company_id=company.id,
        at_ms=now,
        owner=replace(dossier.client, updated_at_ms=now),
        owner_write=OwnerWrite.ERASE,
        changes=(EraseClient(after),),
        notes=(Note(ERASED, WORKER, erasure.client_id, (erasure.id, erasure.cause.value)),),
    )
    return Outcome(after, unit)


def _left_alone(
    context: Context, erasure: Erasure, dossier: Dossier | None = None, notes: tuple[Note, ...] = ()
) -> Outcome[Erasure]:
    """There is nobody to erase, or no more reason to."""
    after = replace(erasure, state=ErasureState.WITHDRAWN, due_at_ms=END_MS, leased_until_ms=0, problem="")
    owner = None if dossier is None else dossier.client
    changes = (ChangeErasure(after),)
    return Outcome(after, Unit(erasure.company_id, context.now_ms(), owner, changes=changes, notes=notes))


async def _picture_names(context: Context, dossier: Dossier) -> tuple[str, ...]:
    """What rows say. Of one that does not open they are found by listing all the same."""
    try:
        documents = await context.storage.documents.every(dossier.client)
    except Broken:
        return ()
    return tuple(side.file for document in documents for side in document.sides)


async def _days(context: Context, dossier: Dossier, now_ms: int) -> tuple[str, ...]:
    """In which the store may have something of the client: of each document, and of what was just being sent."""
    ids = await context.storage.documents.ids(dossier.client.company_id, dossier.client.id)
    today = day_of(now_ms)
    days = {day_of(time_ms(document_id)) for document_id in ids} | {today, today - timedelta(days=1)}
    return tuple(f"{day:%Y%m%d}" for day in sorted(days))


def _providers(catalogues: Mapping[str, Catalogue], dossier: Dossier) -> tuple[tuple[str, str], ...]:
    """Who was told of a submission, and by which reference."""
    references = set[tuple[str, str]]()
    for enablement in dossier.enablements:
        catalogue = catalogues.get(enablement.catalogue_version)
        product = None if catalogue is None else catalogue.products.get(enablement.product)
        if product is not None and product.provider and enablement.attempt:
            references.add((product.provider, reference_of(enablement)))
    return tuple(sorted(references))


async def _demand_ours(context: Context, company: Company, erasure: Erasure) -> None:
    """Raises LeaseLost where somebody else has it meanwhile, or somebody withdrew it."""
    now = await context.storage.erasures.find(company, erasure.id)
    if now is None or now.attempts != erasure.attempts or not now.state.is_open:
        raise LeaseLost


# ---- elsewhere ------------------------------------------------------------------------------------------------------


async def _end_elsewhere(context: Context, erasure: Erasure, left: LeftPictures) -> Erasure:
    """Pictures first: they are the worst to keep. What refuses is tried again later, and longer each time."""
    now = context.now_ms()
    erasure = replace(erasure, problem="")
    try:
        await context.pictures.remember_erased(erasure.company_id, erasure.client_id)
        for name in erasure.pictures:
            await context.pictures.remove(name)
        if (settled_ms := erasure.erased_at_ms + SETTLING_LEASES * context.timing.lease_ms) > now:
            return put_off(replace(erasure, attempts=erasure.attempts), settled_ms, "")
        for name in await left.of(erasure.company_id, erasure.client_id, erasure.days):
            await context.pictures.remove(name)
    except Unavailable:
        return _again(erasure, now, "store_refuses")
    return await _providers_told(context, erasure)


async def _providers_told(context: Context, erasure: Erasure) -> Erasure:
    """Each is asked once more; what two people said is not waited for does not keep it open."""
    problem = ""
    for name, reference in erasure.unconfirmed:
        provider = context.providers.get(name)
        if provider is None:
            problem = f"provider_unknown {name}"
            continue
        try:
            answer = await provider.forget(reference)
        except ProviderRefused:
            problem = f"provider_refuses {name}"
        except ProviderUnavailable:
            problem = f"provider_away {name}"
        else:
            if answer:
                word = (name, reference, answer, context.now_ms())
                erasure = replace(erasure, confirmed=(*erasure.confirmed, word))
            else:
                problem = f"provider_silent {name}"
    return _again(erasure, context.now_ms(), problem) if problem and not erasure.is_waived else erasure


def _again(erasure: Erasure, now_ms: int, problem: str) -> Erasure:
    """Claims do not count: what was held for a year, or broken off often, is asked again after a minute at first."""
    refused = replace(erasure, refusals=erasure.refusals + 1)
    return put_off(refused, now_ms + again_after_ms(refused.refusals), problem)


async def _stored(context: Context, company: Company, erasure: Erasure) -> Outcome[Erasure]:
    await _demand_ours(context, company, erasure)
    unit = Unit(erasure.company_id, context.now_ms(), changes=(ChangeErasure(erasure),))
    return Outcome(erasure, unit)


# ---- the end --------------------------------------------------------------------------------------------------------


async def _complete(context: Context, company: Company, erasure: Erasure, left: LeftPictures) -> Outcome[Erasure]:
    """Looks whether anything is left, and writes the receipt."""
    await _demand_ours(context, company, erasure)
    now = context.now_ms()
    problem = await _what_is_left(context, company, erasure, left)
    if problem:
        return await _stored(context, company, _again(erasure, now, problem))
    client = await context.storage.clients.any(company.id, erasure.client_id)
    assert client is not None  # noqa: S101 (rows of clients are never removed)
    after = done(erasure, now, len(erasure.pictures))
    assert after.receipt is not None  # noqa: S101 (it was just written)
    note = Note(COMPLETED, WORKER, erasure.client_id, (erasure.id, receipt_mark(after.receipt)))
    owner = replace(client, updated_at_ms=now)
    unit = Unit(company.id, now, owner, changes=(ChangeErasure(after),), notes=(note,))
    return Outcome(after, unit.plus(*_told_of(context, company, after)))


def _told_of(context: Context, company: Company, erasure: Erasure) -> tuple[AddMessage, ...]:
    """The one message that is kept of somebody who is gone, as long as deliveries are; none where nobody listens."""
    if company.webhook.url is None or ErasureEvent.ERASED.value not in company.webhook.event_types:
        return ()
    return (AddMessage(erasure_event(context.new_id(), erasure, context.now_ms())),)


async def _what_is_left(context: Context, company: Company, erasure: Erasure, left: LeftPictures) -> str:
    """Nothing may be: else where something is. Rows that a call wrote behind the erasure are taken away."""
    storage, client_id = context.storage, erasure.client_id
    if await storage.removal.counted(company.id, client_id):
        await storage.removal.sweep(company.id, client_id)
        if counted := await storage.removal.counted(company.id, client_id):
            return f"rows_left {' '.join(counted)}"
    if await storage.clients.find(company.id, client_id) is not None:
        return "rows_left clients"
    try:
        names: Sequence[str] = await left.of(company.id, client_id, erasure.days)
    except Unavailable:
        return "store_refuses"
    return "pictures_left" if names else ""
