"""Challenges that a passkey signs, and what browsers answer.

A challenge is kept nowhere until it is used: it says itself when it was given, and to which browser, under a key of
ours. Its use is remembered for longer than it holds, so that of many uses, in whichever processes, one counts.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import field
from hmac import compare_digest

from ostiary.domain.companies.company import Company
from ostiary.domain.operators.passkeys import ANSWER_CHARACTERS, CHALLENGE_MS, PasskeyRefused, RelyingParty
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context
from ostiary.usecases.operators.attempts import spend

MOMENT_BYTES, CHANCE_BYTES = 8, 16
CHALLENGE_CHARACTERS = 100
"""Of 56 bytes in base64url; what is longer is not looked at."""


@value_type
class PasskeyAnswer:
    """What a browser sent. `browser` is the secret that ties it to its challenge, `credential` what the device said."""

    site: RelyingParty
    browser: str = field(repr=False)
    challenge: str = field(repr=False)
    credential: str = field(repr=False)


def new_challenge(context: Context, browser: str) -> str:
    """One for a browser, in base64url: whatever it is used for, it holds for five minutes and once."""
    given = context.now_ms().to_bytes(MOMENT_BYTES, "big") + context.random(CHANCE_BYTES)
    return urlsafe_b64encode(given + _seal(context, browser, given)).decode().rstrip("=")


async def take_challenge(context: Context, house: Company, browser: str, text: str) -> bytes:
    """Uses a challenge up, and gives its bytes. Raises PasskeyRefused for another browser's, one that is too old or
    was used, and anything else."""
    try:
        whole = urlsafe_b64decode(text[:CHALLENGE_CHARACTERS] + "=" * (-len(text[:CHALLENGE_CHARACTERS]) % 4))
    except ValueError:
        raise PasskeyRefused("challenge") from None
    given, seal = whole[: MOMENT_BYTES + CHANCE_BYTES], whole[MOMENT_BYTES + CHANCE_BYTES :]
    if not browser or not compare_digest(seal, _seal(context, browser, given)):
        raise PasskeyRefused("challenge")
    if abs(context.now_ms() - int.from_bytes(given[:MOMENT_BYTES], "big")) >= CHALLENGE_MS:
        raise PasskeyRefused("challenge_old")
    if not await spend(context, house, "challenge", given.hex()):
        raise PasskeyRefused("challenge_used")
    return whole


def _seal(context: Context, browser: str, given: bytes) -> bytes:
    return context.cipher.lookup_hash("operator", "challenge", browser, given)


def check_length(credential: str) -> None:
    """Raises PasskeyRefused."""
    if len(credential) > ANSWER_CHARACTERS:
        raise PasskeyRefused("too_long")
