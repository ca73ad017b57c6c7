"""Every page is shown to who may see it, and says what to do where there is nothing."""

from __future__ import annotations

from tests.console.desk import Desk, text_of

PLACES = ("/console/companies", "/console/operators", "/console/operators-trail", "/console/about", "/console/sessions")


async def test_an_admin_sees_every_page_of_the_menu(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of pages")
    for place in PLACES:
        page = await admin.get(place)
        assert page.status_code == 200, place
        assert "Ada of pages" in text_of(page)
        assert page.text.count("<h1") == 1
