"""Operators sign in: by a link, once, and then by name, password and code; and who is not one is refused alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from ostiary.domain.errors import LinkRefused, SignInRefused, ValidationFailed
from ostiary.domain.operators.operator import LINK_MS, PASSWORD_MOST, LinkKind
from ostiary.domain.operators.sessions import SignInSource
from ostiary.usecases.context import Context
from ostiary.usecases.operators.directory import (
    disable_operator,
    enable_operator,
    find_operator,
    reset_operator,
    sandbox_link,
)
from ostiary.usecases.operators.sessions import session_of, sessions_of
from ostiary.usecases.operators.sign_in import look_at_link, sign_in, use_link
from tests.house import House
from tests.usecases.accounts import (
    HERE,
    PASSWORD,
    STEP_MS,
    code_of,
    fails,
    invited,
    set_up,
    setup_caller,
    signed_in,
    trail,
)

# ---- links ----


async def test_a_link_sets_password_and_authenticator_up_and_is_used_up(house: House) -> None:
    link = await invited(house.context)
    for _ in range(2):
        view = await look_at_link(house.context, link.token)
    assert (view.name, view.kind, view.sets_up) == ("ana", LinkKind.SETS_UP, True)
    assert view.code_address.startswith("otpauth://totp/Ostiary:ana?secret=")
    new = await use_link(house.context, link.token, PASSWORD, code_of(house.context, link.operator), HERE)
    current = await session_of(house.context, new.token)
    assert current is not None
    assert current.operator.name == "ana"
    for again in (look_at_link(house.context, link.token), use_link(house.context, link.token, PASSWORD, "1", HERE)):
        with pytest.raises(LinkRefused):
            await again
    assert await trail(house.context) == [("signed_in", "operator:ana", link.operator.id, ())]


async def test_of_two_uses_of_a_link_at_once_one_signs_in(house: House) -> None:
    link = await invited(house.context)
    code = code_of(house.context, link.operator)
    uses = [use_link(house.context, link.token, PASSWORD, code, HERE) for _ in range(3)]
    ended = await asyncio.gather(*uses, return_exceptions=True)
    assert sum(isinstance(each, LinkRefused) for each in ended) == 2
    assert len(await sessions_of(house.context, link.operator.id)) == 1


async def test_what_is_wrong_with_password_or_code_is_named_and_the_link_holds(house: House) -> None:
    link = await invited(house.context)
    with pytest.raises(ValidationFailed) as refused:
        await use_link(house.context, link.token, "short", "000000", HERE)
    assert [fault.field for fault in refused.value.faults] == ["password", "code"]
    with pytest.raises(ValidationFailed) as refused:
        await use_link(house.context, link.token, PASSWORD, "000000", HERE)
    assert [fault.field for fault in refused.value.faults] == ["code"]
    await use_link(house.context, link.token, PASSWORD, code_of(house.context, link.operator), HERE)


SPOILED: dict[str, Callable[[str], str]] = {
    "no link": lambda token: "",
    "no secret": lambda token: token.partition("_")[0],
    "another secret": lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"),
    "of nobody": lambda token: "0" * 32 + token[32:],
    "no id": lambda token: "x" + token,
}


@pytest.mark.parametrize("spoiled", SPOILED.values(), ids=SPOILED)
async def test_another_link_is_refused_in_the_same_words(house: House, spoiled: Callable[[str], str]) -> None:
    link = await invited(house.context)
    with pytest.raises(LinkRefused) as refused:
        await look_at_link(house.context, spoiled(link.token))
    assert refused.value.message == LinkRefused().message


async def test_a_link_ends_after_a_day_by_a_newer_one_and_with_its_operator(house: House) -> None:
    await set_up(house.context, "chief")
    old = await invited(house.context)
    caller = await setup_caller(house.context)
    newer = await house.do(reset_operator, old.operator.id, caller=caller)
    with pytest.raises(LinkRefused):
        await look_at_link(house.context, old.token)
    house.clock.now_ms += LINK_MS
    with pytest.raises(LinkRefused):
        await look_at_link(house.context, newer.token)
    last = await house.do(reset_operator, old.operator.id, caller=caller)
    await house.do(disable_operator, old.operator.id, caller=caller)
    for _ in range(2):
        with pytest.raises(LinkRefused):
            await look_at_link(house.context, last.token)
        await house.do(enable_operator, old.operator.id, caller=caller)


async def test_before_there_is_any_operator_every_link_is_refused(house: House) -> None:
    with pytest.raises(LinkRefused):
        await look_at_link(house.context, f"{'0' * 32}_{'0' * 64}")


async def test_a_sandboxs_link_signs_in_at_once_and_once(house: House) -> None:
    caller = await setup_caller(house.context)
    for _ in range(2):  # each start of the service prints one
        link = await house.do(sandbox_link, caller=caller)
        assert not (await look_at_link(house.context, link.token)).sets_up
        new = await use_link(house.context, link.token, "", "", HERE)
        assert new.operator.name == "sandbox"
        assert await session_of(house.context, new.token) is not None
        with pytest.raises(LinkRefused):
            await use_link(house.context, link.token, "", "", HERE)
    await fails(house.context, "sandbox")


# ---- name, password and code ----


async def test_name_password_and_code_sign_in_however_the_name_is_written(house: House) -> None:
    first = await set_up(house.context)
    house.clock.now_ms += STEP_MS
    second = await sign_in(house.context, "ANA", PASSWORD, code_of(house.context, first.operator), HERE)
    assert second.token != first.token
    assert len(await sessions_of(house.context, first.operator.id)) == 2


async def test_a_code_is_taken_once_and_so_is_an_older_one(house: House) -> None:
    first = await set_up(house.context)
    with pytest.raises(SignInRefused):
        await signed_in(house.context, first.operator)
    house.clock.now_ms += STEP_MS
    used = code_of(house.context, first.operator)
    await signed_in(house.context, first.operator)
    for moved_ms in (0, STEP_MS, -3_600_000):  # the code is still shown, tolerated, and the clock is set back
        house.clock.now_ms += moved_ms
        with pytest.raises(SignInRefused):
            await sign_in(house.context, "ana", PASSWORD, used, HERE)


async def test_whatever_is_wrong_the_refusal_is_the_same_and_a_password_is_computed(house: House) -> None:
    await set_up(house.context, "chief")
    await invited(house.context, "invited")
    gone = await set_up(house.context, "gone")
    await house.do(disable_operator, gone.operator.id, caller=await setup_caller(house.context))
    house.clock.now_ms += STEP_MS
    computed: list[bool] = []
    passwords = house.context.passwords

    class Counted:
        async def hash(self, password: str) -> str:
            return await passwords.hash(password)

        async def is_right(self, password: str, password_hash: str, *_: object, **__: object) -> bool:
            assert len(password) <= PASSWORD_MOST, "what is longer is not hashed"
            computed.append(True)
            return await passwords.is_right(password, password_hash)

    context = replace_passwords(house, Counted())
    code = code_of(house.context, gone.operator)
    tried = (
        ("nobody", PASSWORD, code),
        ("invited", "", code),
        ("gone", PASSWORD, code),
        ("chief", "wrong", code),
        ("chief", PASSWORD, "000000"),
        ("chief", PASSWORD, ""),
        ("", "", ""),
        ("x" * 5_000, PASSWORD, code),
        ("chief", "x" * 1_000_000, code),
    )
    words = set()
    for number, (name, password, typed) in enumerate(tried):
        with pytest.raises(SignInRefused) as refused:
            await sign_in(context, name, password, typed, SignInSource(f"192.0.2.{number}"))
        words.add((str(refused.value), refused.value.retry_after_s, refused.value.faults))
    assert len(words) == 1
    assert len(computed) == len(tried)


def replace_passwords(house: House, passwords: object) -> Context:
    return replace(house.context, passwords=passwords)  # type: ignore[arg-type]


async def test_where_there_is_no_operator_at_all_it_is_no_other_refusal(house: House) -> None:
    await fails(house.context, "ana")
    assert await house.context.storage.operators.house_id() is None, "and nothing is made for it"


async def test_who_is_shut_out_while_the_password_is_compared_is_not_let_in(house: House) -> None:
    await set_up(house.context, "chief")
    first = await set_up(house.context)
    house.clock.now_ms += STEP_MS
    caller = await setup_caller(house.context)
    passwords = house.context.passwords
    for change in (disable_operator, enable_operator, reset_operator):

        class Slow:
            async def is_right(
                self, password: str, password_hash: str, *_: object, change: object = change, is_known: bool
            ) -> bool:
                is_right = await passwords.is_right(password, password_hash)
                await house.do(change, first.operator.id, caller=caller)  # type: ignore[arg-type]
                return is_right

        with pytest.raises(SignInRefused):
            await signed_in(replace_passwords(house, Slow()), first.operator)
        assert await sessions_of(house.context, first.operator.id) == []


async def test_a_session_begun_before_signing_in_is_worth_nothing(house: House) -> None:
    """Nothing that a browser brought along becomes a session: the secret is made by signing in."""
    assert await session_of(house.context, "0" * 64) is None
    first = await set_up(house.context)
    assert await session_of(house.context, first.session.mark.hex()) is None, "nor is what the database has"
    assert await session_of(house.context, first.token[:-1] + "é") is None


async def test_an_operator_who_is_gone_signs_nobody_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operators are not deleted; whoever did it in the database has let nobody in by it."""
    first = await set_up(house.context)
    house.clock.now_ms += STEP_MS
    code = code_of(house.context, first.operator)

    async def nobody(*_: object) -> None:
        return None

    monkeypatch.setattr(type(house.context.storage.operators), "find", nobody)
    with pytest.raises(SignInRefused):
        await sign_in(house.context, "ana", PASSWORD, code, HERE)


async def test_a_reset_operator_keeps_neither_password_nor_authenticator(house: House) -> None:
    first = await set_up(house.context)
    link = await house.do(reset_operator, first.operator.id, caller=await setup_caller(house.context))
    assert await session_of(house.context, first.token) is None
    house.clock.now_ms += STEP_MS
    with pytest.raises(SignInRefused):
        await signed_in(house.context, first.operator)
    assert link.operator.code_secret != first.operator.code_secret
    assert not (await find_operator(house.context, first.operator.id)).is_set_up
    await use_link(house.context, link.token, "another " + PASSWORD, code_of(house.context, link.operator), HERE)


# ---- again ----


async def test_signing_in_again_ends_the_session_that_the_browser_had(house: House) -> None:
    first, bob = await set_up(house.context), await set_up(house.context, "bob")
    house.clock.now_ms += STEP_MS
    again = await signed_in(house.context, first.operator, replace(HERE, earlier_token=first.token))
    assert await session_of(house.context, first.token) is None
    assert again.session.source == HERE
    house.clock.now_ms += STEP_MS
    await signed_in(house.context, bob.operator, replace(HERE, earlier_token=again.token))
    assert await sessions_of(house.context, first.operator.id) == [], "whoever it was that sat there before"
    assert len(await sessions_of(house.context, bob.operator.id)) == 2, "his other browser goes on"
    ended = [entry for entry in await trail(house.context) if entry[0] == "session_ended"]
    assert ended == [
        ("session_ended", "operator:ana", first.operator.id, ("signed_in_again",)),
        ("session_ended", "operator:bob", first.operator.id, ("signed_in_again",)),
    ]
    house.clock.now_ms += STEP_MS
    await signed_in(house.context, first.operator, replace(HERE, earlier_token="0" * 64))


async def test_a_link_ends_the_session_before_it_too(house: House) -> None:
    first, link = await set_up(house.context), await invited(house.context, "bob")
    source = replace(HERE, earlier_token=first.token)
    await use_link(house.context, link.token, PASSWORD, code_of(house.context, link.operator), source)
    assert await session_of(house.context, first.token) is None
