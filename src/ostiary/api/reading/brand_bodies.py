"""The bodies of setting a brand and its logo."""

from __future__ import annotations

import binascii
from base64 import b64decode

import msgspec

from ostiary.api.reading.parsing import BodyParser, demand_json
from ostiary.api.services import ApiServices
from ostiary.domain.errors import Fault, InvalidRequest, ValidationFailed
from ostiary.domain.hosted.brand import LOGO_BYTES, Brand, Ink
from ostiary.domain.sentences import N_, sentence
from ostiary.web.asgi import ApiRequest
from ostiary.web.json_body import read_json

LOGO_BODY_BYTES = LOGO_BYTES * 4 // 3 + 10_000
"""The largest logo in base64, with what is around it: more needs not be read to be refused."""


USUAL = Brand(name="")


class BrandBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole brand: what is left out is as it usually is."""

    name: str
    primary_colour: str = USUAL.primary_colour
    text_on_primary: str = USUAL.text_on_primary.value
    background_colour: str = USUAL.background_colour
    text_on_background: str = USUAL.text_on_background.value
    support: str | None = None
    privacy: dict[str, str] | None = None
    frame_origins: tuple[str, ...] | None = None


class LogoBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A PNG, JPEG or WEBP in base64; null: none any more."""

    logo: str | None


def brand_of(body: BrandBody) -> Brand:
    """What the body says, as the domain's value. Raises ValidationFailed for another ink than there is."""
    return Brand(
        name=body.name.strip(),
        primary_colour=body.primary_colour.lower(),
        text_on_primary=_ink("text_on_primary", body.text_on_primary),
        background_colour=body.background_colour.lower(),
        text_on_background=_ink("text_on_background", body.text_on_background),
        support=(body.support or "").strip(),
        privacy=body.privacy or {},
        frame_origins=tuple(each.lower() for each in body.frame_origins or ()),
    )


def _ink(field: str, word: str) -> Ink:
    if word not in list(Ink):
        raise ValidationFailed(
            faults=(
                Fault(
                    field,
                    "VALUE_INVALID",
                    sentence("%(field)s must be one of: %(possible)s", field=field, possible=", ".join(Ink)),
                ),
            )
        )
    return Ink(word)


async def _logo(services: ApiServices, request: ApiRequest, raw: bytes | bytearray) -> bytes:
    """The bytes of a logo; none for null. Raises InvalidRequest."""
    demand_json(request)
    text = read_json(raw, LogoBody).logo
    if text is None:
        return b""
    prefix, comma, rest = text.partition(",")
    try:
        content = b64decode(rest if comma and prefix.endswith(";base64") else text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content:
        raise InvalidRequest(faults=(Fault("logo", "FIELD_TYPE", N_("logo must be a picture in base64, or null")),))
    return content


LOGO = BodyParser("LogoBody", _logo, most_bytes=LOGO_BODY_BYTES)
