"""Individual clients: created once, read by their company only, replaced whole."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.errors import DuplicateClient, InvalidState, NotFound, ValidationFailed
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.review.verdicts import Decision
from ostiary.usecases.clients.individuals import ClientFilter, create_client, list_clients, read_client, update_client
from tests.house import House
from tests.material import id_at, profile


async def test_a_client_is_created_pending_and_read_back(house: House) -> None:
    created = await house.client()
    client = await read_client(house.context, house.caller, created.id)
    assert client.profile == profile()
    assert (client.status, client.version) == (ClientStatus.PENDING, 1)
    assert house.actions(created.id) == ["client_created"]


async def test_a_client_that_breaks_rules_is_refused_with_all_of_them(house: House) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await house.client(first_name="", email="x")
    assert [fault.field for fault in refused.value.faults] == ["first_name", "email"]
    assert house.rows("SELECT count(*) FROM clients") == [(0,)]


@pytest.mark.parametrize("email", ["mjuliabarber@example.com", "MJuliaBarber@EXAMPLE.com"])
async def test_an_e_mail_serves_one_client_of_a_company(house: House, email: str) -> None:
    await house.client()
    with pytest.raises(DuplicateClient) as refused:
        await house.client(email=email)
    assert [fault.field for fault in refused.value.faults] == ["email"]


async def test_another_company_may_have_the_same_client_and_sees_only_its_own(house: House) -> None:
    mine, other = await house.client(), await house.found_company("Other")
    theirs = await house.do(create_client, profile(), caller=other)
    for client_id in (mine.id, id_at(1), "rubbish"):
        with pytest.raises(NotFound, match="There is no such client"):
            await read_client(house.context, other, client_id)
        with pytest.raises(NotFound, match="There is no such client"):
            await house.do(update_client, client_id, profile(first_name="Eve"), caller=other)
    assert (await read_client(house.context, other, theirs.id)).company_id == other.company.id


async def test_twelve_creations_at_once_make_one_client(house: House) -> None:
    outcomes = await asyncio.gather(*(house.client() for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(outcome, DuplicateClient) for outcome in outcomes) == 11
    assert house.rows("SELECT count(*) FROM clients") == [(1,)]


async def test_clients_are_listed_newest_first_page_by_page(house: House) -> None:
    client_ids = [(await house.client(email=f"c{number}@example.com")).id for number in range(5)]
    pages, cursor = [], None
    while True:
        page = await list_clients(house.context, house.caller, ClientFilter(), before=cursor, limit=2)
        pages.append([client.id for client in page.clients])
        cursor = page.next
        if cursor is None:
            break
    assert pages == [[client_ids[4], client_ids[3]], [client_ids[2], client_ids[1]], [client_ids[0]]]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (ClientFilter(ClientStatus.PENDING), "ba"),
        (ClientFilter(ClientStatus.ACTIVE), ""),
        (ClientFilter(email="B@example.com"), "b"),
        (ClientFilter(ClientStatus.PENDING, "b@example.com"), "b"),
        (ClientFilter(ClientStatus.ACTIVE, "b@example.com"), ""),
        (ClientFilter(email="nobody@example.com"), ""),
        (ClientFilter(reference="crm a"), "a"),
        (ClientFilter(reference=" crm a "), "a"),
        (ClientFilter(reference="CRM a"), ""),
        (ClientFilter(reference=""), ""),
        (ClientFilter(ClientStatus.PENDING, reference="crm a"), "a"),
        (ClientFilter(ClientStatus.REJECTED, reference="crm a"), ""),
        (ClientFilter(email="A@example.com", reference="crm a"), "a"),
        (ClientFilter(email="b@example.com", reference="crm a"), ""),
    ],
    ids=str,
)
async def test_clients_are_found_by_status_e_mail_and_reference(
    house: House, wanted: ClientFilter, expected: str
) -> None:
    names = {(await house.client(email=f"{name}@example.com", reference=f"crm {name}")).id: name for name in "ab"}
    page = await list_clients(house.context, house.caller, wanted, before=None, limit=10)
    assert "".join(names[client.id] for client in page.clients) == expected
    assert page.next is None


async def test_what_is_behind_the_cursor_is_not_on_the_page(house: House) -> None:
    client = await house.client(reference="A-1")
    for wanted in (ClientFilter(email=client.profile.email), ClientFilter(reference="A-1")):
        page = await list_clients(house.context, house.caller, wanted, before=client.id, limit=10)
        assert page.clients == ()


async def test_a_reference_is_one_client_s_until_it_gives_it_up(house: House) -> None:
    holder = await house.client(reference="A-1")
    other = await house.client(email="other@example.com")
    taken = profile(email="OTHER@example.com", reference="A-1")
    with pytest.raises(DuplicateClient) as refused:
        await house.do(update_client, other.id, taken)
    assert [(fault.field, fault.client_id) for fault in refused.value.faults] == [("reference", holder.id)]
    with pytest.raises(DuplicateClient) as refused:
        await house.do(create_client, taken)
    named = {(fault.field, fault.client_id) for fault in refused.value.faults}
    assert named == {("email", other.id), ("reference", holder.id)}, "both at once"
    await house.do(update_client, holder.id, profile(email=holder.profile.email))
    assert (await house.do(update_client, other.id, taken)).profile.reference == "A-1"
    await house.do(update_client, other.id, taken)  # its own again


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        (None, "A-1", "reference"), ("A-1", "B-2", "reference"), ("A-1", None, "reference"), ("A-1", "A-1", ""),
    ],
)  # fmt: skip
async def test_the_audit_trail_says_that_a_reference_changed_but_not_what_it_is(
    house: House, before: str | None, after: str | None, codes: str
) -> None:
    client = await house.client(reference=before)
    changed = profile(email=client.profile.email, reference=after, attributes={})
    await house.do(update_client, client.id, changed)
    assert house.rows("SELECT codes FROM audit_entries WHERE action = 'client_updated'") == [(codes,)]
    assert [past_profile.profile for past_profile in await house.context.storage.clients.past_profiles(client)] == [
        client.profile
    ], "as it was"


async def test_a_reference_may_change_while_a_request_is_in_review(house: House) -> None:
    client_id, _ = await house.submitted()
    current = (await read_client(house.context, house.caller, client_id)).profile
    changed = await house.do(update_client, client_id, replace(current, reference="A-1"))
    assert changed.profile.reference == "A-1"


async def test_a_replacement_is_whole(house: House) -> None:
    client = await house.client()
    house.clock.now_ms += 5000
    given = profile(second_name=None, attributes={}, phone_country_code=None, phone_number=None)
    await house.do(update_client, client.id, given)
    after = await read_client(house.context, house.caller, client.id)
    assert after.profile == given
    assert after.updated_at_ms == client.updated_at_ms + 5000
    assert house.actions(client.id) == ["client_created", "client_updated"]


async def test_replacing_a_client_by_itself_changes_nothing(house: House) -> None:
    client = await house.client()
    assert (await house.do(update_client, client.id, profile())).version == 1
    assert house.actions(client.id) == ["client_created"]


async def test_a_client_may_change_its_e_mail_but_not_to_another_clients(house: House) -> None:
    client, other = await house.client(), await house.client(email="other@example.com")
    with pytest.raises(DuplicateClient):
        await house.do(update_client, client.id, profile(email=other.profile.email))
    await house.do(update_client, client.id, profile(email="MJULIABARBER@example.com"))
    await house.do(update_client, client.id, profile(email="new@example.com"))
    assert (await house.client()).id != client.id


async def test_twelve_replacements_at_once_happen_one_after_the_other(house: House) -> None:
    client = await house.client()
    names = [f"Maria{'abcdefghijkl'[number]}" for number in range(12)]
    await asyncio.gather(*(house.do(update_client, client.id, profile(first_name=name)) for name in names))
    after = await read_client(house.context, house.caller, client.id)
    assert after.version == 13
    assert after.profile.first_name in names
    assert len(house.actions(client.id)) == 13


@pytest.mark.parametrize(
    "change",
    [{"first_name": "Eve"}, {"second_name": None}, {"last_name": "X"}, {"birth_date": "1984-11-22"},
     {"address": {"country": "BRA", "state": None}}],
    ids=["first name", "second name", "last name", "birth date", "country"],
)  # fmt: skip
async def test_what_is_reviewed_does_not_move_during_a_review(house: House, change: dict[str, Any]) -> None:
    client_id, _ = await house.submitted()
    with pytest.raises(InvalidState, match="in review") as refused:
        await house.do(update_client, client_id, profile(**change))
    assert [fault.code for fault in refused.value.faults] == ["INVALID_STATE"]


async def test_what_is_not_reviewed_may_change_during_a_review(house: House) -> None:
    client_id, _ = await house.submitted()
    changed = await house.do(update_client, client_id, profile(phone_number=1168860623, attributes={}))
    assert changed.profile.phone_number == 1168860623


async def test_a_change_after_enabling_is_taken_and_raises_a_review_once(house: House) -> None:
    client_id, enablement_id = await house.submitted()
    await house.judge(client_id, enablement_id, Decision.APPROVE)
    await house.do(update_client, client_id, profile(phone_number=1168860623))
    assert (await house.enablement(client_id, enablement_id)).review is None
    for name in ("Mary", "Marie"):
        house.clock.now_ms += 1000
        await house.do(update_client, client_id, profile(first_name=name))
    enablement = await house.enablement(client_id, enablement_id)
    assert (enablement.status, enablement.review) == (Status.ENABLED, Review.CHANGE)
    assert enablement.review_since_ms == house.clock.now_ms - 1000
    assert [request.id for request in await house.context.storage.enablements.in_review(house.caller.company.id)] == [
        enablement_id
    ]
    assert house.rows("SELECT codes FROM audit_entries WHERE action = 'client_updated'")[1:] == [("first_name",)] * 2
