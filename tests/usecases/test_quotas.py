"""A company's quota: a good document that it has no room for is refused whole, and everything else goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ostiary.domain.companies.company import quota_of
from ostiary.domain.errors import InvalidState
from ostiary.domain.rejections import Code
from ostiary.usecases.companies.companies import set_quota
from tests.house import House, open_house, upload
from tests.material import picture

GB = 10**9
SIZE = len(picture(0))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    with open_house(tmp_path / "data") as opened:
        opened.caller = await opened.found_company()
        yield opened


async def asked(house: House, **changes: Any) -> tuple[str, str]:
    client = await house.client(**changes)
    return client.id, (await house.request(client.id)).id


async def limited(house: House, quota_bytes: int | None) -> None:
    await house.do(set_quota, quota_bytes)
    await house.refresh()


def files(house: House) -> list[Path]:
    return [path for path in (house.parts.settings.data_dir / "pictures").rglob("*") if path.is_file()]


async def test_a_document_that_fits_to_the_byte_is_taken_and_the_next_is_refused_whole(house: House) -> None:
    ids, others = await asked(house), await asked(house, email="second@example.com")
    await limited(house, SIZE)
    await house.send(*ids)
    assert await house.context.storage.sums.bytes_of(house.caller.company.id) == SIZE
    before = house.rows("SELECT version, chain_length FROM clients ORDER BY client_id"), files(house)
    with pytest.raises(InvalidState, match=r"storage quota of .* GB is used up.*Ask the operator") as refused:
        await house.send(*others, upload(number="CD7654321"))
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("document", "QUOTA_REACHED")]
    assert (house.rows("SELECT version, chain_length FROM clients ORDER BY client_id"), files(house)) == before
    assert house.rows("SELECT count(*) FROM documents") == [(1,)]
    await house.submit(*ids)
    assert (await house.client(email="third@example.com")).id, "what keeps no picture goes on"


async def test_what_is_wrong_with_a_document_is_said_before_the_quota(house: House) -> None:
    ids = await asked(house)
    await limited(house, 1)
    state = await house.send(*ids, upload(number=None))
    assert [rejection.code for rejection in state.rejections] == [Code.METADATA_MISSING]


async def test_a_document_kept_for_a_person_to_decide_whose_number_it_is_needs_room_too(house: House) -> None:
    first, second = await asked(house), await asked(house, email="second@example.com")
    await house.send(*first)
    await limited(house, SIZE)
    with pytest.raises(InvalidState, match="quota"):
        await house.send(*second, upload(seed=3))
    await limited(house, 10 * SIZE)
    state = await house.send(*second, upload(seed=3))
    assert [rejection.code for rejection in state.rejections] == [Code.USED_BY_ANOTHER_CLIENT]
    rows = house.rows("SELECT bytes, documents FROM stored_bytes")
    assert rows == [(sum(row[0] for row in house.rows("SELECT bytes FROM documents")), 2)]


async def test_with_more_room_the_same_document_is_taken(house: House) -> None:
    ids = await asked(house)
    await limited(house, SIZE - 1)
    given = upload()
    with pytest.raises(InvalidState):
        await house.send(*ids, given)
    await limited(house, SIZE)
    assert not (await house.send(*ids, given)).rejections
    assert house.actions(house.caller.company.id).count("quota_set") == 2


@pytest.mark.parametrize(("own", "usual", "is_taken"), [
    (None, 0, True), (None, 1, False), (0, 1, True), (1, 0, False), (10 * GB, 1, True), (None, 10 * GB, True),
])  # fmt: skip
async def test_a_quota_of_its_own_goes_before_the_usual_one_and_none_is_none(
    house: House, own: int | None, usual: int, is_taken: bool
) -> None:
    ids = await asked(house)
    await limited(house, own)
    house.context = replace(house.context, quota_bytes=usual)
    assert quota_of(house.caller.company, usual) == (usual if own is None else own)
    if is_taken:
        assert not (await house.send(*ids)).rejections
        return
    with pytest.raises(InvalidState):
        await house.send(*ids)


async def test_uploads_at_the_same_moment_that_lose_to_another_count_once(house: House) -> None:
    ids = await asked(house)
    await asyncio.gather(*(house.send(*ids, upload(seed=at)) for at in range(4)))
    rows = house.rows("SELECT count(*), sum(bytes) FROM documents")
    assert house.rows("SELECT documents, bytes FROM stored_bytes") == rows
    assert rows[0][0] == 4
