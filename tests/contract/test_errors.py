"""Errors: every status and code with the calls that give it, and all faults of a call at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ostiary.app import Installation
from ostiary.domain.errors import Contended, Unavailable
from tests.contract.partner import (
    ACCOUNTS,
    CARDS,
    CATALOGUE,
    CLIENTS,
    MARIA,
    WEBHOOK,
    Partner,
    changed,
    document,
    faults,
    partnered,
    refusal,
    without,
)

NEEDED = without(MARIA, "second_name", "phone_country_code", "phone_number")
NOBODY = "4QWq1rQtjnLM0wMswTRY9AmM4XTvY4GG"


@pytest.mark.parametrize(
    ("path", "body"),
    [(CLIENTS, NEEDED), (f"{CLIENTS}/{NOBODY}/products", {"subproduct": CARDS}), (f"{WEBHOOK}/key", {"key": "k"}),
     (f"{WEBHOOK}/subscribe", {"url": "https://partner.example", "webhook_key": "k"}),
     (f"{CLIENTS}/{NOBODY}/products/{NOBODY}/documentation", {"document": {"document_type": "passport"}})],
    ids=["client", "request", "key", "subscribe", "documentation"],
)  # fmt: skip
async def test_a_body_of_the_wrong_shape_is_invalid_everywhere(partner: Partner, path: str, body: Any) -> None:
    for content in (b"", b"{", b"[]", b'"text"', b"5", b"null", b"\xff\xfe{}", b"{}{}", b"{'a': 1}"):
        answer = await partner.call("POST", path, content=content, headers={"content-type": "application/json"})
        assert refusal(answer) == (400, "INVALID_REQUEST"), content
    for name in body:
        assert faults(await partner.call("POST", path, without(body, name))) >= {(name, "FIELD_MISSING")}
        assert (name, "FIELD_MISSING") in faults(await partner.call("POST", path, body | {name: None}))
        assert (name, "FIELD_TYPE") in faults(await partner.call("POST", path, body | {name: ["?"]}))
    assert ("sundry", "FIELD_UNKNOWN") in faults(await partner.call("POST", path, body | {"sundry": 1}))


@pytest.mark.parametrize(
    ("sent", "meant"),
    [({"frist_name": "M"}, "first_name"), ({"e_mail": "m@example.com"}, "email"), ({"birthdate": "x"}, "birth_date"),
     ({"phone_nummber": 1}, "phone_number"), ({"ocupation": "x"}, "occupation"), ({"adress": {}}, "address")],
)  # fmt: skip
async def test_an_unknown_field_is_answered_with_the_nearest_known_one(
    partner: Partner, sent: dict[str, object], meant: str
) -> None:
    answer = await partner.call("POST", CLIENTS, MARIA | sent)
    assert refusal(answer) == (400, "INVALID_REQUEST")
    (fault,) = (detail for detail in answer.json()["details"] if detail["field"] in sent)
    assert f"did you mean {meant}?" in fault["message"]


async def test_a_field_inside_is_named_by_its_path(partner: Partner) -> None:
    answer = await partner.call("POST", CLIENTS, changed(MARIA, "address.contry", "ARG"))
    assert faults(answer) == {("address.contry", "FIELD_UNKNOWN")}
    assert "address.country" in answer.json()["details"][0]["message"]


async def test_all_faults_come_at_once(partner: Partner) -> None:
    wrong = {
        "first_name": " ",
        "last_name": "B\x00",
        "email": "nobody",
        "birth_date": "2026-02-30",
        "address": {"street_line1": "", "city": "x" * 101, "country": "AR"},
        "phone_country_code": 54,
        "phone_number": 1,
        "annual_salary": -1,
        "account_purpose": "fun",
    }
    answer = await partner.call("POST", CLIENTS, wrong)
    assert refusal(answer) == (412, "VALIDATION_FAILED")
    assert {field for field, _ in faults(answer)} == {
        "first_name",
        "last_name",
        "email",
        "birth_date",
        "address.street_line1",
        "address.city",
        "address.country",
        "phone_number",
        "annual_salary",
        "account_purpose",
    }


@pytest.mark.parametrize("malformed", [{"last_name": 5}, {"last_name": None}, {"surname": "B"}, {"address": "here"}])
@pytest.mark.parametrize("impossible", [{"email": "nobody"}, {"birth_date": "2090-01-01"}, {"phone_number": 1}])
async def test_any_malformed_field_makes_the_whole_a_400(
    partner: Partner, malformed: dict[str, object], impossible: dict[str, object]
) -> None:
    answer = await partner.call("POST", CLIENTS, MARIA | malformed | impossible)
    assert refusal(answer) == (400, "INVALID_REQUEST")
    assert {field for field, _ in faults(answer)} == {*malformed, *impossible}


async def test_well_formed_but_impossible_is_412_and_malformed_is_400(partner: Partner) -> None:
    for path, value, status in (
        ("birth_date", "1984-11-31", 412),
        ("birth_date", "yesterday", 412),
        ("birth_date", 19841121, 400),
        ("address.country", "AR", 412),
        ("address.country", "", 412),
        ("address.country", 32, 400),
        ("first_name", " ", 412),
        ("first_name", 1, 400),
        ("phone_number", "1168860622", 400),
        ("phone_number", 0, 412),
    ):
        answer = await partner.call("POST", CLIENTS, changed(MARIA, path, value))
        assert answer.status_code == status, (path, value)
        assert path in {field for field, _ in faults(answer)}


# ---- what is not there, and what is not allowed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "client_id", [NOBODY, "short", "../../etc", "%00", "é", NOBODY + "0", NOBODY.replace("4", "_")]
)
async def test_nothing_is_there(partner: Partner, client_id: str) -> None:
    at = f"{CLIENTS}/{client_id}"
    for method, path, body in (
        ("GET", at, None),
        ("PUT", at, MARIA),
        ("GET", f"{at}/products", None),
        ("POST", f"{at}/products", {"subproduct": CARDS}),
        ("GET", f"{at}/products/{NOBODY}", None),
        ("POST", f"{at}/products/{NOBODY}/submit", None),
        ("POST", f"{at}/products/{NOBODY}/withdraw", None),
        ("POST", f"{at}/products/{NOBODY}/documentation", {"document": document()}),
    ):
        assert refusal(await partner.call(method, path, body)) == (404, "NOT_FOUND"), (method, path)


async def test_a_request_of_another_client_is_not_there(partner: Partner) -> None:
    mine, other = await partner.client(), await partner.client()
    request_id = (await partner.request(mine)).rpartition("/")[2]
    at = f"{CLIENTS}/{other['id']}/products/{request_id}"
    for method, path in (("GET", at), ("POST", f"{at}/submit"), ("POST", f"{at}/withdraw")):
        assert refusal(await partner.call(method, path)) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [(CLIENTS, {"GET", "POST"}), (f"{CLIENTS}/{NOBODY}", {"GET", "PUT", "DELETE"}),
     (f"{CLIENTS}/{NOBODY}/products", {"GET", "POST"}), (f"{CLIENTS}/{NOBODY}/products/{NOBODY}", {"GET"}),
     (f"{CLIENTS}/{NOBODY}/products/{NOBODY}/documentation", {"POST"}),
     (f"{CLIENTS}/{NOBODY}/products/{NOBODY}/submit", {"POST"}),
     (f"{CLIENTS}/{NOBODY}/products/{NOBODY}/withdraw", {"POST"}), (CATALOGUE, {"GET"}),
     (WEBHOOK, {"GET", "DELETE"}), (f"{WEBHOOK}/subscribe", {"POST"}), (f"{WEBHOOK}/key", {"POST"}),
     (f"{WEBHOOK}/signing-secret", {"GET"})],
)  # fmt: skip
async def test_other_methods_are_refused_with_those_allowed(partner: Partner, path: str, allowed: set[str]) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - allowed:
        answer = await partner.call(method, path)
        assert refusal(answer) == (405, "METHOD_NOT_ALLOWED")
        assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded",
                                        "multipart/form-data; boundary=x"])  # fmt: skip
async def test_other_media_types_are_refused(partner: Partner, media_type: str) -> None:
    answer = await partner.call("POST", CLIENTS, content=b"first_name=Maria", headers={"content-type": media_type})
    assert refusal(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_body_over_the_limit_is_refused_and_the_connection_ends(shared: Installation) -> None:
    """Bodies with pictures may have what the installation is set to, all others a quarter of a megabyte."""
    async with partnered(shared, max_body_bytes=1 << 20) as partner:
        at = await partner.request(await partner.client())
        for path, most in ((CLIENTS, 262_144), (f"{at}/submit", 262_144), (f"{at}/documentation", 1 << 20)):
            assert (await partner.call("POST", path, content=b"[" + b" " * (most - 1))).status_code == 400
            answer = await partner.call("POST", path, content=b"[" + b" " * most)
            assert refusal(answer) == (413, "PAYLOAD_TOO_LARGE")
            assert answer.headers["connection"] == "close"
        assert (await partner.read(at))["status"] == "pending_documentation"


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [({"subproduct": "loans"}, "PRODUCT_UNKNOWN", "subproduct"), ({"subproduct": ""}, "PRODUCT_UNKNOWN", "subproduct"),
     ({"subproduct": CARDS.upper()}, "PRODUCT_UNKNOWN", "subproduct"),
     ({"subproduct": CARDS}, "PRODUCT_ALREADY_REQUESTED", "subproduct")],
)  # fmt: skip
async def test_rules_of_requesting(partner: Partner, body: dict[str, str], code: str, field: str) -> None:
    client = await partner.client()
    live = (await partner.request(client)).rpartition("/")[2]
    answer = await partner.call("POST", f"{CLIENTS}/{client['id']}/products", body)
    assert (refusal(answer), faults(answer)) == ((412, code), {(field, code)})
    named = live if code == "PRODUCT_ALREADY_REQUESTED" else ACCOUNTS
    assert named in answer.json()["details"][0]["message"]


@pytest.mark.parametrize("kind", ["utility_bill", "selfie", "", "PASSPORT"])
async def test_a_document_that_no_requirement_takes(partner: Partner, kind: str) -> None:
    at = await partner.request(await partner.client())
    answer = await partner.call("POST", f"{at}/documentation", {"document": document(kind)})
    assert refusal(answer) == (412, "DOCUMENT_NOT_REQUIRED")
    assert "passport" in answer.json()["message"]


# ---- when the world is away -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "status", "code"),
    [(Unavailable(), 503, "UNAVAILABLE"), (Contended(retry_after_s=1), 503, "UNAVAILABLE"),
     (ValueError("a secret of Maria"), 500, "INTERNAL_ERROR")],
)  # fmt: skip
async def test_a_database_that_is_away_is_told_without_a_word_too_much(
    shared: Installation, monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int, code: str
) -> None:
    async def fails(*_: object) -> None:
        raise problem

    async with partnered(replace(shared)) as partner:
        client = await partner.client()
        monkeypatch.setattr(shared.context.storage, "dossier", fails)
        for name in ("find", "page", "by_email"):
            monkeypatch.setattr(shared.context.storage.clients, name, fails)
        for method, path in (("GET", f"{CLIENTS}/{client['id']}"), ("GET", CLIENTS), ("POST", CLIENTS)):
            answer = await partner.call(method, path, MARIA if method == "POST" else None)
            assert refusal(answer) == (status, code)
            assert ("retry-after" in answer.headers) is (status == 503)
            assert "secret" not in answer.text
