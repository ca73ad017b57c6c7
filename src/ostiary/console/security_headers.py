"""The headers of every answer of the console: nothing from elsewhere, in nobody's frame, kept by nobody."""

from __future__ import annotations

from ostiary.languages.language import Language

CONTENT_SECURITY_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS = b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()"
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", PERMISSIONS),
)
"""`x-frame-options` says again what the policy says, to browsers and scanners that read only that; `no-store` and
`nosniff` stand on every answer of the service."""


def language_headers(language: Language) -> tuple[tuple[bytes, bytes], ...]:
    """In which language a page is, and on what that depends (RFC 9110 sections 8.5 and 12.5.5)."""
    return (b"content-language", language.tag.encode()), (b"vary", b"cookie, hx-request, accept-language")
