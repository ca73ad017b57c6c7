"""What reviewing people share, on every engine: the queue in its order, claims of which one holds, sealed drafts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from ostiary.domain.clients.client import Client
from ostiary.domain.errors import Tampered
from ostiary.domain.onboarding.enablement import Enablement, Review, Status
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.review.claims import Claim, ReviewDraft
from ostiary.domain.review.risk import Risk, risk_of
from ostiary.domain.review.routing import SETTLED_BY_LOOKING
from ostiary.domain.review.waiting import START, Holding, QueueFilters, WaitingCase
from ostiary.domain.screening.hits import HitState
from ostiary.domain.screening.subject import Hit
from ostiary.domain.unit import AddEnablement, AddHit, DecideHit
from tests.material import NOW_MS
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

ANA, BOB = "ana" * 10 + "aa", "bob" * 10 + "bb"
ALL = QueueFilters()
HIT = Hit("sanctions", "1", "entry-1", "Maria Barber", 0.9, 0.8)


async def waiting(
    trade: Trade, since_ms: int, review: Review = Review.SUBMISSION, *reasons: str, product: str = "cards"
) -> Enablement:
    client = trade.client()
    request = trade.enablement(
        client, Status.IN_KYC, review=review, review_since_ms=since_ms, review_reasons=reasons, product=product
    )
    await trade.remembered(client, changes=(AddEnablement(request),))
    return request


async def page(trade: Trade, filters: QueueFilters = ALL, limit: int = 10) -> list[str]:
    cases = await trade.store.queue.page((trade.company.id,), filters, START, limit, NOW_MS)
    return [case.enablement_id for case in cases]


def claim(request: Enablement, operator_id: str = ANA, now_ms: int = NOW_MS, ms: int = 1000) -> Claim:
    return Claim(
        company_id=request.company_id,
        enablement_id=request.id,
        client_id=request.client_id,
        operator_id=operator_id,
        claimed_at_ms=now_ms,
        until_ms=now_ms + ms,
    )


# ---- the queue ------------------------------------------------------------------------------------------------------


async def test_hits_come_first_then_the_oldest_with_all_that_a_list_shows(trade: Trade) -> None:
    young, old = await waiting(trade, 30, Review.CLASH, "number_contested"), await waiting(trade, 10)
    hit = await waiting(trade, 90, Review.SCREENING, "screening_hit", "client_changed")
    client = trade.client()
    await trade.remembered(client, changes=(AddEnablement(trade.enablement(client)),))
    cases = await trade.store.queue.page((trade.company.id,), ALL, START, 10, NOW_MS)
    assert [case.enablement_id for case in cases] == [hit.id, old.id, young.id]
    assert cases[0] == WaitingCase(
        company_id=trade.company.id,
        enablement_id=hit.id,
        client_id=hit.client_id,
        product="cards",
        review=Review.SCREENING,
        since_ms=90,
        reasons=("screening_hit", "client_changed"),
    )
    assert cases[2].review is Review.CLASH


async def test_pages_follow_each_other_without_a_gap_and_over_both_kinds(trade: Trade) -> None:
    every = [await waiting(trade, 10 + number % 3) for number in range(5)]
    every += [await waiting(trade, 50, Review.SCREENING) for _ in range(3)]
    after, ids = START, list[str]()
    while cases := await trade.store.queue.page((trade.company.id,), ALL, after, 2, NOW_MS):
        ids += [case.enablement_id for case in cases]
        after = cases[-1].place
    assert len(ids) == len(set(ids)) == 8
    assert ids == await page(trade)
    assert set(ids[:3]) == {each.id for each in every[5:]}


async def test_before_a_place_is_the_case_from_which_one_comes_to_it(trade: Trade) -> None:
    for number in range(4):
        await waiting(
            trade, 10 + number % 2, Review.CLASH if number % 2 else Review.SUBMISSION, product=f"p{number % 3}"
        )
    for number in range(2):
        await waiting(trade, 50 + number, Review.SCREENING)
    own, queue = (trade.company.id,), trade.store.queue
    for filters in (ALL, QueueFilters(kind="clash"), QueueFilters(kind="screening"), QueueFilters(product="p0")):
        cases = await queue.page(own, filters, START, 10, NOW_MS)
        assert len(cases) > 1
        assert await queue.before(own, filters, cases[0].place, 1, NOW_MS) == ()
        for earlier, later in pairwise(cases):
            assert await queue.before(own, filters, later.place, 1, NOW_MS) == (earlier,)
        assert await queue.before(own, filters, cases[-1].place, 9, NOW_MS) == tuple(reversed(cases[:-1]))
    assert await queue.before((), ALL, cases[0].place, 1, NOW_MS) == ()


async def test_several_companies_are_one_queue_and_only_those_that_are_named(engine: Shelf) -> None:
    store = engine.open()
    acme, other = await found_company(store, engine.cipher), await found_company(store, engine.cipher, 2)
    first, second, third = await waiting(acme, 1), await waiting(other, 2), await waiting(acme, 3)
    both = await store.queue.page((acme.company.id, other.company.id), ALL, START, 10, NOW_MS)
    assert [case.enablement_id for case in both] == [first.id, second.id, third.id]
    assert await page(other) == [second.id]
    assert await store.queue.page((), ALL, START, 10, NOW_MS) == ()
    assert await store.queue.count((), ALL, 10, NOW_MS) == 0
    assert await store.queue.claimed_by((), ANA, NOW_MS) == []


@pytest.mark.parametrize(
    ("filters", "positions"),
    [
        (QueueFilters(kind="screening"), {2}),
        (QueueFilters(kind="clash"), {1}),
        (QueueFilters(kind="submission"), {0}),
        (QueueFilters(kind="change"), set()),
        (QueueFilters(product="accounts"), {1}),
        (QueueFilters(reason="name_doubtful"), {0, 2}),
        (QueueFilters(reason="doubtful"), set()),
        (QueueFilters(reason="name_doubtful", kind="screening"), {2}),
    ],
)
async def test_filters_leave_what_fits_and_are_counted_alike(
    trade: Trade, filters: QueueFilters, positions: set[int]
) -> None:
    requests = [
        await waiting(trade, 1, Review.SUBMISSION, "certainty_low", "name_doubtful"),
        await waiting(trade, 2, Review.CLASH, product="accounts"),
        await waiting(trade, 3, Review.SCREENING, "name_doubtful"),
    ]
    assert set(await page(trade, filters)) == {requests[position].id for position in positions}
    assert await trade.store.queue.count((trade.company.id,), filters, 10, NOW_MS) == len(positions)


async def test_each_kind_is_found_by_its_own_name_and_no_other(trade: Trade) -> None:
    requests = {kind: await waiting(trade, at, kind) for at, kind in enumerate(Review)}
    for kind, request in requests.items():
        assert await page(trade, QueueFilters(kind=kind)) == [request.id]
        assert await trade.store.queue.count((trade.company.id,), QueueFilters(kind=kind), 10, NOW_MS) == 1


async def test_risk_is_what_the_domain_says_whatever_the_reasons(trade: Trade) -> None:
    codes = [*SETTLED_BY_LOOKING, ReviewReason.NAME_DOUBTFUL, ReviewReason.NO_EXPIRATION]
    combined = [reasons for count in range(4) for reasons in combinations(codes, count)]
    requests = [(await waiting(trade, at, Review.SUBMISSION, *reasons), reasons) for at, reasons in enumerate(combined)]
    hit = await waiting(trade, 99, Review.SCREENING, "screening_hit", "name_doubtful")
    requests.append((hit, (ReviewReason.SCREENING_HIT,)))
    for risk in Risk:
        filters = QueueFilters(risk=risk)
        wanted = {request.id for request, reasons in requests if risk_of(reasons) is risk}
        assert wanted
        assert set(await page(trade, filters, 99)) == wanted
        assert await trade.store.queue.count((trade.company.id,), filters, 99, NOW_MS) == len(wanted)
        asked = [((trade.company.id,), filters), ((), filters)]
        assert await trade.store.queue.counts(asked, 99, NOW_MS) == [len(wanted), 0]
        assert await trade.store.queue.counts(asked, 2, NOW_MS) == [min(2, len(wanted)), 0]
    assert await trade.store.queue.counts([], 2, NOW_MS) == []


async def test_counting_ends_at_the_most(trade: Trade) -> None:
    for number in range(4):
        await waiting(trade, number)
    assert await trade.store.queue.count((trade.company.id,), ALL, 3, NOW_MS) == 3
    assert await trade.store.queue.count((trade.company.id,), ALL, 9, NOW_MS) == 4


async def test_hits_that_are_cleared_are_not_counted(trade: Trade) -> None:
    request = await waiting(trade, 1, Review.SCREENING)
    client = await trade.current(request.client_id)
    await trade.store.commit(trade.touching(client, changes=(AddHit(HIT), AddHit(replace(HIT, entry_id="2")))))
    [case] = await trade.store.queue.page((trade.company.id,), ALL, START, 10, NOW_MS)
    assert case.hits == 2
    client = await trade.current(client.id)
    key = (await trade.store.screening.hits(client))[0].key
    await trade.store.commit(trade.touching(client, changes=(DecideHit(key, HitState.CLEARED),)))
    [case] = await trade.store.queue.page((trade.company.id,), ALL, START, 10, NOW_MS)
    assert case.hits == 1


async def test_claimed_cases_say_by_whom_are_mine_and_no_longer_free(trade: Trade) -> None:
    mine, theirs, free = [await waiting(trade, number) for number in range(3)]
    hit = await waiting(trade, 9, Review.SCREENING)
    for taken, who in ((mine, ANA), (theirs, BOB), (hit, ANA)):
        assert await trade.store.claims.take(claim(taken, who))
    cases = await trade.store.queue.page((trade.company.id,), ALL, START, 10, NOW_MS)
    assert [case.claim and case.claim.operator_id for case in cases] == [ANA, ANA, BOB, None]
    assert await page(trade, QueueFilters(holding=Holding.FREE)) == [free.id]
    assert await trade.store.queue.count((trade.company.id,), QueueFilters(holding=Holding.FREE), 9, NOW_MS) == 1
    claimed = await trade.store.queue.claimed_by((trade.company.id,), ANA, NOW_MS)
    assert [case.enablement_id for case in claimed] == [hit.id, mine.id]
    later = NOW_MS + 1000
    assert await trade.store.queue.claimed_by((trade.company.id,), ANA, later) == []
    assert await trade.store.queue.count((trade.company.id,), QueueFilters(holding=Holding.FREE), 9, later) == 4


# ---- claims ---------------------------------------------------------------------------------------------------------


async def test_a_claim_holds_until_its_end_and_is_renewed_by_its_holder_alone(trade: Trade) -> None:
    request, claims = await waiting(trade, 1), trade.store.claims
    assert await claims.take(claim(request))
    assert not await claims.take(claim(request, BOB, NOW_MS + 999))
    assert await claims.take(claim(request, ANA, NOW_MS + 500))
    held = await claims.find(request.company_id, request.id, NOW_MS + 1200)
    assert held == claim(request, ms=1500), "since when is kept, and until when is later"
    assert await claims.find(request.company_id, request.id, NOW_MS + 1500) is None
    assert await claims.take(claim(request, BOB, NOW_MS + 1500))
    assert not await claims.take(claim(request, ANA, NOW_MS + 1600))


async def test_a_shorter_lease_does_not_shorten_a_longer_one(trade: Trade) -> None:
    request, claims = await waiting(trade, 1), trade.store.claims
    assert await claims.take(claim(request, ms=9000))
    assert await claims.take(claim(request, ANA, NOW_MS + 10))
    assert await claims.find(request.company_id, request.id, NOW_MS + 10) == claim(request, ms=9000)


async def test_a_claim_is_handed_over_by_its_holder_while_it_holds(trade: Trade) -> None:
    request, claims = await waiting(trade, 1), trade.store.claims
    assert await claims.take(claim(request))
    assert not await claims.hand_over(claim(request, BOB), BOB, NOW_MS, NOW_MS + 5)
    assert not await claims.hand_over(claim(request), BOB, NOW_MS + 1000, NOW_MS + 5000)
    assert await claims.hand_over(claim(request), BOB, NOW_MS + 10, NOW_MS + 5000)
    assert await claims.find(request.company_id, request.id, NOW_MS + 10) == claim(request, BOB, NOW_MS + 10, 4990)


async def test_only_its_holder_lets_a_claim_go(trade: Trade) -> None:
    request, claims = await waiting(trade, 1), trade.store.claims
    assert await claims.take(claim(request))
    assert not await claims.drop(request.company_id, request.id, BOB)
    assert await claims.drop(request.company_id, request.id, ANA)
    assert await claims.find(request.company_id, request.id, NOW_MS) is None


async def test_of_two_who_claim_at_once_over_two_connections_one_has_it(engine: Shelf) -> None:
    trade = await found_company(engine.open(), engine.cipher)
    elsewhere = engine.open()
    for number in range(10):
        request = await waiting(trade, number)
        taken = await asyncio.gather(
            trade.store.claims.take(claim(request, ANA)), elsewhere.claims.take(claim(request, BOB))
        )
        held = await trade.store.claims.find(request.company_id, request.id, NOW_MS)
        assert sorted(taken) == [False, True]
        assert held is not None
        assert held.operator_id == (ANA if taken[0] else BOB)


# ---- drafts ---------------------------------------------------------------------------------------------------------


async def client_of(trade: Trade, request: Enablement) -> Client:
    return await trade.current(request.client_id)


def draft(request: Enablement, text: str, operator_id: str = ANA, at_ms: int = NOW_MS) -> ReviewDraft:
    return ReviewDraft(enablement_id=request.id, operator_id=operator_id, at_ms=at_ms, text=text)


async def test_a_draft_is_kept_for_its_author_sealed_and_the_newest_counts(engine: Shelf) -> None:
    trade = await found_company(engine.open(), engine.cipher)
    request = await waiting(trade, 1)
    client = await client_of(trade, request)
    await trade.store.drafts.keep(client, draft(request, "Looks like a twin"))
    await trade.store.drafts.keep(client, draft(request, "Looks like a twin of hers", at_ms=NOW_MS + 1))
    again = engine.open()
    assert await again.drafts.find(client, request.id, ANA) == draft(
        request, "Looks like a twin of hers", ANA, NOW_MS + 1
    )
    assert await again.drafts.find(client, request.id, BOB) is None
    [(content,)] = engine.rows("SELECT content FROM review_drafts")
    assert b"twin" not in bytes(content)
    await again.drafts.drop(client, request.id, ANA)
    assert await trade.store.drafts.find(client, request.id, ANA) is None


async def test_a_draft_that_was_moved_to_somebody_else_does_not_open(engine: Shelf) -> None:
    trade = await found_company(engine.open(), engine.cipher)
    request = await waiting(trade, 1)
    client = await client_of(trade, request)
    await trade.store.drafts.keep(client, draft(request, "mine"))
    engine.spoil(f"UPDATE review_drafts SET operator_id = '{BOB}'")  # noqa: S608
    with pytest.raises(Tampered):
        await trade.store.drafts.find(client, request.id, BOB)
