"""Terms accepted on the page: told to who listens, by the link alone, and never of a text that was not shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.hosted.events import HostedEvent
from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.terms.acceptance import ACCEPTOR_CHARACTERS, Acceptance
from ostiary.usecases.hosted.accepting import TEXT_CHANGED, Consent, accept_on_page
from ostiary.usecases.hosted.arrival import ClientSession
from ostiary.usecases.hosted.links import make_link, revoke_link
from ostiary.usecases.terms.read_terms import list_acceptances
from tests.house import House, open_house
from tests.terms import ENGLISH, hash_of, write
from tests.usecases.hosted import any_address, arrived, heard, hears

PLACE = "1-rules"


@pytest.fixture
def paying(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(write(tmp_path / "catalogues"))) as opened:
        yield opened


async def come(house: House, **changes: str) -> ClientSession:
    """A client of whom only terms are missing, on the page."""
    house.caller = await house.found_company()
    await hears(house, HostedEvent.STEP_COMPLETED)
    client = await house.client(**changes)
    await house.request(client.id, "pay")
    link = await house.do(make_link, client.id, LinkWish(), any_address)
    return (await arrived(house, link)).here


async def accepts(house: House, here: ClientSession, place: str = PLACE, text: str = ENGLISH) -> Acceptance | None:
    house.caller = here.caller
    answer: Acceptance | None = await house.do(accept_on_page, here, place, Consent(hash_of(text), "192.0.2.9", "A"))
    return answer


async def test_it_is_told_as_a_step_once(paying: House) -> None:
    here = await come(paying)
    assert await accepts(paying, here) is not None
    assert await accepts(paying, here) is None, "nothing is asked any more"
    while await paying.work():
        pass
    [(event, data)] = heard(paying)
    assert (event, data["step"]) == (HostedEvent.STEP_COMPLETED, "rules")


async def test_a_text_that_is_not_asked_for_is_not_accepted(paying: House) -> None:
    here = await come(paying)
    with pytest.raises(ValidationFailed) as refused:
        await accepts(paying, here, text="Another.")
    assert [fault.message for fault in refused.value.faults] == [TEXT_CHANGED]
    assert await list_acceptances(paying.context, here.caller, here.client.id) == ()


@pytest.mark.parametrize("place", ["1-others", "2-rules", "rules", ""])
async def test_nothing_is_accepted_but_what_the_link_asks_for(paying: House, place: str) -> None:
    here = await come(paying)
    with pytest.raises(NotFound):
        await accepts(paying, here, place)


async def test_a_link_that_was_revoked_accepts_nothing(paying: House) -> None:
    here = await come(paying)
    await paying.do(revoke_link, here.client.id, here.link.id)
    with pytest.raises(InvalidState):
        await accepts(paying, here)
    assert await list_acceptances(paying.context, here.caller, here.client.id) == ()


async def test_the_longest_name_can_accept(paying: House) -> None:
    here = await come(paying, first_name="A" * 100, second_name="B" * 100, last_name="C" * 100)
    acceptance = await accepts(paying, here)
    assert acceptance is not None
    assert acceptance.circumstances.name == f"{'A' * 100} {'B' * 100}"[:ACCEPTOR_CHARACTERS]
