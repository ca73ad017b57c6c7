"""Forms that no page of ours made, and what happens while one is on its way: nothing is decided by them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.operators.operator import Role
from tests.console.cases import actions, state, waiting
from tests.console.desk import ORIGIN, Desk, text_of
from tests.console.test_cases import opened


async def test_a_number_is_not_released_by_a_look_that_never_was(desk: Desk) -> None:
    request = await waiting(desk, await desk.company("Acme of looks"))
    ana, cleo = await desk.signed_in("Ana looks", Role.REVIEWER), await desk.signed_in("Cleo blind", Role.APPROVER)
    [document, *_] = re.findall(r"/pictures/([^/]*)/", (await ana.get(request.place)).text)
    await ana.post(f"{request.place}/let-go")
    answer = await cleo.post(f"{request.place}/numbers/{document}/release", {"look": "9" * 9})
    assert (answer.status_code, "has to look first" in text_of(answer)) == (412, True)
    assert "number_released" not in await actions(desk, request.client_id, request.company)


async def test_who_is_disabled_while_a_form_is_on_its_way_decides_nothing(desk: Desk) -> None:
    request = await waiting(desk, await desk.company("Acme of slow forms"))
    ada, ana = await desk.signed_in("Ada of slow forms"), await desk.signed_in("Ana of slow forms", Role.REVIEWER)
    assert ana.operator is not None
    hidden = await opened(ana, request)
    form = urlencode({**hidden, "form_token": await ana.form_token()}).encode()

    async def pieces() -> AsyncIterator[bytes]:
        yield form[:10]
        assert ana.operator is not None
        assert (await ada.post(f"/console/operators/{ana.operator.id}/disable")).status_code == 303
        yield form[10:]

    headers = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    answer = await ana.http.post(f"{request.place}/decide/approve", content=pieces(), headers=headers)
    assert answer.status_code == 401
    assert (await state(desk, request)).status is Status.IN_KYC
