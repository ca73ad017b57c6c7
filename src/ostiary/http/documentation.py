"""The pages that describe the API: OpenAPI and the reference."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from ostiary.http.application import Page
from ostiary.http.calls import Service
from ostiary.http.openapi import document
from ostiary.http.published import limits_json

CONTENT_SECURITY_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'"
)
"""The page needs its own style and nothing else: no script, no font, no address but this one."""


def pages(service: Service) -> dict[str, Page]:
    """Addresses and what they serve. Made once, when first asked for."""

    @cache
    def described() -> dict[str, Any]:
        return document(service)

    @cache
    def openapi() -> bytes:
        return msgspec.json.encode(described())

    @cache
    def reference() -> bytes:
        from ostiary.http.reference_page import page  # thousands of lines of text that few processes ever show

        world = service.world
        return page(described(), limits_json(world.limits, service.max_body_bytes), world.scenarios).encode()

    return {
        "/openapi.json": Page(openapi, b"application/json"),
        "/docs": Page(reference, b"text/html; charset=utf-8", ((b"content-security-policy", CONTENT_SECURITY_POLICY),)),
    }
