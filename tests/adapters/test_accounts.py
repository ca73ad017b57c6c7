"""Passwords and codes as they are computed: Argon2id away from the event loop, and time-based codes."""

from __future__ import annotations

import asyncio
import hmac
import re
import struct
from base64 import b32encode
from collections.abc import Iterator
from hashlib import sha1

import pytest

from ostiary.adapters.accounts import passwords as module
from ostiary.adapters.accounts.codes import STEP_S, AuthenticatorCodes
from ostiary.adapters.accounts.passwords import (
    AT_ONCE,
    MOST_OF_ADDRESS,
    MOST_WAITING,
    STRANGERS_WAITING,
    Argon2Passwords,
)
from ostiary.domain.errors import TooManyRequests
from tests.lighter import REAL
from tests.material import NOW_MS

PASSWORD = "correct horse battery"
SECRET = b32encode(b"12345678901234567890").decode()
CODES = AuthenticatorCodes()
NOW_STEP = NOW_MS // 1000 // STEP_S


@pytest.fixture
def _real_price(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's own, for what is about it; how many wait is the same at any."""
    hasher, unused = REAL
    monkeypatch.setattr(module, "_hasher", hasher)
    monkeypatch.setattr(module, "_unused", unused)


@pytest.fixture
def passwords() -> Iterator[Argon2Passwords]:
    opened = Argon2Passwords()
    yield opened
    opened.close()


# ---- passwords ----


@pytest.mark.usefixtures("_real_price")
async def test_a_hash_says_its_parameters_and_opens_for_its_password_alone(passwords: Argon2Passwords) -> None:
    encoded = await passwords.hash(PASSWORD)
    assert encoded.startswith(f"$argon2id$v=19$m={19 * 1024},t=2,p=1$")
    assert encoded != await passwords.hash(PASSWORD), "each has a salt of its own"
    assert await passwords.is_right(PASSWORD, encoded)
    assert not await passwords.is_right(PASSWORD + " ", encoded)


async def test_a_password_is_the_same_however_its_letters_are_put_together(passwords: Argon2Passwords) -> None:
    assert await passwords.is_right("jose\u0301 \ufb01n de semana", await passwords.hash("josé fin de semana"))


async def test_half_a_letter_is_no_fault(passwords: Argon2Passwords) -> None:
    assert not await passwords.is_right("\ud800" * 12, await passwords.hash(PASSWORD))


@pytest.mark.parametrize("stored", ["", "no hash at all", "$argon2id$v=19$m=8,t=1,p=1$AAAA"])
async def test_what_is_no_hash_has_no_password(passwords: Argon2Passwords, stored: str) -> None:
    assert not await passwords.is_right("", stored)
    assert not await passwords.is_right(PASSWORD, stored)


@pytest.mark.usefixtures("_real_price")
async def test_nobodys_hash_costs_as_much_as_somebodys(
    passwords: Argon2Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what is computed, not by a clock: a busy machine has another time for everything."""
    verified: list[str] = []
    real = module._hasher().verify

    def verify(_: object, encoded: str, plain: bytes) -> bool:
        verified.append(encoded)
        return real(encoded, plain)

    monkeypatch.setattr(type(module._hasher()), "verify", verify)
    encoded = await passwords.hash(PASSWORD)
    for stored in (encoded, ""):
        assert await passwords.is_right(PASSWORD, stored) is bool(stored)
    costs = [re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$[^$]{22}\$[^$]{43}$", each) for each in verified]
    assert [cost.groups() for cost in costs if cost] == [("19456", "2", "1")] * 2


async def test_only_a_few_are_computed_at_once_and_a_flood_is_sent_away(passwords: Argon2Passwords) -> None:
    most = AT_ONCE + MOST_WAITING
    asked = [asyncio.create_task(passwords.is_right("x" * 12, "", is_known=True)) for _ in range(most + 5)]
    ended = await asyncio.gather(*asked, return_exceptions=True)
    refused = [each for each in ended if isinstance(each, TooManyRequests)]
    assert len(refused) == 5
    assert all(each.retry_after_s for each in refused)
    assert not await passwords.is_right(PASSWORD, ""), "afterwards there is room again"


async def test_a_crowd_of_strangers_leaves_places_to_who_is_known(passwords: Argon2Passwords) -> None:
    most = AT_ONCE + STRANGERS_WAITING
    asked = [passwords.is_right("x" * 12, "", bytes([number])) for number in range(most + 3)]
    friends = [passwords.is_right("x" * 12, "", b"known", is_known=True) for _ in range(3)]
    ended = await asyncio.gather(*asked, *friends, return_exceptions=True)
    assert [isinstance(each, TooManyRequests) for each in ended] == [False] * most + [True] * 3 + [False] * 3


async def test_a_flood_from_one_address_leaves_places_to_others(passwords: Argon2Passwords) -> None:
    asked = [passwords.is_right("x" * 12, "", b"flood") for _ in range(100)]
    ended = await asyncio.gather(*asked, passwords.is_right("x" * 12, "", b"other"), return_exceptions=True)
    refused = [isinstance(each, TooManyRequests) for each in ended]
    assert refused == [False] * MOST_OF_ADDRESS + [True] * (100 - MOST_OF_ADDRESS) + [False]
    assert not await passwords.is_right(PASSWORD, "", b"flood"), "afterwards there is room again"


# ---- codes ----


def code_at(step: int) -> str:
    """RFC 4226 section 5.3 under RFC 6238, by the standard library."""
    digest = hmac.digest(b"12345678901234567890", struct.pack(">Q", step), sha1)
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")])
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    """Its appendix B, whose eight digits end in these six."""
    assert CODES.step_of(SECRET, code, seconds * 1000, 0) == seconds // STEP_S


@pytest.mark.parametrize(("away", "expected"), [(-2, None), (-1, -1), (0, 0), (1, 1), (2, None)])
def test_a_code_may_be_of_the_step_before_or_after(away: int, expected: int | None) -> None:
    step = CODES.step_of(SECRET, code_at(NOW_STEP + away), NOW_MS, 0)
    assert step == (None if expected is None else NOW_STEP + expected)


@pytest.mark.parametrize("after", [0, 1, 500])
def test_a_step_that_was_used_or_lies_before_one_is_not_taken(after: int) -> None:
    assert CODES.step_of(SECRET, code_at(NOW_STEP), NOW_MS, NOW_STEP + after) is None
    assert CODES.step_of(SECRET, code_at(NOW_STEP), NOW_MS, NOW_STEP - 1) == NOW_STEP


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "0" * 5_000])
def test_what_is_no_six_digits_is_no_code(code: str) -> None:
    assert CODES.step_of(SECRET, code, NOW_MS, 0) is None


def test_blanks_in_a_code_do_not_matter() -> None:
    code = code_at(NOW_STEP)
    assert CODES.step_of(SECRET, f" {code[:3]} {code[3:]}\n", NOW_MS, 0) == NOW_STEP


def test_an_authenticator_is_told_whose_codes_they_are() -> None:
    address = CODES.address(SECRET, "ana pérez")
    assert address == f"otpauth://totp/Ostiary:ana%20p%C3%A9rez?secret={SECRET}&issuer=Ostiary"
