"""A provider's verdict, however it came: understood, applied or put aside, and always on record."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.clients.client import profile_at
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import NotFound, ValidationFailed
from ostiary.domain.ids import is_id
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.providers.provider import ProviderAnswer, ProviderVerdict
from ostiary.domain.renewals.deadlines import RenewalReason
from ostiary.domain.review.provider_verdicts import Meaning, decided, meaning, objects_to_what_was_sent, private_note
from ostiary.domain.review.routing import Advice, Fact, Source, facts_of_identity, reasons_for
from ostiary.domain.review.verdicts import Verdict
from ostiary.domain.unit import Change, ChangeEnablement, MessageResult, OwnerWrite, Unit, ending
from ostiary.domain.value import value_type
from ostiary.domain.verification.identity import contradicted_aspects, with_objected
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier, state_of
from ostiary.usecases.lifecycle.renewal_verdicts import judged_renewal
from ostiary.usecases.lifecycle.triggers import opened_renewals
from ostiary.usecases.review.apply_verdict import Advised, follow, remembering
from ostiary.usecases.review.standing import standing_facts
from ostiary.usecases.transaction import Outcome, execute
from ostiary.usecases.verification.numbers import numbers_against, numbers_given

IGNORED = "verdict_ignored"


@value_type
class _Weighed:
    """What a provider says, beside what stands against the client already."""

    verdict: ProviderVerdict
    facts: frozenset[Fact]


class Heard(StrEnum):
    """What became of a verdict, as the provider is told."""

    APPLIED = "applied"
    NOTED = "noted"
    IGNORED = "ignored"


async def receive_verdict(context: Context, provider: str, verdict: ProviderVerdict) -> Heard:
    """Raises NotFound for a reference that is not one of this provider's."""
    company_id, client_id, enablement_id = _named(verdict.reference)
    company = await context.storage.companies.find(company_id)
    if company is None:
        raise NotFound
    caller = Caller(company, f"provider:{provider}", 0)

    async def decide() -> Outcome[Heard]:
        dossier = await load_dossier(context, caller, client_id)
        enablement = dossier.enablement(enablement_id)
        product = dossier.product_of(enablement, context.catalogues.by_version())
        if product.provider != provider or company.is_sandbox:
            raise NotFound
        return await settle_verdict(context, caller, dossier, enablement, verdict)

    return await execute(context, caller, decide)


async def settle_verdict(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    verdict: ProviderVerdict,
    settled: MessageResult | None = None,
) -> Outcome[Heard]:
    """What a verdict does to a request. `settled` ends the message that asked for it, in the same unit; progress ends
    nothing. What it says against who the client is is remembered, whatever else becomes of it."""
    facts = await standing_facts(context, caller, dossier, enablement)
    loaded, before, contested = dossier, dossier.client, tuple[tuple[str, str], ...]()
    if objects_to_what_was_sent(enablement, verdict, dossier.deadline_of(enablement)):
        is_frozen = enablement.status is Status.IN_KYC or judged_renewal(dossier, enablement) is not None
        # what is reviewed does not move
        past = [] if is_frozen else await context.storage.clients.past_profiles(before)
        judged = profile_at(before, past, enablement.updated_at_ms)
        contested = numbers_against(context, dossier, verdict.reasons)
        if verdict.rejects_client:
            contested = numbers_given(context, dossier, dossier.documents)
        dossier = replace(dossier, client=with_objected(before, verdict.reasons, judged, context.now_ms()))
    done = _done(context, caller, dossier, enablement, _Weighed(verdict, facts), settled)
    done = remembering(done, before, contested)
    is_news = done.answer is Heard.IGNORED and dossier.client.contradictions != before.contradictions
    if is_news:
        return _with_note(done, Note("identity_contradicted", caller.actor, before.id))
    return await _told_once(context, caller, loaded, done)


def _with_note(done: Outcome[Heard], note: Note) -> Outcome[Heard]:
    """Adds an entry that makes whoever looked before look again."""
    assert done.unit is not None  # noqa: S101 (what is ignored is on the record)
    return Outcome(done.answer, replace(done.unit, notes=(*done.unit.notes, note)))


async def _told_once(context: Context, caller: Caller, loaded: Dossier, done: Outcome[Heard]) -> Outcome[Heard]:
    """A provider may say the same as often as it likes: what was put aside for it, and the review that is open for it,
    are on the record once. Else whoever repeats himself writes an audit trail without end."""
    if (unit := done.unit) is None:
        return done
    changes = tuple(change for change in unit.changes if not _is_as_before(change, loaded))
    is_moved = any(isinstance(change, ChangeEnablement) for change in changes)
    notes = []
    for note in unit.notes:
        is_old_review = note.action == "review_opened" and not is_moved
        is_old = note.action == IGNORED and await context.storage.audit.is_noted(
            caller.company.id, loaded.client.id, note
        )
        if not (is_old_review or is_old):
            notes.append(note)
    is_told_of = unit.owner_write is not OwnerWrite.TOUCH
    if is_told_of and not notes:  # what a row says of a client never changes without an entry
        notes.append(Note("identity_contradicted", caller.actor, loaded.client.id))
    if not (is_told_of or notes or changes):
        return Outcome(done.answer)
    return Outcome(done.answer, replace(unit, notes=tuple(notes), changes=changes))


def _is_as_before(change: Change, loaded: Dossier) -> bool:
    return isinstance(change, ChangeEnablement) and change.enablement in loaded.enablements


def _done(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    weighed: _Weighed,
    settled: MessageResult | None,
) -> Outcome[Heard]:
    verdict = weighed.verdict
    match meaning(enablement, verdict, dossier.deadline_of(enablement)):
        case Meaning.PROGRESS:
            return Outcome(Heard.NOTED)
        case Meaning.STALE:
            note = Note(IGNORED, caller.actor, enablement.id, (verdict.answer.value,))
            return Outcome(
                Heard.IGNORED,
                Unit(
                    company_id=caller.company.id,
                    at_ms=context.now_ms(),
                    owner=dossier.client,
                    changes=ending(settled),
                    notes=(note,),
                ),
            )
        case Meaning.REVISED:
            return Outcome(Heard.NOTED, _revised(context, caller, dossier, enablement, verdict, settled))
        case _:
            return Outcome(Heard.APPLIED, _applied(context, caller, dossier, enablement, weighed, settled))


def _applied(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    weighed: _Weighed,
    settled: MessageResult | None,
) -> Unit | None:
    verdict, facts = weighed.verdict, weighed.facts
    noted = replace(enablement, private_note=private_note(verdict) or None)
    dossier = replace(
        dossier,
        enablements=tuple(noted if enablement.id == noted.id else enablement for enablement in dossier.enablements),
    )
    policy = dossier.product_of(noted, context.catalogues.by_version()).policy
    documents = [document for _, document in state_of(context, caller.company, dossier, noted).assessment.evidence]
    ours = decided(verdict, documents)
    advised = _advised(verdict, ours, policy, facts)
    try:
        done = follow(context, caller, dossier, noted, advised, settled)
    except ValidationFailed:  # it names nothing that the company could mend
        done = follow(context, caller, dossier, noted, _advised(verdict, None, policy, facts), settled)
    return done.unit


_ADVICE = {
    ProviderAnswer.APPROVED: Advice.PASS,
    ProviderAnswer.REJECTED: Advice.REJECT,
    ProviderAnswer.RETURNED: Advice.RETURN,
}


def _advised(verdict: ProviderVerdict, ours: Verdict | None, policy: Policy, facts: frozenset[Fact]) -> Advised:
    """What a provider advises, in our words; without any it leaves it to a person."""
    if ours is None:
        return Advised(
            source=Source.PROVIDER,
            advice=Advice.ASK,
            policy=policy,
            verdict=None,
            facts=facts,
            reasons=(ReviewReason.PROVIDER_UNCLEAR.value,),
        )
    aspects = contradicted_aspects(ours.rejections)
    facts |= facts_of_identity(len(aspects), is_changed=Fact.IDENTITY_CHANGED in facts)
    is_plain = verdict.answer is ProviderAnswer.APPROVED and not reasons_for(facts)
    reasons = (ReviewReason.PROVIDER_CONFIRMED.value,) if is_plain else ()
    return Advised(
        source=Source.PROVIDER,
        advice=_ADVICE[verdict.answer],
        policy=policy,
        verdict=ours,
        facts=facts,
        reasons=reasons,
    )


def _revised(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    enablement: Enablement,
    verdict: ProviderVerdict,
    settled: MessageResult | None,
) -> Unit | None:
    """A provider that changed its mind does not off-board anybody: a person looks."""
    noted = replace(enablement, private_note=private_note(verdict) or None)
    reasons = (ReviewReason.PROVIDER_REVISED.value, verdict.answer.value)
    advised = Advised(Source.PROVIDER, Advice.REVOKE, reasons=reasons)
    unit = follow(context, caller, dossier, noted, advised, settled).unit
    only = enablement.id
    renewal = opened_renewals(context, caller.company, dossier, (RenewalReason.PROVIDER,), only=only)
    return unit and unit.plus(*renewal)


def reference_of(enablement: Enablement) -> str:
    """The reference a provider knows a request by: opaque to it, and not a secret."""
    return f"{enablement.company_id}.{enablement.client_id}.{enablement.id}"


def _named(reference: str) -> tuple[str, str, str]:
    parts = reference.split(".")
    if len(parts) != 3 or not all(is_id(part) for part in parts):
        raise NotFound
    return parts[0], parts[1], parts[2]
