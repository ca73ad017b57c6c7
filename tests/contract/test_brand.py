"""How a company's page looks, by the API: read, set whole, with a logo or without, and given up."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image

from tests.contract.partner import Json, Partner, faults, refusal

BRAND = "/management/companies/brand"
ACME: Json = {
    "name": "Acme Pay", "primary_colour": "#FFD400", "text_on_primary": "black", "background_colour": "#102030",
    "text_on_background": "white", "support": "help@example.com", "privacy": {"en": "What we keep.", "es": "Texto."},
    "frame_origins": ["https://shop.example"],
}  # fmt: skip


def logo(kind: str = "PNG", size: tuple[int, int] = (900, 300), colour: str = "#ffd40080") -> bytes:
    out = BytesIO()
    Image.new("RGBA" if kind != "JPEG" else "RGB", size, colour if kind != "JPEG" else colour[:7]).save(out, kind)
    return out.getvalue()


def sent(content: bytes) -> Json:
    return {"logo": b64encode(content).decode()}


async def test_there_is_none_at_first(partner: Partner) -> None:
    assert refusal(await partner.call("GET", BRAND)) == (404, "NOT_FOUND")
    assert refusal(await partner.call("PUT", f"{BRAND}/logo", sent(logo()))) == (412, "INVALID_STATE")
    assert (await partner.call("DELETE", BRAND)).status_code == 204


async def test_it_is_set_and_read_and_given_up(partner: Partner) -> None:
    expected = ACME | {"primary_colour": "#ffd400", "has_logo": False}
    assert await partner.ok("PUT", BRAND, ACME) == expected
    assert await partner.ok("GET", BRAND) == expected
    assert (await partner.call("DELETE", BRAND)).status_code == 204
    assert (await partner.call("GET", BRAND)).status_code == 404


async def test_what_is_left_out_is_as_it_usually_is(partner: Partner) -> None:
    brand = await partner.ok("PUT", BRAND, {"name": "Acme", "support": None, "privacy": None})
    assert (brand["primary_colour"], brand["text_on_primary"]) == ("#1d4f91", "white")
    assert (brand["background_colour"], brand["text_on_background"]) == ("#ffffff", "black")
    assert not {"support", "privacy"} & brand.keys()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_logo_is_drawn_anew(partner: Partner, kind: str) -> None:
    await partner.ok("PUT", BRAND, ACME)
    assert (await partner.ok("PUT", f"{BRAND}/logo", sent(logo(kind))))["has_logo"] is True
    assert (await partner.ok("PUT", BRAND, ACME))["has_logo"] is True
    assert (await partner.ok("PUT", f"{BRAND}/logo", {"logo": None}))["has_logo"] is False


async def test_a_data_uri_is_a_logo_too(partner: Partner) -> None:
    await partner.ok("PUT", BRAND, ACME)
    body = {"logo": "data:image/png;base64," + sent(logo())["logo"]}
    assert (await partner.ok("PUT", f"{BRAND}/logo", body))["has_logo"] is True


@pytest.mark.parametrize(("body", "expected"), [
    ({"logo": ""}, (400, {("logo", "FIELD_TYPE")})),
    ({"logo": "not base64!"}, (400, {("logo", "FIELD_TYPE")})),
    ({"logo": 1}, (400, {("logo", "FIELD_TYPE")})),
    ({}, (400, {("logo", "FIELD_MISSING")})),
    (sent(b"GIF89a, or so it says"), (412, {("logo", "VALUE_INVALID")})),
    (sent(logo()[:60]), (412, {("logo", "VALUE_INVALID")})),
    (sent(b"\x89PNG" + bytes(512_000)), (412, {("logo", "VALUE_INVALID")})),
])  # fmt: skip
async def test_what_is_no_logo_is_refused(
    partner: Partner, body: Json, expected: tuple[int, set[tuple[str, str]]]
) -> None:
    await partner.ok("PUT", BRAND, ACME)
    answer = await partner.call("PUT", f"{BRAND}/logo", body)
    assert (answer.status_code, faults(answer)) == expected


async def test_a_body_beyond_any_logo_is_not_read(partner: Partner) -> None:
    answer = await partner.call("PUT", f"{BRAND}/logo", sent(bytes(800_000)))
    assert refusal(answer) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize(("changes", "field"), [
    ({"name": ""}, "name"),
    ({"primary_colour": "#ffd400", "text_on_primary": "white"}, "primary_colour"),
    ({"background_colour": "#102030", "text_on_background": "black"}, "background_colour"),
    ({"text_on_primary": "red"}, "text_on_primary"),
    ({"text_on_background": "red"}, "text_on_background"),
    ({"support": "ftp://example.com"}, "support"),
    ({"privacy": {"es": "Texto"}}, "privacy"),
    ({"frame_origins": ["https://*.example"]}, "frame_origins"),
    ({"privacy": {"en": "x" * 5_001}}, "privacy.en"),
])  # fmt: skip
async def test_what_cannot_be_is_refused(partner: Partner, changes: Json, field: str) -> None:
    answer = await partner.call("PUT", BRAND, ACME | changes)
    assert (answer.status_code, faults(answer)) == (412, {(field, "VALUE_INVALID")})


async def test_the_refusal_of_a_colour_says_what_would_do(partner: Partner) -> None:
    answer = await partner.call("PUT", BRAND, ACME | {"text_on_primary": "white"})
    assert answer.json()["details"][0]["message"] == (
        "primary_colour gives white text a contrast of 1.43, and 4.5 is needed; black text would do (14.67)"
    )
