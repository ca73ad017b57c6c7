"""Where providers reach this service: verdicts, proved by their signature, and pictures, by links made for them.

Nobody else has any business here: without a valid proof the answer is 401 or 404, and nothing more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from starlette.types import ASGIApp

from ostiary.api.admission import address_of, count_address
from ostiary.api.services import ApiServices
from ostiary.domain.companies.company import counted_as
from ostiary.domain.errors import InvalidRequest, NotFound, Unauthorized
from ostiary.domain.providers.provider import SignatureInvalid, Ticket
from ostiary.domain.sentences import sentence
from ostiary.usecases.providers.receive_verdict import Heard, receive_verdict
from ostiary.usecases.providers.serve_picture import fetch_picture
from ostiary.web.asgi import ApiRequest, ApiResponse, Endpoint
from ostiary.web.body import Body
from ostiary.wire.answer import fields_of
from ostiary.wire.service import VerdictReceiptAnswer

MOST_VERDICT_BYTES = 262_144
"""A verdict is a few kilobytes; some vendors repeat what they know of the applicant."""
VERDICT_BUDGET_BYTES = 8 << 20
"""For all verdicts that are being read, apart from uploads: what strangers send here takes nothing from partners, and
of one address no more than a third while another waits."""
VERDICTS, DOCUMENT = "/providers/{name}/verdicts", "/providers/{name}/documents/{token}"


@contextmanager
def counting_refusals(services: ApiServices, request: ApiRequest) -> Iterator[None]:
    """Providers may call as often as they like; calls without a valid proof count against the rate limit."""
    try:
        yield
    except (Unauthorized, NotFound, InvalidRequest):
        count_address(services, request)
        raise


def provider_routes(services: ApiServices, ticket: Callable[[str, str], Ticket]) -> dict[str, ASGIApp]:
    """Both routes. `ticket` opens a link that was made for the named provider."""
    return {
        VERDICTS: Endpoint(partial(_receive, services), "hear_verdict", ("POST",)),
        DOCUMENT: Endpoint(partial(_serve_picture, services, ticket), "fetch_document", ("GET",)),
    }


async def _receive(services: ApiServices, request: ApiRequest) -> ApiResponse:
    """What a provider says of a submission."""
    with counting_refusals(services, request):
        context = services.context
        provider = context.providers.get(request.path["name"])
        if provider is None:
            raise NotFound
        raw = await _verdict_body(services, request)
        try:
            verdict = provider.parse_webhook(_texts(request.headers), raw, context.now_ms())
        except SignatureInvalid:
            raise Unauthorized("The signature is missing, wrong or too old.") from None
        except ValueError as problem:
            message = sentence("The verdict cannot be understood: %(problem)s", problem=problem)
            raise InvalidRequest(message) from None
        heard = Heard.NOTED if verdict is None else await receive_verdict(context, provider.name, verdict)
        return ApiResponse(200, json.dumps(fields_of(VerdictReceiptAnswer(outcome=heard))).encode())


async def _verdict_body(services: ApiServices, request: ApiRequest) -> bytes:
    share = services.verdicts.share(counted_as(address_of(services, request)))
    request.source = Body(request.receive, request.headers, share, MOST_VERDICT_BYTES, uncounted_bytes=0)
    try:
        return bytes(await request.source.read())
    finally:
        request.source.release()


async def _serve_picture(
    services: ApiServices, ticket: Callable[[str, str], Ticket], request: ApiRequest
) -> ApiResponse:
    """A picture of a submission, for as long as its link lasts."""
    with counting_refusals(services, request):
        name, token = request.path["name"], request.path["token"]
        if name not in services.context.providers:
            raise NotFound
        picture = await fetch_picture(services.context, ticket(name, token))
        headers = [(b"content-disposition", b"attachment"), (b"content-security-policy", b"default-src 'none'")]
        return ApiResponse(200, picture.content, headers, media_type=picture.media_type.encode())


def _texts(headers: Mapping[bytes, bytes]) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers.items()}
