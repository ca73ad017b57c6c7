"""Operators, their sessions and attempts on every engine, with several processes at once: what one of them counts, uses
or ends is so for all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.domain.errors import LinkRefused, SignInRefused, TooManyRequests
from ostiary.domain.operators.changes import AddOperator, AddSession, ChangeOperator
from ostiary.domain.operators.operator import Link, LinkKind, Operator, Role
from ostiary.domain.operators.sessions import WHOLE_MS, SignInSource, begun
from ostiary.domain.operators.sign_in import ACCOUNT_FREE, FORGIVEN_AFTER_MS, NO_ATTEMPTS, counted
from ostiary.domain.times import DAY_MS
from ostiary.domain.unit import Change, Guard, Unit
from ostiary.storage.operators import failures, sessions
from ostiary.storage.operators.accounts import house_id
from ostiary.usecases.context import Context
from ostiary.usecases.lines import OwnerLines
from ostiary.usecases.operators.beginning import NewSession
from ostiary.usecases.operators.directory import disable_operator, list_operators
from ostiary.usecases.operators.directory import house as house_of
from ostiary.usecases.operators.sessions import session_of, sessions_of
from ostiary.usecases.operators.sign_in import sign_in, use_link
from ostiary.usecases.transaction import execute
from tests.auditing import faults
from tests.house import House, open_house
from tests.material import NOW_MS
from tests.storage.shelf import Shelf
from tests.storage.test_chores import chores
from tests.usecases.accounts import HERE, PASSWORD, STEP_MS, code_of, invited, set_up, setup_caller, signed_in

TOGETHER = 4


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "house") as opened:
        yield opened


@pytest.fixture
def processes(engine: Shelf, home: House) -> list[Context]:
    """The ports of several processes, each with a store of its own on one database."""
    return [
        replace(home.context, storage=engine.open(), cipher=engine.cipher, lines=OwnerLines()) for _ in range(TOGETHER)
    ]


# ---- rows ----


def operator(number: int, **changes: object) -> Operator:
    return Operator(
        **{
            "id": f"{number:032}",
            "name": f"Ana {number}",
            "role": Role.REVIEWER,
            "companies": ("c1", "c2"),
            "created_at_ms": NOW_MS,
            "updated_at_ms": NOW_MS,
            "password_hash": "$argon2id$",
            "code_secret": "ABC",
            "last_step": 7,
            "link": Link(LinkKind.SIGNS_IN, "00ff", NOW_MS + 5),
            "is_disabled": True,
            "addresses": ("00", "ff"),
            "identity": "google 1",
            **changes,
        }  # type: ignore[arg-type]
    )


async def test_operators_and_sessions_come_back_as_they_were(engine: Shelf, processes: list[Context]) -> None:
    context, another = processes[:2]
    own = await house_of(context)
    ana, bob = operator(1), operator(2, link=None, companies=())
    session = begun(b"m" * 32, ana, SignInSource("2001:db8::7", "Firefox"), NOW_MS)
    unit = Unit(own.id, NOW_MS, owner=own, changes=(AddOperator(ana), AddOperator(bob), AddSession(session)))
    assert await context.storage.commit(unit) is None
    own = await house_of(another)
    assert await list_operators(another) == [ana, bob]
    assert await another.storage.operators.by_name(own, "ANA 2") == bob
    assert await another.storage.sessions.of_operator(own, ana.id) == [session]
    later = operator(1, is_disabled=False, updated_at_ms=NOW_MS + 1)
    unit = Unit(own.id, NOW_MS + 1, owner=own, changes=(ChangeOperator(later),))
    assert await another.storage.commit(unit) is None
    assert await context.storage.operators.find(own, ana.id) == later
    for secret in (b"Ana 1", b"argon2id", b"2001:db8", b"Firefox", b"google"):
        everything = b"".join(repr(row).encode() for row in engine.everything("audit_entries"))
        assert secret not in everything, "it is sealed"


async def test_a_name_is_one_operators_in_the_database_too(processes: list[Context]) -> None:
    context = processes[0]
    own = await house_of(context)
    unit = Unit(own.id, NOW_MS, owner=own, changes=(AddOperator(operator(1)),))
    assert await context.storage.commit(unit) is None
    own = await house_of(context)
    unit = Unit(own.id, NOW_MS, owner=own, changes=(AddOperator(operator(2, name="ANA 1")),))
    assert await context.storage.commit(unit) is Guard.COMPANY
    assert await list_operators(context) == [operator(1)]


async def test_the_house_is_known_to_all_and_listed_by_none(engine: Shelf, processes: list[Context]) -> None:
    houses = await asyncio.gather(*(house_of(context) for context in processes))
    assert len({company.id for company in houses}) == 1
    assert [await context.storage.companies.every() for context in processes] == [[]] * TOGETHER
    store = engine.open()
    with store.engine.blocking() as look:
        assert house_id(look) == houses[0].id
    assert len(await store.audit.entries(houses[0].id, houses[0].id)) == 1


def test_before_there_is_a_house_nobody_is_told_of_one(engine: Shelf) -> None:
    with engine.open().engine.blocking() as look:
        assert house_id(look) is None


# ---- many processes ----


async def test_of_uses_of_a_link_in_several_processes_one_signs_in(processes: list[Context]) -> None:
    link = await invited(processes[0])
    code = code_of(processes[0], link.operator)
    uses = [use_link(context, link.token, PASSWORD, code, HERE) for context in processes]
    ended = await asyncio.gather(*uses, return_exceptions=True)
    assert sum(isinstance(each, LinkRefused) for each in ended) == TOGETHER - 1
    assert len(await sessions_of(processes[1], link.operator.id)) == 1


async def test_of_uses_of_a_code_in_several_processes_one_signs_in(home: House, processes: list[Context]) -> None:
    first = await set_up(processes[0])
    home.clock.now_ms += STEP_MS
    uses = [signed_in(context, first.operator) for context in processes]
    ended = await asyncio.gather(*uses, return_exceptions=True)
    assert sum(isinstance(each, SignInRefused) for each in ended) == TOGETHER - 1, ended
    assert len(await sessions_of(processes[1], first.operator.id)) == 2


async def test_attempts_are_counted_over_all_processes_and_restarts(home: House, processes: list[Context]) -> None:
    first = await set_up(processes[0])
    home.clock.now_ms += STEP_MS
    tried = [
        sign_in(context, "ana", "wrong " * 3, "000000", HERE) for context in processes for _ in range(ACCOUNT_FREE)
    ]
    ended = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(isinstance(each, SignInRefused) for each in ended) == ACCOUNT_FREE
    assert sum(isinstance(each, TooManyRequests) for each in ended) == (TOGETHER - 1) * ACCOUNT_FREE
    for context in processes:
        with pytest.raises(TooManyRequests):
            await signed_in(context, first.operator)


async def test_who_is_shut_out_by_one_process_is_out_in_all(home: House, processes: list[Context]) -> None:
    await set_up(processes[0], "chief")
    first = await set_up(processes[0])
    home.clock.now_ms += STEP_MS
    caller = await setup_caller(processes[1])
    signing = [signed_in(context, first.operator) for context in processes[2:]]
    shutting = execute(processes[1], caller, lambda: disable_operator(processes[1], caller, first.operator.id))
    ended = await asyncio.gather(*signing, shutting, return_exceptions=True)
    tokens = [first.token, *(each.token for each in ended if isinstance(each, NewSession))]
    for context in processes:
        assert [await session_of(context, token) for token in tokens] == [None] * len(tokens)
    assert await sessions_of(processes[3], first.operator.id) == []


async def test_the_trail_of_all_that_is_intact(engine: Shelf, home: House, processes: list[Context]) -> None:
    first = await set_up(processes[0])
    home.clock.now_ms += STEP_MS
    await signed_in(processes[1], first.operator)
    with pytest.raises(SignInRefused):
        await sign_in(processes[2], "ana", "wrong " * 3, "000000", HERE)
    assert faults(engine.open(), engine.cipher) == {}


# ---- sweeping ----


async def test_what_is_over_is_swept_in_batches(engine: Shelf, processes: list[Context]) -> None:
    context, store = processes[0], engine.open()
    own = await house_of(context)
    ana = operator(1)
    added = [begun(bytes([number]) * 32, ana, HERE, NOW_MS + number % 2) for number in range(5)]
    changes: tuple[Change, ...] = (AddOperator(ana), *(AddSession(session) for session in added))
    assert await store.commit(Unit(own.id, NOW_MS, owner=own, changes=changes)) is None
    assert await store.sessions.sweep(own.id, NOW_MS + WHOLE_MS) == 3
    assert await store.sessions.sweep(own.id, NOW_MS + WHOLE_MS) == 0
    assert len(await store.sessions.of_operator(own, ana.id)) == 2
    for number in range(4):
        attempts = counted(NO_ATTEMPTS, ACCOUNT_FREE, NOW_MS + number % 2)
        assert await store.attempts.count(own.id, bytes([number]) * 32, NO_ATTEMPTS, attempts)
    assert await store.attempts.sweep(own.id, NOW_MS + FORGIVEN_AFTER_MS) == 2
    assert await store.attempts.sweep("another", NOW_MS + 2 * FORGIVEN_AFTER_MS) == 0
    assert (sessions.SWEPT_TOGETHER, failures.SWEPT_TOGETHER) == (500, 500)


async def test_the_worker_sweeps_what_is_over(home: House) -> None:
    await chores(home).do()
    assert await home.context.storage.operators.house_id() is None, "where nobody signs in there is nothing to do"
    first = await set_up(home.context)
    with pytest.raises(SignInRefused):
        await sign_in(home.context, "ana", "wrong " * 3, "000000", HERE)
    own, store = await house_of(home.context), home.parts.store
    for moved_ms, left in ((WHOLE_MS - 1, 1), (DAY_MS, 0)):
        home.clock.now_ms += moved_ms
        await chores(home).do()
        assert len(await store.sessions.of_operator(own, first.operator.id)) == left
    failures_left = await home.context.storage.attempts.find(
        own.id, home.context.storage.attempts.mark(own.id, "address", HERE.address)
    )
    assert failures_left == NO_ATTEMPTS
