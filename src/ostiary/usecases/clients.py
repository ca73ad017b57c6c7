"""Individual clients: create, read, list, replace."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ostiary.domain.audit import Note
from ostiary.domain.clients import (
    Client,
    ClientStatus,
    Profile,
    moved_fields,
    profile_faults,
    with_profile,
)
from ostiary.domain.companies import Caller
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement, Review, Status, under_review
from ostiary.domain.errors import DuplicateClient, Fault, InvalidState, NotFound, ValidationFailed
from ostiary.domain.ids import is_id
from ostiary.domain.units import Unit
from ostiary.usecases.deciding import Decided
from ostiary.usecases.loading import load_dossier
from ostiary.usecases.world import World


@dataclass(frozen=True, slots=True)
class Page:
    """Clients newest first; `next` is the cursor of the following page, if there is one."""

    clients: tuple[Client, ...]
    next: str | None = None


async def create_client(world: World, caller: Caller, profile: Profile) -> Decided[Client]:
    """Raises ValidationFailed with every broken rule, DuplicateClient."""
    email_key = await _checked(world, caller, profile, None)
    client_id, now = world.new_id(), world.now_ms()
    client = Client(
        client_id, caller.company.id, profile, ClientStatus.PENDING, now, now,
        world.cipher.new_data_key(caller.company.id, client_id), email_key,
    )  # fmt: skip
    note = Note("client_created", caller.actor, client_id)
    return Decided(client, Unit(caller.company.id, now, client=client, client_is_new=True, notes=(note,)))


async def read_client(world: World, caller: Caller, client_id: str) -> Client:
    """Raises NotFound."""
    client = await world.storage.client(caller.company.id, client_id) if is_id(client_id) else None
    if client is None:
        raise NotFound("There is no such client.")
    return client


async def list_clients(
    world: World, caller: Caller, *, status: ClientStatus | None, email: str | None, before: str | None, limit: int
) -> Page:
    """Newest first; an e-mail finds at most one, in any spelling that counts as the same."""
    if email is not None:
        found = await world.storage.client_by_email(caller.company.id, world.lookups.normal_email(email))
        good = found is not None and status in (None, found.status) and (before is None or found.id < before)
        return Page((found,) if found is not None and good else ())
    clients = await world.storage.clients(caller.company.id, status, before, limit + 1)
    return Page(tuple(clients[:limit]), clients[limit - 1].id if len(clients) > limit else None)


async def update_client(world: World, caller: Caller, client_id: str, profile: Profile) -> Decided[Client]:
    """Replaces the whole profile.

    Raises NotFound, ValidationFailed, DuplicateClient, and InvalidState when a review runs and what is reviewed
    would move.
    """
    dossier = await load_dossier(world, caller, client_id)
    email_key = await _checked(world, caller, profile, client_id)
    if profile == dossier.client.profile:
        return Decided(dossier.client)
    moved = moved_fields(dossier.client.profile, profile)
    _refuse_to_move(dossier, moved)
    now = world.now_ms()
    client = replace(with_profile(dossier.client, profile, now), email_key=email_key)
    unit = Unit(
        caller.company.id, now, client=client, details_changed=True,
        enablements_changed=_raised(dossier, moved, now),
        notes=(Note("client_updated", caller.actor, client_id, moved),),
    )  # fmt: skip
    return Decided(client, unit)


async def _checked(world: World, caller: Caller, profile: Profile, own_id: str | None) -> str:
    """The e-mail's comparable form, once every rule is kept and nobody else has it."""
    faults = profile_faults(profile, world.catalogues.attributes, world.today(), world.lookups)
    if faults:
        raise ValidationFailed(faults=faults)
    email_key = world.lookups.normal_email(profile.email)
    holder = await world.storage.client_by_email(caller.company.id, email_key)
    if holder is not None and holder.id != own_id:
        raise DuplicateClient(faults=(Fault("email", "DUPLICATE_CLIENT", "another client has this e-mail"),))
    return email_key


def _refuse_to_move(dossier: Dossier, moved: tuple[str, ...]) -> None:
    if moved and any(one.status is Status.IN_KYC for one in dossier.enablements):
        faults = tuple(Fault(name, "INVALID_STATE", f"{name} is being reviewed") for name in moved)
        raise InvalidState("A product request is in review: what is reviewed cannot change now.", faults=faults)


def _raised(dossier: Dossier, moved: tuple[str, ...], now_ms: int) -> tuple[Enablement, ...]:
    """The enabled products that a person must look at again, because who they are for changed."""
    if not moved:
        return ()
    enabled = (one for one in dossier.enablements if one.status is Status.ENABLED and one.review is None)
    return tuple(under_review(one, Review.CHANGE, now_ms) for one in enabled)
