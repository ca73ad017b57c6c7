"""A document read in the moment its pictures are there, by the real reader: quickly, or the form stays empty."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.documents.document import BACK, FRONT
from ostiary.domain.documents.reading import Reading, Trouble
from ostiary.domain.errors import Unavailable
from ostiary.domain.hosted.proposals import AWAY, Misfit, Proposals, ReadNow
from ostiary.specimens.drawing import specimen
from ostiary.specimens.photos import Shot, photographed
from ostiary.usecases.hosted import drafts
from ostiary.usecases.hosted import read_now as reading_now
from ostiary.usecases.hosted.drafts import Draft, keep_side, opened_draft, read_again, read_draft, sealed_draft
from ostiary.usecases.hosted.read_now import get_ready, read_now
from tests.house import CARDS, House, open_house
from tests.material import picture
from tests.shared_reader import SharedReader
from tests.usecases.test_reading import BORN, EXPIRES, NUMBER, page

pytestmark = [pytest.mark.heavy, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture
def process() -> SharedReader:
    return SharedReader()


@pytest_asyncio.fixture(loop_scope="module")
async def shop(tmp_path: Path, process: SharedReader) -> AsyncIterator[House]:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        house.context = replace(house.context, reader=process)
        yield house


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take longer to read than a client would wait; some tests wait less."""
    monkeypatch.setattr(reading_now, "READ_NOW_S", 20)


def kind(house: House, name: str = "passport") -> DocumentType:
    product = house.context.catalogues.current.products[CARDS]
    return next(each for each in product.document_types() if each.id == name)


@dataclass(slots=True)
class Telling:
    """A reader that answers what it is told to, or waits."""

    answer: Reading | Exception | None = None
    asked: int = 0
    warmed: int = 0

    def warm(self) -> None:
        self.warmed += 1

    async def read(
        self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date, company_id: str = ""
    ) -> Reading:
        self.asked += 1
        if self.answer is None:
            await asyncio.Event().wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        assert self.answer is not None
        return self.answer


async def test_a_passport_held_before_a_camera_fills_the_form(shop: House) -> None:
    client = await shop.client()
    taken = photographed(page(), 3, Shot(turned_degrees=2, perspective=0.02, gradient=0.2, noise=3))
    proposals = await read_now(shop.context, shop.caller.company, client, kind(shop), [(FRONT, taken)])
    details = {"number": NUMBER, "issuing_country": "ARG", "expiration_date": EXPIRES.isoformat()}
    assert proposals == Proposals(ReadNow.READ, details)


async def test_both_sides_of_a_card_are_read_together(shop: House) -> None:
    client = await shop.client()
    back = specimen(
        2,
        kind="card",
        number=NUMBER,
        surname="Barber",
        given_names="Maria Julia",
        country="ARG",
        birth_date=BORN,
        expiration_date=EXPIRES,
    )
    proposals = await read_now(
        shop.context, shop.caller.company, client, kind(shop, "national_id"), [(FRONT, page()), (BACK, back)]
    )
    assert (proposals.look, proposals.details["number"]) == (ReadNow.READ, NUMBER)


async def test_what_does_not_fit_what_was_typed_before_is_said_before_the_submission(shop: House) -> None:
    client = await shop.client(first_name="Pedro", second_name=None, birth_date="1990-01-01")
    proposals = await read_now(shop.context, shop.caller.company, client, kind(shop), [(FRONT, page())])
    assert proposals.misfits == (
        Misfit("first_name", "Pedro", "MARIA JULIA"),
        Misfit("birth_date", "1990-01-01", BORN.isoformat()),
    )
    assert shop.actions(client.id) == ["client_created"]


async def test_a_picture_of_no_document_leaves_the_form_empty(shop: House) -> None:
    proposals = await read_now(
        shop.context, shop.caller.company, await shop.client(), kind(shop), [(FRONT, picture(1))]
    )
    assert proposals == Proposals(ReadNow.NOTHING)


@pytest.mark.parametrize(
    "answer", [Unavailable("busy", retry_after_s=10), Reading(None, trouble=Trouble.UNAVAILABLE)], ids=["busy", "off"]
)
async def test_a_reader_that_is_off_or_busy_leaves_the_form_empty(shop: House, answer: Reading | Exception) -> None:
    context = replace(shop.context, reader=Telling(answer))
    assert await read_now(context, shop.caller.company, await shop.client(), kind(shop), [(FRONT, page())]) == AWAY


async def test_a_slow_reader_is_waited_for_only_a_little(shop: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_now, "READ_NOW_S", 0.05)
    context, begun = replace(shop.context, reader=Telling()), time.monotonic()
    assert await read_now(context, shop.caller.company, await shop.client(), kind(shop), [(FRONT, page())]) == AWAY
    assert time.monotonic() - begun < 5


async def test_who_asks_again_after_it_took_too_long_gets_what_was_read_meanwhile(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, pictures = await shop.client(), [(FRONT, page(seed=9))]
    monkeypatch.setattr(reading_now, "READ_NOW_S", 0.02)
    assert await read_now(shop.context, shop.caller.company, client, kind(shop), pictures) == AWAY
    monkeypatch.setattr(reading_now, "READ_NOW_S", 20)
    assert (await read_now(shop.context, shop.caller.company, client, kind(shop), pictures)).look is ReadNow.READ


async def test_a_draft_is_read_once_all_its_sides_are_there(shop: House) -> None:
    client, company, card = await shop.client(), shop.caller.company, kind(shop, "national_id")
    draft = Draft("1-identity_document", card.id)
    for side, content in ((FRONT, page(7)), (BACK, page(8))):
        assert await read_draft(shop.context, shop.caller.company, client, card, draft) == draft
        looked_at = await keep_side(shop.context, company, client, card, draft, (side, content))
        assert isinstance(looked_at, Draft)
        draft = looked_at
    after = await read_draft(shop.context, shop.caller.company, client, card, draft)
    assert (after.look, after.misfits, after.sides) == (ReadNow.READ, (Misfit("document"),), draft.sides)
    text = sealed_draft(shop.context, client, after)
    assert opened_draft(shop.context, client, text, draft.place) == after


async def test_a_draft_that_had_to_wait_is_read_once_more_and_no_third_time(shop: House) -> None:
    client, passport_kind, draft = await shop.client(), kind(shop), Draft("1-identity_document", "passport")
    whole = await keep_side(shop.context, shop.caller.company, client, passport_kind, draft, (FRONT, page(7)))
    assert isinstance(whole, Draft)
    busy = Telling(Unavailable("busy", retry_after_s=10))
    context = replace(shop.context, reader=busy)
    draft = await read_draft(context, shop.caller.company, client, passport_kind, whole)
    assert (draft, busy.asked) == (whole, 1)
    assert (await read_again(shop.context, shop.caller.company, client, passport_kind, draft)).details[
        "number"
    ] == NUMBER
    draft = await read_again(context, shop.caller.company, client, passport_kind, draft)
    assert (draft.look, busy.asked) == (ReadNow.NOTHING, 2)
    assert await read_again(context, shop.caller.company, client, passport_kind, draft) == draft
    assert busy.asked == 2
    paper = replace(passport_kind, machine_readable=frozenset())
    assert await read_again(context, shop.caller.company, client, paper, whole) == whole


async def test_what_would_be_too_long_to_be_kept_is_left_out(shop: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client, passport_kind = await shop.client(last_name="Baker"), kind(shop)
    draft = Draft("1-identity_document", "passport")
    kept_side = await keep_side(shop.context, shop.caller.company, client, passport_kind, draft, (FRONT, page(7)))
    assert isinstance(kept_side, Draft)
    monkeypatch.setattr(drafts, "MOST_DRAFT_CHARACTERS", len(sealed_draft(shop.context, client, kept_side)) + 20)
    assert await read_draft(shop.context, shop.caller.company, client, passport_kind, kept_side) == kept_side


async def test_what_no_machine_reads_is_not_shown_to_the_reader(shop: House) -> None:
    reader = Telling()
    context, client = replace(shop.context, reader=reader), await shop.client()
    paper = replace(kind(shop), machine_readable=frozenset())
    assert await read_now(context, shop.caller.company, client, paper, [(FRONT, page())]) == AWAY
    assert await read_now(context, shop.caller.company, client, kind(shop), []) == AWAY
    assert reader.asked == 0


async def test_what_reads_starts_when_a_document_that_is_read_is_looked_for(shop: House) -> None:
    reader = Telling()
    context = replace(shop.context, reader=reader)
    get_ready(context, kind(shop))
    get_ready(context, replace(kind(shop), machine_readable=frozenset()))
    assert (reader.warmed, reader.asked) == (1, 0)
