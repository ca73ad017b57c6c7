"""Documents that print another state's code, codes of documents that are no ordinary passport, and ends long ago."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pycountry
import pytest

from ostiary.domain.documents.reading import Judgement, ReadingOutcome
from ostiary.domain.mrz.issuers import iso_country, may_be_printed_for
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.mrz.zone import Format
from ostiary.domain.verification.judgement import Case, judge_reading
from tests.judgement_material import GIVEN, KIND, case
from tests.material import TODAY

DEPENDENCIES = {
    "AUS": ["CCK", "CXR", "HMD", "NFK"],
    "CHN": ["HKG", "MAC"],
    "DNK": ["FRO", "GRL"],
    "FIN": ["ALA"],
    "FRA": ["ATF", "BLM", "GLP", "GUF", "MAF", "MTQ", "MYT", "NCL", "PYF", "REU", "SPM", "WLF"],
    "GBR": ["AIA", "BMU", "CYM", "FLK", "GGY", "GIB", "IMN", "IOT", "JEY", "MSR", "PCN", "SGS", "SHN", "TCA", "VGB"],
    "MAR": ["ESH"],
    "NLD": ["ABW", "BES", "CUW", "SXM"],
    "NOR": ["BVT", "SJM"],
    "NZL": ["COK", "NIU", "TKL"],
    "USA": ["ASM", "GUM", "MNP", "PRI", "UMI", "VIR"],
}
EVERY = [(territory, sovereign) for sovereign, codes in DEPENDENCIES.items() for territory in codes]


def judged(given: str | None, read: str, **changes: Any) -> Judgement:
    return judge_reading(territorial(given, read, **changes))


def territorial(given: str | None, read: str, **changes: Any) -> Case:
    return case(GIVEN | {"issuing_country": given}, country=read, **changes)


@pytest.mark.parametrize(("territory", "sovereign"), EVERY)
def test_what_prints_the_sovereign_for_a_territory_is_a_doubt_and_never_goes_back(
    territory: str, sovereign: str
) -> None:
    only_there = replace(KIND, issuing_countries=frozenset({territory}))
    only_sovereign = replace(KIND, issuing_countries=frozenset({sovereign}))
    for judgement in (
        judged(territory, sovereign),
        judged(sovereign, territory),
        judged(territory, sovereign, kind=only_there),
        judged(None, sovereign, kind=only_there),
        judged(sovereign, territory, kind=only_sovereign),
    ):
        assert (judgement.outcome, judgement.reasons) == (ReadingOutcome.REVIEW, ("country_doubtful",))


def test_every_territory_of_iso_3166_is_listed_but_those_that_print_their_own_code() -> None:
    listed = {country.alpha_3 for country in pycountry.countries if _is_territory(country.alpha_3)}
    assert listed == {territory for territory, _ in EVERY}
    assert all(iso_country(code) == code for pair in EVERY for code in pair)


def _is_territory(code: str) -> bool:
    return any(may_be_printed_for(sovereign, code) for sovereign in DEPENDENCIES if sovereign != code) and (
        code not in DEPENDENCIES
    )


@pytest.mark.parametrize(
    ("given", "read"),
    [("HKG", "MAC"), ("HKG", "TWN"), ("PRI", "CHN"), ("BMU", "FRA"), ("ARG", "BRA"), ("PSE", "ISR"), ("REU", "ESP")],
)
def test_any_other_country_still_contradicts(given: str, read: str) -> None:
    judgement = judged(given, read)
    assert judgement.outcome is ReadingOutcome.RETURN
    assert [rejection.code for rejection in judgement.rejections] == ["country_mismatch"]


def test_a_type_for_one_territory_still_refuses_other_countries() -> None:
    judgement = judged("HKG", "BRA", kind=replace(KIND, issuing_countries=frozenset({"HKG"})))
    assert [rejection.code for rejection in judgement.rejections] == ["document_not_accepted_for_country"]


def test_a_country_that_could_not_be_told_is_a_doubt() -> None:
    judgement = judged("USA", "")
    assert (judgement.outcome, judgement.reasons) == (ReadingOutcome.REVIEW, ("country_doubtful",))


# ---- document codes -------------------------------------------------------------------------------------------------

ORDINARY = replace(KIND, document_codes=frozenset({"P", "PP"}))


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("P", ReadingOutcome.PASS),
        ("PP", ReadingOutcome.PASS),
        *((code, ReadingOutcome.REVIEW) for code in ("PE", "PU", "PR", "PD", "")),
    ],
)
def test_a_type_says_which_codes_it_takes(code: str, outcome: ReadingOutcome) -> None:
    judgement = judge_reading(case(kind=ORDINARY, document_code=code))
    assert judgement.outcome is outcome
    assert judgement.reasons == (() if outcome is ReadingOutcome.PASS else ("format_unexpected",))
    assert judge_reading(case(document_code=code)).outcome is ReadingOutcome.PASS  # a type that says nothing takes any


def test_a_code_that_is_not_taken_is_named_with_those_that_are() -> None:
    judgement = judge_reading(case(kind=ORDINARY, document_code="PE"))
    assert judgement.compared[0].note == "the document code is PE, where P or PP is taken"


# ---- ends long ago --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "outcome", "reason"),
    [
        ("990101", ReadingOutcome.REVIEW, "no_expiration"),
        ("991231", ReadingOutcome.REVIEW, "no_expiration"),
        ("999999", ReadingOutcome.REVIEW, "no_expiration"),
        ("000000", ReadingOutcome.REVIEW, "no_expiration"),
        ("<<<<<<", ReadingOutcome.REVIEW, "no_expiration"),
        ("981231", ReadingOutcome.REVIEW, "expiration_doubtful"),
        ("800101", ReadingOutcome.REVIEW, "expiration_doubtful"),
        ("000101", ReadingOutcome.REVIEW, "expiration_doubtful"),
        ("010101", ReadingOutcome.REVIEW, "expiration_doubtful"),
        ("200101", ReadingOutcome.RETURN, "expiration_doubtful"),
    ],
)
@pytest.mark.parametrize("issuer", ["ITA", "ESP", "UTO", "PRT"])
def test_an_end_before_any_such_card_was_issued_does_not_send_the_client_back(
    printed: str, outcome: ReadingOutcome, reason: str, issuer: str
) -> None:
    zone = parse(
        (f"I<{issuer}D231458907".ljust(30, "<"), f"7408122F{printed}9UTO".ljust(30, "<"), "A".ljust(30, "<")), TODAY
    )
    assert zone is not None
    details = {name: value for name, value in GIVEN.items() if name != "expiration_date"}
    judgement = judge_reading(case(details, expiration_date=zone.expiration_date))
    assert (judgement.outcome, judgement.reasons) == (outcome, (reason,))


def test_a_barcode_prints_the_year_in_full_so_that_it_is_no_doubt() -> None:
    licence = replace(KIND, machine_readable=frozenset({Format.AAMVA}))
    judgement = judge_reading(case(kind=licence, format=Format.AAMVA, checks={}, expiration_date=date(1999, 1, 1)))
    assert judgement.outcome is ReadingOutcome.RETURN
