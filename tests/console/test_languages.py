"""In which language a page is: as the operator chose, else as was chosen in this browser, else as it asks."""

from __future__ import annotations

import pytest

from ostiary.domain.operators.operator import Role
from ostiary.html.cookies import LANGUAGE
from tests.console.desk import Desk

LANG = '<html lang="{}">'


@pytest.mark.parametrize(
    ("header", "tag"), [("", "en"), ("pt-BR,pt;q=0.9", "pt"), ("de, es;q=0.1", "es"), ("\\", "en")]
)
async def test_a_page_is_in_the_language_that_the_browser_asks_for(desk: Desk, header: str, tag: str) -> None:
    answer = await desk.visitor().get("/console/sign-in", headers={"accept-language": header})
    assert LANG.format(tag) in answer.text
    assert answer.headers["content-language"] == tag
    assert {"cookie", "accept-language"} <= set(answer.headers["vary"].split(", "))


async def test_a_language_chosen_in_a_browser_stays_there(desk: Desk) -> None:
    visitor = desk.visitor()
    answer = await visitor.post("/console/language", {"language": "es", "next": "/console/sign-in?next=%2Fconsole"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in?next=%2Fconsole")
    assert "HttpOnly" in answer.headers["set-cookie"]
    page = await visitor.get("/console/sign-in", headers={"accept-language": "pt"})
    assert LANG.format("es") in page.text
    assert 'value="es" lang="es" aria-current="true"' in page.text


async def test_what_an_operator_chose_is_his_in_every_browser(desk: Desk) -> None:
    here = await desk.signed_in("Lina of languages", Role.VIEWER)
    assert here.operator is not None
    answer = await here.post("/console/language", {"language": "pt", "next": "/console/about"})
    assert answer.headers["location"] == "/console/about"
    elsewhere = desk.visitor(await desk.session(here.operator), here.operator)
    elsewhere.http.cookies.set(LANGUAGE, "es")
    assert LANG.format("pt") in (await elsewhere.get("/console/about", headers={"accept-language": "es"})).text
    actions = [
        entry.action for entry in await desk.parts.context.storage.audit.entries(*[(await desk.own_house()).id] * 2)
    ]
    assert "language_chosen" in actions


async def test_what_was_chosen_before_signing_in_stays_after(desk: Desk) -> None:
    """As long as the operator has no choice of his own."""
    operator = await desk.operator("Luis of sign-ins")
    visitor = desk.visitor(await desk.session(operator), operator)
    visitor.http.cookies.set(LANGUAGE, "es")
    assert LANG.format("es") in (await visitor.get("/console/about")).text


@pytest.mark.parametrize("tag", ["", "de", "EN", "es-ES", "../es", "<b>", "es\n", "e" * 10_000])
async def test_a_language_that_is_not_offered_is_refused(desk: Desk, tag: str) -> None:
    answer = await desk.visitor().post("/console/language", {"language": tag.strip("\n") + "?" * tag.endswith("\n")})
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers or LANGUAGE not in answer.headers["set-cookie"]


@pytest.mark.parametrize("value", ["de", "../es", "es; ostiary_language=pt", "", "%65s", "<script>", "es" * 5_000])
async def test_a_cookie_that_names_no_language_is_as_none(desk: Desk, value: str) -> None:
    answer = await desk.visitor().get(
        "/console/sign-in", headers={"cookie": f"{LANGUAGE}={value}", "accept-language": "pt"}
    )
    assert LANG.format("pt") in answer.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/console/../x", "/other", "\\evil"])
async def test_the_way_back_leads_nowhere_else(desk: Desk, elsewhere: str) -> None:
    answer = await desk.visitor().post("/console/language", {"language": "es", "next": elsewhere})
    assert answer.headers["location"] == "/console/sign-in"


async def test_a_page_that_a_form_led_to_leads_back_to_the_start(desk: Desk) -> None:
    """Nothing else is at its address."""
    admin = await desk.signed_in("Lola of searches")
    page = await admin.post("/console/search", {"words": "nobody@example.com"})
    assert '<input type="hidden" name="next" value="">' in page.text
    assert (await admin.post("/console/language", {"language": "es", "next": ""})).headers["location"] == "/console"
