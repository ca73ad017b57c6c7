"""How alike two names are: in any order and spelling, with names left out, joined and shortened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.adapters.lists.name_index import NameIndex
from ostiary.adapters.lists.name_similarity import similarity as by_name
from ostiary.adapters.lists.transliteration import in_latin
from ostiary.adapters.similarity import similarity
from ostiary.domain.names.readings import MOST_SPELLINGS, readings_of, words_of
from ostiary.domain.names.scripts import MOST_WORDS
from ostiary.domain.names.sounds import sound_of
from ostiary.domain.screening.matching import DEFAULT_THRESHOLD, ListEntry, likeness
from ostiary.domain.screening.name_score import (
    INITIAL_SCORE,
    PARTICLE_WEIGHT,
    SAME_SOUND,
    SHORT_WEIGHT,
    _word_by_word,
    fathers_names,
    names_score,
    weight_of,
    word_score,
)
from ostiary.domain.screening.subject import Subject
from ostiary.domain.verification.name_match import bonded


def near(asked: str, listed: str) -> float:
    return names_score(words_of(asked), words_of(listed), similarity)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Maria Julia Barber", ("MARIA", "JULIA", "BARBER")), ("O'Neill-Smith, Ann", ("ONEILL", "SMITH", "ANN")),
        ("O’Neill", ("ONEILL",)), ("J.R. Li", ("J", "R", "LI")), ("Müller", ("MUELLER",)),
        ("Щербаков", ("SHCHERBAKOV",)), ("Ωμέγα", ("OMEGA",)), ("", ()), ("...", ()),
        ("a " * 50, ("A",) * MOST_WORDS),
    ],
)  # fmt: skip
def test_a_name_in_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


def test_a_name_has_readings_with_and_without_its_accents() -> None:
    assert set(readings_of("Müller")) >= {("MUELLER",), ("MULLER",)}
    assert len(readings_of("Щукина Наталья Юрьевна")) <= MOST_SPELLINGS


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Vladimir Petrov", "PETROV, Vladimir"), ("Abd al Rahman Karim", "Abdalrahman Karim"),
        ("Karim Abdulrahman", "Abdul Rahman Karim"), ("Xiaoming Li", "Li Xiao Ming"),
        ("Ana Delacruz", "Ana De La Cruz"),
        ("Владимир Петров", "Vladimir Petrov"), ("Jose Garcia", "José García"), ("Ali Hassan", "Hassan Ali"),
        ("Maria Julia Barber", "Maria Barber"), ("Vladimir Petrow", "Vladimir Petrov"),
        ("Maria Barber", "Maria Julia Barber Lopez"), ("Mohammed Al-Hassan", "Mohamed Al Hassan"),
        ("Mohammed Hussein", "Muhammad Husayn"), ("Yusuf Ahmed", "Youssef Ahmad"), ("Sergey Ivanov", "Sergei Ivanoff"),
        ("Usama bin Ladin", "Osama bin Laden"), ("Khalid Omar", "Khaled Umar"), ("Muammar Gaddafi", "Muammar Qadhafi"),
        ("J Carlos Garcia", "Juan Carlos Garcia"), ("Juan C Garcia", "Juan Carlos Garcia"),
        ("Yuk iTanaka", "Yuki Tanaka"), ("Tanaka Yukl", "Yuki Tanaka"), ("Kmi Kuznetsov", "Kim Kuznetsov"),
    ],
)  # fmt: skip
def test_names_that_a_person_should_look_at(asked: str, listed: str) -> None:
    assert near(asked, listed) >= DEFAULT_THRESHOLD
    assert near(listed, asked) == pytest.approx(near(asked, listed))


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Maria Barber", "Juan Barber"), ("Maria Barber", "Maria Lopez"), ("Ali", "Ali Hassan Mahmoud Karim"),
        ("Ali", "Ali Hassan"), ("Wei Li", "Ming Li"), ("Alexander Li", "Alexander Xu"), ("Hassan Ali", "Hussein Ali"),
        ("Juan Perez Garcia", "Juan Lopez Garcia"), ("Juan Carlos Perez Garcia", "Juan Carlos Lopez Garcia"),
        ("Vladimir Borisovich Putin", "Vladimir Vladimirovich Putin"), ("J Garcia", "Juan Garcia"),
        ("P Garcia", "Juan Garcia"), ("Kim Jong Un", "Kim Jong Il"), ("De la Cruz", "De la Rosa"),
        ("", "Maria"), ("Maria", ""), ("", ""), ("X Y", "Z W"), ("John Smith", "Jane Smyth-Wesson"),
    ],
)  # fmt: skip
def test_names_that_nobody_need_look_at(asked: str, listed: str) -> None:
    assert near(asked, listed) < DEFAULT_THRESHOLD
    assert near(listed, asked) == pytest.approx(near(asked, listed))


def test_words_by_letters_by_sound_and_by_their_beginning() -> None:
    assert word_score("PETROV", "PETROV", similarity) == 1.0
    assert word_score("IVANOV", "IVANOFF", similarity) == pytest.approx(1 - (1 - SAME_SOUND) * 1.5)
    assert word_score("J", "JUAN", similarity) == word_score("JUAN", "J", similarity) == INITIAL_SCORE
    assert word_score("P", "JUAN", similarity) == 0.0
    assert word_score("MUHAMMAD", "MOHAMED", similarity) > word_score("HASSAN", "HUSSEIN", similarity) == 0.0
    assert word_score("UMA", "UME", similarity) == 0.0  # one consonant is no frame


def test_particles_are_bonded_to_what_follows_them() -> None:
    assert bonded(("ANA", "DE", "LA", "CRUZ")) == ("ANA", "DELACRUZ")
    assert bonded(("ANA", "DE", "LA")) == ("ANA", "DELA")


def test_what_words_weigh() -> None:
    assert (weight_of("PETROV"), weight_of("XU"), weight_of("DE")) == (1.0, SHORT_WEIGHT, PARTICLE_WEIGHT)


@pytest.mark.parametrize(
    ("first", "other"),
    [("KHALED", "KALED"), ("ABDULLAH", "ABDULA"), ("YURY", "IURI"), ("PETROFF", "PETROV"), ("AH", "AH"), ("OH", "UH")],
)
def test_words_that_sound_the_same(first: str, other: str) -> None:
    assert sound_of(first) == sound_of(other)


def test_of_several_words_that_make_up_one_the_nearest_are_taken() -> None:
    assert near("Abdul Rahmon Rahman Karim", "Abdulrahman Rahmon Karim") > 0.9
    assert near("Abdul Rahmam Rahman Karim", "Abdulrahman Karim Petrov") > near("Abdul Karim", "Abdulrahman Petrov")


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_texts_have_a_score(first: str, other: str) -> None:
    assert 0.0 <= near(first, other) <= 1.0
    assert near(first, other) == pytest.approx(near(other, first))


WORDS = ["MARIA", "JULIA", "DE", "LA", "CRUZ", "DELACRUZ", "LOPEZ", "LOPES", "J", "XIAO", "MING", "XIAOMING"]
NAMES = st.lists(st.sampled_from(WORDS), max_size=5)


@given(NAMES, NAMES, st.randoms())
def test_the_order_of_words_changes_no_score_but_a_slip_of_the_fingers(
    first: list[str], other: list[str], chance: object
) -> None:
    mixed = sorted(first, key=lambda _: chance.random())  # type: ignore[attr-defined]
    before, after = (_word_by_word(tuple(words), tuple(other), similarity) for words in (first, mixed))
    assert before == pytest.approx(after)


@given(st.permutations(["Maria", "Julia", "Barber", "Lopez"]))
def test_equal_words_are_equal_names_in_any_order(words: list[str]) -> None:
    assert near(" ".join(words), "Maria Julia Barber Lopez") == 1.0


@pytest.mark.parametrize(
    ("name", "listed", "is_match"),
    [
        ("محمد بن سلمان", "Mohammed bin Salman", True), ("فلاديمير بوتين", "Vladimir Putin", True),
        ("בנימין נתניהו", "Benjamin Netanyahu", True), ("حسن روحانی", "Hassan Rouhani", True),
        ("محمد بن سلمان", "Mahmoud Abbas", False), ("فلاديمير بوتين", "Boris Johnson", False),
        ("김정은", "Kim Jong Un", True), ("박근혜", "Park Geun-hye", True), ("习近平", "Xi Jinping", True),
        ("毛泽东", "Mao Tse-tung", True), ("Шойгу Сергей", "Sergej Schoigu", True),
        ("Ευάγγελος Βενιζέλος", "Evangelos Venizelos", True), ("ედუარდ შევარდნაძე", "Eduard Shevardnadze", True),
        ("Նիկոլ Փաշինյան", "Nikol Pashinyan", True), ("習近平", "Li Keqiang", False),
    ],
)  # fmt: skip
def test_names_of_other_scripts_beside_latin_ones(name: str, listed: str, is_match: bool) -> None:
    entry = ListEntry("x", (listed,))
    assert (likeness(Subject((name,)), entry, by_name, in_latin) >= DEFAULT_THRESHOLD) is is_match
    index = NameIndex([entry, ListEntry("y", ("Somebody Else",))])
    assert [entry.id for _, entry in index.find(Subject((name,)), DEFAULT_THRESHOLD, frozenset())] == ["x"] * is_match


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Serej Lavrov", "Сергей Викторович Лавров"),
        ("Yevgeny Prigozhin", "Evgeniy Viktorovich PRIGOZHIN"),
        ("Alyaksandr Lukashenka", "Aleksandr Grigoryevich LUKASHENKO"),
        ("Abd al-Rahman", "Abdurrahman"),
        ("Osama bin Laden", "Usāma bin Muhammad ibn Awad ibn Lādin"),
        ("Ted Doe", "Theodore Doe"),
        ("Sasha Ivanov", "Aleksandr Ivanov"),
        ("Pepe Garcia Ruiz", "Jose Garcia Ruiz"),
        ("JC Juncker", "Jean-Claude Juncker"),
        ("Mao Zedong", "Mao Tse-tung"),
        ("Deng Xiaoping", "Teng Hsiao-p'ing"),
        ("Zhou Enlai", "Chou En-lai"),
        ("Michail Gorbatschow", "Mikhail Gorbachev"),
        ("Nikita Chruschtschow", "Nikita Khrushchev"),
        ("Jewgeni Prigoschin", "Yevgeny Prigozhin"),
        ("Wladimir Schirinowski", "Vladimir Zhirinovsky"),
        ("Josef Dschugaschwili", "Iosif Dzhugashvili"),
        ("Sergejs Lavrovs", "Sergey Viktorovich Lavrov"),
        ("Ig0r Sech1n", "Igor Sechin"),
        ("Heydar Aliyev", "Aliyev Heydar Alirza oglu"),
        ("Olga Petrova", "Olga Ivanovna Petrova"),
        ("Mª Teresa Ruiz", "Maria Teresa Ruiz"),
        ("M.ª Carmen Pérez", "Maria del Carmen Perez"),
        ("MA. TERESA RUIZ", "Maria Teresa Ruiz"),
        ("Maria Teresa Ruiz", "Ma. Teresa RUIZ"),
        ("José Mª García López", "Jose Maria Garcia Lopez"),
        ("Fco. Javier Glez. Ruiz", "Francisco Javier Gonzalez Ruiz"),
        ("Ana Rguez", "Ana Rodriguez"),
        ("Md. Karim", "Muhammad Karim"),
        ("Abdel Fattah el-Sisi", "Abd al-Fattah al-Sisi"),
        ("Gamal Abdel Nasser", "Jamal Abd al-Nasir"),
        ("Bachar el-Assad", "Bashar al-Assad"),
        ("Qasem Soleimani", "قاسم سلیمانی"),
        ("Alexander Lukashenko", "Аляксандр Рыгоравіч Лукашэнка"),
        ("Siarhei Lavrov", "Sergey Lavrov"),
        ("Lee Yong Ho", "RI, Yong Ho"),
    ],
)
def test_short_forms_spellings_and_fathers_names(asked: str, listed: str) -> None:
    entry = ListEntry("x", (listed,))
    assert likeness(Subject((asked,)), entry, by_name, in_latin) >= DEFAULT_THRESHOLD
    index = NameIndex([entry, ListEntry("y", ("Somebody Else",))])
    assert [entry.id for _, entry in index.find(Subject((asked,)), DEFAULT_THRESHOLD, frozenset())] == ["x"]


@pytest.mark.parametrize(
    ("name", "fathers"),
    [
        ("ALIYEV HEYDAR OGLU", {"HEYDAR"}),
        ("ALIYEV ILHAM HEYDAR OGLU", {"HEYDAR"}),
        ("ALIYEV OGLU", set()),
    ],
)
def test_the_word_before_son_of_is_a_fathers_unless_it_is_the_surname(name: str, fathers: set[str]) -> None:
    assert fathers_names(tuple(name.split())) == fathers
