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
def ids(desk: Desk) -> dict[str, str]:
    return prepare(desk.data, clashing)


def test_a_clash_is_listed_shown_with_both_and_decided(desk: Desk, ids: dict[str, str]) -> None:
    [waiting] = desk.answer("review", "list")
    assert (waiting["request_id"], waiting["kind"]) == (ids["request"], "clash")
    assert waiting["reasons"] == ["used_by_another_client"]
    assert "used_by_another_client" in desk("review", "list").out
    shown: dict[str, Any] = desk.answer("review", "show", ids["request"], *ANA)
    assert [document["status"] for document in shown["documents"]] == ["refused"]
    assert shown["shared_numbers"] == [{"document_id": ids["document"], "client_id": ids["maria"], "holds": True}]
    [spoke] = shown["contradictions"]
    assert (spoke["about"], spoke["given"], spoke["other_client_id"]) == ("number", "AB1234567", ids["maria"])
    [change] = shown["changes"]
    assert (change["field"], change["was"], change["is"]) == ("first_name", "John", "Juan")
    words = desk("review", "show", ids["request"], *ANA).out
    assert "first_name: was John, is Juan" in words
    assert f"number of {ids['document']} is held by client {ids['maria']}" in words
    assert f"number: given AB1234567, of client {ids['maria']}" in words
    to = ("--document", ids["document"], "--to", ids["juan"])
    done = desk.answer("review", "assign", ids["request"], *ANA, *to, "--note", "passport seen")
    assert done == {"request_id": ids["request"], "document_id": ids["document"], "client_id": ids["juan"]}
    assert [review["request_id"] for review in desk.answer("review", "list")] == [ids["held"]]
    words = desk("review", "show", ids["request"], *ANA).out
    assert f"operator:ana, number_assigned {ids['document']}: passport seen" in words
    assert "belongs to client" in desk("review", "assign", ids["request"], *ANA, *to, "--note", "again").out


def test_a_note_on_a_whole_request_names_the_decision_alone(desk: Desk, ids: dict[str, str]) -> None:
    assert desk("review", "show", ids["held"], *ANA).status == 0
    reject = ("review", "reject", ids["held"], *ANA, "--reason", "not eligible", "--note", "seen\ntwice")
    assert desk(*reject).status == 0
    assert "operator:ana, verdict_reject: seen\n      | twice\n" in desk("review", "show", ids["held"], *ANA).out


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
    desk: Desk, ids: dict[str, str], words: tuple[str, ...], who: list[str]
) -> None:
    clients = desk.answer("find", *words)
    assert [client["client_id"] for client in clients] == [ids[name] for name in who]
    text = desk("find", *words).out
    assert all(ids[name] in text for name in who)
    assert who or text == "Nothing like that was found.\n"
    assert "Perez" not in text


def test_finding_tells_who_holds_a_number(desk: Desk, ids: dict[str, str]) -> None:
    by_client = {client["client_id"]: client for client in desk.answer("find", "--number", "AB1234567")}
    assert [document["holds_number"] for document in by_client[ids["maria"]]["documents"]] == [True]
    assert [(document["holds_number"], document["status"]) for document in by_client[ids["juan"]]["documents"]] == [
        (False, "refused")
    ]
    assert "holds the number" in desk("find", "--number", "AB1234567").out
    for name in ("maria", "held"):
        assert [client["client_id"] for client in desk.answer("find", "--id", ids[name])] == [ids["maria"]]
    assert "--id, --email, --reference, --number, --name or --status" in desk.refused("find")
