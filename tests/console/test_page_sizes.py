"""What a browser has to fetch before somebody can decide: bytes, not times."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ostiary.console.static_files import own_files
from ostiary.domain.operators.operator import Role
from ostiary.domain.unit import AddDocument, Unit
from ostiary.usecases.dossiers import load_dossier
from tests.console.cases import caller_of, read_as, waiting
from tests.console.desk import Desk, text_of

PICTURES = 4
MOST_HTML_BYTES, MOST_SCRIPT_BYTES = 60_000, 50_000
"""The page of a case with four pictures, uncompressed; all scripts there are, compressed."""
CONSOLE = Path(__file__).parents[2] / "src" / "ostiary" / "console"


async def case_of_many(desk: Desk, name: str) -> str:
    """The page of a case with so many pictures, as if each document had been sent so many times."""
    reasons = ("name_doubtful", "number_doubtful", "returned_before", "looks_like_another")
    request = await waiting(desk, await desk.company(f"Acme of {name}"), *reasons)
    context = desk.parts.context
    dossier = await load_dossier(context, await caller_of(desk, request.company), request.client_id)
    [document] = dossier.documents
    more = tuple(AddDocument(replace(document, id=context.new_id())) for _ in range(PICTURES - 1))
    assert await context.storage.commit(Unit(request.company.id, context.now_ms(), dossier.client, more)) is None
    await read_as(desk, request)
    page = await (await desk.signed_in(f"Ana of {name}", Role.APPROVER)).get(request.place)
    assert page.status_code == 200, text_of(page)
    return page.text


async def test_a_case_with_four_pictures_and_their_boxes_is_a_small_page(desk: Desk) -> None:
    page = await case_of_many(desk, "many pictures")
    assert (page.count("data-picture>"), page.count('<svg class="boxes"')) == (PICTURES, PICTURES)
    assert len(page.encode()) <= MOST_HTML_BYTES


async def test_of_many_pictures_the_first_two_are_fetched_at_once(desk: Desk) -> None:
    pictures = re.findall(r"<img src=[^>]*/pictures/[^>]*>", await case_of_many(desk, "patience"))
    assert ['loading="lazy"' in each for each in pictures] == [False, False, True, True]


def test_all_script_is_small() -> None:
    files, scripts = own_files(), list(CONSOLE.glob("*/*.js"))
    names = {script.name for script in scripts}
    served = [files.find(files.address(name).rpartition("/")[2]) for name in names]
    assert {"case.js", "pictures.js"} < names
    assert sum(len(file.compressed) for file in served if file) <= MOST_SCRIPT_BYTES
    assert all(served)
