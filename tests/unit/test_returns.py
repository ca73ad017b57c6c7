"""Which rejections an operator's reasons and keys mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.documents.document import DocumentStatus, Side
from ostiary.domain.errors import ValidationFailed
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.rejections import EXPLANATIONS, Code
from ostiary.domain.review.returns import returned_for
from tests.material import ACCOUNTS, CARDS, client, document, findings

PASSPORT, BILL = document("passport"), document("utility_bill", 11, metadata={"expiration_date": "2027-01-01"})
TWO_SIDED = replace(
    document("national_id"),
    sides=tuple(Side(name, name, name, findings(name.encode())) for name in ("image_front", "image_back")),
)


def returned(dossier: Dossier, codes: list[str], keys: list[str]) -> list[tuple[str, str, str, str]]:
    return [
        (rejection.kind.value, rejection.key, rejection.code.value, rejection.field)
        for rejection in returned_for(dossier, ACCOUNTS, codes, keys)
    ]


@pytest.mark.parametrize(
    ("codes", "keys", "means"),
    [
        (["image_blurred"], [], [("document", "passport", "image_blurred", "image_front"),
                                 ("document", "utility_bill", "image_blurred", "image_front")]),
        (["image_blurred"], ["passport"], [("document", "passport", "image_blurred", "image_front")]),
        (["image_blurred", "image_blurred"], ["passport", "passport"],
         [("document", "passport", "image_blurred", "image_front")]),
        (["number_mismatch"], ["passport"], [("document", "passport", "number_mismatch", "metadata.number")]),
        (["other"], ["passport.metadata.number"], [("document", "passport", "other", "metadata.number")]),
        (["expiration_mismatch"], ["passport"],
         [("document", "passport", "expiration_mismatch", "metadata.expiration_date")]),
        (["data_invalid"], ["occupation"], [("data", "occupation", "data_invalid", "occupation")]),
        (["name_mismatch"], ["last_name"], [("data", "last_name", "name_mismatch", "last_name")]),
        (["name_mismatch"], ["passport"], [("document", "passport", "name_mismatch", "")]),
        (["image_blurred", "data_invalid"], ["passport", "phone"],
         [("document", "passport", "image_blurred", "image_front"), ("data", "phone", "data_invalid", "phone")]),
    ],
)  # fmt: skip
def test_a_reason_goes_to_each_key_it_can_be_about(
    codes: list[str], keys: list[str], means: list[tuple[str, str, str, str]]
) -> None:
    assert returned(Dossier(client(), (), (PASSPORT, BILL)), codes, keys) == means


@pytest.mark.parametrize(
    ("code", "key", "field"),
    [
        ("image_blurred", "national_id", ""),  # both pictures
        ("image_blurred", "national_id.image_back", "image_back"),
        ("missing_back", "national_id", "image_back"),
    ],
)
def test_of_two_sides_one_can_be_named(code: str, key: str, field: str) -> None:
    dossier = Dossier(client(), (), (TWO_SIDED,))
    assert returned(dossier, [code], [key]) == [("document", "national_id", code, field)]


def test_the_operator_s_words_replace_the_code_s_own() -> None:
    dossier = Dossier(client(), (), (PASSPORT,))
    (rejection,) = returned_for(dossier, CARDS, ["image_blurred"], (), "The number cannot be read.")
    (own,) = returned_for(dossier, CARDS, ["image_blurred"])
    assert (rejection.reason, own.reason) == ("The number cannot be read.", "The picture is blurred.")


@pytest.mark.parametrize(
    ("codes", "keys", "says"),
    [
        (["blurred", "image_blurred"], [], "There is no reason blurred; the codes are: image_not_readable, "),
        (["data_invalid"], [], "data_invalid is about an attribute: name one with --key."),
        (["image_blurred"], ["phone"], "image_blurred is about a document: name one with --key."),
        (["image_blurred"], ["passport", "phone"], "None of these reasons can be about phone."),
        (
            ["other"],
            ["pasport"],
            "pasport is not of this request, which has the documents passport and the attributes ",
        ),
        (["other"], ["salary"], "salary is not of this request"),
        (["other"], ["utility_bill"], "utility_bill is not of this request"),  # cards do not ask for it
        (["other"], ["passport.image_back"], "its parts are passport.image_front, passport.metadata.number"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_can(codes: list[str], keys: list[str], says: str) -> None:
    dossier = Dossier(client(), (), (PASSPORT, BILL))
    with pytest.raises(ValidationFailed) as refused:
        returned_for(dossier, CARDS, codes, keys)
    assert says in " ".join((refused.value.message, *(fault.message for fault in refused.value.faults)))


def test_refused_and_missing_documents_cannot_be_returned_again() -> None:
    dossier = Dossier(client(), (), (replace(PASSPORT, status=DocumentStatus.REFUSED),))
    with pytest.raises(ValidationFailed, match="image_blurred is about a document"):
        returned_for(dossier, CARDS, ["image_blurred"])
    with pytest.raises(ValidationFailed) as refused:
        returned_for(dossier, CARDS, ["image_blurred"], ["passport"])
    assert "which has the documents (none)" in refused.value.faults[0].message


@pytest.mark.parametrize("code", [code for code in Code if not EXPLANATIONS[code].retryable])
def test_what_cannot_be_mended_is_not_returned(code: Code) -> None:
    with pytest.raises(ValidationFailed, match=f"{code}(, .*)? cannot be mended"):
        returned(Dossier(client(), (), (PASSPORT, BILL)), ["other", code], ["passport"])
