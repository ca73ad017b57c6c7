"""A company's brand is set whole, has a logo or none, is given up, and is on the record each time."""

from __future__ import annotations

import pytest

from ostiary.domain.errors import InvalidState, NotFound, Unavailable, ValidationFailed
from ostiary.domain.hosted.brand import LOGO_BYTES, Brand, KeptBrand
from ostiary.domain.value import replace
from ostiary.usecases.hosted.brand import find_brand, find_logo, read_brand, remove_brand, set_brand, set_logo
from tests.house import House

ACME = Brand(name="Acme", privacy={"en": "What we keep."})


async def drawn(content: bytes) -> bytes | None:
    return None if content == b"no picture" else b"drawn " + content


async def now_kept(house: House) -> KeptBrand | None:
    return await find_brand(house.context, house.caller.company)


async def actions(house: House) -> list[str]:
    company_id = house.caller.company.id
    entries = await house.context.storage.audit.entries(company_id, company_id)
    return [entry.action for entry in entries if entry.action.startswith("brand")]


async def test_there_is_none_at_first(house: House) -> None:
    assert await now_kept(house) is None
    assert await find_logo(house.context, house.caller.company) is None
    with pytest.raises(NotFound):
        await read_brand(house.context, house.caller)


async def test_it_is_set_whole_and_the_logo_stays(house: House) -> None:
    assert await house.do(set_brand, ACME) == KeptBrand(ACME, 1, False)
    await house.refresh()
    assert await house.do(set_logo, b"a", drawn) == KeptBrand(ACME, 2, True)
    await house.refresh()
    other = replace(ACME, name="Acme Pay", privacy={})
    assert await house.do(set_brand, other) == KeptBrand(other, 3, True)
    assert await read_brand(house.context, house.caller) == KeptBrand(other, 3, True)
    assert await find_logo(house.context, house.caller.company) == b"drawn a"
    assert await actions(house) == ["brand_set", "brand_logo_set", "brand_set"]


async def test_a_logo_is_taken_away_and_a_brand_given_up(house: House) -> None:
    await house.do(set_brand, ACME)
    await house.do(set_logo, b"a", drawn)
    assert await house.do(set_logo, b"", drawn) == KeptBrand(ACME, 3, False)
    assert await find_logo(house.context, house.caller.company) is None
    await house.do(set_logo, b"b", drawn)
    await house.do(remove_brand)
    await house.do(remove_brand)
    assert await now_kept(house) is None
    assert await find_logo(house.context, house.caller.company) is None
    expected = "brand_set brand_logo_set brand_logo_removed brand_logo_set brand_removed"
    assert " ".join(await actions(house)) == expected


async def test_one_that_comes_after_one_that_was_given_up_counts_on(house: House) -> None:
    await house.do(set_brand, ACME)
    await house.do(set_logo, b"a", drawn)
    await house.do(remove_brand)
    await house.do(set_brand, ACME)
    now = await now_kept(house)
    assert now is not None
    assert (now.version, now.has_logo) == (4, False)


async def test_what_is_kept_is_sealed(house: House) -> None:
    await house.do(set_brand, ACME)
    await house.do(set_logo, b"a logo", drawn)
    (row,) = house.rows("SELECT * FROM company_brands")
    assert all(word not in bytes(value) for value in row if isinstance(value, bytes) for word in (b"Acme", b"a logo"))


async def test_ends_of_lines_are_of_one_kind(house: House) -> None:
    brand = await house.do(set_brand, replace(ACME, privacy={"en": " First.\r\n\r\nSecond. \r\n"}))
    assert brand.brand.privacy == {"en": "First.\n\nSecond."}


async def test_a_brand_that_cannot_be_is_refused(house: House) -> None:
    with pytest.raises(ValidationFailed) as caught:
        await house.do(set_brand, replace(ACME, name="", primary_colour="#ffd400"))
    assert [fault.field for fault in caught.value.faults] == ["name", "primary_colour"]
    assert await now_kept(house) is None


@pytest.mark.parametrize("content", [b"no picture", b"x" * (LOGO_BYTES + 1)])
async def test_a_logo_that_cannot_be_drawn_is_refused(house: House, content: bytes) -> None:
    await house.do(set_brand, ACME)
    with pytest.raises(ValidationFailed) as caught:
        await house.do(set_logo, content, drawn)
    assert caught.value.faults[0].message == "logo must be a PNG, JPEG or WEBP of at most 512 kB"


async def test_a_logo_needs_a_brand(house: House) -> None:
    with pytest.raises(InvalidState):
        await house.do(set_logo, b"a", drawn)


async def test_a_drawer_that_is_away_is_told(house: House) -> None:
    async def away(content: bytes) -> bytes | None:
        raise Unavailable

    await house.do(set_brand, ACME)
    with pytest.raises(Unavailable):
        await house.do(set_logo, b"a", away)


async def test_companies_have_their_own(house: House) -> None:
    await house.do(set_brand, ACME)
    other = await house.found_company("Other")
    assert await find_brand(house.context, other.company) is None


async def test_a_company_that_is_gone_sets_nothing(house: House) -> None:
    gone = replace(house.caller, company=replace(house.caller.company, id="0" * 32))
    with pytest.raises(NotFound):
        await set_brand(house.context, gone, ACME)
