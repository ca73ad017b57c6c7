"""`ostiary client` and `ostiary retention`: erasing by one and by two, holding, and what is due."""

from __future__ import annotations

import pytest

from ostiary.app import Installation, opened
from ostiary.domain.operators.operator import Role
from ostiary.domain.privacy.erasure import ChangeErasure, ErasureState
from ostiary.domain.unit import Unit
from ostiary.domain.value import replace
from ostiary.settings import read_settings
from ostiary.usecases.companies.companies import operator_for
from tests.cli.conftest import Desk, prepare
from tests.house import House
from tests.reviewing import operator

BEA, EVA = ("--operator", "bea"), ("--operator", "eva")


@pytest.fixture
def ids(desk: Desk) -> tuple[str, str, str]:
    """A company, a client of it who never submitted, and one under review."""

    async def work(house: House) -> tuple[str, str, str]:
        for name in ("bea", "eva"):
            await operator(house, name, Role.APPROVER)
        fresh = await house.client(email="fresh@example.com")
        return house.caller.company.id, fresh.id, (await house.submitted())[0]

    return prepare(desk.data, work)


def test_what_is_due_is_listed_and_erased_by_one(desk: Desk, ids: tuple[str, str, str]) -> None:
    company, fresh, _ = ids
    of = ("--company", company)
    [due] = desk.answer("retention", "due", *of)
    assert (due["client_id"], due["category"], due["by_itself"]) == (fresh, "never_submitted", False)
    assert "ends when asked" in desk("retention", "due", *of).out
    assert due["overdue"] is False
    assert [each["client_id"] for each in desk.answer("retention", "due", *of, "--category", "never_submitted")] == [
        fresh
    ]
    for filters in (("--category", "ended"), ("--overdue",), ("--after", fresh)):
        assert desk.answer("retention", "due", *of, *filters) == []
    assert "must be the id of a client" in desk("retention", "due", *of, "--after", "page 2").err, "else nobody is due"
    assert f"There may be more: --after {fresh}" in desk("retention", "due", *of, "--limit", "1").out
    assert desk("client", "erasures", *of).out == "No client was erased.\n"
    erasure = desk.answer("client", "erase", fresh, *of, *BEA)
    assert (erasure["state"], erasure["requested_by"]) == ("waiting", "operator:bea")
    assert erasure["id"] in desk("client", "erasures", *of).out
    assert desk.answer("client", "withdraw", erasure["id"], *of, *BEA)["state"] == "withdrawn"


def test_early_it_takes_two(desk: Desk, ids: tuple[str, str, str]) -> None:
    company, fresh, reviewed = ids
    of = ("--company", company)
    assert "end that first" in desk("client", "erase", reviewed, *of, *BEA).err
    assert "--early" in desk("client", "erase", fresh, *of, "--reason", "x", *BEA).err
    staged = desk.answer("client", "erase", reviewed, *of, "--early", "--reason", "A court.", *BEA)
    assert (staged["state"], staged["reason"]) == ("staged", "A court.")
    assert "second person" in desk("client", "confirm", staged["id"], *of, *BEA).err
    shown = desk("client", "confirm", staged["id"], *of, *EVA).out
    assert "waiting" in shown
    assert "next: the worker carries it out" in shown


def test_a_provider_s_word_is_waived_by_two(desk: Desk, ids: tuple[str, str, str]) -> None:
    company, _, reviewed = ids
    of = ("--company", company)
    erasure_id = desk.answer("client", "erase", reviewed, *of, "--early", "--reason", "A court.", *BEA)["id"]
    waive = ("client", "waive", erasure_id, *of, "--reason", "provider_gone", "--note", "Insolvent.")
    assert "No provider keeps this erasure open" in desk(*waive, *BEA).err

    async def work(installation: Installation) -> None:
        """As it is once a provider was asked in vain."""
        context = installation.context
        caller = await operator_for(context, company, "setup")
        erasure = await context.storage.erasures.find(caller.company, erasure_id)
        assert erasure is not None
        kept_open = replace(
            erasure,
            state=ErasureState.ERASED,
            problem="provider_away acme",
            providers=(("acme", "r"), ("acme", "s"), ("zeta", "r")),
        )
        unit = Unit(company, context.now_ms(), changes=(ChangeErasure(kept_open),))
        assert await context.storage.commit(unit, caller.company) is None

    with opened(read_settings({"OSTIARY_DATA_DIR": str(desk.data)})) as installation:
        installation.run(work(installation))
    waived = desk.answer(*waive, *BEA)
    assert waived["unconfirmed"] == ["acme", "zeta"], "two people should know whose word they do not wait for"
    assert "not confirmed by acme, zeta" in desk("client", "erasures", *of).out
    assert (waived["waiver"]["reason"], waived["waiver"]["note"]) == ("provider_gone", "Insolvent.")
    assert "without its word (provider_gone) by operator:bea\n" in desk("client", "erasures", *of).out
    assert "second person" in desk("client", "confirm", erasure_id, *of, *BEA).err
    shown = desk("client", "confirm", erasure_id, *of, *EVA).out
    assert "by operator:bea and operator:eva" in shown
    assert "all is said already" in desk(*waive, *BEA).err, "one person takes nothing back that two said"


def test_a_hold_is_set_shown_and_released(desk: Desk, ids: tuple[str, str, str]) -> None:
    company, fresh, _ = ids
    at = (fresh, "--company", company)
    assert desk("client", "holds", *at).out == "Nothing holds this client's data.\n"
    [hold] = desk.answer("client", "hold", *at, "--reason", "A court.", "--until", "2099-12-31", *BEA)
    assert (hold["holds"], hold["until"], hold["set_by"]) == (True, "2100-01-01T00:00:00", "operator:bea")
    assert "until 2100-01-01T00:00:00" in desk("client", "holds", *at).out
    assert "whoever asks" in desk("client", "erase", *at, *BEA).err
    assert "HELD" in desk("retention", "due", "--company", company).out
    release = ("client", "release", fresh, hold["id"], "--company", company, "--reason", "Settled.", *BEA)
    assert "over" in desk(*release).out
    assert "until released" in desk("client", "hold", *at, "--reason", "Another.", *BEA).out


def test_rules_are_shown_and_the_file_is_written_anew(desk: Desk, ids: tuple[str, str, str]) -> None:
    assert len(ids) == 3
    rules = {rule["category"]: rule for rule in desk.answer("retention", "show")}
    assert (rules["ended"]["keep"], rules["ended"]["by_itself"], rules["links"]["by_itself"]) == ("P5Y", False, True)
    assert "AMLR art. 77" in desk("retention", "show").out
    assert "written anew" in desk("retention", "compact").out
