"""The headers of every page: nothing from elsewhere, in nobody's frame, kept by nobody."""

from __future__ import annotations

from ostiary.languages.language import Language

Headers = tuple[tuple[bytes, bytes], ...]


def security_headers(*, images: str = "'self'", camera: str = "()") -> Headers:
    """`images` are the sources that pictures of a page may have (CSP 3, img-src), `camera` who may use one
    (Permissions Policy: `()` nobody, `(self)` our pages).

    `x-frame-options` says again what the policy says, to browsers and scanners that read only that; `no-store` and
    `nosniff` stand on every answer of the service.
    """
    content = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    permissions = (
        f"camera={camera}, microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()"
    )
    return (
        (b"content-security-policy", content.encode()),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", permissions.encode()),
    )


def language_headers(language: Language) -> Headers:
    """In which language a page is, and on what that depends (RFC 9110 sections 8.5 and 12.5.5)."""
    return (b"content-language", language.tag.encode()), (b"vary", b"cookie, hx-request, accept-language")
