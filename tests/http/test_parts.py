"""Bodies to documents: base64 in every spelling that is legal, and multipart without a temporary file."""

from __future__ import annotations

import json
from base64 import b64encode, encodebytes

import pytest

from ostiary.api.reading.base64_texts import from_base64
from ostiary.api.reading.multipart import upload_of_json, upload_of_multipart
from ostiary.domain.errors import InvalidRequest
from ostiary.html.multipart import MOST_PART_HEADER_BYTES

PICTURE = bytes(range(256)) * 3 + b"\xff\xff\xfe"
TEXT = b64encode(PICTURE).decode()
DOCUMENT = json.dumps({"document_type": "passport", "metadata": {"number": "AB1234567"}}).encode()
TYPE = b"multipart/form-data; boundary=edge"


def decoded(text: str) -> bytes:
    """As it is in a JSON body, without the quotation marks."""
    return from_base64(memoryview(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"data:image/jpeg;base64,{TEXT}",
        f"DATA:image/jpeg;BASE64,{TEXT}",
        f"data:image/jpeg;name=front.jpg;charset=utf-8;base64,{TEXT}",
        f"data:;base64,{TEXT}",
        TEXT.replace("/", "\\/"),
        f"data:image\\/jpeg;base64,{TEXT}".replace("/", "\\/"),
        json.dumps(encodebytes(PICTURE).decode())[1:-1],
        TEXT.replace("A", "\\u0041"),
    ],
    ids=lambda text: text[:30],
)
def test_every_legal_spelling_is_decoded(text: str) -> None:
    assert decoded(text) == PICTURE


@pytest.mark.parametrize(
    "text",
    ["", "data:image/jpeg;base64,", "data:image/jpeg,abcd", "data:image/jpeg;base64",
     "data:" + "x" * 300 + ";base64,AAAA", "AAAAA", "AAA", "AA=A", "AAAA====", "*&^%", "é",
     "\\ud800", "\\x", TEXT[:-1] + "!"],
    ids=repr,
)  # fmt: skip
def test_what_is_no_base64_is_an_empty_picture(text: str) -> None:
    assert decoded(text) == b""


def test_a_json_body_becomes_an_upload() -> None:
    body = {"document": {"document_type": "passport", "image_front": TEXT, "image_back": None, "metadata": None}}
    upload = upload_of_json(json.dumps(body).encode())
    assert (upload.type, upload.front, upload.back, upload.metadata) == ("passport", PICTURE, None, {})


def test_a_picture_that_is_no_text_is_a_fault() -> None:
    values: tuple[object, ...] = (5, [], {}, True)
    for value in values:
        body = {"document": {"document_type": "passport", "image_front": value}}
        with pytest.raises(InvalidRequest) as caught:
            upload_of_json(json.dumps(body).encode())
        assert [fault.field for fault in caught.value.faults] == ["document.image_front"]


# ---- multipart ------------------------------------------------------------------------------------------------------


def part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--edge\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


END = b"--edge--\r\n"
GOOD = part("document", DOCUMENT) + part("image_front", PICTURE, '; filename="f.jpg"\r\nContent-Type: image/jpeg') + END


def refused(body: bytes, content_type: bytes = TYPE) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        upload_of_multipart(body, content_type)
    return caught.value


def test_parts_become_an_upload_byte_by_byte() -> None:
    upload = upload_of_multipart(GOOD, TYPE)
    assert (upload.type, upload.front, upload.back) == ("passport", PICTURE, None)
    assert upload.metadata == {"number": "AB1234567"}


@pytest.mark.parametrize(
    "content_type",
    [b'multipart/form-data; boundary="edge"', b"Multipart/Form-Data; charset=utf-8; boundary=edge"],
)
def test_the_boundary_may_be_spelled_differently(content_type: bytes) -> None:
    assert upload_of_multipart(GOOD, content_type).front == PICTURE


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (part("image_front", PICTURE) + END, {("document", "FIELD_MISSING")}),
        (GOOD[: -len(END)] + part("image_front", PICTURE) + END, {("image_front", "FIELD_REPEATED")}),
        (part("document", DOCUMENT) + part("selfie", b"x") + END, {("selfie", "FIELD_UNKNOWN")}),
        (part("selfie", b"x") + END, {("selfie", "FIELD_UNKNOWN"), ("document", "FIELD_MISSING")}),
        (b"".join(part(f"p{number}", b"") for number in range(50)) + END, set()),
        (part("document", b'{"metadata":[],"typ":1}') + END,
         {("document_type", "FIELD_MISSING"), ("metadata", "FIELD_TYPE"), ("typ", "FIELD_UNKNOWN")}),
    ],
)  # fmt: skip
def test_parts_at_fault_are_named(body: bytes, faults: set[tuple[str, str]]) -> None:
    assert {(fault.field, fault.code) for fault in refused(body).faults} == faults


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no part at all",
        GOOD[: -len(END)],
        GOOD[:-10],
        GOOD[:60],
        GOOD.replace(b"--edge", b"--other"),
        b"--edge\r\nContent-Type: text/plain\r\n\r\nnameless\r\n" + END,
        b"--edge\r\nContent-Disposition: form-data\r\n\r\n\xff\r\n" + END,
        b"--edge\r\nX: " + b"y" * (MOST_PART_HEADER_BYTES + 1) + b"\r\n\r\n\r\n" + END,
        b"--edge\r\n" + b"y" * (MOST_PART_HEADER_BYTES + 1) + b": x\r\n\r\n\r\n" + END,
        b"--edge\r\nbad header\x00\r\n\r\n" + END,
        part("document", b"{") + END,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_form_is_refused(body: bytes) -> None:
    assert refused(body).code == "INVALID_REQUEST"


@pytest.mark.parametrize(
    "content_type",
    [b"multipart/form-data", b"multipart/form-data; boundary=", b"multipart/form-data; boundary=" + b"x" * 71],
)
def test_a_form_needs_a_boundary_of_legal_length(content_type: bytes) -> None:
    assert "boundary" in refused(GOOD, content_type).message
