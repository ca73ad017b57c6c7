"""A class of risk that moves takes the dates of enabled requests with it, at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace as replace_in
from datetime import date
from pathlib import Path

import pytest

from ostiary.background.renewals import Renewals
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.clients.risk_override import RiskWish
from ostiary.domain.delivery.messages import MessageOutcome
from ostiary.domain.documents.reading import Reading
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.renewals.calendar import day_ends_ms
from ostiary.domain.renewals.changes import KeepDeadline
from ostiary.domain.renewals.deadlines import RenewalReason
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.screening.subject import ListStanding, Screened, Subject
from ostiary.domain.times import day_of
from ostiary.domain.unit import MessageResult, Unit
from ostiary.domain.value import replace
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.lifecycle.renewals import ask_renewal, confirm_renewal
from ostiary.usecases.lifecycle.risk import release_risk, set_risk
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.usecases.screening.screen_client import decide_hit, lists_in_force, screen_client
from ostiary.usecases.verification.decide_submission import decide_submission
from ostiary.usecases.verification.judge_documents import ReadingCache
from tests.house import ACCOUNTS, House, open_house
from tests.material import profile
from tests.renewing import deadline, enabled, on, renewing_catalogue
from tests.reviewing import acts
from tests.risky import RULES
from tests.usecases.test_future_requirements import switch
from tests.usecases.test_screening import cleared, look_at_plain
from tests.usecases.two_people import HIT, listed, people

TERMS = "review_every: {low: P5Y, standard: P3Y, high: P1Y}"
LOW_ON, HIGH_ON = date(2031, 4, 15), date(2027, 4, 15)


@pytest.fixture
async def risky(tmp_path: Path) -> AsyncIterator[House]:
    path = renewing_catalogue(tmp_path, TERMS)
    path.write_text(path.read_text("utf-8") + RULES, "utf-8")
    with open_house(tmp_path / "risky", OSTIARY_CATALOGUE=str(path)) as house:
        house.caller = await house.found_company()
        yield house
        await house.parts.close_connections()


async def due(house: House, client_id: str) -> tuple[RiskClass, date]:
    waits = await deadline(house, client_id)
    return waits.risk, day_of(waits.due_at_ms)


async def test_an_approvers_word_moves_the_date_and_its_end_moves_it_back(risky: House) -> None:
    client_id, _ = await enabled(risky)
    _, bea = await people(risky)
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)
    await risky.do(set_risk, client_id, RiskWish("high", "2026-05-01", "A tip."), caller=acts(risky, bea))
    assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)
    assert await on(risky, "2026-05-01") == 0
    assert await on(risky, "2026-05-02") == 1
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)
    assert await on(risky, "2026-05-03") == 0


async def test_a_word_that_lowers_ends_before_the_rules_date(risky: House) -> None:
    client_id, _ = await enabled(risky)
    _, bea = await people(risky)
    await risky.do(set_risk, client_id, RiskWish("high", "2027-04-01", "A tip."), caller=acts(risky, bea))
    await risky.do(release_risk, client_id, "Cleared.", caller=acts(risky, bea))
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)


async def test_who_is_enabled_under_a_word_is_dated_by_it_until_it_ends(risky: House) -> None:
    client_id, request_id = await risky.submitted()
    _, bea = await people(risky)
    await risky.do(set_risk, client_id, RiskWish("high", "2026-05-01", "A tip."), caller=acts(risky, bea))
    await risky.judge(client_id, request_id, Decision.APPROVE)
    assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)
    assert await on(risky, "2026-05-02") == 1
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)


async def test_what_lists_say_counts_when_dates_are_looked_at(risky: House) -> None:
    client_id, request_id = await risky.submitted()
    await listed(risky, client_id, "NK-1")
    await risky.judge(client_id, request_id, Decision.APPROVE)
    assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)


async def test_an_open_renewal_comes_nearer_and_one_that_is_submitted_stays(risky: House) -> None:
    client_id, request_id = await enabled(risky)
    _, bea = await people(risky)
    wish = RiskWish("high", "2026-06-01", "A tip.")
    await risky.do(ask_renewal, client_id, request_id, "An article.")
    asked = await due(risky, client_id)
    await risky.do(set_risk, client_id, wish, caller=acts(risky, bea))
    assert await due(risky, client_id) == (RiskClass.HIGH, asked[1])
    await risky.do(confirm_renewal, client_id, request_id)
    await risky.do(release_risk, client_id, "Cleared.", caller=acts(risky, bea))
    assert (await deadline(risky, client_id)).risk is RiskClass.HIGH
    await risky.judge(client_id, request_id, Decision.APPROVE)
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)


async def test_what_a_person_says_of_a_hit_moves_the_date_at_once(risky: House) -> None:
    client_id, request_id = await risky.submitted()
    [key] = await listed(risky, client_id, "NK-1")
    await risky.judge(client_id, request_id, Decision.APPROVE)
    assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)
    await risky.do(look_at_plain, client_id, request_id)
    await risky.do(decide_hit, client_id, request_id, cleared(key))
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)


class Naming:
    """A list with these entries about everybody."""

    name, most_age_ms = "own", None

    def __init__(self, *entries: str) -> None:
        self._hits = tuple(replace_in(HIT, entry_id=entry) for entry in entries)

    async def version(self) -> str:
        return f"with {len(self._hits)}"

    async def standing(self) -> ListStanding:
        return ListStanding(await self.version())

    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened:
        return Screened("own", await self.version(), 0.8, self._hits)

    async def close(self) -> None:
        """Nothing is open."""


async def screened(house: House, client_id: str, *entries: str) -> None:
    """A pass comes to the client."""
    house.context = replace_in(house.context, lists=(Naming(*entries),))
    await screen_client(house.context, house.caller, client_id, await lists_in_force(house.context))


async def test_a_hit_that_a_pass_finds_moves_the_date_at_once_and_opens_the_renewal(risky: House) -> None:
    client_id, _ = await enabled(risky)
    await screened(risky, client_id)
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)
    await screened(risky, client_id, "NK-1")
    renewal = await deadline(risky, client_id)
    assert (renewal.risk, renewal.is_open, renewal.period_on) == (RiskClass.HIGH, True, HIGH_ON)
    assert renewal.reasons == (RenewalReason.LIST_HIT,)


async def test_a_hit_that_is_known_moves_what_was_dated_before_it(risky: House) -> None:
    client_id, _ = await enabled(risky)
    await listed(risky, client_id, "NK-1")
    assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON)
    await screened(risky, client_id, "NK-1")
    assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)


async def test_a_hit_found_when_something_else_is_judged_moves_the_date(risky: House) -> None:
    client_id, request_id = await enabled(risky, attributes={"occupation": "Teacher", "annual_salary": 1000.0})
    context = replace_in(risky.context, lists=(Naming("NK-1"),))
    other = await risky.request(client_id, ACCOUNTS)
    await risky.put(replace(other, status=Status.IN_KYC))
    dossier = await load_dossier(context, risky.caller, client_id)
    settled = MessageResult("m", "lease", MessageOutcome.DELIVERED)
    desk = ReadingCache({document.id: Reading(None) for document in dossier.documents})
    decided = await decide_submission(context, risky.caller, dossier, dossier.enablement(other.id), settled, desk)
    assert decided.unit is not None
    [moved] = decided.unit.of(KeepDeadline)
    assert (moved.deadline.enablement_id, moved.deadline.risk) == (request_id, RiskClass.HIGH)


async def test_another_product_moves_the_dates_of_those_there_are_and_back(risky: House) -> None:
    """Nobody knows what the client earns, which counts for high where accounts are asked for."""
    client_id, _ = await enabled(risky)
    for gone in ("withdrawn", "rejected"):
        other = await risky.request(client_id, ACCOUNTS)
        assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)
        if gone == "withdrawn":
            await risky.do(withdraw_product, client_id, other.id)
        else:
            await risky.put(replace(other, status=Status.IN_KYC))
            await risky.judge(client_id, other.id, Decision.REJECT)
        assert await due(risky, client_id) == (RiskClass.LOW, LOW_ON), gone


async def test_details_that_make_the_class_another_move_the_renewal_that_they_open(risky: House) -> None:
    client_id, _ = await enabled(risky)
    await risky.do(update_client, client_id, profile(address={"country": "IRN", "state": None}))
    renewal = await deadline(risky, client_id)
    assert (renewal.risk, renewal.period_on, renewal.is_open) == (RiskClass.HIGH, HIGH_ON, True)


async def test_new_rules_of_risk_move_dates_in_the_workers_next_round(risky: House) -> None:
    """Of those alone whose class is another by them: what was spread for others stays where it was."""
    client_id, _ = await enabled(risky)
    (other_id, _), spread_to = await enabled(risky, number="CD7654321", email="b@example.com"), date(2029, 1, 1)
    await risky.do(update_client, other_id, profile(email="b@example.com", birth_date="1950-01-01"))
    client, waits = (await risky.dossier(other_id)).client, await deadline(risky, other_id)
    moved = replace(waits, due_at_ms=day_ends_ms(spread_to), period_on=spread_to)
    unit = Unit(client.company_id, risky.clock.now_ms, client, (KeepDeadline(moved),))
    assert await risky.context.storage.commit(unit) is None
    before = risky.context.catalogues.current.source
    after = before.replace("country in ['IRN', 'PRK']", "age < 50")
    assert after != before
    switch(risky, before, after)
    await Renewals(risky.context).do(risky.clock.now_ms)
    assert await due(risky, client_id) == (RiskClass.HIGH, HIGH_ON)
    assert await due(risky, other_id) == (RiskClass.LOW, spread_to)
    count = len(risky.actions(other_id))
    await Renewals(risky.context).do(risky.clock.now_ms)
    assert len(risky.actions(other_id)) == count, "once is enough"
