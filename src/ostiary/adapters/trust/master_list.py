"""Master lists: the certificates of many countries, signed by one of them (ICAO Doc 9303 part 12, 9).

Anybody can make a list that agrees with itself, with a signer and a country's certificate of his own. So a list never
vouches for itself: who signed it is certified by an anchor that the operator names, or that is in the store already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ostiary.adapters.chip.certificates import ChipCertificate, read_certificate
from ostiary.adapters.chip.chain import did_sign
from ostiary.adapters.chip.signed_data import SignedData, check_signature, read_signed_data
from ostiary.adapters.chip.tlv import SET, Malformed, elements, members, number
from ostiary.domain.chip.countries import is_same_country
from ostiary.domain.chip.limits import MB
from ostiary.domain.chip.purposes import MASTER_LIST_SIGNER
from ostiary.domain.chip.reading import SignatureState

CONTENT_TYPE = "2.23.136.1.1.2"
MOST_LIST_BYTES = 8 * MB
"""Lists of today have 0.6 to 0.9 MB."""
MOST_LIST_CERTIFICATES = 5_000
"""Lists of today have 400 to 600."""


@dataclass(frozen=True)
class MasterList:
    """A list as it came: who signed it, when, and what is on it. `unreadable` counts what is no certificate."""

    data: SignedData = field(repr=False)
    signer: ChipCertificate = field(repr=False)
    issued_at: datetime
    certificates: tuple[ChipCertificate, ...] = field(repr=False)
    unreadable: int
    sha256: str = ""

    @property
    def publisher(self) -> str:
        """The country that signed it."""
        return self.signer.country.upper()


def read_master_list(content: bytes) -> MasterList:
    """Raises Malformed for what is no list signed by one who signs lists."""
    if len(content) > MOST_LIST_BYTES:
        raise Malformed(f"a master list has at most {MOST_LIST_BYTES >> 20} MB")
    data = read_signed_data(content)
    if data.content_type != CONTENT_TYPE:
        raise Malformed("signed data of another kind than a master list")
    signer = next((each for each in data.certificates if data.is_signer(each)), None)
    if signer is None:
        raise Malformed("a master list without its signer's certificate")
    if MASTER_LIST_SIGNER not in signer.facts.purposes or signer.facts.is_ca:
        raise Malformed(f"a master list signed by one who may not sign lists (purpose {MASTER_LIST_SIGNER})")
    if data.signing_time is None:
        raise Malformed("a master list that does not say when it was signed")
    certificates, unreadable = _listed(data.content)
    return MasterList(
        data=data, signer=signer, issued_at=data.signing_time, certificates=certificates, unreadable=unreadable
    )


def _listed(content: bytes) -> tuple[tuple[ChipCertificate, ...], int]:
    version, listed = members(content)
    number(version)
    if listed.tag != SET:
        raise Malformed("a master list without a set of certificates")
    every = list(elements(listed.value))
    if len(every) > MOST_LIST_CERTIFICATES:
        raise Malformed(f"a master list of {len(every):,} certificates; at most {MOST_LIST_CERTIFICATES:,} are taken")
    readable = list[ChipCertificate]()
    for each in every:
        try:
            readable.append(read_certificate(each.encoded))
        except Malformed:
            continue
    return tuple(readable), len(every) - len(readable)


def fault_of(listed: MasterList, anchors: Iterable[ChipCertificate]) -> str:
    """Why a list does not count, or nothing: one of the anchors has to have certified its signer, for its own country,
    and the signer to have signed the list while it might."""
    signer = listed.signer
    vouching = [anchor for anchor in anchors if is_same_country(anchor.country, signer.country)]
    if not any(did_sign(anchor, signer) for anchor in vouching):
        country = signer.country.upper() or "no country"
        return (
            f"nobody vouches for its signer ({country}): none of the {len(vouching)} certificates of that country that "
            "were given, or are in the store, signed it, and what a list carries itself does not count"
        )
    if not signer.valid_from <= listed.issued_at <= signer.valid_until:
        return "it was signed when its signer's certificate was not valid"
    check = check_signature(listed.data, signer)
    return "" if check.state is SignatureState.VALID else f"its signature does not count: {check.note}"
