"""An installation whose cards are due again, and a client who has one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from ostiary.adapters.config import catalogue_file
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS, day_starts_ms
from ostiary.usecases.delivery.webhook import EVENT_TYPES, Hearing, subscribe_webhook
from ostiary.usecases.lifecycle.daily import due_work
from tests.house import House, upload

USUAL = "review_every: P1Y\n    documents_must_stay_valid: true"


def renewing_catalogue(folder: Path, terms: str = USUAL, policy: str = "auto") -> Path:
    """The catalogue that ships, in which cards are due again."""
    source = catalogue_file.default_source()
    before = "    policy: auto\n"
    assert source.count(before) == 1
    path = folder / f"renewing-{abs(hash((terms, policy)))}.yaml"
    path.write_text(source.replace(before, f"    policy: {policy}\n    {terms}\n"))
    return path


async def enabled(
    house: House, number: str = "AB1234567", expires: str = "2031-01-31", **changes: Any
) -> tuple[str, str]:
    """A client whose cards are enabled today; the ids of both."""
    client = await house.client(**changes)
    enablement = await house.request(client.id)
    await house.send(client.id, enablement.id, upload(number=number, expiration_date=expires))
    await house.submit(client.id, enablement.id)
    await house.judge(client.id, enablement.id, Decision.APPROVE)
    await house.work()
    return client.id, enablement.id


async def listening(house: House) -> None:
    """The company hears of everything."""
    hearing = Hearing(event_types=EVENT_TYPES)
    await house.do(subscribe_webhook, "https://example.com/hook", "a key", lambda url, plain: None, hearing)
    await house.refresh()


async def deadline(house: House, client_id: str) -> Deadline:
    """The one deadline of a client."""
    [only] = await deadlines(house, client_id)
    return only


async def deadlines(house: House, client_id: str) -> list[Deadline]:
    return await house.context.storage.deadlines.of_client((await house.dossier(client_id)).client)


async def on(house: House, day: str) -> int:
    """The worker's round on a day, at its beginning; how many deadlines it looked at."""
    house.clock.now_ms = day_starts_ms(date.fromisoformat(day))
    return await due_work(house.context, house.caller.company, house.clock.now_ms)


async def until(house: House, day: str) -> None:
    """Every day's round until a day, as the worker does them."""
    end = day_starts_ms(date.fromisoformat(day))
    while house.clock.now_ms < end:
        house.clock.now_ms = min(end, (house.clock.now_ms // DAY_MS + 1) * DAY_MS)
        while await due_work(house.context, house.caller.company, house.clock.now_ms):
            pass


def events_heard(house: House) -> list[str]:
    """What the company's endpoint heard, in order."""
    return [str(message.body["event_type"]) for message in house.endpoint.came]
