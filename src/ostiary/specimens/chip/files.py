"""A chip's files as its issuer writes them: ICAO Doc 9303 part 10, 4.7.1, 4.7.11, 4.7.12 and 4.6.2."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from ostiary.adapters.chip.tlv import encoded
from ostiary.specimens.chip import der
from ostiary.specimens.chip.issuing import digest_id

LDS_CONTENT = "2.23.136.1.1.1"
SOD_TAG = 0x77


def zone_group(lines: tuple[str, ...]) -> bytes:
    """DG1."""
    return encoded(0x61, encoded(0x5F1F, "".join(lines).encode("ascii")))


def details_group(full_name: str, birth_date: date) -> bytes:
    """DG11: a name as `SURNAME<<GIVEN<NAMES`, and a whole date of birth."""
    listed = encoded(0x5C, bytes.fromhex("5f0e5f2b"))
    name, born = encoded(0x5F0E, full_name.encode()), encoded(0x5F2B, f"{birth_date:%Y%m%d}".encode())
    return encoded(0x6B, listed + name + born)


def issue_group(issued: date) -> bytes:
    """DG12: the day of issue."""
    return encoded(0x6C, encoded(0x5C, bytes.fromhex("5f26")) + encoded(0x5F26, f"{issued:%Y%m%d}".encode()))


def group_hashes(groups: Mapping[str, bytes], digest: str = "sha256") -> bytes:
    """The LDS security object over groups by their names (`dg1`)."""
    listed = (
        der.sequence(der.integer(int(name.removeprefix("dg"))), der.octets(hashlib.new(digest, content).digest()))
        for name, content in groups.items()
    )
    return der.sequence(der.integer(0), digest_id(digest), der.sequence(*listed))
