"""Reading the text of the PDF417 barcodes on national identity cards: the Argentine DNI and the Colombian cédula.

Neither issuer publishes a description. What stands where is known from the software that authorities and hospitals of
both countries publish and from cards read with it; what does not have that form is no zone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ostiary.domain.mrz.zone import Format, PartialDate, Zone

MOST_CHARACTERS = 2_000
"""A DNI has some 60 to 200 characters, a cédula 531 with two fingerprints."""

# ---- Argentina ------------------------------------------------------------------------------------------------------

_SEPARATOR = "@"
_CARD = ("procedure", "surname", "given_names", "sex", "number", "copy", "birth_date", "issue_date")
"""Cards since 2012: 00123456789@GOMEZ@ANA MARIA@F@30123456@A@12/09/1983@01/02/2015, since 2014 with three digits
behind: the first two and the last of the holder's CUIL, a number of the tax agency's and not of the document."""
_BOOKLET = (
    "", "number", "copy", "", "surname", "given_names", "nationality", "birth_date", "sex", "issue_date", "procedure",
    "office", "expiration_date",
)  # fmt: skip
"""Cards that came with the booklet of 2009 to 2012, which begin with a separator."""
_DNI_NUMBER = re.compile("[MF]?[0-9]{6,8}")
"""With a letter where the holder has the number of one of the registers of before 1968."""
_DNI_COPY = re.compile("[A-Z]{1,2}")
_DNI_DATE = re.compile("([0-9]{2})/([0-9]{2})/([0-9]{4})")


def parse_dni(text: str) -> Zone | None:
    """What the barcode of an Argentine DNI says; None for any other text. Never raises for what it holds.

    Number, names and birth date must be there. New cards print no end in it; it stands in the lines on their back.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    fields = [" ".join(part.split()) for part in text.strip("\r\n\t !\x00").split(_SEPARATOR)]
    order = _CARD if fields[0] else _BOOKLET
    if len(fields) < len(order):
        return None
    named = {name: (number, fields[number]) for number, name in enumerate(order) if name}
    printed = {name: value for name, (_, value) in named.items()}
    born = _slashed(printed["birth_date"])
    well_formed = _DNI_NUMBER.fullmatch(printed["number"]) and _DNI_COPY.fullmatch(printed["copy"])
    if not (well_formed and born and printed["surname"] and printed["sex"] in ("M", "F", "X")):
        return None
    shown = ("number", "surname", "given_names", "birth_date", "sex", "expiration_date")
    return Zone(
        Format.ARGENTINE_DNI,
        tuple(printed[name] for name in shown if name in printed),
        document_code="",
        country="ARG",
        number=printed["number"],
        surname=printed["surname"],
        given_names=printed["given_names"],
        nationality="",
        birth_date=PartialDate(born.year, born.month, born.day),
        expiration_date=_slashed(printed.get("expiration_date", "")),
        sex=printed["sex"],
        checks={},
        places={name: f"barcode, field {named[name][0] + 1}" for name in shown if name in named},
    )


def _slashed(text: str) -> date | None:
    match = _DNI_DATE.fullmatch(text)
    return PartialDate(int(match[3]), int(match[2]), int(match[1])).whole if match else None


# ---- Colombia -------------------------------------------------------------------------------------------------------

_NAME = "[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ '.-]{0,22}"
_CEDULA = re.compile(
    rf"([0-9]{{10}})({_NAME})\0+(?:({_NAME})\0+)?(?:({_NAME})\0+)?(?:({_NAME})\0+)?"
    r"[0-9]([MF])([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{6}(?:A|B|AB|O)[+-]"
)
"""Number, two surnames and two given names, each filled up with zero bytes to 23; a digit, sex, birth date, place, and
the blood group, behind which fingerprints follow. Readers leave out some of the zero bytes, so that places are counted
only where all are there."""
_MARK, _MARK_AT = "PubDSK_", 24
"""The name of what wrote the code, where all zero bytes in front of it are there."""
_NUMBER_AT, _NAMES_AT, _NAME_LENGTH, _NAME_COUNT = 48, 58, 23, 4
_AFTER_NAMES = re.compile(r"[0-9]([MF])([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{6}(?:A|B|AB|O)[+-]")


def parse_cedula(text: str) -> Zone | None:
    """What the barcode of a Colombian cédula says, its bytes read as ISO 8859-1; None for any other text.

    Number, a surname and the birth date must be there. Such cards have no end. Never raises for what the text holds.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    record = _counted(text) or _searched(text)
    if record is None:
        return None
    number, names, sex, born = record
    surname, given_names = " ".join(filter(None, names[:2])), " ".join(filter(None, names[2:]))
    if born is None or not surname or not number.strip("0"):
        return None
    number = number.lstrip("0")
    return Zone(
        Format.COLOMBIAN_CEDULA,
        (number, *names, sex, born.isoformat()),
        document_code="",
        country="COL",
        number=number,
        surname=surname,
        given_names=given_names,
        nationality="",
        birth_date=PartialDate(born.year, born.month, born.day),
        expiration_date=None,
        sex=sex,
        checks={},
        names_truncated=any(len(name) == _NAME_LENGTH for name in names),
        places=dict.fromkeys(("number", "surname", "given_names", "birth_date", "sex"), "barcode"),
    )


_Fields = tuple[str, tuple[str, ...], str, date | None]


def _counted(text: str) -> _Fields | None:
    """By place, where the mark stands in its own."""
    after = _AFTER_NAMES.match(text, _NAMES_AT + _NAME_COUNT * _NAME_LENGTH)
    number = text[_NUMBER_AT:_NAMES_AT]
    if after is None or text.find(_MARK) != _MARK_AT or not re.fullmatch("[0-9]{10}", number):
        return None
    starts = range(_NAMES_AT, after.start(), _NAME_LENGTH)
    names = tuple(" ".join(text[at : at + _NAME_LENGTH].split("\0")[0].split()) for at in starts)
    return number, names, after[1], _day(after.groups()[1:])


def _searched(text: str) -> _Fields | None:
    """By form. A name left out cannot be told from the one behind it, but for the given names, which are the last."""
    match = _CEDULA.search(text)
    if match is None:
        return None
    names = [" ".join(group.split()) for group in match.groups()[1:5] if group]
    if len(names) < 2:
        return None
    surnames, given = (names[:2], names[2:]) if len(names) > 2 else (names[:1], names[1:])
    placed = (*surnames, *[""] * (2 - len(surnames)), *given, *[""] * (2 - len(given)))
    return match[1], placed, match[6], _day(match.groups()[6:])


def _day(parts: Sequence[str]) -> date | None:
    return PartialDate(int(parts[0]), int(parts[1]), int(parts[2])).whole
