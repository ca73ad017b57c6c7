"""`ostiary risk`, and the class in what `ostiary review show` and `ostiary catalogue show` say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ostiary.domain.operators.operator import Role
from tests.cli.conftest import Desk, prepare
from tests.house import House
from tests.reviewing import case, operator
from tests.risky import risky_catalogue

BEA = ("--operator", "bea")


@pytest.fixture
def ids(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, str]:
    """A company, its client, and what he asks for."""

    async def work(house: House) -> tuple[str, str, str]:
        await operator(house, "bea", Role.APPROVER)
        return house.caller.company.id, *(await case(house))

    prepared = prepare(desk.data, work)
    monkeypatch.setenv("OSTIARY_CATALOGUE", risky_catalogue(tmp_path))
    return prepared


def test_a_class_is_shown_set_and_left_to_the_rules_again(desk: Desk, ids: tuple[str, str, str]) -> None:
    company, client, request = ids
    at = (client, "--company", company)
    shown = desk.answer("risk", "show", *at)
    assert (shown["client_id"], shown["risk_class"], shown["override"]) == (client, "low", None)
    assert [(rule["name"], rule["products"], rule["missing"]) for rule in shown["rules"]] == [
        ("Cards at home", ["cards_individuals"], [])
    ]
    assert "risk     low\n  low: Cards at home (when product == " in desk("risk", "show", *at).out
    until = str(datetime.now(UTC).date())
    words = desk("risk", "set", *at, "--class", "high", "--until", until, "--reason", "A tip.", *BEA).out
    assert f"risk     high\n  set by operator:bea until {until} (the rules give low): A tip." in words
    assert desk.answer("review", "show", request, *BEA)["risk"]["override"]["reason"] == "A tip."
    assert "risk     high" in desk("review", "show", request, *BEA).out
    assert desk.answer("risk", "release", *at, "--reason", "Cleared.", *BEA)["override"] is None


def test_what_cannot_be_is_refused(desk: Desk, ids: tuple[str, str, str]) -> None:
    company, client, _ = ids
    at = (client, "--company", company, "--class", "high", "--reason", "A tip.")
    assert "until must be a day from" in desk.refused("risk", "set", *at, "--until", "2020-01-01", *BEA)
    assert "role approver or higher" in desk.refused("risk", "set", *at, "--until", "2020-01-01", "--operator", "ana")
    assert "no such client" in desk.refused("risk", "show", "0" * 32, "--company", company)


def test_a_catalogue_shows_its_rules_and_without_any_a_class_is_standard(
    desk: Desk, ids: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    company, client, _ = ids
    shown = desk("catalogue", "show").out
    assert "standard without one" in shown
    assert "Earns much" in shown
    monkeypatch.delenv("OSTIARY_CATALOGUE")
    assert "no rule of the catalogue says anything" in desk("risk", "show", client, "--company", company).out
