"""What a request for a page says, whoever's the page is: where it comes from, its language, address and form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ostiary.domain.companies.company import IpNetwork, source_address
from ostiary.domain.errors import InvalidRequest, UnsupportedMediaType
from ostiary.domain.sentences import sentence
from ostiary.html.cookies import language_in
from ostiary.html.fields import MOST_QUERY_BYTES, Fields, read_fields, read_texts
from ostiary.html.multipart import parts_of
from ostiary.languages.choosing import wanted_language
from ostiary.languages.language import Language, Languages
from ostiary.web.asgi import ApiRequest
from ostiary.web.body import Body
from ostiary.web.upload_budget import Share

FILES_TYPE = "multipart/form-data"
FORM_TYPE = "application/x-www-form-urlencoded"


def browser_language(languages: Languages, api: ApiRequest, *, is_secure: bool) -> Language:
    """As somebody chose in this browser, or else as it asks for (RFC 9110 section 12.5.4)."""
    chosen = language_in(api.header(b"cookie") or "", is_secure=is_secure)
    return languages[chosen or wanted_language(api.header(b"accept-language") or "")]


def caller_address(api: ApiRequest, trusted_proxies: Sequence[IpNetwork]) -> str:
    """The source address of a call: of the connection, or as a trusted proxy names it. Raises InvalidRequest."""
    peer = api.scope["client"][0] if api.scope.get("client") else ""
    if not trusted_proxies:
        return str(peer)
    return source_address(peer, api.header(b"x-forwarded-for") or "", tuple(trusted_proxies))


def media_type_of(api: ApiRequest) -> str:
    """What a body says that it is, in small letters and without parameters; empty where it is compressed."""
    coding = (api.header(b"content-encoding") or "identity").strip().lower()
    media_type = (api.header(b"content-type") or "").partition(";")[0].strip().lower()
    return media_type if coding == "identity" else ""


def address_fields(api: ApiRequest) -> Fields:
    """What stands behind the `?` of an address. Raises InvalidRequest."""
    encoded: bytes = api.scope.get("query_string", b"")
    if len(encoded) > MOST_QUERY_BYTES:
        raise InvalidRequest(sentence("What follows the ? has at most %(most)s characters.", most=MOST_QUERY_BYTES))
    return read_fields(encoded)


async def form_fields(api: ApiRequest, share: Share, most_bytes: int) -> Fields:
    """The form that was sent. Raises UnsupportedMediaType, PayloadTooLarge, InvalidRequest."""
    api.source = Body(api.receive, api.headers, share, most_bytes)
    try:
        if media_type_of(api) != FORM_TYPE:
            raise UnsupportedMediaType
        return read_fields(bytes(await api.source.read()))
    finally:
        api.source.release()


async def file_fields(
    api: ApiRequest, share: Share, most_bytes: int, files: Collection[str]
) -> tuple[Fields, Mapping[str, bytes]]:
    """The form that was sent with files (multipart/form-data), of which those named in `files` are given apart, by
    their names. Raises UnsupportedMediaType, PayloadTooLarge, InvalidRequest."""
    api.source = Body(api.receive, api.headers, share, most_bytes)
    try:
        if media_type_of(api) != FILES_TYPE:
            raise UnsupportedMediaType
        parts = parts_of(await api.source.read(), api.headers[b"content-type"])
    finally:
        api.source.release()
    texts = read_texts({name: part for name, part in parts.items() if name not in files})
    return texts, {name: bytes(part) for name, part in parts.items() if name in files}
