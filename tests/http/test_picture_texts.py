"""What stands where a picture in base64 belongs: each kind of mistake is said, none repeats what was sent."""

from __future__ import annotations

import base64
import gzip
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.api.reading.multipart import upload_of_json, upload_of_multipart
from ostiary.domain.documents.document import NOTHING_SENT
from ostiary.domain.errors import InvalidRequest
from tests.material import picture

PICTURE = picture()
TEXT = base64.b64encode(PICTURE).decode()
URI = "data:image/jpeg;base64,"
SLIPS = [
    ("", "Nothing was sent"), (URI, "Nothing was sent"), ("  \n", "Nothing was sent"),
    (base64.urlsafe_b64encode(PICTURE).decode(), "base64url"), (URI + base64.urlsafe_b64encode(PICTURE).decode(),
    "base64url"),
    (base64.urlsafe_b64encode(PICTURE).decode().rstrip("="), "base64url"),
    ("https://example.com/maria/passport.jpg", "address of a file"), ("s3://bucket/maria.jpg", "address of a file"),
    ("http://10.0.0.1/x", "address of a file"), ("file:///home/maria/x.jpg", "address of a file"),
    ("blob:https://example.com/0b1c", "address of a file"), ("//cdn.example.com/x.png", "address of a file"),
    ("/home/maria/passport.jpg", "path or name"), ("C:\\Users\\maria\\passport.png", "path or name"),
    ("./passport.jpg", "path or name"), ("~/passport.jpg", "path or name"), ("passport.jpeg", "path or name"),
    ("uploads/maria front.jpg", "path or name"), ("\\\\server\\share\\x.jpg", "path or name"), ("abcd/efg",
    "path of a file"),
    (PICTURE.hex(), "hexadecimal"), (PICTURE.hex().upper(), "hexadecimal"), ("0x" + PICTURE.hex(), "hexadecimal"),
    (PICTURE.hex(" "), "hexadecimal"), (PICTURE[:101].hex() + "f", "hexadecimal"),
    (base64.b32encode(PICTURE).decode(), "base32"), (base64.b32encode(PICTURE[:102]).decode(), "base32"),
    (base64.b64encode(gzip.compress(PICTURE)).decode(), "gzip"),
    (URI + URI + TEXT, "twice"), (URI + "data:;base64," + TEXT, "twice"),
    ("data:image/jpeg," + TEXT, "data URI"), ("data:image/jpeg;base64" + TEXT, "data URI"), ("data:" + TEXT,
    "data URI"),
    (base64.b64encode(TEXT.encode()).decode(), "encoded twice"), (base64.b64encode((URI + TEXT).encode()).decode(),
    "encoded twice"),
    (TEXT.rstrip("=")[:-1] + "", "cut off"), (TEXT[: len(TEXT) // 4 * 4 - 5], "cut off"), (TEXT.replace("+", " "),
    "blanks"),
    (TEXT.replace("/", "%2F").replace("+", "%2B"), "percent signs"),
    (f"b'{TEXT}'", "programming language"), ("[object Object]", "programming language"), ("undefined",
    "programming language"),
    ("<Buffer ff d8 ff e0>", "programming language"), ("[255, 216, 255]", "programming language"), ("null",
    "programming language"),
    (base64.b64encode(PICTURE.decode("latin-1").encode()).decode(), "read as text"),
    (base64.b64encode(PICTURE.decode("utf-8", "replace").encode()).decode(), "read as text"),
    (base64.b64encode(b"\x89PNG\r\n\x1a\n".decode("latin-1").encode() + bytes(99)).decode(), "read as text"),
    (base64.b64encode(b'{"error": "the link has expired"}' * 9).decode(), "base64 of a text"),
    (base64.b64encode(b"https://example.com/maria/passport.jpg").decode(), "base64 of a text"),
    (base64.b64encode(b"hello").decode(), "base64 of a text"),
    ("Maria's passport!", "characters that base64 does not have"), (TEXT[:40] + "é" + TEXT[40:],
    "characters that base64"),
]  # fmt: skip


def sent(text: str, field: str = "image_front") -> tuple[str | None, bytes | None]:
    body = {"document": {"document_type": "passport", field: text}}
    upload = upload_of_json(json.dumps(body).encode())
    return upload.slips.get(field), upload.front if field == "image_front" else upload.back


@pytest.mark.parametrize(("text", "words"), SLIPS, ids=range(len(SLIPS)))
@pytest.mark.parametrize("field", ["image_front", "image_back"])
def test_what_was_sent_is_said_and_not_repeated(text: str, words: str, field: str) -> None:
    slip, _ = sent(text, field)
    assert slip is not None
    assert words in slip
    assert not any(secret in slip for secret in ("maria", "Maria", TEXT[:20], "example.com"))


@pytest.mark.parametrize("text", [TEXT, URI + TEXT, TEXT.replace("A", "A\n", 9), "DATA:;BASE64," + TEXT])
def test_a_picture_in_base64_is_none_of_these(text: str) -> None:
    assert sent(text) == (None, PICTURE)


@given(st.binary(min_size=200))
def test_whatever_is_long_enough_and_base64_is_looked_at(content: bytes) -> None:
    slip, came = sent(base64.b64encode(content).decode())
    assert came == content
    is_text = all(32 <= byte <= 126 or byte in b"\t\r\n" for byte in content)
    assert slip is None or is_text or content.startswith((b"data:", b"/9j/", b"iVBORw0KGgo", b"UklGR", b"JVBERi0"))


@pytest.mark.parametrize("begins", [b"<!doctype html>", b"\n<svg>", b"%PDF-1.7", b"GIF89a"])
def test_files_of_text_that_have_a_name_are_looked_at(begins: bytes) -> None:
    content = begins + b" and so on" * 9
    assert sent(base64.b64encode(content).decode()) == (None, content)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    sent(text)


def raw(text: bytes, field: str = "image_front") -> bytes:
    return b'{"document": {"document_type": "passport", "%b": "%b"}}' % (field.encode(), text)


NO_TEXTS = [
    (b"iV\xa4", "is no UTF-8 at line 1, column 6"), (b"data:image/png;base32,\xff", "is no UTF-8"),
    (rb"\ud800", "half of a surrogate pair"), (b"iV\x01", "is no JSON at line 1"), (rb"\x", "is no JSON at line 1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), NO_TEXTS, ids=[words for _, words in NO_TEXTS])
@pytest.mark.parametrize("field", ["image_front", "image_back"])
def test_a_picture_that_is_no_text_of_json_makes_the_body_none(text: bytes, words: str, field: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        upload_of_json(raw(text, field))


@given(st.binary())
def test_whatever_bytes_stand_in_a_picture_s_text_are_taken_or_refused(text: bytes) -> None:
    with suppress(InvalidRequest):
        upload_of_json(raw(text))


def form(*parts: tuple[str, bytes]) -> bytes:
    document = ('name="document"', b'{"document_type":"passport"}')
    each = (
        f"--edge\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + body for head, body in (document, *parts)
    )
    return b"\r\n".join(each) + b"\r\n--edge--\r\n"


@pytest.mark.parametrize(
    ("head", "body", "slip", "content"),
    [
        ('name="image_back"; filename=""', b"", None, None),
        ('name="image_back"; filename=""\r\nContent-Type: application/octet-stream', b"", None, None),
        ('name="image_back"; filename="x.jpg"', b"", NOTHING_SENT, b""),
        ('name="image_back"', b"", NOTHING_SENT, b""),
        ('name="image_back"; filename=""', PICTURE, None, PICTURE),
        ('name="image_back"; filename="x.jpg"', PICTURE, None, PICTURE),
    ],
    ids=["not chosen", "as browsers send it", "an empty file", "an empty field", "without a name", "a file"],
)
def test_a_browser_s_form_sends_a_part_for_what_was_not_chosen(
    head: str, body: bytes, slip: str | None, content: bytes | None
) -> None:
    upload = upload_of_multipart(
        form(('name="image_front"; filename="f"', PICTURE), (head, body)), b"multipart/form-data; boundary=edge"
    )
    assert (upload.front, upload.back, upload.slips.get("image_back")) == (PICTURE, content, slip)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (TEXT.encode(), "What was sent is base64"), ((URI + TEXT).encode(), "What was sent is base64"),
        (b"https://example.com/maria.jpg", "address of a file"), (b"/home/maria/passport.jpg", "path or name"),
        (PICTURE.hex().encode(), "hexadecimal"), (b"[object File]", "a text"), (b"undefined", "a text"),
        (gzip.compress(PICTURE), "gzip"), (PICTURE.decode("utf-8", "replace").encode(), "read as text"),
    ],
    ids=["base64", "data URI", "address", "path", "hexadecimal", "object", "undefined", "gzip", "read as text"],
)  # fmt: skip
def test_what_is_no_file_in_a_form_is_said_and_not_repeated(content: bytes, words: str) -> None:
    upload = upload_of_multipart(form(('name="image_front"', content)), b"multipart/form-data; boundary=edge")
    assert words in upload.slips["image_front"]
    assert "maria" not in upload.slips["image_front"]


@pytest.mark.parametrize("content", [PICTURE, b"%PDF-1.7 and so on", b"\n<svg> </svg>", b"GIF89a text", b"\x00text"])
def test_whatever_may_be_a_file_in_a_form_is_looked_at(content: bytes) -> None:
    upload = upload_of_multipart(form(('name="image_front"', content)), b"multipart/form-data; boundary=edge")
    assert (upload.slips, upload.front) == ({}, content)
