"""An admin says in the console how a company's page for clients looks, with a logo that is drawn anew."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from ostiary.domain.hosted.brand import LOGO_BYTES, Ink
from ostiary.domain.operators.operator import Role
from ostiary.usecases.hosted.brand import find_brand, find_logo
from tests.console.desk import Desk, text_of

ACME = {
    "name": "Acme Pay",
    "primary_colour": "#FFD400",
    "text_on_primary": "black",
    "background_colour": "",
    "text_on_background": "black",
    "support": "help@example.com",
    "frame_origins": "https://shop.example, https://app.example",
    "privacy.en": "What we keep.\r\nAnd why.",
    "privacy.es": "Lo que guardamos.",
    "privacy.pt": "",
}


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 20), "#ffd400").save(out, "PNG")
    return out.getvalue()


async def test_a_brand_is_set_shown_and_removed(desk: Desk) -> None:
    ada, company = await desk.signed_in("Ada of brands"), await desk.company("Acme of brands")
    place = f"/console/companies/{company.id}"
    assert f'href="{place}/brand"' in (await ada.get(place)).text
    assert "#1d4f91" in (await ada.get(f"{place}/brand")).text
    answer = await ada.post(f"{place}/brand", ACME)
    assert answer.headers["location"] == f"{place}/brand?notice=brand_set"
    page = await ada.get(answer.headers["location"])
    assert "The brand is set" in text_of(page)
    assert 'value="Acme Pay"' in page.text
    company_brand = await find_brand(desk.parts.context, company)
    assert company_brand is not None
    brand = company_brand.brand
    assert (brand.primary_colour, brand.text_on_primary, brand.background_colour) == ("#ffd400", Ink.BLACK, "#ffffff")
    assert brand.frame_origins == ("https://shop.example", "https://app.example")
    assert brand.privacy == {"en": "What we keep.\nAnd why.", "es": "Lo que guardamos."}
    await ada.post(f"{place}/brand/remove")
    assert await find_brand(desk.parts.context, company) is None
    entries = await desk.parts.context.storage.audit.entries(company.id, company.id)
    actions = [(entry.action, entry.actor) for entry in entries if entry.action.startswith("brand")]
    assert actions == [("brand_set", "operator:Ada of brands"), ("brand_removed", "operator:Ada of brands")]


async def test_a_logo_is_drawn_shown_and_taken_away(desk: Desk) -> None:
    ada, company = await desk.signed_in("Ada of logos"), await desk.company("Acme of logos")
    place = f"/console/companies/{company.id}/brand"
    assert (await ada.get(f"{place}/logo")).status_code == 404
    without = await ada.post(f"{place}/logo", files={"logo": ("logo.png", png(), "image/png")})
    assert (without.status_code, "no brand: set one first" in text_of(without)) == (400, True)
    await ada.post(place, ACME)
    answer = await ada.post(f"{place}/logo", files={"logo": ("logo.png", png(), "image/png")})
    assert answer.headers["location"] == f"{place}?notice=logo_set"
    assert f"{place}/logo?v=2" in (await ada.get(place)).text
    picture = await ada.get(f"{place}/logo")
    assert (picture.headers["content-type"], Image.open(BytesIO(picture.content)).size) == ("image/png", (40, 20))
    answer = await ada.post(f"{place}/logo", files={"logo": ("", b"", "application/octet-stream")})
    assert answer.headers["location"] == f"{place}?notice=logo_removed"
    assert await find_logo(desk.parts.context, company) is None


@pytest.mark.parametrize(("changes", "words"), [
    ({"name": ""}, "must not be blank"),
    ({"text_on_primary": "white"}, "black text would do (14.67)"),
    ({"background_colour": "blue"}, "written #rrggbb"),
    ({"support": "ftp://x"}, "must be an https address"),
    ({"frame_origins": "https://*.example"}, "without a path or"),
    ({"privacy.en": ""}, "needs a text in English"),
    ({"privacy.es": "x" * 5_001}, "at most 5000 characters"),
])  # fmt: skip
async def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, changes: dict[str, str], words: str
) -> None:
    ada, company = await desk.signed_in(f"Ada of {words}"), await desk.company("Acme of faults")
    refused = await ada.post(f"/console/companies/{company.id}/brand", ACME | changes)
    assert refused.status_code == 400
    assert words in text_of(refused)
    assert "help@example.com" in refused.text or "support" in changes
    assert await find_brand(desk.parts.context, company) is None


@pytest.mark.parametrize(("content", "status"), [
    (b"GIF89a", 400), (b"plain text is no logo", 400), (b"\x89PNG" + bytes(LOGO_BYTES), 400),
    (bytes(LOGO_BYTES + 200_000), 413),
])  # fmt: skip
async def test_what_is_no_logo_is_refused(desk: Desk, content: bytes, status: int) -> None:
    ada, company = await desk.signed_in(f"Ada of {len(content)} bytes"), await desk.company("Acme of bad logos")
    place = f"/console/companies/{company.id}/brand"
    await ada.post(place, ACME)
    refused = await ada.post(f"{place}/logo", files={"logo": ("logo.png", content, "image/png")})
    assert refused.status_code == status
    assert await find_logo(desk.parts.context, company) is None


async def test_a_form_without_files_is_no_logo(desk: Desk) -> None:
    ada, company = await desk.signed_in("Ada of forms"), await desk.company("Acme of forms")
    assert (await ada.post(f"/console/companies/{company.id}/brand/logo", {"logo": "x"})).status_code == 415


async def test_who_is_no_admin_is_not_shown_it(desk: Desk) -> None:
    company = await desk.company("Acme of rights")
    ron = await desk.signed_in("Ron of rights", Role.APPROVER)
    assert f"{company.id}/brand" not in (await ron.get(f"/console/companies/{company.id}")).text
    assert (await ron.get(f"/console/companies/{company.id}/brand")).status_code == 403
