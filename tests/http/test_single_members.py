"""No body names a member twice: which of two values counts would be another thing for each reader."""

from __future__ import annotations

from base64 import b64encode

import msgspec
import pytest

from ostiary.api.reading.bodies import ClientBody, NoBody, ProductBody
from ostiary.api.reading.brand_bodies import BrandBody
from ostiary.api.reading.multipart import upload_of_json, upload_of_multipart
from ostiary.domain.errors import InvalidRequest
from ostiary.web.json_body import MOST_FAULTS, demand_once, read_json

CLIENT = (
    b'{"first_name":"M","last_name":"B","email":"m@example.com","birth_date":"1984-11-21",'
    b'"address":{"street_line1":"F","city":"D","country":"ARG"%s}%s}'
)
PICTURE, ANOTHER = b64encode(b"one picture"), b64encode(b"another one")


def refused(problem: pytest.ExceptionInfo[InvalidRequest]) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in problem.value.faults]


@pytest.mark.parametrize(
    ("body", "kind", "fields"),
    [
        (CLIENT % (b"", b',"email":"m@example.com"'), ClientBody, ["email"]),
        (CLIENT % (b"", b',"email":"other@example.com"'), ClientBody, ["email"]),
        (CLIENT % (b"", b',"\\u0065mail":"other@example.com"'), ClientBody, ["email"]),
        (CLIENT % (b',"city":"E","city":"F"', b',"email":"x"'), ClientBody, ["address.city", "email"]),
        (CLIENT % (b',"city":"E"', b',"address":null,"address":{"city":"D"}'), ClientBody, None),
        (b'{"subproduct":"a","subproduct":null}', ProductBody, None),
        (b'{"name":"x","privacy":{"es":"https://a.example","es":"https://b.example"}}', BrandBody, ["privacy.es"]),
    ],
)
def test_a_member_that_comes_twice_is_named(body: bytes, kind: type[msgspec.Struct], fields: list[str] | None) -> None:
    with pytest.raises(InvalidRequest) as problem:
        read_json(body, kind)
    if fields is not None:
        assert refused(problem) == [(field, "FIELD_REPEATED") for field in fields]


def test_names_may_come_again_in_other_objects_and_in_texts() -> None:
    demand_once(b' {"a":{"a":[{"a":1},{"a":1}]},"b":"\\"a\\":1,\\"a\\":2","A":1e9,"c":%s} ' % (b"9" * 5_000))
    assert read_json(b" {} ", NoBody) == NoBody()


def test_names_are_told_shortened_and_not_all_of_them() -> None:
    with pytest.raises(InvalidRequest) as problem:
        demand_once(b"[{%s}]" % b",".join(b'"%03d%s":0' % (number // 2, b"x" * 200) for number in range(400)))
    assert len(problem.value.faults) == MOST_FAULTS
    assert {len(fault.field) for fault in problem.value.faults} == {100}


def document(members: bytes) -> bytes:
    return b' { "document" : { "document_type" : "passport" , %s } } ' % members


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (
            document(b'"image_front":"%s" , "image_front":"%s"' % (PICTURE, ANOTHER)),
            "document.image_front",
        ),
        (document(b'"image_front":"%s","image_front":"%s"' % (PICTURE, PICTURE)), "document.image_front"),
        (
            document(b'"image_front":"%s","image_\\u0066ront":"%s"' % (PICTURE, ANOTHER)),
            "document.image_front",
        ),
        (document(b'"image_back":"%s","image_back":null' % PICTURE), "document.image_back"),
        (document(b'"image_back":{"a":"}"},"image_back":null'), "document.image_back"),
        (document(b'"document_type":"passport"'), "document.document_type"),
        (document(b'"metadata":{"number":"A"},"metadata":{"number":"B"}'), "document.metadata"),
        (document(b'"metadata":12,"metadata":{}'), "document.metadata"),
        (document(b'"metadata":{"number":"A", "number":"B"}'), "document.metadata.number"),
        (document(b'"chip":{"sod":"%s","sod":"%s"}' % (PICTURE, ANOTHER)), "document.chip.sod"),
        (document(b'"chip":{"sod":"%s"},"chip":null' % PICTURE), "document.chip"),
        (document(b'"chip":null,"chip":{"sod":"%s"}' % PICTURE), "document.chip"),
        (document(b'"chip":{"dg1":"%s"},"chip":{"sod":"%s"}' % (PICTURE, PICTURE)), "document.chip.dg1"),
        (document(b'"chip":{"challenge_id":"a","challenge_id":"b"}'), "document.chip.challenge_id"),
        (b'{"document":{"document_type":"a"},"document":{"document_type":"a"}}', "document"),
    ],
)
def test_a_documents_member_that_comes_twice_is_named(body: bytes, field: str) -> None:
    with pytest.raises(InvalidRequest) as problem:
        upload_of_json(bytearray(body))
    assert refused(problem) == [(field, "FIELD_REPEATED")]


def test_a_documents_members_may_stand_in_any_order_and_form() -> None:
    members = (
        b'"image_back" : null, "chip":{ "sod":"%s" ,"challenge_id":"a\\"b", "dg1": "%s"} ,"metadata" : '
        b'{"number":"}\\"document\\":{", "place":"\xc3\xb1"}\r\n,\t"image_front":"%s"' % (PICTURE, ANOTHER, PICTURE)
    )
    upload = upload_of_json(document(members))
    assert (upload.front, upload.back) == (b"one picture", None)
    assert upload.metadata == {"number": '}"document":{', "place": "ñ"}
    assert upload.chip is not None
    assert dict(upload.chip.files) == {"sod": b"one picture", "dg1": b"another one"}
    assert upload_of_json(b'{"document":{"document_type":"a","chip":{}}}').type == "a"


def test_the_json_of_a_form_is_held_to_the_same() -> None:
    part = b'{"document_type":"passport","metadata":{"number":"A","number":"B"}}'
    form = b'--x\r\nContent-Disposition: form-data; name="document"\r\n\r\n%s\r\n--x--\r\n' % part
    with pytest.raises(InvalidRequest) as problem:
        upload_of_multipart(form, b"multipart/form-data; boundary=x")
    assert refused(problem) == [("metadata.number", "FIELD_REPEATED")]
