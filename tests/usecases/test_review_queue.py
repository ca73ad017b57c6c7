"""Working through the queue together: what each sees, claims and lets go."""

from __future__ import annotations

import pytest

from ostiary.adapters.lookups.countries import country_codes
from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.review.claims import HANDED_OVER_MS, LEASE_MS
from ostiary.domain.review.waiting import MOST_COUNTED, PAGE_CASES, START, Holding, QueueFilters, QueuePlace
from ostiary.usecases.clients.find import Sought
from ostiary.usecases.review import claims
from ostiary.usecases.review.queue import CasesFound, case_beside, case_to_go_on_with, find_cases, queue_page
from tests.house import House
from tests.reviewing import case, operator

# ---- what waits -----------------------------------------------------------------------------------------------------


async def test_everybody_sees_the_companies_he_works_for_and_who_has_which_case(house: House) -> None:
    _, first = await case(house)
    mine, acme = house.caller, house.caller.company
    house.caller = await house.found_company("Beta")
    _, second = await case(house)
    house.caller = mine
    ana, bob = await operator(house, "ana"), await operator(house, "bob", Role.REVIEWER, acme.id)
    everything = await queue_page(house.context, ana, QueueFilters())
    assert [(each.case.enablement_id, each.company.name, each.holder) for each in everything.cases] == [
        (first, "Acme", ""),
        (second, "Beta", ""),
    ]
    assert (everything.count, everything.after) == (2, None)
    assert [each.name for each in everything.companies] == ["Acme", "Beta"]
    await claims.claim_case(house.context, ana, acme.id, first)
    own = await queue_page(house.context, bob, QueueFilters())
    assert [(each.case.enablement_id, each.holder) for each in own.cases] == [(first, "ana")]
    elsewhere = await queue_page(house.context, bob, QueueFilters(company_id=everything.cases[1].company.id))
    assert (elsewhere.cases, elsewhere.count) == ((), 0)


async def test_mine_are_filtered_too_and_a_holder_who_is_gone_is_named_by_his_id(house: House) -> None:
    _, first = await case(house)
    ana = await operator(house, "ana")
    stranger = Operator(id="x" * 32, name="gone", role=Role.REVIEWER, created_at_ms=0, updated_at_ms=0)
    await claims.claim_case(house.context, stranger, house.caller.company.id, first)
    [queued] = (await queue_page(house.context, ana, QueueFilters())).cases
    assert queued.holder == stranger.id
    mine = QueueFilters(holding=Holding.MINE)
    assert (await queue_page(house.context, ana, mine)).count == 0
    assert (await queue_page(house.context, stranger, mine)).count == 1
    for other in (
        QueueFilters(holding=Holding.MINE, kind="change"),
        QueueFilters(holding=Holding.MINE, product="other"),
        QueueFilters(holding=Holding.MINE, reason="name_doubtful"),
        QueueFilters(holding=Holding.MINE, risk="hits"),
    ):
        assert (await queue_page(house.context, stranger, other)).count == 0
    assert (await queue_page(house.context, ana, QueueFilters(holding=Holding.FREE))).count == 0


async def test_a_page_ends_where_the_next_begins_and_the_count_ends_at_the_most(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [(await case(house, f"AB000000{number}"))[1] for number in range(3)]
    ana = await operator(house, "ana")
    monkeypatch.setattr("ostiary.usecases.review.queue.PAGE_CASES", 2)
    first = await queue_page(house.context, ana, QueueFilters())
    assert first.after is not None
    second = await queue_page(house.context, ana, QueueFilters(), first.after)
    assert [each.case.enablement_id for each in (*first.cases, *second.cases)] == ids
    assert (first.count, second.count, second.after) == (3, 3, None)
    monkeypatch.setattr("ostiary.usecases.review.queue.MOST_COUNTED", 1)
    assert (await queue_page(house.context, ana, QueueFilters())).count == 2, "one more than is counted: more than that"
    for request in ids:
        await claims.claim_case(house.context, ana, house.caller.company.id, request)
    mine = await queue_page(house.context, ana, QueueFilters(holding=Holding.MINE), START)
    assert (len(mine.cases), mine.count, mine.after is None) == (2, 3, False)
    assert (PAGE_CASES, MOST_COUNTED) == (50, 1000)


async def test_from_a_place_one_comes_to_the_case_behind_it_and_the_one_before_it(house: House) -> None:
    ids = [(await case(house, f"AB000000{number}"))[1] for number in range(3)]
    ana, everything = await operator(house, "ana"), QueueFilters()
    places = [each.case.place for each in (await queue_page(house.context, ana, everything)).cases]

    async def beside(filters: QueueFilters, place: QueuePlace, *, is_back: bool) -> str | None:
        waiting = await case_beside(house.context, ana, filters, place, is_back=is_back)
        assert not isinstance(waiting, QueuePlace)
        return None if waiting is None else waiting.enablement_id

    assert await beside(everything, START, is_back=False) == ids[0]
    for at, place in enumerate(places):
        assert await beside(everything, place, is_back=False) == (ids[at + 1] if at < 2 else None)
        assert await beside(everything, place, is_back=True) == (ids[at - 1] if at else None)
    mine = QueueFilters(holding=Holding.MINE)
    for request in ids[::2]:
        await claims.claim_case(house.context, ana, house.caller.company.id, request)
    assert await beside(mine, places[0], is_back=False) == ids[2]
    assert await beside(mine, places[2], is_back=True) == ids[0]
    assert await beside(mine, places[0], is_back=True) is None
    elsewhere = QueueFilters(company_id="0" * 32)
    assert await beside(elsewhere, places[0], is_back=False) is None
    assert await beside(elsewhere, places[2], is_back=True) is None
    for going_on in (case_beside, case_to_go_on_with):
        with pytest.raises(ValidationFailed):
            await going_on(house.context, ana, QueueFilters(kind="nonsense"), START)


async def test_after_a_decision_one_goes_on_with_what_nobody_else_has(house: House) -> None:
    ids = [(await case(house, f"AB000000{number}"))[1] for number in range(3)]
    ana, bob, filters = await operator(house, "ana"), await operator(house, "bob"), QueueFilters()
    places = [each.case.place for each in (await queue_page(house.context, ana, filters)).cases]

    async def on(place: QueuePlace) -> str | None:
        waiting = await case_to_go_on_with(house.context, ana, filters, place)
        return None if waiting is None else waiting.enablement_id

    company_id = house.caller.company.id
    await claims.claim_case(house.context, ana, company_id, ids[2])
    assert await on(places[0]) == ids[1]
    await claims.claim_case(house.context, bob, company_id, ids[1])
    assert await on(places[0]) == ids[2], "her own, and not what Bob has"
    assert await on(places[2]) == ids[0], "from the beginning where nothing is behind"
    await claims.claim_case(house.context, bob, company_id, ids[0])
    assert await on(places[2]) is None


async def test_searching_stays_within_the_companies_of_the_operator(house: House) -> None:
    client_id, request_id = await case(house)
    ana = await operator(house, "ana")
    bob = await operator(house, "bob", Role.REVIEWER, (await house.found_company("Beta")).company.id)
    cleo = await operator(house, "cleo", Role.REVIEWER, house.caller.company.id)
    for sought in (
        Sought(id=request_id),
        Sought(id=client_id),
        Sought(number="AB 1234567"),
        Sought(email="AB1234567@example.com"),
    ):
        assert [each.dossier.client.id for each in (await find_cases(house.context, ana, sought)).clients] == [
            client_id
        ]
        assert [each.dossier.client.id for each in (await find_cases(house.context, cleo, sought)).clients] == [
            client_id
        ]
        assert await find_cases(house.context, bob, sought) == CasesFound((), is_cut_short=False)


async def test_a_search_opens_no_more_clients_than_it_may(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [(await case(house, f"AB000000{number}"))[0] for number in range(3)]
    ana = await operator(house, "ana")
    monkeypatch.setattr("ostiary.usecases.review.queue.MOST_OPENED", 2)
    newest = await find_cases(house.context, ana, Sought(number="AB0000002"))
    assert [each.dossier.client.id for each in newest.clients] == [ids[2]]
    oldest = await find_cases(house.context, ana, Sought(number="AB0000000"))
    assert oldest == CasesFound((), is_cut_short=True)
    by_hash = await find_cases(house.context, ana, Sought(number="ab 000-0000"), country_codes())
    assert [each.dossier.client.id for each in by_hash.clients] == [ids[0]], "who holds it is found without opening"
    twice = await find_cases(house.context, ana, Sought(number="AB0000002"), country_codes())
    assert [each.dossier.client.id for each in twice.clients] == [ids[2]]
    assert not (await find_cases(house.context, ana, Sought(number="- -"), country_codes())).clients
    by_id = await find_cases(house.context, ana, Sought(id=ids[0]))
    assert [each.dossier.client.id for each in by_id.clients] == [ids[0]], "nothing is opened for what is known"
    assert not by_id.is_cut_short
    monkeypatch.setattr("ostiary.usecases.review.queue.MOST_OPENED", 3)
    assert not (await find_cases(house.context, ana, Sought(number="AB0000000"))).is_cut_short


# ---- claims ---------------------------------------------------------------------------------------------------------


async def test_the_second_is_told_who_has_a_case_and_since_when(house: House) -> None:
    _, request_id = await case(house)
    ana, bob, company_id = await operator(house, "ana"), await operator(house, "bob"), house.caller.company.id
    await claims.claim_case(house.context, ana, company_id, request_id)
    with pytest.raises(InvalidState, match=r"^ana works on this case since 2026-04-15T10:30:00 \(UTC\)"):
        await claims.claim_case(house.context, bob, company_id, request_id)
    held = await claims.claim_of(house.context, company_id, request_id)
    assert held is not None
    assert (held.holder, held.claim.until_ms) == ("ana", house.clock.now_ms + LEASE_MS)
    house.clock.now_ms += LEASE_MS
    assert await claims.claim_of(house.context, company_id, request_id) is None
    assert (await claims.claim_case(house.context, bob, company_id, request_id)).operator_id == bob.id


async def test_a_case_is_let_go_by_its_holder_alone(house: House) -> None:
    _, request_id = await case(house)
    ana, bob, company_id = await operator(house, "ana"), await operator(house, "bob"), house.caller.company.id
    await claims.claim_case(house.context, ana, company_id, request_id)
    assert not await claims.release_case(house.context, bob, company_id, request_id)
    assert await claims.release_case(house.context, ana, company_id, request_id)
    assert await claims.claim_of(house.context, company_id, request_id) is None


async def test_a_case_that_there_is_not_is_claimed_by_nobody(house: House) -> None:
    with pytest.raises(NotFound):
        await claims.claim_case(house.context, await operator(house, "ana"), house.caller.company.id, "0" * 32)


async def test_a_case_is_handed_over_for_a_working_day_to_somebody_who_may_decide_it(house: House) -> None:
    _, request_id = await case(house)
    ana, bob, company_id = await operator(house, "ana"), await operator(house, "Bob"), house.caller.company.id
    await operator(house, "vic", Role.VIEWER)
    await operator(house, "eve", Role.REVIEWER, (await house.found_company("Beta")).company.id)
    for nobody in ("vic", "eve", "nobody"):
        with pytest.raises(ValidationFailed, match="to must name somebody who decides cases of this company: ana, Bob"):
            await claims.hand_over_case(house.context, ana, company_id, request_id, nobody)
    assert await claims.hand_over_case(house.context, ana, company_id, request_id, "bob") == bob
    held = await claims.claim_of(house.context, company_id, request_id)
    assert held is not None
    assert (held.holder, held.claim.until_ms) == ("Bob", house.clock.now_ms + HANDED_OVER_MS)
    with pytest.raises(InvalidState, match=r"^Bob works on this case"):
        await claims.hand_over_case(house.context, ana, company_id, request_id, "ana")


class Away:
    """Claims that are gone between two statements, as when another process is faster."""

    def __init__(self, store: object) -> None:
        self._store = store

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def take(self, claim: object) -> bool:
        return False

    async def hand_over(self, *values: object) -> bool:
        return False


@pytest.mark.parametrize("step", ["take", "hand_over"])
async def test_a_case_that_is_free_again_between_two_looks_is_said_to_be(
    house: House, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    _, request_id = await case(house)
    ana, company_id = await operator(house, "ana"), house.caller.company.id
    monkeypatch.setattr(house.context.storage.claims, step, getattr(Away(house.context.storage.claims), step))
    with pytest.raises(InvalidState, match="a moment ago; it is free now"):
        await claims.hand_over_case(house.context, ana, company_id, request_id, "ana")
