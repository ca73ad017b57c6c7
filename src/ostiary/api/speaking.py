"""In which language a call is answered: what its header `Accept-Language` asks for (RFC 9110 section 12.5.4).

Only answers with texts for people differ. English ones are as they are without the header, to the byte.
"""

from __future__ import annotations

from ostiary.languages.speech import IN_ENGLISH, Speech, speech_for
from ostiary.web.asgi import ApiRequest

SPOKEN = frozenset({"Product", "Products", "Judged", "Catalogue"})
"""Answers, as components of the OpenAPI document, in which there are texts of the catalogue, reasons or next steps."""
_VARY = (b"vary", b"accept-language")


def speech_of(request: ApiRequest) -> Speech:
    """What the caller asks for, in what answers can be said in."""
    accepted = request.headers.get(b"accept-language")
    return IN_ENGLISH if accepted is None else speech_for(accepted)


def language_headers(request: ApiRequest, gives: str) -> list[tuple[bytes, bytes]]:
    """What says that an answer is in another language than English, and that another header would get another one."""
    if b"accept-language" not in request.headers or gives not in SPOKEN:
        return []
    speech = speech_of(request)
    return [] if speech is IN_ENGLISH else [(b"content-language", speech.tag.encode()), _VARY]
