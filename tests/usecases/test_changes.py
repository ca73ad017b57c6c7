"""What was before a change is kept, sealed; who looks at the change sees both; who was rejected stays what it was."""

from __future__ import annotations

import pytest

from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.errors import InvalidState
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.next_action import Owner, next_action
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.verdicts import Decision
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.onboarding.products import read_product
from ostiary.wire.review import changes
from tests.house import House
from tests.material import profile


async def enabled(house: House) -> tuple[str, str]:
    ids = await house.submitted()
    await house.judge(*ids, Decision.APPROVE)
    return ids


async def test_every_earlier_value_is_kept_and_shown_beside_what_it_became(house: House) -> None:
    ids = await enabled(house)
    house.clock.now_ms += 60_000
    await house.do(update_client, ids[0], profile(last_name="Second", address={"city": "Rosario"}))
    house.clock.now_ms += 60_000
    await house.do(update_client, ids[0], profile(last_name="Third", attributes={}))
    details = await house.look(*ids)
    assert [(change["at"], change["field"], change["was"], change["is"]) for change in changes(details)] == [
        ("2026-04-15T10:32:00", "last_name", "Second", "Third"),
        ("2026-04-15T10:32:00", "address.city", "Rosario", "Del Viso"),
        ("2026-04-15T10:32:00", "occupation", "Teacher", None),
        ("2026-04-15T10:31:00", "last_name", "Barber", "Second"),
        ("2026-04-15T10:31:00", "address.city", "Del Viso", "Rosario"),
    ]
    assert [version.profile.last_name for version in details.past] == ["Barber", "Second"]
    sealed = house.rows("SELECT profile FROM past_profiles")
    assert len(sealed) == 2
    assert not [content for (content,) in sealed if b"Barber" in content or b"Rosario" in content]


async def test_a_change_of_nothing_keeps_nothing(house: House) -> None:
    ids = await enabled(house)
    await house.do(update_client, ids[0], profile())
    assert house.rows("SELECT 1 FROM past_profiles") == []


@pytest.mark.parametrize(
    ("change", "asks"),
    [
        ({"last_name": "Other"}, True),
        ({"birth_date": "1984-11-22"}, True),
        ({"address": {"country": "URY", "state": None, "postal_code": None}}, True),
        ({"address": {"city": "Rosario"}}, False),
        ({"email": "other@example.com"}, False),
    ],
    ids=str,
)
async def test_a_change_of_who_it_is_is_looked_at_for_every_enabled_request(
    house: House, change: dict[str, object], asks: bool
) -> None:
    ids = await enabled(house)
    await house.do(update_client, ids[0], profile(**change))
    enablement = await house.enablement(*ids)
    assert (enablement.review, enablement.review_reasons) == (
        (Review.CHANGE, (ReviewReason.CLIENT_CHANGED,)) if asks else (None, ())
    )
    assert house.actions(ids[0]).count("review_opened") == asks


async def test_a_second_change_before_anybody_looked_opens_nothing_more(house: House) -> None:
    ids = await enabled(house)
    for name in ("Second", "Third"):
        await house.do(update_client, ids[0], profile(last_name=name))
    assert house.actions(ids[0]).count("review_opened") == 1
    await house.judge(*ids, Decision.APPROVE)
    enablement = await house.enablement(*ids)
    assert (enablement.status, enablement.review, enablement.review_reasons) == (Status.ENABLED, None, ())


@pytest.mark.parametrize("change", [{"last_name": "Other"}, {"email": "other@example.com"}, {"attributes": {}}, {}])
async def test_a_rejected_client_is_not_rewritten(house: House, change: dict[str, object]) -> None:
    ids = await house.submitted()
    await house.judge(*ids, Decision.REJECT_CLIENT)
    with pytest.raises(InvalidState, match="client was rejected"):
        await house.do(update_client, ids[0], profile(**change))
    client = (await house.dossier(ids[0])).client
    assert (client.status, client.profile) == (ClientStatus.REJECTED, profile())


@pytest.mark.parametrize(
    ("decision", "asks_again", "step"),
    [
        (Decision.REJECT, False, (Owner.COMPANY, "request_again")),
        (Decision.REJECT, True, (Owner.NOBODY, "none")),
        (Decision.REJECT_CLIENT, False, (Owner.NOBODY, "none")),
    ],
)
async def test_only_who_may_request_again_is_told_so(
    house: House, decision: Decision, asks_again: bool, step: tuple[Owner, str]
) -> None:
    ids = await house.submitted()
    await house.judge(*ids, decision)
    if asks_again:
        await house.request(ids[0])
    state = await read_product(house.context, house.caller, *ids)
    next_step = next_action(state.enablement, state.assessment, may_request_again=state.may_request_again)
    assert (next_step.owner, next_step.action) == step
