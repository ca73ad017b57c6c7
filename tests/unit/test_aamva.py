"""Barcodes of North American licences: AAMVA DL/ID Card Design Standard, annex D."""

from __future__ import annotations

from datetime import date

import pytest

from ostiary.domain.mrz.aamva import MOST_BARCODE_CHARACTERS, parse_aamva
from ostiary.domain.mrz.zone import Format, PartialDate, Zone

HEADER = "@\n\x1e\rANSI 636000100102DL00410278ZV03190008DL"
ELEMENTS = {
    "DAQ": "T64235789", "DCS": "SAMPLE", "DDE": "N", "DAC": "MICHAEL", "DDF": "N", "DAD": "JOHN", "DDG": "N",
    "DCU": "JR", "DBD": "06062019", "DBB": "06061986", "DBA": "12102029", "DBC": "1", "DAU": "068 in",
    "DAG": "2300 WEST BROAD STREET", "DAI": "RICHMOND", "DAJ": "VA", "DAK": "232690000  ", "DCG": "USA",
}  # fmt: skip
TAIL = "\rZVZVA01\r"


def written(header: str = HEADER, separator: str = "\n", /, **changes: str | None) -> str:
    """The text of a barcode; an element that is None is left out."""
    elements = {**ELEMENTS, **changes}
    return header + separator.join(name + value for name, value in elements.items() if value is not None) + TAIL


def read(text: str) -> Zone:
    zone = parse_aamva(text)
    assert zone is not None
    return zone


def test_a_licence_of_version_10() -> None:
    zone = read(written())
    assert (zone.format, zone.document_code, zone.country, zone.nationality) == (Format.AAMVA, "DL", "USA", "")
    assert (zone.number, zone.surname, zone.given_names, zone.sex) == ("T64235789", "SAMPLE", "MICHAEL JOHN", "M")
    assert (zone.birth_date, zone.expiration_date) == (PartialDate(1986, 6, 6), date(2029, 12, 10))
    assert (zone.checks, zone.names_truncated, zone.digits_valid) == ({}, False, True)
    assert zone.places["number"] == "barcode, element DAQ"
    assert zone.places["birth_date"] == "barcode, element DBB"


def test_only_what_is_read_is_kept() -> None:
    zone = read(written())
    assert "DAQT64235789" in zone.lines
    assert not [line for line in zone.lines if line.startswith(("DAG", "DAU", "DAK"))]
    assert "SAMPLE" not in repr(zone)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("@\n\x1e\rANSI 636000100102DL00410278ZV03190008DL", "DL"),
        ("@\n\x1e\rANSI 636014040002ID00410250ZC02910031ID", "ID"),
        ("@\n\x1c\rANSI 6360200101DL00290188DL", "DL"),  # version 1: no version of the issuer's
        ("@\n\x1e\rAAMVA6360200101DL00290188DL", "DL"),
        ("@\r\nANSI636026080102DL00410288ZA03290015DL", "DL"),
        ("@ANSI 636026080102DL00410288ZA03290015DL", "DL"),
        ("@<LF><RS><CR>ANSI 636000100102DL00410278ZV03190008DL", "DL"),
        ("@\n\x1e\rANSI 636015090001DL3102DL", "DL"),  # a directory that is none
        ("@\n\x1e\rANSI 636015090001DL00410278\n", "DL"),  # the directory says it
        ("  @\n\x1e\rANSI 636015090001\nDL", "DL"),
        ("  @\n\x1e\rANSI 636015090001\n", ""),  # nothing says it
        ("@\n\x1c\rANSI 6360060101DL00290182", "DL"),  # no type in front of the first element (Connecticut)
        ("@\n\x1c\rANSI 6360060101ID00290182", "ID"),
        ("@\n\x1c\rAAMVA6360060101DL00290182", "DL"),
        ("@\n\x1e\rANSI 636061040002DL00410271ZW03120004", "DL"),
        ("@\n\x1e\rANSI 636020090102DL00410278ZC03190008", "DL"),
    ],
)
def test_headers_of_all_kinds(header: str, code: str) -> None:
    zone = read(written(header))
    assert (zone.number, zone.document_code) == ("T64235789", code)


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\r", "\n\n", "\x1e", "\x1d", "<LF>", "<CR><LF>", " \n  "])
def test_separators_of_all_kinds(separator: str) -> None:
    zone = read(written(HEADER, separator))
    assert (zone.number, zone.surname, zone.birth_date) == ("T64235789", "SAMPLE", PartialDate(1986, 6, 6))


@pytest.mark.parametrize(
    ("changes", "surname", "given_names"),
    [
        ({}, "SAMPLE", "MICHAEL JOHN"),
        ({"DAD": None}, "SAMPLE", "MICHAEL"),
        ({"DAD": "NONE"}, "SAMPLE", "MICHAEL"),
        ({"DAD": "unavl"}, "SAMPLE", "MICHAEL"),
        ({"DAD": "JOHN,PAUL"}, "SAMPLE", "MICHAEL JOHN PAUL"),
        ({"DAC": None}, "SAMPLE", ""),
        ({"DAC": None, "DAD": None, "DCT": "MICHAEL,JOHN"}, "SAMPLE", "MICHAEL JOHN"),
        ({"DCS": None, "DAB": "SAMPLE"}, "SAMPLE", "MICHAEL JOHN"),
        ({"DCS": None, "DAC": None, "DAD": None, "DAA": "DOE,JANE,ANN,JR"}, "DOE", "JANE ANN"),
        ({"DCS": None, "DAA": "DOE,JANE"}, "DOE", "MICHAEL JOHN"),
        ({"DCS": None, "DAC": None, "DAA": "DOE"}, "DOE", ""),
        ({"DCS": "DE  LA\tCRUZ"}, "DE LA CRUZ", "MICHAEL JOHN"),
    ],
)
def test_names_come_in_several_elements(changes: dict[str, str | None], surname: str, given_names: str) -> None:
    zone = read(written(**changes))
    assert (zone.surname, zone.given_names) == (surname, given_names)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("06061986", (1986, 6, 6)),
        ("19860606", (1986, 6, 6)),
        ("12311999", (1999, 12, 31)),
        ("19991231", (1999, 12, 31)),
        ("20120101", (2012, 1, 1)),
        ("13321986", (None, None, None)),
        ("01010001", (None, None, None)),
        ("1986-06-06", (None, None, None)),
        ("٠٦٠٦١٩٨٦", (None, None, None)),
        ("060619867", (None, None, None)),
    ],
)
def test_dates_begin_with_the_month_or_the_year(printed: str, expected: tuple[int | None, ...]) -> None:
    zone = read(written(DBB=printed, DBA=printed))
    assert zone.birth_date == PartialDate(*expected)
    assert zone.expiration_date == zone.birth_date.whole


def test_a_card_may_have_no_expiration_date() -> None:
    assert read(written(DBA=None)).expiration_date is None


@pytest.mark.parametrize(
    ("printed", "issuer", "country"),
    [
        ("USA", "636000", "USA"), ("CAN", "636000", "CAN"), ("can", "636000", "CAN"), ("US", "636012", "USA"),
        (None, "636014", "USA"), (None, "636012", "CAN"), (None, "604432", "CAN"), (None, "636056", "MEX"),
        ("XYZ", "999999", "USA"),
    ],
)  # fmt: skip
def test_the_country_is_named_or_the_issuers(printed: str | None, issuer: str, country: str) -> None:
    zone = read(written(HEADER.replace("636000", issuer), DCG=printed))
    assert zone.country == country
    assert ("country" in zone.places) is (printed is not None)


@pytest.mark.parametrize(
    ("element", "value", "field", "expected"),
    [
        ("DAA", "CORTEZ,PABLO,,JR", "surname", "CORTEZ"),
        ("DAA", "CORTEZ,PABLO,,JR", "given_names", "PABLO"),
        ("DCS", "CORTEZ", "surname", "CORTEZ"),
        ("DAB", "IDDLER", "surname", "IDDLER"),
        ("DAQ", "DL1234567", "number", "DL1234567"),
        ("DBA", "12102029", "expiration_date", date(2029, 12, 10)),
        ("DBB", "06061986", "birth_date", PartialDate(1986, 6, 6)),
        ("DBC", "2", "sex", "F"),
        ("DCT", "PABLO", "given_names", "PABLO"),
    ],
)
@pytest.mark.parametrize("kind", ["DL", "ID", ""])
def test_the_first_element_is_read_whichever_it_is_and_whatever_stands_before_it(
    element: str, value: str, field: str, expected: object, kind: str
) -> None:
    names = {field: None for field in ("DCS", "DAC", "DAD", "DDE", "DDF", "DDG")} if element in ("DAA", "DAB") else {}
    if element == "DCT":
        names = {"DAC": None, "DAD": None}
    others = {name: text for name, text in {**ELEMENTS, **names}.items() if name != element and text is not None}
    text = "@\n\x1c\rANSI 6360060101DL00290182" + kind + element + value + "\n"
    zone = read(text + "\n".join(name + value for name, value in others.items()))
    assert (zone.document_code, getattr(zone, field)) == (kind or "DL", expected)


UNKNOWN = {"DCG": None, "DBB": "06061986", "DAJ": None}


@pytest.mark.parametrize(
    ("header", "changes", "country"),
    [
        ("ANSI 699999080102", {"DAJ": "VA"}, "USA"),
        ("ANSI 699999080102", {"DAJ": "qc", "DBB": "19860606"}, "CAN"),
        ("ANSI 699999080102", {"DAJ": None, "DAO": "ON", "DBB": "19860606"}, "CAN"),
        ("ANSI 699999080102", {}, "USA"),
        ("ANSI 699999080102", {"DBB": "19860606"}, "CAN"),
        ("ANSI 6999990101", {"DBB": "19860606"}, ""),  # the form of dates of version 1 is everybody's
        ("ANSI 6999990101", {"DBB": "19860606", "DAJ": "TX"}, "USA"),
        ("ANSI 6999990101", {"DBB": "19860606", "DAJ": "NS"}, "CAN"),
        ("ANSI 699999080102", {"DAJ": "ON"}, ""),  # Ontario with dates of the United States
        ("ANSI 699999080102", {"DAJ": "ZZ", "DBB": "13321986"}, ""),
        ("ANSI 699999080102", {"DAJ": "ZZ"}, "USA"),
        ("ANSI 699999080102", {"DCG": "XYZ", "DAJ": "ZZ", "DBB": "19860606"}, "CAN"),
        ("ANSI 604431080102", {}, "USA"),  # Puerto Rico is on the list
    ],
)
def test_of_an_unknown_issuer_state_and_dates_tell_the_country_or_nothing_does(
    header: str, changes: dict[str, str | None], country: str
) -> None:
    zone = read(written(f"@\n\x1e\r{header}DL00410278ZV03190008DL", **{**UNKNOWN, **changes}))
    assert zone.country == country
    assert not [line for line in zone.lines if line.startswith(("DAJ", "DAO"))]


@pytest.mark.parametrize(
    ("printed", "sex"), [("1", "M"), ("2", "F"), ("9", "X"), ("M", "M"), ("F", "F"), ("0", ""), (None, "")]
)
def test_sexes(printed: str | None, sex: str) -> None:
    assert read(written(DBC=printed)).sex == sex


@pytest.mark.parametrize("element", ["DDE", "DDF", "DDG"])
@pytest.mark.parametrize(("printed", "truncated"), [("T", True), ("N", False), ("U", False), (None, False)])
def test_names_say_whether_they_were_cut(element: str, printed: str | None, truncated: bool) -> None:
    assert read(written(**{element: printed})).names_truncated is truncated


def test_the_first_of_two_elements_counts_and_other_subfiles_do_not() -> None:
    assert read(written() + "DAQOTHER\rZVDAQ12\r").number == "T64235789"


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "hello", "https://example.org/?q=DAQ1", "ANSI 636000100102DL", "@ANSI 63600010",
        written(DAQ=None), written(DAQ="NONE"), written(DCS=None), written(DBB=None), written(DCS=None, DAA=",JANE"),
        written(HEADER, ""), written(HEADER.replace("@", "")), written(HEADER.replace("636000", "63600A")),
        written() + " " * MOST_BARCODE_CHARACTERS,
    ],
)  # fmt: skip
def test_other_texts_are_no_zone(text: str) -> None:
    assert parse_aamva(text) is None


def test_what_cannot_be_printed_is_not_kept() -> None:
    assert read(written(DCS="SAM\x00PLE\ud800")).surname == "SAM PLE"
