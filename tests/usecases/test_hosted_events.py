"""What a partner hears of a client on the page: what it asked for, each once, those of a link in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller
from ostiary.domain.delivery.messages import SendResult
from ostiary.domain.errors import Contended, Fault, InvalidState
from ostiary.domain.hosted.events import HostedEvent
from ostiary.domain.hosted.links import LinkStatus, LinkWish
from ostiary.domain.hosted.sessions import CLIENT_IDLE_MS
from ostiary.domain.times import format_timestamp
from ostiary.domain.unit import Unit
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.hosted import progress
from ostiary.usecases.hosted.arrival import ClientSession
from ostiary.usecases.hosted.events import finished, step_completed
from ostiary.usecases.hosted.links import list_links, revoke_link
from ostiary.usecases.hosted.progress import give_details, give_document, submit_request
from ostiary.usecases.hosted.sessions import exchange, make_child_link, session_of
from ostiary.usecases.onboarding.add_document import add_document
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.transaction import Outcome, execute
from tests.house import House, upload
from tests.usecases.hosted import arrived, heard, hears, linked
from tests.usecases.test_hosted_links import lapse


async def gives_passport(house: House, here: ClientSession) -> None:
    """As the page does it: the document and what is told of it are one unit."""
    context, [request_id] = house.context, here.link.wish.request_ids

    async def decide() -> Outcome[object]:
        decided = await add_document(context, here.caller, here.client.id, request_id, upload())
        assert decided.unit is not None
        return Outcome(decided.answer, decided.unit.plus(*await step_completed(context, here, "documents")))

    await execute(context, here.caller, decide)


async def submits(house: House, here: ClientSession) -> None:
    context, [request_id] = house.context, here.link.wish.request_ids

    async def decide() -> Outcome[object]:
        decided = await submit_product(context, here.caller, here.client.id, request_id)
        assert decided.unit is not None
        return Outcome(decided.answer, decided.unit.plus(*await finished(context, here)))

    await execute(context, here.caller, decide)


async def current(house: House, token: str) -> ClientSession:
    here = await session_of(house.context, token)
    assert here is not None
    return here


async def all_work(house: House) -> None:
    while await house.work():
        pass


async def test_a_whole_onboarding_is_told_in_order(house: House) -> None:
    await hears(house)
    client, link = await linked(house)
    token = (await arrived(house, link)).token
    await gives_passport(house, await current(house, token))
    await submits(house, await current(house, token))
    await all_work(house)
    page = [(kind, data.get("step")) for kind, data in heard(house) if kind.startswith("onboarding_")]
    assert page == [
        ("onboarding_opened", None),
        ("onboarding_step_completed", "documents"),
        ("onboarding_finished", None),
    ]
    for kind, data in heard(house):
        if kind.startswith("onboarding_"):
            assert {name: data[name] for name in ("client_id", "link_id", "product_request_ids", "occurred_at")} == {
                "client_id": client.id,
                "link_id": link.link.id,
                "product_request_ids": list(link.link.wish.request_ids),
                "occurred_at": format_timestamp(house.clock()),
            }
    rows = house.rows("SELECT sequence FROM messages WHERE enablement_id = ? ORDER BY sequence", link.link.id)
    assert rows == [(1,), (2,), (3,)]
    trail = house.actions(client.id)
    assert [action for action in trail if action.startswith("onboarding_")] == [
        "onboarding_link_created",
        "onboarding_opened",
    ], "what is done there stands under its own action"


async def test_only_what_is_listed_is_told(house: House) -> None:
    await hears(house, HostedEvent.FINISHED)
    _, link = await linked(house)
    token = (await arrived(house, link)).token
    await gives_passport(house, await current(house, token))
    await submits(house, await current(house, token))
    await all_work(house)
    assert [kind for kind, _ in heard(house)] == ["onboarding_finished"]


async def test_without_an_endpoint_nothing_is_told_and_everything_happens(house: House) -> None:
    client, link = await linked(house)
    token = (await arrived(house, link)).token
    await gives_passport(house, await current(house, token))
    await submits(house, await current(house, token))
    assert house.messages("webhook") == []
    [shown] = await list_links(house.context, house.caller, client.id)
    assert (shown.status, shown.ended_at_ms) == (LinkStatus.FINISHED, house.clock())


async def test_who_submitted_goes_on_and_may_submit_again(house: House) -> None:
    """He watches, and what is sent back is mended in the same session."""
    await hears(house, HostedEvent.FINISHED)
    _, link = await linked(house)
    token = (await arrived(house, link)).token
    await gives_passport(house, await current(house, token))
    await submits(house, await current(house, token))
    here = await current(house, token)

    async def again() -> Outcome[None]:
        client = (await house.dossier(here.client.id)).client
        unit = Unit(here.company.id, house.clock(), client)
        return Outcome(None, unit.plus(*await finished(house.context, here)))

    await execute(house.context, here.caller, again)
    await all_work(house)
    assert [kind for kind, _ in heard(house)] == ["onboarding_finished"] * 2


async def test_a_phone_that_nobody_took_ends_with_the_submission(house: House) -> None:
    _, link = await linked(house)
    begun = await arrived(house, link)
    child = await house.do(make_child_link, begun.here)
    await gives_passport(house, begun.here)
    await submits(house, begun.here)
    look = await exchange(house.context, child.token)
    assert getattr(look, "problem", None) == "finished"


async def test_what_a_phone_does_is_told_of_the_partners_link(house: House) -> None:
    await hears(house)
    _, link = await linked(house)
    desktop = await arrived(house, link)
    child = await house.do(make_child_link, desktop.here)
    phone = await arrived(house, child)
    await gives_passport(house, await current(house, phone.token))
    await all_work(house)
    told_of = {(kind, data["link_id"]) for kind, data in heard(house)}
    assert told_of == {("onboarding_opened", link.link.id), ("onboarding_step_completed", link.link.id)}


async def test_who_went_away_is_told_of_when_the_last_session_is_over(house: House) -> None:
    await hears(house, HostedEvent.EXPIRED)
    _, link = await linked(house)
    desktop = await arrived(house, link)
    child = await house.do(make_child_link, desktop.here)
    await arrived(house, child)
    house.clock.now_ms += CLIENT_IDLE_MS
    while await lapse(house):
        pass
    await all_work(house)
    [(kind, data)] = heard(house)
    assert (kind, data["link_id"]) == ("onboarding_expired", link.link.id)


async def test_a_revoked_link_tells_nothing_more(house: House) -> None:
    await hears(house)
    client, link = await linked(house, LinkWish(minutes=1))
    await house.do(revoke_link, client.id, link.link.id)
    house.clock.now_ms += 10 * CLIENT_IDLE_MS
    await lapse(house)
    await all_work(house)
    assert heard(house) == []


async def test_an_endpoint_that_fails_gets_them_in_order(house: House) -> None:
    """The second waits for the first, however often that is tried."""
    await hears(house)
    _, link = await linked(house)
    house.endpoint.answers = [SendResult(500)]
    token = (await arrived(house, link)).token
    await gives_passport(house, await current(house, token))
    await house.work()
    assert [kind for kind, _ in heard(house)] == ["onboarding_opened"]
    await house.work()
    assert [kind for kind, _ in heard(house)] == ["onboarding_opened"], "it is not due yet, and the next waits"
    house.clock.now_ms += 6_000
    await all_work(house)
    assert [kind for kind, _ in heard(house)] == ["onboarding_opened"] * 2 + ["onboarding_step_completed"]


async def test_what_is_done_while_the_link_is_revoked_is_not_done(house: House) -> None:
    """The session was looked at a moment before: the client's row decides who was first."""
    client, link = await linked(house)
    here = (await arrived(house, link)).here
    await gives_passport(house, here)
    await house.do(revoke_link, client.id, link.link.id)
    for act in (gives_passport, submits):
        with pytest.raises(InvalidState, match="ended meanwhile"):
            await act(house, here)
    assert house.actions(client.id)[-1] == "onboarding_link_revoked"
    [shown] = await list_links(house.context, house.caller, client.id)
    assert shown.status is LinkStatus.REVOKED


Act = Callable[[House, ClientSession], Awaitable[object]]
ACTS: dict[str, Act] = {
    "document": lambda house, here: give_document(house.context, here.caller, here, "1-identity_document", upload()),
    "details": lambda house, here: give_details(
        house.context, here.caller, here, "1-about_you", {"first_name": "Ana"}
    ),
    "submission": lambda house, here: submit_request(
        house.context, here.caller, here, here.link.wish.request_ids[0]
    ),
    "phone": lambda house, here: make_child_link(house.context, house.caller, here),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("is_ended_between", [False, True])
async def test_nothing_is_done_by_a_link_that_was_revoked_meanwhile(
    house: House, act: str, is_ended_between: bool
) -> None:
    client, link = await linked(house)
    here = (await arrived(house, link)).here
    if act == "submission":
        await gives_passport(house, here)
    tries = 0

    async def decide() -> Outcome[object]:
        nonlocal tries
        tries += 1
        if not is_ended_between and tries == 1:
            await house.do(revoke_link, client.id, link.link.id)
        outcome = await ACTS[act](house, here)
        if is_ended_between and tries == 1:
            await house.do(revoke_link, client.id, link.link.id)
        return cast("Outcome[object]", outcome)

    with pytest.raises(InvalidState, match="ended meanwhile"):
        await execute(house.context, here.caller, decide)
    [after] = await list_links(house.context, house.caller, client.id)
    assert after.status is LinkStatus.REVOKED, "nothing brings it back"
    assert tries == 1 + is_ended_between


async def test_what_two_type_at_once_is_both_there(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client, link = await linked(house)
    here = (await arrived(house, link)).here
    real, reads = update_client, list[str]()

    async def late(context: Context, caller: Caller, client_id: str, *rest: Any) -> Outcome[Client]:
        reads.append(client_id)
        if len(reads) == 1:
            await house.do(progress.give_details, here, "1-about_you", {"first_name": "Ana"})
        return await real(context, caller, client_id, *rest)

    monkeypatch.setattr(progress, "update_client", late)
    await house.do(progress.give_details, here, "1-about_you", {"last_name": "Souza"})
    profile = (await load_dossier(house.context, house.caller, client.id)).client.profile
    assert (profile.first_name, profile.last_name) == ("Ana", "Souza")


async def test_who_is_overtaken_all_the_time_is_told_to_wait(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _, link = await linked(house)
    here = (await arrived(house, link)).here

    async def overtaken(*given: Any) -> Outcome[Client]:
        raise InvalidState(faults=(Fault("If-Match", "CLIENT_CHANGED", "changed"),))

    monkeypatch.setattr(progress, "update_client", overtaken)
    with pytest.raises(Contended):
        await house.do(progress.give_details, here, "1-about_you", {"last_name": "Souza"})
