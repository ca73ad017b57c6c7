"""A company's webhook settings."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from ostiary.domain.companies.company import NO_WEBHOOK, Webhook
from ostiary.domain.errors import NotFound, ValidationFailed
from ostiary.usecases.delivery.webhook import change_webhook_key, end_webhook, read_webhook, subscribe_webhook
from tests.house import House
from tests.material import id_at

URL = "https://example.com/hook"


def any_address(url: str, plain_http: bool) -> str | None:
    return None


async def stored_webhook(house: House) -> Webhook:
    await house.refresh()
    return (await read_webhook(house.context, house.caller)).webhook


async def test_a_webhook_is_subscribed_changed_and_ended(house: House) -> None:
    await house.do(subscribe_webhook, URL, "key one", any_address)
    assert await stored_webhook(house) == Webhook(URL, "key one")
    await house.do(change_webhook_key, "key two")
    assert await stored_webhook(house) == Webhook(URL, "key two")
    await house.do(end_webhook)
    assert await stored_webhook(house) == NO_WEBHOOK
    assert house.actions(house.caller.company.id) == [
        "company_created",
        "webhook_subscribed",
        "webhook_key_changed",
        "webhook_ended",
    ]


@pytest.mark.parametrize("key", ["", "k" * 256, "kéy", "a\nb", " key", "key ", "\x7f"])
async def test_a_key_that_no_header_can_carry_is_refused(house: House, key: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await house.do(subscribe_webhook, URL, key, lambda url, plain: "must be better")
    assert [fault.field for fault in refused.value.faults] == ["url", "webhook_key"]
    with pytest.raises(ValidationFailed) as refused:
        await house.do(change_webhook_key, key)
    assert [fault.field for fault in refused.value.faults] == ["key"]
    assert await stored_webhook(house) == NO_WEBHOOK


@pytest.mark.parametrize("key", ["k", "k" * 255, "a b~!"])
async def test_visible_ascii_is_a_key(house: House, key: str) -> None:
    await house.do(change_webhook_key, key)
    assert await stored_webhook(house) == Webhook(None, key)


async def test_a_sandbox_may_use_plain_http(house: House) -> None:
    asked: list[bool] = []

    def note(url: str, plain_http: bool) -> str | None:
        asked.append(plain_http)
        return None

    await house.do(subscribe_webhook, URL, "key", note)
    assert asked == [True]


async def test_changes_at_once_happen_one_after_the_other(house: House) -> None:
    await house.do(subscribe_webhook, URL, "key", any_address)
    await asyncio.gather(*(house.do(change_webhook_key, f"key {number}") for number in range(12)))
    webhook = await stored_webhook(house)
    assert webhook.url == URL
    assert house.actions(house.caller.company.id).count("webhook_key_changed") == 12


async def test_a_company_that_is_gone_is_not_found(house: House) -> None:
    gone = replace(house.caller, company=replace(house.caller.company, id=id_at(1)))
    with pytest.raises(NotFound):
        await house.do(end_webhook, caller=gone)
