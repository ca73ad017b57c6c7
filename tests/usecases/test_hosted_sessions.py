"""Sessions of clients: begun once by a link, used, kept up, ended, and gone on with on a phone."""

from __future__ import annotations

import asyncio

import pytest

from ostiary.domain.errors import InvalidState
from ostiary.domain.hosted.links import CHILD_KEPT_MS, CHILD_MINUTES, LinkProblem, LinkStatus, LinkWish
from ostiary.domain.hosted.sessions import (
    CLIENT_IDLE_MS,
    CLIENT_TOUCHED_AFTER_MS,
    CLIENT_WHOLE_MS,
    MOST_CHILDREN,
)
from ostiary.usecases.hosted.arrival import ClientSession, LinkLook, NewHostedSession
from ostiary.usecases.hosted.links import MadeLink, read_link
from ostiary.usecases.hosted.sessions import (
    PRESS_CHARACTERS,
    PRESSED_TWICE_MS,
    end,
    exchange,
    look_at_link,
    look_at_session,
    make_child_link,
    session_of,
    stay,
)
from tests.house import House
from tests.usecases.hosted import HOME, MINUTE_MS, arrived, linked
from tests.usecases.test_hosted_links import lapse


async def for_phone(house: House, here: ClientSession) -> MadeLink:
    return await house.do(make_child_link, here)


async def problem(house: House, token: str) -> LinkProblem | None:
    return (await look_at_session(house.context, token)).problem


async def test_looking_burns_no_link_and_the_button_works_once(house: House) -> None:
    """What reads mail before its reader does looks as often as it likes."""
    client, link = await linked(house, LinkWish(return_url=HOME))
    for _ in range(3):
        look = await look_at_link(house.context, link.token)
        assert (look.problem, look.link) == (None, link.link)
    begun = await arrived(house, link)
    here = begun.here
    assert (here.client.id, here.company.id, here.link.id) == (client.id, house.caller.company.id, link.link.id)
    assert (here.caller.actor, here.caller.level) == (f"link:{link.link.id}", 3)
    assert begun.token != link.token
    again = await exchange(house.context, link.token)
    assert isinstance(again, LinkLook)
    assert (again.problem, again.link and again.link.wish.return_url) == (LinkProblem.USED, HOME)
    stored = await read_link(house.context, house.caller, client.id, link.link.id)
    assert (stored.status, stored.opened_at_ms) == (LinkStatus.OPENED, house.clock())
    assert house.actions(client.id)[-1] == "onboarding_opened"


async def test_of_two_who_press_at_once_one_comes_in(house: House) -> None:
    client, link = await linked(house)
    came = await asyncio.gather(exchange(house.context, link.token), exchange(house.context, link.token))
    assert sorted(type(each).__name__ for each in came) == ["LinkLook", "NewHostedSession"]
    assert house.actions(client.id).count("onboarding_opened") == 1


STRANGE = ["", "a", "é" * 64, "a" * 64, "=" * 64, "%" * 64, "_" * 64, "A" * 63 + "=", "0" * 65, "%" * 63 + "A"]


@pytest.mark.parametrize("token", STRANGE)
async def test_what_is_no_secret_of_ours_is_nobodys(house: House, token: str) -> None:
    await linked(house)
    assert await look_at_link(house.context, token) == LinkLook(problem=LinkProblem.UNKNOWN)
    assert await exchange(house.context, token) == LinkLook(problem=LinkProblem.UNKNOWN)
    assert await session_of(house.context, token) is None
    assert await look_at_session(house.context, token) == LinkLook(problem=LinkProblem.UNKNOWN)


async def test_a_link_opens_no_session_and_a_session_no_link(house: House) -> None:
    _, link = await linked(house)
    begun = await arrived(house, link)
    assert await session_of(house.context, link.token) is None
    assert (await look_at_link(house.context, begun.token)).problem is LinkProblem.UNKNOWN
    changed = link.token[:-1] + ("A" if link.token[-1] != "A" else "B")
    assert (await look_at_link(house.context, changed)).problem is LinkProblem.UNKNOWN


async def test_a_session_ends_an_hour_after_its_last_use(house: House) -> None:
    _, link = await linked(house, LinkWish(refresh_url=HOME))
    begun = await arrived(house, link)
    for _ in range(3):
        house.clock.now_ms += CLIENT_IDLE_MS - 1
        here = await session_of(house.context, begun.token)
        assert here is not None
        assert here.session.seen_at_ms == house.clock()
        assert here.session.idle_until_ms == house.clock() + CLIENT_IDLE_MS
    assert await problem(house, begun.token) is None
    house.clock.now_ms += CLIENT_IDLE_MS
    assert await session_of(house.context, begun.token) is None
    look = await look_at_session(house.context, begun.token)
    assert (look.problem, look.link and look.link.wish.refresh_url) == (LinkProblem.EXPIRED, HOME)


async def test_a_session_ends_after_a_day_however_it_is_used(house: House) -> None:
    _, link = await linked(house)
    begun = await arrived(house, link)
    start = house.clock()
    while house.clock() < start + CLIENT_WHOLE_MS - CLIENT_IDLE_MS:
        house.clock.now_ms += CLIENT_IDLE_MS // 2
        assert await session_of(house.context, begun.token) is not None
    house.clock.now_ms = start + CLIENT_WHOLE_MS - 1
    here = await session_of(house.context, begun.token)
    assert here is not None
    assert here.session.idle_until_ms == start + CLIENT_WHOLE_MS
    house.clock.now_ms += 1
    assert await session_of(house.context, begun.token) is None


async def test_a_session_ends_when_the_clock_is_set_back_far(house: House) -> None:
    _, link = await linked(house)
    begun = await arrived(house, link)
    house.clock.now_ms -= CLIENT_IDLE_MS
    assert await session_of(house.context, begun.token) is None


async def test_a_use_is_written_down_once_a_minute_and_a_look_never(house: House) -> None:
    _, link = await linked(house)
    begun = await arrived(house, link)
    start = house.clock()

    async def last_use() -> int:
        [session] = await house.context.storage.hosted_sessions.of_link(house.caller.company.id, link.link.id)
        return session.seen_at_ms - start

    house.clock.now_ms += CLIENT_TOUCHED_AFTER_MS - 1
    await session_of(house.context, begun.token)
    assert await last_use() == 0
    here = await session_of(house.context, begun.token)
    assert here is not None
    await stay(house.context, here)
    assert await last_use() == CLIENT_TOUCHED_AFTER_MS - 1, "who says so stays, however soon"
    house.clock.now_ms += CLIENT_TOUCHED_AFTER_MS
    await session_of(house.context, begun.token, touches=False)
    assert await last_use() == CLIENT_TOUCHED_AFTER_MS - 1
    await session_of(house.context, begun.token)
    assert await last_use() == 2 * CLIENT_TOUCHED_AFTER_MS - 1


async def test_who_leaves_comes_back_by_no_link_of_before(house: House) -> None:
    client, link = await linked(house)
    begun = await arrived(house, link)
    await house.do(end, begun.here)
    assert await session_of(house.context, begun.token) is None
    assert await problem(house, begun.token) is LinkProblem.UNKNOWN
    assert house.actions(client.id)[-1] == "onboarding_left"
    assert (await look_at_link(house.context, link.token)).problem is LinkProblem.USED


# ---- on a phone ----


async def test_a_phone_goes_on_beside_the_desktop(house: House) -> None:
    client, link = await linked(house, LinkWish(return_url=HOME, language="es"))
    desktop = await arrived(house, link)
    child = await for_phone(house, desktop.here)
    assert child.link.expires_at_ms == house.clock() + CHILD_MINUTES * MINUTE_MS
    phone = await arrived(house, child)
    here = phone.here
    assert (here.link.id, here.client.id, here.link.wish) == (link.link.id, client.id, desktop.here.link.wish)
    assert here.caller == desktop.here.caller, "both are one client's"
    assert (here.session.is_by_phone, desktop.here.session.is_by_phone) == (True, False)
    assert await session_of(house.context, phone.token) is not None
    assert await session_of(house.context, desktop.token) is not None
    again = await exchange(house.context, child.token)
    assert isinstance(again, LinkLook)
    assert (again.problem, again.link and again.link.id) == (LinkProblem.USED, link.link.id)


async def test_a_code_that_nobody_scanned_in_time_is_worth_nothing(house: House) -> None:
    client, link = await linked(house)
    desktop = await arrived(house, link)
    child = await for_phone(house, desktop.here)
    house.clock.now_ms = child.link.expires_at_ms
    assert (await look_at_link(house.context, child.token)).problem is LinkProblem.EXPIRED
    assert await lapse(house) == 1
    assert (await look_at_link(house.context, child.token)).problem is LinkProblem.EXPIRED
    assert await session_of(house.context, desktop.token) is not None
    assert (await read_link(house.context, house.caller, client.id, link.link.id)).status is LinkStatus.OPENED


async def test_codes_for_phones_are_bounded(house: House) -> None:
    _, link = await linked(house)
    desktop = await arrived(house, link)
    for _ in range(MOST_CHILDREN):
        await for_phone(house, desktop.here)
    with pytest.raises(InvalidState, match="10 tries"):
        await for_phone(house, desktop.here)
    house.clock.now_ms += CHILD_MINUTES * MINUTE_MS
    assert await lapse(house) == MOST_CHILDREN
    house.clock.now_ms += CHILD_KEPT_MS - 1
    assert await lapse(house) == 1, "the desktop's own link, which nobody used for an hour"
    house.clock.now_ms += 1
    assert await lapse(house) == MOST_CHILDREN
    assert len(house.rows("SELECT * FROM onboarding_links")) == 1, "those for phones are forgotten"


# ---- what becomes of it ----


async def test_a_link_lives_as_long_as_one_of_its_sessions(house: House) -> None:
    client, link = await linked(house)
    desktop = await arrived(house, link)
    phone: NewHostedSession = await arrived(house, await for_phone(house, desktop.here))
    unused = await for_phone(house, desktop.here)
    house.clock.now_ms += CLIENT_IDLE_MS - 1
    assert await session_of(house.context, phone.token) is not None
    house.clock.now_ms += 1
    assert await lapse(house) == 3, "the link, that of the phone, and the one that nobody used"
    assert await session_of(house.context, desktop.token) is None
    assert await session_of(house.context, phone.token) is not None
    statuses = dict(house.rows("SELECT link_id, status FROM onboarding_links"))
    assert statuses == {
        link.link.id: "opened",
        phone.here.session.via_id: "opened",
        unused.link.id: "expired",
    }
    house.clock.now_ms += CLIENT_IDLE_MS
    await lapse(house)
    assert {row[0] for row in house.rows("SELECT status FROM onboarding_links")} == {"expired"}
    assert house.actions(client.id)[-2:].count("onboarding_expired") >= 1
    assert await problem(house, phone.token) is LinkProblem.EXPIRED


async def test_the_same_page_pressed_twice_gets_the_same_session(house: House) -> None:
    _, link = await linked(house)
    press, other = "a" * PRESS_CHARACTERS, "b" * PRESS_CHARACTERS
    first, second = [await exchange(house.context, link.token, press) for _ in range(2)]
    assert isinstance(first, NewHostedSession)
    assert isinstance(second, NewHostedSession)
    assert first.token == second.token
    for pressed in (other, "", "a"):
        assert isinstance(await exchange(house.context, link.token, pressed), LinkLook)
    house.clock.now_ms += PRESSED_TWICE_MS
    assert isinstance(await exchange(house.context, link.token, press), LinkLook)
