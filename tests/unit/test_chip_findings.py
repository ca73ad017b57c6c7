"""A chip among a document's rules: what counts as read, what goes back, what is for a person, and what is harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ostiary.domain.chip.evidence import evidence_of
from ostiary.domain.chip.holder import CHIP_PLACE, holder_zone
from ostiary.domain.chip.judging import judge_chip
from ostiary.domain.chip.reading import ChipReading, ChipTrouble, GroupFit, PresenceState, SignatureState
from ostiary.domain.chip.rules import ChipCase, ChipDoubt
from ostiary.domain.documents.chip_kept import KeptAnchor, KeptSigner
from ostiary.domain.documents.reading import Judgement, Reading, ReadingOutcome, Result, Trouble
from ostiary.domain.mrz.zone import PartialDate
from ostiary.domain.verification.case import Case, ChipSeen
from ostiary.domain.verification.chip_findings import REASONS, reading_that_counts
from ostiary.domain.verification.judgement import judge_reading
from tests.judgement_material import KIND, case, reading, zone
from tests.unit.test_chip_rules import ENDED, GENUINE, NOW, signer

PASS, RETURN, REVIEW = ReadingOutcome.PASS, ReadingOutcome.RETURN, ReadingOutcome.REVIEW
MARIAS = replace(zone(), places={})
NOT_FOUND = Reading(None, trouble=Trouble.NOT_FOUND)


def judged(
    printed: Reading | None = None, *, pictures: bool = True, played: bool = False, attempt: int = 1, **changes: Any
) -> Judgement:
    """A passport with a chip: `changes` of what was verified, `on_chip` the zone it holds, `case` of the case."""
    of_case, on_chip = changes.pop("case", {}), changes.pop("on_chip", MARIAS)
    facts = replace(GENUINE, **changes)
    chip = ChipSeen(on_chip, judge_chip(ChipCase(facts, NOW)))
    shown = (printed or reading()) if pictures and not played else Reading(None)
    counted = reading_that_counts(shown, chip, has_pictures=pictures)
    usual: Case = case(chip=chip, printed=shown, reading=counted, attempt=attempt, **of_case)
    if not pictures:
        usual = replace(usual, document=replace(usual.document, sides=()))
    return judge_reading(usual, are_pictures_read=not played)


UNKNOWN: dict[str, Any] = {"anchors": ()}
NO_STORE: dict[str, Any] = {"anchors": (), "trust_version": ""}
WRONG = signer(is_ca=True)
LATE: dict[str, Any] = signer(**ENDED)
BAD_SIGNATURE = {"signature": SignatureState.INVALID}
ROWS: list[tuple[str, dict[str, Any], ReadingOutcome, tuple[str, ...]]] = [
    ("all agrees", {}, PASS, ()),
    ("nothing is read on the pictures", {"printed": NOT_FOUND}, PASS, ()),
    ("without pictures", {"pictures": False}, PASS, ()),
    ("the issuer is unknown", UNKNOWN, PASS, ("chip_signer_unknown",)),
    ("and nothing is read", {**UNKNOWN, "printed": NOT_FOUND}, RETURN, ("chip_signer_unknown", "lines_not_found")),
    ("and there are no pictures", {**UNKNOWN, "pictures": False}, REVIEW, ("chip_signer_unknown",)),
    ("there is no store", NO_STORE, PASS, ("trust_unavailable",)),
    ("the signature is of an unknown form", {"signature": SignatureState.UNSUPPORTED}, PASS, ("chip_signer_unknown",)),
    ("the signer is wrong", WRONG, REVIEW, ("chip_signer_wrong",)),
    ("signed too late", LATE, REVIEW, ("chip_signer_expired",)),
    ("a copy", {"presence": PresenceState.WRONG}, REVIEW, ("chip_copied",)),
    ("at hand", {"presence": PresenceState.ANSWERED}, PASS, ()),
    ("signs other documents", signer(document_types=("AR",)), REVIEW, ("format_unexpected",)),
    ("the signature does not fit", BAD_SIGNATURE, RETURN, ("chip_signature_invalid",)),
    ("nor the second time", {**BAD_SIGNATURE, "attempt": 2}, REVIEW, ("chip_signature_invalid",)),
    ("another number is printed", {"printed": reading(number="XY7", lines=("a", "b"))}, RETURN, ("chip_mismatch",)),
    ("another name is printed", {"printed": reading(lines=("a", "b"))}, REVIEW, ("chip_mismatch",)),
    (
        "another number is printed, badly",
        {"printed": reading(number="XY7", lines=("a", "b"), certainty=0.1)},
        REVIEW,
        ("chip_mismatch",),
    ),
    (
        "another number with wrong digits",
        {"printed": reading(number="XY7", lines=("a", "b"), checks={"number": False})},
        REVIEW,
        ("chip_mismatch",),
    ),
    ("the name on the chip is another", {"on_chip": replace(MARIAS, surname="LOPEZ")}, RETURN, ("name_doubtful",)),
    ("another client has it", {"case": {"chip_taken": True}}, REVIEW, ("used_by_another_client",)),
    ("nothing of it is read", {"trouble": ChipTrouble.UNSUPPORTED, "on_chip": None}, PASS, ("chip_signer_unknown",)),
    (
        "nothing of it is read, and there are no pictures",
        {"trouble": ChipTrouble.UNSUPPORTED, "on_chip": None, "pictures": False},
        REVIEW,
        ("chip_signer_unknown",),
    ),
    ("played: all agrees", {"played": True}, PASS, ()),
    ("played: the issuer is unknown", {**UNKNOWN, "played": True}, PASS, ("chip_signer_unknown",)),
    ("played: the signer is wrong", {**WRONG, "played": True}, REVIEW, ("chip_signer_wrong",)),
]


@pytest.mark.parametrize(("changes", "outcome", "reasons"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_a_chip_among_the_rules(changes: dict[str, Any], outcome: ReadingOutcome, reasons: tuple[str, ...]) -> None:
    judgement = judged(**changes)
    assert (judgement.outcome, judgement.reasons) == (outcome, reasons)
    assert bool(judgement.rejections) is (outcome is RETURN)


def test_every_doubt_has_its_reason() -> None:
    assert set(REASONS) == set(ChipDoubt)


def test_what_a_chip_says_counts_where_it_is_proven() -> None:
    [compared] = [each for each in judged().compared if each.rule == "number"]
    assert (compared.result, compared.where) == (Result.AGREES, CHIP_PLACE)
    [compared] = [each for each in judged(**UNKNOWN).compared if each.rule == "number"]
    assert compared.where == "image_front, line 2, characters 1 to 9"


def test_a_specimen_of_utopia_is_of_a_country_in_a_sandbox() -> None:
    utopian = replace(MARIAS, country="UTO")
    for counts, result in ((True, Result.AGREES), (False, Result.DOUBTFUL)):
        judgement = judged(on_chip=utopian, case={"counts_specimens": counts})
        [compared] = [each for each in judgement.compared if each.rule == "issuing_country"]
        assert compared.result is result


def test_a_kind_that_no_machine_reads_is_for_a_person_whatever_its_chip() -> None:
    judgement = judged(case={"kind": replace(KIND, machine_readable=frozenset())})
    assert judgement.reasons == ("not_machine_readable",)


# ---- whose it is ----

BORN = PartialDate(1984, 11, 21)


@pytest.mark.parametrize(("printed", "whole", "wanted"), [
    (PartialDate(2084, 11, 21), BORN, BORN),
    (PartialDate(1984, 11, None), BORN, BORN),
    (PartialDate(1984, None, 21), BORN, BORN),
    (BORN, None, BORN),
    (BORN, PartialDate(1985, 11, 21), BORN),
    (BORN, PartialDate(1984, 12, 21), BORN),
    (BORN, PartialDate(1984, 11, 22), BORN),
    (BORN, PartialDate(None, 11, 21), BORN),
    (PartialDate(None, 11, 21), BORN, PartialDate(None, 11, 21)),
])  # fmt: skip
def test_a_whole_date_settles_one_that_agrees_as_far_as_it_goes(
    printed: PartialDate, whole: PartialDate | None, wanted: PartialDate
) -> None:
    held = holder_zone(ChipReading(zone=zone(birth_date=printed), birth_date=whole))
    assert held is not None
    assert held.birth_date == wanted
    assert held.places == {}


@pytest.mark.parametrize(("truncated", "full_name", "names"), [
    (True, "BARBER DE LA TORRE  MARIA JULIA", ("BARBER DE LA TORRE", "MARIA JULIA")),
    (True, "BARBER", ("BARBER", "")),
    (True, "", ("BARBER", "MARIA JULIA")),
    (False, "LOPEZ  ANA", ("BARBER", "MARIA JULIA")),
])  # fmt: skip
def test_a_whole_name_settles_one_that_is_cut_off(truncated: bool, full_name: str, names: tuple[str, str]) -> None:
    held = holder_zone(ChipReading(zone=zone(names_truncated=truncated), full_name=full_name))
    assert held is not None
    assert (held.surname, held.given_names) == names


def test_nothing_that_was_read_is_nobody_s() -> None:
    assert holder_zone(ChipReading(full_name="LOPEZ  ANA")) is None


# ---- evidence ----


def test_the_evidence_says_who_signed_and_who_vouches() -> None:
    groups = (GroupFit("dg1", True, True), GroupFit("dg11", True, False), GroupFit("dg12", False, False))
    facts = replace(GENUINE, groups=groups)
    evidence = evidence_of(facts, judge_chip(ChipCase(facts, NOW)), ("dg2",))
    assert (evidence.proof, evidence.trust, evidence.revocation) == ("not_proven", "9f3c", "not_listed")
    day = date(2025, 11, 30).isoformat()
    assert evidence.signer == KeptSigner("C=AR, CN=DS", "C=AR, CN=CSCA", "98", "", day, "2027-11-30")
    assert evidence.anchors == (KeptAnchor("4f", "AR", ("DE 2026-05-28",)),)
    assert evidence.groups == {"dg1": "fits", "dg11": "differs", "dg12": "not listed", "dg2": "fits, dropped"}


def test_without_a_signer_nobody_could_be_revoked() -> None:
    facts = replace(GENUINE, signer=None, anchors=())
    evidence = evidence_of(facts, judge_chip(ChipCase(facts, NOW)), ())
    assert (evidence.signer, evidence.revocation) == (None, "")
