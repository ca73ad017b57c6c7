"""What lies on a case's pictures: a box over what each rule read, with a way there and back; and the mark's words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ostiary.console.pages.cases.pictures import mark_words
from ostiary.domain.operators.operator import Operator, Role
from tests.console.cases import demo, read_as, waiting
from tests.console.desk import Desk, text_of

NUMBER_AT = "500,9000 2341,9000 2341,9400 500,9400"
"""Nine of 44 characters of a line from 5 % to 95 % of the picture's width, 90 % down."""


async def page_of(desk: Desk, name: str, role: Role = Role.REVIEWER, **changes: Any) -> str:
    """A case of which the number differs and the birth date agrees."""
    request = await waiting(desk, await desk.company(f"Acme of {name}"))
    await read_as(desk, request, **changes)
    visitor = await desk.signed_in(f"Ana of {name}", role)
    page = await visitor.get(request.place)
    assert page.status_code == 200, text_of(page)
    return page.text


async def test_each_rule_with_a_place_has_a_box_and_leads_there_and_back(desk: Desk) -> None:
    page = await page_of(desk, "boxes")
    boxes = re.findall(r'<g class="box (\w+)" data-box="([\w-]+)">.*?points="([^"]*)"', page)
    assert [(result, key) for result, key, _ in boxes] == [("agrees", "1-birth_date"), ("differs", "1-number")]
    assert boxes[1][2] == NUMBER_AT
    for key in ("1-number", "1-birth_date"):
        assert f'<tr id="rule-{key}"' in page
        assert f'href="#seen-{key}"' in page
        assert f'id="seen-{key}" href="#rule-{key}"' in page
    assert "look_alike" not in "".join(re.findall(r'data-box="[^"]*"', page)), "it is about no place"


async def test_what_a_box_is_about_and_how_it_came_out_is_said_in_words(desk: Desk) -> None:
    page = await page_of(desk, "words")
    assert "<title>Document number: differs</title>" in page
    assert re.search(r'<li class="differs"><a [^>]*>Document number</a> <span class="small">differs</span>', page)
    assert 'aria-hidden="true"' in re.findall(r"<svg class=.boxes.[^>]*>", page)[0], "the list says the same"


@pytest.mark.parametrize(
    ("name", "changes"),
    [("an earlier version", {"lines": ()}), ("another page", {"page": 2}), ("another side", {"side": "image_back"})],
)
async def test_a_picture_has_no_box_of_what_was_read_elsewhere(desk: Desk, name: str, changes: dict[str, Any]) -> None:
    page = await page_of(desk, name, **changes)
    assert "<polygon" not in page
    assert 'href="#seen-' not in page


async def test_who_sees_no_pictures_has_no_way_to_them(desk: Desk) -> None:
    page = await page_of(desk, "a viewer", Role.VIEWER)
    assert "front, line 2" in page
    assert not re.search(r"<polygon|#seen-|<img src=.[^>]*pictures/", page)


@pytest.mark.parametrize(
    ("name", "words"),
    [("Ana 2", "Ana 2"), ("José Núñez", "JOSE NUNEZ"), ("Ольга", "OLGA"), ("☃", "0Gvzfo")],
)
def test_a_mark_says_who_looked_in_letters_that_it_has(name: str, words: str) -> None:
    operator = Operator(id="0Gvzfo", name=name, role=Role.REVIEWER, created_at_ms=0, updated_at_ms=0)
    assert mark_words(operator, 1_796_022_777_359) == f"{words}  2026-11-30 07:12 UTC"


async def test_beside_another_client_boxes_are_there_too_and_none_lights_up_with_anothers(desk: Desk) -> None:
    cases = await demo(desk)
    ana = await desk.signed_in("Ana of two clients", Role.REVIEWER)
    page = await ana.get(f"{cases[18].place}/others/{cases[1].client_id}")
    figures = re.findall(r"<figure .*?</figure>", page.text, re.DOTALL)
    keys = [set(re.findall(r'<g class="box \w+" data-box="([\w-]+)">', figure)) for figure in figures]
    assert any(keys), "boxes are where values were read"
    assert len(set().union(*keys)) == sum(map(len, keys))
    for figure, boxed in zip(figures, keys, strict=True):
        assert set(re.findall(r'<span data-box="([\w-]+)">', figure)) == boxed
    assert not re.search(r'href="#(rule|seen)-', page.text), "no rule is on that page"
