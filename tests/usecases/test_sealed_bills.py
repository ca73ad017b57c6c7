"""A sealed bill as a proof of address: what agrees passes without a person, and one without a seal is as ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.trust.sealing import plan_seals
from ostiary.adapters.trust.sources import read_import
from ostiary.adapters.trust.store import TrustStore, write_store
from ostiary.domain.companies.company import Environment
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.reading import Reading, Trouble
from ostiary.domain.onboarding.enablement import Status
from ostiary.specimens.seals.bills import CITY, COUNTRY, POSTAL_CODE, STREET, BillPlan, SealedBill, bill_of
from ostiary.specimens.zone_lines import Holder
from ostiary.usecases.onboarding.add_document import Upload
from tests.house import House, open_house
from tests.material import NOW_MS, picture

NOW = datetime.fromtimestamp(NOW_MS / 1000, UTC)
MARIA = Holder("X1", "Barber", "Maria Julia", "UTO", NOW.date(), NOW.date(), "F")
HOME = {"street_line1": STREET, "postal_code": POSTAL_CODE, "city": CITY, "country": COUNTRY, "state": None}
KIND = "utility_bill"


class SealReader:
    """Reads what it is told that there is."""

    def __init__(self, seal: str) -> None:
        self.seal, self.asked = seal, list[list[str]]()

    def warm(self) -> None:
        pass

    async def read(self, pictures: Any, formats: Any, today: Any, company_id: str = "") -> Reading:
        self.asked.append(list(formats))
        trouble = None if self.seal else Trouble.NOT_FOUND
        return Reading(None, "image_front", seal=self.seal, trouble=trouble, likeness=(("image_front", bytes(8)),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a catalogue whose cards ask for a bill alone, and look for its seal."""
    source = catalogue_file.default_source()
    begin = source.index("        one_of: [passport, national_id, drivers_license]")
    own = source[:begin] + source[begin:].replace("[passport, national_id, drivers_license]", "[utility_bill]", 1)
    own = own.replace("  utility_bill:\n", "  utility_bill:\n    seal: optional\n", 1)
    accounts = own.index("  accounts_individuals:")
    others = own[accounts:].replace("identity_document: *identity_document", "", 1)
    (tmp_path / "catalogue.yaml").write_text(own[:accounts] + others)
    return tmp_path


def planned(**changes: Any) -> SealedBill:
    """A bill that a French company seals, unless another plan is made."""
    return bill_of(replace(BillPlan(MARIA, NOW, country="FR"), **changes))


def believing(folder: Path, bill: SealedBill) -> Path:
    path = folder / "trust.jsonl"
    plan = plan_seals(TrustStore(), read_import(bill.authority) + read_import(bill.signer))
    write_store(path, plan.store, instead_of=TrustStore())
    return path


@contextmanager
def bank(folder: Path, bill: SealedBill) -> Iterator[House]:
    """A production company whose trust store has who signed a bill."""
    trust = str(believing(folder, bill))
    with open_house(folder / "data", OSTIARY_CATALOGUE=str(folder / "catalogue.yaml"), OSTIARY_TRUST=trust) as opened:
        yield opened


async def judged(house: House, seal: str, **changes: Any) -> tuple[Status, Document, str]:
    """What becomes of a client with a bill, and the bill; and the client's id."""
    house.caller = await house.found_company("Bank", Environment.PRODUCTION)
    house.context = replace(house.context, reader=SealReader(seal))
    client = await house.client(**{"address": HOME, **changes})
    request = await house.request(client.id)
    state = await house.send(client.id, request.id, Upload(KIND, {}, picture(1)))
    assert state.rejections == ()
    await house.submit(client.id, request.id)
    await house.work()
    dossier = await house.dossier(client.id)
    return dossier.enablement(request.id).status, dossier.documents[0], client.id


def reasons(document: Document) -> tuple[str, ...]:
    assert document.judgement is not None
    return document.judgement.reasons


async def test_a_sealed_bill_that_agrees_lets_its_client_in(folder: Path) -> None:
    bill = planned()
    with bank(folder, bill) as house:
        status, document, client_id = await judged(house, bill.text)
        assert (reasons(document), status) == ((), Status.ENABLED)
        assert document.reading is not None
        assert (document.reading.seal, document.reading.likeness) == (bill.text, ())
        assert "document_read" in house.actions(client_id)
        assert house.rows("SELECT codes FROM audit_entries WHERE action = 'document_read'") == [
            (f"2D-DOC,pass,trust_{house.parts.trust.version}",)
        ]
        assert house.rows("SELECT 1 FROM likenesses") == []


async def test_one_without_a_seal_is_shown_to_a_person_as_ever(folder: Path) -> None:
    with bank(folder, planned()) as house:
        status, document, client_id = await judged(house, "")
        assert (status, document.judgement, document.reading) == (Status.IN_KYC, None, None)
        assert "document_read" not in house.actions(client_id)


DOUBTS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"issued": timedelta(days=-93)}, {}, "seal_age_doubtful"),
    ({"country": "UT"}, {}, "seal_signer_wrong"),
    ({"named": "BIL9"}, {}, "seal_signer_unknown"),
    ({}, {"last_name": "Lopez"}, "name_doubtful"),
    ({}, {"address": HOME | {"street_line1": "1 rue des Roses"}}, "address_doubtful"),
]


@pytest.mark.parametrize(("plan", "changes", "reason"), DOUBTS)
async def test_whatever_does_not_agree_is_for_a_person(
    folder: Path, plan: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    bill = planned(**plan)
    with bank(folder, bill) as house:
        status, document, _ = await judged(house, bill.text, **changes)
        assert (status, reasons(document)) == (Status.IN_KYC, (reason,))


async def test_a_changed_bill_is_for_a_person(folder: Path) -> None:
    bill = planned()
    with bank(folder, bill) as house:
        status, document, _ = await judged(house, bill.text.replace(STREET, "1 RUE DES ROSES"))
        assert (status, reasons(document)) == (Status.IN_KYC, ("seal_invalid", "address_doubtful"))


async def test_a_barcode_that_only_begins_as_a_seal_is_for_a_person(folder: Path) -> None:
    with bank(folder, planned()) as house:
        status, document, _ = await judged(house, "DC09\x1f")
        assert (status, reasons(document)) == (Status.IN_KYC, ("seal_unreadable",))
