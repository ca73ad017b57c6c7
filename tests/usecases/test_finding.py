"""Clients and requests are found by whatever an operator knows of them, documents that were refused too."""

from __future__ import annotations

from typing import Any

import pytest

from ostiary.domain.documents.document import DocumentStatus
from ostiary.domain.errors import ValidationFailed
from ostiary.usecases.clients import find
from ostiary.usecases.clients.find import Sought, find_clients
from tests.house import House, upload


@pytest.fixture
async def people(house: House) -> dict[str, str]:
    """Maria in review with a passport; Juan, who gave the same number."""
    maria = await house.submitted()
    juan = await house.client(
        email="juan@example.com", first_name="Juan", second_name=None, last_name="Pérez", reference="CRM-7"
    )
    request = await house.request(juan.id)
    await house.send(juan.id, request.id, upload(seed=9))
    [document] = (await house.dossier(juan.id)).documents
    return {"maria": maria[0], "maria's": maria[1], "juan": juan.id, "juan's": request.id, "document": document.id}


@pytest.mark.parametrize(
    ("sought", "who"),
    [
        ({"id": "maria"}, ["maria"]),
        ({"id": "juan's"}, ["juan"]),
        ({"id": "document"}, ["juan"]),
        ({"id": "nobody"}, []),
        ({"email": "JUAN@example.com"}, ["juan"]),
        ({"email": "nobody@example.com"}, []),
        ({"email": "juan@example.com", "name": "maria"}, []),
        ({"reference": "CRM-7"}, ["juan"]),
        ({"reference": "crm-7"}, []),
        ({"reference": "CRM-7", "email": "Juan@example.com"}, ["juan"]),
        ({"reference": "CRM-7", "email": "mjuliabarber@example.com"}, []),
        ({"reference": "CRM-7", "name": "maria"}, []),
        ({"name": "pérez"}, ["juan"]),
        ({"name": "Pérez JUAN"}, ["juan"]),
        ({"name": "julia barber"}, ["maria"]),
        ({"name": "PEREZ"}, ["juan"]),
        ({"name": "pe\u0301rez, juan"}, ["juan"]),
        ({"name": "Ｐｅｒｅｚ"}, ["juan"]),
        ({"name": "pé\u200brez"}, ["juan"]),
        ({"name": "J'uan-Perez"}, ["juan"]),
        ({"name": "\u200b"}, []),
        ({"name": "-"}, []),
        ({"name": "x" * 3_000}, []),
        ({"name": "Перез"}, []),
        ({"name": "Per"}, []),
        ({"number": "ab-123 4567"}, ["juan", "maria"]),
        ({"number": "AB1234567", "name": "Juan"}, ["juan"]),
        ({"number": "ZZ1"}, []),
        ({"status": "in_kyc"}, ["maria"]),
        ({"status": "pending"}, ["juan", "maria"]),
        ({"status": "enabled"}, []),
        ({"name": "juan", "company_id": "nobody"}, []),
    ],
    ids=str,
)
async def test_who_fits_is_found(house: House, people: dict[str, str], sought: dict[str, str], who: list[str]) -> None:
    criteria: dict[str, Any] = {name: people.get(value, value) for name, value in sought.items()}
    matches = await find_clients(house.context, Sought(**criteria))
    assert [match.dossier.client.id for match in matches] == [people[name] for name in who]


async def test_the_holder_of_a_number_is_told_from_who_gave_it_too(house: House, people: dict[str, str]) -> None:
    by_client = {
        match.dossier.client.id: match for match in await find_clients(house.context, Sought(number="AB1234567"))
    }
    held, refused = by_client[people["maria"]], by_client[people["juan"]]
    assert held.holding == {document.id for document in held.documents}
    assert refused.holding == frozenset()
    assert [document.status for document in refused.documents] == [DocumentStatus.REFUSED]


async def test_pages_and_limits(house: House, people: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "PAGE", 1)
    assert len(await find_clients(house.context, Sought(status="pending"))) == 2
    monkeypatch.setattr(find, "MOST_FOUND", 1)
    assert len(await find_clients(house.context, Sought(status="pending"))) == 1


async def test_nothing_asked_is_no_question(house: House) -> None:
    with pytest.raises(ValidationFailed, match="--id, --email, --reference, --number, --name or --status"):
        await find_clients(house.context, Sought(company_id="x"))


@pytest.mark.parametrize("status", ["nope", "IN_KYC", "open"])
async def test_a_status_that_there_is_not_is_no_answer_of_nothing(house: House, status: str) -> None:
    with pytest.raises(ValidationFailed, match=f"no status {status}; there are: pending, active, rejected, requested"):
        await find_clients(house.context, Sought(status=status))
