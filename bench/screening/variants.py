"""Harder pairs: other ways to write names in Latin letters, spaces elsewhere, slips in dates; others named alike."""

from __future__ import annotations

import random
from collections.abc import Callable

from bench.screening.people import FIRST, Pair, date, full_name, surname
from ostiary.domain.screening.matching import ListEntry
from ostiary.domain.screening.subject import Subject

SAME_NAME = tuple(
    one.split()
    for one in (
        "Mohammed Muhammad Mohamed Mohammad Muhammed", "Yusuf Yousef Youssef Yousuf", "Hussein Husayn Hussain Hossein",
        "Ahmed Ahmad", "Khalid Khaled", "Omar Umar", "Osama Usama", "Abdullah Abdallah Abdulla", "Ibrahim Ebrahim",
        "Sergei Sergey Serguei", "Aleksandr Alexander Aleksander", "Aleksei Alexey Alexei", "Dmitri Dmitry Dmitriy",
        "Yuri Yury Iouri", "Vladimir Wladimir", "Mikhail Mihail", "Nikolai Nikolay Nikolaj", "Tatiana Tatyana Tatjana",
        "Katarzyna Catarzyna", "Mustafa Mostafa Moustafa", "Jamal Djamal Gamal", "Rashid Rachid Rasheed",
        "Salim Saleem",
        "Karim Kareem", "Fatima Fatimah Fatma", "Aisha Aicha Aysha", "Zaynab Zainab Zeinab", "Hamid Hameed",
    )
)  # fmt: skip
SURNAMES = tuple(
    one.split()
    for one in (
        "Ivanov Ivanoff", "Petrov Petroff Petrow", "Gaddafi Qadhafi Kadhafi", "Rahman Rehman",
        "Hussaini Husseini Hosseini",
        "Zhukov Joukov Zukov", "Shcherbakov Scherbakov Chtcherbakov", "Kuznetsov Kouznetsov Kuznecov", "Assad Asad",
        "Yanukovich Yanukovych Ianoukovitch", "Khodorkovsky Chodorkowski", "Tchaikovsky Chaikovsky",
        "Sharif Shareef Cherif",
        "Haddad Hadad", "Masoud Massoud Masud", "Nasser Nasir Naser", "Qureshi Kureshi Quraishi", "Saeed Said Saied",
    )
)  # fmt: skip
JOINED = ("Abd al Rahman|Abdulrahman", "Abdel Karim|Abdelkarim", "Xiao Ming|Xiaoming", "De la Cruz|Delacruz",
          "Jean Pierre|Jeanpierre", "Al Hassan|Alhassan", "Van den Berg|Vandenberg", "Bin Laden|Binladen")  # fmt: skip


def _pair(asked: str, listed: str, same: bool, kind: str, chance: random.Random, dates: tuple[str, ...] | None = None,
          born: str | None = None) -> Pair:  # fmt: skip
    born = born or date(chance)
    if dates is None:
        known = ((born,), (born[:4],), ()) if same else ((date(chance),), (), ())
        dates = chance.choice(known)
    return Pair(Subject((asked,), born), ListEntry("x", (listed,), dates), same, kind)


def _transliterated(chance: random.Random) -> Pair:
    (one, other), (last, final) = chance.sample(chance.choice(SAME_NAME), 2), chance.sample(chance.choice(SURNAMES), 2)
    return _pair(f"{one} {last}", f"{other} {final}", True, "transliterated", chance)


def _joined(chance: random.Random) -> Pair:
    parts, whole = chance.choice(JOINED).split("|")
    given = chance.choice(FIRST)
    asked, listed = chance.sample((f"{given} {parts}", f"{given} {whole}"), 2)
    return _pair(asked, listed, True, "joined", chance)


def _spaced(chance: random.Random) -> Pair:
    name = full_name(chance)
    at = name.index(" ")
    return _pair(f"{name[: at - 1]} {name[at - 1]}{name[at + 1 :]}", name, True, "space elsewhere", chance)


def _slip(chance: random.Random) -> Pair:
    name, born = full_name(chance), date(chance)
    slipped = chance.choice((
        f"{born[:8]}{(int(born[8:]) + chance.randint(1, 20)) % 28 + 1:02}", f"{born[:5]}{born[8:]}-{born[5:7]}",
        f"{int(born[:4]) + chance.choice((-1, 1))}", f"{born[:2]}{(int(born[2]) + 1) % 10}{born[3:]}",
    ))  # fmt: skip
    return _pair(name, name, True, "slip in the date", chance, (slipped,), born)


def _shortened(chance: random.Random) -> Pair:
    words = [chance.choice(FIRST), chance.choice(FIRST), surname(chance), surname(chance)]
    return _pair(f"{words[0]} {words[2]}", " ".join(words), True, "second names left out", chance, None)


def _other_surname(chance: random.Random) -> Pair:
    given, shared = [chance.choice(FIRST), chance.choice(FIRST)], surname(chance)
    mine, theirs = (" ".join((*given, one, shared)) for one in (surname(chance), surname(chance)))
    return _pair(mine, theirs, False, "one surname of two", chance)


def _short_surname(chance: random.Random) -> Pair:
    given = chance.choice([one for one in FIRST if len(one) > 6])
    mine, theirs = chance.sample(("Li", "Xu", "Wu", "Ma", "Kim", "Lee", "Ho", "Vo", "Cho", "Ali", "Khan", "Diaz"), 2)
    return _pair(f"{given} {mine}", f"{given} {theirs}", False, "short surname", chance)


def _patronymic(chance: random.Random) -> Pair:
    given, last = chance.choice(("Vladimir", "Sergei", "Ivan", "Dmitri")), surname(chance)
    mine, theirs = chance.sample(("Ivanovich", "Petrovich", "Borisovich", "Sergeevich", "Andreevich"), 2)
    return _pair(f"{given} {mine} {last}", f"{given} {theirs} {last}", False, "patronymic", chance)


def _sound_alike(chance: random.Random) -> Pair:
    last = chance.choice(chance.choice(SURNAMES))
    mine, theirs = chance.sample(("Hassan", "Hussein", "Hasan", "Hamid", "Hamza", "Ahmad", "Mahmud", "Hamad"), 2)
    same = {mine, theirs} == {"Hassan", "Hasan"}
    return _pair(f"{mine} {last}", f"{theirs} {last}", same, "given name alike", chance)


def _far_date(chance: random.Random) -> Pair:
    name, born = full_name(chance), date(chance)
    far = f"{int(born[:4]) + chance.choice((-1, 1)) * chance.randint(4, 30)}-{born[8:]}-01"
    return _pair(name, name, False, "the same name, another date", chance, (far,), born)


KINDS: tuple[Callable[[random.Random], Pair], ...] = (
    _transliterated, _joined, _spaced, _slip, _shortened, _other_surname, _short_surname, _patronymic, _sound_alike,
    _far_date,
)  # fmt: skip


def hard_pairs(count: int, seed: int = 13) -> list[Pair]:
    """As many of each kind."""
    chance = random.Random(seed)
    return [KINDS[number % len(KINDS)](chance) for number in range(count)]
