"""After an erasure the files hold nothing of the client: a search over database, log, pictures and a fresh backup, with
a neighbour as the control, on SQLite with a folder, and on PostgreSQL with a bucket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ostiary.domain.errors import InvalidState
from ostiary.domain.unit import StoredResponse, Unit
from ostiary.storage.backup import write
from ostiary.storage.postgres import earlier as earlier_ones
from ostiary.storage.privacy import compacting
from tests.erasing import early, rounds
from tests.house import House, open_house
from tests.servers import object_store
from tests.servers.postgresql import Cluster
from tests.servers.postgresql import shared as shared_cluster

pytestmark = pytest.mark.heavy
SEALED = {
    "clients": ("data_key", "details", "email_mark", "reference_mark"),
    "documents": ("facts",),
    "messages": ("body",),
    "enablements": (),
    "answers": ("body",),
}
SHORTEST_BYTES = 16
"""Fewer bytes are parts by chance."""


@dataclass
class Place:
    """An installation, and where its bytes lie."""

    house: House
    files: Path
    bucket: str = ""
    cluster: Cluster | None = None
    database: str = ""

    def whole(self) -> bytes:
        """Every byte of the database's files and of the store."""
        parts = [path.read_bytes() for path in sorted(self.files.rglob("*")) if path.is_file()]
        if self.bucket:
            server = object_store.shared()
            parts += [server.content(self.bucket, name) for name in server.names(self.bucket)]
        return b"\0".join(parts)

    def compact(self) -> None:
        engine = self.house.parts.store.engine
        with engine.blocking() as aside:
            if self.cluster is None:
                compacting.compact_file(aside)
            else:
                compacting.compact_tables(aside, lambda *_: None)
        if self.cluster is not None:
            self.cluster.sql("postgres", "CHECKPOINT")

    async def rows(self, text: str, *values: object) -> list[Any]:
        return await self.house.parts.store.engine.rows(text, *values)


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    if request.param == "sqlite":
        with open_house(tmp_path / "data") as house:
            house.caller = await house.found_company()
            yield Place(house, tmp_path / "data")
        return
    cluster, server = shared_cluster(), object_store.shared()
    for name, value in server.variables().items():
        monkeypatch.setenv(name, value)
    database, bucket = cluster.create(), server.bucket()
    settings = {"OSTIARY_DATABASE_URL": cluster.url(database), "OSTIARY_FILES_URL": f"s3://{bucket}/p"}
    with open_house(tmp_path / "data", **settings) as house:
        house.caller = await house.found_company()
        oid = cluster.sql("postgres", f"SELECT oid FROM pg_database WHERE datname = '{database}'").strip()  # noqa: S608
        yield Place(house, cluster.data / "base" / oid, bucket, cluster, database)
        await house.parts.store.release()
    cluster.drop([database])


async def lived(house: House, number: str, **changes: Any) -> str:
    """A client who did all there is, with an answer kept under an idempotency key."""
    client_id, _ = await house.submitted(number, **changes)
    company, mark = house.caller.company, house.context.cipher.lookup_hash("answer", number)
    assert await house.parts.store.answers.begin(company.id, mark, b"content", number, house.clock())
    answer = StoredResponse(mark, number, 200, f"an answer about {number}".encode(), client_id)
    assert await house.context.storage.commit(Unit(company.id, house.clock(), changes=(answer,)), company) is None
    return client_id


async def traces(place: Place, client_id: str) -> list[bytes]:
    """What would give a client away: sealed bytes of rows and pictures, keyed hashes, and the wrapped key."""
    house = place.house
    parts = []
    for table, columns in SEALED.items():
        for column in columns:
            text = f"SELECT {column} FROM {table} WHERE company_id = ?1 AND client_id = ?2"  # noqa: S608
            parts += [bytes(row[0]) for row in await place.rows(text, house.caller.company.id, client_id) if row[0]]
    for document in (await house.dossier(client_id)).documents:
        for side in document.sides:
            parts.append((await house.parts.files.store.fetch(side.file))[:4_096])
    return [trace for trace in parts if len(trace) >= SHORTEST_BYTES]


def shown_in(content: bytes, marks: list[bytes]) -> int:
    """How many of the traces are there; of long ones, which a database may store in pieces, any piece of 64 bytes."""
    return sum(any(piece in content for piece in pieces(mark)) for mark in marks)


def pieces(mark: bytes) -> Iterator[bytes]:
    for at in range(0, max(len(mark) - SHORTEST_BYTES, 1), 64):
        piece = mark[at : at + 64]
        if len(piece) >= SHORTEST_BYTES:
            yield piece


async def test_a_search_finds_nothing_of_an_erased_client_and_all_of_its_neighbour(place: Place) -> None:
    house = place.house
    others = [await lived(house, f"N{number:07}", email=f"n{number}@example.com") for number in range(12)]
    client_id = await lived(house, "X7654321", email="erased@example.com", reference="REF-OF-THE-ERASED")
    others += [await lived(house, f"M{number:07}", email=f"m{number}@example.com") for number in range(12)]
    its, theirs = await traces(place, client_id), await traces(place, others[5])
    place.compact()
    before = place.whole()
    assert (shown_in(before, its), shown_in(before, theirs)) == (len(its), len(theirs))
    assert len(its) >= 6
    await early(house, client_id)
    await rounds(house)
    place.compact()
    after = place.whole()
    assert (shown_in(after, its), shown_in(after, theirs)) == (0, len(theirs))
    assert b"erased@example.com" not in after
    assert b"REF-OF-THE-ERASED" not in after


async def test_nothing_is_left_on_sqlite_once_the_log_is_emptied_and_in_a_fresh_backup(tmp_path: Path) -> None:
    """Without writing the file anew: what is removed is filled with zeros."""
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        place = Place(house, tmp_path / "data")
        other = await lived(house, "N0000001", email="n@example.com")
        client_id = await lived(house, "X7654321", email="erased@example.com")
        its, theirs = await traces(place, client_id), await traces(place, other)
        await early(house, client_id)
        await rounds(house)
        with house.parts.store.engine.blocking() as aside:
            compacting.empty_log(aside)
        after = place.whole()
        assert (shown_in(after, its), shown_in(after, theirs)) == (0, len(theirs))
        source = write.BackupSource(house.path, tmp_path / "data", "0", "0017")
        write.write(source, tmp_path / "backup", house.clock(), lambda *_: None)
        backed_up = (tmp_path / "backup").read_bytes()
        assert (shown_in(backed_up, its), shown_in(backed_up, theirs)) == (0, len(theirs))


async def test_tables_are_not_written_anew_while_somebody_still_sees_what_was_removed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place.cluster is None:
        return  # SQLite waits for readers itself, as long as a statement may take
    monkeypatch.setattr(earlier_ones, "EARLIER_WAITED_S", 0.0)
    with place.house.parts.store.engine.snapshot() as earlier:
        assert earlier.rows("SELECT count(*) FROM clients")
        with pytest.raises(InvalidState, match=r"Transactions that began earlier are still open \(1\)"):
            place.compact()
    monkeypatch.setattr(earlier_ones, "EARLIER_WAITED_S", 60.0)
    place.compact()
