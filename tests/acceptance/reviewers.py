"""Two operators who decide the same requests at the same moment, and one who changes keys meanwhile."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from ostiary.app import Installation, opened
from ostiary.domain.companies.company import ApiKey
from ostiary.domain.errors import InvalidState, Unavailable
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.settings import read_settings
from ostiary.usecases.companies.companies import NewKey, create_key, operator_for, revoke_key
from ostiary.usecases.review.decide import WaitingReview, decide_request, inspect_request, list_reviews
from ostiary.usecases.transaction import Outcome, execute
from tests.acceptance.mixed_calls import Side

T = TypeVar("T")
OPERATORS = ("ana", "ben")
DECISIONS = (Decision.APPROVE, Decision.REJECT, Decision.REJECT, Decision.REJECT_CLIENT)
PAUSE_S = 0.1
AT_ONCE = 3
KEYS_EVERY = 15
"""Rounds between two changes of a company's key."""


@dataclass
class Reviewers:
    """Works until told to stop. `decided` are decisions that were answered, `unknown` those whose answer was lost."""

    variables: dict[str, str]
    sides: dict[str, Side]  # by company
    seed: int
    stopping: threading.Event = field(default_factory=threading.Event)
    decided: list[tuple[str, str, Decision]] = field(default_factory=list)
    unknown: list[tuple[str, str, Decision]] = field(default_factory=list)
    too_late: int = 0
    revoked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def run(self) -> None:
        chance = random.Random(self.seed)
        settings = {name: value for name, value in self.variables.items() if name.startswith("OSTIARY_")}
        with opened(read_settings(settings)) as parts:
            try:
                parts.run(self._work(parts, chance))
            except Exception as problem:
                self.problems.append(f"{type(problem).__name__}: {problem}")

    async def _work(self, parts: Installation, chance: random.Random) -> None:
        turn = 0
        while not self.stopping.is_set():
            turn += 1
            try:
                waiting = await list_reviews(parts.context)
                for each in chance.sample(waiting, min(AT_ONCE, len(waiting))):
                    verdicts = [Verdict(chance.choice(DECISIONS), "As the storm decided.") for _ in OPERATORS]
                    await self._both(parts, each, verdicts)
                if turn % KEYS_EVERY == 0:
                    await self._another_key(parts, chance.choice(list(self.sides)))
            except Unavailable:
                pass
            await asyncio.sleep(PAUSE_S)

    async def _both(self, parts: Installation, waiting: WaitingReview, verdicts: Sequence[Verdict]) -> None:
        await asyncio.gather(
            *(self._decide(parts, waiting, who, verdict) for who, verdict in zip(OPERATORS, verdicts, strict=True))
        )

    async def _decide(self, parts: Installation, waiting: WaitingReview, who: str, verdict: Verdict) -> None:
        """Looks, then decides; a decision whose answer is lost may have been taken, and is not given again."""
        context, request = parts.context, waiting.enablement
        try:
            caller = await operator_for(context, waiting.company.id, who)
            look = partial(inspect_request, context, caller, request.client_id, request.id, pictures=False)
            await execute(context, caller, look)
        except Unavailable:
            return
        decision = (request.id, f"operator:{who}", verdict.decision)
        decide = partial(
            decide_request, context, caller, request.client_id, request.id, verdict, "because of the storm"
        )
        try:
            await execute(context, caller, decide)
            self.decided.append(decision)
        except InvalidState:
            self.too_late += 1
        except Unavailable:
            self.unknown.append(decision)

    async def _another_key(self, parts: Installation, company_id: str) -> None:
        """Programs go on with a new key; the old one is revoked, and good for nothing from then on."""
        side = self.sides[company_id]
        issued = await _often(partial(_created, parts, company_id))
        old, side.api_key = side.api_key, issued.secret
        keys = await parts.context.storage.companies.keys(company_id)
        for key in keys:
            if key.id != issued.key.id and key.revoked_at_ms is None:
                await _often(partial(_revoked, parts, company_id, key.id))
        self.revoked.append(old)


async def _created(parts: Installation, company_id: str) -> NewKey:
    async def decide() -> Outcome[NewKey]:
        return await create_key(parts.context, await operator_for(parts.context, company_id, "olga"), 3, ())

    return await execute(parts.context, await operator_for(parts.context, company_id, "olga"), decide)


async def _revoked(parts: Installation, company_id: str, key_id: str) -> ApiKey:
    async def decide() -> Outcome[ApiKey]:
        key = await parts.context.storage.companies.key(key_id)
        assert key is not None
        return await revoke_key(parts.context, await operator_for(parts.context, company_id, "olga"), key)

    return await execute(parts.context, await operator_for(parts.context, company_id, "olga"), decide)


async def _often(work: Callable[[], Awaitable[T]]) -> T:
    """Until the database is there."""
    while True:
        try:
            return await work()
        except Unavailable:
            await asyncio.sleep(PAUSE_S)
