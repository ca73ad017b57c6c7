"""A list that goes away between the question about a name as typed and the one about the name as read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ostiary.domain.companies.company import Environment
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.screening.subject import ScreeningUnavailable
from ostiary.usecases.delivery.deliver import MOST_UNREAD
from tests.acceptance.onboarding import drawn
from tests.house import House, open_house, upload
from tests.usecases.test_screening import HEADER, PETROV


@pytest.fixture
async def bank(tmp_path: Path) -> AsyncIterator[House]:
    """A production company whose documents are read by the machine; one list."""
    (tmp_path / "list.csv").write_text(HEADER + PETROV)
    (tmp_path / "providers.yaml").write_text("screening:\n  own:\n    kind: local\n    file: list.csv\n")
    settings = {"OSTIARY_PROVIDERS": str(tmp_path / "providers.yaml"), "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1"}
    with open_house(tmp_path / "data", **settings) as opened:
        opened.caller = await opened.found_company("Real", Environment.PRODUCTION)
        yield opened
        await opened.parts.close_connections()


async def test_the_submission_waits_for_it_and_at_last_a_person_decides(bank: House) -> None:
    screening, asked = bank.context.lists[0], 0
    usual = screening.screen

    async def away_when_asked_again(*about: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 1:
            return await usual(*about)
        raise ScreeningUnavailable("own: is away", 10.0)

    screening.screen = away_when_asked_again  # type: ignore[method-assign, assignment]
    client = await bank.client(first_name="小明", second_name=None, last_name="李")
    request = await bank.request(client.id)
    page = upload(number="AB1234567", issuing_country="ARG", expiration_date="2034-05-31")
    await bank.send(client.id, request.id, type(page)(page.type, page.metadata, drawn("AB1234567"), None))
    await bank.submit(client.id, request.id)
    for _ in range(MOST_UNREAD - 1):
        assert await bank.work() == ["in_kyc"]
        assert (await bank.enablement(client.id, request.id)).review is None
        bank.clock.now_ms += 10_000
    assert await bank.work() == ["in_kyc"]
    enablement = await bank.enablement(client.id, request.id)
    assert (enablement.status, enablement.review) == (Status.IN_KYC, Review.SUBMISSION)
    assert bank.rows("SELECT codes FROM audit_entries WHERE action = 'review_opened'") == [("screening_unavailable",)]
    assert asked == MOST_UNREAD + 1
