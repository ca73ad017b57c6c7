"""Judging one datum against its declaration: attributes of clients and details (metadata) of documents."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.names.visible import has_letter, is_blank
from ostiary.domain.ports import Lookups
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.times import iso_date

MOST_CHARACTERS = 500
"""Texts are matched against patterns and shown to reviewers; nothing a form asks for is longer."""
MOST_DECIMAL_DIGITS = 30
"""Beyond any amount of money; keeps arithmetic on hostile numbers cheap."""
_TRIMMED = (DataType.STRING, DataType.TAX_ID)
"""Blanks around these do not matter. The others are compared as they are, in conditions and when a document is
judged, so a blank that was let through here would make a date no date and an option no option there."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]")
"""Control characters, and those that reorder or hide text for whoever reviews it (Unicode TR 36); joiners that scripts
need are not among them."""
_BETWEEN_LINES = str.maketrans("\n\r\t", "   ")
_AMOUNT = re.compile(rf"-?[0-9]{{1,{MOST_DECIMAL_DIGITS}}}(\.[0-9]{{1,{MOST_DECIMAL_DIGITS}}})?", re.ASCII)
_compiled = lru_cache(maxsize=512)(re.compile)


def text_fault(value: str, most: int = MOST_CHARACTERS) -> str | None:
    """What is wrong with a text as such: blank (nothing of it can be seen), too long, or with control characters."""
    if is_blank(value):
        return N_("must not be blank")
    if len(value) > most:
        return sentence("has %(length)s characters; at most %(most)s are accepted", length=len(value), most=most)
    if not (value.isascii() and value.isprintable()) and _CONTROL.search(value):
        return N_("contains control characters; send plain text on one line")
    return None


def has_hidden(text: str) -> bool:
    """Whether a text of many lines has characters that a line may not have: what is shown would not be all there is."""
    return _CONTROL.search(text.translate(_BETWEEN_LINES)) is not None


def lines_fault(value: str, most: int) -> str | None:
    """What is wrong with a text that may have lines."""
    if has_hidden(value):
        return N_("contains control characters; send plain text")
    return text_fault(value.translate(_BETWEEN_LINES), most)


def name_fault(value: str, most: int) -> str | None:
    """What is wrong with the name of a person: as any text, and a name has a letter."""
    fault = text_fault(value, most)
    return fault if fault or has_letter(value) else N_("must not be blank: a name has at least one letter")


def value_fault(field: Field, value: object, country: str, lookups: Lookups) -> str | None:
    """What is wrong with a value, in words that say what would be right; None when it is good.

    `country` (ISO 3166-1 alpha-3) is the client's, for tax ids.
    """
    if field.data_type is DataType.BOOLEAN:
        return None if isinstance(value, bool) else N_("must be true or false")
    if field.data_type in (DataType.INTEGER, DataType.DECIMAL):
        return _number_fault(field, value)
    if not isinstance(value, str):
        return N_("must be a text")
    text = value.strip() if field.data_type in _TRIMMED else value
    return text_fault(value, field.max_length or MOST_CHARACTERS) or _text_rule_fault(field, text, country, lookups)


def _text_rule_fault(field: Field, text: str, country: str, lookups: Lookups) -> str | None:
    if field.min_length is not None and len(text) < field.min_length:
        return sentence(
            "has %(length)s characters; at least %(least)s are needed", length=len(text), least=field.min_length
        )
    if field.pattern is not None and not _compiled(field.pattern).fullmatch(text):
        return sentence("must match the pattern %(pattern)s", pattern=field.pattern)
    match field.data_type:
        case DataType.DATE:
            return None if iso_date(text) else N_("must be a real date written YYYY-MM-DD")
        case DataType.ENUM:
            return None if text in field.options else _choice_fault(field)
        case DataType.COUNTRY:
            return lookups.country_fault(text)
        case DataType.EMAIL:
            return lookups.email_fault(text)
        case DataType.TAX_ID:
            return lookups.tax_id_fault(country, text)
        case _:
            return None


def _choice_fault(field: Field) -> str:
    return sentence("must be one of: %(options)s", options=", ".join(field.options))


def _number_fault(field: Field, value: object) -> str | None:
    number = _as_decimal(field, value)
    if number is None:
        if field.data_type is DataType.INTEGER:
            return sentence("must be a whole number of at most %(most)s digits", most=MOST_DECIMAL_DIGITS)
        return sentence(
            "must be a number, written without an exponent, of at most %(most)s digits", most=MOST_DECIMAL_DIGITS
        )
    if field.minimum is not None and number < field.minimum:
        return sentence("must be at least %(least)s", least=field.minimum)
    if field.maximum is not None and number > field.maximum:
        return sentence("must be at most %(most)s", most=field.maximum)
    return None


def decimal_text(value: float | str) -> str:
    """A good DECIMAL as a text, exactly: as it was sent if it was one, else its digits without an exponent.

    `value` is an int, a float or a text. A float's digits are the fewest that mean it (150000.0 is "150000").
    """
    if isinstance(value, str):
        return value
    plain = f"{Decimal(str(value)):z.{MOST_DECIMAL_DIGITS}f}"
    return plain.rstrip("0").rstrip(".")


def _as_decimal(field: Field, value: object) -> Decimal | None:
    """The number meant, within what amounts need: no exponents in texts, no other script's digits, no infinities."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if field.data_type is DataType.INTEGER and not isinstance(value, int):
        return None
    if isinstance(value, str) and not _AMOUNT.fullmatch(value):
        return None
    if isinstance(value, int) and abs(value) >= 10**MOST_DECIMAL_DIGITS:
        return None  # before it is written out, which takes long for a very long number
    number = Decimal(str(value))
    return number if number.is_finite() and number.adjusted() < MOST_DECIMAL_DIGITS else None
