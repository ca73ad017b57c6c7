"""Specimens pass as pictures, differ by seed, and carry what a reader would accept."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from inspect import unwrap
from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
import zxingcpp
from PIL import Image

from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits, judge_picture
from ostiary.domain.mrz.aamva import parse_aamva
from ostiary.domain.mrz.check_digits import SYMBOLS
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.mrz.zone import Format, PartialDate, Zone
from ostiary.specimens.card_lines import aamva_text, french_lines, td2_lines, visa_lines
from ostiary.specimens.drawing import KINDS, specimen, specimen_holder
from ostiary.specimens.letters import ADVANCE_EM, ocr_b
from ostiary.specimens.zone_lines import Holder, card_lines, check_digit, passport_lines

TODAY = date(2026, 3, 1)
PDF417 = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.PDF417])
UTOPIAN = Holder("L898902C3", "Eriksson", "Anna Maria", "UTO", date(1974, 8, 12), date(2012, 4, 15), "F")


@pytest.mark.parametrize(
    ("kind", "side"),
    [("passport", "front"), ("national_id", "front"), ("national_id", "back"), ("utility_bill", "front")],
)
@pytest.mark.parametrize("size", [(1600, 1130), (800, 565), (2400, 1695)])
def test_a_specimen_passes_as_a_picture(kind: str, side: str, size: tuple[int, int]) -> None:
    content = specimen(5, kind=kind, side=side, size=size)
    probed = probe(content, PictureLimits())
    assert (probed.width_px, probed.height_px) == size
    assert judge_picture(kind, "image_front", probed, PictureLimits()) == ()


@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_passes_as_a_picture_in_its_own_proportions(kind: str, side: str) -> None:
    probed = probe(specimen(8, kind=kind, side=side), PictureLimits())
    assert judge_picture(kind, "image_front", probed, PictureLimits()) == ()
    assert probed.width_px == 1600
    assert probed.height_px == round(1600 * KINDS[kind].height_mm / KINDS[kind].width_mm)


def test_pages_have_one_side_and_cards_two() -> None:
    same = {kind for kind in KINDS if specimen(1, kind=kind) == specimen(1, kind=kind, side="back")}
    assert same == {"passport", "visa", "small_visa"}


def test_a_seed_gives_the_same_picture_again_and_another_seed_another() -> None:
    drawn_anew = unwrap(specimen)  # in tests one is drawn once
    assert drawn_anew(1) == drawn_anew(1)
    assert len({specimen(seed, number="AB1234567", size=(400, 283)) for seed in range(20)}) == 20


def test_what_is_told_is_printed() -> None:
    printed = specimen(1, number="AB1234567", surname="Núñez", given_names="Zoë", country="ARG")
    assert len({printed, specimen(1), specimen(1, number="AB1234567"), specimen(1, surname="Núñez")}) == 4
    born, ends = specimen(1, birth_date=date(1999, 1, 2)), specimen(1, expiration_date=date(2031, 1, 2))
    assert len({born, ends, specimen(1), specimen(1, sex="X"), specimen(1, sex="F"), specimen(1, sex="M")}) == 5


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


# ---- lines of every form --------------------------------------------------------------------------------------------

FRENCH = replace(UTOPIAN, number="120992310285", country="FRA")
AMERICAN = Holder("T64-235-789", "Müller-Weiß", "Jörg Karl", "USA", date(1986, 6, 30), date(2029, 12, 10), "M")


def visa_of_size_b(holder: Holder) -> tuple[str, str]:
    return visa_lines(holder, Format.MRV_B)


@pytest.mark.parametrize(
    ("lines", "form", "code"),
    [
        (card_lines, Format.TD1, "I"),
        (td2_lines, Format.TD2, "I"),
        (passport_lines, Format.TD3, "P"),
        (visa_lines, Format.MRV_A, "V"),
        (visa_of_size_b, Format.MRV_B, "V"),
    ],
)
@pytest.mark.parametrize("holder", [UTOPIAN, replace(UTOPIAN, number="A1", surname="O'Connor", sex="M")])
def test_lines_say_what_they_were_composed_of(
    lines: Callable[[Holder], tuple[str, ...]], form: Format, code: str, holder: Holder
) -> None:
    zone = parse(lines(holder), TODAY)
    assert zone is not None
    assert (zone.format, zone.document_code, zone.digits_valid) == (form, code, True)
    assert (zone.country, zone.nationality, zone.number, zone.sex) == ("UTO", "UTO", holder.number, holder.sex)
    assert zone.surname == holder.surname.upper().replace("'", "")
    assert zone.given_names == "ANNA MARIA"
    assert (zone.birth_date.whole, zone.expiration_date) == (holder.birth_date, holder.expiration_date)


def test_td2_lines_are_those_of_the_standard() -> None:
    """The example of part 6, appendix A."""
    assert td2_lines(replace(UTOPIAN, number="D23145890")) == (
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
        "D231458907UTO7408122F1204159<<<<<<<6",
    )


def test_visas_end_without_a_composite_digit() -> None:
    """Part 7, 4.2.2: what follows the expiration date's digit is the issuer's affair."""
    assert visa_lines(UTOPIAN) == (
        "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<<<",
    )
    assert visa_lines(UTOPIAN, Format.MRV_B) == (
        "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159<<<<<<<<",
    )


def test_the_french_card_says_what_it_was_composed_of() -> None:
    zone = parse(french_lines(FRENCH), TODAY)
    assert zone is not None
    assert (zone.format, zone.document_code, zone.country, zone.digits_valid) == (Format.FRENCH_ID, "ID", "FRA", True)
    assert (zone.number, zone.surname, zone.given_names) == ("120992310285", "ERIKSSON", "ANNA MARIA")
    assert (zone.birth_date, zone.expiration_date, zone.sex) == (PartialDate(1974, 8, 12), None, "F")
    assert french_lines(replace(FRENCH, sex="X"))[1][34] == "<"


@pytest.mark.parametrize(("country", "as_written"), [("USA", "DBB06301986"), ("CAN", "DBB19860630")])
def test_a_barcode_says_what_it_was_composed_of(country: str, as_written: str) -> None:
    text = aamva_text(replace(AMERICAN, country=country))
    assert as_written in text
    check_american(parse_aamva(text), country)


def check_american(zone: Zone | None, country: str = "USA") -> None:
    assert zone is not None
    assert (zone.format, zone.document_code, zone.country) == (Format.AAMVA, "DL", country)
    assert (zone.number, zone.surname, zone.given_names) == ("T64235789", "MUELLER WEISS", "JOERG KARL")
    assert (zone.birth_date.whole, zone.expiration_date, zone.sex) == (date(1986, 6, 30), date(2029, 12, 10), "M")


def test_the_directory_of_a_barcode_points_at_its_subfile() -> None:
    """AAMVA's annex D: type, offset and length, each counted in characters."""
    text = aamva_text(AMERICAN)
    directory = text[text.index("DL") :][:10]
    offset, length = int(directory[2:6]), int(directory[6:])
    assert text[offset:].startswith("DLDAQ")
    assert offset + length == len(text)
    assert text.endswith("\r")


@pytest.mark.parametrize(("given_names", "sex", "written"), [
    ("Jörg", "M", ("DACJOERG", "DADNONE", "DBC1")),
    ("Ana María Sol", "F", ("DACANA", "DADMARIA SOL", "DBC2")),
    ("Ana", "X", ("DACANA", "DADNONE", "DBC9")),
])  # fmt: skip
def test_elements_of_a_barcode(given_names: str, sex: str, written: tuple[str, ...]) -> None:
    lines = aamva_text(replace(AMERICAN, given_names=given_names, sex=sex)).split("\n")
    assert [line for line in written if line not in lines] == []


@pytest.mark.parametrize(("refused", "message"), [
    (lambda: td2_lines(FRENCH), "1 to 9 letters and digits"),
    (lambda: visa_lines(UTOPIAN, Format.TD3), "TD3 is no form of a visa"),
    (lambda: french_lines(UTOPIAN), "issued by FRA only"),
    (lambda: french_lines(replace(FRENCH, number="1234567890123")), "1 to 12 letters and digits"),
    (lambda: aamva_text(UTOPIAN), "one of USA, CAN"),
    (lambda: aamva_text(replace(AMERICAN, number="A" * 26)), "1 to 25 letters and digits"),
    (lambda: specimen_holder(1, surname="山田"), "no spelling in Latin letters"),
    (lambda: specimen_holder(1, kind="french_id", country="ARG"), "issued by FRA only"),
    (lambda: specimen_holder(1, kind="drivers_license", number="A" * 26), "1 to 25 letters and digits"),
    (lambda: specimen(1, kind="french_id", country="ARG"), "issued by FRA only"),
])  # fmt: skip
def test_what_a_form_cannot_say_is_refused(refused: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        refused()


# ---- as drawn -------------------------------------------------------------------------------------------------------


def picture(content: bytes) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(BytesIO(content)).convert("L"))


def test_the_font_has_all_symbols_in_one_pitch() -> None:
    font = ocr_b(1000)
    assert {round(font.getlength(symbol)) for symbol in SYMBOLS} == {ADVANCE_EM * 1000}
    empty = bytes(font.getmask("\ufffe"))
    assert not [symbol for symbol in SYMBOLS if bytes(font.getmask(symbol)) == empty]


@pytest.mark.parametrize("width_px", [800, 1600, 1937])
@pytest.mark.parametrize(
    ("kind", "side", "lines", "columns"),
    [
        ("passport", "front", 2, 44), ("visa", "front", 2, 44), ("small_visa", "front", 2, 36),
        ("large_id", "front", 2, 36), ("french_id", "front", 2, 36), ("national_id", "back", 3, 30),
    ],
)  # fmt: skip
def test_letters_stand_in_a_pitch_of_a_tenth_of_an_inch(
    kind: str, side: str, lines: int, columns: int, width_px: int
) -> None:
    """In the lowest 23.2 mm, every line is dark within every letter's place, and light between the places."""
    size = width_px, round(width_px * KINDS[kind].height_mm / KINDS[kind].width_mm)
    dark = picture(specimen(4, kind=kind, side=side, size=size)) < 128
    px_per_mm = width_px / KINDS[kind].width_mm
    band = dark[-int(23 * px_per_mm) :]
    rows = np.flatnonzero(band.any(axis=1))
    assert np.count_nonzero(np.diff(rows) > 1) == lines - 1
    pitch = 2.54 * px_per_mm
    left = (width_px - columns * pitch) / 2
    inked = band.max(axis=0)
    assert not inked[: int(left)].any()
    assert not inked[int(left + columns * pitch) + 1 :].any()
    assert all(inked[round(left + at * pitch) : round(left + (at + 1) * pitch)].any() for at in range(columns))
    assert not any(inked[round(left + at * pitch)] for at in range(columns + 1))


@pytest.mark.parametrize("width_px", [1000, 1600, 2400])
@pytest.mark.parametrize("country", ["", "CAN"])
def test_a_licence_carries_a_barcode_that_reads(width_px: int, country: str) -> None:
    content = specimen(
        6,
        kind="drivers_license",
        side="back",
        size=(width_px, width_px * 54 // 86),
        number=AMERICAN.number,
        surname=AMERICAN.surname,
        given_names=AMERICAN.given_names,
        birth_date=AMERICAN.birth_date,
        expiration_date=AMERICAN.expiration_date,
        sex=AMERICAN.sex,
        country=country,
    )
    (barcode,) = zxingcpp.read_barcodes(picture(content), formats=PDF417)
    check_american(parse_aamva(barcode.text), country or "USA")


def test_without_its_library_a_barcode_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    assert specimen(1, kind="drivers_license")
    with pytest.raises(ImportError, match=r"-r requirements/documents\.txt"):
        specimen(1, kind="drivers_license", side="back")
