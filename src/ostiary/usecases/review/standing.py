"""What is known of a client whatever a machine says of its submission: the facts that keep one from deciding alone."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.companies.company import Caller
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Review, Status
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.routing import Fact
from ostiary.domain.verification.identity import changed_since
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import state_of
from ostiary.usecases.screening.screen_client import reasons_against
from ostiary.usecases.verification.numbers import MOST_CONTESTING, clashing, keys_of, kinds_of


async def standing_facts(
    context: Context, caller: Caller, dossier: Dossier, enablement: Enablement, zones: Sequence[Zone] = ()
) -> frozenset[Fact]:
    """Of one request, whatever is said of it now. `zones` are what documents were just read to say."""
    reasons = await reasons_against(context, dossier, zones)
    facts = {
        Fact.LISTED: ReviewReason.SCREENING_HIT in reasons,
        Fact.NOT_COMPARABLE: ReviewReason.SCREENING_NOT_COMPARABLE in reasons,
        Fact.IDENTITY_CHANGED: bool(changed_since(dossier.client)),
        Fact.CHANGE_OPEN: any(_has_open_change(each) for each in dossier.enablements) or _is_asked(enablement),
        Fact.CONTESTED: await _is_contested(context, caller, dossier, enablement),
    }
    return frozenset(fact for fact, holds in facts.items() if holds)


def _has_open_change(enablement: Enablement) -> bool:
    """Whether a person has yet to look at more of an enabled request than a hit, whose review takes in all others."""
    if enablement.status is not Status.ENABLED:
        return False
    others = set(enablement.review_reasons) - {ReviewReason.SCREENING_HIT.value}
    return enablement.review is Review.CHANGE or (enablement.review is Review.SCREENING and bool(others))


def _is_asked(enablement: Enablement) -> bool:
    """Whether a person has a question about an enabled request that its renewal does not answer."""
    return enablement.status is Status.ENABLED and enablement.review not in (None, Review.RENEWAL)


async def _is_contested(context: Context, caller: Caller, dossier: Dossier, enablement: Enablement) -> bool:
    """Whether a number that was given is another client's, or spoke against another client."""
    client, kinds = dossier.client, kinds_of(dossier.product_of(enablement, context.catalogues.by_version()))
    if any(each.type in kinds for each in clashing(dossier)):
        return True
    for _, document in state_of(context, caller.company, dossier, enablement).assessment.evidence:
        for key in keys_of(kinds[document.type], document, client):
            if await context.storage.documents.number_holder(client.company_id, key) not in (None, client.id):
                return True
            if await context.storage.documents.contested_by(client.company_id, client.id, key, MOST_CONTESTING):
                return True
    return False
