"""What `review show` prints as JSON has names of its own: a test holds them, whatever the domain calls the values."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from ostiary.domain.clients.client import Profile
from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result, RuleEvidence
from ostiary.domain.onboarding.requirements import Explained
from ostiary.domain.rejections import Code, Kind, Rejection
from ostiary.domain.screening.hits import HitState, StoredHit
from ostiary.domain.screening.subject import Hit
from ostiary.wire.review import client_shape, hit_shape, profile_shape, requirement_shape
from tests.material import client, document, profile

EVIDENCE = RuleEvidence("number", Result.DIFFERS, "AB1", "AB2", "image_front, line 2", "a note")
REJECTION = Rejection(Kind.DATA, "birth_date", Code.OTHER, "birth_date", "Why.", True, "Correct it.", "s")
JUDGEMENT = Judgement(ReadingOutcome.REVIEW, (EVIDENCE,), (REJECTION,), ("number_differs",))
HIT = Hit("ofac", "v7", "e-1", "MARIA", 0.91, 0.8, ("sanction",), ("1984-11-21",), ("ARG",))


def test_a_requirement_is_shown_with_what_was_judged() -> None:
    shape = requirement_shape(
        Explained("passport", True, "country == 'ARG'", None, 7, ("passport",), document(judgement=JUDGEMENT))
    )
    assert json.loads(json.dumps(shape)) == {
        "requirement": "passport",
        "applies": True,
        "condition": "country == 'ARG'",
        "satisfied_by": None,
        "since_ms": 7,
        "missing": ["passport"],
        "judgement": {
            "outcome": "review",
            "compared": [
                {
                    "rule": "number",
                    "result": "differs",
                    "given": "AB1",
                    "read": "AB2",
                    "where": "image_front, line 2",
                    "note": "a note",
                }
            ],
            "rejections": [
                {
                    "kind": "data",
                    "key": "birth_date",
                    "code": "other",
                    "field": "birth_date",
                    "reason": "Why.",
                    "retryable": True,
                    "action": "Correct it.",
                    "subject": "s",
                }
            ],
            "reasons": ["number_differs"],
        },
    }
    assert requirement_shape(Explained("passport", None, None))["judgement"] is None


def test_a_hit_is_shown_with_its_evidence() -> None:
    shape = hit_shape(StoredHit("k", HIT, HitState.OPEN, 0))
    assert json.loads(json.dumps(shape)) == {
        "key": "k",
        "state": "open",
        "found_at": "1970-01-01T00:00:00",
        "list": "ofac",
        "version": "v7",
        "entry_id": "e-1",
        "name": "MARIA",
        "score": 0.91,
        "threshold": 0.8,
        "topics": ["sanction"],
        "birth_dates": ["1984-11-21"],
        "countries": ["ARG"],
    }


def test_everything_a_company_gave_is_shown() -> None:
    given = profile(second_name="Julia", attributes={"occupation": "baker"})
    assert profile_shape(given).keys() == {attribute.name for attribute in fields(Profile)}
    assert profile_shape(given)["attributes"] == {"occupation": "baker"}


@pytest.mark.parametrize(("code", "number", "dialled"), [(54, 91123456, "+5491123456"), (None, None, None)])
def test_a_telephone_number_is_shown_as_it_is_dialled(
    code: int | None, number: int | None, dialled: str | None
) -> None:
    holder = client(profile=profile(phone_country_code=code, phone_number=number))
    assert client_shape(holder).get("phone") == dialled
