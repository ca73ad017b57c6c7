"""`doctor` names who should have ended by itself, the oldest first, and looks at no more than it says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from ostiary.cli.doctor import erasures as doctor
from ostiary.cli.doctor.machine import Level
from ostiary.domain.catalogue.renewal_rules import CalendarPeriod
from ostiary.domain.companies.company import Company
from ostiary.domain.ids import encode
from ostiary.domain.privacy.holds import HoldWish
from ostiary.domain.privacy.retention import USUAL, Category, Rule, Rules
from ostiary.domain.times import DAY_MS
from ostiary.usecases.privacy import standing
from ostiary.usecases.privacy.holds import hold_client
from tests.erasing import approvers
from tests.house import House
from tests.reviewing import acts

BY_ITSELF: Rules = {
    **USUAL,
    Category.NEVER_SUBMITTED: Rule(Category.NEVER_SUBMITTED, CalendarPeriod(), "our notice", by_itself=True),
}


def said_of(house: House, rules: Rules = BY_ITSELF, **changes: Any) -> list[tuple[Level, str]]:
    company = replace(house.caller.company, **changes)
    with house.parts.store.engine.snapshot() as look:
        findings = list(doctor.retention([company], look, house.parts.cipher, rules, house.clock.now_ms))
    return [(each.level, each.found) for each in findings]


async def in_thread(house: House, **changes: Any) -> list[tuple[Level, str]]:
    """As `doctor` is: without an event loop around it."""
    return await asyncio.to_thread(said_of, house, **changes)


async def test_it_says_who_is_overdue(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [(await house.client(email=f"o{number}@example.com")).id for number in range(7)]
    assert await in_thread(house) == [(Level.OK, "nobody is overdue")]
    house.clock.now_ms += 2 * DAY_MS
    nobody = await in_thread(house, rules=USUAL)
    assert [level for level, _ in nobody] == [Level.OK]
    bea, _ = await approvers(house)
    await house.do(hold_client, ids[0], HoldWish("A court."), caller=acts(house, bea))
    [(level, words)] = await in_thread(house)
    assert (level, ids[0] in words) == (Level.WARNING, False)
    assert words.startswith("6 clients")
    assert f"company {house.caller.company.id} should have ended" in words
    assert ", ".join(ids[1:6]) + " ..." in words
    monkeypatch.setattr(standing, "LOOKED_AT_FOR_A_PAGE", 1)
    monkeypatch.setattr(standing, "LOOKED_AT_TOGETHER", 1)
    monkeypatch.setattr(doctor, "MOST_LOOKED_AT", 3)
    [(_, words)] = await in_thread(house)
    assert words.startswith("2 or more clients")


async def test_it_counts_clients_and_looks_at_every_company(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Companies without clients cost nothing of what is looked at, and one with many is not looked at alone."""
    ids = [(await house.client(email=f"o{number}@example.com")).id for number in range(3)]
    late, empty = house.clock.now_ms + 2 * DAY_MS, replace(house.caller.company, id=encode(1, 1))
    monkeypatch.setattr(standing, "LOOKED_AT_FOR_A_PAGE", 1)
    monkeypatch.setattr(standing, "LOOKED_AT_TOGETHER", 1)
    monkeypatch.setattr(doctor, "MOST_LOOKED_AT", 2)

    def findings_of(company: Company, *, now_ms: int = late) -> list[str]:
        companies = [*[empty] * 9, company, replace(company, id=empty.id)]
        with house.parts.store.engine.snapshot() as look:
            findings = list(doctor.retention(companies, look, house.parts.cipher, BY_ITSELF, now_ms))
        return [each.found for each in findings]

    [words] = await asyncio.to_thread(findings_of, house.caller.company)
    assert words.startswith(f"2 or more clients of company {house.caller.company.id} ")
    assert ", ".join(ids[:2]) in words
    today = await asyncio.to_thread(findings_of, house.caller.company, now_ms=house.clock.now_ms + DAY_MS)
    assert today == ["nobody of the first 2 clients is overdue"]
