"""Erasing a client: everything of it ends, nobody else changes, and its trail still says what happened."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest

from ostiary.background.erasures import carry_out_due
from ostiary.domain.errors import (
    InvalidState,
    KeptByLaw,
    LeaseLost,
    NotFound,
    OwnDecision,
    ValidationFailed,
)
from ostiary.domain.privacy.erasure import ESCALATED_AFTER_MS, HELD, Cause, ErasureState
from ostiary.domain.privacy.holds import MOST_HOLDS, Hold, HoldWish
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS
from ostiary.usecases.audit.read_trail import read_trail
from ostiary.usecases.clients.individuals import read_client
from ostiary.usecases.delivery.deliver import handle_message
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.privacy.holds import hold_client, list_holds, release_hold
from ostiary.usecases.privacy.request_erasure import (
    confirm_erasure,
    request_by_operator,
    stage_erasure,
    withdraw_erasure,
)
from tests.erasing import (
    FIVE_YEARS_MS,
    approvers,
    asked,
    counted,
    documented,
    last,
    pictures,
    rounds,
    rows_of,
    whole_trail,
)
from tests.house import House
from tests.reviewing import acts, operator

# ---- what ends ----


async def test_nothing_is_left_of_a_client_but_its_trail(house: House) -> None:
    client_id = await documented(house)
    before = await counted(house, client_id)
    assert (await whole_trail(house), before["documents"]) == ({}, 1)
    await asked(house, client_id)
    await rounds(house)
    erasure = await last(house, client_id)
    assert (erasure.state, erasure.problem, erasure.pictures) == (ErasureState.DONE, "", ())
    assert await counted(house, client_id) == {}
    assert pictures(house) == []
    with pytest.raises(NotFound):
        await read_client(house.context, house.caller, client_id)
    assert house.actions(client_id)[-3:] == ["erasure_requested", "client_erased", "erasure_completed"]
    assert await whole_trail(house) == {}
    assert (await read_trail(house.context, house.caller, house.parts.store.census.mark, client_id)).fault is None


async def test_its_receipt_is_on_the_trail(house: House) -> None:
    client_id = await documented(house)
    await asked(house, client_id)
    await rounds(house)
    receipt = (await last(house, client_id)).receipt
    assert receipt is not None
    entry = (await house.context.storage.audit.entries(house.caller.company.id, client_id))[-1]
    assert entry.codes[1] == sha256(receipt.encode()).hexdigest()
    parsed = json.loads(receipt)
    assert (parsed["client"], parsed["pictures_removed"], parsed["rows_removed"]["documents"]) == (client_id, 1, 1)


async def test_its_address_and_reference_are_free_and_its_room_is_given_back(house: House) -> None:
    client_id = await documented(house, reference="C-1")
    assert await house.context.storage.sums.bytes_of(house.caller.company.id) > 0
    await asked(house, client_id)
    await rounds(house)
    assert await house.context.storage.sums.bytes_of(house.caller.company.id) == 0
    assert (await house.client(reference="C-1")).id != client_id


async def test_no_other_client_changes(house: House) -> None:
    other = await documented(house, email="other@example.com")
    client_id = await documented(house)
    before, files = rows_of(house, other), {path for path in pictures(house) if other in path.name}
    await asked(house, client_id)
    await rounds(house)
    assert rows_of(house, other) == before
    assert set(pictures(house)) == files != set()


async def test_messages_and_their_tries_end_with_it_also_one_that_is_on_its_way(house: House) -> None:
    client_id, request_id = await house.submitted()
    await house.judge(client_id, request_id, Decision.REJECT)
    await house.work()
    lease, due = await house.claimed()
    house.clock.now_ms += FIVE_YEARS_MS
    await asked(house, client_id)
    await carry_out_due(house.context)
    assert house.rows("SELECT * FROM messages") == house.rows("SELECT * FROM attempts") == []
    for message, company in due:
        with pytest.raises(LeaseLost):
            await handle_message(house.context, house.endpoint, company, message, lease)
    assert house.rows("SELECT * FROM attempts") == []


async def test_what_a_call_under_way_wrote_behind_it_is_taken_away(house: House) -> None:
    client_id = await documented(house)
    client = (await house.dossier(client_id)).client
    await asked(house, client_id)
    await carry_out_due(house.context)
    await house.context.pictures.keep(client, house.context.new_id(), "image_front", b"late")
    await house.context.storage.claims.find(client.company_id, "x", 0)
    text = "INSERT INTO screenings VALUES (?, ?, 'l', x'00', 1)"
    await house.parts.store.engine.write(text.replace("?, ?", "?1, ?2"), client.company_id, client_id)
    house.clock.now_ms += 2 * house.context.timing.lease_ms
    await carry_out_due(house.context)
    assert ((await last(house, client_id)).state, pictures(house)) == (ErasureState.DONE, [])
    assert await counted(house, client_id) == {}


async def test_a_row_that_is_put_back_shows(house: House) -> None:
    client_id = await documented(house)
    row = house.rows("SELECT * FROM documents")[0]
    await asked(house, client_id)
    await rounds(house)
    places = ", ".join(f"?{number}" for number in range(1, len(row) + 1))
    await house.parts.store.engine.write(f"INSERT INTO documents VALUES ({places})", *row)  # noqa: S608
    assert [f"document {row[2]} is there, and no entry says where from"] == (await whole_trail(house))[client_id]


async def test_who_hides_a_client_by_calling_it_erased_is_found_out(house: House) -> None:
    client_id = await documented(house)
    await house.parts.store.engine.write("UPDATE clients SET erased_at_ms = 1 WHERE client_id = ?1", client_id)
    assert "erased_at_ms is 1" in (await whole_trail(house))[client_id][0]


# ---- who may ask, and when ----


async def test_inside_its_period_it_is_refused_with_the_date_and_that_is_on_the_trail(house: House) -> None:
    client_id, request_id = await house.submitted()
    await house.judge(client_id, request_id, Decision.REJECT)
    with pytest.raises(KeptByLaw, match=r"kept until 20[0-9-]+: AMLR") as refused:
        await asked(house, client_id)
    [fault] = refused.value.faults
    entry = (await house.context.storage.audit.entries(house.caller.company.id, client_id))[-1]
    assert (entry.action, entry.codes) == ("erasure_refused", ("refused", fault.message))
    house.clock.now_ms += FIVE_YEARS_MS
    assert (await asked(house, client_id)).category == "refused"


async def test_who_is_a_client_or_about_to_be_one_is_kept(house: House) -> None:
    client_id, request_id = await house.submitted()
    with pytest.raises(KeptByLaw, match="end that first"):
        await asked(house, client_id)
    await house.judge(client_id, request_id, Decision.APPROVE)
    house.clock.now_ms += 2 * FIVE_YEARS_MS
    with pytest.raises(KeptByLaw, match="end that first"):
        await asked(house, client_id)


async def test_asking_again_changes_nothing(house: House) -> None:
    client_id = await documented(house)
    assert await asked(house, client_id) == await asked(house, client_id)
    with pytest.raises(InvalidState, match="under way"):
        await house.do(stage_erasure, client_id, "x", caller=acts(house, (await approvers(house))[0]))


async def test_an_operator_asks_who_is_an_approver(house: House) -> None:
    client_id = await documented(house)
    with pytest.raises(InvalidState, match="approver"):
        await house.do(request_by_operator, client_id, caller=acts(house, await operator(house, "ana")))
    bea, _ = await approvers(house)
    done = await house.do(request_by_operator, client_id, caller=acts(house, bea))
    assert done.accepted.requested_by == "operator:bea"


async def test_early_it_takes_two_people(house: House) -> None:
    client_id, request_id = await house.submitted()
    await house.judge(client_id, request_id, Decision.APPROVE)
    bea, eva = await approvers(house)
    with pytest.raises(ValidationFailed):
        await house.do(stage_erasure, client_id, " ", caller=acts(house, bea))
    staged = await house.do(stage_erasure, client_id, "A court.", caller=acts(house, bea))
    await rounds(house)
    assert (await last(house, client_id)).state is ErasureState.STAGED
    with pytest.raises(OwnDecision):
        await house.do(confirm_erasure, staged.id, caller=acts(house, bea))
    await house.do(confirm_erasure, staged.id, caller=acts(house, eva))
    with pytest.raises(InvalidState, match="does not wait"):
        await house.do(confirm_erasure, staged.id, caller=acts(house, eva))
    await rounds(house)
    erasure = await last(house, client_id)
    assert (erasure.state, erasure.cause, erasure.confirmed_by) == (ErasureState.DONE, Cause.EARLY, "operator:eva")


async def test_what_is_staged_gives_way_once_the_period_is_over(house: House) -> None:
    client_id = await documented(house)
    bea, _ = await approvers(house)
    staged = await house.do(stage_erasure, client_id, "A court.", caller=acts(house, bea))
    await asked(house, client_id)
    stored = await house.context.storage.erasures.find(house.caller.company, staged.id)
    assert stored is not None
    assert stored.state is ErasureState.WITHDRAWN


async def test_it_is_withdrawn_as_long_as_nothing_has_ended(house: House) -> None:
    client_id = await documented(house)
    erasure, (bea, _) = await asked(house, client_id), await approvers(house)
    await house.do(withdraw_erasure, erasure.id, caller=acts(house, bea))
    with pytest.raises(InvalidState, match="already"):
        await house.do(withdraw_erasure, erasure.id, caller=acts(house, bea))
    await rounds(house)
    assert (await read_client(house.context, house.caller, client_id)).id == client_id
    with pytest.raises(NotFound):
        await house.do(withdraw_erasure, house.context.new_id(), caller=acts(house, bea))


async def test_a_client_that_came_back_meanwhile_is_left_alone(house: House) -> None:
    client_id = await documented(house)
    await asked(house, client_id)
    request = (await house.dossier(client_id)).enablements[0]
    await house.do(submit_product, client_id, request.id)
    await rounds(house)
    assert (await last(house, client_id)).state is ErasureState.WITHDRAWN
    assert house.actions(client_id)[-1] == "erasure_withdrawn"


async def test_who_is_erased_already_is_not_erased_again(house: House) -> None:
    client_id = await documented(house)
    erasure = await asked(house, client_id)
    text = "UPDATE erasures SET client_id = 'nobody' WHERE erasure_id = ?1"
    await house.parts.store.engine.write(text, erasure.id)
    await rounds(house)
    stored = await house.context.storage.erasures.find(house.caller.company, erasure.id)
    assert stored is not None
    assert stored.state is ErasureState.WITHDRAWN


# ---- holds ----


async def test_a_hold_beats_everything_and_has_an_end(house: House) -> None:
    client_id = await documented(house)
    bea, _ = await approvers(house)
    await asked(house, client_id)
    hold = await house.do(hold_client, client_id, HoldWish("A court."), caller=acts(house, bea))
    await rounds(house)
    erasure = await last(house, client_id)
    assert (erasure.state, erasure.problem, erasure.is_overdue(house.clock() + ESCALATED_AFTER_MS)) == (
        ErasureState.WAITING,
        HELD,
        False,
    )
    await house.do(release_hold, client_id, hold.id, "Settled.", caller=acts(house, bea))
    house.clock.now_ms += DAY_MS
    await rounds(house)
    assert (await last(house, client_id)).state is ErasureState.DONE
    assert await counted(house, client_id) == {}


async def test_who_is_held_is_not_erased_by_anybody(house: House) -> None:
    client_id = await documented(house)
    bea, eva = await approvers(house)
    staged = await house.do(stage_erasure, client_id, "x", caller=acts(house, bea))
    await house.do(hold_client, client_id, HoldWish("A court.", "2099-12-31"), caller=acts(house, bea))
    with pytest.raises(KeptByLaw, match="whoever asks"):
        await asked(house, client_id)
    with pytest.raises(InvalidState, match="whoever asks"):
        await house.do(confirm_erasure, staged.id, caller=acts(house, eva))
    assert [hold.reason for hold in await list_holds(house.context, house.caller, client_id)] == ["A court."]


WRONG = {
    "no reason": (HoldWish(" "), ValidationFailed),
    "no day": (HoldWish("x", "tomorrow"), ValidationFailed),
    "a day that is over": (HoldWish("x", "2001-01-01"), ValidationFailed),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_hold_that_cannot_be_is_refused(house: House, name: str) -> None:
    client_id = await documented(house)
    wish, problem = WRONG[name]
    with pytest.raises(problem):
        await house.do(hold_client, client_id, wish, caller=acts(house, (await approvers(house))[0]))


async def test_holds_are_few_and_end_once(house: House) -> None:
    client_id = await documented(house)
    who = acts(house, (await approvers(house))[0])
    holds = [await house.do(hold_client, client_id, HoldWish("x"), caller=who) for _ in range(MOST_HOLDS)]
    with pytest.raises(InvalidState, match="At most"):
        await house.do(hold_client, client_id, HoldWish("x"), caller=who)
    await house.do(release_hold, client_id, holds[0].id, "Over.", caller=who)
    with pytest.raises(InvalidState, match="over already"):
        await house.do(release_hold, client_id, holds[0].id, "Over.", caller=who)
    with pytest.raises(NotFound):
        await house.do(release_hold, client_id, house.context.new_id(), "Over.", caller=who)


async def test_a_hold_of_the_same_moment_is_seen_or_loses(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The erasure was decided on a reading from before the hold: its unit loses, and is decided again."""
    client_id = await documented(house)
    bea, _ = await approvers(house)
    await asked(house, client_id)
    removal, held = house.context.storage.removal.counted, list[Hold]()

    async def while_it_is_counted(company_id: str, whose: str) -> Any:
        if not held:
            held.append(await house.do(hold_client, client_id, HoldWish("A court."), caller=acts(house, bea)))
        return await removal(company_id, whose)

    monkeypatch.setattr(house.parts.store.removal, "counted", while_it_is_counted)
    await carry_out_due(house.context)
    erasure = await last(house, client_id)
    assert (erasure.state, erasure.problem, len(held)) == (ErasureState.WAITING, HELD, 1)
