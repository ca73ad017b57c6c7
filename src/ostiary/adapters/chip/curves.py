"""Elliptic curves whose numbers stand in the key instead of a name, as Doc 9303 part 12, 4.4.2, has it.

Three of four keys of real issuers are such. The numbers are compared as numbers with those of curves that are known,
every one of them, whatever bytes they are written in: leading zeros, seeds and compressed points differ between states.
A prime alone makes no curve: with a base point of one's own choosing anybody makes a key that fits anybody's public one
(CVE-2020-0601).
"""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec

from ostiary.adapters.chip.curve_numbers import CURVES, CurveNumbers
from ostiary.adapters.chip.tlv import OCTET_STRING, OID, SEQUENCE, Element, Malformed, elements, identifier, number

_PRIME_FIELD = "1.2.840.10045.1.1"


_BY_NUMBERS: Mapping[CurveNumbers, ec.EllipticCurve] = {numbers: curve for curve, numbers in CURVES.values()}


def curve_of(parameters: Element) -> ec.EllipticCurve | None:
    """The curve of a key's parameters, a name or numbers; None for one that is not known, or not quite."""
    if parameters.tag == OID:
        named = CURVES.get(identifier(parameters))
        return named and named[0]
    if parameters.tag != SEQUENCE:
        return None
    _, field, equation, base, order, *more = elements(parameters.value)
    kind, prime = elements(field.value)
    if identifier(kind) != _PRIME_FIELD or base.tag != OCTET_STRING:
        return None
    a, b = (int.from_bytes(each.value, "big") for each in list(elements(equation.value))[:2])  # then may come a seed
    point = _point(base.value, number(prime), a, b)
    if point is None or any(each.tag == 2 and number(each) != 1 for each in more):
        return None
    x, y = point
    return _BY_NUMBERS.get(CurveNumbers(p=number(prime), a=a, b=b, x=x, y=y, n=number(order)))


def _point(base: bytes, p: int, a: int, b: int) -> tuple[int, int] | None:
    """The coordinates of a base point in any encoding of X9.62, on one of the known primes."""
    numbers = next((each for each in _BY_NUMBERS if each.p == p), None)
    if numbers is None or not base:
        return None
    form, rest = base[0], base[1:]
    if form in (4, 6, 7) and len(rest) == 2 * numbers.size:
        return int.from_bytes(rest[: numbers.size], "big"), int.from_bytes(rest[numbers.size :], "big")
    if form in (2, 3) and len(rest) == numbers.size and (a, b) == (numbers.a, numbers.b):
        x = int.from_bytes(rest, "big")
        return (x, numbers.y) if x == numbers.x and numbers.y & 1 == form & 1 else None
    return None


def public_key(curve: ec.EllipticCurve, point: bytes) -> ec.EllipticCurvePublicKey:
    """The key at an encoded point. Raises Malformed for one that is not on the curve."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
    except ValueError:
        raise Malformed("the key is no point of its curve") from None
