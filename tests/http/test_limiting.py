"""The rate limit, per address and per company, and how its refusal looks."""

from __future__ import annotations

import pytest

from ostiary.domain.errors import TooManyRequests
from ostiary.web import rate_limiter
from ostiary.web.rate_limiter import RateLimiter
from tests.http.conftest import Begin
from tests.http.running import CLIENTS

NOW_MS = 10_000_000


def waits(limiter: RateLimiter, who: str, now_ms: int) -> int:
    """Seconds to wait; 0: it may pass."""
    try:
        limiter.count(who, now_ms)
    except TooManyRequests as refused:
        return refused.retry_after_s or 0
    return 0


def test_going_over_blocks_longer_every_time_and_an_hour_forgives() -> None:
    limiter, now, seconds = RateLimiter(1), NOW_MS, []
    for _ in range(10):
        assert waits(limiter, "a", now) == 0
        seconds.append(waits(limiter, "a", now))
        now += seconds[-1] * 1000
    assert seconds == [1, 2, 4, 8, 16, 32, 64, 128, 300, 300]
    now += 3_600_000
    assert [waits(limiter, "a", now), waits(limiter, "a", now)] == [0, 1]


def test_callers_do_not_count_for_each_other() -> None:
    limiter = RateLimiter(1)
    assert [waits(limiter, who, NOW_MS) for who in ("a", "b", "a", "b", "c")] == [0, 0, 1, 1, 0]


def test_zero_lets_everything_pass() -> None:
    limiter = RateLimiter(0)
    assert not any(waits(limiter, "a", NOW_MS) for _ in range(1000))


def test_memory_is_bounded_and_the_longest_unseen_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limiter, "MOST_STANDINGS", 2)
    limiter = RateLimiter(1)
    assert [waits(limiter, who, NOW_MS) for who in ("a", "b", "a", "c", "b", "a")] == [0, 0, 1, 0, 0, 0]


def test_what_there_is_to_tell_is_bounded_while_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limiter, "MOST_STANDINGS", 2)
    limiter = RateLimiter(1)
    limiter.begin_sharing()
    for who in "abc":
        limiter.count(who, NOW_MS)
    assert [usage.who for usage in limiter.usages(NOW_MS)] == ["b", "c"]


async def test_the_answer_says_when_to_come_back_and_docs_are_free(app_with: Begin) -> None:
    async with app_with(OSTIARY_RATE_LIMIT_PER_SECOND="2") as app:
        key = await app.key(1)
        answers = [await app.call("GET", CLIENTS, key) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].headers["retry-after"] == "1"
        assert answers[2].json()["code"] == answers[2].json()["error_code"] == "TOO_MANY_REQUESTS"
        assert (await app.call("GET", "/management/nothing", None)).status_code == 429
        for path in ("/health/live", "/health/ready", "/metrics", "/openapi.json", "/docs"):
            assert (await app.call("GET", path, None)).status_code == 200


async def test_an_address_is_counted_before_its_key_is_looked_at(app_with: Begin) -> None:
    async with app_with(OSTIARY_RATE_LIMIT_PER_SECOND="1") as app:
        assert [(await app.call("GET", CLIENTS, None)).status_code for _ in range(2)] == [401, 429]


async def test_companies_count_for_themselves_behind_a_proxy(app_with: Begin) -> None:
    settings = {"OSTIARY_RATE_LIMIT_PER_SECOND": "1", "OSTIARY_TRUSTED_PROXIES": "127.0.0.0/8"}
    async with app_with(**settings) as app:
        acme, other = await app.key(1), await app.key(1, "Other")
        got = [
            (await app.call("GET", CLIENTS, key, headers={"x-forwarded-for": address})).status_code
            for key, address in (
                (acme, "203.0.113.1"),
                (acme, "203.0.113.2"),
                (other, "203.0.113.3"),
                (None, "203.0.113.3"),
            )
        ]
        assert got == [200, 429, 200, 429]


def test_where_penalties_do_not_grow_it_is_one_second_every_time() -> None:
    limiter, now = RateLimiter(2, grows=False), NOW_MS
    for _ in range(12):
        assert [waits(limiter, "a", now) for _ in range(4)] == [0, 0, 1, 1]
        now += 1_000


def test_what_is_left_counts_down() -> None:
    limiter = RateLimiter(3)
    assert [limiter.count("a", NOW_MS) for _ in range(3)] == [2, 1, 0]
    assert limiter.count("a", NOW_MS + 1_000) == 2
