"""Operators are let in, sign in, and are shut out."""

from __future__ import annotations

import pyotp
import pytest

from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import LinkRefused, SignInRefused, TooManyRequests, ValidationFailed
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.operators.sessions import SignInSource
from ostiary.domain.operators.sign_in import ACCOUNT_FREE
from ostiary.usecases.operators import directory
from ostiary.usecases.operators.directory import NewLink, create_operator
from ostiary.usecases.operators.sessions import session_of
from ostiary.usecases.operators.sign_in import NewSession, look_at_link, sign_in, use_link
from tests.house import House

PASSWORD = "correct horse battery"
HERE = SignInSource("203.0.113.7", "a browser")


async def caller_of(house: House) -> Caller:
    return Caller(await directory.house(house.context), "operator:setup", 5)


async def created(house: House, name: str = "ana", role: Role = Role.ADMIN) -> NewLink:
    return await house.do(create_operator, name, role, (), caller=await caller_of(house))


def code_of(house: House, operator: Operator) -> str:
    return pyotp.TOTP(operator.code_secret).generate_otp(house.clock.now_ms // 30_000)


async def set_up(house: House, name: str = "ana", role: Role = Role.ADMIN) -> NewSession:
    link = await created(house, name, role)
    return await use_link(house.context, link.token, PASSWORD, code_of(house, link.operator), HERE)


async def test_a_link_sets_password_and_authenticator_up_and_is_used_up(house: House) -> None:
    link = await created(house)
    view = await look_at_link(house.context, link.token)
    assert (view.name, view.sets_up) == ("ana", True)
    assert view.code_address.startswith("otpauth://totp/Ostiary:ana?secret=")
    with pytest.raises(ValidationFailed):
        await use_link(house.context, link.token, "short", "000000", HERE)
    session = await use_link(house.context, link.token, PASSWORD, code_of(house, link.operator), HERE)
    signed_in = await session_of(house.context, session.token)
    assert signed_in is not None
    assert signed_in.operator.name == "ana"
    with pytest.raises(LinkRefused):
        await look_at_link(house.context, link.token)


async def test_name_password_and_code_sign_in_and_a_code_is_taken_once(house: House) -> None:
    first = await set_up(house)
    with pytest.raises(SignInRefused):
        await sign_in(house.context, "ana", PASSWORD, code_of(house, first.operator), HERE)
    house.clock.now_ms += 60_000
    second = await sign_in(house.context, "ANA", PASSWORD, code_of(house, first.operator), HERE)
    assert second.token != first.token


async def test_who_fails_too_often_waits(house: House) -> None:
    first = await set_up(house)
    house.clock.now_ms += 60_000
    for _ in range(ACCOUNT_FREE):
        with pytest.raises(SignInRefused):
            await sign_in(house.context, "ana", "wrong", code_of(house, first.operator), HERE)
    with pytest.raises(TooManyRequests) as problem:
        await sign_in(house.context, "ana", PASSWORD, code_of(house, first.operator), HERE)
    assert problem.value.retry_after_s == 2
    house.clock.now_ms += 2_000
    await sign_in(house.context, "ana", PASSWORD, code_of(house, first.operator), HERE)
