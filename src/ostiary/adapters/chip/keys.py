"""Public keys as certificates hold them: RSA, and elliptic curves named or written out.

Only arithmetic is asked of the library `cryptography`: three of four of these curves' keys it does not read itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ostiary.adapters.chip.curves import curve_of, public_key
from ostiary.adapters.chip.tlv import Element, Malformed, bits, elements, identifier, members
from ostiary.domain.chip.limits import RSA_BITS, RSA_EXPONENTS

_RSA = ("1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10")  # also where a key is for PSS alone
_EC = "1.2.840.10045.2.1"
RsaOrCurveKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


class UnsupportedForm(ValueError):
    """Well-formed, as far as is seen, and still nothing that we calculate with; the message says what."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key, its kind (`rsa`, `ec`), its length in bits, and the curve's name (empty for RSA)."""

    key: RsaOrCurveKey
    kind: str
    bits: int
    curve: str = ""


def read_key(encoded: bytes) -> PublicKey:
    """From a SubjectPublicKeyInfo in DER. Raises Malformed, or UnsupportedForm for another kind, curve or size."""
    algorithm, key = members(encoded)
    kind, *parameters = elements(algorithm.value)
    name = identifier(kind)
    if name in _RSA:
        return _rsa(bits(key))
    if name == _EC and parameters:
        return _ec(parameters[0], bits(key))
    raise UnsupportedForm(f"a key of the kind {name}")


def _rsa(key: bytes) -> PublicKey:
    modulus, exponent = (int.from_bytes(each.value, "big") for each in members(key))
    size = modulus.bit_length()
    if size not in RSA_BITS or exponent not in RSA_EXPONENTS or not exponent & 1 or not modulus & 1:
        raise UnsupportedForm(f"an RSA key of {size} bits with an exponent of {exponent.bit_length()} bits")
    return PublicKey(rsa.RSAPublicNumbers(exponent, modulus).public_key(), "rsa", size)


def _ec(parameters: Element, point: bytes) -> PublicKey:
    try:
        curve = curve_of(parameters)
    except ValueError as fault:
        raise Malformed(f"a curve that cannot be read: {fault}") from None
    if curve is None:
        raise UnsupportedForm("a curve that is none of those known")
    return PublicKey(public_key(curve, point), "ec", curve.key_size, curve.name)
