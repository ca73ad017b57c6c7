"""Invented people for lists: names of several languages, aliases, dates; and pairs of whom some are the same.

Everything follows from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ostiary.domain.screening.matching import ListEntry
from ostiary.domain.screening.subject import Subject


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words("""
Maria Juan Carlos Ana Luis Jose Pedro Lucia Diego Sofia Martin Elena Pablo Carmen Miguel Rosa Vladimir Sergei
Dmitri Aleksandr Natalia Olga Ivan Svetlana Mikhail Yuri Tatiana Andrei Mohammed Ahmed Ali Hassan Fatima Omar
Khalid Abdullah Yusuf Ibrahim Aisha Mahmoud Abdul Tariq Salim Karim Wei Ming Li Hua Jian Xiao Yan Jun Hiroshi
Kenji Yuki Akira Sakura Kim Min Soo Jin Hyun Amadou Kwame Chidi Ngozi Fatou Moussa Pierre Jean Marie Claude
Michel Luc Hans Karl Heinrich Ursula Jurgen Anna Piotr Katarzyna Jan Zofia Nguyen Thi Van Duc John William James
Robert Elizabeth Margaret Reza Hossein Mehdi Zahra Amir Mustafa Emre Ayse Mehmet Fatma Giovanni Marco Lucia
Rajesh Priya Sanjay Deepak Anil Sunita Viktor Oleksandr Andriy Mykola Ioannis Georgios Dimitrios Goran Zoran
Milan Dragan
""")
STEMS = _words("""
Garcia Rodrig Fernand Lop Mart Gonz Per Sanch Ram Torr Flor Riv Gom Di Cruz Mor Ort Gut Chav Ram Petr Ivan Sidor
Kuzn Smirn Pop Vasil Sokol Mikhail Novik Fedor Moroz Volk Alekse Lebed Semen Egor Pavl Kozl Stepan Nikol Orl
Andr Al Has Abd Rahm Kar Mans Saleh Nas Hamad Khal Ibrah Yous Jab Sad Far Mah Wan Zhan Li Che Yan Zha Hua Zho Xu
Tana Suzu Taka Wata Ito Yama Naka Koba Par Cho Jun Kang Yoon Dial Traor Kone Cisse Kam Okaf Ade Mens Osei Dub
Mor Laur Bern Dur Ler Mull Schm Schn Fisch Web Mey Wagn Beck Kowal Wisn Wojc Kam Lewan Ngu Tra Pham Hoan Smit
John Will Brow Jon Mill Dav Wils Tay Hoss Ahmad Mous Karim Rez Yil Kay Dem Cel Sah Ross Ferr Espos Bian Shar Gup
Sin Kum Pat Shev Kov Bond Tka Papad Kara Jov Petrov Nik Mark
""")
ENDS = _words("""
ez es ov ev in enko ski sky wicz ian yan oglu zade i a o er mann berg son sen ti elli ini aro eau et ard oui adi
awi any uri imi aki oto ura ada uchi ong ang ung ien inh ova eva ina ska skaya os is idis opoulos ic vic u e an
""")
COUNTRIES = _words("""
RUS IRN SYR PRK VEN CUB BLR MMR AFG IRQ LBN YEM COL MEX ARG ESP FRA DEU CHN UKR SRB TUR IND PAK NGA
""")
CHANGES = {"ph": "f", "ou": "u", "ks": "x", "y": "i", "kh": "h", "sch": "sh", "w": "v", "q": "k", "ee": "i", "ck": "k"}


@dataclass(frozen=True)
class Pair:
    """Somebody asked about, an entry, and whether they are the same; `kind` says how they differ."""

    subject: Subject
    entry: ListEntry
    same: bool
    kind: str


def surname(chance: random.Random) -> str:
    made = chance.choice(STEMS) + chance.choice(ENDS)
    return made + "-" + chance.choice(STEMS) + chance.choice(ENDS) if chance.random() < 0.04 else made


def full_name(chance: random.Random) -> str:
    words = [chance.choice(FIRST), *([chance.choice(FIRST)] if chance.random() < 0.4 else []), surname(chance)]
    if chance.random() < 0.25:
        words.append(surname(chance))
    return " ".join(words)


def date(chance: random.Random) -> str:
    return f"{chance.randint(1935, 2003)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def entries(count: int, seed: int = 7) -> Iterator[ListEntry]:
    """Persons as lists have them: half with a full date, some with a year; two aliases on average."""
    chance = random.Random(seed)
    for number in range(count):
        name = full_name(chance)
        aliases = [chance.choice(VARIANTS)[1](name, chance) for _ in range(chance.randint(0, 4))]
        born = date(chance)
        dates = ((born,), (born[:4],), ())[min(2, int(chance.random() * 3.0))] if chance.random() < 0.6 else (born,)
        yield ListEntry(
            f"NK-{number}", tuple(dict.fromkeys([name, *aliases])), dates, (chance.choice(COUNTRIES),), ("sanction",)
        )


def typed(name: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(name) - 1)
    letter = chance.choice("aeioursntl")
    left_out, added = name[:at] + name[at + 1 :], name[:at] + letter + name[at:]
    return chance.choice(
        (left_out, added, name[:at] + letter + name[at + 1 :], name[:at] + name[at + 1] + name[at] + name[at + 2 :])
    )


def spelled(name: str, chance: random.Random) -> str:
    known = [one for one in CHANGES if one in name.lower()]
    if not known:
        return typed(name, chance)
    one = chance.choice(known)
    at = name.lower().index(one)
    return name[:at] + CHANGES[one] + name[at + len(one) :]


def ordered(name: str, chance: random.Random) -> str:
    words = name.split()
    return " ".join((words[-1], *words[:-1]))


def shortened(name: str, chance: random.Random) -> str:
    words = name.split()
    return f"{words[0]} {words[-1]}" if len(words) > 2 else name


def initialed(name: str, chance: random.Random) -> str:
    words = name.split()
    return " ".join((words[0], words[1][0], *words[2:])) if len(words) > 2 else name


def accented(name: str, chance: random.Random) -> str:
    return name.translate(str.maketrans("aeounc", "áéóúñç")) if chance.random() < 0.7 else name.upper()


VARIANTS: tuple[tuple[str, Callable[[str, random.Random], str]], ...] = (
    ("typed", typed), ("spelled", spelled), ("ordered", ordered), ("shortened", shortened), ("initialed", initialed),
    ("accented", accented),
)  # fmt: skip


def pairs(count: int, seed: int = 11) -> list[Pair]:
    """Half are the same, each changed in one way; half are not: another given name, another surname, another date."""
    chance = random.Random(seed)
    return [_same(chance) if number % 2 else _different(chance) for number in range(count)]


def _same(chance: random.Random) -> Pair:
    name, born = full_name(chance), date(chance)
    kind, change = chance.choice(VARIANTS)
    listed = ((born,), (born[:4],), ())[chance.randrange(3)]
    return Pair(Subject((change(name, chance),), born), ListEntry("x", (name,), listed), True, kind)


def _different(chance: random.Random) -> Pair:
    name, born, other = full_name(chance), date(chance), full_name(chance)
    words, others = name.split(), other.split()
    match chance.randrange(4):
        case 0:
            mixed = " ".join((*words[:-1], others[-1]))
            return Pair(Subject((mixed,), born), ListEntry("x", (name,), (date(chance),)), False, "another surname")
        case 1:
            given = chance.choice([one for one in FIRST if one not in words])
            subject = Subject((" ".join((given, *words[1:])),), date(chance))
            return Pair(subject, ListEntry("x", (name,), (born,)), False, "another given name")
        case 2:
            far = f"{int(born[:4]) + (15 if born[:4] < '1985' else -15)}{born[4:]}"
            return Pair(Subject((typed(name, chance),), far), ListEntry("x", (name,), (born,)), False, "another date")
        case _:
            return Pair(Subject((other,), date(chance)), ListEntry("x", (name,), (born,)), False, "somebody else")
