"""Decisions have reasons, and are by who looked at what is decided, as it is; a confirmed hit needs two operators."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.app import opened
from ostiary.domain.companies.company import Caller, Environment
from ostiary.domain.errors import InvalidState, OstiaryError, ValidationFailed
from ostiary.domain.onboarding.enablement import Enablement, Review, Status, under_review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.remarks import NOTE_CHARACTERS
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.screening.hits import HitState
from ostiary.settings import read_settings
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.context import Context
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.review.apply_verdict import apply_verdict
from ostiary.usecases.review.decide import SendBack, decide_request, release_number, return_request
from ostiary.usecases.screening.screen_client import HitDecision, decide_hit, lists_in_force, screen_client
from ostiary.usecases.transaction import Outcome, execute
from tests.house import House, open_house, upload
from tests.material import profile

Ids = tuple[str, str]
APPROVE, REJECT = Verdict(Decision.APPROVE), Verdict(Decision.REJECT, "Not eligible.")
LISTED = "id,schema,name,aliases,birth_date,countries,dataset\nNK-1,Person,Maria Barber,,1984-11-21,ar,Sanctions\n"
NOBODY = LISTED.replace("Maria Barber", "Somebody Else").replace("NK-1", "NK-0")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A production company and a list that names Maria."""
    (tmp_path / "list.csv").write_text(LISTED)
    (tmp_path / "providers.yaml").write_text("screening:\n  own:\n    kind: local\n    file: list.csv\n")
    with open_house(tmp_path / "data", OSTIARY_PROVIDERS=str(tmp_path / "providers.yaml")) as house:
        house.caller = await house.found_company("Bank", Environment.PRODUCTION)
        yield house
        await house.parts.close_connections()


async def doubted(house: House, *reasons: str) -> Ids:
    """A request that waits for an operator."""
    ids = await house.submitted()
    await house.put(under_review(await house.enablement(*ids), Review.SUBMISSION, house.clock.now_ms, reasons))
    return ids


async def screened(house: House, client_id: str) -> None:
    await screen_client(house.context, house.caller, client_id, await lists_in_force(house.context))


async def returned(context: Context, caller: Caller, client_id: str, enablement_id: str) -> Outcome[Enablement]:
    return await return_request(context, caller, client_id, enablement_id, SendBack(["image_blurred"]))


# ---- reasons --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", [Decision.REJECT, Decision.REJECT_CLIENT])
@pytest.mark.parametrize("reason", ["", " ", "\u00a0\t", "x" * 501])
async def test_a_rejection_says_why(house: House, decision: Decision, reason: str) -> None:
    ids = await doubted(house)
    await house.look(*ids)
    with pytest.raises(ValidationFailed, match=r"reason (must not be blank|has 501)"):
        await house.do(decide_request, *ids, Verdict(decision, reason))


@pytest.mark.parametrize(
    ("reasons", "needs_note"),
    [
        ((), False),
        ((ReviewReason.NOT_MACHINE_READABLE,), False),
        ((ReviewReason.PROVIDER_CONFIRMED,), False),
        ((ReviewReason.NAME_DOUBTFUL,), True),
        ((ReviewReason.NOT_MACHINE_READABLE, ReviewReason.LOOKS_LIKE_ANOTHER), True),
        ((ReviewReason.SCREENING_UNAVAILABLE,), True),
    ],
)
async def test_approving_against_a_doubt_needs_a_note(house: House, reasons: tuple[str, ...], needs_note: bool) -> None:
    ids = await doubted(house, *reasons)
    await house.look(*ids)
    if needs_note:
        with pytest.raises(InvalidState, match=f"against a doubt \\({reasons[-1]}\\) needs a note"):
            await house.do(decide_request, *ids, APPROVE)
        with pytest.raises(ValidationFailed, match="note must not be blank"):
            await house.do(decide_request, *ids, APPROVE, "  ")
    await house.do(decide_request, *ids, APPROVE, "original seen" if needs_note else "")
    assert (await house.enablement(*ids)).status is Status.ENABLED
    noted = [(remark.action, remark.text) for remark in (await house.look(*ids)).remarks]
    assert noted == ([("verdict_approve", "original seen")] if needs_note else [])
    assert b"original seen" not in b"".join(row[0] for row in house.rows("SELECT content FROM remarks"))


async def test_every_decision_can_bear_a_note(house: House) -> None:
    ids = await doubted(house)
    [document] = (await house.look(*ids)).documents
    await house.do(release_number, *ids, document.id, "sold twice")
    await house.do(return_request, *ids, SendBack(["image_blurred"], note="looks cut out"))
    noted = [(remark.action, remark.subject, remark.text) for remark in (await house.look(*ids)).remarks]
    assert noted == [("number_released", document.id, "sold twice"), ("verdict_return", "", "looks cut out")]
    with pytest.raises(ValidationFailed, match="note has"):
        await house.do(decide_request, *ids, Verdict(Decision.REJECT_CLIENT, "no"), "x" * (NOTE_CHARACTERS + 1))


# ---- who looked -----------------------------------------------------------------------------------------------------


async def approve(house: House, ids: Ids, caller: Caller) -> object:
    return await house.do(decide_request, *ids, APPROVE, caller=caller)


async def reject_it(house: House, ids: Ids, caller: Caller) -> object:
    return await house.do(decide_request, *ids, REJECT, caller=caller)


async def send_back(house: House, ids: Ids, caller: Caller) -> object:
    return await house.do(returned, *ids, caller=caller)


DECISIONS = [approve, reject_it, send_back]
Decide = Callable[[House, Ids, Caller], Awaitable[object]]


@pytest.mark.parametrize("decide", DECISIONS)
async def test_who_did_not_look_does_not_decide(house: House, decide: Decide) -> None:
    ids = await doubted(house)
    ana, bob = await house.operator("ana"), await house.operator("bob")
    await house.look(*ids, bob)
    with pytest.raises(InvalidState, match=f"has to look first: `ostiary review show {ids[1]}`"):
        await decide(house, ids, ana)
    await house.look(*ids, ana)
    await decide(house, ids, ana)
    assert (await house.enablement(*ids)).review is None


async def resubmitted(house: House, ids: Ids) -> None:
    await house.judge(*ids, Decision.RETURN, *(await house.refusals(ids[0])))
    await house.send(*ids, upload(seed=4))
    await house.do(submit_product, *ids)


async def hit(house: House, ids: Ids) -> None:
    await screened(house, ids[0])


async def other_operator(house: House, ids: Ids) -> None:
    bob = await house.operator("bob")
    [document] = (await house.look(*ids, bob)).documents
    await house.do(release_number, *ids, document.id, caller=bob)


@pytest.mark.parametrize("decide", DECISIONS)
@pytest.mark.parametrize(
    ("change", "named"),
    [(resubmitted, "product_submitted"), (hit, "client_screened hits_1 new_1"), (other_operator, "number_released")],
)
async def test_what_changed_since_is_named_and_nothing_is_decided(
    house: House, decide: Decide, change: Callable[[House, Ids], Awaitable[None]], named: str
) -> None:
    ids, ana = await doubted(house), await house.operator("ana")
    await house.look(*ids, ana)
    await change(house, ids)
    with pytest.raises(InvalidState, match=f"changed since you looked: .*{named}"):
        await decide(house, ids, ana)
    assert (await house.enablement(*ids)).status is Status.IN_KYC


async def test_what_changes_nothing_keeps_nobody_from_deciding(house: House) -> None:
    ids, ana, bob = await doubted(house), await house.operator("ana"), await house.operator("bob")
    await house.look(*ids, ana)
    await house.look(*ids, bob)
    await house.request(ids[0], "accounts_individuals")
    await house.do(decide_request, *ids, APPROVE, caller=ana)
    codes = [entry.codes for entry in await house.context.storage.audit.entries(ana.company.id, ids[0])][-1]
    assert codes[0] == "attempt_1"
    assert codes[1].startswith("looked_")


# ---- hits -----------------------------------------------------------------------------------------------------------


async def confirm(house: House, ids: Ids, name: str, state: HitState) -> None:
    caller = await house.operator(name)
    [hit] = (await house.look(*ids, caller)).hits
    await house.do(decide_hit, *ids, HitDecision(hit.key, state, "because"), caller=caller)


async def test_a_hit_is_decided_by_who_looked_and_with_a_reason(house: House) -> None:
    ids = await doubted(house)
    await screened(house, ids[0])
    [hit] = await house.context.storage.screening.hits((await house.dossier(ids[0])).client)
    ana = await house.operator("ana")
    with pytest.raises(ValidationFailed, match="note must not be blank"):
        await house.do(decide_hit, *ids, HitDecision(hit.key, HitState.CLEARED, " "), caller=ana)
    with pytest.raises(InvalidState, match="has to look first"):
        await house.do(decide_hit, *ids, HitDecision(hit.key, HitState.CLEARED, "other"), caller=ana)
    await confirm(house, ids, "ana", HitState.CLEARED)
    entry = (await house.context.storage.audit.entries(ana.company.id, ids[0]))[-1]
    assert (entry.action, entry.subject, entry.codes) == ("hit_cleared", hit.key[:32], ("own", ids[1]))
    assert [(remark.action, remark.subject) for remark in (await house.look(*ids)).remarks] == [
        ("hit_cleared", hit.key[:32])
    ]


@pytest.mark.parametrize("name", ["ana", "Ana", " ana "])
async def test_who_confirmed_a_hit_does_not_clear_it_alone(house: House, name: str) -> None:
    ids = await doubted(house)
    await screened(house, ids[0])
    await confirm(house, ids, "ana", HitState.CONFIRMED)
    with pytest.raises(InvalidState, match="a second operator"):
        await confirm(house, ids, name, HitState.CLEARED)
    await confirm(house, ids, "bob", HitState.CLEARED)
    await confirm(house, ids, "ana", HitState.CONFIRMED)


async def test_a_hit_is_named_by_enough_of_its_key(house: House, tmp_path: Path) -> None:
    """Keys are hexadecimal: of seventeen, two begin alike."""
    entry = LISTED.splitlines()[1]
    (tmp_path / "list.csv").write_text(LISTED + "".join(entry.replace("NK-1", f"NK-{n}") + "\n" for n in range(2, 18)))
    ids = await doubted(house)
    await screened(house, ids[0])
    keys = [hit.key for hit in (await house.look(*ids)).hits]
    starts = Counter(key[0] for key in keys)
    [(common, count)] = starts.most_common(1)
    with pytest.raises(ValidationFailed, match=f"begins the keys of {count} hits"):
        await house.do(decide_hit, *ids, HitDecision(common, HitState.CLEARED, "x"))
    await house.do(decide_hit, *ids, HitDecision(keys[0], HitState.CLEARED, "x"))


async def test_nothing_that_is_said_advises_to_clear(house: House) -> None:
    ids = await doubted(house)
    await screened(house, ids[0])
    await house.look(*ids)
    with pytest.raises(OstiaryError) as caught:
        await house.do(decide_request, *ids, APPROVE, "seen")
    assert "hits on lists" in caught.value.message
    assert "clear" not in caught.value.message


# ---- at the same moment, over two connections ----------------------------------------------------------------------


async def moved_meanwhile(house: House, ids: Ids, other: Context) -> None:
    await apply_verdict_on(other, house.caller, ids, Decision.REJECT)


async def hit_meanwhile(house: House, ids: Ids, other: Context) -> None:
    await screen_client(other, house.caller, ids[0], await lists_in_force(other))


async def apply_verdict_on(context: Context, caller: Caller, ids: Ids, decision: Decision) -> None:
    await execute(context, caller, lambda: apply_verdict(context, caller, *ids, Verdict(decision, "No.")))


@pytest.mark.parametrize(
    ("meanwhile", "words"), [(hit_meanwhile, "client_screened"), (moved_meanwhile, "rejected cannot be approved")]
)
async def test_what_another_process_writes_after_it_was_judged_undoes_the_decision(
    house: House, meanwhile: Callable[[House, Ids, Context], Awaitable[None]], words: str
) -> None:
    ids, ana = await doubted(house), await house.operator("ana")
    await house.look(*ids, ana)
    place = house.parts.settings
    settings = read_settings({"OSTIARY_DATA_DIR": str(place.data_dir), "OSTIARY_PROVIDERS": str(place.providers)})
    tries: list[Outcome[Enablement]] = []
    with opened(settings) as second:
        other = replace(second.context, now_ms=house.clock)

        async def decide() -> Outcome[Enablement]:
            decided = await decide_request(house.context, ana, *ids, APPROVE)
            if not tries:
                await meanwhile(house, ids, other)  # after everything was judged, before it is written
            tries.append(decided)
            return decided

        with pytest.raises(InvalidState, match=words):
            await execute(house.context, ana, decide)
        await second.close_connections()
    assert len(tries) == 1
    assert (await house.enablement(*ids)).status is not Status.ENABLED


async def test_a_partner_that_changes_an_enabled_client_while_it_is_decided_is_seen(house: House) -> None:
    ids, ana = await doubted(house), await house.operator("ana")
    await house.look(*ids, ana)
    await house.do(decide_request, *ids, APPROVE, caller=ana)
    await house.do(update_client, ids[0], profile(last_name="First"))
    await house.look(*ids, ana)
    await house.do(update_client, ids[0], profile(last_name="Second"))
    ana = await house.operator("ana")
    other = replace(house.caller, actor="key:K")
    await house.do(update_client, ids[0], profile(last_name="Third"), caller=other)
    with pytest.raises(InvalidState, match="client_updated last_name"):
        await house.do(decide_request, *ids, APPROVE, caller=ana)
