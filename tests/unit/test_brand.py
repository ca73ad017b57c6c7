"""A company's brand: what it may be, and that text on each of its colours can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.hosted.brand import (
    LEAST_CONTRAST,
    PRIVACY_CHARACTERS,
    SUPPORT_CHARACTERS,
    Brand,
    Ink,
    brand_faults,
    colour_fault,
    contrast,
    luminance,
)
from ostiary.domain.value import replace
from ostiary.languages.language import Languages
from tests.material import LOOKUPS

ACME = Brand(name="Acme")
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(("colour", "other", "ratio"), [
    ("#000000", "#ffffff", 21.0),
    ("#ffffff", "#ffffff", 1.0),
    ("#777777", "#ffffff", 4.48),
    ("#767676", "#ffffff", 4.54),
    ("#ff0000", "#ffffff", 4.00),
    ("#0000ff", "#ffffff", 8.59),
    ("#ffd400", "#000000", 14.67),
    ("#010101", "#000000", 1.01),
])  # fmt: skip
def test_contrast_is_that_of_the_guidelines(colour: str, other: str, ratio: float) -> None:
    assert contrast(colour, other) == pytest.approx(ratio, abs=0.01)


@given(COLOURS, COLOURS)
def test_contrast_is_the_same_both_ways_and_within_its_bounds(colour: str, other: str) -> None:
    assert contrast(colour, other) == contrast(other, colour)
    assert 1 <= contrast(colour, other) <= 21
    assert contrast(colour, colour) == 1
    assert 0 <= luminance(colour) <= 1


@given(COLOURS)
def test_on_every_colour_black_or_white_can_be_read_and_the_other_is_named(colour: str) -> None:
    taken = [ink for ink in Ink if colour_fault(colour, ink) is None]
    assert taken
    for ink in Ink:
        fault = colour_fault(colour, ink)
        assert (fault is None) is (contrast(colour, ink.colour) >= LEAST_CONTRAST)
        assert fault is None or f"{taken[0].value} text would do" in fault


@given(COLOURS, COLOURS)
def test_links_can_be_read_on_every_page(primary: str, background: str) -> None:
    ink = Ink.BLACK if colour_fault(background, Ink.BLACK) is None else Ink.WHITE
    brand = replace(ACME, primary_colour=primary, background_colour=background, text_on_background=ink)
    assert contrast(brand.link_colour, background) >= LEAST_CONTRAST


def test_the_usual_brand_is_a_good_one() -> None:
    assert brand_faults(ACME, LOOKUPS) == ()
    assert (ACME.link_colour, ACME.support_address, ACME.privacy_in("es")) == ("#1d4f91", "", "")


FAULTY = [
    # what is changed, the field at fault, part of the message
    ({"name": " "}, "name", "must not be blank"),
    ({"name": "x" * 61}, "name", "has 61 characters; at most 60"),
    ({"name": "Acme\u202e"}, "name", "control characters"),
    ({"primary_colour": "blue"}, "primary_colour", "written #rrggbb"),
    ({"primary_colour": "#12345"}, "primary_colour", "written #rrggbb"),
    ({"primary_colour": "#1234567"}, "primary_colour", "written #rrggbb"),
    ({"primary_colour": "#12345g"}, "primary_colour", "written #rrggbb"),
    ({"primary_colour": "#123456\n"}, "primary_colour", "written #rrggbb"),
    (
        {"primary_colour": "#ffd400"},
        "primary_colour",
        "primary_colour gives white text a contrast of 1.43, and 4.5 is needed; black text would do (14.67)",
    ),
    (
        {"background_colour": "#102030"},
        "background_colour",
        "gives black text a contrast of 1.27, and 4.5 is needed; white text would do (16.52)",
    ),
    ({"support": "http://example.com"}, "support", "must be an https address"),
    ({"support": "https://"}, "support", "must be an https address"),
    ({"support": "https://[::1"}, "support", "must be an https address"),
    ({"support": "https://a:b@example.com"}, "support", "must be an https address"),
    ({"support": "https://example.com:99999"}, "support", "must be an https address"),
    ({"support": "javascript:alert(1)"}, "support", "must be an https address"),
    ({"support": "https://example.com/ help"}, "support", "must be an https address"),
    ({"support": "https://example.com/\u202e"}, "support", "must be an https address"),
    ({"support": "help@"}, "support", "must be an e-mail address"),
    ({"support": "mailto:nobody"}, "support", "must be an e-mail address"),
    ({"support": "https://example.com/" + "x" * SUPPORT_CHARACTERS}, "support", "at most 500 characters"),
    ({"privacy": {"es": "Texto"}}, "privacy", "needs a text in English"),
    ({"privacy": {"en": "Text", "fr": "Texte"}}, "privacy", "may be in en, es, pt"),
    ({"privacy": {"en": " \n "}}, "privacy.en", "must not be blank"),
    ({"privacy": {"en": "x", "pt": "x" * (PRIVACY_CHARACTERS + 1)}}, "privacy.pt", "at most 5000 characters"),
    ({"privacy": {"en": "a\x1b[2Jb"}}, "privacy.en", "control characters"),
]


@pytest.mark.parametrize(("changes", "field", "message"), FAULTY)
def test_what_cannot_be_is_told(changes: dict[str, object], field: str, message: str) -> None:
    (fault,) = brand_faults(replace(ACME, **changes), LOOKUPS)  # type: ignore[arg-type]
    assert (fault.field, fault.code) == (field, "VALUE_INVALID")
    assert message in fault.message


def test_every_fault_is_told_at_once_and_in_the_readers_language() -> None:
    faults = brand_faults(replace(ACME, name="", primary_colour="#ffd400", support="x"), LOOKUPS)
    assert [fault.field for fault in faults] == ["name", "primary_colour", "support"]
    spanish = Languages()["es"].translated(faults[1].message)
    assert spanish.startswith("primary_colour da al texto blanco un contraste de 1.43")


@pytest.mark.parametrize(("support", "address"), [
    ("help@example.com", "mailto:help@example.com"),
    ("mailto:help@example.com?subject=Card", "mailto:help@example.com?subject=Card"),
    ("https://example.com/help", "https://example.com/help"),
    ("https://example.com/@acme", "https://example.com/@acme"),
])  # fmt: skip
def test_support_is_a_link(support: str, address: str) -> None:
    brand = replace(ACME, support=support)
    assert brand_faults(brand, LOOKUPS) == ()
    assert brand.support_address == address


def test_the_notice_is_read_in_a_language_or_else_in_english() -> None:
    brand = replace(ACME, privacy={"en": "What we keep.\n\nAnd why.", "es": "Lo que guardamos."})
    assert brand_faults(brand, LOOKUPS) == ()
    english = "What we keep.\n\nAnd why."
    assert [brand.privacy_in(tag) for tag in ("en", "es", "pt")] == [english, "Lo que guardamos.", english]
