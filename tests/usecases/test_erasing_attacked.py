"""Erasing somebody while calls for the same client are under way, from another company, and who then comes again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ostiary.background.erasures import carry_out_due
from ostiary.domain.errors import NotFound, OstiaryError
from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.imports.bulk import RowState
from ostiary.domain.operators.operator import Role
from ostiary.domain.privacy.erasure import ErasureState
from ostiary.domain.privacy.holds import HoldWish
from ostiary.domain.privacy.waiver import WaiverWish
from ostiary.domain.unit import StoredResponse
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.hosted.arrival import NewHostedSession
from ostiary.usecases.hosted.links import make_link
from ostiary.usecases.hosted.sessions import exchange
from ostiary.usecases.imports.carry_out import TellRow, work_at
from ostiary.usecases.imports.imports import read_import, start_import
from ostiary.usecases.privacy.export import export_client
from ostiary.usecases.privacy.holds import hold_client, list_holds, release_hold
from ostiary.usecases.privacy.request_erasure import request_erasure, stage_erasure, withdraw_erasure
from ostiary.usecases.privacy.waive import second_word, waive_word
from tests.erasing import asked, counted, documented, last, pictures, rounds, rows_of, whole_trail
from tests.house import ACCOUNTS, CARDS, House, upload
from tests.importing import checked, counts, csv_of, row
from tests.material import profile
from tests.reviewing import acts, operator
from tests.usecases.hosted import any_address, linked

Call = Callable[[House, str, str], Awaitable[Any]]


async def link(house: House, client_id: str, request_id: str) -> Any:
    return await house.do(make_link, client_id, LinkWish(request_ids=(request_id,)), any_address)


CALLS: dict[str, Call] = {
    "an upload": lambda house, client_id, request_id: house.send(client_id, request_id, upload(seed=9)),
    "a request": lambda house, client_id, _: house.request(client_id, ACCOUNTS),
    "a submission": lambda house, client_id, request_id: house.submit(client_id, request_id),
    "a change": lambda house, client_id, _: house.do(update_client, client_id, profile(first_name="Mario")),
    "a link": link,
}


@pytest.mark.parametrize("name", CALLS)
async def test_what_is_under_way_when_its_client_ends_comes_to_nothing(
    house: House, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has read the client, and is about to write."""
    client = await house.client()
    request = await house.request(client.id)
    await house.send(client.id, request.id)
    await asked(house, client.id)
    storage: Any = house.parts.store
    commit, is_first = storage.commit, True

    async def late(*arguments: Any) -> Any:
        nonlocal is_first
        if is_first:
            is_first = False
            await carry_out_due(house.context)
            assert (await last(house, client.id)).state is ErasureState.ERASED
        return await commit(*arguments)

    monkeypatch.setattr(storage, "commit", late)
    with pytest.raises(NotFound):
        await CALLS[name](house, client.id, request.id)
    assert not is_first
    house.clock.now_ms += 2 * house.context.timing.lease_ms
    await rounds(house, 1)
    assert ((await last(house, client.id)).state, await counted(house, client.id)) == (ErasureState.DONE, {})
    assert pictures(house) == []
    assert await whole_trail(house) == {}


async def test_an_answer_that_is_kept_for_a_repetition_ends_with_its_call(house: House) -> None:
    """The key is free again: a call that came to nothing leaves no answer about somebody who is not there."""
    client_id = await documented(house)
    await asked(house, client_id)
    company, mark = house.caller.company, house.context.cipher.lookup_hash("answer", "k")
    assert await house.parts.store.answers.begin(company.id, mark, b"content", "lease", house.clock())
    await carry_out_due(house.context)
    with pytest.raises(NotFound):
        await house.do(
            update_client, client_id, profile(), seal=lambda _: StoredResponse(mark, "lease", 200, b"{}", client_id)
        )
    await rounds(house)
    assert await counted(house, client_id) == {}


async def test_a_row_of_a_file_whose_client_ends_before_its_product_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = await checked(house, csv_of([row(1, product=CARDS), row(2, product=CARDS)]))
    await house.do(start_import, bulk.id)
    imports: Any = house.parts.store.imports
    real, erased = imports.rows, list[str]()

    async def ending(*given: Any) -> Any:
        """Who was read to be given a product is erased before it is."""
        rows = await real(*given)
        for each in rows:
            if each.state is RowState.CREATED and not erased:
                erased.append(each.client_id)
                await asked(house, each.client_id)
                await carry_out_due(house.context)
        return rows

    monkeypatch.setattr(imports, "rows", ending)
    faults = list[Exception]()

    class Tell(TellRow):
        def __call__(self, import_id: str, position: int, error: Exception) -> None:
            faults.append(error)

    assert await work_at(house.context, house.caller.company, bulk.id, tell=Tell())
    assert faults == [], "somebody who is gone is no fault of ours"
    assert counts(await read_import(house.context, house.caller, bulk.id)) == {"done": 1}
    await rounds(house)
    assert ((await last(house, erased[0])).state, await counted(house, erased[0])) == (ErasureState.DONE, {})
    assert await whole_trail(house) == {}


async def test_a_link_and_a_session_on_the_page_lead_nowhere_any_more(house: House) -> None:
    client, new = await linked(house)
    assert isinstance(await exchange(house.context, new.token), NewHostedSession)
    await asked(house, client.id)
    await carry_out_due(house.context)
    assert not isinstance(await exchange(house.context, new.token), NewHostedSession)
    assert house.rows("SELECT count(*) FROM onboarding_sessions") == [(0,)]


async def test_who_comes_again_is_a_stranger(house: House) -> None:
    """With the same address, reference, document and picture: nothing is held against it, and nothing shows that it was
    there before."""
    first = await documented(house, reference="R-1")
    await asked(house, first)
    await rounds(house)
    receipt = (await last(house, first)).receipt
    second = await house.client(reference="R-1")
    request = await house.request(second.id)
    state = await house.send(second.id, request.id)
    assert state.rejections == ()
    assert (second.id != first, await counted(house, first)) == (True, {})
    await asked(house, second.id)
    await rounds(house)
    assert (await last(house, second.id)).state is ErasureState.DONE
    assert ((await last(house, first)).receipt, pictures(house)) == (receipt, [])
    assert await whole_trail(house) == {}


async def test_another_company_neither_erases_nor_sees_nor_holds_anybody(house: House) -> None:
    client_id = await documented(house)
    erasure = await asked(house, client_id)
    before = rows_of(house, client_id)
    other = await house.found_company("Other")
    bea = acts(house, await operator(house, "bea", Role.APPROVER))
    stranger = type(bea)(other.company, bea.actor, bea.level)
    calls: tuple[tuple[Any, ...], ...] = (
        (request_erasure, client_id),
        (stage_erasure, client_id, "A wish."),
        (withdraw_erasure, erasure.id),
        (second_word, erasure.id),
        (waive_word, erasure.id, WaiverWish("other", "A wish.")),
        (hold_client, client_id, HoldWish("A wish.")),
        (release_hold, client_id, "0" * 32, "A wish."),
        (export_client, client_id),
    )
    for use_case, *given in calls:
        with pytest.raises(NotFound):
            await house.do(use_case, *given, caller=stranger)
    with pytest.raises(NotFound):
        await list_holds(house.context, stranger, client_id)
    assert await house.context.storage.erasures.page(other.company, None, 50) == []
    assert rows_of(house, client_id) == before


@pytest.mark.parametrize("client_id", ["", "0" * 32, "z" * 32, "x" * 100_000, "\x00", "é", "' OR 1=1 --"])
async def test_whoever_there_is_not_is_not_erased(house: House, client_id: str) -> None:
    with pytest.raises(OstiaryError) as refused:
        await house.do(request_erasure, client_id)
    assert isinstance(refused.value, NotFound)
