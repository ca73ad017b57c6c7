"""Parsers of request bodies; each operation of the table names its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec

from ostiary.api.reading.bodies import ClockBody, NoBody
from ostiary.api.reading.client_body_faults import with_rules
from ostiary.api.reading.multipart import upload_of_json, upload_of_multipart
from ostiary.api.services import ApiServices, in_pool
from ostiary.domain.errors import InvalidRequest, UnsupportedMediaType
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.usecases.sandbox.clock import ClockMove
from ostiary.web.asgi import ApiRequest
from ostiary.web.json_body import read_json

Parse = Callable[[ApiServices, ApiRequest, bytes | bytearray], Awaitable[object]]
"""Reads a body. Raises InvalidRequest with every fault, UnsupportedMediaType."""
_JSON, _MULTIPART = b"application/json", b"multipart/form-data"


@dataclass(frozen=True, slots=True)
class BodyParser:
    """`schema` names what describes the body, `parse` reads it. `has_pictures`: it may be large, and a form;
    `most_bytes`: it may have as many, where that is more than other bodies; `media_type` is what it is."""

    schema: str
    parse: Parse
    has_pictures: bool = False
    most_bytes: int = 0
    media_type: str = "application/json"


def json_body(kind: type[msgspec.Struct]) -> BodyParser:
    """Reads a body of one type."""

    async def parse(services: ApiServices, request: ApiRequest, raw: bytes | bytearray) -> object:
        demand_json(request)
        return read_json(raw, kind)

    return BodyParser(kind.__name__, parse)


async def _no_body(services: ApiServices, request: ApiRequest, raw: bytes | bytearray) -> object:
    """An empty body, or an empty object."""
    if not raw:
        return NoBody()
    demand_json(request)
    return read_json(raw, NoBody)


async def _new_client(services: ApiServices, request: ApiRequest, raw: bytes | bytearray) -> object:
    """A client; the catalogue says which attributes there are."""
    return _client(services, request, raw, services.bodies.create)


async def _whole_client(services: ApiServices, request: ApiRequest, raw: bytes | bytearray) -> object:
    """A client's body that replaces the client as it is."""
    return _client(services, request, raw, services.bodies.replace)


async def _document(services: ApiServices, request: ApiRequest, raw: bytes | bytearray) -> Upload:
    """A document with its pictures, as JSON or as a form; read beside the event loop."""
    sent = request.headers.get(b"content-type", b"")
    if media_type(request) == _MULTIPART:
        upload: Upload = await in_pool(services, upload_of_multipart, raw, sent)
        return upload
    demand_json(request)
    upload = await in_pool(services, upload_of_json, raw)
    return upload


def _client(services: ApiServices, request: ApiRequest, raw: bytes | bytearray, kind: type[msgspec.Struct]) -> object:
    """A client's body; wrong types and broken rules are reported together."""
    demand_json(request)
    try:
        return read_json(raw, kind)
    except InvalidRequest as refused:
        raise with_rules(refused, raw, services.bodies, services.context, request.caller.company) from None


def demand_json(request: ApiRequest) -> None:
    """Without a media type, JSON is meant. Raises UnsupportedMediaType."""
    if request.headers.get(b"content-type") and media_type(request) != _JSON:
        raise UnsupportedMediaType


def media_type(request: ApiRequest) -> bytes:
    """What kind of body was sent, in small letters and without parameters."""
    return request.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()


async def _clock(services: ApiServices, request: ApiRequest, raw: bytes | bytearray) -> object:
    """How far the clock shall be moved; what becomes of that stays with it when the call decides again."""
    demand_json(request)
    return ClockMove(read_json(raw, ClockBody).advance)


CLOCK_MOVE = BodyParser("ClockBody", _clock)
NO_BODY = BodyParser("NoBody", _no_body)
NEW_CLIENT = BodyParser("ClientBody", _new_client)
WHOLE_CLIENT = BodyParser("ClientReplaceBody", _whole_client)
DOCUMENT = BodyParser("DocumentationBody", _document, has_pictures=True)
