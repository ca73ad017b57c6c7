"""What `ostiary document read` and `ostiary review show` make of what was read: for machines and for people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.cli.commands.document import _TROUBLE, COLUMNS, _digits, _row, _share, _written, as_json
from ostiary.cli.review.view import (
    _document_lines,
    _hit_line,
    _judgement_lines,
    _reason,
    _requirement_line,
)
from ostiary.domain.documents.reading import Judgement, Reading, ReadingOutcome, Result, RuleEvidence, Trouble
from ostiary.domain.mrz.zone import PartialDate, Zone
from ostiary.domain.onboarding.requirements import Explained
from ostiary.domain.onboarding.review_reasons import REVIEW_REASONS, ReviewReason
from ostiary.domain.screening.hits import HitState, StoredHit
from ostiary.domain.screening.subject import Hit
from ostiary.wire.review import reading_shape
from tests.material import document, findings
from tests.storage.test_readings import reading

FILE = Path("/some/where/front.jpg")


def zone(**changes: object) -> Zone:
    usual = reading().zone
    assert usual is not None
    return replace(usual, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (PartialDate(1984, 11, 21), "1984-11-21"),
        (PartialDate(984, 1, 2), "0984-01-02"),
        (PartialDate(None, 11, 21), "????-11-21"),
        (PartialDate(1984, None, 21), "1984-??-21"),
        (PartialDate(1984, 11, None), "1984-11-??"),
        (PartialDate(None, None, None), "????-??-??"),
    ],
)
def test_a_date_with_unknown_parts(day: PartialDate, written: str) -> None:
    assert _written(day) == written


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ({}, "none"),
        ({"number": True, "composite": True}, "valid"),
        ({"number": False, "composite": True}, "wrong: number"),
        ({"number": False, "birth_date": True, "composite": False}, "wrong: number, composite"),
    ],
)
def test_check_digits_in_words(checks: dict[str, bool], words: str) -> None:
    assert _digits(zone(checks=checks)) == words
    assert as_json(FILE, replace(reading(), zone=zone(checks=checks)))["digits_valid"] is all(checks.values())


@pytest.mark.parametrize(("value", "shown"), [(None, None), (0.0, 0.0), (0.97249, 0.972), (0.9996, 1.0)])
def test_shares_are_rounded_and_an_absent_one_stays_absent(value: float | None, shown: float | None) -> None:
    assert _share(value) == shown


def test_a_reading_for_machines() -> None:
    shown = as_json(FILE, reading())
    assert (shown["file"], shown["format"], shown["number"]) == (str(FILE), "TD3", "AR1234567")
    assert (shown["country"], shown["issuing_country"]) == ("ARG", "ARG")
    assert (shown["birth_date"], shown["expiration_date"]) == ("1984-11-21", "2034-05-31")
    assert (shown["surname"], shown["given_names"], len(shown["lines"])) == ("BARBER", "MARIA JULIA", 2)
    assert (shown["digits_valid"], shown["trouble"], shown["ms"]) == (True, None, 140)
    assert shown["quality"] == {
        "sharpness": 0.8,
        "glare": 0.0,
        "white": 0.1,
        "text_height_px": 14.5,
        "certainty": 0.97,
    }
    german = as_json(FILE, replace(reading(), zone=zone(country="D", expiration_date=None)))
    assert (german["country"], german["issuing_country"], german["expiration_date"]) == ("D", "DEU", None)


def test_nothing_read_has_every_name_and_no_value() -> None:
    shown = as_json(FILE, Reading(None, trouble=Trouble.NOT_FOUND))
    assert shown.keys() == as_json(FILE, reading()).keys()
    empty = {name: value for name, value in shown.items() if name not in ("file", "quality", "ms", "trouble")}
    assert set(map(str, empty.values())) == {"None", "[]", "False", "{}"}


def test_a_row_for_people_has_every_column() -> None:
    row = tuple(_row(FILE, reading()))
    assert row == (
        "front.jpg",
        "TD3",
        "AR1234567",
        "ARG",
        "1984-11-21",
        "2034-05-31",
        "BARBER",
        "MARIA JULIA",
        "valid",
        "140",
    )
    assert len(COLUMNS) == len(row)
    assert tuple(_row(FILE, replace(reading(), zone=zone(expiration_date=None))))[5] == "-"


@pytest.mark.parametrize("trouble", [None, *Trouble])
def test_a_row_says_why_there_is_nothing(trouble: Trouble | None) -> None:
    row = tuple(_row(FILE, Reading(None, trouble=trouble, ms=7)))
    assert len(row) == len(COLUMNS)
    assert row[:2] == ("front.jpg", f"- ({_TROUBLE[trouble or Trouble.NOT_FOUND]})")
    assert row[2:] == ("",) * (len(COLUMNS) - 3) + ("7",)


# ---- in a review ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"applies": False}, "identity: does not apply"),
        ({"applies": False, "condition": "age > 18"}, "identity: does not apply (when age > 18)"),
        ({"satisfied_by": "passport"}, "identity: met by passport"),
        ({"satisfied_by": "passport", "condition": "x"}, "identity: met by passport (when x)"),
        ({"missing": ("passport", "bill")}, "identity: MISSING passport, bill"),
        ({"missing": ("passport",), "condition": "x"}, "identity: MISSING passport (when x)"),
    ],
)
def test_a_requirement_in_words(changes: dict[str, object], line: str) -> None:
    explained = Explained("identity", condition=None, applies=True, satisfied_by=None, missing=())
    assert _requirement_line(replace(explained, **changes)) == line  # type: ignore[arg-type]


HIT = Hit("own", "7", "NK-1", "Vladimir Petrov", 0.914, 0.85)


@pytest.mark.parametrize(
    ("hit", "state", "line"),
    [
        (HIT, HitState.OPEN, "  abcdefab  open      Vladimir Petrov: own 7, NK-1, score 0.91, threshold 0.85"),
        (replace(HIT, birth_dates=("1984",), countries=("ru",), topics=("sanction",)), HitState.CONFIRMED,
         "  abcdefab  confirmed Vladimir Petrov (1984, ru, sanction): own 7, NK-1, score 0.91, threshold 0.85"),
    ],
)  # fmt: skip
def test_a_hit_in_words(hit: Hit, state: HitState, line: str) -> None:
    assert _hit_line(StoredHit("abcdefab" * 8, hit, state, 1)) == line


@pytest.mark.parametrize("code", [*ReviewReason, "something_new"])
def test_a_reason_is_explained_where_it_is_known(code: str) -> None:
    assert _reason(code) == (f"{code} ({REVIEW_REASONS[ReviewReason(code)]})" if code in REVIEW_REASONS else code)


def test_a_document_in_words() -> None:
    side = replace(document().sides[0], findings=findings(sharpness=None, size_bytes=1_260_000))
    head, number, picture = _document_lines(document(sides=(side,)))
    assert head.endswith(": accepted, taken 2026-04-15T10:30:00")
    assert number.split() == ["number", "AB1234567"]
    assert picture.split(None, 1) == [
        "image_front",
        "image/jpeg, 1000 x 700 px, 1.3 MB, brightness 0.90, overexposed 0.20",
    ]


JUDGED = Judgement(
    ReadingOutcome.REVIEW,
    (
        RuleEvidence("number", Result.AGREES, "A1", "A1", "line 2"),
        RuleEvidence("surname", Result.DIFFERS, None, "B", note="cut off"),
        RuleEvidence("sex", Result.DOUBTFUL, "F", None),
        RuleEvidence("names", Result.NOT_COMPARED),
    ),
    (),
    ("something_new", "another"),
)


def test_each_rule_is_a_line_with_both_values() -> None:
    lines = list(_judgement_lines(document(reading=reading(), judgement=JUDGED)))
    assert lines[0] == "    read as TD3 on image_front, certainty 0.97"
    assert [line.strip() for line in lines[1:3]] == list(zone().lines)
    assert lines[3:] == [
        f"    ✓ {'number':18} given A1, read A1 (line 2)",
        f"    ✗ {'surname':18} given -, read B: cut off",
        f"    ? {'sex':18} given F, read -",
        f"    · {'names':18} given -, read -",
        "    outcome review: something_new; another",
    ]
    nothing = replace(JUDGED, compared=(), reasons=())
    unread = document(reading=Reading(None, trouble=Trouble.NOT_FOUND), judgement=nothing)
    assert list(_judgement_lines(unread)) == ["    outcome review: nothing doubtful"]


def test_a_document_that_was_not_read_has_no_lines_of_it() -> None:
    assert list(_judgement_lines(document())) == []
    assert list(_judgement_lines(document(reading=reading()))) == []
    assert reading_shape(document()) is None
    shown = reading_shape(document(reading=Reading(None, trouble=Trouble.TIMED_OUT, ms=9)))
    assert shown is not None
    assert (shown["format"], shown["lines"], shown["trouble"], shown["ms"]) == (None, [], "timed_out", 9)
    full = reading_shape(document(reading=reading()))
    assert full is not None
    assert (full["format"], full["side"], full["certainty"], full["seen"]["white"]) == ("TD3", "image_front", 0.97, 0.1)
