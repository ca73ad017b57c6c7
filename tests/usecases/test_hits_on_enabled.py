"""A hit on an enabled client: a kind of review of its own, for every enabled request, first in the list."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from ostiary.background.rescreen import screen_all
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.routing import Fact
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.review.decide import decide_request, list_reviews
from ostiary.usecases.review.standing import standing_facts
from ostiary.usecases.screening.screen_client import decide_hit, lists_in_force
from tests.house import House
from tests.material import profile
from tests.usecases.test_screening import (
    HEADER,
    NAMED,
    PETROV,
    approved,
    cleared,
    enabled,
    house,
    look_at_plain,
    read,
    stands,
)

__all__ = ["house"]


async def test_a_hit_on_an_enabled_client_is_of_its_own_kind_for_every_request_and_comes_first(
    house: House, tmp_path: Path
) -> None:
    waiting = await house.submitted(email="waits@example.com", number="EF1111111", **NAMED)
    await house.work()
    await approved(house, waiting)
    house.clock.now_ms += 60_000
    ids = await enabled(house, "CD7654321", first_name="Anna", last_name="Novak")
    second = await house.request(ids[0], "accounts_individuals")
    await house.put(dataclasses.replace(second, status=Status.ENABLED))
    anna = PETROV.replace("Vladimir Petrov", "Anna Novak").replace("NK-1", "NK-9")
    (tmp_path / "list.csv").write_text(HEADER + PETROV + anna)
    os.utime(tmp_path / "list.csv", ns=(9, 9))
    await read(house)
    await screen_all(house.context, await lists_in_force(house.context))
    for request_id in (ids[1], second.id):
        enablement = await house.enablement(ids[0], request_id)
        assert (enablement.review, enablement.review_reasons) == (Review.SCREENING, (ReviewReason.SCREENING_HIT,))
    listed = [(review.enablement.review, review.hits) for review in await list_reviews(house.context)]
    assert listed == [(Review.SCREENING, 1), (Review.SCREENING, 1), (Review.SUBMISSION, 1)]
    [hit] = (await house.do(look_at_plain, *ids)).hits
    await house.do(decide_hit, *ids, cleared(hit.key))
    await house.do(decide_request, *ids, Verdict(Decision.APPROVE))
    assert await stands(house, ids) == (Status.ENABLED, None)
    assert await stands(house, (ids[0], second.id)) == (Status.ENABLED, Review.SCREENING), "each is decided"


@pytest.mark.parametrize("is_changed_first", [False, True])
async def test_a_hit_cleared_does_not_hide_a_change_that_nobody_looked_at(
    house: House, tmp_path: Path, is_changed_first: bool
) -> None:
    ids = await enabled(house, "CD7654321", first_name="Anna", last_name="Novak")

    async def change() -> None:
        await house.do(update_client, ids[0], profile(first_name="Anna", last_name="Novak-Barber"))

    if is_changed_first:
        await change()
    anna = PETROV.replace("Vladimir Petrov", "Anna Novak").replace("NK-1", "NK-9")
    (tmp_path / "list.csv").write_text(HEADER + PETROV + anna)
    os.utime(tmp_path / "list.csv", ns=(9, 9))
    await read(house)
    await screen_all(house.context, await lists_in_force(house.context))
    if not is_changed_first:
        await change()
    [hit] = (await house.do(look_at_plain, *ids)).hits
    await house.do(decide_hit, *ids, cleared(hit.key))
    assert await stands(house, ids) == (Status.ENABLED, Review.SCREENING)
    dossier = await house.dossier(ids[0])
    assert Fact.CHANGE_OPEN in await standing_facts(house.context, house.caller, dossier, dossier.enablement(ids[1]))
    await house.do(look_at_plain, *ids)
    await house.do(decide_request, *ids, Verdict(Decision.APPROVE))
    dossier = await house.dossier(ids[0])
    assert Fact.CHANGE_OPEN not in await standing_facts(
        house.context, house.caller, dossier, dossier.enablement(ids[1])
    )
