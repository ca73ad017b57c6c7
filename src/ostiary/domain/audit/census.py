"""The census: how far every audit chain had come, counted a few seconds after each change, under a key.

A chain alone cannot show that its end is missing, or all of it: who puts older rows back has a chain that is whole. The
census says how long each chain was, how many a company has and how many companies there are, and each entry says which
census it knew. So an older census put back shows in every entry that is younger. What shows nowhere in the database is
only all of it put back, to one moment.
"""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.domain.audit.trail import Mark
from ostiary.domain.companies.company import Chain
from ostiary.domain.value import replace, value_type

WHOLE = ""
"""Stands where a company's id would: the tally of all companies."""
ORIGIN_BYTES, WORD, NONCE_BYTES, MARK_BYTES = 8, 8, 16, 32
SEAL_BYTES = 16
"""Of the keyed hash of one chain's end: a forgery is found by 2^128 tries, and there is one for each client."""
TOTALS = 1 << 256
"""Sums are taken modulo this. Nobody else knows what is summed, or the sum: a known one could be made up for."""
_BYTES = NONCE_BYTES + ORIGIN_BYTES + 4 * WORD + 2 * MARK_BYTES


@value_type
class Tally:
    """What a census counted, of one company's chains or of all companies. `total` is the sum of what stands for each.

    Of the whole only: `origin` is drawn once for an installation, `keyed_from_ms` says from when on new chains are
    keyed (ms since 1970), and `is_keyed` that no chain is without a keyed entry any more.
    """

    origin: bytes = bytes(ORIGIN_BYTES)
    number: int = 0
    count: int = 0
    total: int = 0
    keyed_from_ms: int = 0
    is_keyed: bool = False

    @property
    def stamp(self) -> bytes:
        """What an entry says that knows of this census."""
        return self.origin + self.number.to_bytes(WORD, "big")


def moved(tally: Tally, gone: Iterable[int], came: Iterable[int]) -> Tally:
    """The next tally, after something else stands for a few of those counted, and some came to it."""
    lost, got = tuple(gone), tuple(came)
    total = (tally.total - sum(lost) + sum(got)) % TOTALS
    return replace(tally, number=tally.number + 1, count=tally.count + len(got) - len(lost), total=total)


def end_seal(mark: Mark, company_id: str, owner: str, end: Chain) -> bytes:
    """What is kept of a chain's end."""
    return mark("end", company_id, owner, str(end.length), end.head)[:SEAL_BYTES]


def for_chain(mark: Mark, company_id: str, owner: str, length: int, seal: bytes) -> int:
    """What stands for a chain in its company's total."""
    return int.from_bytes(mark("chain", company_id, owner, str(length), seal), "big")


def for_company(mark: Mark, company_id: str, tally: Tally) -> int:
    """What stands for a company in the whole."""
    return int.from_bytes(mark("company", company_id, str(tally.number), str(tally.count)), "big")


def written(mark: Mark, company_id: str, tally: Tally, nonce: bytes) -> bytes:
    """A tally as it is kept: its total hidden, all of it under a keyed hash. `nonce`: 16 random bytes."""
    numbers = (tally.number, tally.count, tally.keyed_from_ms, int(tally.is_keyed))
    plain = nonce + tally.origin + b"".join(number.to_bytes(WORD, "big") for number in numbers)
    hidden = tally.total ^ _pad(mark, company_id, plain)
    content = plain + hidden.to_bytes(MARK_BYTES, "big")
    return content + mark("tally", company_id, content)


def read(mark: Mark, company_id: str, sealed: bytes) -> Tally | None:
    """The tally that was kept for that company; None for what nobody wrote who has the key."""
    content, proof = sealed[:-MARK_BYTES], sealed[-MARK_BYTES:]
    if len(sealed) != _BYTES or mark("tally", company_id, content) != proof:
        return None
    plain, hidden = content[:-MARK_BYTES], content[-MARK_BYTES:]
    origin, words = plain[NONCE_BYTES : NONCE_BYTES + ORIGIN_BYTES], plain[NONCE_BYTES + ORIGIN_BYTES :]
    number, count, keyed_from_ms, is_keyed = (
        int.from_bytes(words[at : at + WORD], "big") for at in range(0, 4 * WORD, WORD)
    )
    total = int.from_bytes(hidden, "big") ^ _pad(mark, company_id, plain)
    return Tally(
        origin=origin, number=number, count=count, total=total, keyed_from_ms=keyed_from_ms, is_keyed=bool(is_keyed)
    )


def _pad(mark: Mark, company_id: str, plain: bytes) -> int:
    return int.from_bytes(mark("pad", company_id, plain), "big")
