"""ICAO's directory as a file: LDIF (RFC 2849), as far as its public key directory uses it.

Master lists, signers' certificates and revocation lists are attributes in base64, folded over many lines. Names of
entries say nothing here: what counts is signed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from enum import StrEnum


class DirectoryAttribute(StrEnum):
    """The attributes that are read, in small letters, as options (`;binary`) are left out."""

    MASTER_LIST = "pkdmasterlistcontent"
    OLD_MASTER_LIST = "cscamasterlistdata"
    CERTIFICATE = "usercertificate"
    REVOCATIONS = "certificaterevocationlist"


_ATTRIBUTE = re.compile(rb"^([A-Za-z]+)(?:;[A-Za-z-]+)*:: *([A-Za-z0-9+/=]*)$")
_FOLDED = re.compile(rb"\r?\n ")


def is_ldif(content: bytes) -> bool:
    """Whether it begins as such a file does, comments and version aside."""
    lines = (line for line in content[:4_096].splitlines() if line.strip() and not line.startswith(b"#"))
    return next((line.lower().startswith((b"dn:", b"version:")) for line in lines), False)


def values_in(content: bytes) -> Iterator[tuple[DirectoryAttribute, bytes]]:
    """Each attribute that is read, decoded, in the file's order. What is no base64 is passed over."""
    for line in _FOLDED.sub(b"", content).splitlines():
        match = _ATTRIBUTE.match(line)
        if match is None:
            continue
        try:
            yield DirectoryAttribute(match[1].decode().lower()), base64.b64decode(match[2], validate=True)
        except (ValueError, binascii.Error):
            continue
