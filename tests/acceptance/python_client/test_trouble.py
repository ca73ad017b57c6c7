"""The Python client when things go wrong: lost answers, refusals of load, a service that is restarted or slow."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest

from ostiary_client import (
    NO_RETRIES,
    ApiError,
    AsyncOstiary,
    ConnectionFailed,
    EndedOtherwise,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    InternalError,
    InvalidState,
    NewClient,
    Options,
    Retries,
    TimedOut,
    TooManyRequests,
    Unavailable,
    UnexpectedAnswer,
)
from ostiary_client.types import IndividualClient, Judged, Product
from tests.acceptance.conftest import RunningService
from tests.acceptance.python_client.conftest import Connect, Start, key_of, passport, someone, submitted
from tests.acceptance.python_client.obstacle import CUT, LOST, Mishap, Obstacle
from tests.servers.ports import free_port

QUICK = Retries(first_wait_s=0.02, longest_wait_s=0.1)
PATIENT = Retries(most=200, longest_wait_s=0.5)
OVERLOADED = Mishap(status=503, headers={"retry-after": "1"}, body=b"<html>upstream is away</html>")
LIMITED = Mishap(
    status=429, headers={"retry-after": "1"}, body=b'{"code": "TOO_MANY_REQUESTS", "message": "slow down"}'
)
FAILING = Mishap(status=500, body=b'{"code": "INTERNAL_ERROR", "message": "?", "trace_id": "%s"}' % (b"0" * 32))
IN_USE = Mishap(status=409, body=b'{"code": "IDEMPOTENCY_KEY_IN_USE", "message": "still running"}')
GATEWAY = Mishap(status=502, body=b"bad gateway")


@pytest.mark.parametrize("mishaps", [
    [CUT], [LOST], [LOST, CUT, LOST], [OVERLOADED], [LIMITED], [FAILING], [IN_USE], [GATEWAY, LOST],
])  # fmt: skip
async def test_a_client_is_made_once_whatever_happens_on_the_way(
    connect: Connect, obstacle: Obstacle, key: str, mishaps: list[Mishap]
) -> None:
    obstacle.mishaps = list(mishaps)
    async with connect(obstacle.url, key, retries=QUICK) as ostiary:
        client = await ostiary.clients.create(someone())
        keys = obstacle.keys()
        assert (len(keys), len(set(keys))) == (len(mishaps) + 1, 1)
        assert [each.id async for each in ostiary.clients.list(email=client.email)] == [client.id]


@pytest.mark.parametrize("mishap", [OVERLOADED, LIMITED], ids=["503", "429"])
async def test_retry_after_is_waited_for(connect: Connect, obstacle: Obstacle, key: str, mishap: Mishap) -> None:
    obstacle.mishaps = [mishap]
    async with connect(obstacle.url, key, retries=QUICK) as ostiary:
        began = time.monotonic()
        await ostiary.catalogue.read()
        assert time.monotonic() - began >= 1


async def test_a_longer_wait_than_one_likes_is_told_at_once(connect: Connect, obstacle: Obstacle, key: str) -> None:
    obstacle.mishaps = [Mishap(status=429, headers={"retry-after": "300"}, body=LIMITED.body)]
    async with connect(obstacle.url, key) as ostiary:
        with pytest.raises(TooManyRequests) as refused:
            await ostiary.catalogue.read()
        assert refused.value.retry_after_s == 300
        assert len(obstacle.calls) == 1


@pytest.mark.parametrize(
    ("mishap", "error", "tries"),
    [(OVERLOADED, Unavailable, 1), (FAILING, InternalError, 3), (CUT, ConnectionFailed, 3)],
)
async def test_it_gives_up_after_as_many_tries_as_were_asked_for(
    connect: Connect, obstacle: Obstacle, key: str, mishap: Mishap, error: type[Exception], tries: int
) -> None:
    obstacle.mishaps = [mishap] * tries
    retries = Retries(most=tries - 1, first_wait_s=0.02)
    async with connect(obstacle.url, key) as ostiary:
        with pytest.raises(error):
            await ostiary.catalogue.read(options=Options(retries=retries))
        assert len(obstacle.calls) == tries
        assert (await ostiary.catalogue.read()).version


async def test_a_key_in_use_is_waited_for_by_time_and_not_by_tries(
    connect: Connect, obstacle: Obstacle, key: str
) -> None:
    patient = Retries(most=1, first_wait_s=0.02, longest_wait_s=0.05, in_use_s=5)
    async with connect(obstacle.url, key, retries=patient) as ostiary:
        obstacle.mishaps = [IN_USE] * 9
        assert (await ostiary.clients.create(someone())).id
        assert len(set(obstacle.keys())) == 1
        obstacle.mishaps = [IN_USE] * 9
        hasty = Options(retries=Retries(first_wait_s=0.02, in_use_s=0.01))
        with pytest.raises(IdempotencyKeyInUse):
            await ostiary.clients.create(someone(), options=hasty)


ODD_BODIES: dict[bytes, str] = {
    b"": "NotFound",
    b"null": "NotFound",
    b'{"message": null}': "NotFound",
    b"\xff\xfe": "NotFound",
    b'{"code": "A_CODE_OF_TOMORROW", "message": "m"}': "NotFound",
    b'{"code": "INVALID_STATE", "message": "m", "details": [{"field": 1}]}': "InvalidState",
    b'{"code": "INVALID_STATE", "message": "m", "details": null}': "InvalidState",
}


@pytest.mark.parametrize("body", ODD_BODIES)
async def test_a_refusal_is_known_by_its_code_or_else_its_status(
    connect: Connect, obstacle: Obstacle, key: str, body: bytes
) -> None:
    async with connect(obstacle.url, key) as ostiary:
        obstacle.mishaps = [Mishap(status=404, headers={"X-Trace-Id": "t" * 32}, body=body)]
        with pytest.raises(ApiError) as refused:
            await ostiary.catalogue.read()
    assert (type(refused.value).__name__, refused.value.status) == (ODD_BODIES[body], 404)
    assert (refused.value.trace_id, refused.value.faults) == ("t" * 32, ())


async def test_many_calls_at_once_keep_apart(connect: Connect, obstacle: Obstacle, key: str) -> None:
    obstacle.mishaps = [LOST, CUT] * 5
    async with connect(obstacle.url, key, retries=QUICK) as ostiary:
        people = [someone() for _ in range(20)]
        clients = await asyncio.gather(*(ostiary.clients.create(person) for person in people))
    assert [client.email for client in clients] == [person.email for person in people]
    assert len({client.id for client in clients}) == len(people)


async def test_a_slow_service_is_not_waited_for_longer_than_asked(
    connect: Connect, obstacle: Obstacle, key: str
) -> None:
    obstacle.mishaps = [Mishap(forwards=True, after_s=2)]
    async with connect(obstacle.url, key, retries=NO_RETRIES) as ostiary:
        with pytest.raises(TimedOut):
            await ostiary.clients.create(someone(), options=Options(timeout_s=0.3))


async def test_a_slow_answer_is_asked_for_again_and_nothing_is_made_twice(
    connect: Connect, obstacle: Obstacle, key: str
) -> None:
    obstacle.mishaps = [Mishap(forwards=True, after_s=2)]
    async with connect(obstacle.url, key, retries=QUICK, timeout_s=1) as ostiary:
        client = await ostiary.clients.create(someone())
        assert [each.id async for each in ostiary.clients.list(email=client.email)] == [client.id]


async def test_an_upload_tells_its_progress_again_when_it_is_repeated(
    connect: Connect, obstacle: Obstacle, key: str
) -> None:
    async with connect(obstacle.url, key, retries=QUICK) as ostiary:
        client = await ostiary.clients.create(someone())
        request = await ostiary.products.request(client, "cards_individuals")
        obstacle.mishaps = [LOST]
        sent: list[int] = []
        judged = await ostiary.products.upload(request, passport("AB"), progress=lambda done, _: sent.append(done))
        assert judged.rejected_items == ()
        assert (sent.count(0), sent.count(max(sent))) == (2, 2)


async def test_a_guarded_change_is_not_repeated_when_its_answer_was_lost(
    connect: Connect, obstacle: Obstacle, key: str
) -> None:
    async with connect(obstacle.url, key, retries=QUICK) as ostiary:
        client = await ostiary.clients.create(someone())
        obstacle.mishaps = [LOST]
        with pytest.raises(ConnectionFailed):
            await ostiary.clients.update(client.changed(last_name="Smith"), if_unchanged=True)
        assert (await ostiary.clients.read(client)).last_name == "Smith"
        with pytest.raises(InvalidState) as refused:
            await ostiary.clients.update(client.changed(last_name="Jones"), if_unchanged=True)
        assert refused.value.faults[0].code == "CLIENT_CHANGED"
        obstacle.mishaps = [LOST]
        assert (await ostiary.clients.update(client.changed(last_name="Jones"))).last_name == "Jones"


async def test_a_key_of_ones_own_is_held_to(connect: Connect, obstacle: Obstacle, key: str) -> None:
    async with connect(obstacle.url, key) as ostiary:
        mine, body = Options(idempotency_key=f"order-{free_port()}-{time.time_ns()}"), someone()
        first = await ostiary.clients.create(body, options=mine)
        assert (await ostiary.clients.create(body, options=mine)).id == first.id
        with pytest.raises(IdempotencyKeyReused):
            await ostiary.clients.create(someone(), options=mine)
        with pytest.raises(ValueError, match="POST alone"):
            await ostiary.clients.read(first, options=mine)
        assert obstacle.keys() == [mine.idempotency_key] * 3


async def test_a_trace_is_continued_and_the_key_stays_out_of_sight(
    connect: Connect, obstacle: Obstacle, key: str
) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    async with connect(obstacle.url, key) as ostiary:
        await ostiary.catalogue.read(options=Options(traceparent=trace))
        assert key not in repr(ostiary)
    [call] = obstacle.calls
    assert (call.headers["traceparent"], call.headers["x-api-key"]) == (trace, key)
    assert call.headers["user-agent"].startswith("ostiary-client/")


async def test_another_program_at_the_address_is_told_from_the_service(
    connect: Connect, obstacle: Obstacle, key: str
) -> None:
    async with connect(obstacle.url, key, retries=NO_RETRIES) as ostiary:
        for mishap in (Mishap(status=200, body=b"<html>"), Mishap(status=302, headers={"location": "/elsewhere"})):
            obstacle.mishaps = [mishap]
            with pytest.raises(UnexpectedAnswer):
                await ostiary.catalogue.read()


async def test_nobody_listens(connect: Connect, key: str) -> None:
    async with connect(f"http://127.0.0.1:{free_port()}", key, retries=NO_RETRIES) as ostiary:
        with pytest.raises(ConnectionFailed) as failed:
            await ostiary.catalogue.read()
        assert key not in str(failed.value)


@pytest.mark.parametrize("spoiled", ["", "q7Zk\n", " q7Zk", "q7Zk q7Zk", "q7Zk\u00fc", "q7Zk\x00"])
async def test_a_key_that_cannot_be_sent_is_told_without_being_shown(connect: Connect, spoiled: str) -> None:
    with pytest.raises(ValueError, match="API key") as refused:
        async with connect("http://127.0.0.1", spoiled):
            """It does not come so far."""
    assert "q7Zk" not in str(refused.value)


@pytest.mark.parametrize("address", ["", "service.example", "ftp://service.example", "//service.example"])
async def test_an_address_without_a_scheme_is_told_at_once(connect: Connect, address: str) -> None:
    with pytest.raises(ValueError, match="begins with https"):
        async with connect(address, "key"):
            """It does not come so far."""


@pytest.mark.parametrize(
    "odd", [Options(language="es\r\nx: y"), Options(traceparent="\u00e9"), Options(idempotency_key="a\nb")]
)
async def test_what_no_header_can_hold_is_told_at_once(
    connect: Connect, obstacle: Obstacle, key: str, odd: Options
) -> None:
    async with connect(obstacle.url, key) as ostiary:
        with pytest.raises(ValueError, match="visible ASCII"):
            await ostiary.clients.create(someone(), options=odd)
        with pytest.raises(ValueError, match="several calls"):
            await ostiary.sandbox.advance("P1D", options=Options(idempotency_key="mine"))
    assert obstacle.calls == []


async def test_a_rate_limit_is_kept_to_without_a_word(connect: Connect, service_factory: Start) -> None:
    service = service_factory("--sandbox", rate_limit_per_second=5)
    async with connect(service.url, await key_of(service)) as ostiary:
        clients = [await ostiary.clients.create(someone()) for _ in range(12)]
        assert len({client.id for client in clients}) == 12


async def test_a_service_that_is_restarted_is_waited_for(connect: Connect, service_factory: Start) -> None:
    service = service_factory()
    async with connect(service.url, await key_of(service), retries=PATIENT) as ostiary:
        client = await ostiary.clients.create(someone())
        request = await ostiary.products.request(client, "cards_individuals")
        restarting = asyncio.to_thread(_restart, service)
        sending = _sent(ostiary, request)
        _, judged = await asyncio.gather(restarting, sending)
        assert judged.product.status == "in_kyc"
        assert (await ostiary.products.wait_until(judged.product, "enabled", timeout_s=120)).status == "enabled"


async def _sent(ostiary: AsyncOstiary, request: Product) -> Judged:
    await asyncio.sleep(0.2)  # wherever in its end and start the service then is
    await ostiary.products.upload(request, passport("AB"))
    return await ostiary.products.submit(request)


def _restart(service: RunningService) -> None:
    service.stop()
    service.start()


@pytest.mark.release
async def test_nothing_is_made_twice_by_a_service_that_is_killed_again_and_again(
    connect: Connect, service_factory: Start
) -> None:
    service = service_factory(key_lease_seconds=5)  # what a key is held for by a call that was killed
    async with connect(service.url, await key_of(service), retries=PATIENT) as ostiary:
        people = [someone() for _ in range(400)]
        at_once = asyncio.Semaphore(8)

        async def made_in_turn(person: NewClient) -> str:
            async with at_once:
                client: IndividualClient = await ostiary.clients.create(person)
            return client.id

        killing = asyncio.create_task(asyncio.to_thread(_kill_often, service))
        ids = await asyncio.gather(*map(made_in_turn, people))
        await killing
        listed = [client.id async for client in ostiary.clients.list(page_size=200)]
    assert sorted(listed) == sorted(ids)


def _kill_often(service: RunningService) -> None:
    for _ in range(3):
        time.sleep(0.3)
        service.stop(signal.SIGKILL)
        service.start()


@pytest.mark.release
async def test_it_waits_over_a_restart_for_a_verdict(connect: Connect, service_factory: Start) -> None:
    service = service_factory()
    async with connect(service.url, await key_of(service), retries=PATIENT) as ostiary:
        _, request = await submitted(ostiary, "REJECT")
        await asyncio.to_thread(_restart, service)
        with pytest.raises(EndedOtherwise) as ended:
            await ostiary.products.wait_until(request, "enabled", timeout_s=120)
        assert ended.value.product.status == "rejected"
