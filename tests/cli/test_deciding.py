"""What operators see of before and of other clients, whose number it is, and finding: on an installation of its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Desk, prepare
from tests.house import House, upload
from tests.material import profile

ANA = ("--operator", "ana")


async def clashing(house: House) -> dict[str, str]:
    """Maria, in review with a passport, and Juan, who was called John and gave the same number."""
    from ostiary.usecases.clients.individuals import update_client

    maria = await house.submitted()
    juan = await house.client(
        email="juan@example.com", first_name="John", second_name=None, last_name="Perez", reference="CRM-7"
    )
    request = await house.request(juan.id)
    house.clock.now_ms += 60_000
    person = profile(
        email="juan@example.com", first_name="Juan", second_name=None, last_name="Perez", reference="CRM-7"
    )
    await house.do(update_client, juan.id, person)
    await house.send(juan.id, request.id, upload(seed=9))
    [document] = (await house.dossier(juan.id)).documents
    return {"maria": maria[0], "held": maria[1], "juan": juan.id, "request": request.id, "document": document.id}


@pytest.fixture
def known(desk: Desk) -> dict[str, str]:
    return prepare(desk.data, clashing)


def test_a_clash_is_listed_shown_with_both_and_decided(desk: Desk, known: dict[str, str]) -> None:
    [waiting] = desk.told("review", "list")
    assert (waiting["request_id"], waiting["kind"]) == (known["request"], "clash")
    assert waiting["reasons"] == ["used_by_another_client"]
    assert "used_by_another_client" in desk("review", "list").out
    shown: dict[str, Any] = desk.told("review", "show", known["request"], *ANA)
    assert [one["status"] for one in shown["documents"]] == ["refused"]
    assert shown["shared_numbers"] == [{"document_id": known["document"], "client_id": known["maria"], "holds": True}]
    [spoke] = shown["contradictions"]
    assert (spoke["about"], spoke["given"], spoke["other_client_id"]) == ("number", "AB1234567", known["maria"])
    [change] = shown["changes"]
    assert (change["field"], change["was"], change["is"]) == ("first_name", "John", "Juan")
    words = desk("review", "show", known["request"], *ANA).out
    assert "first_name: was John, is Juan" in words
    assert f"number of {known['document']} is held by client {known['maria']}" in words
    assert f"number: given AB1234567, of client {known['maria']}" in words
    to = ("--document", known["document"], "--to", known["juan"])
    done = desk.told("review", "assign", known["request"], *ANA, *to, "--note", "passport seen")
    assert done == {"request_id": known["request"], "document_id": known["document"], "client_id": known["juan"]}
    assert [one["request_id"] for one in desk.told("review", "list")] == [known["held"]]
    words = desk("review", "show", known["request"], *ANA).out
    assert f"operator:ana, number_assigned {known['document']}: passport seen" in words
    assert "belongs to client" in desk("review", "assign", known["request"], *ANA, *to, "--note", "again").out


def test_a_note_on_a_whole_request_names_the_decision_alone(desk: Desk, known: dict[str, str]) -> None:
    assert desk("review", "show", known["held"], *ANA).status == 0
    reject = ("review", "reject", known["held"], *ANA, "--reason", "not eligible", "--note", "seen")
    assert desk(*reject).status == 0
    assert "operator:ana, verdict_reject: seen" in desk("review", "show", known["held"], *ANA).out


@pytest.mark.parametrize(
    ("words", "who"),
    [
        (("--number", "ab 1234567"), ["juan", "maria"]),
        (("--name", "juan perez"), ["juan"]),
        (("--name", "john"), []),
        (("--email", "Juan@Example.com"), ["juan"]),
        (("--reference", "CRM-7"), ["juan"]),
        (("--reference", "crm-7"), []),
        (("--status", "in_kyc"), ["maria"]),
        (("--status", "pending", "--company", "none"), []),
    ],
    ids=" ".join,
)
def test_clients_are_found_with_their_requests(
    desk: Desk, known: dict[str, str], words: tuple[str, ...], who: list[str]
) -> None:
    found = desk.told("find", *words)
    assert [one["client_id"] for one in found] == [known[one] for one in who]
    said = desk("find", *words).out
    assert all(known[one] in said for one in who)
    assert who or said == "Nothing like that was found.\n"
    assert "Perez" not in said


def test_finding_tells_who_holds_a_number(desk: Desk, known: dict[str, str]) -> None:
    found = {one["client_id"]: one for one in desk.told("find", "--number", "AB1234567")}
    assert [one["holds_number"] for one in found[known["maria"]]["documents"]] == [True]
    assert [(one["holds_number"], one["status"]) for one in found[known["juan"]]["documents"]] == [(False, "refused")]
    assert "holds the number" in desk("find", "--number", "AB1234567").out
    for name in ("maria", "held"):
        assert [one["client_id"] for one in desk.told("find", "--id", known[name])] == [known["maria"]]
    assert "--id, --email, --reference, --number, --name or --status" in desk.refused("find")
