"""An installation of two companies in which something happened, on a database of each engine, to tamper with."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ostiary.domain.audit.trail import FIRST_HASH, seal
from ostiary.domain.review.verdicts import Decision
from ostiary.storage.store import Store
from ostiary.storage.tables import audit as sql
from ostiary.usecases.companies.companies import allow_networks, create_key, revoke_key
from tests.auditing import faults
from tests.house import ACCOUNTS, House, open_house
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.shelf import MASTER, Shelf, SqliteShelf

COLUMNS = sql.ENTRY_COLUMNS


@dataclass
class Lived:
    """An installation with two companies in which something happened. `ids` are of whom and what tests speak."""

    house: House
    shelf: Shelf
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.house.parts.store

    def faults(self) -> dict[str, list[str]]:
        """By the name that tests give an owner; what concerns the installation is under an empty one."""
        names = {owner_id: name for name, owner_id in self.ids.items()}
        return {names.get(owner, owner): some for owner, some in faults(self.store, self.house.parts.cipher).items()}

    def do(self, *texts: str) -> None:
        """SQL, with ids for names in braces."""
        for text in texts:
            self.shelf.spoil(text.format(**self.ids))

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        return self.shelf.rows(text.format(**self.ids))


async def begin(house: House, shelf: Shelf) -> Lived:
    lived = Lived(house, shelf)
    house.caller = await house.found_company()
    lived.ids["Acme"] = house.caller.company.id
    key = (await house.do(create_key, 3, ("203.0.113.0/24",))).key
    await house.refresh()
    gone = (await house.do(create_key, 1, ())).key
    await house.refresh()
    await house.do(revoke_key, gone)
    await house.refresh()
    await house.do(allow_networks, key, ("203.0.113.0/25",))
    lived.ids |= {"key": key.id, "gone": gone.id}
    for name in ("ana", "bea"):
        ids = await house.submitted(f"AB{name}", email=f"{name}@example.com")
        lived.ids |= {name: ids[0], f"{name}_request": ids[1]}
    await house.judge(lived.ids["ana"], lived.ids["ana_request"], Decision.APPROVE)
    cid = await house.client(email="cid@example.com")
    request = await house.request(cid.id, ACCOUNTS)
    lived.ids |= {"cid": cid.id, "cid_request": request.id}
    acme, house.caller = house.caller, await house.found_company("Other")
    lived.ids |= {"Other": house.caller.company.id, "eve": (await house.client(email="eve@example.com")).id}
    house.caller = acme
    await house.refresh()
    await lived.store.census.count(house.clock.now_ms)
    return lived


@asynccontextmanager
async def opened(engine: Shelf, tmp_path: Path) -> AsyncIterator[Lived]:
    assert isinstance(engine, SqliteShelf | PostgresShelf)
    url = engine.direct if isinstance(engine, PostgresShelf) else f"sqlite://{engine.path}"
    key = b64encode(MASTER[1]).decode()
    with open_house(tmp_path / "data", OSTIARY_DATABASE_URL=url, OSTIARY_MASTER_KEY=key) as house:
        house.parts.context = house.context
        yield await begin(house, engine)
        await house.parts.close_connections()


def rewritten(lived: Lived, name: str, *, action: str) -> None:
    """Every entry of a chain anew with the hashes that need no key, and the owner's row made to fit."""
    rows = lived.rows(f"SELECT {COLUMNS} FROM audit_entries WHERE owner = '{{{name}}}' ORDER BY position")  # noqa: S608
    head = FIRST_HASH
    for row in rows:
        entry = replace(sql.entry_of(row), action=action)
        head = seal(head, entry)
        lived.shelf.spoil(
            "UPDATE audit_entries SET action = ?, hash = ? WHERE owner = ? AND position = ?",
            action,
            head,
            entry.owner,
            entry.position,
        )
    lived.shelf.spoil("UPDATE clients SET chain_head = ? WHERE client_id = ?", head, lived.ids[name])
