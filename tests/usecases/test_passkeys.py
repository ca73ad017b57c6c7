"""Passkeys: who has one signs in with it, and nobody with anything that only looks like it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ostiary.domain.errors import SignInRefused, TooManyRequests
from ostiary.domain.operators.operator import Role
from ostiary.domain.operators.passkeys import ANSWER_CHARACTERS, CHALLENGE_MS
from ostiary.domain.operators.sign_in import ACCOUNT_FREE
from ostiary.domain.value import replace
from ostiary.usecases.operators.beginning import NewSession
from ostiary.usecases.operators.challenges import PasskeyAnswer, new_challenge
from ostiary.usecases.operators.directory import disable_operator, reset_operator
from ostiary.usecases.operators.passkey_sign_in import sign_in_by_passkey
from ostiary.usecases.operators.passkeys import (
    FIRST_NAME,
    passkeys_of,
    ways_of_all,
)
from ostiary.usecases.transaction import execute
from tests.auditing import faults
from tests.devices import SITE, Device
from tests.house import House
from tests.usecases.accounts import HERE, set_up, setup_caller, trail
from tests.usecases.passkey_accounts import BROWSER, adds, answered, comes, inside, let_in

# ---- what works ----


@pytest.mark.parametrize("kind", ["ES256", "EdDSA", "RS256"])
async def test_a_link_sets_a_passkey_up_and_the_passkey_signs_in_from_then_on(house: House, kind: str) -> None:
    device, context = Device(kind), house.context
    first = await let_in(context, device)
    assert (first.operator.link, first.operator.is_set_up) == (None, False)
    house.clock.now_ms += 1
    second = await comes(context, device)
    assert (await inside(context, second)).operator.name == "ana"
    [passkey] = await passkeys_of(context, first.operator.id)
    assert (passkey.name, passkey.sign_count, passkey.used_at_ms) == (FIRST_NAME, 1, house.clock.now_ms)
    assert await ways_of_all(context) == {first.operator.id: ("passkey",)}
    mark, who = passkey.reference, first.operator.id
    assert await trail(context) == [
        ("passkey_added", "operator:ana", who, (mark,)),
        ("signed_in", "operator:ana", who, ("link", mark)),
        ("signed_in", "operator:ana", who, ("passkey", mark)),
    ]
    assert faults(house.parts.store, house.parts.cipher) == {}


async def test_a_device_that_does_not_count_signs_in_as_often_as_it_likes(house: House) -> None:
    device = Device(counts=False)
    await let_in(house.context, device)
    for _ in range(3):
        await comes(house.context, device)


async def test_nothing_of_a_passkey_lies_in_the_clear(house: House) -> None:
    device = Device()
    session = await let_in(house.context, device)
    await adds(house.context, session, Device(credential_id=b"the second device"), "Ana's telephone")
    rows = repr(house.rows("SELECT * FROM operator_passkeys")) + repr(house.rows("SELECT * FROM audit_entries"))
    assert len(house.rows("SELECT * FROM operator_passkeys")) == 2
    assert not [word for word in ("telephone", "credential of", "second device") if word in rows.lower()]


# ---- what does not ----


@dataclass(frozen=True)
class Row:
    """An attempt: what is otherwise about it, and what the trail says that was wrong."""

    problem: str
    odd: dict[str, Any]


HOSTILE = {
    "a page of another origin": Row("origin", {"client": {"origin": "https://kyc.example.com.evil.example"}}),
    "the same host without encryption": Row("origin", {"client": {"origin": "http://kyc.example.com"}}),
    "another port": Row("origin", {"client": {"origin": "https://kyc.example.com:8443"}}),
    "a page within a page": Row("cross_origin", {"client": {"crossOrigin": True}}),
    "a page within a page, by its top": Row("cross_origin", {"client": {"topOrigin": "https://evil.example"}}),
    "another service's passkey": Row("relying_party", {"id": "example.com"}),
    "nobody proved to the device who he is": Row("user_verification", {"flags": 0x01}),
    "nobody was there": Row("signature", {"flags": 0x04}),
    "another challenge": Row("challenge", {"client": {"challenge": "AAAA"}}),
    "an answer to making a passkey": Row("type", {"client": {"type": "webauthn.create"}}),
    "a signature of something else": Row("signature", {"signature": Device()._signed(b"something else")}),
    "no signature": Row("signature", {"signature": b"\0"}),
    "another operator's name on it": Row("operator", {"operator_id": "0" * 32}),
    "no name on it": Row("operator", {"operator_id": ""}),
    "a counter that goes back": Row("counter", {"count": 4}),
    "a counter that stands still": Row("counter", {"count": 5}),
    "a counter that is gone": Row("counter", {"count": 0}),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_only_looks_like_it_signs_nobody_in(house: House, name: str) -> None:
    row, device, context = HOSTILE[name], Device(count=5), house.context
    first = await let_in(context, device)
    with pytest.raises(SignInRefused):
        await comes(context, device, **row.odd)
    entries = await trail(context)
    whose = "unknown" if row.problem == "operator" else first.operator.id
    assert entries[-1] == ("sign_in_failed", "operator:", whose, ("attempt_1", row.problem))
    kept_back = [entry[0] for entry in entries if entry[0] == "passkey_counter_back"]
    assert kept_back == ["passkey_counter_back"] * (row.problem == "counter")
    device.count = 9
    await comes(context, device)  # the real one still does


async def test_an_unknown_one_and_anothers_credential_sign_nobody_in(house: House) -> None:
    context, device, other = house.context, Device(), Device(credential_id=b"another's")
    await let_in(context, device)
    stranger = Device(credential_id=b"never seen", operator_id=device.operator_id)
    with pytest.raises(SignInRefused):
        await comes(context, stranger)
    assert (await trail(context))[-1][2:] == ("unknown", ("attempt_1", "unknown"))
    await let_in(context, other, "bob", Role.VIEWER)
    forged = Device(credential_id=device.credential_id, operator_id=device.operator_id, key=other.key)
    with pytest.raises(SignInRefused):  # bob's key under ana's credential id
        await comes(context, forged)
    forged = Device(credential_id=other.credential_id, operator_id=device.operator_id, key=other.key)
    with pytest.raises(SignInRefused):  # bob's passkey, which says that it is ana's
        await comes(context, forged)
    assert (await trail(context))[-1][2:] == ("unknown", ("attempt_3", "operator"))


@pytest.mark.parametrize("credential", [
    "", "{", "[]", "null", '{"rawId": 5}', '{"rawId": "", "response": {}}', '{"rawId": "!!", "response": {}}',
    '{"rawId": "AAAA", "response": {"userHandle": "w6k"}}', "[" * 10_000, '{"rawId": "' + "A" * 1_400 + '"}',
    "x" * (ANSWER_CHARACTERS + 1),
])  # fmt: skip
async def test_what_is_no_answer_signs_nobody_in(house: House, credential: str) -> None:
    await let_in(house.context, Device())
    with pytest.raises(SignInRefused):
        await sign_in_by_passkey(house.context, answered(house.context, lambda _: credential), HERE)
    problem = "too_long" if len(credential) > ANSWER_CHARACTERS else "malformed"
    assert (await trail(house.context))[-1][3] == ("attempt_1", problem)


@pytest.mark.parametrize("content", [b"", bytes(36), bytes(4_000), b"\xff" * 37])
async def test_what_no_device_says_signs_nobody_in(house: House, content: bytes) -> None:
    device = Device()
    await let_in(house.context, device)
    with pytest.raises(SignInRefused):
        await comes(house.context, device, content=content)


SPOILT: dict[str, Callable[[PasskeyAnswer], PasskeyAnswer]] = {
    "another browser's": lambda answer: replace(answer, browser="x" * 64),
    "no browser's": lambda answer: replace(answer, browser=""),
    "with letters that are none": lambda answer: replace(answer, challenge="é" + answer.challenge),
    "far too long": lambda answer: replace(answer, challenge=answer.challenge + "A" * 5_000),
    "of another moment": lambda answer: replace(answer, challenge="AAAC" + answer.challenge[4:]),
    "none": lambda answer: replace(answer, challenge=""),
}


@pytest.mark.parametrize("name", SPOILT)
async def test_a_challenge_that_this_browser_was_not_given_signs_nobody_in(house: House, name: str) -> None:
    device = Device()
    await let_in(house.context, device)
    with pytest.raises(SignInRefused):
        await sign_in_by_passkey(house.context, SPOILT[name](answered(house.context, device.sign)), HERE)
    assert (await trail(house.context))[-1][3] == ("attempt_1", "challenge")


async def test_a_challenge_holds_once_and_for_five_minutes(house: House) -> None:
    context, device = house.context, Device()
    await let_in(context, device)
    used, old, last = (answered(context, device.sign) for _ in range(3))
    await sign_in_by_passkey(context, used, HERE)
    house.clock.now_ms += CHALLENGE_MS - 1
    with pytest.raises(SignInRefused):
        await sign_in_by_passkey(context, used, HERE)
    assert (await trail(context))[-1][3] == ("attempt_1", "challenge_used")
    await sign_in_by_passkey(context, last, HERE)
    house.clock.now_ms += 1
    with pytest.raises(SignInRefused):
        await sign_in_by_passkey(context, old, HERE)
    assert (await trail(context))[-1][3] == ("attempt_1", "challenge_old")


async def test_a_challenge_is_used_up_by_a_failure_too(house: House) -> None:
    device = Device()
    await let_in(house.context, device)
    challenge = new_challenge(house.context, BROWSER)
    tries: tuple[tuple[str, dict[str, Any]], ...] = (("signature", {"signature": b"x"}), ("challenge_used", {}))
    for problem, odd in tries:
        answer = PasskeyAnswer(SITE, BROWSER, challenge, device.sign(challenge, **odd))
        with pytest.raises(SignInRefused):
            await sign_in_by_passkey(house.context, answer, HERE)
        assert (await trail(house.context))[-1][3][1] == problem


async def test_of_many_uses_of_one_answer_at_once_one_signs_in(house: House) -> None:
    device = Device(counts=False)
    first = await let_in(house.context, device)
    answer = answered(house.context, device.sign)
    tries = [sign_in_by_passkey(house.context, answer, HERE) for _ in range(4)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, SignInRefused) for each in ended) == 3
    assert [each.operator.id for each in ended if isinstance(each, NewSession)] == [first.operator.id]


async def test_who_is_disabled_or_reset_does_not_come_in_by_a_passkey(house: House) -> None:
    context, device = house.context, Device()
    await set_up(context, "chief")
    first = await let_in(context, device)
    caller = await setup_caller(context)
    await execute(context, caller, lambda: reset_operator(context, caller, first.operator.id))
    assert await passkeys_of(context, first.operator.id) == []
    with pytest.raises(SignInRefused):
        await comes(context, device)
    assert (await trail(context))[-1][3] == ("attempt_1", "unknown")
    other = Device(credential_id=b"bob's")
    bob = await let_in(context, other, "bob")
    await execute(context, caller, lambda: disable_operator(context, caller, bob.operator.id))
    with pytest.raises(SignInRefused):
        await comes(context, other)
    assert (await trail(context))[-1][3] == ("attempt_2", "disabled")
    assert faults(house.parts.store, house.parts.cipher) == {}


async def test_failures_are_counted_by_address_and_a_success_takes_them_back(house: House) -> None:
    context, device = house.context, Device()
    await let_in(context, device)
    for _ in range(ACCOUNT_FREE - 1):
        with pytest.raises(SignInRefused):
            await comes(context, device, signature=b"\0")
    await comes(context, device)
    for _ in range(ACCOUNT_FREE):
        with pytest.raises(SignInRefused):
            await comes(context, device, signature=b"\0")
    with pytest.raises(TooManyRequests):
        await comes(context, device)
    elsewhere = replace(HERE, address="198.51.100.1")
    await sign_in_by_passkey(context, answered(context, device.sign), elsewhere)


async def test_before_there_is_anybody_nobody_signs_in(house: House) -> None:
    with pytest.raises(SignInRefused):
        await comes(house.context, Device())
    assert await ways_of_all(house.context) == {}
    assert await passkeys_of(house.context, "0" * 32) == []
