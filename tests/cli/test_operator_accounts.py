"""`ostiary operator`, and what other commands say of operators."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest

from ostiary.cli.doctor.people import people
from ostiary.cli.operators.accounts import _state, link_address
from ostiary.cli.sandbox import console_link, welcome
from ostiary.console.table import LINK
from ostiary.domain.errors import LinkRefused
from ostiary.domain.operators.federation import Federation
from ostiary.domain.operators.operator import LINK_MS, Link, LinkKind, Operator, Role
from ostiary.domain.value import replace
from ostiary.settings import read_settings
from ostiary.usecases.operators.directory import list_operators
from ostiary.usecases.operators.passkeys import ways_of
from ostiary.usecases.operators.sessions import session_of
from ostiary.usecases.operators.sign_in import look_at_link, use_link
from tests.cli.conftest import Desk, prepare
from tests.devices import Device
from tests.house import House, open_house
from tests.material import NOW_MS
from tests.usecases.accounts import HERE, set_up
from tests.usecases.passkey_accounts import adds, let_in
from tests.usecases.test_federated_sign_in import MEMBERSHIPS, Vouching
from tests.usecases.test_federated_sign_in import signed_in as by_provider

ADMIN = ("--role", "admin")


@pytest.fixture
def company_id(desk: Desk) -> str:
    desk.install()
    return str(desk.answer("company", "create", "--name", "Acme", "--environment", "production")["company_id"])


def created(desk: Desk, name: str, *words: object, **settings: object) -> dict[str, Any]:
    answer: dict[str, Any] = desk.answer("operator", "create", name, *(words or ADMIN), **settings)
    return answer


def listed(desk: Desk) -> dict[str, tuple[str, list[str], str]]:
    """Role, companies and state by name."""
    rows = desk.answer("operator", "list")
    return {row["name"]: (row["role"], row["companies"], row["state"]) for row in rows}


def actors(desk: Desk) -> list[tuple[str, str]]:
    return [(entry["action"], entry["actor"]) for entry in desk.answer("audit", "show", "--operators")]


def test_before_there_is_anybody_it_says_how_to_let_somebody_in(desk: Desk, company_id: str) -> None:
    assert "ostiary operator create NAME --role admin" in desk("operator", "list").out
    assert desk.answer("operator", "list") == []
    assert "`ostiary operator create NAME --role admin`" in desk.refused("audit", "show", "--operators")


def test_somebody_is_let_in_by_a_link_that_is_shown_once(desk: Desk, company_id: str) -> None:
    shown = desk("operator", "create", "ana", *ADMIN, "--operator", "setup").out
    first, link, *words = shown.splitlines()
    assert first == "ana, admin for all companies, may work with the console."
    assert link.startswith("http://127.0.0.1:8080/console/link/")
    assert "once, within 24 hours" in " ".join(words)
    answer = created(desk, "bob", "--role", "reviewer", "--company", company_id, public_url="https://kyc.example.com/")
    assert answer["link"].startswith("https://kyc.example.com/console/link/")
    assert listed(desk) == {"ana": ("admin", [], "invited"), "bob": ("reviewer", [company_id], "invited")}
    assert link.rsplit("_", 1)[1] not in desk("operator", "list").out + desk("audit", "show", "--operators").out
    assert actors(desk)[:2] == [("company_created", "ostiary"), ("operator_created", "operator:setup")]


def test_a_link_leads_where_the_console_takes_it() -> None:
    assert link_address("https://h", "TOKEN") == f"https://h{LINK.replace('{token}', 'TOKEN')}"


def test_what_cannot_be_is_refused_by_name(desk: Desk, company_id: str) -> None:
    created(desk, "ana")
    assert "Some values break a rule" in desk.refused("operator", "create", "ANA", *ADMIN)
    assert "companies: there is no company x" in desk("operator", "create", "bob", *ADMIN, "--company", "x").err
    for words in (("disable", "ana"), ("change", "ana", "--role", "viewer")):
        assert "last administrator" in desk.refused("operator", *words)
    for action in ("disable", "enable", "reset", "sessions"):
        assert "`ostiary operator list` names them" in desk.refused("operator", action, "nobody")
    assert desk("operator", "create", "bob", "--role", "chief").status == 2
    assert "1 to 100 printable characters" in desk("operator", "disable", "ana", "--operator", "x" * 101).err


def test_roles_are_changed_and_people_shut_out_and_let_in_again(desk: Desk, company_id: str) -> None:
    created(desk, "ana")
    created(desk, "bob", "--role", "viewer")
    assert desk("operator", "change", "bob", "--role", "approver", "--company", company_id).out == (
        "bob is approver for 1 of the companies\n"
    )
    assert "bob is shut out" in desk("operator", "disable", "Bob").out
    assert listed(desk)["bob"] == ("approver", [company_id], "disabled")
    assert "ostiary operator enable" in desk.refused("operator", "reset", "bob")
    assert "there is nothing to sign in with yet: ostiary operator reset bob" in desk("operator", "enable", "bob").out
    assert "anew" in desk("operator", "reset", "bob").out
    assert [action for action, _ in actors(desk)[-4:]] == [
        "operator_changed",
        "operator_disabled",
        "operator_enabled",
        "operator_reset",
    ]
    assert desk("audit", "verify").status == 0


def test_the_installations_own_company_is_none_to_work_with(desk: Desk, company_id: str) -> None:
    created(desk, "ana")
    [own] = {
        entry["subject"]
        for entry in desk.answer("audit", "show", "--operators")
        if entry["action"] == "company_created"
    }
    assert [company["company_id"] for company in desk.answer("company", "list")] == [company_id]
    for words in (
        ("key", "create", "--company", own, "--level", 3),
        ("key", "list", "--company", own),
        ("company", "show", "--company", own),
        ("company", "quota", "--company", own, "--gb", 5),
        ("webhook", "list", "--company", own),
        ("webhook", "test", "--company", own),
    ):
        assert "There is no such company" in desk.refused(*words)
    assert desk.answer("review", "list") == []
    assert desk.answer("find", "--id", own) == []
    assert desk("operator", "create", "bob", *ADMIN, "--company", own).status == 1


def test_sessions_are_listed_and_ended(desk: Desk) -> None:
    async def signs_in(house: House) -> str:
        house.context = house.parts.context  # by the real clock, as the commands go
        new = await set_up(house.context)
        return new.token

    prepare(desk.data, signs_in)
    [session] = desk.answer("operator", "sessions", "ana")
    assert (session["address"], session["browser"]) == (HERE.address, HERE.agent)
    table = desk("operator", "sessions", "ana").out
    assert HERE.address in table
    assert listed(desk)["ana"][2] == "good"
    assert desk("operator", "sessions", "ana", "--end", "--operator", "eva").out == "1 session of ana ended\n"
    assert desk.answer("operator", "sessions", "ana") == []
    assert desk("operator", "sessions", "ana").out == "ana is not signed in\n"
    assert desk.answer("operator", "sessions", "ana", "--end") == {"ended": 0}
    assert actors(desk)[-1] == ("session_ended", "operator:eva")


def test_how_an_operator_stands_is_said_in_a_word() -> None:
    link = Link(LinkKind.SETS_UP, "00", NOW_MS + LINK_MS)
    bare = Operator(id="1", name="ana", role=Role.ADMIN, created_at_ms=NOW_MS, updated_at_ms=NOW_MS)
    states = {
        "good": replace(bare, password_hash="$"),
        "invited": replace(bare, link=link),
        "link is over": replace(bare, link=replace(link, until_ms=NOW_MS)),
        "disabled": replace(bare, password_hash="$", is_disabled=True),
    }
    assert {_state(each, ways_of(each, has_passkey=False), NOW_MS): each for each in states.values()} == states
    federated = replace(bare, identity="google 1")
    assert _state(federated, ways_of(federated, has_passkey=False), NOW_MS) == "good"
    assert _state(bare, ways_of(bare, has_passkey=True), NOW_MS) == "good"
    assert _state(bare, (), NOW_MS) == "link is over"


def test_ways_to_sign_in_are_listed_and_a_reset_ends_passkeys(desk: Desk) -> None:
    async def set_passkeys_up(house: House) -> None:
        house.context = house.parts.context
        await let_in(house.context, Device(), "pia")
        await adds(house.context, await set_up(house.context, "bo"), Device(credential_id=b"of bo"))

    prepare(desk.data, set_passkeys_up)
    ways = {row["name"]: (row["state"], row["signs_in_by"]) for row in desk.answer("operator", "list")}
    assert ways == {"pia": ("good", ["passkey"]), "bo": ("good", ["password", "passkey"])}
    assert "password passkey" in desk("operator", "list").out
    reset = desk.answer("operator", "reset", "pia")
    assert (reset["state"], reset["signs_in_by"]) == ("invited", [])
    desk("operator", "reset", "bo")
    assert {row["name"]: row["signs_in_by"] for row in desk.answer("operator", "list")} == {"pia": [], "bo": []}
    assert desk("audit", "verify").status == 0


def test_who_comes_by_a_provider_is_shut_out_and_let_in_again(desk: Desk) -> None:
    async def comes(house: House) -> None:
        house.context = house.parts.context
        await set_up(house.context, "chief")
        vouching = Vouching()
        house.context = dataclasses.replace(house.context, federations=(Federation(vouching, MEMBERSHIPS),))
        await by_provider(house, vouching)

    prepare(desk.data, comes)
    listed_as = ("good", ["corporate"])
    assert [(row["state"], row["signs_in_by"]) for row in desk.answer("operator", "list")][1] == listed_as
    assert len(desk.answer("operator", "sessions", "maria")) == 1
    assert desk.answer("operator", "disable", "maria")["state"] == "disabled"
    assert desk.answer("operator", "sessions", "maria") == []
    assert "operator enable" in desk.refused("operator", "reset", "maria")
    assert desk("operator", "enable", "maria").out == "maria is let in again\n", "there is nothing to set up"
    assert "signs in by corporate" in desk.refused("operator", "reset", "maria")
    assert [action for action, _ in actors(desk)[-2:]] == ["operator_disabled", "operator_enabled"]
    assert desk("audit", "verify").status == 0


def test_a_backup_brings_operators_and_their_sessions_back(desk: Desk, tmp_path: Path) -> None:
    async def signs_in(house: House) -> None:
        await set_up(house.parts.context)

    prepare(desk.data, signs_in)
    assert desk("backup", tmp_path / "a.backup").status == 0
    elsewhere = tmp_path / "elsewhere"
    assert "master.key before you start" in desk("restore", tmp_path / "a.backup", data_dir=elsewhere).err
    shutil.copy(desk.data / "master.key", elsewhere / "master.key")
    assert desk.answer("operator", "list", data_dir=elsewhere) == desk.answer("operator", "list")
    [session] = desk.answer("operator", "sessions", "ana", data_dir=elsewhere)
    assert session["address"] == HERE.address
    assert desk("audit", "verify", data_dir=elsewhere).status == 0
    assert len(desk.answer("company", "list", data_dir=elsewhere)) == 1


# ---- the sandbox's ----


async def test_a_sandbox_prints_a_link_that_signs_in_once_for_this_machine_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_house(tmp_path / "data") as house:
        for _ in range(2):
            await welcome(house.parts, "127.0.0.1", 8080)
            [link] = [line.strip() for line in capsys.readouterr().out.splitlines() if "/console/link/" in line]
            token = link.removeprefix("http://127.0.0.1:8080/console/link/")
            context = house.parts.context
            new = await use_link(context, token, "", "", HERE)
            assert await session_of(context, new.token) is not None
            with pytest.raises(LinkRefused):
                await look_at_link(context, token)
        await welcome(house.parts, "0.0.0.0", 8080)
        assert "/console/link/" not in capsys.readouterr().out
        assert len(await list_operators(house.parts.context)) == 1


@pytest.mark.parametrize(("host", "is_on", "expected"), [
    ("127.0.0.1", "1", True), ("localhost", "1", True), ("::1", "1", True), ("127.0.0.9", "1", True),
    ("0.0.0.0", "1", False), ("::", "1", False), ("192.168.1.7", "1", False), ("", "1", False),
    ("ostiary.example.com", "1", False), ("localhost.example.com", "1", False), ("127.0.0.1", "0", False),
])  # fmt: skip
async def test_who_else_could_use_a_sandboxs_link_gets_none(
    tmp_path: Path, host: str, is_on: str, expected: bool
) -> None:
    with open_house(tmp_path / "data", OSTIARY_CONSOLE=is_on) as house:
        assert bool(await console_link(house.parts, host, "http://h")) is expected


# ---- doctor ----


async def test_doctor_says_whether_anybody_can_sign_in(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        look = house.parts.store.engine.blocking
        with look() as aside:
            [finding] = people(house.parts.settings, aside)
            assert "`ostiary operator create NAME --role admin`" in finding.found
            assert list(people(read_settings({"OSTIARY_CONSOLE": "0"}), aside)) == []
        await set_up(house.context)
        with look() as aside:
            [finding] = people(house.parts.settings, aside)
            assert "operators may sign in" in finding.found
