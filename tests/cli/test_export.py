"""`ostiary export`: one person without what may not be told, one company with everything; sealed for a recipient."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pyrage import decrypt, x25519

from ostiary.domain.operators.operator import Role
from ostiary.domain.screening.subject import Hit
from ostiary.domain.unit import AddHit, Unit
from tests.cli.conftest import Desk, prepare
from tests.house import House
from tests.reviewing import case, operator

BEA = ("--operator", "bea")


@pytest.fixture
def ids(desk: Desk) -> tuple[str, str]:
    """A company and a client under review, with a hit of a list."""

    async def work(house: House) -> tuple[str, str]:
        await operator(house, "bea", Role.APPROVER)
        client_id, _ = await case(house)
        client = (await house.dossier(client_id)).client
        hit = Hit("own", "1", "NK-SECRET", "Maria Barber", 0.9, 0.8)
        unit = Unit(client.company_id, house.clock.now_ms, client, (AddHit(hit),))
        assert await house.context.storage.commit(unit) is None
        return house.caller.company.id, client_id

    return prepare(desk.data, work)


def test_a_person_gets_what_is_known_and_nothing_that_may_not_be_told(
    desk: Desk, ids: tuple[str, str], tmp_path: Path
) -> None:
    company, client = ids
    target = tmp_path / "maria.zip"
    line = ("export", "client", client, "--company", company, "--out", str(target), *BEA)
    answer = desk.answer(*line)
    assert (answer["clients"], answer["pictures"], answer["sealed"]) == (1, 1, False)
    assert target.stat().st_mode & 0o777 == 0o600
    with ZipFile(target) as archive:
        names = archive.namelist()
        data = json.loads(archive.read("data.json"))
        page = archive.read("index.html").decode()
        whole = b"".join(archive.read(name) for name in names)
    assert data["client"]["id"] == client
    assert [picture["file"] for document in data["documents"] for picture in document["pictures"]] == names[:1]
    assert f'<img src="{names[0]}"' in page
    assert "Barber" in page
    assert b"NK-SECRET" not in whole
    assert {"hits", "notes", "trail"} & set(data) == set()
    assert not {"private_note", "reasons", "review"} & set(data["requests"][0])
    assert "cannot be written" in desk(*line).err


def test_a_company_gets_everything_sealed_for_its_recipient(desk: Desk, ids: tuple[str, str], tmp_path: Path) -> None:
    company, client = ids
    key, target = x25519.Identity.generate(), tmp_path / "acme.zip.age"
    line = ("export", "company", "--company", company, "--out", str(target), *BEA, "--recipient")
    answer = desk.answer(*line, str(key.to_public()))
    assert (answer["clients"], answer["left_out"], answer["sealed"]) == (1, [], True)
    sealed = target.read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1")
    with ZipFile(BytesIO(decrypt(sealed, [key]))) as archive:
        data = json.loads(archive.read(f"clients/{client}/data.json"))
        assert json.loads(archive.read("company.json"))["id"] == company
    assert [hit["entry_id"] for hit in data["hits"]] == ["NK-SECRET"]
    assert data["trail"][0]["action"] == "client_created"
    assert "age1" in desk(*line, "age1nonsense").err


def test_who_is_no_approver_takes_nothing_out(desk: Desk, ids: tuple[str, str], tmp_path: Path) -> None:
    company, client = ids
    line = ("export", "client", client, "--company", company, "--out", str(tmp_path / "x.zip"), "--operator", "nobody")
    assert "approver" in desk(*line).err
    assert not (tmp_path / "x.zip").exists()
