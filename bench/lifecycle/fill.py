"""Fills a data folder with enabled clients, each with a passport and, where products renew, a day on which it is due.

    python -m bench.lifecycle.fill FOLDER N [--due 3000] [--plain]

Rows are what the service would have written, as those of `bench.seed`, but for the bytes of pictures, which nothing
that is measured reads. So many clients are due today, the others evenly over the months that follow. `--plain`: by
the catalogue that ships, in which nothing is ever due. Prints a key, the company's id, and some clients with requests.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import track

from bench.seed import ACTOR, PRODUCT, TOGETHER, checkpoint, make_company
from ostiary.adapters import clock
from ostiary.adapters.config.catalogue_file import default_source
from ostiary.app import Installation, opened
from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.clients.client import Address, Client, ClientStatus, Profile
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.documents.document import FRONT, Document, DocumentStatus, Side, number_key
from ostiary.domain.documents.pictures import PictureFindings
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.renewals.changes import KeepDeadline
from ostiary.domain.renewals.dates import first_deadline
from ostiary.domain.renewals.deadlines import Circumstances
from ostiary.domain.times import day_of
from ostiary.domain.unit import AddDocument, AddEnablement, ClaimNumber, OwnerWrite, Unit
from ostiary.settings import read_settings
from ostiary.storage.sqlite import writer
from ostiary.storage.unit_writer import Writing
from ostiary.usecases.delivery.webhook import EVENT_TYPES, Hearing, subscribe_webhook
from ostiary.usecases.transaction import carried_out

RENEWING = "review_every: P1Y\n    documents_must_stay_valid: true"
POLICY = "    policy: auto\n"
SAMPLES = 2_000
"""Clients that are named in the end, from among those that are not due soon."""
HOOK = "http://127.0.0.1:9/hook"
"""Nobody listens there: messages are written, and no worker sends them while something is measured."""
COUNTRIES = ("ARG", "BRA", "CHL", "COL", "ESP", "MEX", "URY", "DEU")
OCCUPATIONS = ("Cook", "Pilot", "Teacher", "Nurse", "Baker")


@dataclass(frozen=True)
class Ground:
    """What every client stands on. `due` of them are due today, and `count` there are in all."""

    parts: Installation
    company: Company
    count: int
    due: int
    today: date


def renewing_catalogue(folder: Path) -> Path:
    """The catalogue that ships, in which cards are due again."""
    source = default_source()
    assert source.count(POLICY) == 1
    path = folder / "renewing.yaml"
    path.write_text(source.replace(POLICY, f"{POLICY}    {RENEWING}\n"))
    return path


def profile(number: int) -> Profile:
    """Somebody of one of eight countries, with a birth date and, of every third, attributes."""
    address = Address(f"Florida {number}", "Del Viso", COUNTRIES[number % len(COUNTRIES)], None, "1669")
    born = date(1940, 1, 1) + timedelta(days=number * 7 % 23_000)
    attributes: dict[str, str | float] = {}
    if number % 3 == 0:
        attributes = {"occupation": OCCUPATIONS[number % 5], "annual_salary": float(20_000 + number * 37 % 200_000)}
    return Profile(
        first_name="Maria",
        last_name=f"Barber {number}",
        email=f"maria.{number}@example.com",
        birth_date=born.isoformat(),
        address=address,
        phone_country_code=54,
        phone_number=1_168_860_000 + number % 10_000,
        attributes=attributes,
    )


def unit_of(ground: Ground, number: int) -> Unit:
    """A client whose cards are enabled, with the passport that served."""
    context, company = ground.parts.context, ground.company
    now, client_id = context.now_ms(), context.new_id()
    key, known = context.cipher.new_data_key(company.id, client_id), profile(number)
    client = Client(client_id, company.id, known, ClientStatus.ACTIVE, now, now, key, known.email)
    version = context.catalogues.current.version
    enabled = Enablement(context.new_id(), company.id, client_id, PRODUCT, version, Status.ENABLED, now, now, 1, 3)
    unit = Unit(company.id, now, client, (AddEnablement(enabled),), (Note("client_created", ACTOR, client_id),))
    unit = replace(unit, owner_write=OwnerWrite.ADD).plus(*_passport(ground, client, number))
    rules = context.catalogues.current.products[PRODUCT].renewal
    if not rules.ask_anything:
        return unit
    at = Circumstances(rules, RiskClass.STANDARD, (date(2040, 1, 1),), ground.today)
    is_due = (number + 1) * ground.due // ground.count > number * ground.due // ground.count
    ahead = 0 if is_due else 1 + number % 270
    reviewed = ground.today + timedelta(days=rules.first_notice + ahead - 365)
    place = (company.id, client_id, enabled.id, PRODUCT)
    return unit.plus(KeepDeadline(first_deadline(*place, at, reviewed_on=reviewed)))


def _passport(ground: Ground, client: Client, number: int) -> tuple[AddDocument, ClaimNumber]:
    context = ground.parts.context
    kind = context.catalogues.current.document_types["passport"]
    expires = date(2040, 1, 1) + timedelta(days=number % 1_000)
    details = {"number": f"SD{number:07d}", "issuing_country": "ARG", "expiration_date": expires.isoformat()}
    document_id = context.new_id()
    mark = context.storage.documents.picture_mark(client.company_id, document_id.encode())
    findings = PictureFindings("image/jpeg", 400_000, bytes(32), 1400, 1000, True, 0.5, 0.9, 0.0)
    document = Document(
        document_id,
        client.company_id,
        client.id,
        "passport",
        DocumentStatus.ACCEPTED,
        details,
        (Side(FRONT, document_id, mark, findings),),
        client.created_at_ms,
    )
    held = number_key(kind, details, "ARG")
    assert held is not None
    return AddDocument(document), ClaimNumber(held, document_id)


def fill(ground: Ground) -> Iterator[tuple[str, str]]:
    """Writes the clients; gives ids of client and request of the samples."""
    writing, known = Writing(ground.parts.cipher), asyncio.run(ground.parts.store.census.state(0))
    every = max(1, ground.count // min(SAMPLES, ground.count))
    connection = writer.connect(ground.parts.settings.data_dir / "ostiary.sqlite3")
    connection.execute("PRAGMA synchronous=OFF")
    try:
        starts = range(0, ground.count, TOGETHER)
        for start in track(starts, f"{ground.count:,} enabled clients", console=Console(stderr=True)):
            connection.execute("BEGIN IMMEDIATE")
            for number in range(start, min(start + TOGETHER, ground.count)):
                unit = unit_of(ground, number)
                writer.run(connection, writing.written(unit, ground.company, known).statements)
                if number % every == every // 2 and unit.client is not None:
                    yield unit.client.id, unit.of(AddEnablement)[0].enablement.id
            connection.execute("COMMIT")
        checkpoint(connection)
    finally:
        connection.close()


async def listening(parts: Installation, company: Company) -> Company:
    """The company hears of everything that happens to renewals."""
    hearing, caller = Hearing(event_types=EVENT_TYPES), Caller(company, ACTOR, 0)
    return await carried_out(parts.context, caller, subscribe_webhook, HOOK, "key", lambda url, plain: None, hearing)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--due", type=int, default=3_000)
    parser.add_argument("--plain", action="store_true")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    variables = {"OSTIARY_DATA_DIR": str(given.folder)}
    if not given.plain:
        variables["OSTIARY_CATALOGUE"] = str(renewing_catalogue(given.folder))
    with opened(read_settings(variables), may_make=True) as parts:
        company, key = asyncio.run(make_company(parts))
        company = asyncio.run(listening(parts, company))
        ground = Ground(parts, company, given.count, given.due, day_of(clock.now_ms()))
        samples = [{"client_id": client, "enablement_id": request} for client, request in fill(ground)]
    answer = {"key": key, "company_id": company.id, "samples": samples}
    print(msgspec.json.encode(answer).decode())


if __name__ == "__main__":
    main()
