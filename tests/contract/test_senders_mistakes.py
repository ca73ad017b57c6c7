"""Mistakes of the code that calls: told to whoever wrote it, never to the client, and nothing is remembered of them."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from ostiary.domain.documents.document import FOR_THE_INTEGRATOR
from tests.contract.partner import CATALOGUE, CLIENTS, Partner, codes, data_uri, document, missing, refusal
from tests.material import picture

FRONT, BACK = "image_front", "image_back"
GOOD = base64.b64encode(picture()).decode()
SLIPS = {
    "base64url": base64.urlsafe_b64encode(picture()).decode(), "address": "https://example.com/passport.jpg",
    "path": "/home/maria/passport.jpg", "hexadecimal": picture().hex(), "twice": data_uri(picture()).replace(",",
    ",data:x,"),
    "Nothing": "", "of base64": base64.b64encode(GOOD.encode()).decode(),
}  # fmt: skip


@pytest.mark.parametrize("words", SLIPS)
async def test_wrong_base64_is_an_item_for_the_integrator_and_never_a_picture_refused_before(
    partner: Partner, words: str
) -> None:
    at = await partner.request(await partner.client())
    before = missing(await partner.read(at))
    for _ in range(3):
        judged = await partner.send(at, document() | {FRONT: SLIPS[words]})
        [item] = judged["rejected_items"]
        assert (item["code"], item["field"], item["action"]) == ("image_not_readable", FRONT, FOR_THE_INTEGRATOR)
        assert words in item["reason"]
        assert "picture of the original" not in item["action"]
        assert missing(judged["product"]) == before
    assert codes(await partner.send(at)) == []


async def test_an_empty_file_is_no_refused_picture_either(partner: Partner) -> None:
    at = await partner.request(await partner.client())
    inner = json.dumps({"document_type": "passport", "metadata": {"number": "AB1234567"}}).encode()
    for _ in range(2):
        files: dict[str, Any] = {"document": ("", inner), FRONT: ("passport.jpg", b"", "image/jpeg")}
        answer = await partner.call("POST", f"{at}/documentation", files=files)
        assert codes(answer.json()) == [("image_not_readable", FRONT)]


@pytest.mark.parametrize(
    ("kind", "back", "items"),
    [
        ("passport", "", []), ("passport", SLIPS["path"], [("side_not_needed", BACK)]),
        ("national_id", "", [("image_not_readable", BACK)]), ("national_id", SLIPS["path"], [("image_not_readable",
        BACK)]),
    ],
)  # fmt: skip
async def test_a_back_side_that_is_nothing(
    partner: Partner, kind: str, back: str, items: list[tuple[str, str]]
) -> None:
    at = await partner.request(await partner.client())
    assert codes(await partner.send(at, document(kind) | {BACK: back})) == items


@pytest.mark.parametrize(("kind", "items"), [("passport", []), ("national_id", [("missing_back", BACK)])])
async def test_a_browser_s_form_may_leave_the_back_side_out(
    partner: Partner, kind: str, items: list[tuple[str, str]]
) -> None:
    at = await partner.request(await partner.client())
    inner = json.dumps({"document_type": kind, "metadata": {"number": "AB1234567"}}).encode()
    parts = (
        ('name="document"', "application/json", inner),
        (f'name="{FRONT}"; filename="a.jpg"', "image/jpeg", picture()),
        (f'name="{BACK}"; filename=""', "application/octet-stream", b""),
    )
    body = b"".join(
        f"--edge\r\nContent-Disposition: form-data; {head}\r\nContent-Type: {media}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for head, media, content in parts
    )
    head = {"content-type": "multipart/form-data; boundary=edge"}
    answer = await partner.call("POST", f"{at}/documentation", content=body + b"--edge--\r\n", headers=head)
    assert answer.status_code == 200
    assert codes(answer.json()) == items


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "GZIP", "identity, gzip"])
async def test_a_compressed_body_is_said_to_be_one(partner: Partner, coding: str) -> None:
    head = {"content-type": "application/json", "content-encoding": coding}
    answer = await partner.call("POST", CLIENTS, content=gzip.compress(b"{}"), headers=head)
    assert refusal(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert "Content-Encoding" in answer.json()["message"]
    assert answer.headers["accept-encoding"] == "identity"


async def test_a_body_coded_as_identity_is_as_it_is(partner: Partner) -> None:
    answer = await partner.call("POST", CLIENTS, content=b"{}", headers={"content-encoding": "identity"})
    assert refusal(answer) == (400, "INVALID_REQUEST")


async def test_json_errors_say_where(partner: Partner) -> None:
    answer = await partner.call("POST", CLIENTS, content=b'{\n "first_name": "Maria",\n}')
    assert "line 3, column 1 (byte 26)" in answer.json()["message"]


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "ApiKey"])
async def test_who_sends_authorization_is_told_of_x_api_key(partner: Partner, scheme: str) -> None:
    answer = await partner.http.get(CATALOGUE, headers={"authorization": f"{scheme} {partner.key}"})
    assert refusal(answer) == (401, "UNAUTHORIZED")
    assert "x-api-key" in answer.json()["message"]
    assert partner.key not in answer.text
