"""Reading JSON: every fault at once, in words that say what would be right."""

from __future__ import annotations

from math import inf

import msgspec
import pytest

from ostiary.api.reading.bodies import ClientBody, DocumentationBody, NoBody, ProductBody
from ostiary.domain.errors import InvalidRequest
from ostiary.web.json_body import MOST_FAULTS, read_json, storable

GOOD = (
    b'{"first_name":"M","last_name":"B","email":"m@example.com","birth_date":"1984-11-21",'
    b'"address":{"street_line1":"F","city":"D","country":"ARG"}}'
)


def refused(body: bytes, kind: type[msgspec.Struct] = ClientBody) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        read_json(body, kind)
    return caught.value


def with_field(field: bytes) -> bytes:
    return GOOD[:-1] + b"," + field + b"}"


def test_a_good_body_is_read() -> None:
    assert read_json(GOOD, ClientBody).address.city == "D"


def test_null_for_an_optional_field_is_an_absent_one() -> None:
    assert read_json(with_field(b'"second_name":null,"phone_number":null'), ClientBody) == read_json(GOOD, ClientBody)


def test_null_for_a_required_field_is_a_missing_one() -> None:
    (fault,) = refused(b'{"subproduct":null}', ProductBody).faults
    assert (fault.field, fault.code, fault.message) == (
        "subproduct",
        "FIELD_MISSING",
        "subproduct is required: a text",
    )


def test_every_fault_is_told_at_once() -> None:
    body = b'{"first_nam":"M","email":5,"birth_date":"x","address":{"city":[],"zip":1},"phone_number":"12"}'
    assert {(fault.field, fault.code) for fault in refused(body).faults} == {
        ("first_nam", "FIELD_UNKNOWN"),
        ("first_name", "FIELD_MISSING"),
        ("last_name", "FIELD_MISSING"),
        ("email", "FIELD_TYPE"),
        ("address.city", "FIELD_TYPE"),
        ("address.zip", "FIELD_UNKNOWN"),
        ("address.street_line1", "FIELD_MISSING"),
        ("address.country", "FIELD_MISSING"),
        ("phone_number", "FIELD_TYPE"),
    }


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (b'"frist_name":"M"', "frist_name is not known; did you mean first_name?"),
        (b'"phone_number":"12"', "phone_number must be a whole number"),
        (b'"phone_number":1.5', "phone_number must be a whole number"),
        (b'"phone_number":true', "phone_number must be a whole number"),
        (b'"second_name":7', "second_name must be a text"),
        (b'"address":"Florida"', "address must be an object"),
        (b'"address":{"street_line1":"F","ctiy":"D","city":"D","country":"ARG"}',
         "address.ctiy is not known; did you mean address.city?"),
    ],
)  # fmt: skip
def test_a_fault_says_what_would_be_right(field: bytes, message: str) -> None:
    assert [fault.message for fault in refused(with_field(field)).faults] == [message]


def test_a_name_like_no_other_is_answered_with_those_there_are() -> None:
    (fault,) = refused(b'{"subproduct":"x","zzz":1}', ProductBody).faults
    assert fault.message == "zzz is not known; known: subproduct"


def test_long_unknown_names_and_many_of_them_are_cut() -> None:
    faults = refused(msgspec.json.encode({f"{number:0500}": 1 for number in range(200)}), NoBody).faults
    assert len(faults) == MOST_FAULTS
    assert all(len(fault.field) <= 100 for fault in faults)


def test_a_picture_that_is_no_text_is_a_fault() -> None:
    body = b'{"document":{"document_type":4,"image_front":5,"metadata":[]}}'
    assert {
        (fault.field, fault.message.partition(" must be ")[2]) for fault in refused(body, DocumentationBody).faults
    } == {
        ("document.document_type", "a text"),
        ("document.image_front", "a text in base64"),
        ("document.metadata", "an object"),
    }


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"text"', b"12", b"\xff\xfe", b'{"subproduct":"\xff"}', b'{"subproduct":"\\ud800"}',
     b'{"subproduct":NaN}', b'{"subproduct":1e999}', b"[" * 100_000, b'{"a":' * 100_000,
     b'{"a":' + b"9" * 10_000 + b"}"],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_what_is_no_json_object_is_refused_calmly(body: bytes) -> None:
    assert refused(body, ProductBody).code == "INVALID_REQUEST"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"subproduct": "x",}', "it is no JSON at line 1, column 20 (byte 19)"),
        (b'{\n "subproduct": tru\n}', "it is no JSON at line 3, column 1 (byte 21)"),
        ('{"é": 1,}'.encode(), "it is no JSON at line 1, column 9 (byte 9)"),
        (b"{'subproduct': 1}", "it is no JSON at line 1, column 2 (byte 1)"),
        (b'{"subproduct": "x"} and more', "it is no JSON at line 1, column 22 (byte 21)"),
        (b'{"subproduct": "x"', "it ends too early, at line 1, column 19 (byte 18)"),
        (b'{"subproduct":\n "\xff"}', "it is no UTF-8 at line 2, column 3 (byte 17)"),
        (b'{"subproduct": "\\ud800"}', "half of a surrogate pair"),
        (b"\xef\xbb\xbf{}", "byte order mark"), ('{"a": 1}'.encode("utf-16"), "byte order mark"),
        (b"", "it is empty"), (b" \n", "it is empty"), (b'{"a": 1e999}', "a number in it is out of range"),
        (b'{"a":' + b"[" * 5_000, "nested too deeply"),
    ],
    ids=range(14),
)  # fmt: skip
def test_where_a_body_stops_being_json_is_said_and_nothing_of_it_repeated(body: bytes, where: str) -> None:
    message = refused(body, ProductBody).message
    assert where in message
    assert "subproduct" not in message


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5), ("x", "x"), (True, True), (None, None), (1.5, 1.5),
        (2**63 - 1, 2**63 - 1), (2**63, float(2**63)), (-(10**20), -1e20), (10**400, inf),
        ({"a": {"b": 10**30}}, {}), ([[[[]]]], []),
    ],
)  # fmt: skip
def test_what_storage_cannot_hold_is_brought_near_or_emptied(value: object, expected: object) -> None:
    result = storable(value)
    assert result == expected
    assert type(result) is type(expected)
