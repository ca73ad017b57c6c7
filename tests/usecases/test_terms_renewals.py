"""A version of terms binds who is enabled: announced before its day, asked for as a renewal from then on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.next_action import next_action
from ostiary.domain.renewals.deadlines import RenewalReason
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import END_MS
from ostiary.domain.value import replace as value_with
from ostiary.storage import opening
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.lifecycle.backfill import date_requests
from ostiary.usecases.lifecycle.renewals import FROM_THE_FIRST, confirm_renewal, list_renewals
from ostiary.usecases.onboarding.products import read_product
from ostiary.usecases.terms.accept import accept_terms
from ostiary.wire.products import product_answer
from tests.house import House, open_house
from tests.material import NOW_MS
from tests.renewing import deadline, deadlines, events_heard, listening, on, until
from tests.terms import ENGLISH, circumstances, named, write

LATER, LATEST = "You may pay more.", "You may pay most."
BY = "{by: 2026-06-01}"
Ids = tuple[str, str]


@pytest.fixture
async def paying(tmp_path: Path) -> AsyncIterator[House]:
    """A company whose one product asks for terms and nothing else, and is never due; it hears of everything."""
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(write(tmp_path / "catalogues"))) as house:
        house.caller = await house.found_company()
        await listening(house)
        yield house


async def published(house: House, folder: Path, version: str, text: str, **changes: str) -> None:
    """Another catalogue is in force, and the worker has dated what is enabled."""
    current = catalogue_file.load(write(folder / version, version, {"en": text}, **changes))
    store = house.parts.store
    opening.keep_catalogue(store.engine, current.version, current.source, NOW_MS, current.texts)
    versions = store.installation.catalogue_versions()
    catalogues = PinnedCatalogues(current, versions, store.installation.catalogue_source)
    house.context = replace(house.context, catalogues=catalogues)
    assert await date_requests(house.context, house.caller.company, "pay", "") is None


async def accept(house: House, ids: Ids, version: str = "v2", text: str = LATER) -> None:
    await house.do(accept_terms, ids[0], named(version, text=text), circumstances())
    while await house.work():
        pass


async def enabled(house: House) -> Ids:
    """Under the first version, which is accepted."""
    client = await house.client()
    request = await house.request(client.id, "pay")
    ids = client.id, request.id
    await accept(house, ids, "v1", ENGLISH)
    await house.submit(*ids)
    await house.judge(*ids, Decision.APPROVE)
    while await house.work():
        pass
    return ids


async def now(house: House, ids: Ids) -> ProductState:
    state = await read_product(house.context, house.caller, *ids, with_renewal=True)
    assert state.enablement.status is Status.ENABLED, "terms disable nothing"
    return state


async def test_a_version_with_a_day_is_announced_and_asked_for_from_then_on(paying: House, tmp_path: Path) -> None:
    ids = await enabled(paying)
    assert await deadlines(paying, ids[0]) == []
    await published(paying, tmp_path, "v2", LATER, re_accept=BY)
    state = await now(paying, ids)
    assert (state.renewal, state.assessment.is_complete) == (None, True)
    answer = product_answer(state, ("future_requirements",)).future_requirements
    assert answer is not None
    assert [(each.starts_on, [group.id for group in each.data]) for each in answer] == [("2026-06-01", ["terms"])]
    heard = len(events_heard(paying))
    await until(paying, "2026-05-31")
    assert (await now(paying, ids)).renewal is None
    await on(paying, "2026-06-01")
    state = await now(paying, ids)
    assert state.renewal is not None
    assert (state.renewal.reasons, state.renewal.due_on) == (
        (RenewalReason.REQUIREMENT_IN_FORCE,),
        date(2026, 8, 30),
    )
    assert next_action(state.enablement, state.assessment, renewal=state.renewal).action == "accept_terms"
    answered = product_answer(state, ("renewal", "terms", "future_requirements"))
    assert answered.terms is not None
    assert answered.renewal is not None
    assert [each.version for each in answered.terms] == ["v2"]
    assert [group.id for group in answered.renewal.missing_requirements.data] == ["terms"]
    assert answered.future_requirements == []
    listed = await list_renewals(paying.context, paying.caller, before_ms=END_MS, after=FROM_THE_FIRST, limit=10)
    assert [each.enablement_id for each in listed.deadlines] == [ids[1]]
    while await paying.work():
        pass
    assert events_heard(paying)[heard:] == ["renewal_opened"]


async def test_to_accept_them_is_all_that_is_to_be_done(paying: House, tmp_path: Path) -> None:
    ids = await enabled(paying)
    await published(paying, tmp_path, "v2", LATER, re_accept=BY)
    await until(paying, "2026-06-01")
    heard = len(events_heard(paying))
    await accept(paying, ids)
    state = await now(paying, ids)
    assert (state.renewal, state.enablement.review) == (None, None)
    due = await deadline(paying, ids[0])
    assert (due.next_at_ms, due.reasons, due.attempt) == (END_MS, (), 0)
    assert events_heard(paying)[heard:] == ["renewal_opened", "renewal_completed"]
    assert paying.actions(ids[0])[-2:] == ["terms_accepted", "renewal_completed"]
    await until(paying, "2031-06-01")
    assert (await now(paying, ids)).renewal is None


async def test_who_accepts_before_the_day_is_not_asked(paying: House, tmp_path: Path) -> None:
    ids = await enabled(paying)
    await published(paying, tmp_path, "v2", LATER, re_accept=BY)
    assert (await deadline(paying, ids[0])).due_on == date(2026, 8, 30)
    await accept(paying, ids)
    assert (await deadline(paying, ids[0])).next_at_ms == END_MS
    assert (await now(paying, ids)).future == ()


async def test_a_version_that_binds_at_once_is_due_in_a_month(paying: House, tmp_path: Path) -> None:
    """And another that follows asks once more, though both bind from the same day: the first there is."""
    ids = await enabled(paying)
    for version, text in (("v2", LATER), ("v3", LATEST)):
        await published(paying, tmp_path, version, text, re_accept="all")
        await on(paying, "2026-05-01")
        state = await now(paying, ids)
        assert state.renewal is not None, version
        assert (state.renewal.due_on, [each.version for each in state.assessment.terms]) == (
            date(2026, 5, 15) if version == "v2" else date(2026, 5, 31),
            [version],
        )
        await accept(paying, ids, version, text)
        assert (await now(paying, ids)).renewal is None


async def test_a_version_for_new_requests_asks_nobody_who_is_enabled(paying: House, tmp_path: Path) -> None:
    ids = await enabled(paying)
    await published(paying, tmp_path, "v2", LATER, re_accept="new")
    await until(paying, "2026-07-01")
    assert (await deadlines(paying, ids[0]), (await now(paying, ids)).future) == ([], ())


async def test_who_never_accepts_stays_enabled_and_a_person_looks(paying: House, tmp_path: Path) -> None:
    """The acceptance does not take the question away that a person has by then."""
    ids = await enabled(paying)
    await published(paying, tmp_path, "v2", LATER, re_accept=BY)
    await until(paying, "2026-12-01")
    assert (await now(paying, ids)).enablement.review is Review.RENEWAL
    await accept(paying, ids)
    state = await now(paying, ids)
    assert state.renewal is not None
    assert state.enablement.review is Review.RENEWAL


async def test_what_was_given_beside_the_terms_is_judged(paying: House, tmp_path: Path) -> None:
    ids = await enabled(paying)
    await published(paying, tmp_path, "v2", LATER, re_accept=BY)
    await until(paying, "2026-06-02")
    profile = (await paying.dossier(ids[0])).client.profile
    await paying.do(update_client, ids[0], value_with(profile, phone_number=1168860699), None)
    await accept(paying, ids)
    state = await now(paying, ids)
    assert state.renewal is not None
    assert next_action(state.enablement, state.assessment, renewal=state.renewal).action == "submit"
    sent = await paying.submit(*ids)
    assert sent.renewal is not None
    assert sent.renewal.is_submitted


async def test_who_moves_is_not_renewed_for_terms_alone(paying: House, tmp_path: Path) -> None:
    """Terms that bind say nothing of how well a client is to be known."""
    ids = await enabled(paying)
    await published(paying, tmp_path, "v2", LATER, re_accept=BY)
    before = await deadline(paying, ids[0])
    profile = (await paying.dossier(ids[0])).client.profile
    moved = value_with(profile, address=value_with(profile.address, city="Rosario"))
    await paying.do(update_client, ids[0], moved, None)
    assert await deadline(paying, ids[0]) == before


async def test_where_everything_is_confirmed_anyway_the_terms_are_one_thing_of_it(
    paying: House, tmp_path: Path
) -> None:
    """And a notice of thirty days: the day of the terms is nearer than the first of the period."""
    ids = await enabled(paying)
    yearly = "terms: [rules]\n    review_every: P3M\n    notice_days: [30]"
    await published(paying, tmp_path, "v2", LATER, re_accept="{by: 2026-07-01}", asks=yearly)
    await until(paying, "2026-07-02")
    state = await now(paying, ids)
    assert state.renewal is not None
    assert set(state.renewal.reasons) >= {RenewalReason.PERIOD}
    assert {group.id for group in state.assessment.data} == {"renewal_confirmation", "terms"}
    await accept(paying, ids)
    assert (await now(paying, ids)).renewal is not None
    done = await paying.do(confirm_renewal, *ids)
    assert done.renewal is not None
    assert done.renewal.is_submitted
