"""When requests are due again, on every engine: sealed, found by when there is something to do, and forgotten."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.clients.client import Client
from ostiary.domain.errors import Tampered
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.renewals.changes import DropDeadline, KeepDeadline
from ostiary.domain.renewals.deadlines import Deadline, DeadlineState, RenewalReason
from ostiary.domain.times import END_MS
from ostiary.domain.unit import AddEnablement
from ostiary.storage.lifecycle import deadlines as deadline_rows
from ostiary.storage.lifecycle.deadlines import deadline_of
from ostiary.storage.unit_context import client_box
from tests.kept import make_sealed, values
from tests.kept.deadline import DEADLINE
from tests.material import NOW_MS, enablement
from tests.storage.sealed_files import SEALED_FILES, read
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

MOST = 1 << 60


def deadline_for(client: Client, enablement_id: str, due_ms: int, **changes: object) -> Deadline:
    usual = Deadline(
        company_id=client.company_id,
        client_id=client.id,
        enablement_id=enablement_id,
        product="cards",
        state=DeadlineState.OPEN,
        due_at_ms=due_ms,
        ends_at_ms=due_ms + 2,
        next_at_ms=due_ms - 5,
        reviewed_on=date(2024, 2, 29),
        risk=RiskClass.STANDARD,
        rules="by these rules",
        reasons=(RenewalReason.LIST_HIT,),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


async def with_deadlines(trade: Trade, *due: int, **changes: object) -> tuple[Client, list[Deadline]]:
    """A client with as many deadlines, each of a request of its own."""
    client = trade.client()
    deadlines = [deadline_for(client, trade.new_id(), at, **changes) for at in due]
    return await trade.remembered(client, changes=tuple(map(KeepDeadline, deadlines))), deadlines


async def test_a_deadline_is_sealed_and_comes_back_as_it_was_kept(trade: Trade, engine: Shelf) -> None:
    client, [only] = await with_deadlines(trade, NOW_MS)
    store = trade.store.deadlines
    assert await store.of_client(client) == [only]
    after = replace(only, state=DeadlineState.WAITING, due_at_ms=NOW_MS + 9, reasons=(), rules="by others", attempt=4)
    assert await trade.store.commit(trade.touching(client, changes=(KeepDeadline(after),)), trade.company) is None
    client = await trade.current(client.id)
    assert await store.of_client(client) == [after]
    for row in engine.rows("SELECT * FROM deadlines"):
        stored = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
        assert b"list_hit" not in stored


async def test_what_is_due_comes_in_order_to_its_company_alone(trade: Trade) -> None:
    other = await found_company(trade.store, trade.cipher, 2)
    _, [third, first, second] = await with_deadlines(trade, NOW_MS + 3, NOW_MS + 1, NOW_MS + 2)
    store, company_id = trade.store.deadlines, trade.company.id
    places = [(each.client_id, each.enablement_id) for each in (first, second, third)]
    assert await store.due(company_id, NOW_MS, 10) == places
    assert await store.due(company_id, NOW_MS - 3, 10) == places[:2]
    assert await store.due(company_id, NOW_MS, 1) == places[:1]
    assert await store.next_due(company_id) == NOW_MS - 4
    assert await store.due(other.company.id, NOW_MS, 10) == []
    assert await store.next_due(other.company.id) is None


async def test_nothing_is_next_where_nothing_is_known(trade: Trade) -> None:
    await with_deadlines(trade, END_MS - 10, next_at_ms=END_MS)
    assert await trade.store.deadlines.next_due(trade.company.id) is None


async def test_a_list_goes_on_behind_a_place_also_where_many_are_due_together(trade: Trade) -> None:
    _, same = await with_deadlines(trade, *[NOW_MS] * 3)
    _, [later] = await with_deadlines(trade, NOW_MS + 1)
    store, company_id = trade.store.deadlines, trade.company.id
    page = await store.page(company_id, MOST, (-1, ""), 2)
    assert [line.deadline for line in page] == same[:2]
    rest = await store.page(company_id, MOST, (page[-1].due_at_ms, page[-1].enablement_id), 10)
    assert [line.deadline for line in rest] == [same[2], later]
    assert [line.deadline for line in await store.page(company_id, NOW_MS + 1, (-1, ""), 10)] == same


async def test_requests_without_a_deadline_or_by_other_rules_are_found(trade: Trade) -> None:
    client = trade.client()
    statuses = {"cards": Status.ENABLED, "others": Status.IN_KYC, "accounts": Status.ENABLED}
    requests = [
        enablement(status, id=trade.new_id(), company_id=client.company_id, client_id=client.id, product=product)
        for product, status in statuses.items()
    ]
    client = await trade.remembered(client, changes=tuple(map(AddEnablement, requests)))
    store, company_id, place = trade.store.deadlines, trade.company.id, [(client.id, requests[0].id)]
    assert await store.of_other_rules(company_id, "cards", "now", "", 10) == (place, None)
    assert await store.of_other_rules(company_id, "cards", "now", requests[0].id, 10) == ([], None)
    assert await store.of_other_rules(company_id, "cards", "now", requests[-1].id, 10) == ([], None)
    for rules, places in (("before", place), ("now", [])):
        due = KeepDeadline(deadline_for(client, requests[0].id, NOW_MS, rules=rules))
        assert await trade.store.commit(trade.touching(client, changes=(due,)), trade.company) is None
        client = await trade.current(client.id)
        assert await store.of_other_rules(company_id, "cards", "now", "", 10) == (places, None)
    assert await store.of_product(company_id, "cards", "", 10) == place
    assert await store.of_product(company_id, "cards", requests[0].id, 10) == []
    assert await store.of_product(company_id, "accounts", "", 10) == []


async def test_one_look_is_bounded_by_the_requests_there_are_and_by_those_that_are_found(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever goes on where a look ended comes to every request once, whatever lies in between."""
    products = ["others", "cards", "cards", "others", "others", "others", "cards"]
    ids = list[str]()
    for product in products:
        client = trade.client()
        place = {"company_id": client.company_id, "client_id": client.id}
        request = enablement(Status.ENABLED, id=trade.new_id(), product=product, **place)
        await trade.remembered(client, changes=(AddEnablement(request),))
        ids.append(request.id)
    for together, most, ends in ((2, 9, [1, 3, 5, None]), (7, 1, [1, 2, 6, None]), (3, 9, [2, 5, None])):
        monkeypatch.setattr(deadline_rows, "LOOKED_AT_TOGETHER", together)
        after: str | None = ""
        requests, stops = list[str](), list[str | None]()
        while after is not None:
            looked_at = (trade.company.id, "cards", "now", after, most)
            places, after = await trade.store.deadlines.of_other_rules(*looked_at)
            requests += [enablement_id for _, enablement_id in places]
            stops.append(after)
        assert requests == [ids[1], ids[2], ids[6]]
        assert stops == [None if end is None else ids[end] for end in ends]


async def test_one_that_is_dropped_is_gone_and_dropping_none_is_no_fault(trade: Trade) -> None:
    client, [first, second] = await with_deadlines(trade, NOW_MS, NOW_MS)
    changes = (DropDeadline(first.enablement_id), DropDeadline("0" * 32))
    assert await trade.store.commit(trade.touching(client, changes=changes), trade.company) is None
    assert await trade.store.deadlines.of_client(await trade.current(client.id)) == [second]


async def test_one_that_is_moved_to_another_request_is_noticed(trade: Trade, engine: Shelf) -> None:
    client, [first, second] = await with_deadlines(trade, NOW_MS, NOW_MS)
    [(content,)] = engine.rows("SELECT content FROM deadlines WHERE enablement_id = ?", first.enablement_id)
    engine.spoil("UPDATE deadlines SET content = ? WHERE enablement_id = ?", content, second.enablement_id)
    with pytest.raises(Tampered):
        await trade.store.deadlines.of_client(client)


@pytest.mark.parametrize("path", [each for each in SEALED_FILES if each.stem >= "0013"], ids=lambda path: path.stem)
def test_one_that_an_earlier_version_sealed_opens(path: object) -> None:
    file, cipher = read(path), make_sealed.keyring()  # type: ignore[arg-type]
    box, wanted = client_box(cipher, values.client(file.data_keys["client"])), DEADLINE
    beside = (wanted.company_id, wanted.client_id, wanted.enablement_id, wanted.product, wanted.state.value)
    row = (*beside, wanted.due_at_ms, wanted.next_at_ms, wanted.rules, file.sealed["deadlines.content"])
    assert deadline_of(box, row) == wanted


def test_all_of_one_is_kept() -> None:
    """Every attribute differs from its default in the value that is sealed for later versions."""
    assert not [each.name for each in fields(Deadline) if getattr(DEADLINE, each.name) == each.default]
