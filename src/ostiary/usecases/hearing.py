"""A provider's verdict, however it came: understood, applied or put aside, and always on the record."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from ostiary.domain.audit import Note
from ostiary.domain.catalogue import Policy
from ostiary.domain.companies import Caller
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement, Review
from ostiary.domain.errors import NotFound, ValidationFailed
from ostiary.domain.ids import is_id
from ostiary.domain.provider_verdicts import Meaning, decided, meaning, private_note
from ostiary.domain.providers import Answer, ProviderVerdict
from ostiary.domain.review_reasons import ReviewReason
from ostiary.domain.units import Settled, Unit
from ostiary.usecases.deciding import Decided, settle
from ostiary.usecases.judging import review_of, verdict_on
from ostiary.usecases.loading import load_dossier, state_of
from ostiary.usecases.screening import hits_against
from ostiary.usecases.world import World


class Heard(StrEnum):
    """What became of a verdict, as the provider is told."""

    APPLIED = "applied"
    NOTED = "noted"
    IGNORED = "ignored"


async def hear_verdict(world: World, provider: str, verdict: ProviderVerdict) -> Heard:
    """Raises NotFound for a reference that is not one of this provider's."""
    company_id, client_id, enablement_id = _named(verdict.reference)
    company = await world.storage.company(company_id)
    if company is None:
        raise NotFound
    caller = Caller(company, f"provider:{provider}", 0)

    async def decide() -> Decided[Heard]:
        dossier = await load_dossier(world, caller, client_id)
        enablement = dossier.enablement(enablement_id)
        product = dossier.product_of(enablement, world.catalogues.by_version())
        if product.provider != provider or company.is_sandbox:
            raise NotFound
        return heard(world, caller, dossier, enablement, verdict, is_listed=await hits_against(world, dossier.client))

    return await settle(world, caller, decide)


def heard(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, verdict: ProviderVerdict,
    settled: Settled | None = None, *, is_listed: bool = False,
) -> Decided[Heard]:  # fmt: skip
    """What a verdict does to a request. `settled` ends the message that asked for it, in the same unit; progress ends
    nothing.

    `is_listed`: the client resembles an entry of a sanctions list, so that nobody is enabled without a person.
    """
    match meaning(enablement, verdict):
        case Meaning.PROGRESS:
            return Decided(Heard.NOTED)
        case Meaning.STALE:
            note = Note("verdict_ignored", caller.actor, enablement.id, (verdict.answer.value,))
            unit = Unit(caller.company.id, world.now_ms(), client=dossier.client, notes=(note,), settled=settled)
            return Decided(Heard.IGNORED, unit)
        case Meaning.REVISED:
            return Decided(Heard.NOTED, _revised(world, caller, dossier, enablement, verdict, settled))
        case _:
            done = _applied(world, caller, dossier, enablement, verdict, settled, is_listed=is_listed)
            return Decided(Heard.APPLIED, done)


def _applied(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, verdict: ProviderVerdict,
    settled: Settled | None, *, is_listed: bool,
) -> Unit | None:  # fmt: skip
    noted = replace(enablement, private_note=private_note(verdict) or None)
    dossier = replace(dossier, enablements=tuple(noted if one.id == noted.id else one for one in dossier.enablements))
    policy = dossier.product_of(noted, world.catalogues.by_version()).policy
    if is_listed and verdict.answer is Answer.APPROVED:
        listed = (ReviewReason.SCREENING_HIT.value,)
        return review_of(world, caller, dossier, noted, settled, reasons=listed).unit
    if (policy is not Policy.AUTO and verdict.answer is Answer.APPROVED) or policy is Policy.MANUAL:
        reasons = (ReviewReason.PROVIDER_CONFIRMED.value,) if verdict.answer is Answer.APPROVED else ()
        review = Review.CONFIRMATION if reasons else Review.SUBMISSION
        return review_of(world, caller, dossier, noted, settled, review, reasons).unit
    documents = [one for _, one in state_of(world, dossier, noted).assessment.evidence]
    ours = decided(verdict, documents)
    if ours is not None:
        try:
            return verdict_on(world, caller, dossier, noted, ours, settled).unit
        except ValidationFailed:
            pass  # it names nothing that the company could mend
    reasons = (ReviewReason.PROVIDER_UNCLEAR.value,)
    return review_of(world, caller, dossier, noted, settled, reasons=reasons).unit


def _revised(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, verdict: ProviderVerdict,
    settled: Settled | None,
) -> Unit | None:  # fmt: skip
    """Nobody is off-boarded by a machine that changed its mind: a person looks."""
    noted = replace(enablement, private_note=private_note(verdict) or None)
    reasons = (ReviewReason.PROVIDER_REVISED.value, verdict.answer.value)
    return review_of(world, caller, dossier, noted, settled, Review.CHANGE, reasons).unit


def reference_of(enablement: Enablement) -> str:
    """What a provider knows a request by: opaque to it, and no secret."""
    return f"{enablement.company_id}.{enablement.client_id}.{enablement.id}"


def _named(reference: str) -> tuple[str, str, str]:
    parts = reference.split(".")
    if len(parts) != 3 or not all(is_id(one) for one in parts):
        raise NotFound
    return parts[0], parts[1], parts[2]
