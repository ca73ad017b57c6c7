"""`ostiary company` and `ostiary key`: what is made, shown, changed and refused."""

from __future__ import annotations

import getpass
from typing import Any

import pytest

from ostiary.cli.commands.companies import _state
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.parsing.parser import make_parser
from ostiary.domain.companies.company import MOST_ALLOWED_NETWORKS, ApiKey
from ostiary.domain.times import DAY_MS
from ostiary.settings import GB
from tests.cli.conftest import Desk
from tests.material import NOW_MS

SANDBOX = ("--environment", "sandbox")


@pytest.fixture(autouse=True)
def installation(desk: Desk) -> None:
    desk.install()


@pytest.fixture
def company_id(desk: Desk) -> str:
    company = desk.answer("company", "create", "--name", "Acme", *SANDBOX, "--operator", "ana")
    return str(company["company_id"])


def key_of(desk: Desk, company_id: str, *more: object) -> dict[str, Any]:
    key: dict[str, Any] = desk.answer("key", "create", "--company", company_id, "--level", 3, *more)
    return key


def listed(desk: Desk, company_id: str) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = desk.answer("key", "list", "--company", company_id)
    return keys


# ---- companies ------------------------------------------------------------------------------------------------------


def test_before_there_is_any_it_says_how_to_make_one(desk: Desk) -> None:
    assert (
        desk("company", "list").out
        == "There is no company yet: ostiary company create --name NAME --environment production\n"
    )
    assert desk.answer("company", "list") == []


@pytest.mark.parametrize("environment", ["sandbox", "production"])
def test_a_company_is_made_and_listed(desk: Desk, environment: str) -> None:
    result = desk("company", "create", "--name", "Äcme [b]", "--environment", environment)
    assert (result.status, result.err) == (0, "")
    head, following = result.out.splitlines()
    kind, _, company_id = head.partition(" company Äcme [b]: ")
    assert (kind, following) == (environment, f"next: ostiary key create --company {company_id} --level 3")
    expected = {
        "company_id": company_id,
        "name": "Äcme [b]",
        "environment": environment,
        "stored_bytes": 0,
        "documents": 0,
        "quota_bytes": 100 * GB,
        "has_own_quota": False,
    }
    [listed] = desk.answer("company", "list")
    assert listed.pop("created_at").startswith("20")
    assert listed == expected
    assert desk("company", "list").out == f"{company_id}  {environment:10}       0.00 GB of 100 GB  Äcme [b]\n"


def test_a_quota_of_its_own_is_shown_and_taken_back(desk: Desk, company_id: str) -> None:
    mine = ("--company", company_id)
    assert (
        "0.00 GB of 7 GB (the quota is OSTIARY_COMPANY_QUOTA_GB)"
        in desk("company", "show", *mine, company_quota_gb=7).out
    )
    given = desk.answer("company", "quota", *mine, "--gb", "250", "--operator", "ana")
    assert (given["quota_bytes"], given["has_own_quota"]) == (250 * GB, True)
    assert "0.00 GB of 250 GB (the quota is its own)" in desk("company", "show", *mine).out
    assert desk.answer("company", "quota", *mine, "--gb", "0")["quota_bytes"] is None
    assert "0.00 GB, no quota (the quota is its own)" in desk("company", "show", *mine).out
    usual = desk.answer("company", "quota", *mine, "--usual")
    assert (usual["quota_bytes"], usual["has_own_quota"]) == (100 * GB, False)
    entries = desk.answer("audit", "show", *mine)
    first = next(entry for entry in entries if entry["action"] == "quota_set")
    assert (first["actor"], first["codes"]) == ("operator:ana", [f"{250 * GB}"])


@pytest.mark.parametrize("amount", ["-1", "1.5", "1000001", "many", "٣"])
def test_an_amount_that_is_none_is_refused(desk: Desk, company_id: str, amount: str) -> None:
    result = desk("company", "quota", "--company", company_id, f"--gb={amount}")
    assert (result.status, "a whole number from 0 to 1000000" in result.err) == (2, True)


def test_a_quota_is_of_a_company_that_there_is(desk: Desk) -> None:
    for words in (("show",), ("quota", "--usual")):
        assert "There is no such company." in desk.refused("company", *words, "--company", "0" * 32)


def test_companies_are_listed_in_the_order_they_came(desk: Desk) -> None:
    ids = [desk.answer("company", "create", "--name", name, *SANDBOX)["company_id"] for name in ("B", "A", "C")]
    assert [company["company_id"] for company in desk.answer("company", "list")] == ids
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("words", "field"), [(("--name", ""), "name"), (("--name", "A", "--email", "nobody"), "email")]
)
def test_what_is_wrong_with_a_company_is_named_by_field(desk: Desk, words: tuple[str, ...], field: str) -> None:
    result = desk("company", "create", *SANDBOX, *words)
    assert result.status == 1
    assert f"\n  {field}: " in result.err
    assert desk.answer("company", "list") == []


def test_the_audit_trail_names_who_made_it(desk: Desk, company_id: str) -> None:
    [entry] = desk.answer("audit", "show", "--company", company_id)
    assert (entry["actor"], entry["subject"]) == ("operator:ana", company_id)


@pytest.mark.parametrize("problem", [KeyError, OSError])
def test_who_acts_without_being_named(monkeypatch: pytest.MonkeyPatch, problem: type[Exception]) -> None:
    def nobody() -> str:
        raise problem

    unnamed = make_parser().parse_args(["company", "create", "--name", "A", *SANDBOX])
    monkeypatch.setattr(getpass, "getuser", lambda: "root")
    assert named_operator(unnamed) == "root"
    assert (
        named_operator(make_parser().parse_args(["company", "create", "--name", "A", *SANDBOX, "--operator", "ana"]))
        == "ana"
    )
    assert named_operator(make_parser().parse_args(["key", "list", "--company", "x"])) == "root", (
        "it has no such option"
    )
    monkeypatch.setattr(getpass, "getuser", nobody)
    assert named_operator(unnamed) == "unknown"


# ---- keys -----------------------------------------------------------------------------------------------------------


def test_a_secret_is_shown_once(desk: Desk, company_id: str) -> None:
    result = desk("key", "create", "--company", company_id, "--level", 2)
    head, secret, warning = result.out.splitlines()
    assert head.startswith("key ")
    assert head.endswith(", level 2:")
    assert warning.startswith("Keep it now")
    [key] = listed(desk, company_id)
    assert secret not in str(key)
    assert (key["level"], key["state"], key["allowed"], key["expires_at"]) == (2, "good", [], None)


def test_a_key_that_expires_says_when(desk: Desk, company_id: str) -> None:
    key_of(desk, company_id, "--expires-days", 1)
    [key] = listed(desk, company_id)
    assert key["state"] == "good"
    assert key["created_at"] < key["expires_at"]
    assert key["created_at"][11:16] <= key["expires_at"][11:16] or key["expires_at"][11:13] == "00"


def test_networks_of_a_key_are_kept_replaced_and_cleared(desk: Desk, company_id: str) -> None:
    key = key_of(desk, company_id, "--allow", "203.0.113.0/24", "--allow", "::1/128")
    assert listed(desk, company_id)[0]["allowed"] == ["203.0.113.0/24", "::1/128"]
    words = ("key", "allow", key["key_id"])
    assert desk(*words, "--allow", "10.0.0.0/8").out == f"key {key['key_id']} is let in from 10.0.0.0/8\n"
    assert listed(desk, company_id)[0]["allowed"] == ["10.0.0.0/8"]
    assert desk(*words).out == f"key {key['key_id']} is let in from every address\n"
    assert desk.answer(*words)["allowed"] == []


@pytest.mark.parametrize("network", ["10.0.0.1/8", "everywhere", "10.0.0.0/99", ""])
def test_a_network_that_is_none_changes_nothing(desk: Desk, company_id: str, network: str) -> None:
    key = key_of(desk, company_id, "--allow", "10.0.0.0/8")
    assert desk("key", "allow", key["key_id"], "--allow", network).status == 1
    assert desk("key", "create", "--company", company_id, "--level", 1, "--allow", network).status == 1
    assert [key["allowed"] for key in listed(desk, company_id)] == [["10.0.0.0/8"]]


def test_a_list_of_networks_has_an_end(desk: Desk, company_id: str) -> None:
    networks = [word for at in range(MOST_ALLOWED_NETWORKS) for word in ("--allow", f"10.0.{at}.0/24")]
    key = key_of(desk, company_id, *networks)
    assert desk("key", "allow", key["key_id"], *networks, "--allow", "10.1.0.0/16").status == 1
    assert len(listed(desk, company_id)[0]["allowed"]) == MOST_ALLOWED_NETWORKS


def test_a_revoked_key_stays_revoked_and_others_stay_good(desk: Desk, company_id: str) -> None:
    gone, good = key_of(desk, company_id), key_of(desk, company_id)
    assert desk("key", "revoke", gone["key_id"], "--operator", "ana").out == f"key {gone['key_id']} is revoked\n"
    assert {key["key_id"]: key["state"] for key in listed(desk, company_id)} == {
        gone["key_id"]: "revoked",
        good["key_id"]: "good",
    }
    lines = desk("key", "list", "--company", company_id).out.splitlines()
    assert [line.split()[:4] for line in lines] == [
        [gone["key_id"], "level", "3", "revoked"],
        [good["key_id"], "level", "3", "good"],
    ]


def test_what_was_done_with_keys_is_in_the_trail_with_who_did_it(desk: Desk, company_id: str) -> None:
    key = key_of(desk, company_id, "--operator", "ben")
    desk.answer("key", "allow", key["key_id"], "--allow", "10.0.0.0/8", "--operator", "cleo")
    desk.answer("key", "revoke", key["key_id"], "--operator", "dan")
    entries = desk.answer("audit", "show", "--company", company_id)
    assert [entry["actor"] for entry in entries] == [f"operator:{name}" for name in ("ana", "ben", "cleo", "dan")]
    assert [entry["subject"] for entry in entries[1:]] == [key["key_id"]] * 3


def test_what_is_not_there_is_said(desk: Desk, company_id: str) -> None:
    key = "ostiary key list --company ID` shows a company's."
    assert desk.refused("key", "revoke", "none") == f"There is no key none; `{key}"
    assert desk.refused("key", "allow", "none") == f"There is no key none; `{key}"
    nobody = desk.refused("key", "list", "--company", "none")
    assert nobody == desk.refused("key", "create", "--company", "none", "--level", "1")
    assert "company" in nobody
    assert desk("key", "list", "--company", company_id).out == "no keys\n"


@pytest.mark.parametrize(
    ("revoked", "expires", "state"),
    [
        (None, None, "good"),
        (None, NOW_MS + 1, "good"),
        (None, NOW_MS, "expired"),
        (None, NOW_MS - DAY_MS, "expired"),
        (NOW_MS, None, "revoked"),
        (NOW_MS, NOW_MS - 1, "revoked"),
    ],
)
def test_how_a_key_stands(revoked: int | None, expires: int | None, state: str) -> None:
    key = ApiKey("k", "c", 1, b"hash", NOW_MS, (), revoked, expires)
    assert _state(key, NOW_MS) == state
