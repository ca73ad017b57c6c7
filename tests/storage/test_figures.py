"""What figures are made of, on every engine: submissions and verdicts of the companies that are named, and no other."""

from __future__ import annotations

from ostiary.domain.audit.trail import Note
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.review.figures import FigureEvent
from ostiary.domain.unit import AddEnablement
from tests.material import NOW_MS
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

NOTES = ("product_requested", "product_submitted", "review_opened", "verdict_return")


async def decided(trade: Trade) -> Enablement:
    """A request with an entry of each kind, all of one moment."""
    client = trade.client()
    request = trade.enablement(client, Status.IN_KYC)
    notes = tuple(Note(action, "operator:ana", request.id, ("image_blurred", "attempt_1")) for action in NOTES)
    await trade.remembered(client, changes=(AddEnablement(request),), notes=notes)
    return request


async def test_submissions_and_verdicts_come_with_their_product(trade: Trade) -> None:
    request = await decided(trade)
    events = await trade.store.figures.since([trade.company.id], NOW_MS, 10)
    assert sorted(events, key=lambda event: event.action) == [
        FigureEvent(
            product=request.product,
            enablement_id=request.id,
            action=action,
            actor="operator:ana",
            at_ms=NOW_MS,
            codes=("image_blurred", "attempt_1"),
        )
        for action in ("product_submitted", "verdict_return")
    ]


async def test_what_is_older_or_too_much_is_not_read(trade: Trade) -> None:
    await decided(trade)
    assert await trade.store.figures.since([trade.company.id], NOW_MS + 1, 10) == []
    assert len(await trade.store.figures.since([trade.company.id], NOW_MS, 1)) == 1


async def test_companies_that_are_not_named_are_not_read(trade: Trade, engine: Shelf) -> None:
    await decided(trade)
    other = await found_company(trade.store, engine.cipher, 2)
    await decided(other)
    assert len(await trade.store.figures.since([trade.company.id, other.company.id], NOW_MS, 3)) == 3, (
        "of both together"
    )
    third = await found_company(trade.store, engine.cipher, 3)
    assert await trade.store.figures.since([third.company.id], 0, 10) == []
    assert await trade.store.figures.since([], 0, 10) == []
