"""Whether a new request would be taken: what the next action promises is what the call does."""

from __future__ import annotations

import pytest

from ostiary.domain.catalogue.catalogue import Product
from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.onboarding.dossier import MOST_REQUESTS, Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status
from tests.material import client, enablement

OVER = enablement(Status.REJECTED)
BASIC, HIGHER, OTHER = (
    Product(key, key, "", family=family, level=level)
    for key, family, level in (("cards", "cards", 1), ("gold", "cards", 2), ("accounts", "accounts", 2))
)
OFFERED = {each.id: each for each in (BASIC, HIGHER, OTHER)}


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
    plain = {key: Product(key, key, "") for key in offered}
    assert Dossier(client(status=status), enablements).may_request("cards", plain) is may


@pytest.mark.parametrize(
    ("has", "status", "wanted", "may"),
    [
        ("gold", Status.ENABLED, "cards", False),
        ("gold", Status.IN_KYC, "cards", True),
        ("gold", Status.REJECTED, "cards", True),
        ("cards", Status.ENABLED, "gold", True),
        ("accounts", Status.ENABLED, "cards", True),
        ("gone", Status.ENABLED, "cards", True),
    ],
)
def test_a_lower_level_than_what_is_enabled_is_not_requested(has: str, status: Status, wanted: str, may: bool) -> None:
    dossier = Dossier(client(), (enablement(status, product=has),))
    assert dossier.may_request(wanted, OFFERED) is may


def test_a_level_counts_as_those_below_it_of_its_family() -> None:
    counting = {
        (first.id, second.id) for first in OFFERED.values() for second in OFFERED.values() if first.counts_as(second)
    }
    assert counting == {("cards", "cards"), ("gold", "gold"), ("accounts", "accounts"), ("gold", "cards")}
    assert not Product("a", "A", "", level=2).is_above(Product("b", "B", "", level=1)), "without a family"
