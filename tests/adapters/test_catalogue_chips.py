"""Chips in a catalogue: what a type asks of its chip, the policy that rests on it, and how a change of it is told."""

from __future__ import annotations

import pytest

from ostiary.adapters.config.catalogue_file import default_source, parse
from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.catalogue.chip_wish import NO_CHIP, ChipPictures, ChipWanted, ChipWish
from ostiary.domain.catalogue_changes.product_changes import changes_of
from ostiary.domain.errors import CatalogueInvalid

FORMS = "machine_readable: [TD3], metadata: {number: {name: Number, type: STRING}}"


def source(kind: str = "", policy: str = "auto", forms: str = FORMS) -> str:
    asked = ", ".join(filter(None, ("name: Passport", forms, kind)))
    product = f"{{name: Cards, policy: {policy}, documents: {{identity: {{name: I, one_of: [passport]}}}}}}"
    return f"document_types:\n  passport: {{{asked}}}\nproducts:\n  cards: {product}\n"


@pytest.mark.parametrize(("declared", "wish"), [
    ("", NO_CHIP),
    ("chip: none", NO_CHIP),
    ("chip: optional", ChipWish(ChipWanted.OPTIONAL)),
    ("chip: required, chip_pictures: always, chip_portrait: false", ChipWish(ChipWanted.REQUIRED)),
    (
        "chip: required, chip_pictures: unless_chip, chip_portrait: true",
        ChipWish(ChipWanted.REQUIRED, ChipPictures.UNLESS_CHIP, keeps_portrait=True),
    ),
    ("chip: optional, chip_present: true", ChipWish(ChipWanted.OPTIONAL, demands_presence=True)),
])  # fmt: skip
def test_a_type_says_what_it_asks_of_its_chip(declared: str, wish: ChipWish) -> None:
    assert parse(source(declared), "mine").document_types["passport"].chip == wish


@pytest.mark.parametrize(("declared", "spares"), [
    ("", False), ("chip: optional", False), ("chip: optional, chip_pictures: unless_chip", True),
])  # fmt: skip
def test_pictures_may_be_left_out_where_the_type_says_so(declared: str, spares: bool) -> None:
    assert parse(source(declared), "mine").document_types["passport"].chip.spares_pictures is spares


FAULTY_CHIPS = [
    (source("chip: yes please"), "unknown_choice", "none, optional, required"),
    (source("chip: optional, chip_pictures: never"), "unknown_choice", "always, unless_chip"),
    (source("chip: optional, chip_portrait: maybe"), "wrong_type", "true or false"),
    (source("chip_portrait: true"), "needless_key", "'chip_portrait' says nothing without 'chip: optional'"),
    (source("chip: none, chip_pictures: always"), "needless_key", "'chip_pictures' says nothing"),
    (source("chip_present: true"), "needless_key", "'chip_present' says nothing without 'chip: optional'"),
    (source("chip: optional, chip_present: please"), "wrong_type", "true or false"),
    (source("chip: optional", forms=""), "forms_missing", "machine_readable: [TD3]"),
    (source(policy="proven"), "proof_missing", "'chip: optional'"),
    (source("chip: none", policy="proven"), "proof_missing", ""),
    (source("chip: optional", policy="proven, provider: acme"), "proof_missing", "built-in provider"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), FAULTY_CHIPS)
def test_what_says_nothing_or_could_prove_nothing_is_a_fault(text: str, code: str, words: str) -> None:
    with pytest.raises(CatalogueInvalid) as refused:
        parse(text, "mine")
    assert [fault.code for fault in refused.value.faults] == [code]
    assert words in str(refused.value)


def test_a_product_may_rest_on_what_a_chip_proves() -> None:
    assert parse(source("chip: optional", "proven"), "mine").products["cards"].policy is Policy.PROVEN


def test_what_is_as_usual_leaves_a_version_as_it_was() -> None:
    usual = parse(source(), "mine").version
    assert parse(source("chip: none"), "mine").version == usual
    others = ("chip: required", "chip: optional, chip_pictures: unless_chip", "chip: optional, chip_portrait: true")
    present = "chip: optional, chip_present: true"
    versions = {parse(source(declared), "mine").version for declared in ("chip: optional", *others, present)}
    assert len(versions | {usual}) == 6
    absent = "chip: optional, chip_present: false"
    assert parse(source(absent), "mine").version == parse(source("chip: optional"), "mine").version


def test_the_catalogue_that_ships_asks_for_no_chip() -> None:
    kinds = parse(default_source(), "ships").document_types.values()
    assert not any(kind.chip.is_taken for kind in kinds)


CHIP = "document_types.passport.chip"


@pytest.mark.parametrize(
    ("was", "becomes", "lines"),
    [
        ("", "chip: optional", [("easier", CHIP, "optional, it was none")]),
        ("chip: optional", "", [("harder", CHIP, "none, it was optional")]),
        ("chip: optional", "chip: required", [("harder", CHIP, "required, it was optional")]),
        ("", "chip: required", [("harder", CHIP, "required, it was none")]),
        ("chip: required", "", [("easier", CHIP, "none, it was required")]),
        (
            "chip: optional",
            "chip: optional, chip_pictures: unless_chip, chip_portrait: true",
            [
                ("easier", f"{CHIP}_pictures", "unless_chip, it was always"),
                ("other", f"{CHIP}_portrait", "the portrait on the chip is kept"),
            ],
        ),
        (
            "chip: optional, chip_pictures: unless_chip, chip_portrait: true",
            "chip: optional",
            [
                ("harder", f"{CHIP}_pictures", "always, it was unless_chip"),
                ("other", f"{CHIP}_portrait", "the portrait on the chip is verified and dropped"),
            ],
        ),
        (
            "chip: optional",
            "chip: optional, chip_present: true",
            [("harder", f"{CHIP}_present", "the chip has to show by a challenge that it is there")],
        ),
        (
            "chip: optional, chip_present: true",
            "chip: optional",
            [("easier", f"{CHIP}_present", "the chip need not show that it is there")],
        ),
    ],
)
def test_a_change_is_told_with_the_way_it_goes(was: str, becomes: str, lines: list[tuple[str, str, str]]) -> None:
    old, new = (parse(source(declared), "mine", is_kept=True).products["cards"] for declared in (was, becomes))
    described = [(change.kind.value, change.subject, str(change.words)) for change in changes_of(old, new, {})]
    assert described == lines
