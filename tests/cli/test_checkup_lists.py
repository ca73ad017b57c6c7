"""`doctor` loads every list to screen against, and names the one, and the line, that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ostiary.cli.doctor.lists import screening_lists
from ostiary.cli.doctor.machine import Level
from ostiary.settings import Settings, read_settings

HEADER = "id,schema,name,aliases\n"
GOOD = f"{HEADER}1,Person,Ana Li,\n2,Person,Bo Wu,\n"


def settings(folder: Path, lists: str) -> Settings:
    (folder / "providers.yaml").write_text(f"screening:\n{lists}" if lists else "providers: {}\n")
    return read_settings({"OSTIARY_DATA_DIR": str(folder), "OSTIARY_PROVIDERS": str(folder / "providers.yaml")})


def local(name: str, file: str, more: str = "") -> str:
    return f"  {name}:\n    kind: local\n    file: {file}\n{more}"


@pytest.mark.parametrize(
    ("content", "level", "words"),
    [
        (GOOD, Level.OK, "2 persons, 0 days old"),
        ("name,birth_date\nAna Li,1980\n", Level.PROBLEM, "line 1: must be OpenSanctions' header"),
        ("", Level.PROBLEM, "is empty"),
        (GOOD + "3,Person\n", Level.PROBLEM, "line 4: has 2 columns, the header 4"),
        (GOOD + "3,Person,,\n", Level.PROBLEM, "line 4: column name: is empty"),
        (GOOD.replace("Person", "Company"), Level.PROBLEM, "holds no person"),
    ],
)
def test_each_list_is_loaded(tmp_path: Path, content: str, level: Level, words: str) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "own.csv").write_text(content)
    first, second = screening_lists(settings(tmp_path, local("ofac", "good.csv") + local("own", "own.csv")))
    assert (first.level, first.found.partition(":")[0]) == (Level.OK, "ofac")
    assert (second.level, second.found.partition(":")[0]) == (level, "own")
    assert words in second.found
    assert bool(second.advice) is (level is not Level.OK)


def test_a_list_grows_stale(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(GOOD)
    os.utime(tmp_path / "own.csv", (1_600_000_000, 1_600_000_000))
    [finding] = screening_lists(settings(tmp_path, local("own", "own.csv")))
    assert finding.level is Level.WARNING
    assert "days old; more than 7 are too many" in finding.found
    [finding] = screening_lists(settings(tmp_path, local("own", "own.csv", "    max_age_days: 3650\n")))
    assert finding.level is Level.OK


def test_a_service_that_does_not_answer_is_a_problem(tmp_path: Path) -> None:
    [finding] = screening_lists(settings(tmp_path, "  open:\n    kind: yente\n    url: http://127.0.0.1:9\n"))
    assert finding.level is Level.PROBLEM
    assert finding.found.startswith("open: ")


def test_without_lists_or_with_a_faulty_file_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert screening_lists(settings(tmp_path, "")) == []
    assert screening_lists(settings(tmp_path, "  own:\n    kind: odd\n")) == []
