"""A chip's files as they are sent: in JSON, in a form, and wrongly."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from ostiary.api.reading.chip_bodies import CHIP_PARTS, ID_CHARACTERS
from ostiary.api.reading.multipart import upload_of_json, upload_of_multipart
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.errors import InvalidRequest
from ostiary.html.multipart import MOST_PARTS
from ostiary.usecases.onboarding.chip_intake import ChipUpload

FILES = {name: f"the bytes of {name}".encode() for name in ChipFile}
ANSWERED = ChipUpload(FILES, "an id", b"signed")


def in_base64(content: bytes) -> str:
    return b64encode(content).decode()


def sent_as_json(chip: object) -> ChipUpload | None:
    return upload_of_json(json.dumps({"document": {"document_type": "passport", "chip": chip}}).encode()).chip


def sent_as_form(**parts: bytes) -> ChipUpload | None:
    every = {"document": b'{"document_type": "passport"}', **parts}
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), content)
        for name, content in every.items()
    )
    return upload_of_multipart(body + b"--x--\r\n", b"multipart/form-data; boundary=x").chip


def faults(chip: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as refused:
        sent_as_json(chip)
    return [(fault.field, fault.code) for fault in refused.value.faults]


def test_json_and_a_form_say_the_same() -> None:
    texts: dict[str, str] = {name: in_base64(content) for name, content in FILES.items()}
    assert sent_as_json({**texts, "challenge_id": "an id", "challenge_answer": in_base64(b"signed")}) == ANSWERED
    parts = {f"chip_{name}": content for name, content in FILES.items()}
    assert sent_as_form(**parts, chip_challenge_id=b"an id", chip_challenge_answer=b"signed") == ANSWERED


def test_every_part_there_is_fits_into_one_form() -> None:
    assert len(CHIP_PARTS | {"document", "image_front", "image_back"}) <= MOST_PARTS


def test_without_a_chip_there_is_none() -> None:
    assert sent_as_json(None) is None
    assert sent_as_form() is None


def test_what_is_left_out_or_null_was_not_sent() -> None:
    assert sent_as_json({"sod": in_base64(b"sod"), "dg1": None, "challenge_id": None}) == ChipUpload(
        {ChipFile.SOD: b"sod"}
    )
    assert sent_as_json({}) == ChipUpload({})


def test_a_file_that_is_empty_was_sent_empty() -> None:
    assert sent_as_json({"sod": ""}) == ChipUpload({ChipFile.SOD: b""})
    assert sent_as_form(chip_sod=b"") == ChipUpload({ChipFile.SOD: b""})


@pytest.mark.parametrize(("chip", "wanted"), [
    ({"dg3": "aa"}, [("document.chip.dg3", "FIELD_UNKNOWN")]),
    ({"dg4": "aa", "com": "aa"}, [("document.chip.dg4", "FIELD_UNKNOWN"), ("document.chip.com", "FIELD_UNKNOWN")]),
    ({"sod": "***"}, [("document.chip.sod", "FIELD_TYPE")]),
    ({"sod": 7, "dg1": []}, [("document.chip.sod", "FIELD_TYPE"), ("document.chip.dg1", "FIELD_TYPE")]),
    ({"challenge_answer": "no base64!"}, [("document.chip.challenge_answer", "FIELD_TYPE")]),
    ({"challenge_id": 7}, [("document.chip.challenge_id", "FIELD_TYPE")]),
    ([], [("document.chip", "FIELD_TYPE")]),
    ("a text", [("document.chip", "FIELD_TYPE")]),
])  # fmt: skip
def test_what_is_wrong_with_the_form_of_it_is_named(chip: object, wanted: list[tuple[str, str]]) -> None:
    assert faults(chip) == wanted


def test_fingerprints_are_no_part_of_a_form() -> None:
    with pytest.raises(InvalidRequest) as refused:
        sent_as_form(chip_dg3=b"fingers")
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("chip_dg3", "FIELD_UNKNOWN")]


def test_an_id_is_never_longer_than_an_id() -> None:
    chip = sent_as_json({"challenge_id": "x" * 1_000})
    assert chip is not None
    assert len(chip.challenge_id) == ID_CHARACTERS
    chip = sent_as_form(chip_challenge_id=b"\xff" * 1_000)
    assert chip is not None
    assert len(chip.challenge_id) == ID_CHARACTERS


@pytest.mark.parametrize("prefix", ["", "data:application/octet-stream;base64,"])
def test_a_data_uri_s_prefix_may_stand_before_it(prefix: str) -> None:
    assert sent_as_json({"sod": prefix + in_base64(b"sod")}) == ChipUpload({ChipFile.SOD: b"sod"})
