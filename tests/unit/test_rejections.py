"""The closed list of reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.rejections import EXPLANATIONS, Code, Kind, of_label, reject

DOCUMENTED = """
image_not_readable, image_type_not_supported, image_too_small, image_too_large, image_blurred, image_too_dark,
image_overexposed, missing_front, missing_back, side_not_needed, identical_sides, metadata_missing, metadata_invalid,
document_expired, document_not_accepted_for_country, duplicate_of_rejected, used_by_another_client, number_mismatch,
country_mismatch, name_mismatch, birth_date_mismatch, expiration_mismatch, mrz_not_found, mrz_invalid,
chip_data_missing, chip_data_invalid, chip_mismatch, suspected_manipulation, data_missing, data_invalid, underage,
screening_hit, other
"""
"""As in the wire contract, in its order, and those of chips."""
FINAL = {Code.USED_BY_ANOTHER_CLIENT, Code.SUSPECTED_MANIPULATION, Code.UNDERAGE, Code.SCREENING_HIT}


def test_the_list_is_the_documented_one() -> None:
    assert [code.value for code in Code] == DOCUMENTED.replace(",", " ").split()


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_text_and_something_to_do(code: Code) -> None:
    rejection = reject(Kind.DOCUMENT, "passport", code, "image_front")
    assert rejection.reason == EXPLANATIONS[code].reason
    assert rejection.action == EXPLANATIONS[code].action
    assert rejection.reason.endswith(".")
    assert rejection.action.endswith(".")
    assert rejection.retryable is (code not in FINAL)


@pytest.mark.parametrize("code", [code for code in Code if EXPLANATIONS[code].about_picture])
def test_what_is_about_a_picture_asks_for_another_or_a_better_one(code: Code) -> None:
    assert code.value.startswith(("image_", "mrz_"))


def test_better_words_take_the_place_of_the_usual_ones() -> None:
    rejection = replace(reject(Kind.DATA, "phone", Code.OTHER, "phone", reason="Why.", action="Do."), subject="mark")
    assert (rejection.reason, rejection.action, rejection.subject) == ("Why.", "Do.", "mark")


def test_a_label_that_a_source_invents_is_other() -> None:
    assert of_label("image_blurred") is Code.IMAGE_BLURRED
    assert of_label("moon_phase") is Code.OTHER
    assert of_label("") is Code.OTHER
