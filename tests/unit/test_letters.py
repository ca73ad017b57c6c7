"""Names in the letters of machine-readable lines: ICAO Doc 9303 part 3, section 6."""

from __future__ import annotations

import pytest

from ostiary.domain.names.letter_tables import RECOMMENDED, USAGES
from ostiary.domain.names.letters import MOST_NAME_CHARACTERS, MOST_SPELLINGS, spelled_by_ear, spellings


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Eriksson", ("ERIKSSON",)),
        ("  anna   maria ", ("ANNA MARIA",)),
        ("D'Artagnan", ("DARTAGNAN",)),  # this and the next two: part 3, 4.6
        ("Marie-Elise", ("MARIE ELISE",)),
        ("Anna, Maria", ("ANNA MARIA",)),
        ("Anna،Maria", ("ANNA MARIA",)),
        ("Anna–Maria", ("ANNA MARIA",)),
        ("Anna\tMaria\x00", ("ANNA MARIA",)),
        ("O'Brien", ("OBRIEN",)),
        ("O’Brien", ("OBRIEN",)),
        ("Kaʻahumanu", ("KAAHUMANU",)),
        ("Gal·la", ("GALLA",)),
        ("García-López", ("GARCIA LOPEZ",)),
        ("St. John (Jr.) 2", ("ST JOHN JR",)),
        ("Her\u00admann", ("HERMANN",)),  # a hyphen that shows at a line's end only
        ("Nguyễn Thị", ("NGUYEN THI",)),
        ("e\u0301", ("E",)),  # an accent of its own
        ("ﬁnn", ("FINN",)),
        ("Mª José", ("MA JOSE",)),
        ("Müller", ("MUELLER", "MULLER", "MUXXLLER")),
        ("Bäcker", ("BAECKER", "BACKER")),
        ("Jörg", ("JOERG", "JORG")),
        ("Groß", ("GROSS",)),
        ("GROẞ", ("GROSS",)),
        ("Åse", ("AASE", "ASE")),
        ("Ærø", ("AEROE", "AERO")),
        ("Núñez", ("NUNEZ", "NUNXXEZ")),
        ("Þór", ("THOR",)),
        ("Ðurðevic", ("DURDEVIC",)),
        ("Đorđević", ("DORDEVIC", "DJORDJEVIC")),
        ("Łukasz", ("LUKASZ",)),
        ("Ħal Ŧ Ŋ Œ Ŀ Ĳ", ("HAL T N OE L IJ",)),
        ("İnci ışık", ("INCI ISIK",)),
        ("Əliyev", ("ALIYEV", "ELIYEV")),
        ("Müller-Lüdenscheidt", ("MUELLER LUEDENSCHEIDT", "MULLER LUDENSCHEIDT", "MUXXLLER LUXXDENSCHEIDT")),
    ],
)
def test_latin(name: str, expected: tuple[str, ...]) -> None:
    assert spellings(name) == expected


@pytest.mark.parametrize(
    ("name", "usual", "others"),
    [
        ("Щербаков Сергей", "SHCHERBAKOV SERGEI", {"SHCHERBAKOV SERGEY", "SHTERBAKOV SERGEY"}),
        ("Наталья", "NATALIA", {"NATALYA"}),
        ("Объедков", "OBIEEDKOV", {"OBEDKOV"}),
        ("Ёлкин", "ELKIN", {"YOLKIN", "IOLKIN"}),
        ("Юрій Їжакевич", "YURII YIZHAKEVYCH", {"IURII IZHAKEVICH"}),  # Ukrainian: the first letter differs
        ("Згоранчук Є.", "ZGHORANCHUK YE", {"ZHORANCHUK YE"}),
        ("Розгон", "ROZGON", {"ROZGHON"}),
        ("Ευάγγελος Παπανδρέου", "EVANGELOS PAPANDREOU", {"EVAGGELOS PAPANDREOU"}),
        ("Γιώργος Μπάρμπας", "GIORGOS MPARMPAS", {"GIORGOS BARBAS"}),
        ("შევარდნაძე", "SHEVARDNADZE", set[str]()),
        ("Սերժ Սարգսյան", "SERZH SARGSYAN", set[str]()),
        ("Ուլիխանյան", "ULIKHANYAN", set[str]()),
        ("Нұрсұлтан Қасым", "NURSULTAN KASYM", {"NURSULTAN QASYM"}),
        ("Баярсайхан Өлзий", "BAIARSAIKHAN OLZII", {"BAYARSAIKHAN ULZII"}),
        ("Яўген Гаўрыленка", "IAUHEN HAURYLENKA", set[str]()),  # Belarusian
        ("Ђорђевић Жика", "DJORDJEVIC ZIKA", {"DORDEVIC ZIKA"}),  # Serbian
        ("Ѓорѓи Ќосев", "GJORGJI KJOSEV", set[str]()),  # Macedonian
        ("Христо Щерев", "KHRISTO SHCHEREV", {"HRISTO SHTEREV"}),  # Bulgarian
        ("Мария", "MARIIA", {"MARIYA", "MARIA"}),
        ("Анна Ь Ивановна", "ANNA IVANOVNA", set[str]()),  # a lone sign of which nothing is printed
        ("Ѝва", "IVA", set[str]()),  # an accent on a letter of the table
    ],
)
def test_cyrillic(name: str, usual: str, others: set[str]) -> None:
    variants = spellings(name)
    assert variants[0] == usual
    assert others <= set(variants)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ابو بكر محمد بن زكريا الرازي", ("ABW BKR MXHMD BN ZKRYA ALRAZY",)),  # part 3, appendix B
        ("عبّاس", ("EBBAS",)),  # shadda doubles
        ("فضّة", ("FXDZDZXAH", "FXDZDZXTA")),  # but for the X; teh marbuta at the end
        ("فضَّة", ("FXDZDZXAH", "FXDZDZXTA")),  # signs of vowels are not printed
        ("ةا", ("XTAA",)),
        ("\u0651ا", ("A",)),  # nothing to double
        ("محـمد", ("MXHMD",)),  # stretched
        ("ـ", ()),
    ],
)
def test_arabic(name: str, expected: tuple[str, ...]) -> None:
    assert spellings(name) == expected
    assert spelled_by_ear(name)


@pytest.mark.parametrize("name", ["", " ", "-", "12", "'", "張", "Anna 張", "ทักษิณ", "한", "\ud800", "ㅤ", "ʼ"])
def test_what_cannot_be_told_has_no_spelling(name: str) -> None:
    assert spellings(name) == ()
    assert not spelled_by_ear(name)


def test_the_number_of_spellings_and_the_length_are_bounded() -> None:
    assert len(spellings("ÄÖÜÅØÑĐƏ")) == MOST_SPELLINGS
    assert spellings("ÄÖÜ" * 66 + "AA")
    assert spellings("A" * MOST_NAME_CHARACTERS) == ("A" * MOST_NAME_CHARACTERS,)
    assert spellings("A" * (MOST_NAME_CHARACTERS + 1)) == ()


def test_one_letter_is_spelled_in_one_way_throughout_a_name() -> None:
    assert "MUELLER MULLER" not in spellings("Müller Müller")


def test_every_table_holds_capital_letters_only() -> None:
    tables = [table for usage in (RECOMMENDED, *USAGES) for table in (usage.letters, usage.at_start, usage.at_end)]
    spelled = "".join("".join(several) for table in tables for several in table.values())
    assert spelled.isascii()
    assert spelled.isalpha()
    assert spelled.isupper()
    letters = [letter for table in tables for letter in table]
    assert all(len(letter) == 1 and letter == letter.upper() for letter in letters)
    assert set(letters) <= set(RECOMMENDED.letters)


@pytest.mark.parametrize("letter", RECOMMENDED.letters)
def test_every_letter_of_the_tables_is_spelled(letter: str) -> None:
    first = RECOMMENDED.letters[letter][0]
    assert f"A{first}A" in spellings(f"A{letter}a")
