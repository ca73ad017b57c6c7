"""Secrets of links and of sessions, as addresses and cookies carry them.

Each holds whose it is, since nothing is asked of the database without naming a company; but no id of ours stands in an
address: the company's is hidden under a keyed hash of the secret. Base64 for addresses (RFC 4648 section 5).
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from ostiary.domain.ids import ALPHABET, LENGTH, is_id
from ostiary.usecases.context import Context

LINK_SECRET_BYTES = 24
"""192 random bits: nobody guesses one of them, so no slow hash is needed."""
ID_BYTES = 24
"""An id is 190 bits."""
TOKEN_LETTERS = (LINK_SECRET_BYTES + ID_BYTES) * 4 // 3
"""Anything of another length is not looked at."""


def new_token(context: Context, company_id: str, secret: bytes = b"") -> str:
    """A secret of a company's client: letters, digits, `-` and `_`. Fresh, or made of `LINK_SECRET_BYTES` that nobody
    can guess."""
    secret = secret or context.random(LINK_SECRET_BYTES)
    number = 0
    for character in company_id:
        number = number * len(ALPHABET) + ALPHABET.index(character)
    return urlsafe_b64encode(secret + _hidden(context, secret, number.to_bytes(ID_BYTES, "big"))).decode()


def token_of_press(context: Context, company_id: str, link_token: str, press: str) -> str:
    """The secret of the session that one page's button begins: pressed twice, the same. Making it takes the link's,
    what stood in that page alone (`press`), and our key."""
    secret = context.cipher.lookup_hash("hosted", "press", link_token, press)[:LINK_SECRET_BYTES]
    return new_token(context, company_id, secret)


def company_of_token(context: Context, token: str) -> str | None:
    """Whose client's it is, should it be any good; None for what is no such secret."""
    if len(token) != TOKEN_LETTERS or not token.isascii():
        return None
    try:
        content = urlsafe_b64decode(token)
    except (ValueError, binascii.Error):
        return None
    if len(content) != LINK_SECRET_BYTES + ID_BYTES or urlsafe_b64encode(content).decode() != token:
        return None
    secret, hidden = content[:LINK_SECRET_BYTES], content[LINK_SECRET_BYTES:]
    number = int.from_bytes(_hidden(context, secret, hidden), "big")
    digits = list[str]()
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    company_id = "".join(reversed(digits))
    return company_id if number == 0 and is_id(company_id) else None


def _hidden(context: Context, secret: bytes, plain: bytes) -> bytes:
    """With a mask that only who has the keys can take off; twice is once back."""
    mask = context.cipher.lookup_hash("hosted", "mask", secret)[:ID_BYTES]
    return bytes(byte ^ cover for byte, cover in zip(plain, mask, strict=True))
