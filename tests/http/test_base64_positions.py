"""Pictures in JSON: base64 broken at every kind of place, and every byte that survives."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.api.reading.base64_texts import PREFIX_CHARACTERS, from_base64
from ostiary.api.reading.multipart import MOST_METADATA_BYTES, upload_of_json
from ostiary.domain.errors import InvalidRequest
from ostiary.usecases.onboarding.add_document import Upload

PICTURE = bytes(range(256)) + b"\xff\xfe"  # with + and / among its symbols, and no padding
TEXT = b64encode(PICTURE).decode()
PADDED_1, PADDED_2 = b64encode(PICTURE + b"a").decode(), b64encode(PICTURE + b"ab").decode()


def decoded(text: str) -> bytes:
    return from_base64(memoryview(text.encode("utf-8", "surrogatepass")))


@given(st.binary(max_size=400))
def test_any_bytes_come_back_from_every_spelling(content: bytes) -> None:
    text = b64encode(content).decode()
    broken_up = "\\r\\n".join(text[at : at + 20] for at in range(0, len(text), 20))
    for spelled in (text, f"data:image/png;base64,{text}", text.replace("/", "\\/"), broken_up):
        assert decoded(spelled) == content


@pytest.mark.parametrize("wrong", ["!", "-", "_", "*", "\\u00e9", "\\u0000", "é", "\\\\", '\\"'])
@pytest.mark.parametrize("at", [0, 1, 2, 3, 4, 20, len(TEXT) - 5, len(TEXT) - 1], ids=lambda at: f"at {at}")
def test_one_wrong_symbol_anywhere_makes_it_an_empty_picture(wrong: str, at: int) -> None:
    assert decoded(TEXT[:at] + wrong + TEXT[at + 1 :]) == b""


@pytest.mark.parametrize("text", [TEXT, PADDED_1, PADDED_2], ids=["no padding", "two signs", "one sign"])
@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_text_cut_off_within_its_last_four_symbols_is_none(text: str, cut: int) -> None:
    assert decoded(text[:-cut]) == b""


@pytest.mark.parametrize(
    "text",
    [PADDED_1 + "=", PADDED_2 + "=", PADDED_1 + TEXT, PADDED_2 + "AAAA", TEXT + "=", TEXT + "====", "=" + TEXT,
     TEXT[:8] + "==" + TEXT[8:], TEXT[:8] + "= =" + TEXT[8:]],
    ids=["one too many", "two", "text behind it", "four behind it", "lone", "four", "in front", "inside", "apart"],
)  # fmt: skip
def test_padding_stands_at_the_end_and_as_often_as_needed(text: str) -> None:
    assert decoded(text) == b""


@pytest.mark.parametrize("blank", ["\\n", "\\r\\n", "\\t", " ", "\\u0020"])
@pytest.mark.parametrize("at", [0, 1, 4, 77, len(TEXT)])
def test_blanks_may_be_anywhere(blank: str, at: int) -> None:
    assert decoded(TEXT[:at] + blank + TEXT[at:]) == PICTURE


@pytest.mark.parametrize("blank", ["\\f", "\\b", "\\u00a0", "\\u000b", "\\u2003"])
def test_other_blanks_are_none_of_base64(blank: str) -> None:
    assert decoded(TEXT[:8] + blank + TEXT[8:]) == b""


@pytest.mark.parametrize(
    ("length", "is_read"), [(PREFIX_CHARACTERS - 1, True), (PREFIX_CHARACTERS, True), (PREFIX_CHARACTERS + 1, False)]
)
def test_the_prefix_of_a_data_uri_has_so_many_characters_at_most(length: int, is_read: bool) -> None:
    begin, end = "data:image/jpeg;name=", ";base64,"
    prefix = begin + "x" * (length - len(begin) - len(end)) + end
    assert len(prefix) == length
    assert decoded(prefix + TEXT) == (PICTURE if is_read else b"")


@pytest.mark.parametrize(
    "prefix",
    ["data:,", "data:base64,", "data:image/jpeg;base32,", "data:image/jpeg;base64;", "data:;base64;x,", "dat:;base64,",
     "data image/jpeg;base64,", "data:image/jpeg base64,", " data:;base64,"],
)  # fmt: skip
def test_another_prefix_is_not_one(prefix: str) -> None:
    assert decoded(prefix + TEXT) == b""


# ---- the whole body -------------------------------------------------------------------------------------------------


def body(document: object) -> bytes:
    return json.dumps({"document": document}).encode()


def refused(content: bytes) -> set[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as caught:
        upload_of_json(content)
    return {(fault.field, fault.code) for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"{}", {("document", "FIELD_MISSING")}),
        (body(None), {("document", "FIELD_MISSING")}),
        (body([]), {("document", "FIELD_TYPE")}),
        (body({}), {("document.document_type", "FIELD_MISSING")}),
        (body({"document_type": 1}), {("document.document_type", "FIELD_TYPE")}),
        (body({"document_type": None}), {("document.document_type", "FIELD_MISSING")}),
        (body({"document_type": "passport", "metadata": []}), {("document.metadata", "FIELD_TYPE")}),
        (body({"document_type": "passport", "metadata": "x"}), {("document.metadata", "FIELD_TYPE")}),
        (body({"document_type": "passport", "image": TEXT}), {("document.image", "FIELD_UNKNOWN")}),
        (body({"document_type": "passport", "image_back": 1.5}), {("document.image_back", "FIELD_TYPE")}),
        (b'{"document":{"document_type":"passport"},"more":1}', {("more", "FIELD_UNKNOWN")}),
    ],
    ids=lambda text: text.decode()[:60] if isinstance(text, bytes) else "",
)
def test_what_is_wrong_with_a_document_is_named_with_its_path(content: bytes, faults: set[tuple[str, str]]) -> None:
    assert refused(content) == faults


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b'{"document":', body({"document_type": "passport"})[:-1], b"\xff\xfe{}", b'{"a":NaN}',
     b"[" * 5_000, b'{"document":{"document_type":"\xff"}}', body({"document_type": "passport"}) + b"{}"],
    ids=lambda text: repr(text[:20]),
)  # fmt: skip
def test_what_is_no_json_of_a_document_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidRequest):
        upload_of_json(content)


@pytest.mark.parametrize(("more", "good"), [(-1, True), (0, True), (1, False)])
def test_metadata_is_at_most_so_long(more: int, good: bool) -> None:
    empty = len(json.dumps({"number": ""}))
    metadata = {"number": "x" * (MOST_METADATA_BYTES + more - empty)}
    assert len(json.dumps(metadata)) == MOST_METADATA_BYTES + more
    content = body({"document_type": "passport", "metadata": metadata})
    if good:
        assert upload_of_json(content).metadata == metadata
    else:
        assert refused(content) == {("document.metadata", "FIELD_TYPE")}


def test_sides_are_not_mixed_up() -> None:
    front, back = b64encode(b"front").decode(), b64encode(b"back").decode()
    document = {"image_back": back, "document_type": "national_id", "image_front": front, "metadata": {"number": "1"}}
    assert upload_of_json(body(document)) == Upload("national_id", {"number": "1"}, b"front", b"back")


@pytest.mark.parametrize(("sent", "taken"), [(None, None), ("", b"")], ids=["null", "an empty text"])
def test_a_side_that_is_null_is_absent_and_an_empty_one_is_an_unreadable_picture(
    sent: str | None, taken: bytes | None
) -> None:
    upload = upload_of_json(body({"document_type": "passport", "image_front": TEXT, "image_back": sent}))
    assert (upload.front, upload.back) == (PICTURE, taken)
