"""Multipart bodies at their edges: boundaries, counts, lengths, and bytes that look like a boundary and are none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.api.reading.multipart import (
    MOST_METADATA_BYTES,
    upload_of_multipart,
)
from ostiary.domain.errors import InvalidRequest
from ostiary.html.multipart import MOST_PART_HEADER_BYTES, MOST_PART_HEADERS, MOST_PARTS
from ostiary.usecases.onboarding.add_document import Upload

DOCUMENT = b'{"document_type":"passport"}'


def form(*parts: tuple[str, bytes], boundary: str = "edge") -> bytes:
    """A whole body; each part is what stands behind `form-data` in its header, and its content."""
    pieces = [
        f"--{boundary}\r\nContent-Disposition: form-data{more}\r\n\r\n".encode() + content + b"\r\n"
        for more, content in parts
    ]
    return b"".join(pieces) + f"--{boundary}--\r\n".encode()


def named(name: str, content: bytes) -> tuple[str, bytes]:
    return f'; name="{name}"', content


def taken(body: bytes, boundary: str = "edge") -> Upload:
    return upload_of_multipart(body, f"multipart/form-data; boundary={boundary}".encode())


def refusal_of(body: bytes, boundary: str = "edge") -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        taken(body, boundary)
    return caught.value


@given(st.binary(max_size=600), st.binary(max_size=200))
def test_any_bytes_of_both_sides_come_through_as_they_are(front: bytes, back: bytes) -> None:
    boundary = "-----8f1c40be6a"  # too long to stand in invented bytes
    body = form(named("document", DOCUMENT), named("image_front", front), named("image_back", back), boundary=boundary)
    assert taken(body, boundary) == Upload("passport", {}, front, back)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\r\n", b"\r", b"\n", b"--", b"--edge", b"\n--edge", b"\r--edge--", b"\r\n--edg", b"\r\n--edgy\r\n",
        b"\r\n-edge", b"\r\n\r\n", b"--edge\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\n{}", b"\r\n--",
    ],
    ids=repr,
)  # fmt: skip
def test_what_only_looks_like_a_boundary_is_content(content: bytes) -> None:
    assert taken(form(named("document", DOCUMENT), named("image_front", content))).front == content


@pytest.mark.parametrize("length", [1, 2, 69, 70])
def test_a_boundary_of_every_legal_length_is_taken(length: int) -> None:
    boundary = ("'()+_,-./:=?abc0" * 5)[:length]
    body = form(named("document", DOCUMENT), named("image_front", b"x"), boundary=boundary)
    assert upload_of_multipart(body, f'multipart/form-data; boundary="{boundary}"'.encode()).front == b"x"


def test_a_boundary_of_71_characters_is_refused() -> None:
    assert "1 to 70" in refusal_of(form(named("document", DOCUMENT), boundary="x" * 71), "x" * 71).message


@pytest.mark.parametrize(
    "name",
    ['; name="document"', "; name=document", '; Name="document"', '; filename="a.json"; name="document"',
     ' ;  name = "document"', '; name="document"; filename="na\\"me.json"'],
)  # fmt: skip
def test_a_parts_name_may_be_spelled_in_every_legal_way(name: str) -> None:
    assert taken(form((name, DOCUMENT))).type == "passport"


@pytest.mark.parametrize("header", ["Content-Disposition", "content-disposition", "CONTENT-DISPOSITION"])
def test_a_parts_header_may_be_written_in_any_case(header: str) -> None:
    body = form(named("document", DOCUMENT)).replace(b"Content-Disposition", header.encode())
    assert taken(body).type == "passport"


@pytest.mark.parametrize("count", [MOST_PARTS - 1, MOST_PARTS])
def test_parts_up_to_the_most_are_named_one_by_one(count: int) -> None:
    fault = refusal_of(form(*(named(f"part{number}", b"x") for number in range(count))))
    unknown = [each.field for each in fault.faults if each.code == "FIELD_UNKNOWN"]
    assert unknown == [f"part{number}" for number in range(count)]


def test_one_part_more_is_refused_as_a_whole() -> None:
    fault = refusal_of(form(*(named(f"part{number}", b"x") for number in range(MOST_PARTS + 1))))
    assert not fault.faults
    assert f"more than {MOST_PARTS} parts" in fault.message


@pytest.mark.parametrize(("more", "good"), [(-1, True), (0, True), (1, False)])
@pytest.mark.parametrize("name", ["y", "y" * 100, "y" * (MOST_PART_HEADER_BYTES - 1)], ids=["short", "longer", "long"])
def test_a_parts_header_is_at_most_so_long(name: str, more: int, good: bool) -> None:
    header = name + ": " + "x" * (MOST_PART_HEADER_BYTES + more - len(name))
    body = form(named("document", DOCUMENT)).replace(b"\r\n\r\n", f"\r\n{header}\r\n\r\n".encode(), 1)
    if good:
        assert taken(body).type == "passport"
    else:
        assert "longer than 8,192 bytes" in refusal_of(body).message


@pytest.mark.parametrize(("more", "good"), [(-1, True), (0, True), (1, False)])
def test_a_part_has_at_most_so_many_headers(more: int, good: bool) -> None:
    others = "".join(f"X-{number}: y\r\n" for number in range(MOST_PART_HEADERS + more - 1))
    body = form(named("document", DOCUMENT)).replace(b"Content-D", f"{others}Content-D".encode(), 1)
    if good:
        assert taken(body).type == "passport"
    else:
        assert refusal_of(body).code == "INVALID_REQUEST"


@pytest.mark.parametrize(("more", "good"), [(-1, True), (0, True), (1, False)])
def test_the_document_part_is_at_most_so_long(more: int, good: bool) -> None:
    content = DOCUMENT.ljust(MOST_METADATA_BYTES + more)
    body = form(named("document", content))
    if good:
        assert taken(body).type == "passport"
    else:
        (fault,) = refusal_of(body).faults
        assert (fault.field, fault.code) == ("document", "FIELD_TYPE")
        assert f"{MOST_METADATA_BYTES:,} bytes" in fault.message


@pytest.mark.parametrize("name", ["document", "image_front", "image_back"])
def test_no_part_may_come_twice(name: str) -> None:
    parts = [named("document", DOCUMENT), named("image_front", b"x"), named("image_back", b"y")]
    (fault,) = refusal_of(form(*parts, named(name, DOCUMENT))).faults
    assert (fault.field, fault.code) == (name, "FIELD_REPEATED")


@pytest.mark.parametrize("name", ["", "Document", "image", "image_front ", "x" * 300, "imáge"])
def test_another_parts_name_is_told_cut_to_a_hundred_characters(name: str) -> None:
    fault = refusal_of(form(named("document", DOCUMENT), named(name, b"x")))
    assert [(each.field, each.code) for each in fault.faults] == [(name[:100], "FIELD_UNKNOWN")]


@pytest.mark.parametrize(
    ("metadata", "expected"), [(None, {}), ({}, {}), ({"number": "A1", "n": 2}, {"number": "A1", "n": 2})]
)
def test_details_are_optional_and_kept_as_given(metadata: object, expected: dict[str, object]) -> None:
    content = json.dumps({"document_type": "passport", "metadata": metadata}).encode()
    assert taken(form(named("document", content))).metadata == expected


def test_pictures_are_no_field_of_the_document_part() -> None:
    content = json.dumps({"document_type": "passport", "image_front": "AAAA"}).encode()
    assert [(fault.field, fault.code) for fault in refusal_of(form(named("document", content))).faults] == [
        ("image_front", "FIELD_UNKNOWN")
    ]


def test_a_body_cut_off_at_any_byte_is_refused() -> None:
    body = form(named("document", DOCUMENT), named("image_front", b"\xff\xd8picture"))
    whole = body.rindex(b"--\r\n") + 2
    for length in range(whole):
        assert refusal_of(body[:length]).code == "INVALID_REQUEST"
    assert taken(body[:whole]).front == b"\xff\xd8picture"
