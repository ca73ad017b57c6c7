"""`ostiary catalogue`: faults as an editor can jump to, and the catalogue in force for people and machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ostiary.adapters.config.catalogue_file import default_source
from tests.acceptance.conftest import environment
from tests.commands import command

GOOD = """\
products:
  cards:
    name: "Cards [gold]"
    description: A card
    minimum_age: 21
    documents:
      identity: {name: Identity, description: Who it is, one_of: [passport, visa]}
    data:
      more: {name: More, description: More, fields: [{key: job, when: "age > 30"}], when: "country == 'ARG'"}
attributes:
  job: {name: Job, type: ENUM, description: Work, options: [cook, pilot]}
document_types:
  passport:
    name: Passport
    description: A page
    unique: true
    metadata: {number: {name: Number, type: STRING}}
  visa: {name: Visa, description: A page, sides: front_and_back}
"""
BAD = """\
products:
  cards:
    name: 3
    description: A card
    colour: blue
"""


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "data")


def written(folder: Path, text: str) -> Path:
    path = folder / "products.yaml"
    path.write_text(text)
    return path


def test_every_fault_is_a_line_with_its_place(variables: dict[str, str], tmp_path: Path) -> None:
    path = written(tmp_path, BAD)
    done = command(variables, "catalogue", "check", path)
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if line.startswith(str(path) + ":")]
    assert [line.removeprefix(f"{path}:").split(": ")[:2] for line in lines] == [
        ["3:11", "wrong_type"],
        ["5:5", "unknown_key"],
    ]
    assert f"{len(lines)} faults. {path} is not used" in done.stdout


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("country.matches('^(?=A)')", "invalid perl operator"),
        ("country == 'ARG' && 1 / 0 == 1", "divide by zero"),
        ("timestamp('2026-02-29T00:00:00Z') > timestamp('2020-01-01T00:00:00Z')", "Timestamp"),
        ("[1][5] == 1", "Index error"),
    ],
)
def test_a_condition_that_no_client_can_make_work_is_a_fault_of_the_file(
    variables: dict[str, str], tmp_path: Path, condition: str, says: str
) -> None:
    good = default_source()
    at = good.index("when: ")
    path = written(tmp_path, good[:at] + f'when: "{condition}"' + good[good.index("\n", at) :])
    done = command(variables, "catalogue", "check", path)
    line = good[:at].count("\n") + 1
    assert done.returncode == 1
    assert f"{path}:{line}:" in done.stdout
    assert says in done.stdout


def test_a_file_with_a_fault_is_a_problem_to_doctor(variables: dict[str, str], tmp_path: Path) -> None:
    good = default_source()
    at = good.index("when: ")
    path = written(tmp_path, good[:at] + 'when: "[1][5] == 1"' + good[good.index("\n", at) :])
    line = good[:at].count("\n") + 1
    doctor = command(variables | {"OSTIARY_CATALOGUE": str(path)}, "doctor", "--json")
    assert f"{path}:{line}:" in doctor.stdout
    assert "`serve` does not start" in doctor.stdout


def test_faults_for_machines(variables: dict[str, str], tmp_path: Path) -> None:
    path = written(tmp_path, BAD)
    done = command(variables, "catalogue", "check", path, "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["valid"] is False
    assert [(fault["line"], fault["column"], fault["code"]) for fault in report["faults"]] == [
        (3, 11, "wrong_type"),
        (5, 5, "unknown_key"),
    ]
    assert {fault["file"] for fault in report["faults"]} == {str(path)}


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"products: [", b""])
def test_what_is_no_catalogue_at_all_is_one_fault(variables: dict[str, str], tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "products.yaml"
    if content is not None:
        path.write_bytes(content)
    done = command(variables, "catalogue", "check", path)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{path}:1:"), done.stdout
    assert "1 fault." in done.stdout


def test_a_good_file_is_summed_up_and_the_service_takes_it(variables: dict[str, str], tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    done = command(variables, "catalogue", "check", path)
    assert done.returncode == 0, done.stdout
    assert f"{path} is good." in done.stdout
    report = json.loads(command(variables, "catalogue", "check", path, "--json").stdout)
    assert report["products"] == ["cards"]
    assert (report["document_types"], report["attributes"]) == (2, 1)
    shown = json.loads(command(variables | {"OSTIARY_CATALOGUE": str(path)}, "catalogue", "show", "--json").stdout)
    assert shown["version"] == report["version"]


def test_the_catalogue_in_force_is_shown_whole(variables: dict[str, str], tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    done = command(variables | {"OSTIARY_CATALOGUE": str(path)}, "catalogue", "show")
    assert done.returncode == 0
    for words in (
        str(path),
        "cards  Cards [gold]: A card  from 21 years of age",
        "identity  Identity: one of these documents",
        "passport  Passport, front  one client per number",
        "visa  Visa, front and back",
        "more  More: all of these  only when country == 'ARG'",
        "job  ENUM (cook, pilot)  only when age > 30",
    ):
        assert words in done.stdout
    assert not (tmp_path / "data").exists(), "showing makes nothing"


def test_without_a_file_the_one_that_ships_is_shown(variables: dict[str, str], tmp_path: Path) -> None:
    done = command(variables, "catalogue", "show", "--source")
    checked = command(variables, "catalogue", "check", written(tmp_path, done.stdout))
    assert (checked.returncode, "To use it: ostiary catalogue publish" in checked.stdout) == (0, True)
    named = json.loads(command(variables, "catalogue", "show", "--source", "--json").stdout)
    assert named["version"] in checked.stdout
    done = command(variables, "catalogue", "show")
    assert "the one that ships" in done.stdout
    assert "only when annual_salary >= 150000.0 || expected_monthly_volume >= 20000.0" in done.stdout
    report = json.loads(command(variables, "catalogue", "show", "--json").stdout)
    assert [product["id"] for product in report["products"]] == ["cards_individuals", "accounts_individuals"]
    assert command(variables, "catalogue", "check", written(tmp_path, default_source())).returncode == 0


def test_texts_that_lack_a_language_are_warned_of(variables: dict[str, str], tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("description: A card", "description: {en: A card, es: Una tarjeta}"))
    done = command(variables, "catalogue", "check", path)
    assert done.returncode == 0, "it can be used all the same"
    assert "Warning: not in Español (es), so shown in English there:\n  attributes.job.name\n" in done.stdout
    report = json.loads(command(variables, "catalogue", "check", path, "--json").stdout)
    assert "products.cards.name" in report["untranslated"]["es"]
    assert "products.cards.description" not in report["untranslated"]["es"]


def test_two_catalogues_are_compared_in_words_and_for_machines(variables: dict[str, str], tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(GOOD)
    new.write_text(GOOD.replace("country == 'ARG'", "country != 'ARG'").replace("minimum_age: 21", "minimum_age: 18"))
    words = command(variables, "catalogue", "diff", old, new).stdout
    assert "  easier           minimum_age  18, it was 21\n" in words
    assert "  no longer asked  data.job  Job, when age > 30  in ARG\n" in words
    assert "  asked            data.job  Job, when age > 30  everywhere but in ARG\n" in words
    assert words.endswith("Some clients may be asked more than before.\n")
    report = json.loads(command(variables, "catalogue", "diff", old, new, "--json").stdout)
    assert (report["is_empty"], report["asks_more"], [each["product"] for each in report["products"]]) == (
        False,
        True,
        ["cards"],
    )
    change = next(each for each in report["products"][0]["changes"] if each["kind"] == "no_longer_asked")
    assert (change["subject"], change["asks_more"], change["countries"]) == ("data.job", False, ["ARG"])
    shipped = command(variables | {"OSTIARY_CATALOGUE": str(old)}, "catalogue", "diff", "current", old)
    assert "Nothing differs." in shipped.stdout


def test_a_version_that_is_not_kept_is_no_catalogue(variables: dict[str, str], tmp_path: Path) -> None:
    command(variables, "company", "create", "--name", "Acme", "--environment", "sandbox")
    unknown = command(variables, "catalogue", "diff", "current", "0123456789")
    assert (unknown.returncode, "No version that begins with 0123456789 is kept" in unknown.stderr) == (1, True)
    version = json.loads(command(variables, "catalogue", "check", written(tmp_path, default_source()), "--json").stdout)
    assert "Nothing differs." in command(variables, "catalogue", "diff", version["version"][:8], "current").stdout
