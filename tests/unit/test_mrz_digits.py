"""Check digits, by the worked examples of ICAO Doc 9303."""

from __future__ import annotations

import pytest

from ostiary.domain.mrz.check_digits import check_digit, fits


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("520727", "3"),  # part 3, appendix A, example 1
        ("AB2134<<<", "5"),  # example 2
        ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8"),  # example 3
        ("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<<", "2"),  # example 4
        ("HA672242<658022549601086<<<<<<<", "8"),  # example 5
        ("", "0"),
    ],
)
def test_a_text_has_the_digit_of_the_standard(text: str, digit: str) -> None:
    assert check_digit(text) == digit
    assert fits(text, digit)


@pytest.mark.parametrize("text", ["a", "٣", " ", "Ä", "A-1"])
def test_other_symbols_have_no_digit(text: str) -> None:
    with pytest.raises(ValueError, match="capital letters A to Z"):
        check_digit(text)


@pytest.mark.parametrize(
    ("text", "digit", "filler_if_empty", "expected"),
    [
        ("520727", "4", False, False),
        ("520727", "C", False, False),
        ("<<<", "0", False, True),
        ("<<<", "0", True, True),
        ("<<<", "<", True, True),
        ("<<<", "<", False, False),
        ("A<<", "<", True, False),
    ],
)
def test_a_digit_fits(text: str, digit: str, filler_if_empty: bool, expected: bool) -> None:
    assert fits(text, digit, filler_if_empty=filler_if_empty) is expected
