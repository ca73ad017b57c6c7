"""When Sumsub fails or refuses: what is tried again, how long is waited, and that nothing personal is told of it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from ostiary.adapters.providers.sumsub import Sumsub, requests
from ostiary.domain.providers.provider import ProviderRefused, ProviderUnavailable
from tests.adapters.sumsub_server import (
    SECRET,
    TOKEN,
    FakeSumsub,
    Fault,
    Pictures,
    settings,
    submission,
    sumsub,
)

PERSONAL = ("Maria", "Barber", "mjuliabarber", "1984", "Florida", "Del Viso", "1168860622", "AB1234567", SECRET, TOKEN)


async def failed(url: str, **changes: Any) -> Exception:
    """What telling it of a submission raises."""
    provider = Sumsub(settings(url, **changes))
    try:
        with pytest.raises((ProviderUnavailable, ProviderRefused)) as raised:
            await provider.notify(submission(), Pictures())
        return raised.value
    finally:
        await provider.close()


@asynccontextmanager
async def answering(answer: web.Response) -> AsyncIterator[str]:
    """The address of a server that says the same to everything."""

    async def serve(request: web.Request) -> web.Response:
        await request.read()
        return answer

    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", serve)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [301, 302, 304, 307, 401, 403, 408, 429, 500, 502, 503])
async def test_what_may_pass_or_be_mended_is_worth_another_try(status: int) -> None:
    async with answering(web.Response(status=status, headers={"Location": "http://127.0.0.1:9/"})) as url:
        raised = await failed(url)
    assert isinstance(raised, ProviderUnavailable)
    assert (raised.status, raised.retry_after_s) == (status, None)


@pytest.mark.parametrize("status", [400, 405, 409, 413, 415, 422])
async def test_what_is_about_the_submission_is_for_a_person(status: int) -> None:
    async with answering(web.Response(status=status, text="no JSON: Maria Barber")) as url:
        raised = await failed(url)
    assert isinstance(raised, requests.SumsubRefused)
    assert str(raised) == f"sumsub answers {status}, error none, correlation none"
    assert (raised.status, raised.error_code, raised.correlation_id) == (status, None, "none")


@pytest.mark.parametrize(
    ("status", "body"),
    [(429, {}), (503, {}), (409, {"code": 409}), (409, {"errorCode": 1006})],
)
async def test_what_asks_for_time_is_given_it(status: int, body: dict[str, int]) -> None:
    async with answering(web.json_response(body, status=status, headers={"Retry-After": "12"})) as url:
        raised = await failed(url)
    assert isinstance(raised, ProviderUnavailable)
    assert raised.retry_after_s == 12


async def test_uploads_that_are_closed_while_a_check_runs_are_worth_another_try() -> None:
    async with answering(web.json_response({"errorCode": 1006}, status=409)) as url:
        raised = await failed(url)
    assert isinstance(raised, ProviderUnavailable)
    assert raised.retry_after_s is None


@pytest.mark.parametrize(
    ("correlation", "expected"),
    [
        ("req-a260b669-4f14", "req-a260b669-4f14"),
        ("Maria Barber", "none"),
        ("x" * 65, "none"),
        ("", "none"),
        (None, "none"),
    ],
)
async def test_a_correlation_id_is_kept_if_it_looks_like_one(correlation: str | None, expected: str) -> None:
    body = {"code": 422, "correlationId": correlation, "errorCode": 4004, "description": "Maria Barber"}
    async with answering(web.json_response(body, status=422)) as url:
        raised = await failed(url)
    assert str(raised) == f"sumsub answers 422, error 4004, correlation {expected}"


async def test_a_refusal_nested_without_end_is_a_refusal_all_the_same() -> None:
    async with answering(web.Response(status=422, body=b'{"more":' + b"[" * 60_000)) as url:
        assert str(await failed(url)) == "sumsub answers 422, error none, correlation none"


async def test_a_server_that_hangs_is_given_up() -> None:
    async with sumsub(faults={0: Fault.HANGS}) as fake:
        assert "Timeout" in str(await failed(fake.url, timeout_s=0.1))


async def test_a_server_that_is_not_there_is_worth_another_try() -> None:
    async with sumsub() as fake:
        gone = fake.url
    raised = await failed(gone)
    assert isinstance(raised, ProviderUnavailable)
    assert raised.status is None


@pytest.mark.parametrize(
    "body",
    [b"", b"not JSON", b"[]", b"{}", b'{"id":7}', b'{"id":""}', b'{"id":"x","more":' + b"[" * 60_000],
    ids=["empty", "text", "list", "no id", "a number", "an empty id", "nested without end"],
)
async def test_an_answer_that_cannot_be_understood_is_worth_another_try(body: bytes) -> None:
    async with answering(web.Response(body=body)) as url:
        assert isinstance(await failed(url), ProviderUnavailable)


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    async with answering(web.Response(body=b'"' + b"x" * (requests.MOST_ANSWER_BYTES + 1))) as url:
        assert "too long" in str(await failed(url))


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    async with sumsub() as fake:
        provider = Sumsub(settings(fake.url + "/"))
        assert await provider.notify(submission(), Pictures())
        await provider.close()


async def test_a_provider_that_was_never_used_has_nothing_to_close() -> None:
    provider = Sumsub(settings())
    assert provider.name == "sumsub"
    await provider.close()


async def everything_that_fails(fake: FakeSumsub) -> AsyncIterator[BaseException]:
    """Every fault at every step, one after the other, on applicants that are new each time."""
    for fault in Fault:
        for at in range(6):
            fake.applicants.clear()
            fake.faults[len(fake.calls) + at] = fault
            provider = Sumsub(settings(fake.url, timeout_s=0.1))
            try:
                await provider.notify(submission(), Pictures())
            except (ProviderUnavailable, ProviderRefused) as raised:
                yield raised
            await provider.close()


async def test_nothing_personal_and_no_secret_is_in_messages_or_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    lines: list[str] = []
    async with sumsub() as fake:
        async for raised in everything_that_fails(fake):
            lines += [str(raised), repr(raised), *traceback.format_exception(raised)]
    assert len(lines) > 100
    spoken = "\n".join([*lines, caplog.text])
    assert not [word for word in PERSONAL if word in spoken]
