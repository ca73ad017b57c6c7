"""What a seal says of who lives where: the same of every kind of document that says it, from whichever fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ostiary.domain.seals.two_d_doc import TEXT_PERIMETER, Seal

KINDS: Mapping[str, str] = {
    "00": "proof of address",
    "01": "bill for energy, water or telephone",
    "02": "notice of residence tax",
    "09": "extended bill",
    "27": "statement of declared income",
    "28": "notice of income tax",
}
"""Kinds of documents that say where somebody lives. Of others nothing is compared."""
_BILLS, _TITLE_PARTS = ("00", "01", "02", "09"), 3
_POSTAL_CODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True)
class SealStatement:
    """Who lives where, by a seal. Each of `residents` is one person's names, in whichever order they are printed.

    `lines` are the street and what stands beside it. `country` has two letters (ISO 3166-1), or none where the seal
    does not name it. `dated` is the document's own day. `is_cut`: a part of it did not fit on the seal.
    """

    kind: str
    residents: tuple[str, ...] = field(repr=False)
    street: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    postal_code: str = field(repr=False)
    city: str = field(repr=False)
    country: str
    dated: date | None
    is_cut: bool = False


def statement_of(seal: Seal) -> SealStatement | None:
    """None for a kind of document that does not say where somebody lives, or is not known."""
    if seal.perimeter != TEXT_PERIMETER or seal.kind not in KINDS:
        return None
    return _bill(seal) if seal.kind in _BILLS else _tax_notice(seal)


def _bill(seal: Seal) -> SealStatement:
    """Who receives the service lives where it is rendered; who only pays for it need not."""
    named = [
        *(_without_title(seal.value(name)) for name in ("10", "1I")),
        *(" ".join((seal.value(first), seal.value(last))).strip() for first, last in (("12", "13"), ("1K", "1L"))),
    ]
    names = ("10", "12", "13", "1I", "1K", "1L", "20", "21", "22", "23", "25")
    return SealStatement(
        kind=KINDS[seal.kind],
        residents=tuple(filter(None, named)),
        street=seal.value("22"),
        lines=_lines(seal, "20", "21", "22", "23"),
        postal_code=seal.value("24"),
        city=seal.value("25"),
        country=seal.value("26"),
        dated=seal.issued,
        is_cut=not seal.cut.isdisjoint(names),
    )


def _without_title(text: str) -> str:
    """`MME/SPECIMEN/NATACHA`: title and names, of which the specification leaves the order open."""
    parts = text.split("/")
    return " ".join(parts[1:] if len(parts) >= _TITLE_PARTS else parts).strip()


def _tax_notice(seal: Seal) -> SealStatement:
    """The address in parts, or in one field where it does not follow the post's norm."""
    street, postal_code, city, country = (seal.value(name) for name in ("6U", "6W", "6X", "6Y"))
    lines = _lines(seal, "6S", "6T", "6U", "6V")
    if not postal_code:
        street, lines, postal_code, city = _whole_address(seal.value("4Y"))  # which names no country
    return SealStatement(
        kind=KINDS[seal.kind],
        residents=tuple(filter(None, (seal.value("46").strip(), seal.value("48").strip()))),
        street=street,
        lines=lines,
        postal_code=postal_code,
        city=city,
        country=country,
        dated=_DATES[seal.kind](seal),
        is_cut=not seal.cut.isdisjoint(("46", "48", "4Y", "6S", "6T", "6U", "6V", "6X")),
    )


def _whole_address(text: str) -> tuple[str, tuple[str, ...], str, str]:
    """`145 RUE JULLIARD/ZA SPECIMEN/78320/LEVIS ST NOM`: nothing of one that has no such parts."""
    parts = [part.strip() for part in text.split("/")]
    at = next((number for number, part in enumerate(parts) if _POSTAL_CODE.fullmatch(part)), 0)
    if at == 0 or at + 1 >= len(parts):
        return "", (), "", ""
    return parts[0], tuple(parts[:at]), parts[at], parts[at + 1]


def _lines(seal: Seal, *names: str) -> tuple[str, ...]:
    return tuple(filter(None, map(seal.value, names)))


def _written_day(text: str) -> date | None:
    """`31072022`; None for what is no day."""
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None


_DATES: Mapping[str, Callable[[Seal], date | None]] = {
    "27": lambda seal: _written_day(seal.value("4B")),
    "28": lambda seal: _written_day(seal.value("4A")),
}
"""The day of the declaration, and the day from which the tax is due: tax notices have no day of issue in their header,
and are printed, and signed, again for years."""
