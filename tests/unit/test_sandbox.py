"""Sandbox scenarios, chosen by a document's number."""

from __future__ import annotations

import pytest

from ostiary.adapters.config import scenarios_file
from ostiary.domain.rejections import Code
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.sandbox.scenarios import scenario_for, verdict_of
from tests.material import document, profile

SCENARIOS = scenarios_file.load(None)
BY_ID = {scenario.id: scenario for scenario in SCENARIOS}


def numbered(*numbers: object, last_name: str = "Barber") -> tuple[str, str | None]:
    documents = tuple(document(f"kind{at}", metadata={"number": number}) for at, number in enumerate(numbers))
    scenario, chosen = scenario_for(SCENARIOS, documents, profile(last_name=last_name))
    return scenario.id, None if chosen is None else chosen.type


@pytest.mark.parametrize(
    ("numbers", "scenario", "chosen"),
    [
        (["REJECT1"], "reject", "kind0"),
        ([" retry-7"], "retry", "kind0"),
        (["AB123", "REVIEW"], "review", "kind1"),
        (["SLOW", "REJECT"], "slow", "kind0"),
        (["AB123"], "usual", "kind0"),
        (["1REJECT"], "usual", "kind0"),
        ([None, 5], "usual", "kind0"),
        ([], "usual", None),
    ],
)
def test_the_first_number_with_a_known_beginning_chooses(
    numbers: list[object], scenario: str, chosen: str | None
) -> None:
    assert numbered(*numbers) == (scenario, chosen)


@pytest.mark.parametrize(("name", "scenario"), [("Sanctioned", "listed"), ("SANCTIONED", "listed"), ("X", "usual")])
def test_a_name_chooses_where_no_number_does(name: str, scenario: str) -> None:
    assert numbered("AB1", last_name=name)[0] == scenario
    assert numbered("REJECT1", last_name=name)[0] == "reject"


@pytest.mark.parametrize(
    ("scenario", "attempt", "decision"),
    [
        ("reject", 1, Decision.REJECT),
        ("reject", 2, Decision.REJECT),
        ("retry", 1, Decision.RETURN),
        ("retry", 2, Decision.APPROVE),
        ("expired", 5, Decision.RETURN),
        ("slow", 1, Decision.APPROVE),
        ("usual", 1, Decision.APPROVE),
        ("review", 1, None),
    ],
)
def test_what_a_scenario_decides(scenario: str, attempt: int, decision: Decision | None) -> None:
    verdict = verdict_of(BY_ID[scenario], document(), attempt)
    assert (verdict and verdict.decision) == decision


def test_without_a_document_nothing_goes_back() -> None:
    verdict = verdict_of(BY_ID["retry"], None, 1)
    assert verdict is not None
    assert verdict.decision is Decision.APPROVE


def test_retry_sends_the_document_back_that_chose_it() -> None:
    verdict = verdict_of(BY_ID["retry"], document("national_id"), 1)
    assert verdict is not None
    (again,) = verdict.rejections
    assert (again.key, again.code, again.field) == ("national_id", Code.IMAGE_NOT_READABLE, "image_front")


def test_every_scenario_says_what_chooses_it() -> None:
    assert [scenario.when for scenario in SCENARIOS] == [
        "number begins with REJECT",
        "number begins with RETRY",
        "number begins with EXPIRED",
        "number begins with FORGED",
        "number begins with REVIEW",
        "last name is Sanctioned",
        "number begins with SLOW",
        "anything else",
    ]
    assert {scenario.id: scenario.delay_ms for scenario in SCENARIOS if scenario.delay_ms} == {"slow": 10_000}
