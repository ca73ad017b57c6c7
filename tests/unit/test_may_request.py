"""Whether a new request would be taken: what the next action promises is what the call does."""

from __future__ import annotations

import pytest

from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.onboarding.dossier import MOST_REQUESTS, Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status
from tests.material import client, enablement

OVER = enablement(Status.REJECTED)


@pytest.mark.parametrize(
    ("status", "enablements", "offered", "may"),
    [
        (ClientStatus.PENDING, (OVER,), ("cards",), True),
        (ClientStatus.ACTIVE, (OVER,), ("cards", "accounts"), True),
        (ClientStatus.REJECTED, (OVER,), ("cards",), False),
        (ClientStatus.PENDING, (OVER,), ("accounts",), False),
        (ClientStatus.PENDING, (OVER, enablement(Status.IN_KYC)), ("cards",), False),
        (ClientStatus.PENDING, (OVER, enablement(Status.IN_KYC, product="accounts")), ("cards",), True),
        (ClientStatus.PENDING, (OVER,) * MOST_REQUESTS, ("cards",), False),
    ],
)
def test_a_request_is_possible(
    status: ClientStatus, enablements: tuple[Enablement, ...], offered: tuple[str, ...], may: bool
) -> None:
    assert Dossier(client(status=status), enablements).may_request("cards", offered) is may
