"""Calls about links to the page on which clients onboard themselves, as use cases and back; no decisions."""

from __future__ import annotations

from ostiary.api.reading.bodies import OnboardingLinkBody
from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.domain.errors import Fault, ValidationFailed
from ostiary.domain.hosted.links import USUAL_MINUTES, LinkWish, OnboardingLink
from ostiary.domain.sentences import sentence
from ostiary.usecases.hosted import links
from ostiary.usecases.hosted.links import MadeLink
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.onboarding import link_answer


async def create_link(services: ApiServices, request: ApiRequest) -> Outcome[MadeLink]:
    wish = _wish(request.body)
    return await links.make_link(
        services.context, request.caller, request.path["clientId"], wish, services.address_fault
    )


async def list_links(services: ApiServices, request: ApiRequest) -> Outcome[tuple[OnboardingLink, ...]]:
    return Outcome(await links.list_links(services.context, request.caller, request.path["clientId"]))


async def read_link(services: ApiServices, request: ApiRequest) -> Outcome[OnboardingLink]:
    client_id, link_id = request.path["clientId"], request.path["linkId"]
    return Outcome(await links.read_link(services.context, request.caller, client_id, link_id))


async def revoke_link(services: ApiServices, request: ApiRequest) -> Outcome[OnboardingLink]:
    client_id, link_id = request.path["clientId"], request.path["linkId"]
    return await links.revoke_link(services.context, request.caller, client_id, link_id)


def show_made(services: ApiServices, request: ApiRequest, link: MadeLink) -> Representation:
    return Representation(link_answer(link.link, link.url(services.public_url or _called_at(request))))


def show_link(services: ApiServices, request: ApiRequest, link: OnboardingLink) -> Representation:
    return Representation(link_answer(link))


def show_links(services: ApiServices, request: ApiRequest, every: tuple[OnboardingLink, ...]) -> Representation:
    return Representation([link_answer(link) for link in every])


def show_nothing(services: ApiServices, request: ApiRequest, link: OnboardingLink) -> Representation:
    return Representation(None)


def _called_at(request: ApiRequest) -> str:
    """Where the caller reached this service, in place of the setting: right on one machine, a guess behind a proxy."""
    return f"{request.scope.get('scheme', 'http')}://{request.header(b'host') or 'localhost'}"


def _wish(body: OnboardingLinkBody) -> LinkWish:
    """Raises ValidationFailed for what is there and says nothing."""
    empty = [name for name in ("return_url", "refresh_url", "language") if getattr(body, name) == ""]
    if empty:
        faults = (
            Fault(name, "VALUE_INVALID", sentence("%(name)s must not be empty; leave it out", name=name))
            for name in empty
        )
        raise ValidationFailed(faults=tuple(faults))
    return LinkWish(
        request_ids=tuple(body.product_request_ids or ()),
        return_url=body.return_url or "",
        refresh_url=body.refresh_url or "",
        state=body.state or "",
        language=body.language or "",
        minutes=USUAL_MINUTES if body.expires_in_minutes is None else body.expires_in_minutes,
    )
