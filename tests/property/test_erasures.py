"""Random histories of several clients with erasures and holds among them: the trail verifies, who is erased is gone,
and nobody else changes."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from ostiary.domain.errors import Refused
from ostiary.domain.operators.operator import Role
from ostiary.domain.privacy.holds import HoldWish
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS
from ostiary.usecases.privacy.holds import hold_client
from ostiary.usecases.privacy.request_erasure import confirm_erasure, request_erasure, stage_erasure
from tests.auditing import faults
from tests.erasing import counted, rounds, rows_of
from tests.house import House, open_house, upload
from tests.reviewing import acts, operator

CLIENTS, STEPS = 4, 24
ACTIONS = ("request", "send", "submit", "judge", "time", "ask", "early", "hold", "work")


async def act(house: House, chance: Random, client_id: str, people: Any) -> None:
    """One thing that may happen to a client; what is refused is as good."""
    bea, eva = (acts(house, each) for each in people)
    dossier = await house.context.storage.dossier(house.caller.company.id, client_id)
    if dossier is None:
        return
    requests, action = dossier.enablements, chance.choice(ACTIONS)
    if action == "request":
        await house.request(client_id)
    elif action == "send" and requests:
        await house.send(client_id, requests[-1].id, upload(number=f"AB{chance.randrange(10**7):07}"))
    elif action == "submit" and requests:
        await house.submit(client_id, requests[-1].id)
    elif action == "judge" and requests:
        await house.judge(client_id, requests[-1].id, chance.choice([Decision.APPROVE, Decision.REJECT]))
    elif action == "time":
        house.clock.now_ms += chance.choice([DAY_MS, 6 * 366 * DAY_MS])
    elif action == "ask":
        await house.do(request_erasure, client_id)
    elif action == "early":
        staged = await house.do(stage_erasure, client_id, "A wish.", caller=bea)
        await house.do(confirm_erasure, staged.id, caller=eva)
    elif action == "hold":
        await house.do(hold_client, client_id, HoldWish("A court."), caller=bea)
    else:
        await house.work()


@pytest.mark.parametrize("seed", range(8))
async def test_histories_with_erasures_verify_and_no_other_client_changes(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        people = [await operator(house, name, Role.APPROVER) for name in ("bea", "eva")]
        ids = [(await house.client(email=f"{number}@example.com")).id for number in range(CLIENTS)]
        for _ in range(STEPS):
            try:
                await act(house, chance, chance.choice(ids), people)
            except Refused:
                continue
            company = house.caller.company
            there = [each for each in ids if await house.context.storage.clients.find(company.id, each) is not None]
            before = {each: rows_of(house, each) for each in there}
            await rounds(house)
            for each in there:
                if await house.context.storage.clients.find(company.id, each) is None:
                    assert await counted(house, each) == {}
                elif house.actions(each)[-1] != "erasure_withdrawn":
                    after = rows_of(house, each)
                    assert {name: rows for name, rows in after.items() if rows != before[each][name]} == {}
        await house.parts.store.census.count(house.clock())
        assert faults(house.parts.store, house.parts.cipher) == {}
