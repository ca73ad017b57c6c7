"""Screening a client against every list: before a submission is decided, and again when a list or a name changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.lifecycle.risk import list_state, with_hits
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status, under_review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.renewals.deadlines import RenewalReason
from ostiary.domain.review.looking import NEWS, same_person
from ostiary.domain.review.remarks import demand_note
from ostiary.domain.review.routing import Advice, Source, route
from ostiary.domain.screening.hits import (
    HitState,
    ScreeningRun,
    StoredHit,
    blocks_approval,
    cannot_be_compared,
    cleared_entries,
    subject_of,
    zones_of,
)
from ostiary.domain.screening.subject import Hit, Subject
from ostiary.domain.sentences import sentence
from ostiary.domain.unit import AddHit, ChangeEnablement, DecideHit, KeepScreening, Unit
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.lifecycle.circumstances import redated
from ostiary.usecases.lifecycle.triggers import moved_renewals
from ostiary.usecases.review.claims import demand_unclaimed
from ostiary.usecases.review.looked import demand_look, look_of, remark_on
from ostiary.usecases.transaction import Outcome, execute

ACTOR = "screening"
SUBJECT_CHARACTERS = 32
"""Of a hit's key in an audit entry: as long as an id."""


class ScreeningAnswer(StrEnum):
    """What screening a client came to. `known`: the same lists were asked about the same person before."""

    CLEAR = "clear"
    HIT = "hit"
    ALREADY_KNOWN = "known"


@dataclass(frozen=True, slots=True)
class HitDecision:
    """What an operator says of a hit. `key` may be the beginning of one; `note` is read by operators only."""

    key: str
    state: HitState
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FoundHits:
    """What the lists say of a client: new evidence, and that they were asked."""

    hits: tuple[Hit, ...]
    done: ScreeningRun


async def lists_in_force(context: Context) -> str:
    """The lists with their versions, as text. Raises ScreeningUnavailable."""
    return " ".join(sorted([f"{source.name}={await source.version()}" for source in context.lists]))


async def screen_client(context: Context, caller: Caller, client_id: str, lists: str) -> ScreeningAnswer:
    """Asks every list unless it was asked already; puts an enabled client with a new hit before a person.

    Raises ScreeningUnavailable, NotFound.
    """
    dossier = await load_dossier(context, caller, client_id)
    hits = await context.storage.screening.hits(dossier.client)
    subject = subject_of(dossier.client.profile, zones_of(dossier.documents))
    last_run = await context.storage.screening.last_run(caller.company.id, client_id)
    if last_run is not None and (last_run.lists, last_run.subject_mark) == (
        lists,
        _mark(context, dossier.client, subject),
    ):
        return ScreeningAnswer.HIT if blocks_approval(hits) else ScreeningAnswer.ALREADY_KNOWN
    findings = await _ask(context, dossier.client, subject, hits, lists)

    async def decide() -> Outcome[ScreeningAnswer]:
        fresh = await load_dossier(context, caller, client_id)
        before = {hit.key for hit in await context.storage.screening.hits(fresh.client)}
        unit = _unit(context, caller, fresh, findings, news=len(_keys(context, fresh, findings) - before))
        return Outcome(ScreeningAnswer.HIT if findings.hits else ScreeningAnswer.CLEAR, unit)

    answer = await execute(context, caller, decide)
    return ScreeningAnswer.HIT if blocks_approval(await context.storage.screening.hits(dossier.client)) else answer


async def screen_as_read(context: Context, client: Client, zones: Sequence[Zone]) -> FoundHits | None:
    """What lists say of a client under the names that documents were just read to say; None when they were asked so.

    Raises ScreeningUnavailable.
    """
    subject = subject_of(client.profile, zones)
    mark = _mark(context, client, subject)
    last_run = await context.storage.screening.last_run(client.company_id, client.id)
    if not context.lists or (last_run is not None and last_run.subject_mark == mark):
        return None
    return await _ask(
        context, client, subject, await context.storage.screening.hits(client), await lists_in_force(context)
    )


async def reasons_against(context: Context, dossier: Dossier, zones: Sequence[Zone] = ()) -> tuple[str, ...]:
    """Why screening keeps a client from being enabled without a person; empty when it does not.

    `zones` are what documents were just read to say, beside what they were read to say before.
    """
    if not context.lists:
        return ()
    reasons = (
        [ReviewReason.SCREENING_HIT] if blocks_approval(await context.storage.screening.hits(dossier.client)) else []
    )
    if cannot_be_compared(dossier.client.profile, (*zones_of(dossier.documents), *zones)):
        reasons.append(ReviewReason.SCREENING_NOT_COMPARABLE)
    return tuple(reason.value for reason in reasons)


async def decide_hit(
    context: Context, caller: Caller, client_id: str, enablement_id: str, decided: HitDecision
) -> Outcome[StoredHit]:
    """A person who looked at the evidence says who it is, and why.

    Raises NotFound; ValidationFailed without a note; InvalidState for what was decided the same way, for who did not
    look, and when who confirmed a hit would clear it.
    """
    demand_note(decided.note)
    dossier = await load_dossier(context, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    every = await context.storage.screening.hits(dossier.client)
    hits = [hit for hit in every if hit.key.startswith(decided.key) and decided.key]
    if not hits:
        raise NotFound("There is no such hit of this client; `ostiary review show` lists them.")
    if len(hits) > 1:
        raise ValidationFailed(
            sentence("%(key)s begins the keys of %(count)s hits; give more of it.", key=decided.key, count=len(hits))
        )
    [hit] = hits
    if hit.state is decided.state:
        raise InvalidState(sentence("This hit is %(state)s already.", state=decided.state))
    await demand_unclaimed(context, caller, enablement_id)
    demand_look(await look_of(context, caller, dossier, enablement_id), enablement_id)
    if (hit.state, decided.state) == (HitState.CONFIRMED, HitState.CLEARED):
        await _demand_another(context, caller, dossier, hit)
    action, subject = f"hit_{decided.state}", hit.key[:SUBJECT_CHARACTERS]
    hits_then = (replace(each, state=decided.state) if each is hit else each for each in every)
    after = replace(dossier, list_state=list_state(hits_then))  # the client's class may be another by it
    unit = Unit(
        caller.company.id,
        context.now_ms(),
        dossier.client,
        changes=(
            DecideHit(hit.key, decided.state),
            *remark_on(context, caller, enablement.id, action, decided.note, subject),
            *redated(context, caller.company, after),
        ),
        notes=(Note(action, caller.actor, subject, (hit.hit.list, enablement.id)),),
    )
    return Outcome(replace(hit, state=decided.state), unit)


async def _demand_another(context: Context, caller: Caller, dossier: Dossier, hit: StoredHit) -> None:
    """Four eyes: who said that it is the client does not take that back alone. Raises InvalidState."""
    entries = await context.storage.audit.entries(caller.company.id, dossier.client.id)
    subject, action = hit.key[:SUBJECT_CHARACTERS], f"hit_{HitState.CONFIRMED}"
    confirmed = next(entry.actor for entry in reversed(entries) if (entry.action, entry.subject) == (action, subject))
    if same_person(confirmed, caller.actor):
        raise InvalidState("You confirmed this hit: a second operator decides whether it is somebody else after all.")


async def _ask(context: Context, client: Client, subject: Subject, stored: list[StoredHit], lists: str) -> FoundHits:
    hits: list[Hit] = []
    for source in context.lists:
        answer = await source.screen(subject, cleared_entries(stored, source.name))
        hits += answer.hits
    return FoundHits(tuple(hits), ScreeningRun(lists, _mark(context, client, subject)))


def _unit(context: Context, caller: Caller, dossier: Dossier, answer: FoundHits, *, news: int) -> Unit:
    """The evidence; where there are new hits, every enabled request of the client gets a review."""
    now, reason = context.now_ms(), ReviewReason.SCREENING_HIT.value
    enabled = [enablement for enablement in dossier.enablements if enablement.status is Status.ENABLED]
    codes = (f"hits_{len(answer.hits)}", *([f"{NEWS}{news}"] if news else []))
    unit = Unit(
        caller.company.id,
        now,
        dossier.client,
        (*map(AddHit, answer.hits), KeepScreening(answer.done)),
        notes=(Note("client_screened", ACTOR, dossier.client.id, codes),),
    )
    review = route(Source.SCREENING, Advice.REVOKE, Policy.MANUAL).review
    dossier = with_hits(dossier, answer.hits)  # the client's class may be another by them
    if review is None or not news:
        return unit.plus(*redated(context, caller.company, dossier))
    after = (ChangeEnablement(under_review(enablement, review, now, (reason,))) for enablement in enabled)
    renewals = moved_renewals(context, caller.company, dossier, (RenewalReason.LIST_HIT,))
    opened = (Note("review_opened", ACTOR, enablement.id, (reason,)) for enablement in enabled)
    return replace(unit.plus(*after, *renewals), notes=(*unit.notes, *opened))


def _keys(context: Context, dossier: Dossier, answer: FoundHits) -> set[str]:
    client = dossier.client
    marks = (
        context.cipher.lookup_hash("screening", client.company_id, client.id, hit.list, hit.entry_id)
        for hit in answer.hits
    )
    return {mark.hex() for mark in marks}


def _mark(context: Context, client: Client, subject: Subject) -> bytes:
    """What stands for who was asked about: another name or birth date is another question."""
    asked = "\x1f".join((*subject.names, subject.birth_date or "", *subject.countries))
    return context.cipher.lookup_hash("screening", client.company_id, client.id, "subject", asked)
