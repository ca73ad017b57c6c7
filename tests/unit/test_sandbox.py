"""Sandbox scenarios, chosen by a document's number."""

from __future__ import annotations

import pytest

from ostiary.domain.rejections import Code
from ostiary.domain.sandbox import SCENARIOS, SLOW_MS, Scenario, scenario_for, verdict_of
from ostiary.domain.verdicts import Decision
from tests.material import document

BY_PREFIX = {one.prefix: one for one in SCENARIOS}


def numbered(*numbers: object) -> tuple[Scenario, str | None]:
    documents = tuple(document(f"kind{at}", metadata={"number": number}) for at, number in enumerate(numbers))
    scenario, chosen = scenario_for(documents)
    return scenario, None if chosen is None else chosen.type


@pytest.mark.parametrize(
    ("numbers", "prefix", "chosen"),
    [
        (["REJECT1"], "REJECT", "kind0"),
        ([" retry-7"], "RETRY", "kind0"),
        (["AB123", "REVIEW"], "REVIEW", "kind1"),
        (["SLOW", "REJECT"], "SLOW", "kind0"),
        (["AB123"], "", None),
        (["1REJECT"], "", None),
        ([None, 5], "", None),
        ([], "", None),
    ],
)
def test_the_first_number_with_a_known_beginning_chooses(
    numbers: list[object], prefix: str, chosen: str | None
) -> None:
    assert numbered(*numbers) == (BY_PREFIX[prefix], chosen)


@pytest.mark.parametrize(
    ("prefix", "attempt", "decision"),
    [
        ("REJECT", 1, Decision.REJECT),
        ("REJECT", 2, Decision.REJECT),
        ("RETRY", 1, Decision.RETURN),
        ("RETRY", 2, Decision.APPROVE),
        ("SLOW", 1, Decision.APPROVE),
        ("", 1, Decision.APPROVE),
        ("REVIEW", 1, None),
    ],
)
def test_what_a_scenario_decides(prefix: str, attempt: int, decision: Decision | None) -> None:
    verdict = verdict_of(BY_PREFIX[prefix], document(), attempt)
    assert (verdict and verdict.decision) == decision


def test_retry_sends_the_document_back_that_chose_it() -> None:
    verdict = verdict_of(BY_PREFIX["RETRY"], document("national_id"), 1)
    assert verdict is not None
    (again,) = verdict.rejections
    assert (again.key, again.code, again.field) == ("national_id", Code.IMAGE_NOT_READABLE, "image_front")


def test_every_scenario_says_how_it_ends_and_only_slow_takes_its_time() -> None:
    assert all(one.outcome for one in SCENARIOS)
    assert {one.prefix: one.delay_ms for one in SCENARIOS if one.delay_ms} == {"SLOW": SLOW_MS}
    assert SCENARIOS[-1].prefix == ""
