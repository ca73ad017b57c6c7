"""Documents: every reason for which intake does not take one, by type, sides, details and kind of picture."""

from __future__ import annotations

import base64
import io
from functools import cache
from typing import Any

import httpx
import pytest
from PIL import Image, ImageFilter

from ostiary.specimens.drawing import specimen
from tests.contract.partner import ACCOUNTS, Json, Partner, codes, data_uri, document, faults, missing, refusal, without
from tests.material import dark_picture, picture

FRONT, BACK, NUMBER = "image_front", "image_back", "metadata.number"


@cache
def page(name: str) -> bytes:
    """Pictures of every kind, from one good one."""
    base = Image.open(io.BytesIO(picture(7)))
    pages: dict[str, tuple[Image.Image, str]] = {
        "png": (base, "PNG"),
        "webp": (base, "WEBP"),
        "gif": (base, "GIF"),
        "tiff": (base, "TIFF"),
        "bmp": (base, "BMP"),
        "blurred": (base.filter(ImageFilter.GaussianBlur(6)), "JPEG"),
        "grey": (Image.new("L", (800, 560), 128), "JPEG"),
        "white": (Image.new("L", (800, 560), 255), "JPEG"),
        "colours": (base.convert("RGB"), "JPEG"),
        "see-through": (base.convert("RGBA"), "PNG"),
        "65 megapixels": (Image.new("1", (8_100, 8_030)), "PNG"),
        "scan": (base.convert("RGB"), "PDF"),
    }
    if name in pages:
        out = io.BytesIO()
        pages[name][0].save(out, pages[name][1])
        return out.getvalue()
    return {
        "good": picture(7),
        "empty": b"",
        "text": b"hello",
        "cut off": picture(7)[:9_000],
        "dark": dark_picture(7),
        "pdf": b"%PDF-1.7\n%\xe2\xe3",
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "html": b"<!doctype html>",
        "heic": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1",
        "least": picture(7, 400, 250),
        "upright": picture(7, 250, 400),
        "too short": picture(7, 399, 300),
        "too thin": picture(7, 900, 249),
        "dot": picture(7, 300, 200),
        "over 12 MB": picture(7) + bytes(12_000_000),
        "specimen": specimen(7, size=(800, 565)),
        "just 12 MB": picture(7) + bytes(12_000_000 - len(picture(7))),
    }[name]


KINDS = [
    # picture, the codes it is refused with
    *(
        (name, [])
        for name in ("good", "specimen", "png", "webp", "bmp", "colours", "see-through", "least", "upright", "scan")
    ),
    *((name, ["image_not_readable"]) for name in ("empty", "text", "cut off", "pdf", "heic")),
    *((name, ["image_type_not_supported"]) for name in ("gif", "tiff", "svg", "html")),
    *((name, ["image_too_small"]) for name in ("too short", "too thin", "dot")),
    ("65 megapixels", ["image_too_large"]),
    *((name, ["image_blurred"]) for name in ("blurred", "grey")),
    ("dark", ["image_too_dark"]),
    ("white", ["image_overexposed"]),
]


async def cards(partner: Partner, **changes: Any) -> str:
    return await partner.request(await partner.client(**changes))


@pytest.mark.parametrize(("name", "reasons"), KINDS, ids=[row[0] for row in KINDS])
async def test_pictures(partner: Partner, name: str, reasons: list[str]) -> None:
    at = await cards(partner)
    judged = await partner.send(at, document() | {"image_front": data_uri(page(name))})
    assert codes(judged) == [(reason, FRONT) for reason in reasons]
    assert missing(judged["product"]) == missing(await partner.read(at))
    assert bool(missing(judged["product"])) is bool(reasons)


@pytest.mark.parametrize("name", ["good", "dark", "gif", "too short", "cut off"])
async def test_both_sides_are_looked_at(partner: Partner, name: str) -> None:
    at, (reasons,) = await cards(partner), [codes for kind, codes in KINDS if kind == name]
    body = document("national_id", 1) | {"image_back": data_uri(page(name))}
    assert codes(await partner.send(at, body)) == [(reason, BACK) for reason in reasons]


async def form(partner: Partner, at: str, front: bytes, given: Json | None = None) -> httpx.Response:
    inner = given or {"document_type": "passport", "metadata": {"number": "AB1234567"}}
    files: dict[str, Any] = {
        "document": ("", httpx.Request("POST", "http://x", json=inner).content, "application/json"),
        "image_front": ("passport.jpg", front, "image/jpeg"),
    }
    return await partner.call("POST", f"{at}/documentation", files=files)


@pytest.mark.parametrize(
    ("name", "reasons"), [("good", []), ("dark", ["image_too_dark"]), ("just 12 MB", []),
                          ("over 12 MB", ["image_too_large"])]
)  # fmt: skip
async def test_a_form_is_judged_alike(partner: Partner, name: str, reasons: list[str]) -> None:
    answer = await form(partner, await cards(partner), page(name))
    assert answer.status_code == 200
    assert codes(answer.json()) == [(reason, FRONT) for reason in reasons]


@pytest.mark.parametrize(
    "inner", [{}, {"document_type": 5}, {"document_type": "passport", "image_front": "x"}, {"metadata": {}}, []]
)
async def test_a_malformed_form_is_400(partner: Partner, inner: Any) -> None:
    answer = await form(partner, await cards(partner), page("good"), inner or {"sundry": 1})
    assert refusal(answer) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize("text", ["!!!!", "data:image/jpeg;base64,????", "data:image/jpeg,abc", "YWJj=ZGVm", "A"])
async def test_wrong_base64_is_content(partner: Partner, text: str) -> None:
    judged = await partner.send(await cards(partner), document() | {"image_front": text})
    assert codes(judged) == [("image_not_readable", FRONT)]


@pytest.mark.parametrize("prefix", ["", "data:image/jpeg;base64,", "data:;base64,", "DATA:image/png;charset=x;BASE64,"])
async def test_any_prefix_will_do(partner: Partner, prefix: str) -> None:
    text = prefix + base64.b64encode(page("good")).decode()
    assert codes(await partner.send(await cards(partner), document() | {"image_front": text})) == []


# ---- type by sides --------------------------------------------------------------------------------------------------

ONE_SIDE, TWO_SIDES = ("passport",), ("national_id", "drivers_license")
PROOFS = ("utility_bill", "bank_statement", "lease_agreement")
SIDES: list[tuple[tuple[str, ...], int | None, int | None, list[tuple[str, str]]]] = [
    (ONE_SIDE + PROOFS, 1, None, []),
    (ONE_SIDE + PROOFS, None, None, [("missing_front", FRONT)]),
    (ONE_SIDE + PROOFS, 1, 2, [("side_not_needed", BACK)]),
    (ONE_SIDE + PROOFS, 1, 1, [("side_not_needed", BACK)]),
    (ONE_SIDE + PROOFS, None, 2, [("missing_front", FRONT), ("side_not_needed", BACK)]),
    (TWO_SIDES, 1, 2, []),
    (TWO_SIDES, 1, None, [("missing_back", BACK)]),
    (TWO_SIDES, None, 2, [("missing_front", FRONT)]),
    (TWO_SIDES, None, None, [("missing_front", FRONT), ("missing_back", BACK)]),
    (TWO_SIDES, 1, 1, [("identical_sides", BACK)]),
]
ROWS = [(kind, *rest) for kinds, *rest in SIDES for kind in kinds]


@pytest.mark.parametrize(("kind", "front", "back", "reasons"), ROWS)
async def test_sides(
    partner: Partner, kind: str, front: int | None, back: int | None, reasons: list[tuple[str, str]]
) -> None:
    at = await partner.request(await partner.client(), ACCOUNTS)
    body = document(kind, front or 0, back)
    for given in [body] if front is not None else [body | {"image_front": None}, without(body, "image_front")]:
        judged = await partner.send(at, given)
        assert codes(judged) == reasons
        assert all((item["type"], item["key"]) == ("document", kind) for item in judged["rejected_items"])
    asked = missing(await partner.read(at))
    requirement = "proof_of_address" if kind in PROOFS else "identity_document"
    assert (requirement in asked) is bool(reasons)


# ---- details --------------------------------------------------------------------------------------------------------

MISSING, INVALID = [("metadata_missing", NUMBER)], [("metadata_invalid", NUMBER)]
ISSUER, EXPIRY, ISSUED = "metadata.issuing_country", "metadata.expiration_date", "metadata.issue_date"
NO_NUMBERS: tuple[object, ...] = (
    "", " ", "AB1", "x" * 31, "-AB123", "AB_123", "ÁB1234", "AB\n1234", 1234567, 5.5, True, [], {}
)  # fmt: skip
DETAILS: list[tuple[str, Json | None, list[tuple[str, str]]]] = [
    *(("passport", {"number": number}, []) for number in ("AB12", "AB 12.34/56-7", "x" * 30, " AB1234 ")),
    *(("passport", {"number": number}, INVALID) for number in NO_NUMBERS),
    ("passport", None, MISSING), ("passport", {}, MISSING), ("passport", {"number": None}, MISSING),
    ("passport", {"issuing_country": "ARG"}, MISSING),
    *(("passport", {"number": "AB1234", "issuing_country": country}, []) for country in ("ARG", "USA", None)),
    *(("passport", {"number": "AB1234", "issuing_country": country}, [("metadata_invalid", ISSUER)])
      for country in ("AR", "arg", "ZZZ", "", " ARG", 32)),
    *(("passport", {"number": "AB1234", "expiration_date": date}, []) for date in ("2026-04-15", "2090-12-31", None)),
    *(("passport", {"number": "AB1234", "expiration_date": date}, [("metadata_invalid", EXPIRY)])
      for date in ("2030-02-30", "31-12-2030", "2030", "", 20301231, "2030-12-31T00:00:00")),
    *(("passport", {"number": "AB1234", "expiration_date": date}, [("document_expired", EXPIRY)])
      for date in ("2026-04-14", "1999-12-31", "0001-01-01")),
    ("passport", {"number": "AB1234", "nubmer": "x"}, [("metadata_invalid", "metadata.nubmer")]),
    ("passport", {"number": "AB1234", "": "x"}, [("metadata_invalid", "metadata.")]),
    ("passport", {"issue_date": "2026-01-01"}, [*MISSING, ("metadata_invalid", ISSUED)]),
    ("passport", {"issuing_country": "AR", "expiration_date": "2020-01-01"},
     [*MISSING, ("metadata_invalid", ISSUER), ("document_expired", EXPIRY)]),
    ("utility_bill", None, []), ("utility_bill", {}, []), ("utility_bill", {"issue_date": "2026-04-01"}, []),
    ("utility_bill", {"issue_date": "April"}, [("metadata_invalid", ISSUED)]),
    ("bank_statement", {"number": "123"}, [("metadata_invalid", NUMBER)]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "details", "reasons"), DETAILS)
async def test_details(partner: Partner, kind: str, details: Json | None, reasons: list[tuple[str, str]]) -> None:
    at = await partner.request(await partner.client(), ACCOUNTS)
    judged = await partner.send(at, document(kind) | {"metadata": details})
    assert codes(judged) == reasons
    assert await partner.read(at) == judged["product"]


TAILORED: list[tuple[str, str, Json, list[tuple[str, str]]]] = [
    ("ARG", "passport", {"number": "AB12", "issuing_country": "ARG"}, []),
    ("ARG", "passport", {"number": "AB12", "issuing_country": "USA"}, [("document_not_accepted_for_country", ISSUER)]),
    ("ARG", "passport", {"number": "AB12"}, [("metadata_missing", ISSUER)]),
    ("ARG", "permit", {"category": "a"}, []),
    ("USA", "permit", {"category": "a"}, [("document_not_accepted_for_country", "document_type")]),
    ("ARG", "permit", {"category": "c"}, [("metadata_invalid", "metadata.category")]),
    *(("ARG", "permit", {"category": "a", name: value}, [])
      for name, value in (("pages", 1), ("fee", 2.5), ("fee", "2.5"), ("stamped", False), ("contact", "a@b.example"))),
    *(("ARG", "permit", {"category": "a", name: value}, [("metadata_invalid", f"metadata.{name}")])
      for name, value in (("pages", 0), ("pages", "1"), ("pages", 1.5), ("fee", "much"), ("fee", True),
                          ("stamped", "yes"), ("stamped", 1), ("contact", "nobody"), ("contact", 5))),
]  # fmt: skip


@pytest.mark.parametrize(("country", "kind", "details", "reasons"), TAILORED)
async def test_details_of_every_type_and_documents_of_some_countries(
    tailored: Partner, country: str, kind: str, details: Json, reasons: list[tuple[str, str]]
) -> None:
    client = await tailored.client(address={"street_line1": "F", "city": "C", "country": country})
    at = await tailored.request(client, "savings")
    body = document(kind, 1, 2 if kind == "permit" else None) | {"metadata": details}
    assert codes(await tailored.send(at, body)) == reasons


async def test_everything_wrong_is_told_at_once(partner: Partner) -> None:
    at = await cards(partner)
    body = document("national_id", number=None, issuing_country="AR", expiration_date="2020-01-01", colour="red") | {
        "image_front": data_uri(page("dark")),
        "image_back": data_uri(page("gif")),
    }
    assert set(codes(await partner.send(at, body))) == {
        ("image_too_dark", FRONT),
        ("image_type_not_supported", BACK),
        ("metadata_missing", NUMBER),
        ("metadata_invalid", ISSUER),
        ("metadata_invalid", "metadata.colour"),
        ("document_expired", EXPIRY),
    }


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [({}, "document", "FIELD_MISSING"), ({"document": None}, "document", "FIELD_MISSING"),
     ({"document": []}, "document", "FIELD_TYPE"), ({"document": {}}, "document.document_type", "FIELD_MISSING"),
     ({"document": {"document_type": 5}}, "document.document_type", "FIELD_TYPE"),
     ({"document": document() | {"image_front": 5}}, "document.image_front", "FIELD_TYPE"),
     ({"document": document() | {"image_back": {}}}, "document.image_back", "FIELD_TYPE"),
     ({"document": document() | {"metadata": "x"}}, "document.metadata", "FIELD_TYPE"),
     ({"document": document() | {"metadata": []}}, "document.metadata", "FIELD_TYPE"),
     ({"document": document() | {"image": "x"}}, "document.image", "FIELD_UNKNOWN"),
     ({"document": document(), "documents": []}, "documents", "FIELD_UNKNOWN")],
)  # fmt: skip
async def test_a_malformed_call_is_an_error(partner: Partner, body: Json, field: str, code: str) -> None:
    at = await cards(partner)
    answer = await partner.call("POST", f"{at}/documentation", body)
    assert refusal(answer) == (400, "INVALID_REQUEST")
    assert (field, code) in faults(answer)
    assert "identity_document" in missing(await partner.read(at))
