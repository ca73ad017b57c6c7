"""`ostiary document read`: what people and machines get to see of files."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ostiary.specimens.drawing import specimen
from tests.acceptance.conftest import environment
from tests.acceptance.onboarding import drawn
from tests.commands import command
from tests.material import picture

FIELDS = {
    "file", "format", "lines", "number", "country", "issuing_country", "birth_date", "expiration_date", "surname",
    "given_names", "digits_valid", "checks", "quality", "trouble", "ms",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = tmp_path_factory.mktemp("files")
    scan = io.BytesIO()
    Image.open(io.BytesIO(drawn("AR1234567"))).save(scan, "PDF")
    contents = {
        "page.jpg": drawn("AR1234567"), "scan.pdf": scan.getvalue(), "blank.jpg": picture(3), "garbage.bin": b"nothing",
        "licence.jpg": specimen(4, kind="drivers_license", side="back"),
    }  # fmt: skip
    for name, content in contents.items():
        (files / name).write_bytes(content)
    return files


def read(folder: Path, *names: str) -> tuple[int, Any]:
    files = [folder / name for name in names]
    done = command(environment(folder / "no-data"), "document", "read", *files, "--json")
    return done.returncode, json.loads(done.stdout or done.stderr)


def test_every_file_gets_an_answer_of_the_documented_shape(folder: Path) -> None:
    status, answers = read(folder, "page.jpg", "scan.pdf", "blank.jpg", "licence.jpg")
    assert status == 0
    assert [set(answer) for answer in answers] == [FIELDS] * 4
    assert [(Path(answer["file"]).name, answer["format"]) for answer in answers] == [
        ("page.jpg", "TD3"), ("scan.pdf", "TD3"), ("blank.jpg", None), ("licence.jpg", "AAMVA"),
    ]  # fmt: skip
    page, _, blank, _ = answers
    assert {name: page[name] for name in ("number", "country", "issuing_country", "birth_date", "expiration_date")} == {
        "number": "AR1234567", "country": "ARG", "issuing_country": "ARG", "birth_date": "1984-11-21",
        "expiration_date": "2034-05-31",
    }  # fmt: skip
    assert (page["surname"], page["given_names"], page["digits_valid"]) == ("BARBER", "MARIA", True)
    assert [len(line) for line in page["lines"]] == [44, 44]
    assert page["quality"]["certainty"] > 0.9
    assert (blank["lines"], blank["number"], blank["digits_valid"], blank["trouble"]) == ([], None, False, "not_found")
    assert not (folder / "no-data").exists(), "nothing is stored"


def test_a_file_that_cannot_be_opened_is_told_by_the_exit_status_too(folder: Path) -> None:
    status, (page, garbage) = read(folder, "page.jpg", "garbage.bin")
    assert (status, page["number"], garbage["trouble"]) == (1, "AR1234567", "not_readable")


def test_a_file_that_is_not_there_is_named(folder: Path) -> None:
    status, answer = read(folder, "page.jpg", "gone.jpg")
    assert status == 1
    assert answer["error"].endswith("gone.jpg is no file.")


def test_people_get_a_table(folder: Path) -> None:
    done = command(environment(folder / "no-data"), "document", "read", folder / "page.jpg", folder / "blank.jpg")
    header, page, blank = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert header.split()[:4] == ["file", "format", "number", "country"]
    assert page.split()[:5] == ["page.jpg", "TD3", "AR1234567", "ARG", "1984-11-21"]
    assert "nothing machine-readable found" in blank
