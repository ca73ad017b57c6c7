"""Which passkeys somebody has: set up by a link, added, renamed, removed; never without proof, and never all."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from ostiary.domain.errors import InvalidState, LinkRefused, NotFound, SignInRefused, ValidationFailed
from ostiary.domain.operators.operator import LinkKind, Operator, Role
from ostiary.domain.operators.passkeys import MOST_PASSKEYS
from ostiary.domain.operators.sessions import FRESH_MS
from ostiary.domain.value import replace
from ostiary.usecases.operators.challenges import PasskeyAnswer
from ostiary.usecases.operators.directory import sandbox_link
from ostiary.usecases.operators.passkeys import (
    add_passkey,
    passkeys_of,
    remove_passkey,
    rename_passkey,
    use_link_by_passkey,
    ways_of_all,
)
from ostiary.usecases.transaction import execute
from tests.auditing import faults
from tests.devices import SITE, Device
from tests.house import House
from tests.usecases.accounts import HERE, invited, set_up, setup_caller, trail
from tests.usecases.passkey_accounts import BROWSER, adds, answered, comes, inside, let_in

THERE = PasskeyAnswer(SITE, BROWSER, "", "")

# ---- setting up ----


ODD_DEVICES: dict[str, dict[str, Any]] = {
    "origin": {"client": {"origin": "https://evil.example"}},
    "relying_party": {"id": "evil.example"},
    "user_verification": {"flags": 0x41},
    "type": {"client": {"type": "webauthn.get"}},
    "challenge": {"client": {"challenge": "AAAA"}},
    "cross_origin": {"client": {"crossOrigin": True}},
    "attestation": {"fmt": "fido-u2f"},
    "malformed": {"cose": {1: 2, 3: -47, -1: 8, -2: bytes(32), -3: bytes(32)}},
}


@pytest.mark.parametrize("problem", ODD_DEVICES)
async def test_a_device_that_does_not_prove_itself_sets_nothing_up_and_the_link_holds(
    house: House, problem: str
) -> None:
    context, device = house.context, Device()
    link = await invited(context)
    odd = ODD_DEVICES[problem]
    answer = answered(context, lambda challenge: device.register(challenge, link.operator.id, **odd))
    with pytest.raises(ValidationFailed) as refused:
        await use_link_by_passkey(context, link.token, answer, HERE)
    assert f"({problem})" in refused.value.faults[0].message
    good = answered(context, lambda challenge: device.register(challenge, link.operator.id))
    await use_link_by_passkey(context, link.token, good, HERE)
    with pytest.raises(LinkRefused):
        await use_link_by_passkey(context, link.token, good, HERE)


async def test_of_two_uses_of_a_link_one_sets_up(house: House) -> None:
    link = await invited(house.context)
    devices = [Device(credential_id=bytes([number]) * 20) for number in range(3)]
    makes = [partial(device.register, operator_id=link.operator.id) for device in devices]
    answers = [answered(house.context, make) for make in makes]
    uses = [use_link_by_passkey(house.context, link.token, answer, HERE) for answer in answers]
    ended = await asyncio.gather(*uses, return_exceptions=True)
    assert sum(isinstance(each, LinkRefused) for each in ended) == 2
    assert len(await passkeys_of(house.context, link.operator.id)) == 1


async def test_a_link_that_signs_in_sets_no_passkey_up(house: House) -> None:
    caller = await setup_caller(house.context)
    link = await execute(house.context, caller, lambda: sandbox_link(house.context, caller))
    assert link.operator.link is not None
    assert link.operator.link.kind is LinkKind.SIGNS_IN
    answer = answered(house.context, lambda challenge: Device().register(challenge, link.operator.id))
    with pytest.raises(InvalidState):
        await use_link_by_passkey(house.context, link.token, answer, HERE)


# ---- one's own ----


async def test_another_is_added_named_and_signs_in_too(house: House) -> None:
    context, second = house.context, Device(credential_id=b"second")
    session = await set_up(context)
    passkey = await adds(context, session, second, "laptop")
    assert await ways_of_all(context) == {session.operator.id: ("password", "passkey")}
    signed_in = await inside(context, session)
    await rename_passkey(context, signed_in, passkey.mark, "blue key")
    assert [each.name for each in await passkeys_of(context, session.operator.id)] == ["blue key"]
    assert (await comes(context, second)).operator.id == session.operator.id
    await remove_passkey(context, signed_in, passkey.mark)
    with pytest.raises(SignInRefused):
        await comes(context, second)
    done = [entry[0] for entry in await trail(context)]
    assert [each for each in done if each.startswith("passkey_")] == [
        "passkey_added",
        "passkey_renamed",
        "passkey_removed",
    ]
    assert faults(house.parts.store, house.parts.cipher) == {}


@pytest.mark.parametrize("name", ["", "x" * 61, "two\nlines", "hid\u200bden", "odd\u2003blank"])
async def test_a_name_that_cannot_be_shown_is_refused(house: House, name: str) -> None:
    session = await set_up(house.context)
    with pytest.raises(ValidationFailed):
        await adds(house.context, session, Device(), name)
    passkey = await adds(house.context, session, Device())
    with pytest.raises(ValidationFailed):
        await rename_passkey(house.context, await inside(house.context, session), passkey.mark, name)


async def test_a_session_that_is_not_fresh_changes_no_way_to_sign_in(house: House) -> None:
    session = await set_up(house.context)
    passkey = await adds(house.context, session, Device())
    house.clock.now_ms += FRESH_MS
    with pytest.raises(InvalidState, match="Sign in again"):
        await adds(house.context, session, Device(credential_id=b"a thief's"))
    with pytest.raises(InvalidState, match="Sign in again"):
        await remove_passkey(house.context, await inside(house.context, session), passkey.mark)
    await rename_passkey(house.context, await inside(house.context, session), passkey.mark, "old one")


async def test_the_last_way_to_sign_in_is_not_removed(house: House) -> None:
    context = house.context
    session = await let_in(context, Device())
    signed_in = await inside(context, session)
    [first] = await passkeys_of(context, session.operator.id)
    with pytest.raises(InvalidState, match="only way"):
        await remove_passkey(context, signed_in, first.mark)
    second = await adds(context, session, Device(credential_id=b"second"))
    ends = [remove_passkey(context, signed_in, each.mark) for each in (first, second)]
    ended = await asyncio.gather(*ends, return_exceptions=True)
    assert sum(isinstance(each, InvalidState) for each in ended) == 1
    assert len(await passkeys_of(context, session.operator.id)) == 1


async def test_nobody_changes_anothers_passkey_nor_one_that_is_over(house: House) -> None:
    context = house.context
    ana, bob = await set_up(context), await set_up(context, "bob", Role.VIEWER)
    passkey = await adds(context, ana, Device())
    for who in (bob, ana):
        signed_in = await inside(context, who)
        if who is ana:
            await remove_passkey(context, signed_in, passkey.mark)
        with pytest.raises(NotFound):
            await remove_passkey(context, signed_in, passkey.mark)
        with pytest.raises(NotFound):
            await rename_passkey(context, signed_in, passkey.mark, "mine")


async def test_a_credential_is_one_operators_and_there_are_so_many(house: House) -> None:
    context = house.context
    ana, bob = await set_up(context), await set_up(context, "bob", Role.VIEWER)
    for number in range(MOST_PASSKEYS):
        await adds(context, ana, Device(credential_id=bytes([number]) * 16))
    with pytest.raises(ValidationFailed):
        await adds(context, bob, Device(credential_id=bytes(16)))
    with pytest.raises(InvalidState, match=f"{MOST_PASSKEYS} passkeys"):
        await adds(context, ana, Device(credential_id=b"one more"))


async def test_who_comes_by_a_provider_has_no_passkeys(house: House) -> None:
    session = await set_up(house.context)
    vouched: Operator = replace(session.operator, identity="corporate u-1")
    signed_in = replace(await inside(house.context, session), operator=vouched)
    with pytest.raises(InvalidState, match="identity provider"):
        await add_passkey(house.context, signed_in, THERE, "mine")
    with pytest.raises(InvalidState, match="identity provider"):
        await remove_passkey(house.context, signed_in, b"")
