"""The rate limit of several processes: what one serves, the others know; who is blocked in one is blocked in all."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import Parameter, Signature

import pytest

from ostiary.domain.companies.rate_limit import FORGIVEN_AFTER_MS
from ostiary.domain.errors import TooManyRequests
from ostiary.storage.tables.rate_limits import SWEPT_TOGETHER
from ostiary.web.rate_limiter import TOLD_TOGETHER, RateLimiter
from tests.storage.shelf import Shelf

pytestmark = pytest.mark.parametrize("engine", ["postgres"], indirect=True)
WHO, LIMIT = "address 192.0.2.1", 10
MOST_ATTEMPTS = 20


class Processes:
    """Two limiters that tell each other when the test says so."""

    def __init__(self, engine: Shelf, who: str = WHO) -> None:
        self.engine, self.who = engine, who
        self.sharing = [engine.open().standings for _ in range(2)]
        self.limiters = [RateLimiter(LIMIT) for _ in range(2)]
        for limiter in self.limiters:
            limiter.begin_sharing()

    async def exchange(self, which: int, now_ms: int) -> None:
        limiter = self.limiters[which]
        if usages := limiter.usages(now_ms):
            limiter.learn(await self.sharing[which].exchange(usages), now_ms)

    def serve(self, which: int, requests: int, now_ms: int, who: str = "") -> int:
        """How many of them pass."""
        passed, who = 0, who or self.who
        for _ in range(requests):
            try:
                self.limiters[which].count(who, now_ms)
            except TooManyRequests:
                continue
            passed += 1
        return passed


Story = Callable[[Processes], Awaitable[None]]


def within_a_second(story: Story) -> Callable[[Shelf], Awaitable[None]]:
    """Told anew, of another caller, as long as it fails and a second of the server's began meanwhile.

    What was served counts by whole seconds of the server's clock, which is this machine's.
    """

    @wraps(story)
    async def with_engine(engine: Shelf) -> None:
        for attempt in range(MOST_ATTEMPTS):
            began = int(time.time())
            try:
                return await story(Processes(engine, f"{WHO}{attempt}"))
            except (AssertionError, pytest.fail.Exception):
                if int(time.time()) == began or attempt == MOST_ATTEMPTS - 1:
                    raise
        return None

    with_engine.__signature__ = Signature([Parameter("engine", Parameter.POSITIONAL_OR_KEYWORD)])  # type: ignore[attr-defined]
    return with_engine


@pytest.fixture
async def processes(engine: Shelf) -> Processes:
    return Processes(engine)


@within_a_second
async def test_what_one_process_served_is_not_served_again_by_another(processes: Processes) -> None:
    assert processes.serve(0, 8, 1_000) == 8
    assert processes.serve(1, 1, 1_000) == 1
    for which in (0, 1):
        await processes.exchange(which, 1_001)
    assert processes.serve(1, 5, 1_002) == 1, "ten in all"


@within_a_second
async def test_a_block_holds_everywhere(processes: Processes) -> None:
    assert processes.serve(0, LIMIT + 1, 1_000) == LIMIT
    await processes.exchange(0, 1_000)
    assert processes.serve(1, 1, 1_000) == 1, "until it hears of it"
    await processes.exchange(1, 1_000)
    with pytest.raises(TooManyRequests) as refused:
        processes.limiters[1].count(processes.who, 1_001)
    assert refused.value.retry_after_s == 1


@within_a_second
async def test_violations_are_counted_together(processes: Processes) -> None:
    processes.serve(0, LIMIT + 1, 1_000)
    await processes.exchange(0, 1_000)
    processes.serve(1, 1, 1_000)
    await processes.exchange(1, 1_000)
    assert processes.serve(1, LIMIT + 1, 10_000) <= LIMIT
    with pytest.raises(TooManyRequests) as refused:
        processes.limiters[1].count(processes.who, 10_001)
    assert refused.value.retry_after_s == 2, "the second time"


async def test_callers_do_not_count_for_each_other(processes: Processes) -> None:
    processes.serve(0, LIMIT + 1, 1_000)
    await processes.exchange(0, 1_000)
    assert processes.serve(1, LIMIT, 1_000, "company acme") == LIMIT
    await processes.exchange(1, 1_000)
    assert processes.serve(0, LIMIT, 5_000, "company acme") <= LIMIT


async def test_what_others_served_is_forgotten_after_a_second(processes: Processes) -> None:
    processes.serve(0, LIMIT, 1_000)
    processes.serve(1, 1, 1_000)
    for which in (0, 1):
        await processes.exchange(which, 1_000)
    assert processes.serve(1, LIMIT, 2_500) == LIMIT


async def test_many_callers_are_told_of_in_portions(processes: Processes) -> None:
    for at in range(TOLD_TOGETHER + 5):
        processes.serve(0, 1, 1_000, f"address {at}")
    assert [len(processes.limiters[0].usages(1_000)) for _ in range(3)] == [TOLD_TOGETHER, 5, 0]


async def test_addresses_are_not_kept_and_old_standings_go(processes: Processes) -> None:
    processes.serve(0, 1, 1_000)
    await processes.exchange(0, 1_000)
    [row] = processes.engine.rows("SELECT * FROM rate_limits")
    assert not any(b"192.0.2.1" in value for value in row if isinstance(value, bytes))
    assert await processes.sharing[0].sweep() == 0
    processes.engine.spoil("UPDATE rate_limits SET seen_at_ms = seen_at_ms - ?", FORGIVEN_AFTER_MS + 1_000)
    assert await processes.sharing[0].sweep() == 1


async def test_old_standings_go_in_batches(processes: Processes) -> None:
    processes.engine.spoil(
        "INSERT INTO rate_limits SELECT int4send(i), 1, 1, 0, 0, 0, 0, i FROM generate_series(1, ?) i",
        SWEPT_TOGETHER + 1,
    )
    assert [await processes.sharing[0].sweep() for _ in range(3)] == [SWEPT_TOGETHER, 1, 0]
