"""Two people decide one case at the same moment, over two connections of every engine: one does, the other is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from functools import partial

from ostiary.domain.errors import Refused
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.operators.operator import Operator
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.usecases.context import Context
from ostiary.usecases.lines import OwnerLines
from ostiary.usecases.operators.directory import acting
from ostiary.usecases.review.apply_verdict import open_review
from ostiary.usecases.review.claims import settle_case
from ostiary.usecases.review.decide import decide_request
from tests.reviewing import operator
from tests.storage.lived import Lived

VERDICTS = (Verdict(Decision.APPROVE), Verdict(Decision.REJECT, "Not eligible."))


async def test_of_two_decisions_over_two_connections_one_is_made(lived: Lived) -> None:
    house = lived.house
    elsewhere = replace(house.context, storage=lived.shelf.open(), lines=OwnerLines())
    people = [await operator(house, name) for name in ("ana of two", "bob of two")]
    for number in range(3):
        client_id, request_id = await house.submitted(f"TW{number:07}", email=f"two{number}@example.com")
        await house.do(open_review, client_id, request_id)
        for who in people:
            await house.look(client_id, request_id, acting(who, house.caller.company))

        def decided(
            context: Context, who: Operator, verdict: Verdict, place: tuple[str, str] = (client_id, request_id)
        ) -> Awaitable[Enablement]:
            caller = acting(who, house.caller.company)
            decide = partial(decide_request, context, caller, *place, verdict)
            return settle_case(context, who, caller, place[1], decide)

        answers = await asyncio.gather(
            decided(house.context, people[0], VERDICTS[0]),
            decided(elsewhere, people[1], VERDICTS[1]),
            return_exceptions=True,
        )
        assert sorted(isinstance(each, Refused) for each in answers) == [False, True], answers
        made_of = [each for each in answers if isinstance(each, Enablement)]
        assert (await house.enablement(client_id, request_id)).status is made_of[0].status
