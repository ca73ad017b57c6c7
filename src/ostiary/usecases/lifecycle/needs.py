"""When a product ends, a person looks at those of the client that need it."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Review, Status, under_review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.unit import ChangeEnablement, Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context

_WHY = (ReviewReason.NEEDED_PRODUCT_ENDED.value,)


def with_needing_reviewed(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    transitions: Sequence[tuple[Status, Enablement]],
    unit: Unit,
) -> Unit:
    """The unit in which requests move, with a review of each enabled one that needs a product which ends by it, unless
    another level of that one's family is enough."""
    moved = {after.id for _, after in transitions}
    ended = {after.id for before, after in transitions if before is Status.ENABLED and not after.is_live}
    if not ended:
        return unit
    catalogues, now_ms = context.catalogues.by_version(), context.now_ms()
    left = replace(dossier, enablements=tuple(each for each in dossier.enablements if each.id not in ended))
    reviewed = [
        under_review(each, Review.CHANGE, now_ms, _WHY)
        for each in dossier.enablements
        if each.status is Status.ENABLED
        and each.id not in moved
        and set(left.needed(each, catalogues)) - set(dossier.needed(each, catalogues))
    ]
    notes = (Note("review_opened", caller.actor, each.id, _WHY) for each in reviewed)
    return replace(unit.plus(*map(ChangeEnablement, reviewed)), notes=(*unit.notes, *notes))
