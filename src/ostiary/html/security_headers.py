"""The headers of every page: nothing from elsewhere, in nobody's frame, kept by nobody."""

from __future__ import annotations

from ostiary.languages.language import Language

Headers = tuple[tuple[bytes, bytes], ...]
NOBODY = "'none'"


def security_headers(*, images: str = "'self'", camera: str = "()", frames: tuple[str, ...] = ()) -> Headers:
    """`images` are the sources that pictures of a page may have (CSP 3, img-src), `camera` who may use one
    (Permissions Policy: `()` nobody, `(self)` our pages), `frames` the origins that may show a page within theirs.

    `x-frame-options` says again that nobody may, to browsers and scanners that read only that; it knows no list of
    origins, so where there is one it is left out (CSP 3, 6.4.2: the policy counts where both are). `no-store` and
    `nosniff` stand on every answer of the service.
    """
    content = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {' '.join(frames or (NOBODY,))}"
    )
    permissions = (
        f"camera={camera}, microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()"
    )
    return (
        (b"content-security-policy", content.encode()),
        *(((b"x-frame-options", b"DENY"),) if not frames else ()),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", permissions.encode()),
    )


def language_headers(language: Language) -> Headers:
    """In which language a page is, and on what that depends (RFC 9110 sections 8.5 and 12.5.5)."""
    return (b"content-language", language.tag.encode()), (b"vary", b"cookie, hx-request, accept-language")
