"""Operators in tests of use cases: let in, set up, and signed in, as people do it."""

from __future__ import annotations

import pyotp
import pytest

from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import SignInRefused
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.operators.sessions import SignInSource
from ostiary.usecases.context import Context
from ostiary.usecases.operators import directory
from ostiary.usecases.operators.beginning import NewSession
from ostiary.usecases.operators.directory import NewLink, create_operator
from ostiary.usecases.operators.sign_in import sign_in, use_link
from ostiary.usecases.transaction import execute

PASSWORD = "correct horse battery"
HERE = SignInSource("203.0.113.7", "a browser")
ELSEWHERE = SignInSource("198.51.100.9", "another browser")
STEP_MS = 30_000


async def setup_caller(context: Context) -> Caller:
    """Somebody at the command line."""
    return Caller(await directory.house(context), "operator:setup", directory.OPERATOR_LEVEL)


async def invited(context: Context, name: str = "ana", role: Role = Role.ADMIN, *companies: str) -> NewLink:
    """A link that was not used yet."""
    caller = await setup_caller(context)
    return await execute(context, caller, lambda: create_operator(context, caller, name, role, companies))


def code_of(context: Context, operator: Operator) -> str:
    """What the operator's authenticator shows now."""
    return pyotp.TOTP(operator.code_secret).generate_otp(context.now_ms() // STEP_MS)


async def set_up(context: Context, name: str = "ana", role: Role = Role.ADMIN, *companies: str) -> NewSession:
    """An operator who has just chosen password and authenticator."""
    link = await invited(context, name, role, *companies)
    return await use_link(context, link.token, PASSWORD, code_of(context, link.operator), HERE)


async def signed_in(
    context: Context, operator: Operator, source: SignInSource = HERE, password: str = PASSWORD
) -> NewSession:
    """By name, password and the code of now."""
    return await sign_in(context, operator.name, password, code_of(context, operator), source)


async def fails(context: Context, name: str, source: SignInSource = HERE, code: str = "000000") -> None:
    with pytest.raises(SignInRefused):
        await sign_in(context, name, "wrong " * 3, code, source)


async def trail(context: Context) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """What is on record of operators, but how they were let in."""
    own = await directory.house(context)
    entries = await context.storage.audit.entries(own.id, own.id)
    setting_up = ("company_created", "operator_created")
    return [(each.action, each.actor, each.subject, each.codes) for each in entries if each.action not in setting_up]
