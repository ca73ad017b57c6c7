"""What anybody can see of a text."""

from __future__ import annotations

import pytest

from ostiary.domain.names.visible import has_letter, is_blank, visible

RANGES = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Default_Ignorable_Code_Point in DerivedCoreProperties.txt of Unicode 16."""


@pytest.mark.parametrize(("first", "last"), RANGES)
def test_what_has_no_shape_is_left_out_and_its_neighbours_are_not(first: int, last: int) -> None:
    for code in range(first, last + 1):
        assert visible(f"a{chr(code)}b") == "ab", hex(code)
        assert is_blank(chr(code))
        assert not has_letter(chr(code))
    for code in {first - 1, last + 1} - {code for start, end in RANGES for code in range(start, end + 1)}:
        if code not in (0xFFF9, 0xFEFE):
            assert visible(chr(code)) == chr(code), hex(code)


@pytest.mark.parametrize(
    ("text", "blank", "letter"),
    [
        ("", True, False), ("  \u3000", True, False), ("\u0301", True, False), ("\u20dd", True, False),
        ("\u2800", True, False),
        (".", False, False), ("-", False, False), ("12", False, False), ("’", False, False), ("☂", False, False),
        ("\u0640", False, False), ("ʼ", False, False), ("々", False, False), ("ー", False, False),
        ("佐々", False, True),
        ("a", False, True), ("é", False, True), ("張", False, True), ("ال", False, True), ("कि", False, True),
        ("\u3164a", False, True),
    ],
)  # fmt: skip
def test_what_is_blank_and_what_could_be_a_name(text: str, blank: bool, letter: bool) -> None:
    assert (is_blank(text), has_letter(text)) == (blank, letter)


def test_letters_that_need_a_mark_keep_it() -> None:
    assert visible("क्षि José") == "क्षि José"


def test_the_first_character_alone_says_the_same_as_a_closer_look() -> None:
    """Behind a filler, which counts for nothing, every character is looked at closely."""
    for code in range(0x3000):
        alone, behind = chr(code), f"\u200b{chr(code)}"
        assert (is_blank(alone), has_letter(alone)) == (is_blank(behind), has_letter(behind)), hex(code)
