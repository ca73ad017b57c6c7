"""What a reading proposes for a document's details, and what of it is said not to fit before the submission."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ostiary.adapters.lookups.rules import PackagedLookups
from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.documents.reading import Trouble
from ostiary.domain.hosted.proposals import AWAY, Misfit, Proposals, ReadNow, proposed, standing_misfits
from ostiary.domain.mrz.zone import Format, PartialDate
from ostiary.domain.verification.case import Case
from tests.judgement_material import ALL_FIT, EXPIRES, KIND, case, unread
from tests.material import profile

LOOKUPS = PackagedLookups()
DETAILS = {"number": "AB1234567", "issuing_country": "ARG", "expiration_date": EXPIRES.isoformat()}


def proposals_of(of: Case) -> Proposals:
    return proposed(replace(of, document=replace(of.document, metadata={})), LOOKUPS)


def test_a_document_that_fits_fills_the_form_and_nothing_is_said() -> None:
    assert proposals_of(case()) == Proposals(ReadNow.READ, DETAILS)


def declared(name: str, data_type: DataType = DataType.STRING, **limits: Any) -> Field:
    return Field(name, name, data_type, **limits)


@pytest.mark.parametrize(
    ("field", "read", "expected"),
    [
        (declared("last_name"), {}, "BARBER"),
        (declared("first_name"), {}, "MARIA JULIA"),
        (declared("birth_date", DataType.DATE), {}, "1984-11-21"),
        (declared("birth_date", DataType.DATE), {"birth_date": PartialDate(1984, None, None)}, None),
        (declared("birth_date"), {}, None),  # a text may be meant in any form
        (declared("expiration_date", DataType.DATE), {"expiration_date": None}, None),
        (declared("issuing_country", DataType.COUNTRY), {"country": "D"}, "DEU"),
        (declared("issuing_country", DataType.COUNTRY), {"country": "UTO"}, None),
        (declared("number", pattern="[0-9]+"), {}, None),  # what would be refused is not proposed
        (declared("number", max_length=8), {}, None),
        (declared("colour_of_the_cover"), {}, None),
    ],
)
def test_proposed_is_what_the_catalogue_declares_and_takes(
    field: Field, read: dict[str, Any], expected: str | None
) -> None:
    proposals = proposals_of(case(kind=replace(KIND, metadata=(field,)), **read))
    assert proposals.look is ReadNow.READ
    assert proposals.details == ({field.id: expected} if expected else {})


@pytest.mark.parametrize(
    ("changes", "misfits"),
    [
        ({"last_name": "Baker"}, (Misfit("last_name", "Baker", "BARBER"),)),
        ({"last_name": "Barbor"}, (Misfit("last_name", "Barbor", "BARBER"),)),  # a doubt: one letter differs
        ({"last_name": "Barber Lopez"}, (Misfit("last_name", "Barber Lopez", "BARBER"),)),
        ({"surname": ""}, ()),  # nothing there that could be shown
        ({"born": "1984-12-21"}, (Misfit("birth_date", "1984-12-21", "1984-11-21"),)),
        ({"birth_date": PartialDate(1984, None, None)}, ()),
        ({"expiration_date": EXPIRES.replace(year=2020)}, (Misfit("expiration_date", "", "2020-01-01"),)),
        ({"kind": replace(KIND, issuing_countries=frozenset({"CHL"}))}, (Misfit("issuing_country", "", "ARG"),)),
        ({"country": "BRA"}, ()),  # not where the client lives, and nobody said that it has to be
        ({"format": Format.TD1}, (Misfit("document"),)),
        ({"document_code": "V", "kind": replace(KIND, document_codes=frozenset({"P"}))}, (Misfit("document"),)),
        (
            {"first_name": "Pedro", "second_name": None, "born": "1990-01-01"},
            (Misfit("first_name", "Pedro", "MARIA JULIA"), Misfit("birth_date", "1990-01-01", "1984-11-21")),
        ),
    ],
)
def test_what_does_not_fit_is_said_with_both_ways_to_write_it(
    changes: dict[str, Any], misfits: tuple[Misfit, ...]
) -> None:
    assert proposals_of(case(**changes)).misfits == misfits


@pytest.mark.parametrize(
    "unsure", [{"checks": ALL_FIT | {"composite": False}}, {"certainty": 0.4}], ids=["digits", "certainty"]
)
def test_where_the_reader_is_not_sure_nothing_is_proposed_and_nothing_said(unsure: dict[str, Any]) -> None:
    assert proposals_of(case(last_name="Baker", **unsure)) == Proposals(ReadNow.NOTHING)


@pytest.mark.parametrize("trouble", Trouble)
def test_nothing_read_is_no_reproach_and_no_reader_is_told_from_it(trouble: Trouble) -> None:
    assert proposals_of(unread(trouble)) == (AWAY if trouble is Trouble.UNAVAILABLE else Proposals(ReadNow.NOTHING))


@pytest.mark.parametrize(
    ("misfit", "stands"),
    [
        (Misfit("last_name", "Barber", "BAKER"), True),
        (Misfit("last_name", "Baker", "BARBER"), False),
        (Misfit("first_name", "Maria Julia", "PEDRO"), True),
        (Misfit("first_name", "Maria", "PEDRO"), False),
        (Misfit("birth_date", "1984-11-21", "1990-01-01"), True),
        (Misfit("birth_date", "1984-11-22", "1984-11-21"), False),
        (Misfit("expiration_date", "", "2020-01-01"), True),
        (Misfit("document"), True),
    ],
)
def test_what_was_corrected_meanwhile_is_not_said_again(misfit: Misfit, stands: bool) -> None:
    assert standing_misfits((misfit,), profile()) == ((misfit,) if stands else ())


def test_nothing_personal_shows_when_proposals_are_printed() -> None:
    shown = repr(proposals_of(case(last_name="Baker")))
    assert not [word for word in ("AB1234567", "Baker", "BARBER") if word in shown]
