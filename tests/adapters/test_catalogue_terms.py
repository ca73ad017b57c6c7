"""Terms in a catalogue file: their texts lie beside it, and are what the file says they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue.terms import AT_ONCE, MOST_LANGUAGES, MOST_TERMS, MOST_TEXT_BYTES
from ostiary.domain.catalogue.translations import untranslated
from ostiary.domain.catalogue_changes.difference import difference
from ostiary.domain.errors import CatalogueInvalid, Fault
from tests.terms import ENGLISH, HASH, SPANISH, TEXTS, hash_of, source, terms, write

WORDED = f"texts: {{en: {{file: en.md, sha256: {hash_of(ENGLISH)}}}}}"
ALL = f"terms:\n  rules: {{name: Rules, version: v1, {WORDED}}}\n"
"""Two lines."""
PRODUCTS = "products:\n  pay: {name: Pay, terms: [rules]}\n"


def loaded(folder: Path, text: str, **files: bytes) -> Catalogue:
    (folder / "catalogue.yaml").write_text(text)
    (folder / "en.md").write_bytes(files.get("en", ENGLISH.encode()))
    return catalogue_file.load(folder / "catalogue.yaml")


def faults_of(folder: Path, text: str, **files: bytes) -> tuple[Fault, ...]:
    with pytest.raises(CatalogueInvalid) as caught:
        loaded(folder, text, **files)
    return caught.value.faults


def test_terms_are_read_with_their_exact_texts(tmp_path: Path) -> None:
    catalogue = catalogue_file.load(write(tmp_path))
    assert dict(catalogue.terms) == {"rules": terms()}
    assert [asked.terms for asked in catalogue.products["pay"].terms] == [terms()]
    assert dict(catalogue.texts) == {hash_of(text): text for text in TEXTS.values()}


def test_a_catalogue_without_terms_has_none() -> None:
    catalogue = catalogue_file.default()
    assert (dict(catalogue.terms), dict(catalogue.texts)) == ({}, {})
    assert not any(product.terms for product in catalogue.products.values())


def test_a_kept_catalogue_is_read_without_its_texts(tmp_path: Path) -> None:
    first = catalogue_file.load(write(tmp_path))
    again = catalogue_file.parse(first.source, "kept", is_kept=True)
    assert (again, dict(again.texts)) == (first, {})


def test_terms_may_be_for_some_clients_alone(tmp_path: Path) -> None:
    catalogue = catalogue_file.load(write(tmp_path, asks="terms: [{id: rules, when: is_agent}]"))
    [asked] = catalogue.products["pay"].terms
    assert asked.condition is not None
    assert asked.condition.text == "is_agent"


@pytest.mark.parametrize(
    ("re_accept", "day"),
    [("", None), ("new", None), ("all", AT_ONCE), ("{by: 2027-01-31}", date(2027, 1, 31))],
)
def test_a_version_says_whom_it_binds(tmp_path: Path, re_accept: str, day: date | None) -> None:
    assert catalogue_file.load(write(tmp_path, re_accept=re_accept)).terms["rules"].re_accept_from == day


def test_a_text_that_changed_is_a_fault_that_tells_the_right_hash(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, ALL + PRODUCTS, en=b"Another text.")
    assert fault.field.endswith("catalogue.yaml:2:71")
    assert fault.code == "text_changed"
    assert hash_of("Another text.") in fault.message
    assert "another version" in fault.message


def test_a_missing_hash_is_a_fault_that_tells_it(tmp_path: Path) -> None:
    [fault] = faults_of(tmp_path, ALL.replace(f", sha256: {hash_of(ENGLISH)}", "") + PRODUCTS)
    assert (fault.code, hash_of(ENGLISH) in fault.message) == ("missing_key", True)
    with pytest.raises(CatalogueInvalid, match="needs 'sha256'"):
        catalogue_file.parse(ALL.replace(f", sha256: {hash_of(ENGLISH)}", "") + PRODUCTS, "kept", is_kept=True)


def test_a_kept_hash_is_one(tmp_path: Path) -> None:
    with pytest.raises(CatalogueInvalid, match="64 digits"):
        catalogue_file.parse(ALL.replace(hash_of(ENGLISH), "abc") + PRODUCTS, "kept", is_kept=True)


FAULTY = [
    # what is changed, and into what; code, part of the message
    (("version: v1", "version: 'v 1'"), "bad_version", "1 to 50 letters"),
    (("name: Rules, ", ""), "missing_key", "needs 'name'"),
    (("version: v1, ", ""), "missing_key", "needs 'version'"),
    ((f", {WORDED}", ""), "missing_key", "needs 'texts'"),
    ((WORDED, "texts: {}"), "missing_key", "at least one language"),
    ((WORDED, f"{WORDED}, re_accept: never"), "unknown_choice", "must be new, all or a day"),
    ((WORDED, f"{WORDED}, re_accept: {{by: 2027-02-30}}"), "wrong_type", "a real date"),
    ((WORDED, f"{WORDED}, re_accept: {{by: [2027]}}"), "wrong_type", "a real date"),
    ((WORDED, f"{WORDED}, re_accept: {{}}"), "missing_key", "needs 'by'"),
    (("{en:", "{english:"), "unknown_language", "no language tag"),
    (("file: en.md", "file: ../en.md"), "bad_place", "in the folder of the catalogue"),
    (("file: en.md", "file: /etc/hostname"), "bad_place", "in the folder of the catalogue"),
    (("file: en.md", "file: none.md"), "unreadable", "No such file"),
    (("file: en.md, ", ""), "missing_key", "needs 'file'"),
    (("[rules]", "[rule]"), "unknown_terms", "did you mean 'rules'?"),
    (("[rules]", "[rules, rules]"), "duplicate_item", "keep one"),
    (("[rules]", "[{id: rules, when: nobody}]"), "condition_invalid", ""),
]
OF_TEXTS = {"text_changed", "bad_text", "bad_hash"}
"""Codes of faults that depend on what lies beside the file."""


@pytest.mark.parametrize(("changed", "code", "message"), FAULTY)
def test_a_fault_says_what_would_be_right(tmp_path: Path, changed: tuple[str, str], code: str, message: str) -> None:
    text = (ALL + PRODUCTS).replace(*changed)
    assert text != ALL + PRODUCTS
    fault = faults_of(tmp_path, text)[0]
    assert (fault.code, message in fault.message) == (code, True), fault


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"\xff", "unreadable", "byte 1 is not"),
        (b" \n \n", "bad_text", "is blank"),
        (b"\xef\xbb\xbfText", "bad_text", "nobody sees"),
        ("Pay \u202eyap".encode(), "bad_text", "reorder"),
        (b"Pay\x07", "bad_text", "nobody sees"),
        (b"x" * (MOST_TEXT_BYTES + 1), "bad_text", "more than 256 KiB"),
    ],
)
def test_a_text_is_one_that_people_can_read(tmp_path: Path, content: bytes, code: str, message: str) -> None:
    [fault] = [each for each in faults_of(tmp_path, ALL + PRODUCTS, en=content) if each.code != "text_changed"]
    assert (fault.code, message in fault.message) == (code, True), fault


def test_lines_and_tabs_are_text(tmp_path: Path) -> None:
    text = "One.\r\n\tTwo.\n" + "x" * (MOST_TEXT_BYTES - 20)
    changed = (ALL + PRODUCTS).replace(hash_of(ENGLISH), hash_of(text))
    assert loaded(tmp_path, changed, en=text.encode()).texts == {hash_of(text): text}


@pytest.mark.parametrize("name", ["is_agent", "phone", "email"])
def test_an_id_names_terms_or_an_attribute(tmp_path: Path, name: str) -> None:
    attributes = "attributes: {is_agent: {name: Agent, type: BOOLEAN}}\n"
    text = attributes + (ALL + PRODUCTS).replace("  rules:", f"  {name}:").replace("[rules]", f"[{name}]")
    assert faults_of(tmp_path, text)[0].code == "name_taken"


def test_there_are_bounds() -> None:
    many = "terms:\n" + "".join(
        f"  rules{number}: {{name: R, version: v1, texts: {{en: {{file: en.md, sha256: {HASH}}}}}}}\n"
        for number in range(MOST_TERMS + 1)
    )
    with pytest.raises(CatalogueInvalid, match="at most 50 terms"):
        catalogue_file.parse(many + "products: {pay: {name: Pay}}", "many")
    tags = [f"{first}{second}" for first in "abc" for second in "abcdefghij"][: MOST_LANGUAGES + 1]
    worded = ", ".join(f"{tag}: {{file: a.md, sha256: {HASH}}}" for tag in tags)
    with pytest.raises(CatalogueInvalid, match="at most 20 languages"):
        catalogue_file.parse(
            f"terms: {{rules: {{name: R, version: v1, texts: {{{worded}}}}}}}\nproducts: {{pay: {{name: P}}}}", "many"
        )


VERSIONS = [
    source(),
    source(version="v2"),
    source(texts={"en": ENGLISH}),
    source(texts={"en": ENGLISH, "es": SPANISH + "."}),
    source(re_accept="all"),
    source(re_accept="{by: 2027-01-31}"),
    source(asks="terms: [{id: rules, when: is_agent}]"),
    source(asks="description: None"),
    source().replace("es: Reglas", "es: Normas"),
]


def version(text: str) -> str:
    return catalogue_file.parse(text, "mine.yaml").version


def test_the_version_of_a_catalogue_follows_its_terms() -> None:
    assert len({version(text) for text in VERSIONS}) == len(VERSIONS)


@pytest.mark.parametrize("same", [source(re_accept="new"), source().replace("rules-v1", "elsewhere/rules")])
def test_the_version_does_not_follow_where_texts_lie_or_what_is_usual(same: str) -> None:
    assert same != source()
    assert version(same) == version(source())


def test_names_of_terms_are_translated(tmp_path: Path) -> None:
    assert untranslated(catalogue_file.load(write(tmp_path)))["es"] == ("attributes.is_agent.name", "products.pay.name")


@pytest.mark.parametrize(
    ("old", "new", "kind", "subject"),
    [
        (
            source(asks="description: None"),
            source(asks="description: None\n    terms: [rules]"),
            "asked",
            "terms.rules",
        ),
        (source(), source(asks="minimum_age: 0"), "no_longer_asked", "terms.rules"),
        (source(), source("v2", {"en": "Other."}), "harder", "terms.rules.version"),
        (source(), source(re_accept="all"), "other", "terms.rules"),
        (source(), source(asks="terms: [{id: rules, when: is_agent}]"), "unclear", "terms.rules.when"),
    ],
)
def test_a_difference_of_terms_is_said(old: str, new: str, kind: str, subject: str) -> None:
    before, after = (catalogue_file.parse(text, "mine.yaml", is_kept=True) for text in (old, new))
    [product] = difference(before, after, ["ARG"]).products
    assert (kind, subject) in [(change.kind.value, change.subject) for change in product.changes]
