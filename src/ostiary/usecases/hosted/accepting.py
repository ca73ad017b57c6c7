"""A client accepts terms on the page: the text that he was shown, if it is still the one that is asked for."""

from __future__ import annotations

from dataclasses import field

from ostiary.domain.clients.client import Profile
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Fault, NotFound, ValidationFailed
from ostiary.domain.hosted.steps import TermsStep, place_parts
from ostiary.domain.sentences import N_
from ostiary.domain.terms.acceptance import (
    ACCEPTOR_CHARACTERS,
    Acceptance,
    Acceptor,
    ActingAs,
    Channel,
    NamedText,
    seen_of,
)
from ostiary.domain.unit import Change, Unit
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context
from ostiary.usecases.hosted.arrival import ClientSession
from ostiary.usecases.hosted.events import finished, step_completed
from ostiary.usecases.hosted.progress import Journey, leaves_nothing, load_journey
from ostiary.usecases.terms.accept import accept_terms
from ostiary.usecases.transaction import Outcome

TEXT_CHANGED = N_("The text was changed meanwhile. This is the one that counts now: nothing was accepted yet.")


@value_type
class Consent:
    """What was sent by the page: the hash of the text that was shown, and where from."""

    sha256: str
    address: str = field(repr=False)
    agent: str = field(repr=False)


def terms_step(journey: Journey, place: str) -> TermsStep | None:
    """The step of an address; None for terms that need not be accepted any more. Raises NotFound for those that the
    link does not ask for."""
    steps = (each for each in journey.plan.steps if isinstance(each, TermsStep))
    step = next((each for each in steps if each.place == place), None)
    number, name = place_parts(place)
    if step is None and name not in {asked.terms.id for asked in journey.request(number).product.terms}:
        raise NotFound
    return step


async def accept_on_page(
    context: Context, caller: Caller, here: ClientSession, place: str, consent: Consent
) -> Outcome[Acceptance | None]:
    """Keeps that the client accepted the text that he was shown. None where it is accepted already.

    Raises NotFound, ValidationFailed where another text is asked for by now, InvalidState.
    """
    here = replace(here, company=caller.company)
    journey = await load_journey(context, here)
    step = terms_step(journey, place)
    if step is None:
        return Outcome(None)
    wording = step.terms.of_hash(consent.sha256)
    if wording is None:
        raise ValidationFailed(faults=(Fault("sha256", "TERMS_TEXT_UNKNOWN", TEXT_CHANGED),))
    named = NamedText(step.terms.id, step.terms.version, wording.language, wording.sha256)
    address, agent = seen_of(consent.address, consent.agent)
    given = Acceptor(
        name=_whole_name(journey.dossier.client.profile),
        capacity=ActingAs.SELF,
        accepted_at_ms=context.now_of(caller.company),
        channel=Channel.HOSTED_PAGE,
        ip_address=address,
        user_agent=agent,
    )
    outcome = await accept_terms(context, caller, here.client.id, named, given)
    unit = outcome.unit  # none: accepted since the look above
    return Outcome(outcome.answer, unit and unit.plus(*await _heard_of(context, here, journey, unit, step.terms.id)))


async def _heard_of(
    context: Context, here: ClientSession, journey: Journey, unit: Unit, step: str
) -> tuple[Change, ...]:
    """What the partner hears: where nothing else is asked, as of a renewal, the link has done what it was made for."""
    announced = finished if leaves_nothing(context, here, journey.dossier, unit) else step_completed
    return await announced(context, here, step)


def _whole_name(profile: Profile) -> str:
    """Cut where nobody's is: what is kept of a client may be longer than what is kept of who accepted."""
    names = filter(None, (profile.first_name, profile.second_name, profile.last_name))
    return " ".join(names)[:ACCEPTOR_CHARACTERS].rstrip()
