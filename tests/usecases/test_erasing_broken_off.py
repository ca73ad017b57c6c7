"""Erasing where something refuses, or a process is killed: it is gone on with, and comes to the same end."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ostiary.adapters.files.pictures import LeftFiles
from ostiary.app import opened
from ostiary.background.erasures import LEASES, carry_out_due
from ostiary.cli.privacy.restored import erased_since
from ostiary.domain.errors import (
    LeaseLost,
    Tampered,
    Unavailable,
)
from ostiary.domain.privacy.erasure import AGAIN_AFTER_MS, HELD_LOOKED_AT_MS, ErasureState
from ostiary.domain.privacy.holds import HoldWish
from ostiary.domain.times import DAY_MS
from ostiary.settings import read_settings
from ostiary.storage.backup import restore, write
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.privacy.begin_due import erase_again
from ostiary.usecases.privacy.carry_out import carry_out
from ostiary.usecases.privacy.holds import hold_client, release_hold
from tests.auditing import faults
from tests.erasing import (
    AWAY,
    REFUSES,
    SILENT,
    Forgetting,
    asked,
    counted,
    documented,
    early,
    last,
    pictures,
    rounds,
    rows_of,
    whole_trail,
    with_provider,
)
from tests.house import ACCOUNTS, House


async def test_a_provider_is_told_and_waited_for(provided: House) -> None:
    house, acme = provided, Forgetting(problems=[AWAY, REFUSES, SILENT])
    with_provider(house, acme)
    client_id, request_id = await house.submitted()
    await house.request(client_id, ACCOUNTS)
    await early(house, client_id)
    await rounds(house, 2)
    problems = list[str]()
    for _ in range(3):
        erasure = await last(house, client_id)
        problems.append(erasure.problem)
        assert erasure.state is ErasureState.ERASED
        house.clock.now_ms = erasure.due_at_ms
        await carry_out_due(house.context)
    assert problems == ["provider_away acme", "provider_refuses acme", "provider_silent acme"]
    erasure = await last(house, client_id)
    reference = f"{house.caller.company.id}.{client_id}.{request_id}"
    assert (erasure.state, acme.asked) == (ErasureState.DONE, [reference] * 4)
    assert [word[:3] for word in erasure.confirmed] == [("acme", reference, "erased")]


async def test_one_that_never_confirms_is_asked_daily_and_overdue_after_a_week(provided: House) -> None:
    house, acme = provided, Forgetting(word=SILENT)
    with_provider(house, acme)
    client_id, _ = await house.submitted()
    await early(house, client_id)
    began = house.clock()
    while house.clock() < began + 12 * DAY_MS:
        await carry_out_due(house.context)
        house.clock.now_ms = max((await last(house, client_id)).due_at_ms, house.clock() + AGAIN_AFTER_MS)
    assert 12 < len(acme.asked) < 30
    assert (await last(house, client_id)).is_overdue(house.clock())


async def test_what_was_held_for_long_is_asked_for_a_minute_later_the_first_time(provided: House) -> None:
    """However often it was looked at until then."""
    house, acme = provided, Forgetting(problems=[AWAY, AWAY])
    with_provider(house, acme)
    client_id, _ = await house.submitted()
    await early(house, client_id)
    await house.do(hold_client, client_id, HoldWish("A court."), caller=await house.operator("bea"))
    for _ in range(20):
        await carry_out_due(house.context)
        house.clock.now_ms += HELD_LOOKED_AT_MS
    [hold] = await house.context.storage.holds.of_client((await house.dossier(client_id)).client)
    await house.do(release_hold, client_id, hold.id, "Settled.", caller=await house.operator("bea"))
    await rounds(house)
    waits = list[int]()
    for _ in range(2):
        erasure = await last(house, client_id)
        assert erasure.problem == "provider_away acme"
        waits.append(erasure.due_at_ms - house.clock())
        house.clock.now_ms = erasure.due_at_ms
        await carry_out_due(house.context)
    lease_ms = 2 * house.context.timing.lease_ms
    assert waits == [AGAIN_AFTER_MS - lease_ms, 2 * AGAIN_AFTER_MS]
    assert (await last(house, client_id)).state is ErasureState.DONE


async def test_a_sandbox_told_nobody(house: House) -> None:
    client_id, _ = await house.submitted()
    await early(house, client_id)
    await rounds(house)
    assert ((await last(house, client_id)).state, (await last(house, client_id)).providers) == (ErasureState.DONE, ())


async def test_a_provider_that_nobody_knows_any_more_keeps_it_open(provided: House) -> None:
    house = provided
    client_id, _ = await house.submitted()
    await early(house, client_id)
    house.context = replace(house.context, providers={})
    await rounds(house)
    assert (await last(house, client_id)).problem == "provider_unknown acme"


async def test_rows_that_cannot_be_taken_away_keep_it_open(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id = await documented(house)
    await asked(house, client_id)
    await carry_out_due(house.context)

    async def always_some(*_: object) -> dict[str, int]:
        return {"documents": 1}

    with monkeypatch.context() as patched:
        patched.setattr(house.parts.store.removal, "counted", always_some)
        house.clock.now_ms += 2 * house.context.timing.lease_ms
        await carry_out_due(house.context)
        assert (await last(house, client_id)).problem == "rows_left documents"
    house.clock.now_ms += DAY_MS
    await carry_out_due(house.context)
    assert (await last(house, client_id)).state is ErasureState.DONE


async def test_a_client_that_is_there_all_the_same_keeps_it_open(house: House) -> None:
    client_id = await documented(house)
    await asked(house, client_id)
    await carry_out_due(house.context)
    await house.parts.store.engine.write("UPDATE clients SET erased_at_ms = NULL WHERE client_id = ?1", client_id)
    house.clock.now_ms += 2 * house.context.timing.lease_ms
    await carry_out_due(house.context)
    assert (await last(house, client_id)).problem == "rows_left clients"


async def test_a_store_that_refuses_the_last_look_or_shows_something_keeps_it_open(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id = await documented(house)
    await asked(house, client_id)
    await carry_out_due(house.context)
    answers: list[Any] = [[], ["a.b.c"], [], Unavailable()]

    async def of(*_: object) -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(LeftFiles, "of", of)
    for problem in ("pictures_left", "store_refuses"):
        house.clock.now_ms += DAY_MS
        await carry_out_due(house.context)
        assert (await last(house, client_id)).problem == problem


@pytest.mark.parametrize("place", ["remove", "names"])
async def test_a_store_that_refuses_is_asked_again(house: House, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id = await documented(house)
    await asked(house, client_id)

    def refusing(*_: object) -> Any:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(house.parts.files.store, place, refusing)
        await rounds(house)
        erasure = await last(house, client_id)
        assert (erasure.state, erasure.problem) == (ErasureState.ERASED, "store_refuses")
    house.clock.now_ms += DAY_MS
    await rounds(house)
    assert ((await last(house, client_id)).state, pictures(house)) == (ErasureState.DONE, [])


PLACES = ("storage.erasures.claim", "storage.dossier", "storage.commit", "pictures.remove", "storage.clients.any")


class Killed(BaseException):
    """What ends a process."""


@pytest.mark.parametrize("nth", range(1, 5))
@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("place", PLACES)
async def test_broken_off_anywhere_it_goes_on(
    house: House, place: str, is_after: bool, nth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before and after each call that changes something, as a process that is killed there leaves it."""
    client_id = await documented(house)
    other = await documented(house, email="other@example.com")
    before = rows_of(house, other)
    await asked(house, client_id)
    owner: Any = house.parts.store if place.startswith("storage.") else house.parts.files
    *path, name = place.removeprefix("storage.").removeprefix("pictures.").split(".")
    for step in path:
        owner = getattr(owner, step)
    real, calls = getattr(owner, name), 0

    async def killing(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth and not is_after:
            raise Killed
        result = await real(*arguments, **named)
        if calls == nth:
            raise Killed
        return result

    monkeypatch.setattr(owner, name, killing)
    for _ in range(4):
        with suppress(Killed):
            await carry_out_due(house.context)
        house.clock.now_ms += LEASES * house.context.timing.lease_ms
    erasure = await last(house, client_id)
    assert (erasure.state, await counted(house, client_id)) == (ErasureState.DONE, {})
    assert [path for path in pictures(house) if client_id in path.name] == []
    assert rows_of(house, other) == before
    assert house.actions(client_id)[-2:] == ["client_erased", "erasure_completed"]
    assert await whole_trail(house) == {}


async def test_a_document_that_does_not_open_is_no_reason_to_keep_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pictures are found by the day of its id."""

    async def tampered(*_: object) -> Any:
        raise Tampered

    client_id = await documented(house)
    await asked(house, client_id)
    monkeypatch.setattr(house.parts.store.documents, "every", tampered)
    await rounds(house)
    assert ((await last(house, client_id)).state, pictures(house)) == (ErasureState.DONE, [])


async def test_it_is_carried_out_once_whoever_claimed_it(house: House) -> None:
    client_id = await documented(house)
    await asked(house, client_id)
    company, now, lease_ms = house.caller.company, house.clock(), LEASES * house.context.timing.lease_ms
    [first] = await house.context.storage.erasures.claim(company, now, now, 5)
    [second] = await house.context.storage.erasures.claim(company, now, now + lease_ms, 5)
    with pytest.raises(LeaseLost):
        await carry_out(house.context, company, first, house.context.pictures.left())
    erased = await carry_out(house.context, company, second, house.context.pictures.left())
    assert erased.state is ErasureState.ERASED


async def test_who_was_overtaken_changes_nothing(house: House) -> None:
    client_id = await documented(house)
    await asked(house, client_id)
    company, now, lease_ms = house.caller.company, house.clock(), LEASES * house.context.timing.lease_ms
    [first] = await house.context.storage.erasures.claim(company, now, now + 1, 5)
    house.clock.now_ms += lease_ms
    assert await house.context.storage.erasures.claim(company, house.clock(), house.clock() + lease_ms, 5)
    assert first.attempts == 1
    assert await carry_out_due(house.context) == 0
    assert (await operator_for(house.context, company.id, "x")).company == company


# ---- a backup from before ----


async def test_who_is_there_again_from_a_backup_is_erased_again(house: House, tmp_path: Path) -> None:
    """Whatever holds it by then: it was gone."""
    client_id, other = await documented(house), await documented(house, email="other@example.com")
    write.write(write.BackupSource(house.path, tmp_path / "data", "0", "0017"), tmp_path / "b", 1, lambda *_: None)
    await asked(house, client_id)
    await rounds(house)
    assert await erase_again(house.context, house.context.pictures) == 0, "nobody is there again"
    restored = tmp_path / "restored"
    restore.read(tmp_path / "b", restored / house.path.name, restored, "9999", lambda *_: None)
    shutil.copy(tmp_path / "data" / "master.key", restored)
    settings = read_settings({"OSTIARY_DATA_DIR": str(restored)})
    old = f"file://{tmp_path}/data/pictures"
    assert [await asyncio.to_thread(erased_since, settings, old) for _ in range(2)] == [1, 0]
    (restored / "pictures" / house.caller.company.id / "erased").mkdir()
    (restored / "pictures" / house.caller.company.id / "erased" / other).write_bytes(b"not from here")
    with opened(settings) as parts:
        house.clock.now_ms = parts.context.now_ms()
        context = replace(parts.context, now_ms=house.clock)
        assert await erase_again(context, context.pictures) == 0, "nobody makes the word without the keys"
        for _ in range(2):
            await carry_out_due(context)
            house.clock.now_ms += 2 * context.timing.lease_ms
        assert await context.storage.clients.find(house.caller.company.id, client_id) is None
        assert await context.storage.clients.find(house.caller.company.id, other) is not None
        assert faults(parts.store, parts.cipher) == {}
        await parts.store.release()
