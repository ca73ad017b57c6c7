"""Screening: a hit keeps nobody out by itself and lets nobody in by itself; a person decides, and is remembered."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ostiary.adapters.lists.local_list import LocalList
from ostiary.domain.companies import Environment
from ostiary.domain.enablement import Review, Status
from ostiary.domain.errors import InvalidState, NotFound
from ostiary.domain.providers import Answer, ProviderVerdict
from ostiary.domain.review_reasons import ReviewReason
from ostiary.domain.screening_hits import HitState
from ostiary.domain.verdicts import Decision, Verdict
from ostiary.rescreening import Rescreening, screen_all
from ostiary.usecases.delivering import MOST_UNREAD
from ostiary.usecases.hearing import Heard, hear_verdict
from ostiary.usecases.reviewing import decide_request, look_at
from ostiary.usecases.screening import Answer as Screened
from ostiary.usecases.screening import decide_hit, hits_against, lists_in_force, screen_client
from tests.acceptance.onboarding import drawn
from tests.house import House, open_house, upload
from tests.provided import catalogue, providers

HEADER = "id,schema,name,aliases,birth_date,countries,dataset\n"
PETROV = "NK-1,Person,Vladimir Petrov,,1984-11-21,ru,Sanctions\n"
NAMED = {"first_name": "Vladimir", "second_name": None, "last_name": "Petrov", "birth_date": "1984-11-21"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A production company; cards are reviewed by acme, accounts by the built-in provider; one list."""
    path = providers(tmp_path)
    (tmp_path / "list.csv").write_text(HEADER + PETROV)
    path.write_text(path.read_text() + "screening:\n  own:\n    kind: local\n    file: list.csv\n")
    settings = {"OSTIARY_CATALOGUE": str(catalogue(tmp_path)), "OSTIARY_PROVIDERS": str(path),
                "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1"}  # fmt: skip
    with open_house(tmp_path / "data", **settings) as opened:
        opened.caller = await opened.found_company("Real", Environment.PRODUCTION)
        yield opened
        await opened.parts.close_connections()


async def approved(house: House, ids: tuple[str, str]) -> Heard:
    reference = f"{house.caller.company.id}.{ids[0]}.{ids[1]}"
    return await hear_verdict(house.world, "acme", ProviderVerdict(reference, Answer.APPROVED, house.clock.now_ms, 1))


async def stands(house: House, ids: tuple[str, str]) -> tuple[Status, Review | None]:
    found = await house.enablement(*ids)
    return found.status, found.review


async def reasons(house: House, client_id: str) -> tuple[str, ...]:
    """The codes of the last review that was opened."""
    entries = await house.world.storage.entries(house.caller.company.id, client_id)
    return [one.codes for one in entries if one.action == "review_opened"][-1]


async def test_who_resembles_nobody_is_enabled(house: House) -> None:
    ids = await house.submitted()
    await house.work()
    assert await approved(house, ids) is Heard.APPLIED
    assert await stands(house, ids) == (Status.ENABLED, None)
    assert "client_screened" in house.actions(ids[0])


async def test_a_hit_goes_to_a_person_with_its_evidence(house: House) -> None:
    ids = await house.submitted(**NAMED)
    await house.work()
    assert await approved(house, ids) is Heard.APPLIED
    assert await stands(house, ids) == (Status.IN_KYC, Review.SUBMISSION)
    assert await reasons(house, ids[0]) == (ReviewReason.SCREENING_HIT,)
    [kept] = (await house.do(look_at_plain, *ids)).hits
    assert (kept.hit.list, kept.hit.entry_id, kept.hit.name, kept.state) == ("own", "NK-1", "Vladimir Petrov", "open")
    assert kept.hit.score >= kept.hit.threshold
    sealed = house.rows("SELECT evidence FROM screening_hits")
    assert b"Petrov" not in sealed[0][0]


async def look_at_plain(world, caller, client_id, enablement_id):  # type: ignore[no-untyped-def]
    return await look_at(world, caller, client_id, enablement_id, pictures=False)


async def test_nobody_is_approved_while_a_hit_is_open_and_its_clearance_is_remembered(house: House) -> None:
    ids = await house.submitted(**NAMED)
    await house.work()
    await approved(house, ids)
    with pytest.raises(InvalidState, match="has hits on lists"):
        await house.do(decide_request, *ids, Verdict(Decision.APPROVE))
    [kept] = (await house.do(look_at_plain, *ids)).hits
    await house.do(decide_hit, ids[0], kept.key[:8], HitState.CLEARED)
    await house.do(decide_request, *ids, Verdict(Decision.APPROVE))
    assert await stands(house, ids) == (Status.ENABLED, None)
    lists = await lists_in_force(house.world) + " changed"
    assert await screen_client(house.world, house.caller, ids[0], lists) is Screened.CLEAR
    assert await stands(house, ids) == (Status.ENABLED, None), "nobody is asked about the same entry again"


async def test_a_confirmed_hit_keeps_the_client_out(house: House) -> None:
    ids = await house.submitted(**NAMED)
    await house.work()
    [kept] = (await house.do(look_at_plain, *ids)).hits
    await house.do(decide_hit, ids[0], kept.key, HitState.CONFIRMED)
    with pytest.raises(InvalidState, match="is confirmed already"):
        await house.do(decide_hit, ids[0], kept.key, HitState.CONFIRMED)
    with pytest.raises(InvalidState, match="confirmed"):
        await house.do(decide_request, *ids, Verdict(Decision.APPROVE))
    for key in ("", "zz"):
        with pytest.raises(NotFound):
            await house.do(decide_hit, ids[0], key, HitState.CLEARED)


async def test_what_the_machine_would_pass_goes_to_a_person_too(house: House, tmp_path: Path) -> None:
    """The built-in provider: documents that agree in every point, and a name on a list."""
    (tmp_path / "list.csv").write_text(HEADER + PETROV.replace("Vladimir Petrov", "Maria Barber"))
    source = (tmp_path / "catalogue.yaml").read_text().replace("    provider: acme\n", "")
    (tmp_path / "catalogue.yaml").write_text(source)
    settings = {
        "OSTIARY_CATALOGUE": str(tmp_path / "catalogue.yaml"), "OSTIARY_PROVIDERS": str(tmp_path / "providers.yaml"),
        "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1",
    }  # fmt: skip
    with open_house(tmp_path / "other", **settings) as built_in:
        built_in.caller = await built_in.found_company("Real", Environment.PRODUCTION)
        client = await built_in.client(first_name="Maria", second_name=None, last_name="Barber")
        enablement = await built_in.request(client.id)
        page = upload(number="AB1234567", issuing_country="ARG", expiration_date="2034-05-31")
        await built_in.send(client.id, enablement.id, type(page)(page.type, page.metadata, drawn("AB1234567"), None))
        await built_in.submit(client.id, enablement.id)
        assert await built_in.work() == ["in_kyc"]
        assert ReviewReason.SCREENING_HIT in await reasons(built_in, client.id)
        await built_in.parts.close_connections()


async def test_while_a_list_is_away_the_submission_waits_and_then_a_person_decides(
    house: House, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").unlink()
    ids = await house.submitted(**NAMED)
    for _ in range(MOST_UNREAD - 1):
        assert await house.work() == ["pending"]
        house.clock.now_ms += 10_000
    assert await stands(house, ids) == (Status.IN_KYC, None)
    await house.work()
    assert await stands(house, ids) == (Status.IN_KYC, Review.SUBMISSION)
    assert await reasons(house, ids[0]) == (ReviewReason.SCREENING_UNAVAILABLE,)


async def test_a_sandbox_company_is_not_screened(house: House) -> None:
    house.caller = await house.found_company("Trying")
    ids = await house.submitted(**NAMED)
    assert await house.work() == ["enabled"]
    assert "client_screened" not in house.actions(ids[0])


# ---- again ----------------------------------------------------------------------------------------------------------


async def enabled(house: House, number: str = "AB1234567", **details: object) -> tuple[str, str]:
    client = await house.client(**details)
    enablement = await house.request(client.id)
    await house.send(client.id, enablement.id, upload(number=number, seed=len(number + str(details))))
    await house.submit(client.id, enablement.id)
    ids = (client.id, enablement.id)
    await house.work()
    await approved(house, ids)
    return ids


async def read(house: House) -> None:
    """A changed file is read beside what is asked; waits for it."""
    for one in house.world.lists:
        assert isinstance(one, LocalList)
        await one.settled()


async def test_an_active_client_that_a_new_list_names_is_put_before_a_person(house: House, tmp_path: Path) -> None:
    ids = await enabled(house, first_name="Anna", last_name="Novak")
    other = await enabled(house, "CD7654321", email="other@example.com")
    assert await stands(house, ids) == (Status.ENABLED, None)
    first = await screen_all(house.world, await lists_in_force(house.world))
    assert (first.seen, first.hits, first.failed) == (2, 0, 0)
    (tmp_path / "list.csv").write_text(HEADER + PETROV.replace("Vladimir Petrov", "Anna Novak"))
    os.utime(tmp_path / "list.csv", ns=(5, 5))
    await read(house)
    seen: list[int] = []
    again = await screen_all(house.world, await lists_in_force(house.world), lambda tally: seen.append(tally.seen))
    assert (again.seen, again.hits, seen) == (2, 1, [1, 2])
    assert await stands(house, ids) == (Status.ENABLED, Review.CHANGE)
    assert await stands(house, other) == (Status.ENABLED, None)
    assert await hits_against(house.world, (await house.dossier(ids[0])).client)
    entries = len(house.actions(ids[0]))
    assert (await screen_all(house.world, await lists_in_force(house.world))).hits == 1
    assert len(house.actions(ids[0])) == entries, "what is known is not asked again"


async def test_a_client_that_cannot_be_screened_now_comes_again_in_the_next_pass(house: House, tmp_path: Path) -> None:
    await enabled(house)
    lists = await lists_in_force(house.world)
    await house.world.lists[0].close()
    (tmp_path / "list.csv").unlink()
    tally = await screen_all(house.world, lists + " newer")
    assert (tally.seen, tally.failed) == (1, 1)


async def test_a_pass_begins_when_a_list_changed_and_once_a_day(house: House, tmp_path: Path) -> None:
    ids = await enabled(house)
    passes = Rescreening(house.world)

    async def begun() -> bool:
        before = house.rows("SELECT at_ms FROM screenings")
        house.clock.now_ms += 60_000
        await passes.begin()
        if passes._task is not None:
            await passes._task
        return house.rows("SELECT at_ms FROM screenings") != before

    assert not await begun(), "the same lists were asked at the submission"
    (tmp_path / "list.csv").write_text(HEADER + PETROV + "NK-2,Person,Somebody,,,,x\n")
    os.utime(tmp_path / "list.csv", ns=(7, 7))
    await read(house)
    assert await begun()
    assert not await begun()
    await passes.begin()  # too soon: nothing is looked at
    (tmp_path / "list.csv").unlink()
    await house.world.lists[0].close()
    assert not await begun(), "a list that is away begins nothing"
    await passes.close()
    assert await stands(house, ids) == (Status.ENABLED, None)
    idle = Rescreening(house.world)
    await idle.close()
