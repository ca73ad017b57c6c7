"""A client accepts terms, as a partner tells it or on our own page."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.terms import TermsVersion
from ostiary.domain.clients.accepted_terms import AcceptedTerms
from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState, ValidationFailed
from ostiary.domain.onboarding.asked_terms import asked_terms, covered_by
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.sentences import sentence
from ostiary.domain.terms.acceptance import (
    MOST_ACCEPTANCES,
    Acceptance,
    Acceptor,
    AddAcceptance,
    NamedText,
    circumstance_faults,
    text_faults,
)
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.lifecycle.terms_renewals import with_renewals
from ostiary.usecases.terms.read_terms import ACCEPTED, find_acceptance
from ostiary.usecases.transaction import Outcome


async def accept_terms(
    context: Context, caller: Caller, client_id: str, named: NamedText, given: Acceptor
) -> Outcome[Acceptance]:
    """Keeps the acceptance of one text, and completes renewals that asked for nothing else. One of the same text that
    is there already is given back, and stays the first.

    Raises NotFound, ValidationFailed for a text that is not asked of the client or circumstances that break a rule,
    InvalidState for a client that is rejected or has accepted as much as is kept.
    """
    dossier = await load_dossier(context, caller, client_id)
    asked = asked_terms(dossier.enablements, context.catalogues.by_version())
    faults = (*text_faults(named, asked), *circumstance_faults(given, context.now_of(caller.company)))
    if faults:
        raise ValidationFailed(faults=faults)
    terms = next(each for each in asked if each.id == named.terms_id and each.of_hash(named.sha256))
    before = next((each for each in dossier.client.accepted if _is_it(each, named)), None)
    if before is not None:
        return Outcome(await find_acceptance(context, dossier.client, before.acceptance_id))
    if dossier.client.status is ClientStatus.REJECTED:
        raise InvalidState("This client was rejected: nothing is asked of it any more.")
    if len(dossier.client.accepted) >= MOST_ACCEPTANCES:
        raise InvalidState(
            sentence("This client accepted %(most)s texts, the most that are kept for one.", most=MOST_ACCEPTANCES)
        )
    return _accepted(
        context,
        caller,
        dossier,
        asked,
        terms,
        Acceptance(
            id=context.new_id(),
            terms_id=terms.id,
            name=str(terms.name),
            version=terms.version,
            language=named.language,
            sha256=named.sha256,
            circumstances=given,
            recorded_at_ms=context.now_of(caller.company),
        ),
    )


def _accepted(
    context: Context,
    caller: Caller,
    dossier: Dossier,
    asked: Sequence[TermsVersion],
    terms: TermsVersion,
    acceptance: Acceptance,
) -> Outcome[Acceptance]:
    short = AcceptedTerms(
        terms_id=terms.id,
        version=terms.version,
        sha256=acceptance.sha256,
        acceptance_id=acceptance.id,
        at_ms=acceptance.circumstances.accepted_at_ms,
        covers=covered_by(terms, asked, context.catalogues.current),
    )
    every = (*dossier.client.accepted, short)
    codes = (terms.id, terms.version, acceptance.language, acceptance.sha256)
    unit = Unit(
        caller.company.id,
        context.now_ms(),
        replace(dossier.client, accepted=every),
        changes=(AddAcceptance(acceptance, every),),
        notes=(Note(ACCEPTED, caller.actor, acceptance.id, codes),),
    )
    after = replace(dossier, client=replace(dossier.client, accepted=every))
    return Outcome(acceptance, with_renewals(context, caller, after, unit))


def _is_it(accepted: AcceptedTerms, named: NamedText) -> bool:
    return (accepted.terms_id, accepted.sha256) == (named.terms_id, named.sha256)
