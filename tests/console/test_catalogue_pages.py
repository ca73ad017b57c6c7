"""The history of the catalogue: what was published, what waits for a second person, and what versions differ in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import pytest

from ostiary.adapters.config.catalogue_file import default_source, parse
from ostiary.app import Installation
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue_changes.publications import Publication
from ostiary.domain.operators.operator import Role
from ostiary.domain.times import DAY_MS
from ostiary.usecases.catalogue.publish import PublicationWish, list_publications, publish, publisher
from ostiary.usecases.transaction import carried_out
from tests.console.desk import Desk, text_of
from tests.http.running import installation

PLACE = "/console/catalogue"
BUTTONS = re.compile(r'action="/console/catalogue/publications/[^/"]+/([a-z]+)"')


def catalogue(age: int, more: str = "") -> Catalogue:
    source = default_source().replace("minimum_age: 18", f"minimum_age: {age}{more}")
    return parse(source, "another", is_kept=True)


STRICTER = catalogue(21)
RENEWED = catalogue(18, "\n    review_every: P1Y")


@pytest.fixture
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Of each test its own: there is one history of an installation."""
    with installation(tmp_path_factory.mktemp("catalogue")) as parts:
        yield parts


async def published(desk: Desk, name: str, declared: Catalogue = STRICTER, *, needs_two: bool = True) -> Publication:
    context = desk.parts.context
    wish = PublicationWish("A new law", desk.clock.now_ms() + DAY_MS)
    caller = await publisher(context, name, needs_two=needs_two)
    return await carried_out(context, caller, partial(publish, catalogue=declared, wish=wish, needs_two=needs_two))


def acts(publication: Publication, action: str) -> str:
    return f"{PLACE}/publications/{publication.id}/{action}"


async def test_a_history_without_publications_says_where_the_catalogue_is(desk: Desk) -> None:
    ana = await desk.signed_in("Ana", Role.APPROVER)
    page = text_of(await ana.get(PLACE))
    assert "Nothing was published yet" in page
    assert desk.console.context.catalogues.current.version[:8] in page


async def test_a_proposal_is_approved_by_somebody_else_and_withdrawn_by_the_word_of_two(desk: Desk) -> None:
    object.__setattr__(desk.console, "catalogue_four_eyes", True)
    ana, ben = [await desk.signed_in(name, Role.APPROVER) for name in ("Ana", "Ben")]
    proposed = await published(desk, "Ana")
    page = await ana.get(PLACE)
    assert "waits for a second person Ana A new law" in text_of(page)
    assert BUTTONS.findall(page.text) == ["withdraw"]
    refused = await ana.post(acts(proposed, "approve"))
    assert (refused.status_code, "Somebody else than who proposed it" in text_of(refused)) == (412, True)
    assert BUTTONS.findall((await ben.get(PLACE)).text) == ["approve", "withdraw"]
    assert (await ben.post(acts(proposed, "approve"))).headers["location"] == f"{PLACE}?notice=publication_approved"
    assert "published Ana approved by Ben A new law" in text_of(await ana.get(PLACE))
    asked = await ben.post(acts(proposed, "withdraw"))
    assert asked.headers["location"] == f"{PLACE}?notice=withdrawal_asked"
    assert BUTTONS.findall((await ben.get(PLACE)).text) == ["keep"]
    page = await ana.get(PLACE)
    assert "published; somebody wants it withdrawn Ana approved by Ben Ben wants it withdrawn" in text_of(page)
    assert BUTTONS.findall(page.text) == ["approve", "keep"]
    assert (await ana.post(acts(proposed, "keep"))).headers["location"] == f"{PLACE}?notice=publication_kept"
    await ben.post(acts(proposed, "withdraw"))
    gone = await ana.post(acts(proposed, "approve"))
    assert gone.headers["location"] == f"{PLACE}?notice=publication_withdrawn"
    page = await ana.get(PLACE)
    assert "withdrawn Ana approved by Ben A new law" in text_of(page)
    assert BUTTONS.findall(page.text) == []


async def test_one_person_withdraws_where_one_publishes_and_what_is_in_force_stays(desk: Desk) -> None:
    ana = await desk.signed_in("Ana", Role.APPROVER)
    coming = await published(desk, "Ana", needs_two=False)
    gone = await ana.post(acts(coming, "withdraw"))
    assert gone.headers["location"] == f"{PLACE}?notice=publication_withdrawn"
    again = await published(desk, "Ana", needs_two=False)
    desk.clock.ahead_ms += 2 * DAY_MS
    desk.parts.catalogues.follow(await list_publications(desk.parts.context))
    ana = await desk.signed_in("Ana the second", Role.APPROVER)
    page = await ana.get(PLACE)
    assert "in force Ana A new law" in text_of(page)
    assert BUTTONS.findall(page.text) == []
    assert (await ana.post(acts(again, "withdraw"))).status_code == 412


async def test_who_works_for_some_companies_sees_the_history_and_decides_nothing(desk: Desk) -> None:
    company = await desk.company()
    await desk.operator("Ana", Role.APPROVER)
    proposed = await published(desk, "Ana")
    sam = await desk.signed_in("Sam", Role.APPROVER, company.id)
    page = await sam.get(PLACE)
    assert "A new law" in text_of(page)
    assert BUTTONS.findall(page.text) == []
    assert (await sam.post(acts(proposed, "approve"))).status_code == 403
    vic = await desk.signed_in("Vic", Role.VIEWER)
    assert (await vic.get(PLACE)).status_code == 403
    assert "History of the catalogue" not in text_of(await vic.get("/console/about"))


async def test_what_differs_is_said_by_product_as_the_command_line_does(desk: Desk) -> None:
    await desk.operator("Ana", Role.APPROVER)
    await published(desk, "Ana")
    vic = await desk.signed_in("Vic", Role.VIEWER)
    current = desk.console.context.catalogues.current.version
    place = f"{PLACE}/difference"
    assert "Nothing differs." not in text_of(await vic.get(place))
    page = text_of(await vic.get(f"{place}?old={current}&new={STRICTER.version}"))
    assert "Some clients may be asked more than before." in page
    assert "harder minimum_age 21, it was 18" in page
    back = text_of(await vic.get(f"{place}?old={STRICTER.version}&new={current}"))
    assert "Nobody is asked more than before." in back
    assert "Nothing differs." in text_of(await vic.get(f"{place}?old={current}&new={current}"))
    assert (await vic.get(f"{place}?old={current}&new=%3Cb%3E")).status_code == 404


@pytest.mark.parametrize(("language", "words"), [
    ("es", "más difícil review_every.high después de 1 año, antes nada"),
    ("pt", "mais difícil review_every.high depois de 1 ano, antes nada"),
])  # fmt: skip
async def test_what_differs_is_said_in_the_readers_language(desk: Desk, language: str, words: str) -> None:
    await desk.operator("Ana", Role.APPROVER)
    await published(desk, "Ana", RENEWED)
    vic = await desk.signed_in("Vic", Role.VIEWER)
    current = desk.console.context.catalogues.current.version
    answer = await vic.get(
        f"{PLACE}/difference?old={current}&new={RENEWED.version}", headers={"accept-language": language}
    )
    assert words in text_of(answer)
