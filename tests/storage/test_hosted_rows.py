"""Links and clients' sessions, on every engine: sealed, found by their marks alone, ended in turn, and forgotten."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from ostiary.domain.clients.client import Client
from ostiary.domain.errors import Tampered
from ostiary.domain.hosted.changes import AddHostedSession, AddLink, ChangeLink, DropLink, EndHostedSession
from ostiary.domain.hosted.links import LinkStatus, LinkWish, OnboardingLink, opened, over
from ostiary.domain.hosted.sessions import session_begun
from ostiary.domain.unit import Guard
from ostiary.storage.hosted.links import DUE_TOGETHER, link_of
from ostiary.storage.unit_context import client_box
from tests.kept import make_sealed, values
from tests.kept.differing import differing
from tests.material import NOW_MS
from tests.storage.sealed_files import SEALED_FILES, read
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

WISH = LinkWish(
    request_ids=("r" * 32,),
    return_url="https://partner.example/secretly",
    refresh_url="https://partner.example/again",
    state="secretly",
    language="pt",
    minutes=7,
)


def link_for(trade: Trade, client: Client, token: str, **changes: object) -> OnboardingLink:
    link = OnboardingLink(
        id=trade.new_id(),
        company_id=client.company_id,
        client_id=client.id,
        mark=trade.store.onboarding_links.mark(client.company_id, token),
        wish=WISH,
        status=LinkStatus.ACTIVE,
        created_at_ms=NOW_MS,
        expires_at_ms=NOW_MS + 1,
        due_at_ms=NOW_MS + 1,
    )
    return replace(link, **changes)  # type: ignore[arg-type]


async def linked(trade: Trade, *tokens: str) -> tuple[Client, list[OnboardingLink]]:
    client = trade.client()
    links = [link_for(trade, client, token) for token in tokens]
    return await trade.remembered(client, changes=tuple(map(AddLink, links))), links


async def test_a_link_is_sealed_and_found_by_its_token_alone(trade: Trade, engine: Shelf) -> None:
    client, [link] = await linked(trade, "a token")
    store = trade.store.onboarding_links
    assert await store.by_token(client.company_id, "a token") == (link, client)
    assert await store.by_token(client.company_id, "another") is None
    assert await store.find(client, link.id) == link
    assert await store.find(client, "0" * 32) is None
    for row in engine.rows("SELECT * FROM onboarding_links"):
        stored = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
        assert b"a token" not in stored
        assert b"secretly" not in stored


async def test_a_link_is_one_company_s(trade: Trade, engine: Shelf) -> None:
    other = await found_company(trade.store, trade.cipher, 2)
    _, [link] = await linked(trade, "a token")
    store = trade.store.onboarding_links
    assert await store.by_token(other.company.id, "a token") is None
    stranger = await other.remembered()
    assert await store.of_client(stranger) == []
    assert await store.find(stranger, link.id) is None


async def test_links_are_listed_newest_first_and_change(trade: Trade) -> None:
    client, [first, second] = await linked(trade, "1", "2")
    store = trade.store.onboarding_links
    assert await store.of_client(client) == [second, first]
    after = replace(opened(first, NOW_MS + 5, NOW_MS + 6), sequence=3)
    assert await trade.store.commit(trade.touching(client, changes=(ChangeLink(after),)), trade.company) is None
    client = await trade.current(client.id)
    assert await store.find(client, first.id) == after
    ended = over(after, LinkStatus.REVOKED, NOW_MS + 7)
    assert await trade.store.commit(trade.touching(client, changes=(ChangeLink(ended),)), trade.company) is None
    assert await store.find(client, first.id) == ended
    assert await store.find(client, second.id) == second


async def test_a_link_that_is_gone_changes_nothing(trade: Trade) -> None:
    client, _ = await linked(trade, "1")
    lost = link_for(trade, client, "2")
    unit = trade.touching(client, changes=(ChangeLink(lost),))
    assert await trade.store.commit(unit, trade.company) is Guard.CLIENT
    assert (await trade.current(client.id)).version == client.version


async def test_a_wish_that_is_moved_to_another_link_is_noticed(trade: Trade, engine: Shelf) -> None:
    client, [first, second] = await linked(trade, "1", "2")
    [(content,)] = engine.rows("SELECT content FROM onboarding_links WHERE link_id = ?", first.id)
    engine.spoil("UPDATE onboarding_links SET content = ? WHERE link_id = ?", content, second.id)
    with pytest.raises(Tampered):
        await trade.store.onboarding_links.by_token(client.company_id, "2")


async def test_sessions_come_with_their_link_and_client(trade: Trade) -> None:
    client, [root] = await linked(trade, "1")
    child = link_for(trade, client, "2", parent_id=root.id)
    sessions = trade.store.hosted_sessions
    first = session_begun(sessions.mark(client.company_id, "here"), root, NOW_MS)
    second = session_begun(sessions.mark(client.company_id, "there"), child, NOW_MS + 1)
    changes = (AddLink(child), AddHostedSession(first), AddHostedSession(second))
    assert await trade.store.commit(trade.touching(client, changes=changes), trade.company) is None
    client = await trade.current(client.id)
    assert await sessions.by_token(client.company_id, "here") == (first, root, client)
    assert await sessions.by_token(client.company_id, "there") == (second, root, client)
    assert await sessions.by_token(client.company_id, "nowhere") is None
    assert await sessions.of_link(client.company_id, root.id) == [first, second]
    await sessions.touch(client.company_id, second.mark, NOW_MS + 9)
    touched = replace(second, seen_at_ms=NOW_MS + 9)
    assert await sessions.of_link(client.company_id, root.id) == [first, touched]
    unit = trade.touching(client, changes=(EndHostedSession(first.mark),))
    assert await trade.store.commit(unit, trade.company) is None
    assert await sessions.of_link(client.company_id, root.id) == [touched]


async def test_a_forgotten_link_takes_its_sessions_along(trade: Trade, engine: Shelf) -> None:
    client, [first, second] = await linked(trade, "1", "2")
    sessions = [
        session_begun(trade.store.hosted_sessions.mark(client.company_id, link.id), link, NOW_MS)
        for link in (first, second)
    ]
    unit = trade.touching(client, changes=tuple(map(AddHostedSession, sessions)))
    assert await trade.store.commit(unit, trade.company) is None
    assert await trade.store.commit(trade.unit(changes=(DropLink(client.id, first.id),)), trade.company) is None
    assert engine.rows("SELECT link_id FROM onboarding_links") == [(second.id,)]
    assert engine.rows("SELECT link_id FROM onboarding_sessions") == [(second.id,)]


async def test_what_is_due_is_named_oldest_first_of_all_companies(trade: Trade) -> None:
    other = await found_company(trade.store, trade.cipher, 2)
    due = trade.store.onboarding_links.due
    client, [first] = await linked(trade, "1")
    stranger = other.client()
    link = link_for(other, stranger, "1", due_at_ms=NOW_MS)
    await other.remembered(stranger, changes=(AddLink(link),))
    ours, theirs = (client.company_id, client.id, first.id), (stranger.company_id, stranger.id, link.id)
    assert await due(NOW_MS - 1) == []
    assert await due(NOW_MS) == [theirs]
    assert await due(NOW_MS + 1) == [theirs, ours]
    many = tuple(AddLink(link_for(trade, client, f"more {number}")) for number in range(DUE_TOGETHER))
    assert await trade.store.commit(trade.touching(client, changes=many), trade.company) is None
    assert len(await due(NOW_MS + 1)) == DUE_TOGETHER


@pytest.mark.parametrize("path", SEALED_FILES, ids=lambda path: path.stem)
def test_what_every_version_sealed_of_a_link_opens(path: object) -> None:
    sealed_file, cipher, link = read(path), make_sealed.keyring(), values.LINK  # type: ignore[arg-type]
    if "onboarding_links.content" not in sealed_file.sealed:
        return  # before schema 0012 there were none
    box = client_box(cipher, values.client(sealed_file.data_keys["client"]))
    content = sealed_file.sealed["onboarding_links.content"]
    standing = (link.mark, link.parent_id, link.status, link.sequence)
    times = (link.created_at_ms, link.expires_at_ms, link.opened_at_ms, link.ended_at_ms, link.due_at_ms)
    assert link_of(box, (link.company_id, link.client_id, link.id, *standing, *times, content)) == link


def test_the_kept_link_has_nothing_by_default() -> None:
    assert differing(values.LINK.wish) == {LinkWish: {each.name for each in fields(LinkWish)}}
