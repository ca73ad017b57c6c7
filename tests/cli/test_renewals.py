"""`ostiary renewals`: what is due, and asking for it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ostiary.cli.lifecycle import renewals
from tests.cli.conftest import Desk, prepare
from tests.house import House
from tests.renewing import enabled, renewing_catalogue


@pytest.fixture
def ids(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[str]]:
    """A company, and its enabled requests."""
    monkeypatch.setenv("OSTIARY_CATALOGUE", str(renewing_catalogue(tmp_path)))

    async def work(house: House) -> tuple[str, list[str]]:
        requests = []
        for number in range(3):
            _, request = await enabled(house, f"AB123456{number}", email=f"{number}@example.com")
            requests.append(request)
        return house.caller.company.id, requests

    return prepare(desk.data, work, OSTIARY_CATALOGUE=str(renewing_catalogue(tmp_path)))


def test_what_is_due_is_listed_whole_and_up_to_a_day(
    desk: Desk, ids: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    company, requests = ids
    monkeypatch.setattr(renewals, "READ_TOGETHER", 2)
    due = desk.answer("renewals", "list", "--company", company)
    assert sorted(each["product_request_id"] for each in due) == sorted(requests)
    assert {(each["state"], each["due_at"]) for each in due} == {("waiting", "2027-04-15T23:59:59")}
    assert desk.answer("renewals", "list", "--company", company, "--due-before", "2027-04-15") == []
    assert desk("renewals", "list", "--company", company, "--due-before", "2027-04-15").out == "Nothing is due.\n"
    words = desk("renewals", "list", "--company", company, "--due-before", "2027-04-16").out
    assert "due at the end of" in words
    assert "2027-04-15" in words
    assert "period" in words


def test_an_operator_asks_for_one(desk: Desk, ids: tuple[str, list[str]]) -> None:
    company, (request, *_) = ids
    words = desk("renewals", "ask", request, "--note", "An article.", "--operator", "ana").out
    assert words.startswith(f"asked: the renewal of {request} is due at ")
    [opened] = [each for each in desk.answer("renewals", "list", "--company", company) if each["state"] == "open"]
    assert (opened["product_request_id"], opened["reasons"]) == (request, ["operator"])


@pytest.mark.parametrize(("words", "refusal"), [
    (("list", "--company", "COMPANY", "--due-before", "soon"), "--due-before must be a real date"),
    (("list", "--company", "0" * 32), "no such company"),
    (("ask", "0" * 32, "--note", "x", "--operator", "ana"), "There is no request"),
])  # fmt: skip
def test_what_cannot_be_is_refused(
    desk: Desk, ids: tuple[str, list[str]], words: tuple[str, ...], refusal: str
) -> None:
    assert refusal in desk.refused("renewals", *(ids[0] if word == "COMPANY" else word for word in words))


def test_one_that_does_not_open_is_left_out_of_the_list_and_told(desk: Desk, ids: tuple[str, list[str]]) -> None:
    company, (request, *others) = ids
    with closing(sqlite3.connect(desk.data / "ostiary.sqlite3")) as database, database:
        database.execute("UPDATE deadlines SET content = x'00' WHERE enablement_id = ?", (request,))
    ended = desk("renewals", "list", "--company", company, "--json")
    assert sorted(each["product_request_id"] for each in json.loads(ended.out)) == sorted(others)
    assert "1 are left out, since they do not open: see `ostiary audit verify`" in ended.err
    verified = desk("audit", "verify")
    assert verified.status == 1
    assert f"deadline of request {request}: it does not open" in verified.out
