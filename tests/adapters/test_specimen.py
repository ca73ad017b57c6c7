"""Specimens pass as pictures, differ by seed, and carry lines a reader would accept."""

from __future__ import annotations

from datetime import date

import pytest

from ostiary.adapters.images import probe
from ostiary.adapters.machine_readable_zone import Holder, card_lines, check_digit, passport_lines
from ostiary.adapters.specimen import specimen
from ostiary.domain.pictures import PictureLimits, judge_picture

UTOPIAN = Holder("L898902C3", "Eriksson", "Anna Maria", "UTO", date(1974, 8, 12), date(2012, 4, 15), "F")


@pytest.mark.parametrize(
    ("kind", "side"),
    [("passport", "front"), ("national_id", "front"), ("national_id", "back"), ("utility_bill", "front")],
)
@pytest.mark.parametrize("size", [(1600, 1130), (800, 565), (2400, 1695)])
def test_a_specimen_passes_as_a_picture(kind: str, side: str, size: tuple[int, int]) -> None:
    content = specimen(5, kind=kind, side=side, size=size)
    found = probe(content, PictureLimits())
    assert (found.width_px, found.height_px) == size
    assert judge_picture(kind, "image_front", found, PictureLimits()) == ()


def test_a_seed_gives_the_same_picture_again_and_another_seed_another() -> None:
    assert specimen(1) == specimen(1)
    assert len({specimen(seed, number="AB1234567", size=(400, 283)) for seed in range(20)}) == 20


def test_what_is_told_is_printed() -> None:
    told = specimen(1, number="AB1234567", surname="Núñez", given_names="Zoë", country="ARG")
    assert len({told, specimen(1), specimen(1, number="AB1234567"), specimen(1, surname="Núñez")}) == 4


@pytest.mark.parametrize("number", ["AB12345678", "---"])
def test_a_number_that_fits_no_lines_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="1 to 9 letters and digits"):
        specimen(1, number=number)


@pytest.mark.parametrize(
    ("text", "digit"),
    [("520727", "3"), ("AB2134<<<", "5"), ("L898902C3", "6"), ("L898902C3674081221204159ZE184226B<<<<<1", "0")],
)
def test_check_digits_are_those_of_the_standard(text: str, digit: str) -> None:
    """The worked examples of Doc 9303, part 3 section 4.9 and part 4 appendix A."""
    assert check_digit(text) == digit


def test_a_passport_has_two_lines_of_44() -> None:
    assert passport_lines(UTOPIAN) == (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<<8",
    )


def test_a_card_has_three_lines_of_30() -> None:
    """The example of part 5, appendix A."""
    holder = Holder("D23145890", "Eriksson", "Anna Maria", "UTO", date(1974, 8, 12), date(2012, 4, 15), "F")
    assert card_lines(holder) == (
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    )


@pytest.mark.parametrize(
    ("surname", "given_names", "expected"),
    [
        ("Núñez", "Zoë", "NUNEZ<<ZOE"),
        ("Müller-Weiß", "Jörg", "MUELLER<WEISS<<JOERG"),
        ("O'Connor", "Enya", "OCONNOR<<ENYA"),
        ("Ærø", "Åse", "AEROE<<AASE"),
        ("Nguyễn", "Đức", "NGUYEN<<DUC"),
    ],
)
def test_names_are_spelled_in_plain_letters(surname: str, given_names: str, expected: str) -> None:
    holder = Holder("A1", surname, given_names, "UTO", date(1990, 1, 2), date(2030, 1, 2), "X")
    first, second = passport_lines(holder)
    assert first == f"P<UTO{expected}".ljust(44, "<")
    assert second[20] == "<"
