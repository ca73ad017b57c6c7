"""Pages in Spanish and in Portuguese hold nothing that would have to be said in another language."""

from __future__ import annotations

import re
from html import unescape

import pytest

from ostiary.domain.operators.operator import Role
from ostiary.html.cookies import LANGUAGE
from ostiary.languages.choosing import ENGLISH, OFFERED
from ostiary.languages.language import Language
from tests.browser.scenes import scene_of
from tests.console.cases import waiting
from tests.console.desk import Desk, Visitor
from tests.conventions.messages import every_text

TRANSLATED = [tag for tag in OFFERED if tag != ENGLISH]
PIECE = re.compile(r">([^<>]+)<|(?:aria-label|alt|title|data-label|data-decision)=\"([^\"]+)\"")
AGENT = "a test"
"""What browsers of tests call themselves, which is no text of ours."""
ENGLISH_MOMENT = re.compile(r"\d [A-Z][a-z]{2} \d{4}, \d\d:\d\d")


def english_in(text: str, tag: str) -> list[str]:
    """Texts of ours that stand in a page as they are in English, though they are others in its language."""
    language = Language(tag)
    ours = {each for each in every_text() if language.pattern(each) != each}
    body = re.sub(r"<(script|style|code)\b.*?</\1>", "", text, flags=re.DOTALL)
    pieces = {unescape(part).strip() for pair in PIECE.findall(body) for part in pair}
    return sorted((ours & pieces) - {AGENT})


def test_english_is_seen() -> None:
    assert english_in('<p>Queue</p><i aria-label="Find">x</i><code>Show</code><b>Cola</b>', "es") == ["Find", "Queue"]


async def _in(desk: Desk, visitor: Visitor, tag: str) -> None:
    assert (await visitor.post("/console/language", {"language": tag})).status_code == 303


@pytest.mark.parametrize("tag", TRANSLATED)
async def test_pages_are_wholly_in_a_language(desk: Desk, tag: str) -> None:
    scene = await scene_of(desk, f"in {tag}")
    visitor = desk.visitor(await desk.session(scene.admin), scene.admin)
    await _in(desk, visitor, tag)
    for name, path in {**scene.pages(), "queue": "/console/queue"}.items():
        page = await visitor.get(path)
        assert f'<html lang="{tag}">' in page.text, name
        assert not english_in(page.text, tag), name
        assert not ENGLISH_MOMENT.search(page.text), name


@pytest.mark.parametrize("tag", TRANSLATED)
async def test_a_case_and_what_goes_wrong_with_it_is_in_a_language(desk: Desk, tag: str) -> None:
    request = await waiting(
        desk, await desk.company(f"Acme of cases in {tag}"), "name_doubtful", "screening_unavailable"
    )
    reviewer = await desk.signed_in(f"Rea of cases in {tag}", Role.APPROVER)
    await _in(desk, reviewer, tag)
    for page in (
        await reviewer.get(request.place),
        await reviewer.post(f"{request.place}/decide/approve", {"look": "1", "note": ""}),
        await reviewer.post(f"{request.place}/decide/return", {"look": "x"}),
        await reviewer.post("/console/search", {"words": "nobody@example.com"}),
        await reviewer.get("/console/queue?kind=nothing"),
    ):
        assert not english_in(page.text, tag)
        assert ' lang="en"' not in page.text.partition("<main")[2].partition("</main")[0], "nothing is left in English"


@pytest.mark.parametrize(("tag", "words"), [("es", "no es correcto"), ("pt", "está errado")])
async def test_a_refused_sign_in_is_in_the_language_of_the_browser(desk: Desk, tag: str, words: str) -> None:
    visitor = desk.visitor()
    visitor.http.cookies.set(LANGUAGE, tag)
    page = await visitor.post("/console/sign-in", {"name": f"nobody in {tag}", "password": "x", "code": "000000"})
    assert words in page.text
    assert not english_in(page.text, tag)
