"""Rate limits: 15 a second per address and, independently, per company; longer blocks each time, on a moved clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_network

import pytest

from ostiary.api import admission
from ostiary.app import Installation
from ostiary.settings import read_settings
from tests.contract.partner import CATALOGUE, CLIENTS, Partner, partnered, refusal

PER_SECOND = 15


@dataclass(slots=True)
class Steady:
    """The clock that limits are counted on."""

    now_ms: int = 1_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> Steady:
    clock = Steady()
    monkeypatch.setattr(admission, "steady_ms", clock)
    return clock


@pytest.fixture
async def limited(shared: Installation, steady: Steady) -> AsyncIterator[Partner]:
    """Behind a proxy of its own, so that an address can be chosen."""
    settings = {"rate_limit_per_second": PER_SECOND, "trusted_proxies": (ip_network("127.0.0.0/8"),)}
    async with partnered(shared, **settings) as partner:
        yield partner


async def get(partner: Partner, address: str = "203.0.113.1", path: str = CATALOGUE, key: str | None = None) -> int:
    headers = {"x-forwarded-for": address, "x-api-key": partner.key if key is None else key}
    answer = await partner.call("GET", path, headers=headers)
    if answer.status_code == 429:
        assert refusal(answer) == (429, "TOO_MANY_REQUESTS")
        assert answer.json()["error_code"] == "TOO_MANY_REQUESTS"
        return -int(answer.headers["retry-after"])
    return answer.status_code


def test_fifteen_a_second_is_what_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings({}).rate_limit_per_second == PER_SECOND


async def test_the_sixteenth_of_a_second_is_refused_and_says_when_to_come_back(
    limited: Partner, steady: Steady
) -> None:
    assert [await get(limited) for _ in range(PER_SECOND)] == [200] * PER_SECOND
    assert await get(limited) == -1
    steady.now_ms += 999
    assert await get(limited) == -1
    steady.now_ms += 1
    assert await get(limited) == 200


async def test_a_steady_pace_is_never_refused(limited: Partner, steady: Steady) -> None:
    for _ in range(60):
        assert await get(limited) == 200
        steady.now_ms += 67


async def test_blocks_double_up_to_300_seconds_from_the_ninth(limited: Partner, steady: Steady) -> None:
    waits = []
    for _ in range(10):
        for _ in range(PER_SECOND):
            await get(limited, key="nobody's")
        waits.append(-await get(limited, key="nobody's"))
        steady.now_ms += waits[-1] * 1_000
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 300, 300]


async def test_blocked_requests_consume_nothing(limited: Partner, steady: Steady) -> None:
    for _ in range(PER_SECOND + 1):
        await get(limited)
    assert [await get(limited) for _ in range(40)] == [-1] * 40
    steady.now_ms += 1_000
    assert [await get(limited) for _ in range(PER_SECOND)] == [200] * PER_SECOND


@pytest.mark.parametrize(("quiet_ms", "wait_s"), [(3_599_999, 2), (3_600_000, 1)])
async def test_an_hour_without_a_violation_forgives(
    limited: Partner, steady: Steady, quiet_ms: int, wait_s: int
) -> None:
    for _ in range(PER_SECOND + 1):
        await get(limited)
    steady.now_ms += quiet_ms
    for _ in range(PER_SECOND):
        assert await get(limited) == 200
    assert await get(limited) == -wait_s


async def test_a_company_is_counted_over_all_its_addresses_and_keys(limited: Partner) -> None:
    second = await limited.key_of(1)
    for number in range(PER_SECOND):
        assert await get(limited, f"203.0.113.{number}", key=second if number % 2 else None) == 200
    assert await get(limited, "203.0.113.99") == -1
    other = await limited.another()
    assert await get(other, "203.0.113.99") == 200


async def test_an_address_is_counted_over_all_its_companies(limited: Partner) -> None:
    other = await limited.another()
    for number in range(PER_SECOND):
        assert await get(other if number % 2 else limited) == 200
    assert await get(other) == -1
    assert await get(other, "203.0.113.2") == 200


async def test_an_address_is_counted_before_its_key_is_looked_at(limited: Partner) -> None:
    for _ in range(PER_SECOND):
        assert await get(limited, key="nobody's") == 401
    assert await get(limited) == -1
    assert await get(limited, "203.0.113.2") == 200


@pytest.mark.parametrize(
    ("forwarded", "counted"),
    [("203.0.113.7", "203.0.113.7"), ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
     ("203.0.113.7, 127.0.0.5", "203.0.113.7"), ("nonsense, 203.0.113.7", "203.0.113.7"),
     ("203.0.113.7", "::ffff:203.0.113.7")],
)  # fmt: skip
async def test_behind_proxies_the_last_untrusted_address_counts(limited: Partner, forwarded: str, counted: str) -> None:
    for _ in range(PER_SECOND):
        await get(limited, forwarded, key="nobody's")
    assert await get(limited, counted, key="nobody's") == -1
    key = await limited.key_of(1, ("203.0.113.7/32",))
    other = forwarded.replace("203.0.113.7", "203.0.113.8")
    assert await get(limited, other, key=key) == 401


async def test_an_ipv6_subscriber_is_one_address(limited: Partner) -> None:
    for number in range(PER_SECOND):
        await get(limited, f"2001:db8:0:1::{number:x}", key="nobody's")
    assert await get(limited, "2001:db8:0:1:ffff::1", key="nobody's") == -1
    assert await get(limited, "2001:db8:0:2::1", key="nobody's") == 401


async def test_health_and_documentation_are_free(limited: Partner) -> None:
    for _ in range(PER_SECOND + 1):
        await get(limited)
    for path in ("/health/live", "/health/ready", "/metrics", "/docs", "/openapi.json", "/"):
        assert await get(limited, path=path) in (200, 307)
    assert await get(limited, path="/management/nowhere") == -1
    assert await get(limited, path=f"{CLIENTS}/none/none") == -1


async def test_the_limit_may_be_off(shared: Installation, steady: Steady) -> None:
    async with partnered(shared, rate_limit_per_second=0) as partner:
        assert {await get(partner) for _ in range(100)} == {200}


# ---- what callers are told of it -------------------------------------------------------------------------------------

POLICY = '"address";q=15;w=1, "company";q=15;w=1'


async def test_every_answer_says_the_limit_what_is_left_and_when_all_may_come_again(
    limited: Partner, steady: Steady
) -> None:
    headers = {"x-forwarded-for": "203.0.113.1"}
    for left in (14, 13, 12):
        answer = await limited.call("GET", CATALOGUE, headers=headers)
        assert answer.headers["ratelimit-policy"] == POLICY
        assert answer.headers["ratelimit"] == f'"address";r={left};t=1, "company";r={left};t=1'
    other = await limited.call("GET", CATALOGUE, headers={"x-forwarded-for": "203.0.113.2"})
    assert other.headers["ratelimit"] == '"address";r=14;t=1, "company";r=11;t=1'


@pytest.mark.parametrize(("path", "key", "status"), [(CATALOGUE, "nobody's", 401), (f"{CLIENTS}/none", None, 404)])
async def test_errors_say_it_too(limited: Partner, path: str, key: str | None, status: int) -> None:
    answer = await limited.call("GET", path, headers={} if key is None else {"x-api-key": key})
    assert answer.status_code == status
    assert answer.headers["ratelimit"].startswith('"address";r=14;t=1')


async def test_who_is_blocked_is_told_for_how_long(limited: Partner, steady: Steady) -> None:
    for expected in (1, 2):
        for _ in range(PER_SECOND):
            await get(limited, key="nobody's")
        for _ in range(2):
            answer = await limited.call("GET", CATALOGUE, headers={"x-forwarded-for": "203.0.113.1"})
            assert answer.headers["ratelimit"] == f'"address";r=0;t={expected}'
            assert answer.headers["retry-after"] == str(expected)
        steady.now_ms += expected * 1_000


async def test_without_a_limit_there_is_nothing_to_say(partner: Partner) -> None:
    assert "ratelimit" not in (await partner.call("GET", CATALOGUE)).headers
