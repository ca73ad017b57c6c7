"""Under the policy `proven` nothing that no chip proves is ever enabled by a machine, whatever else is so: over every
catalogue of the tests, every chip that is made for them, and every picture beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.adapters.config import catalogue_file
from ostiary.domain.catalogue.catalogue import Catalogue, DocumentType, Policy, Product
from ostiary.domain.catalogue.chip_wish import ChipWanted, ChipWish
from ostiary.domain.chip.judging import Proof, judge_chip
from ostiary.domain.chip.reading import ChipReading
from ostiary.domain.chip.rules import ChipCase
from ostiary.domain.documents.chip_kept import ChipEvidence
from ostiary.domain.documents.reading import Judgement, Reading, ReadingOutcome
from ostiary.domain.review.routing import Fact, Lead, Source, advice_of, route
from ostiary.domain.verification.case import ChipSeen
from ostiary.domain.verification.chip_findings import reading_that_counts
from ostiary.domain.verification.judgement import combined, judge_reading
from ostiary.usecases.verification.decide_submission import proof_of
from ostiary.usecases.verification.judge_documents import Judged
from tests.chips.attacks import ATTACKS
from tests.chips.builder import NOW, built
from tests.chips.matrix import FORMS
from tests.judgement_material import case, reading, unread, zone
from tests.material import document

CATALOGUES = sorted((Path(__file__).parents[1] / "kept" / "catalogues").glob("*.yaml"))
CHIPS = {**FORMS, **ATTACKS}
OUTCOMES = st.sampled_from(ReadingOutcome)
PROOFS = st.sampled_from([None, *Proof])
OTHER_FACTS = st.sets(st.sampled_from([fact for fact in Fact if fact is not Fact.ISSUER_SIGNED]))


@cache
def catalogue(path: Path) -> Catalogue:
    return catalogue_file.parse(path.read_text("utf-8"), path.name, is_kept=True)


def every_product() -> list[tuple[str, Product]]:
    """Those of all catalogues, whatever policy they have; what stands in several alike counts once."""
    every = [(path.stem[:8], catalogue(path)) for path in CATALOGUES] + [("ships", catalogue_file.default())]
    named = [(f"{name} {product.id}", product) for name, each in every for product in each.products.values()]
    return [row for at, row in enumerate(named) if row[1] not in [other for _, other in named[:at]]]


PRODUCTS = every_product()


@pytest.mark.parametrize(("product"), [product for _, product in PRODUCTS], ids=[name for name, _ in PRODUCTS])
@given(data=st.data())
def test_no_product_of_any_catalogue_is_enabled_without_a_proof(product: Product, data: st.DataObject) -> None:
    kinds = {kind.id: with_chips(kind, data.draw(st.booleans())) for kind in product.document_types()}
    judged = [judged_document(kind, data.draw(PROOFS), data.draw(OUTCOMES)) for kind in kinds.values()]
    facts = proof_of(kinds, judged) | data.draw(OTHER_FACTS)
    judgement = combined([each.document.judgement for each in judged])
    lead = route(Source.READING, advice_of(judgement.outcome), Policy.PROVEN, facts)
    proofs = [each.document.chip_evidence for each in judged if kinds[each.document.type].chip.is_taken]
    is_enabled = lead is Lead.AS_ADVISED and judgement.outcome is ReadingOutcome.PASS
    if is_enabled:
        assert proofs
        assert all(each is not None and each.proof == Proof.ISSUER_SIGNED for each in proofs)
    if judgement.outcome is ReadingOutcome.PASS and not proofs:
        assert lead in (Lead.CONFIRMATION, Lead.SUBMISSION)


def with_chips(kind: DocumentType, takes: bool) -> DocumentType:
    return replace(kind, chip=ChipWish(ChipWanted.OPTIONAL if takes else ChipWanted.NONE))


def judged_document(kind: DocumentType, proof: Proof | None, outcome: ReadingOutcome) -> Judged:
    evidence = None if proof is None else ChipEvidence(proof.value, "9f3c")
    return Judged(replace(document(kind.id), judgement=Judgement(outcome), chip_evidence=evidence))


@cache
def verified(name: str) -> ChipReading:
    return built(CHIPS[name][0]()).read()


@pytest.mark.parametrize("name", CHIPS)
def test_no_chip_that_is_not_proven_is_enough(name: str) -> None:
    """Whatever lies beside it: all that can."""
    for has_pictures, is_read, attempt, is_sandbox in product((True, False), (True, False), (1, 2, 3), (True, False)):
        no_chip_that_is_not_proven_is_enough(name, has_pictures, is_read, attempt, is_sandbox)


def no_chip_that_is_not_proven_is_enough(
    name: str, has_pictures: bool, is_read: bool, attempt: int, is_sandbox: bool
) -> None:
    """Nor does one of which nobody is sure ever go back for that, but once for a signature that does not fit."""
    facts = verified(name)
    worth = judge_chip(ChipCase(facts, NOW, counts_specimens=is_sandbox))
    chip = ChipSeen(None if facts.zone is None else zone(), worth)
    printed = (reading() if is_read else unread().reading) if has_pictures else Reading(None)
    counted = reading_that_counts(printed, chip, has_pictures=has_pictures)
    whole = case(chip=chip, printed=printed, reading=counted, attempt=attempt)
    judgement = judge_reading(whole if has_pictures else replace(whole, document=replace(whole.document, sides=())))
    is_proven = worth.proof is Proof.ISSUER_SIGNED
    assert is_proven is (CHIPS[name][1] == "issuer_signed")
    if judgement.outcome is ReadingOutcome.PASS and not has_pictures:
        assert is_proven
    codes = {each.code.value for each in judgement.rejections}
    if "chip_data_invalid" in CHIPS[name][1]:
        assert judgement.outcome is not ReadingOutcome.PASS
        assert ("chip_data_invalid" in codes) is (attempt == 1)
    else:
        assert "chip_data_invalid" not in codes
