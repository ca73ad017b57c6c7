"""Verdicts shuffled, repeated, dropped, deliveries failing: the request ends where it should, and is told in order."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostiary.domain.companies.company import Environment
from ostiary.domain.delivery.messages import SendResult
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.providers.provider import ProviderAnswer, ProviderVerdict, Reason
from ostiary.domain.rejections import Code
from ostiary.usecases.delivery.deliver import handle_message, postpone_message
from ostiary.usecases.delivery.webhook import subscribe_webhook
from ostiary.usecases.providers.receive_verdict import receive_verdict
from tests.depth import deep
from tests.house import House, open_house, upload
from tests.provided import catalogue, providers

EXAMPLES, ROUNDS = deep(10, 100), 40
BACK = (Reason(Code.IMAGE_BLURRED, "LOW_QUALITY"),)
ANSWERS = {ProviderAnswer.RETURNED: BACK, ProviderAnswer.APPROVED: (), ProviderAnswer.REJECTED: ()}
noise = st.lists(st.tuples(st.sampled_from(list(ProviderAnswer)), st.integers(0, 4)), max_size=12)
"""What comes besides, of any attempt: late, early, twice, for nothing."""


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    returns=st.integers(0, 2),
    end=st.sampled_from([ProviderAnswer.APPROVED, ProviderAnswer.REJECTED]),
    besides=noise,
    failures=st.lists(st.sampled_from([200, 429, 500, 302]), max_size=8),
)
def test_whatever_comes_in_whatever_order(
    returns: int, end: ProviderAnswer, besides: list[tuple[ProviderAnswer, int]], failures: list[int]
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="ostiary-order-"))
    try:
        options = {
            "OSTIARY_CATALOGUE": str(catalogue(folder)),
            "OSTIARY_PROVIDERS": str(providers(folder)),
            "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1",
        }
        with open_house(folder / "data", **options) as house:
            asyncio.run(_live(house, returns, end, besides, failures))
    finally:
        shutil.rmtree(folder)


async def _live(
    house: House, returns: int, end: ProviderAnswer, besides: list[tuple[ProviderAnswer, int]], failures: list[int]
) -> None:
    house.caller = await house.found_company("Real", Environment.PRODUCTION)
    await house.do(subscribe_webhook, "https://example.com/hook", "key", lambda url, plain: None)
    await house.refresh()
    house.endpoint.answers = [SendResult(failure) for failure in failures]
    client_id, enablement_id = await house.submitted()
    reference = f"{house.caller.company.id}.{client_id}.{enablement_id}"
    pending = list(besides)
    for attempt in range(1, returns + 2):
        for answer, of in [reply for reply in pending if reply[1] != attempt]:
            await _hear(house, reference, answer, of)
        await _deliver(house)
        for _ in range(2):
            await _hear(house, reference, ProviderAnswer.RETURNED if attempt <= returns else end, attempt)
        if attempt <= returns:
            await house.send(client_id, enablement_id, upload(seed=attempt))
            await house.submit(client_id, enablement_id)
    for answer, of in pending:
        await _hear(house, reference, answer, of)
    for _ in range(ROUNDS):
        await _deliver(house)
        house.clock.now_ms += 7_200_000
    enablement = await house.enablement(client_id, enablement_id)
    assert enablement.status is (Status.ENABLED if end is ProviderAnswer.APPROVED else Status.REJECTED)
    assert house.actions(client_id), "with its chain intact"
    first: dict[int, str] = {}
    for message in house.endpoint.came:
        first.setdefault(message.sequence, message.id)
    assert list(first) == sorted(first), "none is sent before an earlier one"
    taken = [str(message) for message in house.messages("webhook")]
    assert taken == ["delivered"] * len(taken)


async def _hear(house: House, reference: str, answer: ProviderAnswer, attempt: int) -> None:
    verdict = ProviderVerdict(reference, answer, house.clock.now_ms, attempt, reasons=ANSWERS.get(answer, ()))
    await receive_verdict(house.context, "acme", verdict)


async def _deliver(house: House) -> None:
    """What is due for the webhook; the provider itself is never told here."""
    lease, due = await house.claimed()
    for message, company in due:
        if message.topic == "webhook":
            await handle_message(house.context, house.endpoint, company, message, lease)
        else:
            await postpone_message(house.context, company, message, lease)
