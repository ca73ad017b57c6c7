"""Individual clients: create, read, list, replace."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.clients.client import Client, ClientStatus, Profile, moved_fields, profile_faults, with_profile
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import DuplicateClient, Fault, InvalidState, NotFound, ValidationFailed
from ostiary.domain.ids import is_id
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status, under_review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.routing import Advice, Source, route
from ostiary.domain.sentences import N_, sentence, spoken
from ostiary.domain.unit import ChangeEnablement, KeepProfile, OwnerWrite, Unit
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.lifecycle.triggers import updated_renewals
from ostiary.usecases.transaction import Outcome

_WHY = (ReviewReason.CLIENT_CHANGED.value,)


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """Which clients a list is of; None: whatever it is. An e-mail counts in any spelling that counts as the same."""

    status: ClientStatus | None = None
    email: str | None = field(default=None, repr=False)
    reference: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ClientPage:
    """Clients newest first; `next` is the cursor of the following page, if there is one."""

    clients: tuple[Client, ...]
    next: str | None = None


async def create_client(context: Context, caller: Caller, profile: Profile) -> Outcome[Client]:
    """Raises ValidationFailed with every broken rule, DuplicateClient."""
    email_key = await _checked(context, caller, profile, None)
    client_id, now = context.new_id(), context.now_of(caller.company)
    client = Client(
        id=client_id,
        company_id=caller.company.id,
        profile=profile,
        status=ClientStatus.PENDING,
        created_at_ms=now,
        updated_at_ms=now,
        data_key=context.cipher.new_data_key(caller.company.id, client_id),
        email_key=email_key,
    )
    note = Note("client_created", caller.actor, client_id)
    return Outcome(client, Unit(caller.company.id, context.now_ms(), client, notes=(note,), owner_write=OwnerWrite.ADD))


async def read_client(context: Context, caller: Caller, client_id: str) -> Client:
    """Raises NotFound."""
    client = await context.storage.clients.find(caller.company.id, client_id) if is_id(client_id) else None
    if client is None:
        raise NotFound(N_("There is no such client."))
    return client


async def list_clients(
    context: Context, caller: Caller, wanted: ClientFilter, *, before: str | None, limit: int
) -> ClientPage:
    """Newest first; an e-mail or a reference finds at most one."""
    if wanted.email is None and wanted.reference is None:
        clients = await context.storage.clients.page(caller.company.id, wanted.status, before, limit + 1)
        return ClientPage(tuple(clients[:limit]), clients[limit - 1].id if len(clients) > limit else None)
    email_key = None if wanted.email is None else context.lookups.normal_email(wanted.email)
    if wanted.reference is not None:
        client = await context.storage.clients.by_reference(caller.company.id, wanted.reference.strip())
    else:
        client = await context.storage.clients.by_email(caller.company.id, email_key or "")
    if client is None or email_key not in (None, client.email_key):
        return ClientPage(())
    is_on_page = wanted.status in (None, client.status) and (before is None or client.id < before)
    return ClientPage((client,) if is_on_page else ())


async def update_client(
    context: Context, caller: Caller, client_id: str, profile: Profile, expected: frozenset[str] | None = None
) -> Outcome[Client]:
    """Replaces the whole profile, if the client is still at one of the versions `expected` (None: whatever it is at).

    Raises NotFound, ValidationFailed, DuplicateClient, and InvalidState when it is not, for a client that is rejected,
    and when a review runs and what is reviewed would move.
    """
    dossier = await load_dossier(context, caller, client_id)
    if expected is not None and str(dossier.client.version) not in expected:
        fault = Fault("If-Match", "CLIENT_CHANGED", N_("the client changed since then: read it again"))
        raise InvalidState(N_("The client is no longer as If-Match says."), faults=(fault,))
    if dossier.client.status is ClientStatus.REJECTED:
        raise InvalidState(N_("This client was rejected: what it was rejected as stays as it is."))
    email_key = await _checked(context, caller, profile, client_id)
    if profile == dossier.client.profile:
        return Outcome(dossier.client)
    moved = moved_fields(dossier.client.profile, profile)
    _refuse_to_move(dossier, moved)
    named = moved if profile.reference == dossier.client.profile.reference else (*moved, "reference")
    now = context.now_ms()
    client = replace(with_profile(dossier.client, profile, context.now_of(caller.company)), email_key=email_key)
    raised = _raised(dossier, moved, now)
    updated = replace(dossier, client=client)
    renewals = updated_renewals(context, caller.company, updated, dossier.client.profile)
    opened = (Note("review_opened", caller.actor, enablement.id, _WHY) for enablement in raised)
    unit = Unit(
        caller.company.id,
        now,
        client,
        owner_write=OwnerWrite.DETAILS,
        changes=(KeepProfile(dossier.client.profile), *map(ChangeEnablement, raised), *renewals),
        notes=(Note("client_updated", caller.actor, client_id, named), *opened),
    )
    return Outcome(replace(client, version=client.version + 1), unit)  # as it is kept


async def _checked(context: Context, caller: Caller, profile: Profile, own_id: str | None) -> str:
    """The e-mail's comparable form, once every rule is kept and nobody else has it or the reference."""
    faults = profile_faults(
        profile, context.catalogues.attributes, context.today_of(caller.company), context.lookups_for(caller.company)
    )
    if faults:
        raise ValidationFailed(faults=faults)
    email_key = context.lookups.normal_email(profile.email)
    if taken := await taken_faults(context, caller, profile, own_id):
        raise DuplicateClient(faults=taken)
    return email_key


async def taken_faults(
    context: Context, caller: Caller, profile: Profile, own_id: str | None = None
) -> tuple[Fault, ...]:
    """What another client has that no two may share. The e-mail is a good one."""
    email_key = context.lookups.normal_email(profile.email)
    holders = [("email", N_("e-mail"), await context.storage.clients.by_email(caller.company.id, email_key))]
    if profile.reference is not None:
        holder = await context.storage.clients.by_reference(caller.company.id, profile.reference)
        holders.append(("reference", N_("reference"), holder))
    return tuple(
        Fault(
            name,
            "DUPLICATE_CLIENT",
            sentence("another client has this %(word)s", word=spoken(word)),
            client_id=holder.id,
        )
        for name, word, holder in holders
        if holder is not None and holder.id != own_id
    )


def _refuse_to_move(dossier: Dossier, moved: tuple[str, ...]) -> None:
    if moved and any(dossier.is_reviewed(enablement) for enablement in dossier.enablements):
        faults = tuple(
            Fault(name, "INVALID_STATE", sentence("%(name)s is being reviewed", name=name)) for name in moved
        )
        raise InvalidState(N_("A product request is in review: what is reviewed cannot change now."), faults=faults)


def _raised(dossier: Dossier, moved: tuple[str, ...], now_ms: int) -> tuple[Enablement, ...]:
    """The enabled products that a person must look at again, because who they are for changed."""
    if not moved:
        return ()
    review = route(Source.CHANGE, Advice.REVOKE, Policy.MANUAL).review
    enabled = (
        enablement
        for enablement in dossier.enablements
        if enablement.status is Status.ENABLED and not _is_told(enablement)
    )
    return tuple(under_review(enablement, review, now_ms, _WHY) for enablement in enabled if review is not None)


def _is_told(enablement: Enablement) -> bool:
    """A person is to look at an earlier change still, and sees this one with it."""
    return enablement.review is not None and set(_WHY) <= set(enablement.review_reasons)
