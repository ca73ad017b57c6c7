"""What meets a renewal: another worker, a catalogue that changes meanwhile, verdicts that partners force, lists."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from ostiary.background.rescreen import screen_all
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.companies.company import Environment
from ostiary.domain.errors import InvalidState
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.providers.provider import ProviderAnswer, ProviderVerdict
from ostiary.domain.renewals.deadlines import DeadlineState, RenewalReason
from ostiary.usecases.lifecycle.backfill import date_requests
from ostiary.usecases.lifecycle.daily import due_work
from ostiary.usecases.lifecycle.renewals import ask_renewal, confirm_renewal
from ostiary.usecases.providers.receive_verdict import Heard, receive_verdict
from ostiary.usecases.sandbox.simulate_verdict import WantedVerdict, simulate_verdict
from ostiary.usecases.screening.screen_client import lists_in_force
from tests.house import CARDS, House, open_house
from tests.provided import providers
from tests.renewing import deadline, deadlines, enabled, on, renewing_catalogue
from tests.usecases.test_future_requirements import switch
from tests.usecases.test_screening import HEADER, NAMED, PETROV, read

NEVER, YEARLY = "", "review_every: P1Y"


@pytest.fixture
async def yearly(tmp_path: Path) -> AsyncIterator[House]:
    """Cards are reviewed every year, and documents must stay valid; one sandbox company calls."""
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(renewing_catalogue(tmp_path))) as house:
        house.caller = await house.found_company()
        yield house


def met(house: House, monkeypatch: pytest.MonkeyPatch, reading: str, meets: Callable[[], Awaitable[Any]]) -> None:
    """Once, after a worker has read what there is to do, and before it does any of that, something else happens."""
    stored = type(house.context.storage.deadlines)
    read = getattr(stored, reading)

    async def read_and_met(*arguments: Any) -> Any:
        places = await read(*arguments)
        monkeypatch.setattr(stored, reading, read)
        await meets()
        return places

    monkeypatch.setattr(stored, reading, read_and_met)


# ---- another worker -------------------------------------------------------------------------------------------------


async def test_two_workers_give_a_notice_once(yearly: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id, _ = await enabled(yearly)
    yearly.clock.now_ms = (await deadline(yearly, client_id)).next_at_ms
    work = (yearly.context, yearly.caller.company, yearly.clock.now_ms)
    met(yearly, monkeypatch, "due", lambda: due_work(*work))
    assert await due_work(*work) == 1
    assert yearly.actions(client_id).count("renewal_opened") == 1


async def test_two_workers_date_a_request_once(yearly: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id, _ = await enabled(yearly)
    switch(yearly, renewing_catalogue(tmp_path).read_text(), renewing_catalogue(tmp_path, YEARLY).read_text())
    work = (yearly.context, yearly.caller.company, CARDS, "")
    met(yearly, monkeypatch, "of_other_rules", lambda: date_requests(*work))
    await date_requests(*work)
    assert yearly.actions(client_id).count("deadline_dated") == 1


# ---- another catalogue ----------------------------------------------------------------------------------------------


async def test_what_comes_due_when_nothing_is_due_any_more_goes_away(yearly: House, tmp_path: Path) -> None:
    client_id, _ = await enabled(yearly)
    switch(yearly, renewing_catalogue(tmp_path).read_text(), renewing_catalogue(tmp_path, NEVER).read_text())
    assert await on(yearly, "2027-01-15") == 1
    assert await deadlines(yearly, client_id) == []


async def test_a_deadline_stays_where_a_catalogue_comes_that_asks_for_it_again(
    yearly: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id, _ = await enabled(yearly)
    asking: Catalogue = yearly.context.catalogues.current
    switch(yearly, renewing_catalogue(tmp_path).read_text(), renewing_catalogue(tmp_path, NEVER).read_text())
    catalogues = yearly.context.catalogues

    async def published() -> None:
        monkeypatch.setattr(type(catalogues), "current", property(lambda self: asking))

    met(yearly, monkeypatch, "of_product", published)
    await date_requests(yearly.context, yearly.caller.company, CARDS, "")
    assert (await deadline(yearly, client_id)).state is DeadlineState.WAITING
    assert "deadline_dropped" not in yearly.actions(client_id)


# ---- what partners and operators say --------------------------------------------------------------------------------


async def test_a_partner_forces_the_verdict_on_a_renewal(yearly: House) -> None:
    client_id, request_id = await enabled(yearly)
    with pytest.raises(InvalidState):
        await yearly.do(simulate_verdict, client_id, request_id, WantedVerdict("enabled"))
    await on(yearly, "2027-01-15")
    await yearly.do(confirm_renewal, client_id, request_id)
    done = await yearly.do(simulate_verdict, client_id, request_id, WantedVerdict("enabled"))
    assert (done.enablement.status, done.renewal) == (Status.ENABLED, None)
    due = await deadline(yearly, client_id)
    assert (due.state, due.due_on.isoformat()) == (DeadlineState.WAITING, "2028-01-15")


async def test_who_confirms_while_a_document_is_missing_is_told_so_and_has_confirmed(yearly: House) -> None:
    client_id, request_id = await enabled(yearly, expires="2027-03-31")
    await on(yearly, "2027-01-15")
    due = await deadline(yearly, client_id)
    assert set(due.reasons) == {RenewalReason.PERIOD, RenewalReason.DOCUMENT_EXPIRY}
    state = await yearly.do(confirm_renewal, client_id, request_id)
    assert (len(state.assessment.documents), state.assessment.data) == (1, ())
    due = await deadline(yearly, client_id)
    assert (due.state, due.needs_confirmation) == (DeadlineState.OPEN, False)


async def test_only_what_is_enabled_is_renewed_on_an_operators_word(yearly: House) -> None:
    client_id, request_id = await yearly.submitted()
    with pytest.raises(InvalidState, match="in_kyc is not renewed"):
        await yearly.do(ask_renewal, client_id, request_id, "A letter.", caller=await yearly.operator("jane"))


# ---- what providers and lists say -----------------------------------------------------------------------------------


@pytest.fixture
async def provided(tmp_path: Path) -> AsyncIterator[House]:
    """A production company whose cards are reviewed by acme, and due every year; one list."""
    places = {"OSTIARY_PROVIDERS": str(providers(tmp_path)), "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1"}
    (tmp_path / "list.csv").write_text(HEADER + PETROV)
    with Path(places["OSTIARY_PROVIDERS"]).open("a") as file:
        file.write("screening:\n  own:\n    kind: local\n    file: list.csv\n")
    places["OSTIARY_CATALOGUE"] = str(renewing_catalogue(tmp_path, f"{YEARLY}\n    provider: acme"))
    with open_house(tmp_path / "data", **places) as house:
        house.caller = await house.found_company("Real", Environment.PRODUCTION)
        yield house
        await house.parts.close_connections()


async def hear(house: House, ids: tuple[str, str], answer: ProviderAnswer) -> Heard:
    reference = f"{house.caller.company.id}.{ids[0]}.{ids[1]}"
    return await receive_verdict(house.context, "acme", ProviderVerdict(reference, answer, house.clock.now_ms, 1))


async def test_a_provider_that_changes_its_mind_opens_a_renewal_and_ends_nothing(provided: House) -> None:
    ids = await provided.submitted()
    await provided.work()
    assert await hear(provided, ids, ProviderAnswer.APPROVED) is Heard.APPLIED
    provided.clock.now_ms += 1000
    await hear(provided, ids, ProviderAnswer.REJECTED)
    due = await deadline(provided, ids[0])
    assert (due.state, due.reasons) == (DeadlineState.OPEN, (RenewalReason.PROVIDER,))
    assert (await provided.enablement(*ids)).status is Status.ENABLED


async def test_a_list_that_names_who_is_enabled_opens_a_renewal_for_its_reason(provided: House, tmp_path: Path) -> None:
    ids = await provided.submitted(**{**NAMED, "first_name": "Anna", "last_name": "Novak"})
    await provided.work()
    assert await hear(provided, ids, ProviderAnswer.APPROVED) is Heard.APPLIED
    named = PETROV.replace("Vladimir Petrov", "Anna Novak").replace("NK-1", "NK-9")
    (tmp_path / "list.csv").write_text(HEADER + PETROV + named)
    os.utime(tmp_path / "list.csv", ns=(9, 9))
    await read(provided)
    await screen_all(provided.context, await lists_in_force(provided.context))
    due = await deadline(provided, ids[0])
    assert (due.state, due.reasons) == (DeadlineState.OPEN, (RenewalReason.LIST_HIT,))
