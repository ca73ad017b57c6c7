"""Links and brands as audit entries say them: what is put back or made up by SQL is named."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ostiary.domain.hosted.brand import Brand
from ostiary.domain.hosted.links import KEPT_MS
from ostiary.usecases.hosted.brand import remove_brand, set_brand, set_logo
from ostiary.usecases.hosted.links import revoke_link
from tests.auditing import faults
from tests.house import House, open_house
from tests.storage.test_chores import chores
from tests.usecases.hosted import linked


@pytest.fixture
async def house(tmp_path: Path) -> Iterator[House]:  # type: ignore[misc]
    with open_house(tmp_path / "house") as opened:
        opened.caller = await opened.found_company()
        yield opened


def spoil(house: House, statement: str, *values: object) -> str:
    """Writes past everything; what verification finds then, in lines."""
    with closing(sqlite3.connect(house.path)) as database, database:
        database.execute(statement, values)
    return named(house)


def named(house: House) -> str:
    by_owner = faults(house.parts.store, house.parts.cipher)
    return "\n".join(fault for some in by_owner.values() for fault in some)


async def test_a_revoked_link_that_is_made_good_again_is_named(house: House) -> None:
    client, link = await linked(house)
    await house.do(revoke_link, client.id, link.link.id)
    assert named(house) == ""
    problems = spoil(house, "UPDATE onboarding_links SET status = 'active', ended_at_ms = NULL")
    assert f"link {link.link.id}: status is active, entry" in problems


@pytest.mark.parametrize("column", ["content", "link_mark"])
async def test_a_link_that_leads_elsewhere_is_named(house: House, column: str) -> None:
    _, link = await linked(house)
    problems = spoil(house, f"UPDATE onboarding_links SET {column} = x'00'")  # noqa: S608
    assert f"link {link.link.id}: {column} is not what was written last, by entry" in problems


async def test_a_link_that_is_forgotten_in_time_is_no_fault(house: House) -> None:
    client, link = await linked(house)
    await house.do(revoke_link, client.id, link.link.id)
    house.clock.now_ms += KEPT_MS + 1
    await chores(house).do()
    assert house.rows("SELECT * FROM onboarding_links") == []
    assert named(house) == ""


async def drawn(content: bytes) -> bytes | None:
    return content


async def test_a_brand_that_is_put_back_is_named(house: House) -> None:
    await house.do(set_brand, Brand(name="Acme", frame_origins=("https://shop.example",)))
    await house.do(set_logo, b"a PNG", drawn)
    [(brand, logo)] = house.rows("SELECT brand, logo FROM company_brands")
    await house.do(set_brand, Brand(name="Acme"))
    assert named(house) == ""
    assert "brand: brand is not what was written last, by entry" in spoil(
        house, "UPDATE company_brands SET brand = ?", brand
    )
    await house.do(remove_brand)
    assert named(house) == ""
    assert "brand: logo is not what was written last, by entry" in spoil(
        house, "UPDATE company_brands SET logo = ?", logo
    )
    assert "brand is gone" in spoil(house, "DELETE FROM company_brands")
