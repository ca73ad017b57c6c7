"""Fills a data folder with N consistent clients and enablements, in bulk but with the product's own code.

    python -m bench.seed FOLDER N [--json]

Every row is what the service itself would have written: sealed with data keys of its own, marked by keyed hashes,
chained in the audit trail. Only the commit is not waited for. A few thousand clients, spread evenly, have all they
need, so that submitting them moves them; those are the samples that are printed.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from PIL import Image
from rich.console import Console
from rich.progress import track

from ostiary.adapters import clock
from ostiary.app import Installation, opened
from ostiary.domain.audit.trail import Note
from ostiary.domain.clients.client import Address, Client, ClientStatus, Profile
from ostiary.domain.companies.company import Caller, Company, Environment
from ostiary.domain.documents.document import FRONT, Document, DocumentStatus, Side, number_key
from ostiary.domain.documents.pictures import PictureFindings
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.unit import AddDocument, AddEnablement, ClaimNumber, OwnerWrite, Unit
from ostiary.settings import read_settings
from ostiary.storage.sqlite import writer
from ostiary.storage.unit_writer import Writing
from ostiary.usecases.companies import companies
from ostiary.usecases.transaction import Outcome, execute

PRODUCT = "cards_individuals"
COMPLETE = 3_000  # of N, as many as are ever asked about
TOGETHER = 5_000  # units in one transaction
ACTOR = "operator:bench"
CITIES = ("Del Viso", "Rosario", "Mendoza", "Salta")


@dataclass(frozen=True)
class Ground:
    """What every seeded client stands on."""

    parts: Installation
    company: Company
    picture: bytes


def profile(number: int, *, phone: bool) -> Profile:
    """Somebody with an e-mail of their own."""
    address = Address(f"Florida {number}", CITIES[number % len(CITIES)], "ARG", None, "1669", "ARG-B")
    contact = (54, 1_168_860_000 + number % 10_000) if phone else (None, None)
    return Profile("Maria", f"Barber {number}", f"maria.{number}@example.com", "1984-11-21", address, None, *contact)


def unit_of(ground: Ground, number: int, *, complete: bool) -> Unit:
    """A client with one request; with a phone and a passport when complete."""
    context, company = ground.parts.context, ground.company
    now, client_id = context.now_ms(), context.new_id()
    key = context.cipher.new_data_key(company.id, client_id)
    known = profile(number, phone=complete)
    client = Client(client_id, company.id, known, ClientStatus.PENDING, now, now, key, known.email)
    version = context.catalogues.current.version
    asked = Enablement(
        context.new_id(), company.id, client_id, PRODUCT, version, Status.PENDING_DOCUMENTATION, now, now, 0, 1
    )
    notes = (Note("client_created", ACTOR, client_id), Note("product_requested", ACTOR, asked.id, (PRODUCT,)))
    unit = Unit(company.id, now, client, (AddEnablement(asked),), notes, OwnerWrite.ADD)
    return with_passport(ground, unit, number) if complete else unit


def with_passport(ground: Ground, unit: Unit, number: int) -> Unit:
    """The unit with an accepted passport, its bytes sealed on disk."""
    context, client = ground.parts.context, unit.client
    assert client is not None
    kind = context.catalogues.current.document_types["passport"]
    metadata = {"number": f"SD{number:07d}", "issuing_country": "ARG"}
    found = PictureFindings("image/jpeg", len(ground.picture), bytes(32), 1400, 1000, True, 0.5, 0.9, 0.0)
    document_id = context.new_id()
    file = asyncio.run(context.pictures.keep(client, document_id, FRONT, ground.picture))
    side = Side(FRONT, file, context.storage.documents.picture_mark(ground.company.id, document_id.encode()), found)
    document = Document(
        document_id, client.company_id, client.id, "passport", DocumentStatus.ACCEPTED, metadata, (side,), unit.at_ms
    )
    held = number_key(kind, metadata, "ARG")
    assert held is not None
    note = Note("document_accepted", ACTOR, document_id, ("passport",))
    return replace(unit.plus(AddDocument(document), ClaimNumber(held, document_id)), notes=(*unit.notes, note))


def fill(ground: Ground, count: int) -> Iterator[tuple[str, str]]:
    """Writes the clients; gives ids of client and enablement of the complete ones."""
    writing = Writing(ground.parts.cipher)
    known = asyncio.run(ground.parts.store.census.state(0))
    every = max(1, count // min(COMPLETE, count))
    connection = writer.connect(ground.parts.settings.data_dir / "ostiary.sqlite3")
    connection.execute("PRAGMA synchronous=OFF")
    try:
        for start in track(range(0, count, TOGETHER), f"{count:,} clients", console=Console(stderr=True)):
            connection.execute("BEGIN IMMEDIATE")
            for number in range(start, min(start + TOGETHER, count)):
                unit = unit_of(ground, number, complete=number % every == 0)
                writer.run(connection, writing.written(unit, ground.company, known).statements)
                if number % every == 0 and unit.client is not None:
                    yield unit.client.id, unit.of(AddEnablement)[0].enablement.id
            connection.execute("COMMIT")
        checkpoint(connection)
    finally:
        connection.close()


def checkpoint(connection: sqlite3.Connection) -> None:
    """Everything from the log into the file, and a plan for every index, as a long life would leave it."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("ANALYZE")


async def make_company(parts: Installation) -> tuple[Company, str]:
    """A production company, whose submissions wait for a person, and a key of level 3."""
    decided = await companies.create_company(parts.context, "Bench", Environment.PRODUCTION, None, ACTOR)

    async def again() -> Outcome[Company]:
        return decided

    made = await execute(parts.context, Caller(decided.answer, ACTOR, 0), again)

    async def key() -> Outcome[companies.NewKey]:
        return await companies.create_key(
            parts.context, await companies.operator_for(parts.context, made.id, "bench"), 3, ()
        )

    caller = await companies.operator_for(parts.context, made.id, "bench")
    return made, (await execute(parts.context, caller, key)).secret


def small_picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((320, 200), 60).save(out, "JPEG", quality=60)
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with opened(read_settings({"OSTIARY_DATA_DIR": str(given.folder)}), may_make=True) as parts:
        company, key = asyncio.run(make_company(parts))
        ground = Ground(parts, company, small_picture())
        samples = [{"client_id": one, "enablement_id": other} for one, other in fill(ground, given.count)]
    told = {"key": key, "company_id": company.id, "now_ms": clock.now_ms(), "samples": samples}
    print(msgspec.json.encode(told).decode() if given.json else f"{given.count:,} clients; key {key}")


if __name__ == "__main__":
    main()
