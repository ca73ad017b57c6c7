"""Times that are settings: each reaches what it is about."""

from __future__ import annotations

import asyncio
import base64
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from ostiary.app import Installation, database, opened, sender
from ostiary.background.worker import Worker
from ostiary.domain.delivery.messages import SendResult
from ostiary.domain.delivery.timing import Timing
from ostiary.domain.errors import Unavailable
from ostiary.domain.providers.provider import ProviderUnavailable
from ostiary.domain.screening.subject import ScreeningUnavailable
from ostiary.settings import read_settings
from ostiary.usecases.delivery.webhook import subscribe_webhook
from tests.house import open_house, template
from tests.servers.sockets import silent

SHORT_S = 0.3
SOON_S = 3.0
"""Below every default."""
SECRET = "whsec_" + base64.b64encode(b"x" * 24).decode()
PROVIDERS = """\
providers:
  acme: {{kind: http, url: "{url}", secret_files: [secret]}}
  sumsub: {{kind: sumsub, base_url: "{url}", app_token_file: secret, secret_key_file: secret,
           webhook_secret_files: [secret], levels: {{cards_individuals: basic}}}}
screening:
  un: {{kind: yente, url: "{url}"}}
  ofac: {{kind: watchman, url: "{url}"}}
"""


def settings(folder: Path, address: str, **more: str) -> dict[str, str]:
    shutil.copytree(template(), folder / "data", dirs_exist_ok=True)
    (folder / "secret").write_text(SECRET)
    (folder / "providers.yaml").write_text(PROVIDERS.format(url=f"http://{address}"))
    return {
        "OSTIARY_DATA_DIR": str(folder / "data"),
        "OSTIARY_PROVIDERS": str(folder / "providers.yaml"),
        "OSTIARY_PUBLIC_URL": "https://kyc.example.com",
        "OSTIARY_ALLOWED_PRIVATE_NETWORKS": "127.0.0.0/8",
        "OSTIARY_ENDPOINT_TIMEOUT_SECONDS": str(SHORT_S),
        **more,
    }


async def webhook(parts: Installation, address: str) -> None:
    posting = sender(parts)
    sent = await posting.post(f"http://{address}/", b"{}", {})
    await posting.close()
    raise TimeoutError(sent.problem)


async def provider(parts: Installation, name: str) -> None:
    await parts.context.providers[name].fetch_verdict("a.b.c", "x")


async def screening(parts: Installation, name: str) -> None:
    [named] = [source for source in parts.context.lists if source.name == name]
    await named.version()


ENDPOINTS: dict[str, Callable[[Installation, str], Awaitable[None]]] = {
    "webhook": webhook,
    "provider over HTTP": lambda parts, _: provider(parts, "acme"),
    "Sumsub": lambda parts, _: provider(parts, "sumsub"),
    "yente": lambda parts, _: screening(parts, "un"),
    "watchman": lambda parts, _: screening(parts, "ofac"),
}


@pytest.mark.parametrize("kind", ENDPOINTS)
async def test_an_endpoint_that_says_nothing_is_given_up_in_time(tmp_path: Path, kind: str) -> None:
    async with silent() as address:
        with opened(read_settings(settings(tmp_path, address)), may_make=True) as parts:
            began = monotonic()
            with pytest.raises((ProviderUnavailable, ScreeningUnavailable, TimeoutError), match="Timeout"):
                await ENDPOINTS[kind](parts, address)
            assert SHORT_S <= monotonic() - began < SOON_S
            await parts.close_connections()


async def test_a_store_that_says_nothing_is_given_up_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with silent() as address:
        for name, value in {
            "ACCESS_KEY_ID": "x",
            "SECRET_ACCESS_KEY": "x",
            "REGION": "x",
            "ALLOW_HTTP": "true",
            "ENDPOINT_URL": f"http://{address}",
        }.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        store = {"OSTIARY_FILES_URL": "s3://bucket", "OSTIARY_STORE_TIMEOUT_SECONDS": str(SHORT_S)}
        with opened(read_settings(settings(tmp_path, address, **store)), may_make=True) as parts:
            began = monotonic()
            with pytest.raises(Unavailable):
                await parts.files.store.fetch("x")
            assert SHORT_S <= monotonic() - began < SOON_S


async def test_a_database_that_says_nothing_is_given_up_in_time(tmp_path: Path) -> None:
    """Connecting has half of the time."""
    async with silent() as address:
        place = {"OSTIARY_DATABASE_URL": f"postgresql://o@{address}/o", "OSTIARY_DATABASE_TIMEOUT_SECONDS": "0.6"}
        engine = database(read_settings(settings(tmp_path, address, **place))).engine()
        began = monotonic()
        with pytest.raises(Unavailable):
            await engine.rows("SELECT 1")
        assert SHORT_S <= monotonic() - began < SOON_S
        await engine.release()


# ---- leases and the schedule ----------------------------------------------------------------------------------------


class Keeping:
    """An endpoint that keeps the first message until it is let go, then fails."""

    def __init__(self) -> None:
        self.came, self.go = asyncio.Event(), asyncio.Event()

    async def send(self, *_: Any) -> SendResult:
        self.came.set()
        await self.go.wait()
        return SendResult(500)


async def nothing() -> None:
    """No housekeeping."""


async def test_a_worker_holds_a_message_and_comes_back_to_it_as_set(tmp_path: Path) -> None:
    times = {"OSTIARY_LEASE_SECONDS": "20", "OSTIARY_FIRST_RETRY_SECONDS": "0.25"}
    with open_house(tmp_path / "data", **times) as house:
        assert house.context.timing == Timing(20_000, 0.25)
        house.caller = await house.found_company()
        await house.do(subscribe_webhook, "https://example.com/hook", "key", lambda url, plain: None)
        await house.refresh()
        await house.submitted()
        endpoint = Keeping()
        worker = Worker(replace(house.context, chance=lambda: 0.0), endpoint, nothing, parting_s=SOON_S)
        running = asyncio.create_task(worker.run())
        await endpoint.came.wait()
        held = "SELECT leased_until_ms FROM messages WHERE topic = 'webhook' AND lease IS NOT NULL"
        assert house.rows(held) == [(house.clock.now_ms + 20_000,)]
        worker.stop()
        endpoint.go.set()
        await running
        pending = "SELECT due_at_ms, attempts FROM messages WHERE topic = 'webhook' AND state = 'pending'"
        assert house.rows(pending)[0] == (house.clock.now_ms + 250, 1)


async def test_a_key_is_held_for_as_long_as_set(tmp_path: Path) -> None:
    with open_house(tmp_path / "data", OSTIARY_KEY_LEASE_SECONDS="1.5") as house:
        caller, answers, now_ms = await house.found_company(), house.parts.store.answers, house.clock.now_ms
        mark = answers.mark(caller.company.id, "POST", "/x", "k")
        assert await answers.begin(caller.company.id, mark, b"c" * 32, "a" * 32, now_ms)
        assert not await answers.begin(caller.company.id, mark, b"c" * 32, "b" * 32, now_ms + 1_499)
        assert await answers.begin(caller.company.id, mark, b"c" * 32, "b" * 32, now_ms + 1_500)
