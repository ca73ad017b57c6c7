"""Operators are let in, changed and shut out, and their sessions are current, used and ended."""

from __future__ import annotations

import pytest

from ostiary.domain.companies.company import Caller, Environment
from ostiary.domain.errors import Broken, InvalidState, NotFound, ValidationFailed
from ostiary.domain.operators.operator import Role
from ostiary.domain.operators.sessions import IDLE_MS, TOUCHED_AFTER_MS, WHOLE_MS
from ostiary.domain.value import replace
from ostiary.usecases.companies.companies import check_operator, operator_for
from ostiary.usecases.operators.directory import (
    acting,
    change_operator,
    choose_language,
    create_operator,
    disable_operator,
    enable_operator,
    find_by_name,
    find_operator,
    fresh_house,
    list_operators,
    reset_operator,
)
from ostiary.usecases.operators.directory import (
    house as house_of,
)
from ostiary.usecases.operators.sessions import end_all, end_session, session_of, sessions_of, sign_out
from tests.house import House
from tests.usecases.accounts import HERE, STEP_MS, invited, set_up, setup_caller, signed_in


async def actions(house: House) -> list[str]:
    own = await house_of(house.context)
    return [entry.action for entry in await house.context.storage.audit.entries(own.id, own.id)]


@pytest.fixture
async def caller(house: House) -> Caller:
    return await setup_caller(house.context)


# ---- the company that they belong to ----


async def test_the_installations_own_company_is_made_once_and_is_nobodys(house: House) -> None:
    own = await house_of(house.context)
    assert (await house_of(house.context)).id == own.id
    assert own.environment is Environment.PRODUCTION
    assert own.id not in {company.id for company in await house.context.storage.companies.every()}
    with pytest.raises(NotFound):
        await operator_for(house.context, own.id, "ana")
    assert await actions(house) == ["company_created"]


async def test_where_somebody_else_settled_its_id_first_the_same_is_made(house: House) -> None:
    """As after a crash between the two."""
    settled = await house.context.storage.operators.house_id("0" * 32)
    assert (await house_of(house.context)).id == settled
    assert await actions(house) == ["company_created"]


async def test_when_it_is_gone_nothing_is_decided_of_operators(house: House) -> None:
    with pytest.raises(Broken):
        await fresh_house(house.context, "0" * 32)


async def test_before_it_is_there_nobody_is_found(house: House) -> None:
    assert await list_operators(house.context) == []
    for looking in (find_operator(house.context, "0" * 32), find_by_name(house.context, "ana")):
        with pytest.raises(NotFound):
            await looking
    assert await sessions_of(house.context, "0" * 32) == []
    assert await session_of(house.context, "0" * 64) is None


# ---- letting in ----


async def test_an_operator_is_let_in_for_all_companies_or_for_some(house: House, caller: Caller) -> None:
    company_id = house.caller.company.id
    chief = (await house.do(create_operator, "Ana", Role.ADMIN, (), caller=caller)).operator
    clerk = (await house.do(create_operator, "bob", Role.REVIEWER, (company_id,) * 2, caller=caller)).operator
    assert await list_operators(house.context) == [chief, clerk]
    assert clerk.companies == (company_id,)
    assert await find_operator(house.context, clerk.id) == clerk
    assert await find_by_name(house.context, "aNA") == chief
    own = await house_of(house.context)
    entries = await house.context.storage.audit.entries(own.id, own.id)
    assert [(entry.action, entry.actor, entry.subject, entry.codes) for entry in entries[1:]] == [
        ("operator_created", "operator:setup", chief.id, ("admin", "all_companies")),
        ("operator_created", "operator:setup", clerk.id, ("reviewer", company_id)),
    ]


@pytest.mark.parametrize(("name", "words"), [
    ("", "must not be blank"), (" ", "must not be blank"), ("\u2800", "must not be blank"), ("x" * 101, "at most 100"),
    ("a\nb", "control characters"), ("a\u202eb", "control characters"), (" ana", "begin or end"), ("bob", "already"),
    ("BOB", "already"), ("ｂｏｂ", "already"),
])  # fmt: skip
async def test_a_name_that_is_none_or_somebodys_is_refused(house: House, caller: Caller, name: str, words: str) -> None:
    await invited(house.context, "bob")
    with pytest.raises(ValidationFailed) as refused:
        await house.do(create_operator, name, Role.VIEWER, (), caller=caller)
    [fault] = refused.value.faults
    assert (fault.field, words in fault.message) == ("name", True)


async def test_companies_that_do_not_exist_are_named_and_the_installations_own_is_none(
    house: House, caller: Caller
) -> None:
    unknown = ("nobody", caller.company.id)
    with pytest.raises(ValidationFailed) as refused:
        await house.do(create_operator, "ana", Role.VIEWER, (house.caller.company.id, *unknown), caller=caller)
    assert [fault.field for fault in refused.value.faults] == ["companies", "companies"]
    link = await invited(house.context)
    with pytest.raises(ValidationFailed):
        await house.do(change_operator, link.operator.id, Role.VIEWER, unknown, caller=caller)


# ---- changing and shutting out ----


async def test_rights_are_changed_at_once_for_sessions_too(house: House, caller: Caller) -> None:
    await set_up(house.context, "chief")
    new = await set_up(house.context, "bob", Role.REVIEWER)
    await house.do(change_operator, new.operator.id, Role.VIEWER, (house.caller.company.id,), caller=caller)
    before = await actions(house)
    await house.do(change_operator, new.operator.id, Role.VIEWER, (house.caller.company.id,), caller=caller)
    assert await actions(house) == before, "the same again changes nothing"
    current = await session_of(house.context, new.token)
    assert current is not None
    assert (current.operator.role, current.operator.companies) == (Role.VIEWER, (house.caller.company.id,))


async def test_somebody_stays_who_can_let_others_in(house: House, caller: Caller) -> None:
    chief = (await invited(house.context, "chief")).operator
    company_id = house.caller.company.id
    await invited(house.context, "bob", Role.ADMIN, company_id)
    with pytest.raises(InvalidState, match="last administrator"):
        await house.do(disable_operator, chief.id, caller=caller)
    for role, companies in ((Role.APPROVER, ()), (Role.ADMIN, (company_id,))):
        with pytest.raises(InvalidState, match="last administrator"):
            await house.do(change_operator, chief.id, role, companies, caller=caller)
    await invited(house.context, "second")
    await house.do(change_operator, chief.id, Role.ADMIN, (company_id,), caller=caller)
    await house.do(change_operator, chief.id, Role.ADMIN, (), caller=caller)


async def test_who_is_shut_out_is_out_at_once_and_comes_back_as_before(house: House, caller: Caller) -> None:
    await set_up(house.context, "chief")
    new = await set_up(house.context, "bob", Role.REVIEWER)
    for _ in range(2):
        gone = await house.do(disable_operator, new.operator.id, caller=caller)
        assert gone.is_disabled
    assert await session_of(house.context, new.token) is None
    assert await sessions_of(house.context, new.operator.id) == []
    with pytest.raises(InvalidState, match="enable"):
        await house.do(reset_operator, new.operator.id, caller=caller)
    for _ in range(2):
        await house.do(enable_operator, new.operator.id, caller=caller)
    house.clock.now_ms += STEP_MS
    await signed_in(house.context, new.operator)
    assert (await actions(house))[-3:] == ["operator_disabled", "operator_enabled", "signed_in"]


async def test_a_session_of_who_is_disabled_in_the_row_alone_is_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a session be begun just as its operator is shut out, by a version before."""
    new = await set_up(house.context)
    pair = await house.context.storage.sessions.find(await house_of(house.context), new.token)
    assert pair is not None
    gone = replace(pair[1], is_disabled=True)

    async def disabled(*_: object) -> object:
        return pair[0], gone

    monkeypatch.setattr(type(house.context.storage.sessions), "find", disabled)
    assert await session_of(house.context, new.token) is None


# ---- sessions ----


async def test_a_session_goes_on_while_it_is_used_and_ends_idle_and_after_half_a_day(house: House) -> None:
    new = await set_up(house.context)
    started_ms = house.clock.now_ms
    for step_ms in (TOUCHED_AFTER_MS - 1, 1, IDLE_MS - 1, IDLE_MS - 1):
        house.clock.now_ms += step_ms
        assert await session_of(house.context, new.token) is not None
    house.clock.now_ms += IDLE_MS
    assert await session_of(house.context, new.token) is None
    house.clock.now_ms = started_ms
    while house.clock.now_ms < started_ms + WHOLE_MS - IDLE_MS:
        house.clock.now_ms += IDLE_MS // 2
        await session_of(house.context, new.token)
    house.clock.now_ms = started_ms + WHOLE_MS - 1
    assert await session_of(house.context, new.token) is not None
    house.clock.now_ms += 1
    assert await session_of(house.context, new.token) is None
    assert await sessions_of(house.context, new.operator.id) == []


async def test_asking_whether_it_holds_does_not_prolong_it(house: House) -> None:
    new = await set_up(house.context)
    house.clock.now_ms += IDLE_MS - 1
    assert await session_of(house.context, new.token, touches=False) is not None
    house.clock.now_ms += 1
    assert await session_of(house.context, new.token) is None


async def test_sessions_are_ended_by_their_owner_and_from_elsewhere(house: House, caller: Caller) -> None:
    first = await set_up(house.context)
    others = []
    for _ in range(3):
        house.clock.now_ms += STEP_MS
        others.append(await signed_in(house.context, first.operator))
    current = await session_of(house.context, first.token)
    assert current is not None
    assert current.caller.actor == "operator:ana"
    assert acting(current.operator, house.caller.company).company == house.caller.company
    assert len(await sessions_of(house.context, first.operator.id)) == 4
    own = await house_of(house.context)

    async def signs_out(*_: object) -> object:
        return await sign_out(house.context, current)

    await house.do(signs_out, caller=current.caller)  # type: ignore[arg-type]
    assert await session_of(house.context, first.token) is None
    await house.do(end_session, first.operator.id, others[0].session.mark, caller=current.caller)
    assert await session_of(house.context, others[0].token) is None
    assert await session_of(house.context, others[1].token) is not None
    for mark in (others[0].session.mark, b"no such"):
        with pytest.raises(NotFound):
            await house.do(end_session, first.operator.id, mark, caller=current.caller)
    for _ in range(2):
        await house.do(end_all, first.operator.id, caller=caller)
    assert [await session_of(house.context, other.token) for other in others] == [None] * 3
    entries = await house.context.storage.audit.entries(own.id, own.id)
    assert [(entry.action, entry.actor, entry.codes) for entry in entries[-3:]] == [
        ("signed_out", "operator:ana", ()),
        ("session_ended", "operator:ana", ()),
        ("session_ended", "operator:setup", ("all",)),
    ]


async def test_one_operator_cannot_end_anothers_session_as_his_own(house: House) -> None:
    first, second = await set_up(house.context), await set_up(house.context, "bob")
    current = await session_of(house.context, second.token)
    assert current is not None
    with pytest.raises(NotFound):
        await house.do(end_session, second.operator.id, first.session.mark, caller=current.caller)
    assert await session_of(house.context, first.token) is not None


async def test_where_a_session_is_from_is_kept_with_it(house: House) -> None:
    new = await set_up(house.context)
    [session] = await sessions_of(house.context, new.operator.id)
    assert session.source == HERE


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 101])
def test_a_name_that_no_entry_can_bear_is_refused(name: str) -> None:
    with pytest.raises(ValidationFailed):
        check_operator(name)


async def test_an_operator_chooses_a_language_once(house: House, caller: Caller) -> None:
    """The same again changes nothing, and is not written down."""
    lena = (await house.do(create_operator, "lena", Role.VIEWER, (), caller=caller)).operator
    for _ in range(2):
        chosen = await house.do(choose_language, lena.id, "pt", caller=caller)
    assert chosen.language == "pt"
    assert await find_operator(house.context, lena.id) == chosen
    assert (await actions(house)).count("language_chosen") == 1
