"""What was read of documents: kept sealed beside them, found by likeness, and a schema that grew for it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import starmap
from pathlib import Path

from ostiary.domain.documents.reading import Judgement, PictureQuality, Reading, ReadingOutcome, Result, RuleEvidence
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.unit import AddDocument, AddLikeness, KeepReading
from ostiary.domain.verification.picture_similarity import bands
from ostiary.specimens.zone_lines import Holder, passport_lines
from ostiary.storage import opening
from tests.storage.shelf import Shelf
from tests.storage.values import Trade

HOLDER = Holder("AR1234567", "BARBER", "MARIA JULIA", "ARG", date(1984, 11, 21), date(2034, 5, 31), "F")
LIKENESS = bytes(range(72))
AT_0001 = """
import sys
from alembic import command
from alembic.config import Config
config = Config()
config.set_main_option("script_location", sys.argv[1])
config.attributes["url"] = f"sqlite://{sys.argv[2]}"
command.upgrade(config, "0001")
"""


def reading() -> Reading:
    zone = parse(passport_lines(HOLDER), date(2026, 4, 15))
    assert zone is not None
    return Reading(
        zone, "image_front", 0.97, None, PictureQuality(0.8, 0.0, 0.1, 14.5), (("image_front", LIKENESS),), 140
    )


def judgement() -> Judgement:
    compared = RuleEvidence("number", Result.DIFFERS, "AB1", "AR1234567", "image_front, line 2", "a note")
    rejection = reject(Kind.DOCUMENT, "passport", Code.NUMBER_MISMATCH, "metadata.number")
    return Judgement(ReadingOutcome.RETURN, (compared,), (rejection,), ("number_doubtful",))


async def test_a_reading_comes_back_as_it_was_and_lies_sealed(engine: Shelf, trade: Trade) -> None:
    client = trade.client()
    document, other = trade.document(client), trade.document(client)
    await trade.remembered(
        client,
        changes=(
            AddDocument(document),
            AddDocument(other),
        ),
    )
    read = replace(document, reading=reading(), judgement=judgement())
    now = await trade.current(client.id)
    unit = trade.touching(
        now,
        changes=(
            KeepReading(read),
            *starmap(AddLikeness, tuple((band, read.id) for band in bands(LIKENESS))),
        ),
    )
    assert await trade.store.commit(unit, trade.company) is None
    again = await engine.open().dossier(trade.company.id, client.id)
    assert again is not None
    assert {document.id: document for document in again.documents} == {read.id: read, other.id: other}
    sealed = [row[0] for row in engine.rows("SELECT reading FROM documents WHERE reading IS NOT NULL")]
    assert len(sealed) == 1
    assert not [word for word in (b"BARBER", b"AR1234567", b"passport", b"number") if word in sealed[0]]
    assert not [row for row in engine.rows("SELECT band_mark FROM likenesses") if row[0] in bands(LIKENESS)]


async def test_look_alikes_are_other_clients_of_the_company_that_share_a_band(engine: Shelf, trade: Trade) -> None:
    clients = [trade.client() for _ in range(3)]
    for client, cut in zip(clients, (bands(LIKENESS), bands(LIKENESS)[:1], bands(bytes(72))), strict=True):
        document = trade.document(client)
        await trade.remembered(
            client,
            changes=(
                AddDocument(document),
                *starmap(AddLikeness, tuple((band, document.id) for band in cut)),
            ),
        )
    company_id, store = trade.company.id, engine.open()
    first, second, _ = (client.id for client in clients)
    assert await store.documents.look_alikes(company_id, first, bands(LIKENESS), 10) == [second]
    assert await store.documents.look_alikes(company_id, "somebody", bands(LIKENESS), 10) == sorted([first, second])
    assert await store.documents.look_alikes(company_id, "somebody", bands(LIKENESS), 1) == [min(first, second)]
    assert await store.documents.look_alikes("another", "somebody", bands(LIKENESS), 10) == []
    assert await store.documents.look_alikes(company_id, "somebody", (), 10) == []


def test_a_database_of_the_schema_before_keeps_all_it_has(tmp_path: Path) -> None:
    path = tmp_path / opening.FILE_NAME
    migrations = Path(opening.__file__).parent / "migrations"
    subprocess.run([sys.executable, "-c", AT_0001, str(migrations), str(path)], check=True)
    assert opening.SqliteDatabase(path).schema() == "0001"
    row = ("c", "p", "d", "passport", "accepted", b"facts", 5)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    assert opening.migrate(opening.SqliteDatabase(path))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute("SELECT * FROM documents").fetchall() == [(*row, None, None)]
        columns = "company_id, client_id, document_id, type, status, facts, created_at_ms"
        before = f"INSERT INTO documents ({columns}) VALUES ('c', 'p', 'e', 'passport', 'accepted', x'00', 6)"  # noqa: S608
        assert connection.execute(before).rowcount == 1, "the version before still writes"
