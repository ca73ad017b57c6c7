"""A client's details are sealed for the version that they were written as: older ones that are put back do not open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.clients.client import Client
from ostiary.domain.errors import Tampered
from ostiary.domain.unit import OwnerWrite, Unit
from ostiary.storage.store import Store
from ostiary.usecases.clients.individuals import update_client
from tests.material import NOW_MS, profile
from tests.storage.lived import Lived
from tests.storage.shelf import Shelf
from tests.storage.values import Trade

CID_ROW = "SELECT details, details_version, version FROM clients WHERE client_id = '{cid}'"


def put_back(lived: Lived, row: Sequence[Any], *columns: str) -> None:
    """Columns of a client, as they were."""
    were = dict(zip(("details", "details_version", "version"), row, strict=True))
    for column in columns:
        lived.shelf.spoil(
            f"UPDATE clients SET {column} = ? WHERE client_id = ?",  # noqa: S608
            were[column],
            lived.ids["cid"],
        )


def changing(client: Client) -> Unit:
    return Unit(client.company_id, NOW_MS, client, owner_write=OwnerWrite.DETAILS)


async def moved_out(lived: Lived) -> tuple[Any, ...]:
    """Somebody changes an address; the row as it was before."""
    [before] = lived.rows(CID_ROW)
    await lived.house.do(update_client, lived.ids["cid"], replace(profile(), email="new@example.com"))
    return before


@pytest.mark.parametrize("columns", [("details",), ("details_version",), ("version",), ("details", "version")])
async def test_older_details_do_not_open_in_the_place_of_newer_ones(lived: Lived, columns: tuple[str, ...]) -> None:
    before = await moved_out(lived)
    [now] = lived.rows(CID_ROW)
    assert (before[1:], now[1:]) == ((1, 2), (3, 3)), "the request that came between wrote no details"
    put_back(lived, before, *columns)
    with pytest.raises(Tampered):
        await lived.store.clients.find(lived.house.caller.company.id, lived.ids["cid"])
    put_back(lived, now, *columns)
    client = await lived.store.clients.find(lived.house.caller.company.id, lived.ids["cid"])
    assert client is not None
    assert client.profile.email == "new@example.com"


@pytest.mark.parametrize("columns", [("details", "details_version"), ("details", "details_version", "version")])
async def test_what_is_put_back_whole_opens_and_is_not_what_the_last_entry_says(
    lived: Lived, columns: tuple[str, ...]
) -> None:
    before = await moved_out(lived)
    put_back(lived, before, *columns)
    client = await lived.store.clients.find(lived.house.caller.company.id, lived.ids["cid"])
    assert client is not None
    assert client.profile.email == "cid@example.com"
    assert any("details is not what was written last" in fault for fault in lived.faults()["cid"])


async def test_details_of_before_open_and_are_bound_when_they_change(lived: Lived) -> None:
    """As versions before schema 0020 sealed them: for any version, by whoever still runs one."""
    company_id, client_id = lived.house.caller.company.id, lived.ids["cid"]
    earlier = Store(lived.store.engine, lived.house.parts.cipher, binds_seals=False)
    client = await earlier.clients.find(company_id, client_id)
    assert client is not None
    await earlier.commit(changing(client))
    assert lived.rows(CID_ROW)[0][1:] == (None, client.version + 1)
    opened = await lived.store.clients.find(company_id, client_id)
    assert opened is not None
    assert opened.profile == client.profile
    await lived.store.commit(changing(opened))
    assert lived.rows(CID_ROW)[0][1:] == (client.version + 2, client.version + 2)
    assert await lived.store.clients.find(company_id, client_id) is not None


async def test_a_change_of_the_status_alone_leaves_what_is_sealed(engine: Shelf, trade: Trade) -> None:
    client = await trade.remembered()
    [before] = engine.rows("SELECT details, details_version FROM clients")
    assert await trade.store.commit(trade.touching(client)) is None
    assert engine.rows("SELECT details, details_version FROM clients") == [before]
    assert (await trade.current(client.id)).version == client.version + 1
