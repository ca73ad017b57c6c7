"""Operators with passkeys in tests of use cases: set up by links, signed in, adding others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ostiary.domain.operators.operator import Role
from ostiary.domain.operators.passkeys import Passkey
from ostiary.usecases.context import Context
from ostiary.usecases.operators.beginning import NewSession
from ostiary.usecases.operators.challenges import PasskeyAnswer, new_challenge
from ostiary.usecases.operators.passkey_sign_in import sign_in_by_passkey
from ostiary.usecases.operators.passkeys import (
    add_passkey,
    use_link_by_passkey,
)
from ostiary.usecases.operators.sessions import SignedIn, session_of
from tests.devices import SITE, Device
from tests.usecases.accounts import HERE, invited

BROWSER = "b" * 64


def answered(context: Context, sign: Callable[[str], str], browser: str = BROWSER) -> PasskeyAnswer:
    """What a browser sends that asked for a challenge just now."""
    challenge = new_challenge(context, browser)
    return PasskeyAnswer(SITE, BROWSER, challenge, sign(challenge))


async def let_in(context: Context, device: Device, name: str = "ana", role: Role = Role.ADMIN) -> NewSession:
    """An operator who has set a passkey up by the link."""
    link = await invited(context, name, role)
    answer = answered(context, lambda challenge: device.register(challenge, link.operator.id))
    return await use_link_by_passkey(context, link.token, answer, HERE)


async def comes(context: Context, device: Device, **odd: Any) -> NewSession:
    answer = answered(context, lambda challenge: device.sign(challenge, **odd))
    return await sign_in_by_passkey(context, answer, HERE)


async def inside(context: Context, session: NewSession) -> SignedIn:
    signed_in = await session_of(context, session.token)
    assert signed_in is not None
    return signed_in


async def adds(context: Context, session: NewSession, device: Device, name: str = "laptop") -> Passkey:
    signed_in = await inside(context, session)
    answer = answered(context, lambda challenge: device.register(challenge, signed_in.operator.id))
    return await add_passkey(context, signed_in, answer, name)
