"""Seals on paper in a catalogue: which documents are looked at for one, and how old a sealed one may be."""

from __future__ import annotations

import pytest

from ostiary.adapters.config.catalogue_file import default_source, parse
from ostiary.domain.catalogue.catalogue import USUAL_SEAL_DAYS, SealUse
from ostiary.domain.catalogue_changes.product_changes import changes_of
from ostiary.domain.errors import CatalogueInvalid

FORMS = "machine_readable: [TD3], metadata: {number: {name: Number, type: STRING}}"


def source(*declared: str) -> str:
    kind = ", ".join(("name: Bill", *declared))
    product = "{name: Cards, documents: {proof: {name: Proof, one_of: [bill]}}}"
    return f"document_types:\n  bill: {{{kind}}}\nproducts:\n  cards: {product}\n"


@pytest.mark.parametrize(("declared", "use", "days"), [
    ("sides: front", SealUse.NONE, USUAL_SEAL_DAYS),
    ("seal: none", SealUse.NONE, USUAL_SEAL_DAYS),
    ("seal: optional", SealUse.OPTIONAL, USUAL_SEAL_DAYS),
    ("seal: optional, seal_days: 1", SealUse.OPTIONAL, 1),
    ("seal: optional, seal_days: 1100", SealUse.OPTIONAL, 1_100),
])  # fmt: skip
def test_a_type_says_whether_a_seal_is_looked_for(declared: str, use: SealUse, days: int) -> None:
    kind = parse(source(declared), "mine").document_types["bill"]
    assert (kind.seal, kind.seal_days) == (use, days)


FAULTY_SEALS = [
    (source("seal: required"), "unknown_choice", "none, optional"),
    (source("seal: optional", "seal_days: 0"), "wrong_number", "1"),
    (source("seal: optional", "seal_days: 1101"), "wrong_number", "1100"),
    (source("seal_days: 30"), "needless_key", "no seal is looked for"),
    (source("seal: optional", FORMS), "conflicting_keys", "lines or a barcode of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), FAULTY_SEALS)
def test_what_says_nothing_or_contradicts_is_a_fault(text: str, code: str, words: str) -> None:
    with pytest.raises(CatalogueInvalid) as refused:
        parse(text, "mine")
    assert [fault.code for fault in refused.value.faults] == [code]
    assert words in str(refused.value)


def test_what_is_as_usual_leaves_a_version_as_it_was() -> None:
    usual = parse(source(), "mine").version
    assert parse(source("seal: none"), "mine").version == usual
    assert parse(source("seal: optional"), "mine").version != usual


def test_the_catalogue_that_ships_looks_for_no_seal() -> None:
    assert all(kind.seal is SealUse.NONE for kind in parse(default_source(), "ships").document_types.values())


SEAL, DAYS = "document_types.bill.seal", "document_types.bill.seal_days"


@pytest.mark.parametrize(("was", "becomes", "lines"), [
    (
        "sides: front",
        "seal: optional",
        [("easier", SEAL, "a seal on the paper that agrees makes a person's look needless")],
    ),
    ("seal: optional", "seal: none", [("harder", SEAL, "a seal on the paper is not looked for")]),
    ("seal: optional", "seal: optional, seal_days: 30", [("harder", DAYS, "30, it was 92")]),
    ("seal: optional, seal_days: 30", "seal: optional", [("easier", DAYS, "92, it was 30")]),
])  # fmt: skip
def test_a_change_is_told_with_the_way_it_goes(was: str, becomes: str, lines: list[tuple[str, str, str]]) -> None:
    old, new = (parse(source(declared), "mine", is_kept=True).products["cards"] for declared in (was, becomes))
    described = [(change.kind.value, change.subject, str(change.words)) for change in changes_of(old, new, {})]
    assert described == lines
