"""Screening: a hit keeps nobody out by itself and lets nobody in by itself; a person decides, and is remembered."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ostiary.adapters.lists.local_list import LocalList
from ostiary.background.rescreen import Rescreening, screen_all
from ostiary.domain.companies.company import Environment
from ostiary.domain.errors import InvalidState, NotFound
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.providers.provider import ProviderAnswer, ProviderVerdict
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.screening.hits import HitState
from ostiary.domain.screening.subject import ScreeningUnavailable
from ostiary.usecases.delivery.deliver import MOST_UNREAD
from ostiary.usecases.providers.receive_verdict import Heard, receive_verdict
from ostiary.usecases.review.decide import decide_request, inspect_request
from ostiary.usecases.screening.screen_client import (
    HitDecision,
    decide_hit,
    lists_in_force,
    reasons_against,
    screen_as_read,
    screen_client,
)
from ostiary.usecases.screening.screen_client import ScreeningAnswer as Screened
from tests.acceptance.onboarding import drawn
from tests.house import House, open_house, upload
from tests.judgement_material import zone
from tests.provided import catalogue, providers

HEADER = "id,schema,name,aliases,birth_date,countries,dataset\n"
PETROV = "NK-1,Person,Vladimir Petrov,,1984-11-21,ru,Sanctions\n"
NAMED: dict[str, Any] = {
    "first_name": "Vladimir",
    "second_name": None,
    "last_name": "Petrov",
    "birth_date": "1984-11-21",
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A production company; cards are reviewed by acme, accounts by the built-in provider; one list."""
    path = providers(tmp_path)
    (tmp_path / "list.csv").write_text(HEADER + PETROV)
    path.write_text(path.read_text() + "screening:\n  own:\n    kind: local\n    file: list.csv\n")
    settings = {
        "OSTIARY_CATALOGUE": str(catalogue(tmp_path)),
        "OSTIARY_PROVIDERS": str(path),
        "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1",
    }
    with open_house(tmp_path / "data", **settings) as opened:
        opened.caller = await opened.found_company("Real", Environment.PRODUCTION)
        yield opened
        await opened.parts.close_connections()


async def approved(house: House, ids: tuple[str, str]) -> Heard:
    reference = f"{house.caller.company.id}.{ids[0]}.{ids[1]}"
    return await receive_verdict(
        house.context, "acme", ProviderVerdict(reference, ProviderAnswer.APPROVED, house.clock.now_ms, 1)
    )


async def stands(house: House, ids: tuple[str, str]) -> tuple[Status, Review | None]:
    enablement = await house.enablement(*ids)
    return enablement.status, enablement.review


async def reasons(house: House, client_id: str) -> tuple[str, ...]:
    """The codes of the last review that was opened."""
    entries = await house.context.storage.audit.entries(house.caller.company.id, client_id)
    return [entry.codes for entry in entries if entry.action == "review_opened"][-1]


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
    [hit] = (await house.do(look_at_plain, *ids)).hits
    assert (hit.hit.list, hit.hit.entry_id, hit.hit.name, hit.state) == ("own", "NK-1", "Vladimir Petrov", "open")
    assert hit.hit.score >= hit.hit.threshold
    sealed = house.rows("SELECT evidence FROM screening_hits")
    assert b"Petrov" not in sealed[0][0]


def cleared(key: str) -> HitDecision:
    return HitDecision(key, HitState.CLEARED, "born elsewhere")


async def look_at_plain(context, caller, client_id, enablement_id):  # type: ignore[no-untyped-def]
    return await inspect_request(context, caller, client_id, enablement_id, pictures=False)


async def test_nobody_is_approved_while_a_hit_is_open_and_its_clearance_is_remembered(house: House) -> None:
    ids = await house.submitted(**NAMED)
    await house.work()
    await approved(house, ids)
    await house.do(look_at_plain, *ids)
    with pytest.raises(InvalidState, match="has hits on lists"):
        await house.do(decide_request, *ids, Verdict(Decision.APPROVE))
    [hit] = (await house.do(look_at_plain, *ids)).hits
    await house.do(decide_hit, *ids, cleared(hit.key[:8]))
    await house.do(decide_request, *ids, Verdict(Decision.APPROVE))
    assert await stands(house, ids) == (Status.ENABLED, None)
    lists = await lists_in_force(house.context) + " changed"
    assert await screen_client(house.context, house.caller, ids[0], lists) is Screened.CLEAR
    assert await stands(house, ids) == (Status.ENABLED, None), "nobody is asked about the same entry again"


async def test_a_confirmed_hit_keeps_the_client_out(house: House) -> None:
    ids = await house.submitted(**NAMED)
    await house.work()
    [hit] = (await house.do(look_at_plain, *ids)).hits
    await house.do(decide_hit, *ids, HitDecision(hit.key, HitState.CONFIRMED, "same passport"))
    with pytest.raises(InvalidState, match="is confirmed already"):
        await house.do(decide_hit, *ids, HitDecision(hit.key, HitState.CONFIRMED, "same passport"))
    with pytest.raises(InvalidState, match="confirmed"):
        await house.do(decide_request, *ids, Verdict(Decision.APPROVE))
    for key in ("", "zz"):
        with pytest.raises(NotFound):
            await house.do(decide_hit, *ids, cleared(key))


async def enabled_by_machine(tmp_path: Path, listed: str, **typed: str) -> tuple[Status, tuple[str, ...], list[str]]:
    """A client with a good passport of MARIA BARBER, judged by the built-in provider: status, reasons, entries hit."""
    (tmp_path / "list.csv").write_text(HEADER + PETROV.replace("Vladimir Petrov", listed))
    source = (tmp_path / "catalogue.yaml").read_text().replace("    provider: acme\n", "")
    (tmp_path / "catalogue.yaml").write_text(source)
    settings = {
        "OSTIARY_CATALOGUE": str(tmp_path / "catalogue.yaml"),
        "OSTIARY_PROVIDERS": str(tmp_path / "providers.yaml"),
        "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1",
    }
    with open_house(tmp_path / "other", **settings) as built_in:
        built_in.caller = await built_in.found_company("Real", Environment.PRODUCTION)
        client = await built_in.client(**{"first_name": "Maria", "second_name": None, "last_name": "Barber"} | typed)
        enablement = await built_in.request(client.id)
        page = upload(number="AB1234567", issuing_country="ARG", expiration_date="2034-05-31")
        await built_in.send(client.id, enablement.id, type(page)(page.type, page.metadata, drawn("AB1234567"), None))
        await built_in.submit(client.id, enablement.id)
        await built_in.work()
        status = (await built_in.enablement(client.id, enablement.id)).status
        hits = [hit.hit.entry_id for hit in await built_in.context.storage.screening.hits(client)]
        opened = "review_opened" in built_in.actions(client.id)
        why = await reasons(built_in, client.id) if opened else ()
        lists = await lists_in_force(built_in.context)
        assert await screen_client(built_in.context, built_in.caller, client.id, lists) in (
            Screened.ALREADY_KNOWN,
            Screened.HIT,
        )
        await built_in.parts.close_connections()
    return status, why, hits


async def test_what_the_machine_would_pass_goes_to_a_person_too(house: House, tmp_path: Path) -> None:
    """The built-in provider: documents that agree in every point, and a name on a list."""
    status, why, hits = await enabled_by_machine(tmp_path, "Maria Barber")
    assert (status, hits) == (Status.IN_KYC, ["NK-1"])
    assert ReviewReason.SCREENING_HIT in why


async def test_who_is_on_no_list_is_enabled_by_the_machine(house: House, tmp_path: Path) -> None:
    assert await enabled_by_machine(tmp_path, "Somebody Else") == (Status.ENABLED, (), [])


@pytest.mark.parametrize(
    ("first", "last"),
    [("M a r i a", "B a r b e r"), ("M.a.r.i.a", "Bar.ber"), ("Ma1ria", "Bar2ber"), ("Mari\u3164a", "Bar\u00adber")],
)
async def test_a_name_typed_to_be_overlooked_is_a_hit_all_the_same(
    house: House, tmp_path: Path, first: str, last: str
) -> None:
    status, why, hits = await enabled_by_machine(tmp_path, "Maria Barber", first_name=first, last_name=last)
    assert (status, hits) == (Status.IN_KYC, ["NK-1"])
    assert ReviewReason.SCREENING_HIT in why


async def test_the_name_on_the_document_is_screened_whatever_was_typed(house: House, tmp_path: Path) -> None:
    """Letters that no list has: the document says who it is, and the review says why a person is asked."""
    status, why, hits = await enabled_by_machine(tmp_path, "Maria Barber", first_name="小明", last_name="李")
    assert (status, hits) == (Status.IN_KYC, ["NK-1"])
    assert set(why) >= {ReviewReason.SCREENING_HIT, ReviewReason.NAME_DOUBTFUL}
    assert ReviewReason.SCREENING_NOT_COMPARABLE not in why, "it was compared as read"


async def test_a_list_that_is_away_when_a_document_was_read_is_waited_for(house: House, tmp_path: Path) -> None:
    ids = await house.submitted()
    dossier = await house.dossier(ids[0])
    (tmp_path / "list.csv").unlink()
    with pytest.raises(ScreeningUnavailable):
        await screen_as_read(house.context, dossier.client, (zone(surname="PETROV", given_names="VLADIMIR"),))
    (tmp_path / "list.csv").write_text(HEADER + PETROV)
    screened = await screen_as_read(house.context, dossier.client, (zone(surname="PETROV", given_names="VLADIMIR"),))
    assert screened is not None
    assert [hit.entry_id for hit in screened.hits] == ["NK-1"]


@pytest.mark.parametrize(("first", "last"), [("小明", "李"), ("בנימין", "נתניהו"), ("محمد", "حسن"), ("민수", "김")])
async def test_a_name_that_cannot_be_compared_goes_to_a_person(house: House, first: str, last: str) -> None:
    """Its provider approves, and no document was read here."""
    ids = await house.submitted(first_name=first, second_name=None, last_name=last)
    await house.work()
    assert await approved(house, ids) is Heard.APPLIED
    assert await stands(house, ids) == (Status.IN_KYC, Review.SUBMISSION)
    assert await reasons(house, ids[0]) == (ReviewReason.SCREENING_NOT_COMPARABLE,)


@pytest.mark.parametrize(("first", "last"), [("Владимир", "Петров"), ("Γιώργος", "Παπανδρέου"), ("გიორგი", "ბერიძე")])
async def test_names_in_an_alphabet_are_compared(house: House, first: str, last: str) -> None:
    ids = await house.submitted(first_name=first, second_name=None, last_name=last, birth_date="1984-11-21")
    await house.work()
    assert await approved(house, ids) is Heard.APPLIED
    is_listed = first == "Владимир"
    assert await stands(house, ids) == ((Status.IN_KYC, Review.SUBMISSION) if is_listed else (Status.ENABLED, None))


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


async def test_a_list_that_asks_for_years_is_asked_again_within_a_day(house: House) -> None:
    async def away(*_: object) -> None:
        raise ScreeningUnavailable("own: answers 503", 1e9)

    house.context.lists[0].screen = away  # type: ignore[method-assign, assignment]
    ids = await house.submitted(**NAMED)
    assert await house.work() == ["pending"]
    house.clock.now_ms += 86_400_000 - 1
    assert await house.work() == []
    house.clock.now_ms += 1
    assert await house.work() == ["pending"]
    assert await stands(house, ids) == (Status.IN_KYC, None)


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
    for source in house.context.lists:
        assert isinstance(source, LocalList)
        await source.settled()


async def test_an_active_client_that_a_new_list_names_is_put_before_a_person(house: House, tmp_path: Path) -> None:
    ids = await enabled(house, first_name="Anna", last_name="Novak")
    other = await enabled(house, "CD7654321", email="other@example.com")
    assert await stands(house, ids) == (Status.ENABLED, None)
    first = await screen_all(house.context, await lists_in_force(house.context))
    assert (first.seen, first.hits, first.failed) == (2, 0, 0)
    (tmp_path / "list.csv").write_text(HEADER + PETROV.replace("Vladimir Petrov", "Anna Novak"))
    os.utime(tmp_path / "list.csv", ns=(5, 5))
    await read(house)
    counts: list[int] = []
    again = await screen_all(
        house.context, await lists_in_force(house.context), lambda tally: counts.append(tally.seen)
    )
    assert (again.seen, again.hits, counts) == (2, 1, [1, 2])
    assert await stands(house, ids) == (Status.ENABLED, Review.SCREENING)
    assert await stands(house, other) == (Status.ENABLED, None)
    assert await reasons_against(house.context, await house.dossier(ids[0])) == (ReviewReason.SCREENING_HIT,)
    entries = len(house.actions(ids[0]))
    assert (await screen_all(house.context, await lists_in_force(house.context))).hits == 1
    assert len(house.actions(ids[0])) == entries, "what is known is not asked again"


async def test_a_client_that_cannot_be_screened_now_comes_again_in_the_next_pass(house: House, tmp_path: Path) -> None:
    await enabled(house)
    lists = await lists_in_force(house.context)
    await house.context.lists[0].close()
    (tmp_path / "list.csv").unlink()
    tally = await screen_all(house.context, lists + " newer")
    assert (tally.seen, tally.failed) == (1, 1)


async def test_a_pass_begins_when_a_list_changed_and_once_a_day(house: House, tmp_path: Path) -> None:
    ids = await enabled(house)
    passes = Rescreening(house.context)

    async def begun() -> bool:
        before = house.rows("SELECT at_ms FROM screenings")
        house.clock.now_ms += 60_000
        await passes.begin()
        if passes._pass._task is not None:
            await passes._pass._task
        return house.rows("SELECT at_ms FROM screenings") != before

    assert not await begun(), "the same lists were asked at the submission"
    (tmp_path / "list.csv").write_text(HEADER + PETROV + "NK-2,Person,Somebody,,,,x\n")
    os.utime(tmp_path / "list.csv", ns=(7, 7))
    await read(house)
    assert await begun()
    assert not await begun()
    await passes.begin()  # too soon: nothing is looked at
    (tmp_path / "list.csv").unlink()
    await house.context.lists[0].close()
    assert not await begun(), "a list that is away begins nothing"
    await passes.close()
    assert await stands(house, ids) == (Status.ENABLED, None)
    idle = Rescreening(house.context)
    await idle.close()
