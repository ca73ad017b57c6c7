"""Whatever several people do in whatever order: no decision that takes two takes effect by one, and none twice."""

from __future__ import annotations

from random import Random

import pytest

from ostiary.domain.catalogue.catalogue import Eyes
from ostiary.domain.errors import OstiaryError
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.operators.operator import Operator, Role
from ostiary.usecases.review import second_person
from ostiary.usecases.review.four_eyes import settle
from tests.house import House
from tests.reviewing import acts, case, looked, operator, ruled
from tests.usecases.two_people import APPROVE, BACK, REJECT, Ids, waits

STEPS, PROPOSALS = 14, (APPROVE, REJECT, BACK)
EFFECTS = ("verdict_approve", "verdict_reject", "verdict_return")


async def step(house: House, chance: Random, ids: Ids, who: Operator) -> None:
    """Somebody does something, or is refused."""
    await looked(house, who, *ids)
    waiting = await waits(house, ids)
    deed = chance.choice(("stage", "confirm", "confirm", "send back", "withdraw"))
    if deed == "stage" or not waiting:
        await house.do(settle, *ids, chance.choice(PROPOSALS), caller=acts(house, who))
    elif deed == "confirm":
        await house.do(second_person.confirm, *ids, chance.choice(waiting).id, "", caller=acts(house, who))
    elif deed == "withdraw":
        await second_person.take_back(house.context, acts(house, who), *ids, chance.choice(waiting).id)
    else:
        await second_person.send_back_to_maker(house.context, acts(house, who), *ids, chance.choice(waiting).id, "No.")


@pytest.mark.parametrize("seed", range(12))
async def test_nothing_is_decided_by_one_nor_twice(house: House, seed: int) -> None:
    chance = Random(seed)
    ids = await case(house)
    people = [await operator(house, "ana"), await operator(house, "vic", Role.VIEWER)]
    people += [await operator(house, name, Role.APPROVER) for name in ("bea", "cleo")]
    ruled(house, *Eyes)
    for _ in range(STEPS):
        house.clock.now_ms += 1
        before = (await house.enablement(*ids)).status
        try:
            await step(house, chance, ids, chance.choice(people))
        except OstiaryError:
            assert (await house.enablement(*ids)).status is before, "what was refused changes nothing"
    entries = await house.context.storage.audit.entries(house.caller.company.id, ids[0])
    effects = [each for each in entries if each.action in EFFECTS]
    confirmations = [each for each in entries if each.action == "decision_confirmed"]
    assert len(effects) == len(confirmations)
    assert ((await house.enablement(*ids)).status is Status.IN_KYC) is (not effects)
    staging = set[int]()
    for decided, both in zip(effects, confirmations, strict=True):
        [staged] = [each for each in entries if f"staged_{each.position}" in decided.codes]
        assert staged.position not in staging, "it takes effect once"
        staging.add(staged.position)
        assert (staged.action, staged.actor, decided.actor) == ("decision_staged", both.subject, both.actor)
        assert both.actor != both.subject
