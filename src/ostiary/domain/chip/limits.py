"""How much of a chip is looked at: bounds on what anybody may send, each well above what real chips hold."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ChipFile(StrEnum):
    """Files of a chip that are taken, by the names of ICAO Doc 9303 part 10. Fingerprints (DG3), irises (DG4) and what
    is optional besides are never taken."""

    SOD = "sod"
    DG1 = "dg1"
    DG2 = "dg2"
    DG11 = "dg11"
    DG12 = "dg12"
    DG14 = "dg14"
    DG15 = "dg15"


KB, MB = 1 << 10, 1 << 20
MOST_BYTES: Mapping[ChipFile, int] = {
    ChipFile.SOD: 64 * KB,
    ChipFile.DG1: 1 * KB,
    ChipFile.DG2: 1 * MB,
    ChipFile.DG11: 64 * KB,
    ChipFile.DG12: 64 * KB,
    ChipFile.DG14: 16 * KB,
    ChipFile.DG15: 16 * KB,
}
"""Real security objects take 1.4 to 2.7 KB, DG1 93 bytes, portraits some 15 KB, keys of DG14 and DG15 below 1 KB."""
MOST_ANSWER_BYTES = 1_024
"""Of a chip's answer to a challenge: as much as a signature with the largest RSA key has; those on curves take 141."""
MOST_CERTIFICATES = 8
"""In a security object. Real ones carry one, the signer's; some its issuer's as well."""
MOST_SIGNERS = 1
"""Doc 9303 part 10 asks for one signature; with two there would be a choice of whom to believe."""
MOST_GROUPS = 16
"""That a security object lists: there are no more (part 10, 4.6)."""
RSA_BITS = range(1_024, 8_192 + 1)
"""Of a modulus: real ones have 2,048 to 6,144. A larger one only costs time."""
RSA_EXPONENTS = range(3, (1 << 32) + 1)
"""Odd ones. Real ones are 3, 65537, and some five-digit numbers; the time to verify grows with its length."""
LEAST_RSA_BITS, LEAST_EC_BITS = 2_048, 224
"""Below these a signature proves little: Doc 9303 part 12, 4.4, asks for as much of signers of today."""
WEAK_DIGESTS = frozenset({"md5", "sha1"})
"""Two texts of one SHA-1 have been made on purpose since 2017."""
