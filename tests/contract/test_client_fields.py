"""Every field of an individual client, created and replaced: needed or not, null, blank, too long, of a wrong type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.contract.partner import CLIENTS, MARIA, Json, Partner, changed, faults, refusal, without

WAYS = ("create", "replace")


async def tell(partner: Partner, way: str, body: Json) -> httpx.Response:
    """The body as a new client, or in place of one there is."""
    if way == "create":
        return await partner.call("POST", CLIENTS, body)
    return await partner.call("PUT", f"{CLIENTS}/{(await partner.client())['id']}", body)


@dataclass(frozen=True)
class Column:
    """One field: values that are taken, values that break a rule (412), values of a wrong type (400)."""

    path: str
    needed: bool
    good: tuple[Any, ...]
    impossible: tuple[Any, ...]
    wrong_type: tuple[Any, ...] = (5, 1.5, True, [], {}, ["text"])


BLANK = ("", " ", "\t", "\u2003", "a\nb", "a\x00b", "a\u2028b")
NUMBERS_ONLY: tuple[Any, ...] = ("5", 1.5, True, [], {})
FIELDS = (
    Column("first_name", True, ("M", "x" * 100, "O’Brien-Łuć", "李"), (*BLANK, "x" * 101)),
    Column("second_name", False, ("Julia", "x" * 100), (*BLANK, "x" * 101)),
    Column("last_name", True, ("B", "x" * 100, "de la Cruz y Ñandú"), (*BLANK, "x" * 101)),
    Column("email", True, ("a@example.com", "a+b@sub.example.co.uk", "josé@example.com", "a@bücher.example"),
           ("", " ", "a", "a@", "@example.com", "a b@example.com", "a@b", "a@example..com", "a@@example.com",
            "a@example.com\n b", "a@" + "x." * 130 + "com")),
    Column("birth_date", True, ("1984-11-21", "2000-02-29", "2026-04-15", "1896-04-15"),
           ("", " ", "1984-11-31", "1900-02-29", "2026-04-16", "2090-01-01", "1895-04-14", "0001-01-01", "1984-1-1",
            "21-11-1984", "1984/11/21", "19841121", "1984-11-21T00:00:00", "1984-W47-3", "１９８４-11-21")),
    Column("address.street_line1", True, ("F", "x" * 200), (*BLANK, "x" * 201)),
    Column("address.street_line2", False, ("2 B", "x" * 200), (*BLANK, "x" * 201)),
    Column("address.city", True, ("Å", "x" * 100), (*BLANK, "x" * 101)),
    Column("address.postal_code", False, ("1669", "B1669-AAA", "x" * 20), (*BLANK, "x" * 21)),
    Column("address.state", False, ("ARG-B", "ARG-C", "ARG-X"),
           ("", "B", "AR-B", "ARG", "ARG-", "ARG-0", "ARG-BB", "arg-b", "BRA-SP", "USA-CA", " ARG-B")),
    Column("address.country", True, ("ARG",), ("", " ", "AR", "arg", "Argentina", "ZZZ", "XXX", " ARG", "ARG ", "032")),
    Column("phone_number", False, (1168860622, 3414567890), (0, -1, 1, 12, 10**14, 10**15, 2**63), NUMBERS_ONLY),
    Column("phone_country_code", False, (54,), (0, -54, 1000, 999, 5454, 2**31), NUMBERS_ONLY),
    Column("occupation", False, ("Teacher", "xx", "x" * 100), (*BLANK, "x", "x" * 101)),
    Column("annual_salary", False, (0, 1, 30_000.5, "30000.50", 10**15), (-1, -0.01, "-1", "", " ", "1e3", "many",
           "1,000", "0x10", "١٢", 10**31), (True, [], {})),
    Column("expected_monthly_volume", False, (0, 2_000, "19999.99"), (-1, "NaN", "Infinity", "-0.01"), (True, [], {})),
    Column("account_purpose", False, ("salary", "savings", "business"), ("", "Salary", "salary ", "fun")),
    Column("source_of_funds", False, ("employment", "pension"), ("", "EMPLOYMENT", "work")),
    Column("tax_id", False, ("20-05536168-2", "20055361682"), ("", " ", "20-05536168-3", "123", "x" * 31)),
)  # fmt: skip
BY_NAME = [pytest.param(column, id=column.path) for column in FIELDS]


def shown(body: Json, path: str) -> Any:
    inside, _, name = path.rpartition(".")
    return (body[inside] if inside else body).get(name)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("column", BY_NAME)
async def test_good_values_are_taken_and_told_back(partner: Partner, way: str, column: Column) -> None:
    for number, value in enumerate(column.good):
        body = changed(MARIA | {"email": f"{way}{number}@example.com"}, column.path, value)
        answer = await tell(partner, way, body)
        assert answer.is_success, (value, answer.text)
        assert shown(answer.json(), column.path) == value
        read = await partner.ok("GET", f"{CLIENTS}/{answer.json()['id']}")
        assert read == answer.json()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("column", BY_NAME)
async def test_impossible_values_are_refused_by_name(partner: Partner, way: str, column: Column) -> None:
    allowed = {column.path, "phone_number", "phone_country_code"} if column.path.startswith("phone") else {column.path}
    for value in column.impossible:
        answer = await tell(partner, way, changed(MARIA, column.path, value))
        assert refusal(answer) == (412, "VALIDATION_FAILED"), value
        named = {field for field, code in faults(answer) if code == "VALUE_INVALID"}
        assert named, value
        assert named <= allowed, value


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("column", BY_NAME)
async def test_wrong_types_are_malformed(partner: Partner, way: str, column: Column) -> None:
    for value in column.wrong_type:
        answer = await tell(partner, way, changed(MARIA, column.path, value))
        assert refusal(answer) == (400, "INVALID_REQUEST"), value
        assert faults(answer) == {(column.path, "FIELD_TYPE")}, value


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("column", BY_NAME)
async def test_null_is_absent_and_absent_is_a_fault_only_where_needed(
    partner: Partner, way: str, column: Column
) -> None:
    present = changed(MARIA, column.path, column.good[0])
    pair = {"phone_number": "phone_country_code", "phone_country_code": "phone_number"}.get(column.path)
    for body in (changed(present, column.path, None), without(present, column.path)):
        answer = await tell(partner, way, without(body, pair) if pair else body)
        if column.needed:
            assert refusal(answer) == (400, "INVALID_REQUEST")
            assert faults(answer) == {(column.path, "FIELD_MISSING")}
            continue
        assert answer.is_success, answer.text
        inside, _, name = column.path.rpartition(".")
        assert name not in (answer.json()[inside] if inside else answer.json())
        await partner.replace(answer.json(), email=f"gone{answer.json()['id']}@example.com")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("absent", ["phone_number", "phone_country_code"])
async def test_a_phone_is_both_or_neither(partner: Partner, way: str, absent: str) -> None:
    answer = await tell(partner, way, without(MARIA, absent))
    assert (refusal(answer), faults(answer)) == ((412, "VALIDATION_FAILED"), {(absent, "VALUE_INVALID")})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("address", [None, "Florida 9860", [], 5])
async def test_an_address_is_an_object(partner: Partner, way: str, address: object) -> None:
    answer = await tell(partner, way, MARIA | {"address": address})
    assert answer.status_code == 400
    assert {field for field, _ in faults(answer)} == {"address"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["", "ID", "is_active", "address.street", "company_id", "first_name "])
async def test_unknown_fields_are_refused(partner: Partner, way: str, name: str) -> None:
    assert (name, "FIELD_UNKNOWN") in faults(await tell(partner, way, changed(MARIA, name, "x")))


@pytest.mark.parametrize("way", WAYS)
async def test_blanks_around_texts_are_removed(partner: Partner, way: str) -> None:
    body = MARIA | {
        "first_name": "  Maria ",
        "second_name": " Julia\u2003",
        "email": " maria@example.com ",
        "address": MARIA["address"] | {"street_line1": " Florida 9860", "city": "Del Viso  ", "postal_code": " 1669 "},
    }
    answer = await tell(partner, way, body)
    own = {name: answer.json()[name] for name in ("id", "type", "status")}
    assert answer.json() == own | MARIA | {"email": "maria@example.com"}


@pytest.mark.parametrize(
    ("country", "state", "good"),
    [("USA", "USA-CA", True), ("USA", "USA-B", False), ("BRA", "BRA-SP", True), ("GBR", "GBR-ENG", True),
     ("ESP", "ESP-MD", True), ("SGP", "SGP-01", True), ("ARG", "BRA-SP", False), ("MCO", "MCO-MC", True)],
)  # fmt: skip
async def test_a_state_is_of_its_country(partner: Partner, country: str, state: str, good: bool) -> None:
    body = MARIA | {"address": MARIA["address"] | {"country": country, "state": state}}
    answer = await partner.call("POST", CLIENTS, body)
    assert answer.status_code == (201 if good else 412)
    assert good or faults(answer) == {("address.state", "VALUE_INVALID")}


@pytest.mark.parametrize(
    ("code", "number", "good"),
    [(1, 2015550123, True), (1, 20155501, False), (34, 612345678, True), (34, 61234567890, False),
     (55, 11987654321, True), (44, 7400123456, True), (210, 5551234567, False), (54, 54116886062200, False)],
)  # fmt: skip
async def test_a_phone_is_possible_in_its_country(partner: Partner, code: int, number: int, good: bool) -> None:
    body = MARIA | {"phone_country_code": code, "phone_number": number}
    assert (await partner.call("POST", CLIENTS, body)).status_code == (201 if good else 412)


@pytest.mark.parametrize(
    ("country", "tax_id", "good"),
    [("ARG", "20-05536168-2", True), ("ARG", "20-05536168-1", False), ("BRA", "390.533.447-05", True),
     ("BRA", "390.533.447-06", False), ("CHL", "12.531.909-2", True), ("CHL", "12.531.909-3", False),
     ("ESP", "54362315K", True), ("ESP", "54362315Z", False), ("MEX", "GODE561231GR8", True),
     ("PRT", "501 964 843", True), ("PRT", "501 964 842", False), ("USA", "536-90-4399", True), ("USA", "12", False),
     ("AND", "F-123456-Z", True), ("AND", "!", False)],
)  # fmt: skip
async def test_a_tax_id_is_judged_by_the_country_of_residence(
    partner: Partner, country: str, tax_id: str, good: bool
) -> None:
    body = without(MARIA, "address.state") | {"tax_id": tax_id}
    answer = await partner.call("POST", CLIENTS, changed(body, "address.country", country))
    assert answer.status_code == (201 if good else 412), answer.text
    assert good or faults(answer) == {("tax_id", "VALUE_INVALID")}


@pytest.mark.parametrize(
    ("today", "birth", "good"),
    [("2026-04-15", "2026-04-15", True), ("2026-04-15", "2026-04-16", False), ("2026-04-16", "2026-04-16", True),
     ("2026-04-15", "1895-04-16", True), ("2026-04-15", "1895-04-15", False), ("2026-04-14", "1895-04-15", True)],
)  # fmt: skip
async def test_a_birth_date_is_neither_ahead_nor_beyond_130_years(
    partner: Partner, today: str, birth: str, good: bool
) -> None:
    partner.clock.noon_of(today)
    answer = await partner.call("POST", CLIENTS, MARIA | {"birth_date": birth})
    assert answer.status_code == (201 if good else 412)
