"""Every usual way to write a name, and what of names sounds the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.adapters.lists.transliteration import in_latin
from ostiary.domain.names.pinyin import in_wade_giles
from ostiary.domain.names.readings import readings_of, unaccented, words_of
from ostiary.domain.names.scripts import MOST_NAME_CHARACTERS, MOST_WORDS, is_comparable
from ostiary.domain.names.sounds import sound_of


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("V l a d i m i r Putin", "VLADIMIR PUTIN"),
        ("V.l.a.d.i.m.i.r Putin", "VLADIMIR PUTIN"),
        ("Vla1dimir Pu2tin", "VLADIMIR PUTIN"),
        ("Vladi\u3164mir Pu\u00adtin", "VLADIMIR PUTIN"),
        ("Vladimir (Vova) Putin", "VLADIMIR VOVA PUTIN"),
        ("Ig0r Sech1n", "IGOR SECHIN"),
        ("I9or $echin", "IGOR SECHIN"),
        ("JC Juncker", "J C JUNCKER"),
        ("J.-C. Juncker", "J C JUNCKER"),
        ("Mao Zedong", "MAO TSE TUNG"),
        ("Ng Wei", "NG WEI"),
        ("Владимир Путин", "VLADIMIR PUTIN"),
        ("Владимир 2 Путин", "VLADIMIR PUTIN"),
        ("Κυριάκος Μητσοτάκης", "KYRIAKOS MITSOTAKIS"),
        ("შევარდნაძე", "SHEVARDNADZE"),
        ("Փաշինյան", "PASHINYAN"),
        ("習近平", "XI JIN PING"),
        ("김정은", "KIM JONG UN"),
        ("박근혜", "PARK GEUN HYE"),
        ("בנימין", "VNYMYN"),
        ("バラク・オバマ", "BARAKU OBAMA"),
        ("Ｖladimir Ｐutin", "VLADIMIR PUTIN"),
    ],
)
def test_a_name_has_the_reading_that_is_meant(typed: str, reading: str) -> None:
    assert tuple(reading.split()) in readings_of(typed, in_latin)


def test_a_name_without_letters_has_no_reading_and_words_are_bounded() -> None:
    assert readings_of("...") == readings_of("") == readings_of("\u3164") == ()
    assert words_of("") == ()
    assert max(map(len, readings_of("Ana " * 200))) == MOST_WORDS
    assert unaccented("José 李") == ("Jose 李",)


@given(st.text(max_size=40))
def test_any_text_has_readings_of_words_without_borders(text: str) -> None:
    for words in readings_of(text, in_latin):
        assert words
        assert all(word and not any(map(str.isspace, word)) for word in words)


@pytest.mark.parametrize(
    ("pinyin", "wade_giles"),
    [
        ("MAO ZEDONG", "MAO TSE TUNG"), ("ZHOU ENLAI", "CHOU EN LAI"), ("DENG XIAOPING", "TENG HSIAO PING"),
        ("JIANG JIESHI", "CHIANG CHIEH SHIH"), ("SONG QINGLING", "SUNG CHING LING"), ("ZHU RONGJI", "CHU JUNG CHI"),
        ("YE JIANYING", "YEH CHIEN YING"), ("YAN SI", "YEN SSU"), ("ZI CI", "TZU TZU"), ("YOU YONG", "YU YUNG"),
        ("WANG GUO", "WANG KUO"), ("LUO GE", "LO KO"), ("GUI XUE", "KUEI HSUEH"), ("RI ZHI", "JIH CHIH"),
        ("LVE NIE", "LUEH NIEH"), ("YI WU", "I WU"), ("YUAN", "YUAN"),
        ("MARIA LOPEZ", ""), ("XI SMITH", ""), ("", ""), ("LIANLIANLIANLIAN", ""),
    ],
)  # fmt: skip
def test_pinyin_as_wade_and_giles_wrote_it(pinyin: str, wade_giles: str) -> None:
    assert in_wade_giles(tuple(pinyin.split())) == tuple(wade_giles.split())


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("GORBATSCHOV", "GORBACHOV"), ("DSCHAMAL", "JAMAL"), ("SCHTSCHERBAKOW", "SHCHERBAKOV"),
        ("CHTCHERBAKOV", "SHCHERBAKOV"),
        ("ABDURRAHMAN", "ABDALRAHMAN"), ("ABDOULAZIZ", "ABDELAZIZ"), ("ABDUSSALAM", "ABDULSALAM"),
        ("YEVGENY", "EVGENI"), ("JEVGENIJ", "YEVGENIY"), ("XI", "SHI"), ("LAVROVS", "LAVROV"), ("SERGEJS", "SERGEY"),
        ("SALEEM", "SALIM"), ("MOON", "MUN"), ("SZCZERBA", "SHCHERBA"),
    ],
)  # fmt: skip
def test_words_that_sound_the_same(first: str, other: str) -> None:
    assert sound_of(first) == sound_of(other)


@pytest.mark.parametrize(("first", "other"), [("LEE", "LI"), ("ILYAS", "ILYA"), ("YE", "E"), ("X", "S")])
def test_short_words_keep_what_they_have(first: str, other: str) -> None:
    assert sound_of(first) != sound_of(other)


@pytest.mark.parametrize(
    ("name", "comparable"),
    [
        ("Maria Barber", True), ("Ünal Çelik", True), ("Владимир", True), ("Γιώργος", True), ("გიორგი", True),
        ("Նիկոլ", True), ("Mª Teresa", True), ("Ａnna", True), ("O’Neill ʼ", True), ("", True),
        ("习近平", False), ("김정은", False), ("בנימין", False), ("محمد", False), ("ทักษิณ", False), ("नरेन्द्र", False),
        ("Maria 李", False), ("オバマ", False), ("a" * (MOST_NAME_CHARACTERS + 1), False),
        ("a " * (MOST_WORDS + 1), False),
        ("Mar\u3164ia", True),
    ],
)  # fmt: skip
def test_what_can_be_compared_with_lists_in_latin_letters(name: str, comparable: bool) -> None:
    assert is_comparable(name) is comparable


@pytest.mark.parametrize(("typed", "is_maria"), [
    ("Mª Li", True), ("M.ª Li", True), ("Ma. Li", True), ("MA.LI", True), ("José Mª Li", True),
    ("Ma Li", False), ("M.A. Li", False), ("M. Li", False), ("Irma. Li", False), ("Omª Li", False),
])  # fmt: skip
def test_maria_is_told_from_the_surname_ma_by_its_sign(typed: str, is_maria: bool) -> None:
    assert any("MARIA" in words for words in readings_of(typed, in_latin)) is is_maria
