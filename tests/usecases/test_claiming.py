"""When a worker claims what is due: at once, and then together what comes within a few milliseconds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.background import worker as claiming
from ostiary.background.worker import CLAIM_EVERY_S, Worker
from ostiary.domain.companies.company import Company
from ostiary.domain.delivery.messages import Message
from tests.house import open_house

BEGAN_S = 1_000.0


class Moments:
    """A clock that only waiting moves on."""

    def __init__(self) -> None:
        self.now_s, self.waited_s = BEGAN_S, list[float]()

    def now(self) -> float:
        return self.now_s

    async def wait(self, seconds: float) -> None:
        self.waited_s.append(seconds)
        self.now_s += seconds


async def nothing() -> None:
    return


async def test_claims_are_some_time_apart_and_take_what_came_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments, claimed_ms = Moments(), list[int]()

    async def due() -> int:
        return 0

    async def claim(lease: str, now_ms: int, *_: object) -> list[tuple[Message, Company]]:
        claimed_ms.append(now_ms)
        return []

    with open_house(tmp_path / "data") as house:
        outbox = house.context.storage.outbox
        monkeypatch.setattr(outbox, "next_due_ms", due)
        monkeypatch.setattr(outbox, "claim", claim)
        monkeypatch.setattr(claiming, "monotonic", moments.now)
        monkeypatch.setattr(asyncio, "sleep", moments.wait)
        context = replace(house.context, now_ms=lambda: round(moments.now_s * 1_000))
        worker = Worker(context, None, nothing)  # type: ignore[arg-type]  # nothing is sent
        for _ in range(3):
            await worker._round()
        moments.now_s += 10 * CLAIM_EVERY_S
        await worker._round()
    began, apart = round(BEGAN_S * 1_000), round(CLAIM_EVERY_S * 1_000)
    assert claimed_ms == [began, began + apart, began + 2 * apart, began + 12 * apart]
    assert moments.waited_s == pytest.approx([CLAIM_EVERY_S, CLAIM_EVERY_S])
