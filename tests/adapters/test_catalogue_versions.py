"""The version of a catalogue: what changes it, and what does not."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.domain.catalogue.catalogue import (
    Alternative,
    DataField,
    DataRequirement,
    DocumentRequirement,
    DocumentType,
    Field,
    Product,
    TermsRequirement,
)
from ostiary.domain.catalogue.chip_wish import ChipWish
from ostiary.domain.catalogue.terms import TermsText, TermsVersion
from tests.adapters.test_catalogue_file import DATA, READ, SHORT
from tests.kept.differing import differing

CATALOGUE_FILES = sorted((Path(__file__).parents[1] / "kept" / "catalogues").glob("*.yaml"))


def version(source: str) -> str:
    return catalogue_file.parse(source, "mine.yaml").version


def test_the_version_is_32_hexadecimal_digits() -> None:
    assert re.fullmatch("[0-9a-f]{32}", version(catalogue_file.default_source()))


@pytest.mark.parametrize("same", [
    "# a comment\n" + SHORT,
    SHORT.replace("  ", "    "),
    SHORT.replace("Visa", '"Visa"'),
    SHORT.replace("{name: Visa}", "{sides: front, unique: false, name: ' Visa '}"),
    SHORT.replace("  passport: {name: Passport}\n", "").replace("Visa}\n", "Visa}\n  passport: {name: Passport}\n"),
])  # fmt: skip
def test_the_version_ignores_how_it_is_written(same: str) -> None:
    assert same != SHORT
    assert version(same) == version(SHORT)


@pytest.mark.parametrize("other", [
    SHORT.replace("Visa", "visa"),
    SHORT.replace("[save, spend]", "[spend, save]"),
    SHORT.replace("type: DECIMAL", "type: DECIMAL, minimum: 0"),
    SHORT + "    minimum_age: 18",
    DATA + "[phone]",
    DATA + "[phone, salary]",
    DATA + "[salary, phone]",
    DATA + "[phone, {key: salary, when: age > 3}]",
    DATA + "[phone, {key: salary, when: age > 4}]",
    DATA + "[phone, {key: salary, from: 2027-07-10}]",
    DATA + "[phone, {key: salary, from: 2027-07-11}]",
    DATA + "[phone, {key: salary, from: 2027-07-10, for: all}]",
])  # fmt: skip
def test_the_version_follows_what_is_declared(other: str) -> None:
    assert version(other) not in {
        version(SHORT),
        *(version(source) for source in (DATA + "[phone]",) if source != other),
    }


@pytest.mark.parametrize(("before", "expected"), [
    (SHORT, "8b8b782847fac4ff6652ecf350c99ebd"),
    (SHORT + "    minimum_age: 18", "5b0732293fd5134b931e4ffcc07e52a7"),
    (READ, "35f1a7586b2a6ab20ebe7deda9dc3e79"),
])  # fmt: skip
def test_a_release_with_new_keys_leaves_the_versions_of_catalogues_without_them(before: str, expected: str) -> None:
    """As the release before the keys `machine_readable`, `always_machine_readable` and `policy` gave them."""
    assert version(before) == expected


@pytest.mark.parametrize("path", CATALOGUE_FILES, ids=lambda path: path.stem)
def test_every_catalogue_that_requests_may_be_pinned_to_keeps_its_version(path: Path) -> None:
    """Each is named by the version that it had in its time: what ships, and one that declares all there is."""
    assert catalogue_file.parse(path.read_text("utf-8"), path.name, is_kept=True).version == path.stem


def test_one_of_them_declares_everything_that_a_catalogue_can() -> None:
    """Else a key that is left out of the hash would not be missed."""
    met = differing(
        *(catalogue_file.parse(path.read_text("utf-8"), path.name, is_kept=True) for path in CATALOGUE_FILES)
    )
    asked = (DocumentRequirement, DataField, DataRequirement)
    assert met[TermsRequirement] == {"terms", "condition"}, "the others are what catalogues in force mix in"
    for kind in (Field, DocumentType, ChipWish, Alternative, *asked, Product, TermsVersion, TermsText):
        assert met[kind] == {field.name for field in fields(kind)}


@pytest.mark.parametrize(("short", "whole"), [
    (SHORT, SHORT + "    policy: assisted\n"),
    (DATA + "[phone]\n        from: 2027-07-10", DATA + "[phone]\n        from: 2027-07-10\n        for: new"),
    (SHORT, SHORT.replace("{name: Visa}", "{name: Visa, always_machine_readable: false}")),
    (
        READ.replace("name: Visa", "name: Visa, machine_readable: [TD2, TD1]"),
        READ.replace("name: Visa", "name: Visa, machine_readable: [TD1, TD2], always_machine_readable: false"),
    ),
])  # fmt: skip
def test_what_is_usual_can_be_left_out(short: str, whole: str) -> None:
    assert version(short) == version(whole)


def test_every_choice_of_the_keys_for_reading_has_a_version_of_its_own() -> None:
    forms = ("TD3", "TD1", "TD1, TD2", "TD1, TD2, AAMVA")
    read = [READ.replace("name: Visa", f"name: Visa, machine_readable: [{form}]") for form in forms]
    always = read[0].replace("name: Visa", "name: Visa, always_machine_readable: true")
    codes = [
        read[0].replace("name: Visa", f"name: Visa, document_codes: [{code_list}]") for code_list in ("P", "P, PP")
    ]
    policies = [f"{READ}    policy: {policy}" for policy in ("auto", "assisted", "manual")]
    every = (*read, always, *codes, *policies)
    assert len({version(source) for source in every}) == len(every)
