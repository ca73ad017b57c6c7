"""EF.SOD: the hashes of a chip's groups, signed by its issuer (ICAO Doc 9303 part 10, 4.6.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from ostiary.adapters.chip.signatures import digest_named
from ostiary.adapters.chip.signed_data import SignedData, read_signed_data
from ostiary.adapters.chip.tlv import SEQUENCE, Malformed, element, elements, members, number, octets
from ostiary.domain.chip.limits import MOST_GROUPS, ChipFile
from ostiary.domain.chip.reading import GroupFit

SOD_TAG = 0x77
_CONTENT_TYPES = frozenset({"2.23.136.1.1.1", "1.3.27.1.1.1", "1.2.840.113549.1.7.1"})
"""Doc 9303's; one that Belgium and France write; China's, which says `data`."""
GROUP_TAGS: Mapping[ChipFile, int] = {
    ChipFile.DG1: 0x61,
    ChipFile.DG2: 0x75,
    ChipFile.DG11: 0x6B,
    ChipFile.DG12: 0x6C,
    ChipFile.DG14: 0x6E,
    ChipFile.DG15: 0x6F,
}
"""Part 10, 4.7."""


@dataclass(frozen=True)
class SecurityObject:
    """The signed data, the hash that groups were hashed with, and each listed group's."""

    signed: SignedData
    digest: str
    hashes: Mapping[int, bytes]

    def lists(self, file: ChipFile) -> bool:
        """Whether the chip has a group, whether or not it was sent: the list is signed."""
        return int(file.removeprefix("dg")) in self.hashes

    def fit(self, file: ChipFile, content: bytes) -> GroupFit:
        """Whether a group's hash, over exactly what its length says, is the one that is listed."""
        listed = self.hashes.get(int(file.removeprefix("dg")))
        fits = listed is not None and hashlib.new(self.digest, group_bytes(file, content)).digest() == listed
        return GroupFit(str(file), listed is not None, fits)


def group_bytes(file: ChipFile, content: bytes) -> bytes:
    """A group's bytes without what readers append to it. Raises Malformed for another group's."""
    return element(content, GROUP_TAGS[file]).encoded


def read_security_object(content: bytes) -> SecurityObject:
    """From EF.SOD, with its tag or without. Raises Malformed, or UnsupportedForm for a hash that is not known."""
    outer = element(content)
    inner = outer.value if outer.tag == SOD_TAG else outer.encoded
    signed = read_signed_data(inner)
    if signed.content_type not in _CONTENT_TYPES:
        raise Malformed(f"signed data of the kind {signed.content_type}, which is no security object")
    _, algorithm, listed, *_ = members(signed.content, SEQUENCE)  # then the version of LDS, from 1.8 on
    hashes = dict[int, bytes]()
    for each in elements(listed.value):
        group, digest = members(each.encoded)
        if number(group) in hashes or not 1 <= number(group) <= MOST_GROUPS:
            raise Malformed(f"group {number(group)} listed twice, or one that there cannot be")
        hashes[number(group)] = octets(digest)
    return SecurityObject(signed, digest_named(algorithm.encoded), hashes)
