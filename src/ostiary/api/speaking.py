"""Which answers differ by the language that a call asks for: only those with texts for people."""

from __future__ import annotations

from ostiary.languages.speech import Speech
from ostiary.web import errors
from ostiary.web.asgi import ApiRequest

SPOKEN = frozenset({"Product", "Products", "Judged", "Catalogue"})
"""Answers, as components of the OpenAPI document, in which there are texts of the catalogue, reasons or next steps.
Refusals are spoken as well."""


def speech_of(request: ApiRequest) -> Speech:
    """What the caller asks for, in what answers can be said in."""
    return errors.speech_of(request.headers)


def language_headers(request: ApiRequest, gives: str) -> list[tuple[bytes, bytes]]:
    """What says that an answer is in another language than English, and that another header would get another one."""
    return errors.spoken_headers(speech_of(request)) if gives in SPOKEN else []
