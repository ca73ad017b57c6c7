"""`ostiary catalogue preview`: whom another catalogue would meet, in words, as a list and for machines."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from ostiary.cli.catalogue.preview_work import COLUMNS
from tests.cli.conftest import Desk, prepare
from tests.house import ACCOUNTS, CARDS, House
from tests.usecases.test_moving import GONE, MORE

ALL = 3


async def peopled(house: House) -> str:
    """Three clients who ask for cards, one of them with an occupation; the first one's id."""
    clients = [
        await house.client(email=f"client{number}@example.com", attributes={"occupation": "Cook"} if number else {})
        for number in range(ALL)
    ]
    for client in clients:
        await house.request(client.id, CARDS)
    return clients[0].id


@pytest.fixture
def client_id(desk: Desk) -> str:
    return prepare(desk.data, peopled)


def written(folder: Path, source: str) -> Path:
    path = folder / "new.yaml"
    path.write_text(source)
    return path


def test_it_says_what_would_be_missing_and_who_is_listed(desk: Desk, client_id: str, tmp_path: Path) -> None:
    path, out = written(tmp_path, MORE), tmp_path / "listed.csv"
    words = desk("catalogue", "preview", path, "--out", out, "--processes", 1).out
    assert f"of {ALL} live requests:" in words
    assert f"1  {CARDS}, pending_documentation: would miss data.occupation" in words
    assert f"1 are listed in {out}." in words
    with out.open(newline="") as file:
        header, listed = csv.reader(file)
    assert tuple(header) == COLUMNS
    assert dict(zip(header, listed, strict=True)) | {"request_id": "", "company_id": "", "version": ""} == {
        "company_id": "",
        "client_id": client_id,
        "request_id": "",
        "product": CARDS,
        "status": "pending_documentation",
        "version": "",
        "outcome": "asks_more",
        "more": "data.occupation",
        "less": "",
    }


@pytest.mark.parametrize(("source", "listed"), [(MORE, 1), (GONE, 0), (MORE.replace(CARDS, "other"), ALL)])
def test_a_list_for_machines_has_every_request_once(
    desk: Desk, client_id: str, tmp_path: Path, source: str, listed: int
) -> None:
    path, out = written(tmp_path, source), tmp_path / "listed.json"
    report = desk.answer("catalogue", "preview", path, "--out", out, "--processes", 2)
    rows = json.loads(out.read_text())
    assert (report["listed"], len(rows)) == (listed, listed)
    assert len({row["request_id"] for row in rows}) == listed
    assert all(tuple(row) == COLUMNS for row in rows)
    assert sum(each["requests"] for each in report["outcomes"]) == ALL
    assert desk.answer("catalogue", "preview", path) == report, "without a list it counts the same"


def test_nothing_differs_where_nothing_does(desk: Desk, client_id: str) -> None:
    words = desk("catalogue", "preview", "current", "--processes", 1).out
    assert "nobody would miss anything that is not missing now" in words
    assert ACCOUNTS not in words
    assert words.endswith("--out FILE.csv lists them one by one.\n")


def test_a_product_that_is_gone_is_said_to_stay(desk: Desk, client_id: str, tmp_path: Path) -> None:
    path = written(tmp_path, MORE.replace(CARDS, "other"))
    words = desk("catalogue", "preview", path, "--processes", 1).out
    assert f"{ALL}  stay as they are: their product is not in it" in words
    assert "--out FILE.csv lists them one by one." in words
