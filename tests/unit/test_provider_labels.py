"""What providers call things, in our codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ostiary.domain.providers.labels import CLUES, LABELS, MOST_LABEL_CHARACTERS, SUMSUB, reason_of, reasons_of
from ostiary.domain.providers.provider import Reason
from ostiary.domain.rejections import Code, Kind

PAGE = (Path(__file__).parents[2] / "docs" / "providers-sumsub.md").read_text()
SUMSUB_LABELS = LABELS[SUMSUB]


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("EXPIRATION_DATE", Code.DOCUMENT_EXPIRED),
        ("SCREENSHOTS", Code.IMAGE_NOT_READABLE),
        ("FORGERY", Code.SUSPECTED_MANIPULATION),
        ("BAD_PROOF_OF_IDENTITY", Code.OTHER),
        ("DUPLICATE", Code.USED_BY_ANOTHER_CLIENT),
    ],
)
def test_a_label_about_a_document_is_our_code_with_the_label_kept(label: str, code: Code) -> None:
    assert reason_of(SUMSUB, label) == Reason(code, label)
    reason = reason_of(SUMSUB, label, key="passport", field="image_front")
    assert reason == Reason(code, label, Kind.DOCUMENT, "passport", "image_front")


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("AGE_REQUIREMENT_MISMATCH", Code.UNDERAGE),
        ("PEP", Code.SCREENING_HIT),
        ("PROBLEMATIC_APPLICANT_DATA", Code.DATA_INVALID),
        ("ADDITIONAL_DATA_REQUIRED", Code.DATA_MISSING),
    ],
)
def test_a_label_about_the_client_is_about_no_document(label: str, code: Code) -> None:
    assert reason_of(SUMSUB, label, key="passport", field="image_front") == Reason(code, label, Kind.DATA)


@pytest.mark.parametrize(
    ("label", "side"), [("FRONT_SIDE_MISSING", "image_front"), ("BACK_SIDE_MISSING", "image_back")]
)
def test_a_missing_side_is_about_that_side(label: str, side: str) -> None:
    assert reason_of(SUMSUB, label, key="national_id", field="image_front").field == side


@pytest.mark.parametrize(("provider", "label"), [(SUMSUB, "BRAND_NEW"), (SUMSUB, ""), ("nobody", "FORGERY")])
def test_what_is_on_no_list_is_other(provider: str, label: str) -> None:
    assert reason_of(provider, label) == Reason(Code.OTHER, label)


def test_a_label_is_kept_up_to_a_length() -> None:
    assert len(reason_of(SUMSUB, "X" * 1_000).label) == MOST_LABEL_CHARACTERS
    assert len(reasons_of(SUMSUB, ["X" * 150], ["y" * 150])[0].label) == MOST_LABEL_CHARACTERS


def test_a_clue_says_more_than_its_label() -> None:
    assert reasons_of(SUMSUB, ["PROBLEMATIC_APPLICANT_DATA"], ["dataMismatch", "dataMismatch_fullName"]) == (
        Reason(Code.NAME_MISMATCH, "PROBLEMATIC_APPLICANT_DATA (dataMismatch_fullName) (dataMismatch)"),
    )
    both = ["dataMismatch_fullName", "dataMismatch_dateOfBirth", "dataMismatch_fullName"]
    assert [reason.code for reason in reasons_of(SUMSUB, ["PROBLEMATIC_APPLICANT_DATA"], both)] == [
        Code.NAME_MISMATCH,
        Code.BIRTH_DATE_MISMATCH,
    ]


def test_a_clue_of_another_label_changes_nothing() -> None:
    assert reason_of(SUMSUB, "EXPIRATION_DATE", clue="dataMismatch_fullName").code is Code.DOCUMENT_EXPIRED
    assert reasons_of(SUMSUB, ["EXPIRATION_DATE", "SPAM"], ["dataMismatch_fullName"]) == (
        Reason(Code.DOCUMENT_EXPIRED, "EXPIRATION_DATE (dataMismatch_fullName)"),
        Reason(Code.OTHER, "SPAM"),
    )


def test_labels_count_once_and_none_is_none() -> None:
    assert reasons_of(SUMSUB, ["SPAM", "SPAM"]) == (Reason(Code.OTHER, "SPAM"),)
    assert reasons_of(SUMSUB, [], ["badPhoto"]) == ()
    assert reasons_of("nobody", ["SPAM"], ["badPhoto"]) == (Reason(Code.OTHER, "SPAM (badPhoto)"),)


def test_every_clue_belongs_to_a_known_label() -> None:
    assert {label for label, _ in CLUES[SUMSUB].values()} <= SUMSUB_LABELS.keys()


# ---- documentation --------------------------------------------------------------------------------------------------


def table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_documented_labels_are_the_codes_own() -> None:
    documented = {
        label: Code(code.strip("`")) for code, labels in table("Labels") for label in re.findall(r"`([A-Z_]+)`", labels)
    }
    assert documented == dict(SUMSUB_LABELS)


def test_the_documented_clues_are_the_codes_own() -> None:
    documented = {clue.strip("`"): (label.strip("`"), Code(code.strip("`"))) for clue, label, code in table("Buttons")}
    assert documented == dict(CLUES[SUMSUB])
