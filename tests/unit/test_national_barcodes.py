"""Barcodes of the Argentine DNI and the Colombian cédula, of invented people."""

from __future__ import annotations

from datetime import date

import pytest

from ostiary.domain.mrz.national_barcodes import MOST_CHARACTERS, parse_cedula, parse_dni
from ostiary.domain.mrz.zone import Format, PartialDate, Zone

CARD = "00123456789@GOMEZ SOSA@ANA MARIA@F@30123456@A@12/09/1983@01/02/2015"
BOOKLET = (
    "@30123456    @A@1@GOMEZ SOSA@ANA MARIA@ARGENTINA@12/09/1983@F@01/11/2011@00012345678@7055 @01/11/2026@421@0"
    "@ILR:2.20 C:110927.01 (GM/EXE-MOVE-HM)@UNIDAD #02 || S/N: 0040>2008>>0006"
)


def dni(text: str) -> Zone:
    zone = parse_dni(text)
    assert zone is not None
    return zone


@pytest.mark.parametrize(
    ("text", "expires"),
    [
        (CARD, None),
        (CARD + "@274", None),
        (CARD + "@274\r\n", None),
        ("!" + CARD, None),  # a reader's own mark
        (BOOKLET, date(2026, 11, 1)),
    ],
)
def test_a_dni_of_either_form(text: str, expires: date | None) -> None:
    zone = dni(text)
    assert (zone.format, zone.country, zone.number, zone.sex) == (Format.ARGENTINE_DNI, "ARG", "30123456", "F")
    assert (zone.surname, zone.given_names) == ("GOMEZ SOSA", "ANA MARIA")
    assert (zone.birth_date, zone.expiration_date) == (PartialDate(1983, 9, 12), expires)
    assert (zone.checks, zone.digits_valid, zone.names_truncated) == ({}, True, False)


def test_the_places_of_a_dni_are_told_by_field() -> None:
    assert dni(CARD).places["number"] == "barcode, field 5"
    assert dni(BOOKLET).places["number"] == "barcode, field 2"
    assert dni(BOOKLET).places["expiration_date"] == "barcode, field 13"


def test_of_a_dni_nothing_else_is_kept() -> None:
    assert dni(CARD).lines == ("30123456", "GOMEZ SOSA", "ANA MARIA", "12/09/1983", "F")
    assert "GOMEZ" not in repr(dni(CARD))


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ("30123456", "M7123456", "number", "M7123456"),
        ("30123456", "94123456", "number", "94123456"),
        ("30123456", "5123456", "number", "5123456"),
        ("@F@", "@X@", "sex", "X"),
        ("@F@", "@M@", "sex", "M"),
        ("GOMEZ SOSA", "NUÑEZ D'ANGELO", "surname", "NUÑEZ D'ANGELO"),
        ("ANA MARIA", "", "given_names", ""),
        ("@A@", "@B@", "number", "30123456"),
    ],
)
def test_what_a_dni_may_say(old: str, new: str, field: str, expected: str) -> None:
    assert getattr(dni(CARD.replace(old, new)), field) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "@" * 12, "hello", CARD.rpartition("@")[0], BOOKLET[:60], CARD.replace("30123456", "301"),
        CARD.replace("30123456", "3012345A"), CARD.replace("12/09/1983", "31/02/1983"),
        CARD.replace("12/09/1983", "1983-09-12"), CARD.replace("GOMEZ SOSA", ""), CARD.replace("@F@", "@Q@"),
        CARD.replace("@A@", "@1@"), CARD + "@" + "0" * MOST_CHARACTERS,
        "@\n\x1e\rANSI 636000100102DL00410278ZV03190008DLDAQT64235789",
    ],
)  # fmt: skip
def test_other_texts_are_no_dni(text: str) -> None:
    assert parse_dni(text) is None


# ---- Colombia -------------------------------------------------------------------------------------------------------


def filled(text: str, length: int = 23) -> str:
    return text.ljust(length, "\0")


def cedula_text(
    number: str = "0079123456",
    names: tuple[str, str, str, str] = ("PEREZ", "LOPEZ", "JUAN", "CARLOS"),
    sex: str = "M",
    born: str = "19850704",
    blood: str = "O+",
) -> str:
    """As on the card: kind and serial, the writer's mark, a code, number, names, person, and what stands for prints."""
    head = filled("0299998888", 24) + filled("PubDSK_1", 16) + "00531445" + number
    return (head + "".join(map(filled, names)) + f"0{sex}{born}160010{blood}" + "\x02\x17\x00\xff\x80").ljust(
        531, "\x91"
    )


def cedula(text: str) -> Zone:
    zone = parse_cedula(text)
    assert zone is not None
    return zone


def without_mark(text: str) -> str:
    return text.replace("PubDSK_1", "\0" * 9)


def with_fewer_zeroes(text: str) -> str:
    return text[:13] + text[24:]


@pytest.mark.parametrize("changed", [str, without_mark, with_fewer_zeroes])
def test_a_cedula(changed: object) -> None:
    assert callable(changed)
    zone = cedula(changed(cedula_text()))
    assert (zone.format, zone.country, zone.number, zone.sex) == (Format.COLOMBIAN_CEDULA, "COL", "79123456", "M")
    assert (zone.surname, zone.given_names) == ("PEREZ LOPEZ", "JUAN CARLOS")
    assert (zone.birth_date, zone.expiration_date) == (PartialDate(1985, 7, 4), None)
    assert (zone.checks, zone.names_truncated, zone.places["number"]) == ({}, False, "barcode")
    assert zone.lines == ("79123456", "PEREZ", "LOPEZ", "JUAN", "CARLOS", "M", "1985-07-04")


@pytest.mark.parametrize(
    ("changes", "surname", "given_names"),
    [
        ({"names": ("PEREZ", "LOPEZ", "ANA", "")}, "PEREZ LOPEZ", "ANA"),
        ({"names": ("PEREZ", "", "ANA", "")}, "PEREZ", "ANA"),
        ({"names": ("PEREZ", "", "ANA", "LUISA")}, "PEREZ", "ANA LUISA"),
        ({"names": ("ÑAÑEZ", "DE LA OSSA", "JOSÉ", "")}, "ÑAÑEZ DE LA OSSA", "JOSÉ"),
        ({"names": ("PEREZ", "", "", "")}, "PEREZ", ""),
    ],
)
def test_names_of_a_cedula_by_their_places(
    changes: dict[str, tuple[str, str, str, str]], surname: str, given_names: str
) -> None:
    zone = cedula(cedula_text(names=changes["names"]))
    assert (zone.surname, zone.given_names) == (surname, given_names)


def test_two_names_alone_are_a_surname_and_a_given_name_where_places_are_lost() -> None:
    zone = cedula(without_mark(cedula_text(names=("PEREZ", "", "ANA", ""))))
    assert (zone.surname, zone.given_names) == ("PEREZ", "ANA")


def test_a_name_that_fills_its_place_may_be_cut_off() -> None:
    zone = cedula(cedula_text(names=("PEREZ", "ABCDEFGHIJKLMNOPQRSTUVW", "ANA", "")))
    assert (zone.surname, zone.names_truncated) == ("PEREZ ABCDEFGHIJKLMNOPQRSTUVW", True)


@pytest.mark.parametrize(
    ("changes", "number", "sex"),
    [
        ({"number": "1020304050", "sex": "F"}, "1020304050", "F"),
        ({"blood": "AB-"}, "79123456", "M"),
        ({"number": "0000012345", "blood": "A+"}, "12345", "M"),
    ],
)
def test_what_a_cedula_may_say(changes: dict[str, str], number: str, sex: str) -> None:
    zone = cedula(cedula_text(**changes))  # type: ignore[arg-type]  # names are left as they are
    assert (zone.number, zone.sex) == (number, sex)


@pytest.mark.parametrize(
    "text",
    [
        "", "PubDSK_1", "\0" * 531, cedula_text(born="19850231"), cedula_text(number="0000000000"),
        cedula_text(names=("", "", "ANA", "")), cedula_text(blood="Z+"), cedula_text(sex="0"), cedula_text()[:150],
        without_mark(cedula_text(names=("PEREZ", "", "", ""))), without_mark(cedula_text(born="19850231")),
        cedula_text() + "x" * MOST_CHARACTERS, cedula_text(number="00A9123456"), CARD,
    ],
)  # fmt: skip
def test_other_texts_are_no_cedula(text: str) -> None:
    assert parse_cedula(text) is None
