"""Active authentication: the chip signs a challenge with a key that it never gives out, whose public half is DG15.

ICAO Doc 9303 part 11, 6.1: RSA signs by ISO/IEC 9796-2, scheme 1 (the message is partly in the signature, the challenge
is what follows it), keys on curves by ECDSA, written as r‖s, with the hash that DG14 names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from cryptography.hazmat.primitives.asymmetric import rsa

from ostiary.adapters.chip.groups import answering_key
from ostiary.adapters.chip.keys import PublicKey, UnsupportedForm
from ostiary.adapters.chip.security_object import GROUP_TAGS
from ostiary.adapters.chip.signatures import SignatureForm, read_form, verifies
from ostiary.adapters.chip.tlv import SEQUENCE, SET, element, encoded, identifier, members
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.chip.reading import PresenceState

_ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
_HEADER_PARTLY_RECOVERED = 0x6A  # ISO/IEC 9796-2, 8: 01, more data follows, padding ends at once
_TRAILER_OF_SHA1 = 0xBC
_TRAILERS: Mapping[int, str] = {0x33: "sha1", 0x34: "sha256", 0x35: "sha512", 0x36: "sha384", 0x38: "sha224"}
"""ISO/IEC 10118-3: the numbers of hashes, which stand before 0xCC."""
_DIGESTS = ("sha256", "sha1", "sha384", "sha512", "sha224")
"""Tried in turn where DG14 names none: chips of the first years have none, and sign with a hash of their own choice."""


def presence_of(files: Mapping[ChipFile, bytes], challenge: bytes, answer: bytes) -> PresenceState:
    """Whether the answer is the chip's. Never raises: what cannot be calculated with proves nothing, either way."""
    if not challenge or not answer or ChipFile.DG15 not in files:
        return PresenceState.NOT_TRIED
    try:
        key = answering_key(files[ChipFile.DG15])
        is_answered = _is_signed(key, files.get(ChipFile.DG14, b""), challenge, answer)
    except Exception:  # as everywhere with a chip's files: whoever finds a fault of ours gets no further by it
        return PresenceState.UNSUPPORTED
    return PresenceState.ANSWERED if is_answered else PresenceState.WRONG


def _is_signed(key: PublicKey, info: bytes, challenge: bytes, answer: bytes) -> bool:
    if isinstance(key.key, rsa.RSAPublicKey):
        return _recovers(key.key, challenge, answer)
    forms = [named] if (named := _named_form(info)) else [SignatureForm("r‖s", digest) for digest in _DIGESTS]
    return any(verifies(key, each, answer, challenge) for each in _written(forms))


def _written(forms: list[SignatureForm]) -> Iterator[SignatureForm]:
    """Some chips write the two numbers as DER does."""
    for form in forms:
        yield SignatureForm("r‖s", form.digest)
        yield SignatureForm("ecdsa", form.digest)


def _named_form(info: bytes) -> SignatureForm | None:
    """What DG14's ActiveAuthenticationInfo names, if it has one."""
    if not info:
        return None
    for each in members(element(info, GROUP_TAGS[ChipFile.DG14]).value, SET):
        kind, *rest = members(each.encoded)
        if identifier(kind) == _ACTIVE_AUTHENTICATION and len(rest) > 1:
            return read_form(encoded(SEQUENCE, rest[1].encoded))
    return None


def _recovers(key: rsa.RSAPublicKey, challenge: bytes, answer: bytes) -> bool:
    """ISO/IEC 9796-2, scheme 1: header, the message's first part, a hash over both parts, trailer."""
    numbers = key.public_numbers()
    if numbers.n.bit_length() % 8:
        raise UnsupportedForm("a modulus that does not fill its bytes")
    signature = int.from_bytes(answer, "big")
    if signature >= numbers.n:
        return False
    opened = pow(signature, numbers.e, numbers.n)
    size = numbers.n.bit_length() // 8
    return any(_fits(each.to_bytes(size, "big"), challenge) for each in (opened, numbers.n - opened))


def _fits(opened: bytes, challenge: bytes) -> bool:
    digest, trailer_bytes = ("sha1", 1) if opened[-1] == _TRAILER_OF_SHA1 else (_TRAILERS.get(opened[-2], ""), 2)
    if opened[0] != _HEADER_PARTLY_RECOVERED or not digest or (trailer_bytes == 2 and opened[-1] != 0xCC):
        return False
    body = opened[1:-trailer_bytes]
    size = hashlib.new(digest).digest_size
    first, hashed = body[:-size], body[-size:]
    return hashlib.new(digest, first + challenge).digest() == hashed
