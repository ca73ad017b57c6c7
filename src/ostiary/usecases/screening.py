"""Screening a client against every list: before a submission is decided, and again when a list or a name changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from ostiary.domain.audit import Note
from ostiary.domain.clients import Client
from ostiary.domain.companies import Caller
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Review, Status, under_review
from ostiary.domain.errors import InvalidState, NotFound
from ostiary.domain.review_reasons import ReviewReason
from ostiary.domain.screening import Hit, Subject
from ostiary.domain.screening_hits import Done, HitState, KeptHit, cleared_entries, is_against, subject_of
from ostiary.domain.units import Unit
from ostiary.usecases.deciding import Decided, settle
from ostiary.usecases.loading import load_dossier
from ostiary.usecases.world import World

ACTOR = "screening"


class Answer(StrEnum):
    """What screening a client came to. `known`: the same lists were asked about the same person before."""

    CLEAR = "clear"
    HIT = "hit"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Found:
    """What the lists say of a client: new evidence, and that they were asked."""

    hits: tuple[Hit, ...]
    done: Done


async def lists_in_force(world: World) -> str:
    """The lists with their versions, as text. Raises ScreeningUnavailable."""
    return " ".join(sorted([f"{one.name}={await one.version()}" for one in world.lists]))


async def screen_client(world: World, caller: Caller, client_id: str, lists: str) -> Answer:
    """Asks every list unless it was asked already; puts an enabled client with a new hit before a person.

    Raises ScreeningUnavailable, NotFound.
    """
    dossier = await load_dossier(world, caller, client_id)
    kept = await world.storage.hits(dossier.client)
    known = await world.storage.screening(caller.company.id, client_id)
    if known is not None and (known.lists, known.subject_mark) == (lists, _mark(world, dossier.client)):
        return Answer.HIT if is_against(kept) else Answer.KNOWN
    found = await _ask(world, dossier.client, kept, lists)

    async def decide() -> Decided[Answer]:
        fresh = await load_dossier(world, caller, client_id)
        before = {one.key for one in await world.storage.hits(fresh.client)}
        unit = _unit(world, caller, fresh, found, has_news=len(before) < len(before | _keys(world, fresh, found)))
        return Decided(Answer.HIT if found.hits else Answer.CLEAR, unit)

    answer = await settle(world, caller, decide)
    return Answer.HIT if is_against(await world.storage.hits(dossier.client)) else answer


async def hits_against(world: World, client: Client) -> bool:
    """Whether a list keeps a client from being enabled without a person."""
    return bool(world.lists) and is_against(await world.storage.hits(client))


async def decide_hit(world: World, caller: Caller, client_id: str, key: str, state: HitState) -> Decided[KeptHit]:
    """A person says who it is. Raises NotFound; InvalidState for what was decided the same way."""
    dossier = await load_dossier(world, caller, client_id)
    kept = next((one for one in await world.storage.hits(dossier.client) if one.key.startswith(key) and key), None)
    if kept is None:
        raise NotFound("There is no such hit of this client; `ostiary review show` lists them.")
    if kept.state is state:
        raise InvalidState(f"This hit is {state} already.")
    note = Note(f"hit_{state}", caller.actor, kept.key[:32])
    unit = Unit(
        caller.company.id, world.now_ms(), client=dossier.client, hits_decided=((kept.key, state),), notes=(note,)
    )
    return Decided(replace(kept, state=state), unit)


async def _ask(world: World, client: Client, kept: list[KeptHit], lists: str) -> Found:
    subject = subject_of(client.profile)
    hits: list[Hit] = []
    for one in world.lists:
        answer = await one.screen(subject, cleared_entries(kept, one.name))
        hits += answer.hits
    return Found(tuple(hits), Done(lists, _mark(world, client)))


def _unit(world: World, caller: Caller, dossier: Dossier, found: Found, *, has_news: bool) -> Unit:
    """The evidence; an enabled request of the client is put before a person when there is something new."""
    now, reason = world.now_ms(), ReviewReason.SCREENING_HIT.value
    enabled = next((one for one in dossier.enablements if one.status is Status.ENABLED), None)
    codes = (f"hits_{len(found.hits)}",)
    unit = Unit(
        caller.company.id, now, client=dossier.client, hits_found=found.hits, screened=found.done,
        notes=(Note("client_screened", ACTOR, dossier.client.id, codes),),
    )  # fmt: skip
    if enabled is None or not has_news:
        return unit
    after = under_review(enabled, Review.CHANGE, now)
    opened = Note("review_opened", ACTOR, enabled.id, (reason,))
    return replace(unit, enablements_changed=(after,), notes=(*unit.notes, opened))


def _keys(world: World, dossier: Dossier, found: Found) -> set[str]:
    client = dossier.client
    marks = (world.cipher.mark("screening", client.company_id, client.id, one.list, one.entry_id) for one in found.hits)
    return {one.hex() for one in marks}


def _mark(world: World, client: Client) -> bytes:
    """What stands for who was asked about: another name or birth date is another question."""
    subject: Subject = subject_of(client.profile)
    asked = "\x1f".join((*subject.names, subject.birth_date or "", *subject.countries))
    return world.cipher.mark("screening", client.company_id, client.id, "subject", asked)
