"""Judging a reading as a whole: which findings pass, return or ask a person; several documents; how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from ostiary.domain.documents.reading import Judgement, PictureQuality, ReadingOutcome, Result, Trouble
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.mrz.zone import Format, PartialDate
from ostiary.domain.rejections import Code, Kind
from ostiary.domain.verification.judgement import (
    MOST_AUTOMATIC_RETURNS,
    REVIEW_REASONS,
    RULES,
    Case,
    ReviewReason,
    combined,
    judge_reading,
    limited,
)
from ostiary.specimens.zone_lines import Holder, card_lines, passport_lines
from tests.judgement_material import ALL_FIT, BLURRED, CARD, GIVEN, KIND, case, reading, unread
from tests.material import BILL, TODAY, document, findings

PASS, RETURN, REVIEW = ReadingOutcome.PASS, ReadingOutcome.RETURN, ReadingOutcome.REVIEW
MISFIT = ALL_FIT | {"number": False}


def codes(judgement: Judgement) -> list[str]:
    return [rejection.code.value for rejection in judgement.rejections]


def test_a_document_that_agrees_in_everything_passes() -> None:
    judgement = judge_reading(case())
    assert (judgement.outcome, judgement.rejections, judgement.reasons) == (PASS, (), ())
    assert len(judgement.compared) == len(RULES) + 1
    assert {evidence.result for evidence in judgement.compared} == {Result.AGREES}


@pytest.mark.parametrize(
    ("lines_of", "surname", "given_names"),
    [
        (passport_lines, "Barber", "Maria Julia"),
        (card_lines, "Peña-Müller", "María del Carmen"),
    ],
)
def test_lines_as_printed_agree_with_what_they_were_printed_from(
    lines_of: Callable[[Holder], tuple[str, ...]], surname: str, given_names: str
) -> None:
    holder = Holder("AB1234567", surname, given_names, "ARG", date(1984, 11, 21), date(2030, 1, 1), "F")
    zone = parse(lines_of(holder), TODAY)
    assert zone is not None
    kind = replace(KIND, machine_readable=frozenset({Format.TD1, Format.TD3}))
    printed = case(kind=kind, reading=reading(zone=zone), first_name=given_names, second_name=None, last_name=surname)
    assert judge_reading(printed).outcome is PASS


def test_a_form_without_check_digits_can_pass() -> None:
    licence = replace(KIND, machine_readable=frozenset({Format.AAMVA}))
    assert judge_reading(case(kind=licence, format=Format.AAMVA, checks={})).outcome is PASS


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"format": Format.TD2}, ["format_unexpected"]),
        ({"checks": MISFIT}, ["digits_invalid"]),
        ({"certainty": 0.3}, ["certainty_low"]),
        ({"given": GIVEN | {"number": "AB123456"}}, ["number_doubtful"]),
        ({"country": "UTO"}, ["country_doubtful"]),
        ({"expiration_date": None}, ["no_expiration"]),
        ({"birth_date": PartialDate(1984, None, None)}, ["birth_date_doubtful"]),
        ({"surname": "BARBET", "given_names": "MARIA"}, ["name_doubtful"]),
        ({"number_taken": True}, ["used_by_another_client"]),
        ({"look_alike": True}, ["looks_like_another"]),
        ({"number_taken": True, "country": "UTO"}, ["country_doubtful", "used_by_another_client"]),
    ],
)
def test_every_doubt_is_for_a_person(changes: dict[str, Any], reasons: list[str]) -> None:
    judgement = judge_reading(case(**changes))
    assert (judgement.outcome, list(judgement.reasons), judgement.rejections) == (REVIEW, reasons, ())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"given": GIVEN | {"number": "CD7654321"}}, ["number_mismatch"]),
        ({"country": "BRA"}, ["country_mismatch"]),
        ({"expiration_date": date(2020, 1, 1)}, ["document_expired"]),
        ({"expiration_date": date(2031, 1, 1)}, ["expiration_mismatch"]),
        ({"birth_date": PartialDate(1990, 1, 1)}, ["birth_date_mismatch"]),
        ({"surname": "LOPEZ"}, ["name_mismatch"]),
        ({"checks": MISFIT, "seen": BLURRED}, ["mrz_invalid"]),
        ({"surname": "LOPEZ", "given": GIVEN | {"number": "CD7654321"}, "birth_date": PartialDate(1990, 1, 1)},
         ["number_mismatch", "birth_date_mismatch", "name_mismatch"]),
    ],
)  # fmt: skip
def test_every_clear_contradiction_goes_back(changes: dict[str, Any], expected: list[str]) -> None:
    judgement = judge_reading(case(**changes))
    assert (judgement.outcome, codes(judgement)) == (RETURN, expected)
    assert {(rejection.kind, rejection.key) for rejection in judgement.rejections} == {(Kind.DOCUMENT, "passport")}


def test_a_contradiction_goes_back_though_there_are_doubts_and_reasons_are_kept() -> None:
    judgement = judge_reading(case(surname="LOPEZ", number_taken=True))
    assert (judgement.outcome, codes(judgement)) == (RETURN, ["name_mismatch"])
    assert judgement.reasons == ("name_doubtful", "used_by_another_client")


@pytest.mark.parametrize(
    ("untrusted", "reason"), [({"certainty": 0.3}, "certainty_low"), ({"checks": MISFIT}, "digits_invalid")]
)
def test_what_is_not_read_for_sure_proves_nothing(untrusted: dict[str, Any], reason: str) -> None:
    judgement = judge_reading(case(surname="LOPEZ", country="BRA", expiration_date=date(2020, 1, 1), **untrusted))
    assert (judgement.outcome, codes(judgement)) == (REVIEW, [])
    assert list(judgement.reasons) == [reason, "country_doubtful", "expiration_doubtful", "name_doubtful"]
    assert Result.DIFFERS not in {evidence.result for evidence in judgement.compared}


def test_a_bad_picture_goes_back_for_itself_only() -> None:
    judgement = judge_reading(case(surname="LOPEZ", checks=MISFIT, certainty=0.3, seen=BLURRED))
    assert (judgement.outcome, codes(judgement)) == (RETURN, ["mrz_invalid"])


# ---- nothing was read -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (Trouble.UNAVAILABLE, "reader_unavailable"),
        (Trouble.FAILED, "reader_failed"),
        (Trouble.TIMED_OUT, "reader_timed_out"),
        (Trouble.NOT_READABLE, "picture_not_readable"),
        (None, "reader_failed"),
    ],
)
def test_a_reader_in_trouble_asks_for_a_person(trouble: Trouble | None, reason: str) -> None:
    judgement = judge_reading(unread(trouble, seen=BLURRED))
    assert (judgement.outcome, judgement.reasons, judgement.rejections) == (REVIEW, (reason,), ())
    assert judgement.compared[0].note == REVIEW_REASONS[ReviewReason(reason)]


def test_lines_that_need_not_be_there_are_for_a_person() -> None:
    judgement = judge_reading(unread(kind=CARD, look_alike=True))
    assert (judgement.outcome, judgement.reasons) == (REVIEW, ("lines_not_found", "looks_like_another"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "image_front"),
        ({"kind": replace(CARD, always_machine_readable=True)}, "image_back"),
        ({"kind": replace(CARD, always_machine_readable=True), "side": "image_front"}, "image_front"),
    ],
)
def test_lines_that_must_be_there_send_the_client_for_another_picture(changes: dict[str, Any], field: str) -> None:
    judgement = judge_reading(unread(**changes))
    assert judgement.outcome is RETURN
    (only,) = judgement.rejections
    assert (only.code, only.field) == (Code.MRZ_NOT_FOUND, field)
    assert only.reason == "The machine-readable lines of the document could not be found."


@pytest.mark.parametrize(
    ("white", "words"),
    [
        (0.2, "could not be found; 20% of it is white, and where that is glare, it hides what is printed."),
        (0.05, "could not be found."),
        (None, "could not be found."),
    ],
)
def test_where_there_must_be_lines_white_places_are_named(white: float | None, words: str) -> None:
    """On a type that may have none they are no reason to send anybody for another picture."""
    must = judge_reading(unread(seen=PictureQuality(0.9, 0.0, white)))
    assert must.rejections[0].reason.endswith(words)
    assert judge_reading(unread(kind=CARD, seen=PictureQuality(0.9, 0.0, white))).outcome is REVIEW


def measured(**changes: Any) -> Case:
    """An optional form, nothing found, and what intake measured of the front."""
    usual = document()
    side = replace(usual.sides[0], findings=findings(**changes))
    kind = replace(KIND, always_machine_readable=False)
    return unread(kind=kind, document=replace(usual, sides=(side,)))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (unread(kind=CARD, seen=BLURRED), "blurred: edges reach 0.20 of full sharpness, at least 0.30 is needed"),
        (unread(kind=CARD, seen=PictureQuality(text_height_px=6)),
         "too small: capitals are 6 px high, at least 10 px are needed"),
        (unread(kind=CARD, seen=PictureQuality(0.1, text_height_px=6)),
         "too small: capitals are 6 px high, at least 10 px are needed; "
         "blurred: edges reach 0.10 of full sharpness, at least 0.30 is needed"),
        (unread(kind=CARD, seen=PictureQuality(glare=0.08)), "burnt out by glare: 8% of it is, at most 1.5% can be"),
        (measured(sharpness=0.25), "blurred: edges reach 0.25 of full sharpness, at least 0.30 is needed"),
        (measured(brightness=0.3), "too dark: bright parts reach 30% of white, at least 40% is needed"),
        (measured(overexposed=0.9), "mostly white: 90% of it shows no print, at most 70% can be without"),
    ],
)  # fmt: skip
def test_a_picture_too_bad_to_tell_goes_back_with_figures(case: Case, words: str) -> None:
    judgement = judge_reading(case)
    assert judgement.outcome is RETURN
    assert judgement.rejections[0].reason.endswith(f"could not be found; the picture is {words}.")


@pytest.mark.parametrize("case", [measured(), measured(sharpness=None, brightness=None, overexposed=None)])
def test_a_picture_that_explains_nothing_is_for_a_person(case: Case) -> None:
    assert judge_reading(case).outcome is REVIEW


def test_what_was_measured_at_the_lines_comes_before_the_whole_picture() -> None:
    usual = document(metadata=GIVEN)
    white = replace(usual.sides[0], findings=findings(sharpness=0.25, overexposed=0.9))
    blamed = case(document=replace(usual, sides=(white,)), checks=MISFIT, seen=PictureQuality(sharpness=0.5))
    assert judge_reading(blamed).outcome is REVIEW


def test_a_kind_that_no_machine_reads_is_for_a_person() -> None:
    judgement = judge_reading(unread(kind=BILL, seen=BLURRED))
    assert judgement == Judgement(REVIEW, reasons=("not_machine_readable",))


# ---- several documents, several attempts ----------------------------------------------------------------------------

GOOD = judge_reading(case())
BACK = judge_reading(case(surname="LOPEZ"))
ALSO_BACK = judge_reading(case(given=GIVEN | {"number": "CD7654321"}))
DOUBT = judge_reading(case(number_taken=True))


@pytest.mark.parametrize(
    ("several", "outcome", "rejected", "reasons"),
    [
        ([GOOD], PASS, [], []),
        ([GOOD, GOOD], PASS, [], []),
        ([GOOD, None], REVIEW, [], ["not_machine_readable"]),
        ([None], REVIEW, [], ["not_machine_readable"]),
        ([GOOD, DOUBT, None], REVIEW, [], ["used_by_another_client", "not_machine_readable"]),
        ([GOOD, BACK], RETURN, ["name_mismatch"], ["name_doubtful"]),
        ([BACK, None], RETURN, ["name_mismatch"], ["name_doubtful", "not_machine_readable"]),
        (
            [ALSO_BACK, DOUBT, BACK],
            RETURN,
            ["number_mismatch", "name_mismatch"],
            ["number_doubtful", "used_by_another_client", "name_doubtful"],
        ),
        ([BACK, BACK], RETURN, ["name_mismatch"], ["name_doubtful"]),
        ([], REVIEW, [], ["no_document"]),
    ],
)
def test_several_documents_make_one_judgement(
    several: list[Judgement | None], outcome: ReadingOutcome, rejected: list[str], reasons: list[str]
) -> None:
    together = combined(several)
    assert (together.outcome, codes(together), list(together.reasons)) == (outcome, rejected, reasons)
    for order in permutations(several):
        assert combined(order).outcome is outcome


@pytest.mark.parametrize(
    ("judgement", "attempt", "outcome", "reasons"),
    [
        (BACK, 1, RETURN, ("name_doubtful",)),
        (BACK, MOST_AUTOMATIC_RETURNS, RETURN, ("name_doubtful",)),
        (BACK, MOST_AUTOMATIC_RETURNS + 1, REVIEW, ("returned_before", "name_doubtful")),
        (combined([BACK, DOUBT]), 9, REVIEW, ("returned_before", "name_doubtful", "used_by_another_client")),
        (GOOD, 9, PASS, ()),
        (DOUBT, 9, REVIEW, ("used_by_another_client",)),
    ],
)
def test_a_client_is_not_sent_back_for_ever(
    judgement: Judgement, attempt: int, outcome: ReadingOutcome, reasons: tuple[str, ...]
) -> None:
    after = limited(judgement, attempt)
    assert (after.outcome, after.reasons) == (outcome, reasons)
    assert after.compared == judgement.compared
    assert (after.rejections == ()) is (outcome is not RETURN)


def test_every_reason_has_words() -> None:
    assert set(REVIEW_REASONS) == set(ReviewReason)
