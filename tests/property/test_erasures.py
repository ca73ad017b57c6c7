"""Random histories of several clients with erasures and holds among them: the trail verifies, who is erased is gone,
and nobody else changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ostiary.domain.errors import Refused
from ostiary.domain.operators.operator import Role
from ostiary.domain.privacy.holds import HoldWish
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS
from ostiary.storage.privacy.kept import REMOVED
from ostiary.usecases.privacy.holds import hold_client
from ostiary.usecases.privacy.request_erasure import confirm_erasure, request_erasure, stage_erasure
from tests.acceptance.databases import migrated
from tests.auditing import faults
from tests.erasing import counted, rounds
from tests.house import House, open_house, upload
from tests.reviewing import acts, operator
from tests.servers.postgresql import shared

CLIENTS, STEPS = 4, 24
SQLITE, POSTGRESQL = "sqlite", "postgresql"
OF_CLIENT = {
    name: "owner" if name == "audit_entries" else "client_id"
    for name in (*REMOVED, "clients", "audit_entries")
    if name not in ("attempts", "review_claims", "onboarding_sessions")
}
ACTIONS = ("request", "send", "submit", "judge", "time", "ask", "early", "hold", "work")

HISTORIES = [
    *(pytest.param((SQLITE, seed), id=f"{SQLITE} {seed}") for seed in range(8)),
    *(pytest.param((POSTGRESQL, seed), id=f"{POSTGRESQL} {seed}", marks=pytest.mark.heavy) for seed in range(8, 10)),
]


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


async def rows_on(house: House, client_id: str) -> dict[str, list[tuple[Any, ...]]]:
    """What the database has of a client, whichever it is, in an order of its own."""
    engine, key = house.parts.store.engine, (house.caller.company.id, client_id)
    texts = {
        name: f"SELECT * FROM {name} WHERE company_id = ?1 AND {column} = ?2"  # noqa: S608
        for name, column in OF_CLIENT.items()
    }
    rows = {name: await engine.rows(text, *key) for name, text in texts.items()}
    return {name: sorted(map(tuple, each), key=repr) for name, each in rows.items()}


@pytest.fixture(params=HISTORIES)
def history(request: pytest.FixtureRequest) -> Iterator[tuple[dict[str, str], int]]:
    """Settings of an installation, and what its chance begins with."""
    kind, seed = request.param
    if kind == SQLITE:
        yield {}, seed
        return
    name = migrated(shared())
    yield {"OSTIARY_DATABASE_URL": shared().url(name)}, seed
    shared().drop([name])


async def test_histories_with_erasures_verify_and_no_other_client_changes(
    tmp_path: Path, history: tuple[dict[str, str], int]
) -> None:
    settings, seed = history
    chance = Random(seed)
    with open_house(tmp_path / "data", **settings) as house:
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
            before = {each: await rows_on(house, each) for each in there}
            await rounds(house)
            for each in there:
                if await house.context.storage.clients.find(company.id, each) is None:
                    assert await counted(house, each) == {}
                elif house.actions(each)[-1] != "erasure_withdrawn":
                    after = await rows_on(house, each)
                    assert {name: rows for name, rows in after.items() if rows != before[each][name]} == {}
        await house.parts.store.census.count(house.clock())
        assert faults(house.parts.store, house.parts.cipher) == {}
        await house.parts.store.release()
