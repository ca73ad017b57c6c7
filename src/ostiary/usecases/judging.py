"""Applying a verdict, whoever gave it: the built-in provider or an operator."""

from __future__ import annotations

from ostiary.domain.audit import Note
from ostiary.domain.companies import Caller
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import Enablement, Review, reviewed, under_review
from ostiary.domain.units import Settled, Unit
from ostiary.domain.verdicts import Decision, Verdict, consequences
from ostiary.usecases.announcing import announcements
from ostiary.usecases.deciding import Decided
from ostiary.usecases.loading import load_dossier
from ostiary.usecases.world import World


async def apply_verdict(
    world: World, caller: Caller, client_id: str, enablement_id: str, verdict: Verdict
) -> Decided[Enablement]:
    """Loads what a verdict is about, and applies it. Raises as `verdict_on`, and NotFound."""
    dossier = await load_dossier(world, caller, client_id)
    return verdict_on(world, caller, dossier, dossier.enablement(enablement_id), verdict)


async def open_review(world: World, caller: Caller, client_id: str, enablement_id: str) -> Decided[Enablement]:
    """Loads a submission, and puts it before an operator. Raises NotFound."""
    dossier = await load_dossier(world, caller, client_id)
    return review_of(world, caller, dossier, dossier.enablement(enablement_id))


def verdict_on(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, verdict: Verdict,
    settled: Settled | None = None,
) -> Decided[Enablement]:  # fmt: skip
    """Moves the enablement (or all of a rejected client's) and tells the company.

    `settled` ends the message that asked for the verdict, in the same unit. Raises InvalidState, ValidationFailed for
    a return that names nothing to redo.
    """
    now = world.now_ms()
    if enablement.review is Review.CHANGE and verdict.decision is Decision.APPROVE:
        after = reviewed(enablement)
        note = Note("change_approved", caller.actor, enablement.id)
        unit = Unit(caller.company.id, now, client=dossier.client, enablements_changed=(after,), notes=(note,))
        return Decided(after, unit)
    follows = consequences(dossier, enablement, verdict, now, world.catalogues.attributes)
    codes = tuple(one.code.value for one in verdict.rejections)
    messages = [
        message
        for before, after in follows.moved
        for message in announcements(world, caller.company, before, after, follows.to_redo)
    ]
    unit = Unit(
        caller.company.id, now, client=follows.client,
        details_changed=follows.client.refusals != dossier.client.refusals,
        enablements_changed=tuple(after for _, after in follows.moved), documents_changed=follows.refused,
        pictures_refused=follows.refused_marks, messages=tuple(messages), settled=settled,
        notes=(Note(f"verdict_{verdict.decision}", caller.actor, enablement.id, codes),),
    )  # fmt: skip
    return Decided(next((one for _, one in follows.moved if one.id == enablement.id), enablement), unit)


def review_of(
    world: World, caller: Caller, dossier: Dossier, enablement: Enablement, settled: Settled | None = None,
    review: Review = Review.SUBMISSION, reasons: tuple[str, ...] = (),
) -> Decided[Enablement]:  # fmt: skip
    """Puts a submission before an operator, with the reasons why a person is asked."""
    now = world.now_ms()
    after = under_review(enablement, review, now)
    unit = Unit(
        caller.company.id, now, client=dossier.client, enablements_changed=(after,), settled=settled,
        notes=(Note("review_opened", caller.actor, enablement.id, reasons),),
    )  # fmt: skip
    return Decided(after, unit)
