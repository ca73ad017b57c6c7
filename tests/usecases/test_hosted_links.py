"""Links to the page: who may have one, what it is for, how it stands, and how it ends."""

from __future__ import annotations

import asyncio

import pytest

from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.hosted.links import KEPT_MS, MOST_KEPT, MOST_LIVE, LinkProblem, LinkStatus, LinkWish
from ostiary.usecases.hosted.arrival import LinkLook
from ostiary.usecases.hosted.lapse import PUT_OFF_MS, end_due_link, put_off_link
from ostiary.usecases.hosted.links import list_links, make_link, read_link, revoke_link
from ostiary.usecases.hosted.sessions import exchange, look_at_link, make_child_link, session_of
from ostiary.usecases.onboarding.products import withdraw_product
from tests.house import ACCOUNTS, House
from tests.usecases.hosted import HOME, MINUTE_MS, any_address, arrived, linked


async def lapse(house: House) -> int:
    """What the worker does with links that are due; how many it were."""
    due = await house.context.storage.onboarding_links.due(house.clock())
    for each in due:
        await end_due_link(house.context, *each)
    return len(due)


async def revoke_newest(house: House, client_id: str) -> None:
    newest = (await list_links(house.context, house.caller, client_id))[0]
    await house.do(revoke_link, client_id, newest.id)


async def test_a_link_is_for_every_live_request_unless_some_are_named(house: House) -> None:
    client, link = await linked(house)
    cards = link.link.wish.request_ids
    accounts = (await house.request(client.id, ACCOUNTS)).id
    assert (await house.do(make_link, client.id, LinkWish(), any_address)).link.wish.request_ids == (accounts, *cards)
    named = await house.do(make_link, client.id, LinkWish(request_ids=(accounts,)), any_address)
    assert named.link.wish.request_ids == (accounts,)
    await house.do(withdraw_product, client.id, accounts)
    later = await house.do(make_link, client.id, LinkWish(), any_address)
    assert later.link.wish.request_ids == cards
    assert house.actions(client.id)[-1] == "onboarding_link_created"


async def test_only_a_hash_of_the_secret_is_stored_and_no_id_of_ours_is_in_it(house: House) -> None:
    client, link = await linked(house, LinkWish(return_url=HOME, state="who=ana"))
    stored = b"".join(
        value if isinstance(value, bytes) else str(value).encode()
        for row in house.rows("SELECT * FROM onboarding_links")
        for value in row
    )
    assert link.token.encode() not in stored
    assert b"ana" not in stored
    assert HOME.encode() not in stored
    assert len(link.token) == 64
    for each in (client.id, house.caller.company.id, link.link.id):
        assert each not in link.url("https://kyc.example/")
    assert link.url("https://kyc.example/") == f"https://kyc.example/onboarding/{link.token}"


async def test_two_links_have_nothing_in_common(house: House) -> None:
    client, first = await linked(house)
    second = await house.do(make_link, client.id, LinkWish(), any_address)
    alike = sum(left == right for left, right in zip(first.token, second.token, strict=True))
    assert alike < 16


WRONG = {
    "return_url": LinkWish(return_url="https://" + "a" * 2_041),
    "refresh_url": LinkWish(refresh_url="https://inside.example"),
    "state": LinkWish(state="a" * 1_025),
    "language": LinkWish(language="fr"),
    "expires_in_minutes": LinkWish(minutes=10_081),
    "product_request_ids": LinkWish(request_ids=("0" * 32,)),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_value_that_cannot_be_is_named(house: House, name: str) -> None:
    client, _ = await linked(house)

    def only_home(url: str, plain_http: bool) -> str | None:
        assert plain_http, "it is a sandbox"
        return None if url == HOME else "must be reachable from outside"

    with pytest.raises(ValidationFailed) as refused:
        await house.do(make_link, client.id, WRONG[name], only_home)
    assert [fault.field for fault in refused.value.faults] == [name]


@pytest.mark.parametrize("state", ["a\nb", "é", "\x7f"])
async def test_a_state_that_no_address_bears_is_refused(house: House, state: str) -> None:
    client, _ = await linked(house)
    with pytest.raises(ValidationFailed):
        await house.do(make_link, client.id, LinkWish(state=state), any_address)


async def test_the_ends_of_each_range_are_good(house: House) -> None:
    client, link = await linked(house, LinkWish(minutes=1, state="~" * 1_024))
    assert link.link.expires_at_ms == house.clock() + MINUTE_MS
    longest = LinkWish(minutes=10_080, return_url=HOME + "a" * (2_048 - len(HOME)), language="pt")
    assert (await house.do(make_link, client.id, longest, any_address)).link.wish == longest.__class__(
        request_ids=link.link.wish.request_ids,
        return_url=longest.return_url,
        language="pt",
        minutes=10_080,
    )


async def test_one_request_cannot_be_named_twice(house: House) -> None:
    client, link = await linked(house)
    with pytest.raises(ValidationFailed):
        await house.do(make_link, client.id, LinkWish(request_ids=link.link.wish.request_ids * 2), any_address)


async def test_a_client_without_a_live_request_gets_none(house: House) -> None:
    client = await house.client()
    with pytest.raises(InvalidState, match="request a product first"):
        await house.do(make_link, client.id, LinkWish(), any_address)
    with pytest.raises(NotFound):
        await house.do(make_link, "0" * 32, LinkWish(), any_address)


async def test_links_of_a_client_are_bounded(house: House) -> None:
    client, first = await linked(house)
    for _ in range(MOST_LIVE - 1):
        await house.do(make_link, client.id, LinkWish(), any_address)
    with pytest.raises(InvalidState, match="revoke some"):
        await house.do(make_link, client.id, LinkWish(), any_address)
    await house.do(revoke_link, client.id, first.link.id)
    await house.do(make_link, client.id, LinkWish(), any_address)
    for _ in range(MOST_KEPT - MOST_LIVE - 1):
        await revoke_newest(house, client.id)
        await house.do(make_link, client.id, LinkWish(), any_address)
    await revoke_newest(house, client.id)
    with pytest.raises(InvalidState, match="within a month"):
        await house.do(make_link, client.id, LinkWish(), any_address)


async def test_links_are_listed_newest_first_and_read_by_their_client_alone(house: House) -> None:
    client, first = await linked(house)
    second = await house.do(make_link, client.id, LinkWish(language="es"), any_address)
    listed = await list_links(house.context, house.caller, client.id)
    assert [link.id for link in listed] == [second.link.id, first.link.id]
    assert await read_link(house.context, house.caller, client.id, second.link.id) == second.link
    other = await house.client(email="other@example.com")
    for client_id, link_id in ((other.id, first.link.id), (client.id, "0" * 32)):
        with pytest.raises(NotFound):
            await read_link(house.context, house.caller, client_id, link_id)
        with pytest.raises(NotFound):
            await house.do(revoke_link, client_id, link_id)


async def test_what_was_made_for_a_phone_is_not_the_partners(house: House) -> None:
    client, link = await linked(house)
    here = (await arrived(house, link)).here
    child = await house.do(make_child_link, here)
    assert [each.id for each in await list_links(house.context, house.caller, client.id)] == [link.link.id]
    with pytest.raises(NotFound):
        await read_link(house.context, house.caller, client.id, child.link.id)


async def test_a_revoked_link_ends_its_sessions_and_those_of_phones(house: House) -> None:
    client, link = await linked(house)
    here = await arrived(house, link)
    used = await arrived(house, await house.do(make_child_link, here.here))
    unused = await house.do(make_child_link, here.here)
    assert await session_of(house.context, used.token) is not None
    revoked = await house.do(revoke_link, client.id, link.link.id)
    assert (revoked.status, revoked.ended_at_ms) == (LinkStatus.REVOKED, house.clock())
    assert await session_of(house.context, here.token) is None
    assert await session_of(house.context, used.token) is None
    for token in (link.token, unused.token):
        look = await exchange(house.context, token)
        assert isinstance(look, LinkLook)
        assert look.problem is LinkProblem.REVOKED
    assert house.actions(client.id)[-1] == "onboarding_link_revoked"
    house.clock.now_ms += MINUTE_MS
    assert await house.do(revoke_link, client.id, link.link.id) == revoked


async def test_a_link_that_nobody_used_expires_and_is_forgotten_in_a_month(house: House) -> None:
    client, link = await linked(house, LinkWish(refresh_url=HOME))
    house.clock.now_ms = link.link.expires_at_ms - 1
    assert await lapse(house) == 0
    assert (await look_at_link(house.context, link.token)).problem is None
    house.clock.now_ms += 1
    expired = await read_link(house.context, house.caller, client.id, link.link.id)
    assert expired.status is LinkStatus.EXPIRED
    assert (await look_at_link(house.context, link.token)).problem is LinkProblem.EXPIRED
    assert await house.do(revoke_link, client.id, link.link.id) == expired, "it has ended already"
    assert await lapse(house) == 1
    assert house.actions(client.id)[-1] == "onboarding_expired"
    look = await look_at_link(house.context, link.token)
    assert look.problem is LinkProblem.EXPIRED
    assert look.link is not None
    assert look.link.wish.refresh_url == HOME
    assert await lapse(house) == 0
    house.clock.now_ms += KEPT_MS
    assert await lapse(house) == 1
    assert (await look_at_link(house.context, link.token)).problem is LinkProblem.UNKNOWN
    assert house.rows("SELECT * FROM onboarding_links") == []


async def test_what_is_not_due_any_more_is_left(house: House) -> None:
    """Two workers look at the same link."""
    client, link = await linked(house)
    house.clock.now_ms = link.link.expires_at_ms
    [due] = await house.context.storage.onboarding_links.due(house.clock())
    await asyncio.gather(end_due_link(house.context, *due), end_due_link(house.context, *due))
    assert house.actions(client.id).count("onboarding_expired") == 1
    await end_due_link(house.context, house.caller.company.id, client.id, "0" * 32)
    await end_due_link(house.context, house.caller.company.id, "0" * 32, link.link.id)
    await end_due_link(house.context, "0" * 32, client.id, link.link.id)


async def test_one_that_cannot_be_ended_comes_up_again_later(house: House) -> None:
    """So that those that fail each time do not stand before all others."""
    _, link = await linked(house)
    house.clock.now_ms = link.link.expires_at_ms
    [due] = await house.context.storage.onboarding_links.due(house.clock())
    await put_off_link(house.context, *due)
    assert await lapse(house) == 0
    house.clock.now_ms += PUT_OFF_MS
    assert await lapse(house) == 1
