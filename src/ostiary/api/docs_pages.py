"""The pages that describe the API: OpenAPI and the reference."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec
from starlette.types import ASGIApp

from ostiary.api.application import read_only
from ostiary.api.openapi.document import document
from ostiary.api.plain_pages import plain_pages
from ostiary.api.reference.html import ADDRESS
from ostiary.api.services import ApiServices
from ostiary.web.asgi import ApiRequest, ApiResponse
from ostiary.wire.answer import fields_of
from ostiary.wire.catalogue import limits_answer

CONTENT_SECURITY_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'"
)
"""The page needs its own style and nothing else: no script, no font, no address but this one."""

_HOST = re.compile(rb"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")


def address_come_by(request: ApiRequest) -> bytes:
    """Scheme and host as the reader's browser has them. What a proxy says of the scheme is taken from anybody: it is
    shown to who sent it, and to nobody else."""
    host = request.headers.get(b"host", b"")
    if not _HOST.fullmatch(host):
        return ADDRESS.encode()
    forwarded = request.headers.get(b"x-forwarded-proto", b"")
    scheme = forwarded if forwarded in (b"http", b"https") else str(request.scope["scheme"]).encode()
    return scheme + b"://" + host


def pages(service: ApiServices) -> dict[str, ASGIApp]:
    """Addresses and what they serve; what is costly is made when it is first asked for, and
    for each catalogue that comes into force."""

    def in_force() -> str:
        return service.context.catalogues.current.version

    @lru_cache(maxsize=1)
    def described(_: str) -> dict[str, Any]:
        return document(service)

    @lru_cache(maxsize=1)
    def encoded(version: str) -> bytes:
        return msgspec.json.encode(described(version))

    @lru_cache(maxsize=1)
    def reference(version: str) -> bytes:
        from ostiary.api.reference.page import page  # thousands of lines of text that few processes ever show

        context = service.context
        limits = fields_of(limits_answer(context.limits, service.max_body_bytes))
        return page(described(version), limits, context.scenarios).encode()

    async def openapi(_: ApiRequest) -> ApiResponse:
        return ApiResponse(200, encoded(in_force()))

    async def docs(request: ApiRequest) -> ApiResponse:
        """The reference, with the address that the reader came by in its examples."""
        shown = reference(in_force()).replace(ADDRESS.encode(), address_come_by(request))
        security = (b"content-security-policy", CONTENT_SECURITY_POLICY)
        return ApiResponse(200, shown, [security], media_type=b"text/html; charset=utf-8")

    async def root(_: ApiRequest) -> ApiResponse:
        """Leads whoever opens the bare address to the reference, also below a path that a proxy has put before it."""
        return ApiResponse(307, b"", [(b"location", b"docs")])

    served = {"/openapi.json": read_only(openapi), "/docs": read_only(docs), "/": read_only(root)}
    return served | plain_pages()
