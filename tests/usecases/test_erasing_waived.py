"""A provider that never says that it forgot a client: two people end the erasure without its word."""

from __future__ import annotations

import json

import pytest

from ostiary.background.erasures import carry_out_due
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidState, LeaseLost, NotFound, OwnDecision, ValidationFailed
from ostiary.domain.operators.operator import Role
from ostiary.domain.privacy.erasure import ErasureState
from ostiary.domain.privacy.waiver import WaiverWish
from ostiary.domain.times import DAY_MS, format_timestamp
from ostiary.domain.value import replace
from ostiary.usecases.operators import directory
from ostiary.usecases.operators.directory import disable_operator, list_operators
from ostiary.usecases.privacy.carry_out import carry_out
from ostiary.usecases.privacy.request_erasure import confirm_erasure, stage_erasure, withdraw_erasure
from ostiary.usecases.privacy.waive import second_word, waive_word
from tests.erasing import (
    SILENT,
    Forgetting,
    approvers,
    asked,
    documented,
    last,
    rounds,
    whole_trail,
    with_provider,
)
from tests.house import House
from tests.reviewing import acts, operator


async def silent(house: House) -> tuple[str, Forgetting, Caller, Caller]:
    """An erasure that a provider keeps open: the client, the provider, and two approvers."""
    acme = Forgetting(word=SILENT)
    with_provider(house, acme)
    client_id, _ = await house.submitted()
    bea, eva = [acts(house, each) for each in await approvers(house)]
    staged = await house.do(stage_erasure, client_id, "An order of the court.", caller=bea)
    await house.do(confirm_erasure, staged.id, caller=eva)
    await rounds(house)
    assert (await last(house, client_id)).problem == "provider_silent acme"
    return client_id, acme, bea, eva


GONE = WaiverWish("provider_gone", "Insolvent since May.\nSee the file.")


async def test_two_people_end_it_without_the_provider_s_word(provided: House) -> None:
    house = provided
    client_id, acme, bea, eva = await silent(house)
    erasure = await last(house, client_id)
    waived = await house.do(waive_word, erasure.id, GONE, caller=bea)
    assert (waived.waits_for_waiver, waived.is_waived, waived.state) == (True, False, ErasureState.ERASED)
    with pytest.raises(OwnDecision):
        await house.do(second_word, erasure.id, caller=bea)
    house.clock.now_ms += DAY_MS
    await rounds(house, 1)
    assert (await last(house, client_id)).state is ErasureState.ERASED, "one word is none"
    count = len(acme.asked)
    await house.do(second_word, erasure.id, caller=eva)
    await rounds(house, 1)
    ended = await last(house, client_id)
    assert (ended.state, len(acme.asked)) == (ErasureState.DONE, count + 1), "it is asked once more"
    assert ended.receipt is not None
    receipt = json.loads(ended.receipt)
    assert receipt["providers"] == []
    assert [each["provider"] for each in receipt["without_word_of"]] == ["acme"]
    assert receipt["waiver"] == {
        "reason": "provider_gone",
        "by": bea.actor,
        "confirmed_by": eva.actor,
        "at": format_timestamp(waived.waiver.at_ms if waived.waiver else 0),
    }
    assert "Insolvent" not in ended.receipt, "a note is for operators only"
    assert house.actions(client_id)[-3:] == ["erasure_waived", "erasure_waiver_confirmed", "erasure_completed"]
    assert await whole_trail(house) == {}


async def test_a_word_that_comes_after_all_is_the_receipt_s(provided: House) -> None:
    house = provided
    client_id, acme, bea, eva = await silent(house)
    erasure = await last(house, client_id)
    await house.do(waive_word, erasure.id, GONE, caller=bea)
    await house.do(second_word, erasure.id, caller=eva)
    acme.word = "erased"
    await rounds(house, 1)
    receipt = json.loads((await last(house, client_id)).receipt or "")
    assert [each["answer"] for each in receipt["providers"]] == ["erased"]
    assert not {"waiver", "without_word_of"} & set(receipt)


async def test_another_reason_takes_the_place_of_the_first_and_needs_somebody_else(provided: House) -> None:
    house = provided
    client_id, _, bea, eva = await silent(house)
    erasure = await last(house, client_id)
    await house.do(waive_word, erasure.id, GONE, caller=bea)
    await house.do(waive_word, erasure.id, WaiverWish("never_had_it", "A test."), caller=eva)
    with pytest.raises(OwnDecision):
        await house.do(second_word, erasure.id, caller=eva)
    await house.do(second_word, erasure.id, caller=bea)
    await rounds(house, 1)
    receipt = json.loads((await last(house, client_id)).receipt or "")
    assert (receipt["waiver"]["reason"], receipt["waiver"]["by"]) == ("never_had_it", eva.actor)


@pytest.mark.parametrize("name", ["bea", "BEA", "\uff42ea", "b\u200bea"])
async def test_nobody_is_both_people_however_the_name_is_written(provided: House, name: str) -> None:
    """A command line takes any spelling, of the first word and of the second."""
    house = provided
    client_id, _, bea, eva = await silent(house)
    erasure, spelled = await last(house, client_id), replace(bea, actor=f"operator:{name}")
    for first, second in ((bea, spelled), (spelled, bea)):
        await house.do(waive_word, erasure.id, GONE, caller=first)
        with pytest.raises(OwnDecision):
            await house.do(second_word, erasure.id, caller=second)
    other = await house.client(email="other@example.com")
    for first, second in ((bea, spelled), (spelled, bea)):
        staged = await house.do(stage_erasure, other.id, "A court.", caller=first)
        with pytest.raises(OwnDecision):
            await house.do(confirm_erasure, staged.id, caller=second)
        await house.do(withdraw_erasure, staged.id, caller=eva)


async def test_the_word_of_who_was_shut_out_meanwhile_is_none(provided: House) -> None:
    house = provided
    client_id, _, bea, eva = await silent(house)
    other = await house.client(email="other@example.com")
    ida = acts(house, await operator(house, "ida", Role.APPROVER))
    waived = await house.do(waive_word, (await last(house, client_id)).id, GONE, caller=bea)
    staged = await house.do(stage_erasure, other.id, "A court.", caller=bea)
    [account] = [each for each in await list_operators(house.context) if each.name == "bea"]
    lead = Caller(await directory.house(house.context), "operator:setup", 5)
    await house.do(disable_operator, account.id, caller=lead)
    with pytest.raises(InvalidState, match="bea"):
        await house.do(second_word, waived.id, caller=eva)
    with pytest.raises(InvalidState, match="bea"):
        await house.do(confirm_erasure, staged.id, caller=eva)
    await house.do(waive_word, waived.id, GONE, caller=eva)
    await house.do(second_word, waived.id, caller=ida)
    await rounds(house, 1)
    assert (await last(house, client_id)).state is ErasureState.DONE, "others go on"


async def test_a_worker_who_is_at_it_loses_to_what_people_say(provided: House) -> None:
    """Else it would write over their words what it knew before."""
    house = provided
    client_id, _, bea, _ = await silent(house)
    company, now = house.caller.company, house.clock() + DAY_MS
    house.clock.now_ms = now
    [claimed] = await house.context.storage.erasures.claim(company, now, now + DAY_MS, 5)
    await house.do(waive_word, claimed.id, GONE, caller=bea)
    with pytest.raises(LeaseLost):
        await carry_out(house.context, company, claimed, house.context.pictures.left())
    assert (await last(house, client_id)).waits_for_waiver
    assert await carry_out_due(house.context) == 1, "nobody's lease is waited for"


@pytest.mark.parametrize(("reason", "note", "field"), [
    ("because", "x", "reason"), ("", "x", "reason"), ("other", " ", "note"), ("other", "x" * 4_001, "note"),
])  # fmt: skip
async def test_a_waiver_has_a_reason_of_the_list_and_a_note(
    provided: House, reason: str, note: str, field: str
) -> None:
    house = provided
    client_id, _, bea, _ = await silent(house)
    with pytest.raises(ValidationFailed) as refused:
        await house.do(waive_word, (await last(house, client_id)).id, WaiverWish(reason, note), caller=bea)
    assert [fault.field for fault in refused.value.faults] == [field]


async def test_only_a_provider_s_word_is_waived_and_only_by_approvers(provided: House) -> None:
    house = provided
    client_id = await documented(house)
    await asked(house, client_id)
    await carry_out_due(house.context)
    bea, eva = [acts(house, each) for each in await approvers(house)]
    ada = acts(house, await operator(house, "ada", Role.REVIEWER))
    for who, erasure_id, refusal in (
        (bea, (await last(house, client_id)).id, InvalidState),
        (ada, (await last(house, client_id)).id, InvalidState),
        (bea, "0" * 32, NotFound),
    ):
        with pytest.raises(refusal):
            await house.do(waive_word, erasure_id, GONE, caller=who)
    with pytest.raises(NotFound):
        await house.do(second_word, (await last(house, client_id)).id, caller=eva)
