"""Lists kept as files: both formats, every fault with its line, reloaded when they change."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ostiary.adapters.lists import csv_rows, local_list
from ostiary.adapters.lists.csv_entries import entries_of, files_of
from ostiary.adapters.lists.csv_rows import ListInvalid
from ostiary.adapters.lists.local_list import LocalList
from ostiary.adapters.lists.name_index import NameIndex
from ostiary.domain.screening.matching import DEFAULT_THRESHOLD, ListEntry
from ostiary.domain.screening.subject import ScreeningUnavailable, Subject
from tests.depth import deep

HEADER = (
    "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,dataset,first_seen,"
    "last_seen,last_change"
)
REST = ",,,,,,Some Sanctions,2022-01-01,2026-01-01,2025-01-01\n"
OPEN = (
    f"{HEADER}\n"
    f"NK-1,Person,Vladimir Petrov,Wolodymyr Petrow;Владимир Петров,1961-04-15;1961,ru;ua{REST}"
    f"NK-2,Company,Petrov Trading,,,ru{REST}"
    f"NK-3,Person,Maria Lopez,,,xx{REST}"
)
NONE = ",-0- " * 7
SDN = (
    f'36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA"{NONE},"Alt. names."\n'
    f'306,"PETROV, Vladimir",individual,"UKRAINE-EO13660"{NONE},"DOB 15 Apr 1961; alt. DOB circa 1962;'
    ' nationality Russia; POB Moscow."\n'
    f'307,"LOPEZ, Maria",individual,-0- {NONE},"DOB Apr 1970; nationality Atlantis."\n'
    "\x1a\n"
)
ALT = '306,12,"aka","PETROW, Wolodymyr",-0- \n306,13,"fka","ONE NAME",-0- \n'


def written(folder: Path, source: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(source)
    return path


def test_opensanctions_simple_format(tmp_path: Path) -> None:
    petrov, lopez = entries_of(written(tmp_path, OPEN))
    assert petrov == ListEntry(
        "NK-1",
        ("Vladimir Petrov", "Wolodymyr Petrow", "Владимир Петров"),
        ("1961-04-15", "1961"),
        ("RUS", "UKR"),
        ("Some Sanctions",),
    )
    assert (lopez.id, lopez.countries, lopez.birth_dates) == ("NK-3", (), ())


def test_ofacs_format_with_its_aliases(tmp_path: Path) -> None:
    written(tmp_path, ALT, "alt.csv")
    petrov, lopez = entries_of(written(tmp_path, SDN, "sdn.csv"))
    assert petrov == ListEntry(
        "ofac-306",
        ("Vladimir PETROV", "Wolodymyr PETROW", "ONE NAME"),
        ("1961-04-15", "1962"),
        ("RUS",),
        ("UKRAINE-EO13660",),
    )
    assert lopez == ListEntry("ofac-307", ("Maria LOPEZ",), ("1970-04",))


@pytest.mark.parametrize(
    ("main", "alias"),
    [
        ("sdn.csv", "alt.csv"),
        ("SDN.CSV", "ALT.CSV"),
        ("SDN.CSV", "alt.csv"),
        ("sdn.csv", "ALT.CSV"),
        ("Sdn.csv", "Alt.csv"),
        ("CONS_PRIM.CSV", "CONS_ALT.CSV"),
        ("cons_prim.csv", "cons_alt.csv"),
        ("ofac-SDN-2026.csv", "ofac-ALT-2026.csv"),
    ],
)
def test_ofacs_aliases_are_read_however_their_file_is_written(tmp_path: Path, main: str, alias: str) -> None:
    written(tmp_path, ALT, alias)
    path = written(tmp_path, SDN, main)
    assert next(entries_of(path)).names == ("Vladimir PETROV", "Wolodymyr PETROW", "ONE NAME")
    assert files_of(path) == (path, tmp_path / alias)


def test_a_list_without_aliases_beside_it_is_read_alone(tmp_path: Path) -> None:
    path = written(tmp_path, SDN, "SDN.CSV")
    assert files_of(path) == (path,)
    assert files_of(written(tmp_path, OPEN)) == (tmp_path / "list.csv",)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Petrov;Petrow", ["Petrov", "Petrow"]),
        ('"Petrov; Vladimir";Petrow', ["Petrov; Vladimir", "Petrow"]),
        ('Petrow;"Petrov; ""Vova"""', ["Petrow", 'Petrov; "Vova"']),
        ('Petrov "Vova";Petrow', ['Petrov "Vova"', "Petrow"]),
        ('Petrov "Vova', ['Petrov "Vova']),
        ('"A; B"; "C"', ["A; B", "C"]),
        (";;", []),
        ("", []),
        (" Petrov ", ["Petrov"]),
        ('"', ['"']),
    ],
)
def test_a_value_with_a_semicolon_is_quoted_within_its_column(tmp_path: Path, cell: str, names: list[str]) -> None:
    outer = cell.replace('"', '""')
    path = written(tmp_path, f'id,schema,name,aliases\nNK-1,Person,Somebody,"{outer}"\n')
    assert list(next(entries_of(path)).names) == ["Somebody", *names]


def test_a_list_of_ones_own_needs_three_columns_and_may_have_four_more(tmp_path: Path) -> None:
    own = "name,schema,id,birth_date,countries,aliases,topics,note\nAna Li,person,1,1980,ar;xk,Anna Li,fraud,x\n"
    assert list(entries_of(written(tmp_path, own))) == [
        ListEntry("1", ("Ana Li", "Anna Li"), ("1980",), ("ARG", "XKX"), ("fraud",))
    ]
    with pytest.raises(ListInvalid, match="of the header are missing: id, schema") as refused:
        list(entries_of(written(tmp_path, "name,birth_date\nAna Li,1980\n")))
    assert refused.value.line == 1


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "is empty"), ("id;schema;name\n1;Person;Ana\n", "parted by commas, not by semicolons"),
        ("a,b,c\n1,2,3\n", "line 1: must be OpenSanctions' header"),
        (OPEN + "NK-4,Person\n", "line 5: has 2 columns, the header 15"),
        (SDN.replace("307,", "x,"), "line 3: column 1: must be OFAC's number"),
        ('id,schema,name\n1,Person,"' + "x" * (1 << 18) + '"\n', "line 2: field larger"),
        (OPEN + "NK-4,Person" + "," * 13 + "\n", "line 5: column name: is empty"),
        (SDN.replace("LOPEZ, Maria", "-0- "), "line 3: column 2: is empty"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_says_where(tmp_path: Path, source: str, words: str) -> None:
    with pytest.raises(ListInvalid, match=words):
        list(entries_of(written(tmp_path, source)))


def test_aliases_that_are_none_say_where(tmp_path: Path) -> None:
    written(tmp_path, "306,1\n", "alt.csv")
    with pytest.raises(ListInvalid, match=r"alt\.csv: line 1: must have number"):
        list(entries_of(written(tmp_path, SDN, "sdn.csv")))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("Vladimir Petrov", ["NK-1"]), ("Petrov Vladimir", ["NK-1"]), ("Wladimir Petrow", ["NK-1"]),
     ("VladimirPetrov", ["NK-1"]), ("Vladimi rPetrov", ["NK-1"]), ("Vladimirxpetrov", ["NK-1"]),
     ("Vla dimir Petrov", ["NK-1"]), ("Volodymyr Petroff", ["NK-1"]), ("V Petrov", []), ("Владимир Петров", ["NK-1"]),
     ("Maria Lopes", ["NK-3"]), ("Ivan Petrov", []), ("X", []), ("", []), ("Petrov Trading", [])],
)  # fmt: skip
def test_the_index_finds_who_is_meant(tmp_path: Path, asked: str, expected: list[str]) -> None:
    index = NameIndex(entries_of(written(tmp_path, OPEN)))
    assert len(index) == 2
    assert [entry.id for _, entry in index.find(Subject((asked,)), DEFAULT_THRESHOLD, frozenset())] == expected
    assert index.find(Subject((asked,)), DEFAULT_THRESHOLD, frozenset(expected)) == []


def test_an_index_of_nobody_finds_nobody() -> None:
    assert NameIndex([]).find(Subject(("Vladimir Petrov",), "1961-04-15"), 0.5, frozenset()) == []


def test_of_many_who_share_a_name_those_born_then_are_found() -> None:
    born = [(f"19{year:02}-01-02",) for year in range(100)] * 5
    index = NameIndex(ListEntry(str(at), ("Mohammed Ali",), dates) for at, dates in enumerate(born))
    hits = index.find(Subject(("Muhammad Ali",), "1961-01-02"), DEFAULT_THRESHOLD, frozenset())
    assert {entry.birth_dates[0] for _, entry in hits[:5]} == {"1961-01-02"}


async def test_a_hit_is_told_with_its_evidence(tmp_path: Path) -> None:
    local = LocalList("ofac", written(tmp_path, OPEN), DEFAULT_THRESHOLD)
    screened = await local.screen(Subject(("Vladimir Petrov",), "1961-04-15", ("RUS",)), frozenset())
    [hit] = screened.hits
    assert (hit.list, hit.entry_id, hit.name, hit.score, hit.threshold) == (
        "ofac",
        "NK-1",
        "Vladimir Petrov",
        1.0,
        DEFAULT_THRESHOLD,
    )
    assert (hit.topics, hit.countries, hit.version) == (("Some Sanctions",), ("RUS", "UKR"), await local.version())
    assert (await local.screen(Subject(("Vladimir Petrov",)), frozenset({"NK-1"}))).hits == ()
    await local.close()


async def test_a_file_that_changed_is_read_again_and_one_that_broke_is_not_used(tmp_path: Path) -> None:
    path = written(tmp_path, OPEN)
    local = LocalList("own", path, DEFAULT_THRESHOLD)
    before = await local.version()
    path.write_text(OPEN.replace("Vladimir Petrov", "Somebody Other"))
    os.utime(path, ns=(1, 1))
    await local.settled()
    assert await local.version() != before
    assert (await local.screen(Subject(("Somebody Other",)), frozenset())).hits != ()
    version = await local.version()
    path.write_text("broken")
    await local.settled()
    assert await local.version() == version
    standing = await local.standing()
    assert (standing.version, standing.persons, standing.line) == (version, 2, 1)
    assert standing.problem == local.problem
    assert str(local.problem).startswith(f"{path}: line 1: must be OpenSanctions' header")
    path.unlink()
    assert await local.version() == version
    assert "No such file" in str(local.problem)
    path.write_text(OPEN)
    await local.settled()
    assert (await local.version() == version, str(local.problem)) == (False, "None")
    await local.close()


async def test_while_a_changed_file_is_read_the_old_one_answers_and_a_broken_one_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, OPEN)
    local = LocalList("own", path, DEFAULT_THRESHOLD)
    before = await local.version()
    go_on, reads = Event(), 0

    def slowly(path: Path) -> Iterator[ListEntry]:
        nonlocal reads
        reads += 1
        go_on.wait(10)
        return entries_of(path)

    monkeypatch.setattr(local_list, "entries_of", slowly)
    path.write_text("broken")
    for _ in range(3):
        assert (await local.screen(Subject(("Vladimir Petrov",)), frozenset())).version == before
    assert str(local.problem) == "None", "still being read"
    go_on.set()
    await local.settled()
    assert "line 1" in str(local.problem)
    for _ in range(3):
        assert (await local.screen(Subject(("Vladimir Petrov",)), frozenset())).hits != ()
    assert reads == 1
    await local.close()


async def test_a_list_is_closed_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local, go_on = LocalList("own", written(tmp_path, OPEN), DEFAULT_THRESHOLD), Event()
    monkeypatch.setattr(local_list, "entries_of", lambda path: (go_on.wait(10), iter(()))[1])
    waiting = asyncio.create_task(local.version())
    await asyncio.sleep(0.05)
    await local.close()
    go_on.set()
    with pytest.raises((asyncio.CancelledError, ScreeningUnavailable)):
        await waiting


async def test_aliases_that_changed_are_another_version(tmp_path: Path) -> None:
    local = LocalList("ofac", written(tmp_path, SDN, "sdn.csv"), DEFAULT_THRESHOLD)
    before = await local.version()
    assert (await local.screen(Subject(("One Name",)), frozenset())).hits == ()
    written(tmp_path, ALT, "alt.csv")
    await local.settled()
    assert await local.version() != before
    [hit] = (await local.screen(Subject(("One Name",)), frozenset())).hits
    assert hit.entry_id == "ofac-306"
    await local.close()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b'id,schema,name\n1,Person,"a\n' + b"b\n" * 200, "line 47: a row longer than 100 bytes"),
        (b"id,schema,name\n" + b"1," * 200, "line 2: a row longer than 100 bytes"),
        (b'id,schema,name\n1,Person,x\n2,Person,Garc\xeda\n', "line 3: byte 14 is not UTF-8"),
        (b"id,schema,name\n" + b"1,Person,x\n" * 9, "line 9: more than 8 rows"),
        (b"id,schema,name\n" + b"1,Company,x\n" * 50, "larger than 500 bytes"),
    ],
)  # fmt: skip
def test_a_file_is_bounded_wherever_it_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: bytes, words: str
) -> None:
    for name, most in (("MOST_ROW_BYTES", 100), ("MOST_ROWS", 8), ("MOST_BYTES", 500)):
        monkeypatch.setattr(csv_rows, name, most)
    path = tmp_path / "list.csv"
    path.write_bytes(source)
    with pytest.raises(ListInvalid, match=words):
        list(entries_of(path))


PIECES = st.lists(st.sampled_from([*OPEN.split(","), *SDN.split(","), '"', "\n", "\0"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=deep(25, 200))
@given(st.one_of(st.binary(max_size=300), PIECES.map(lambda parts: ",".join(parts).encode())))
def test_any_bytes_are_a_list_or_say_why_not(tmp_path: Path, source: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(source)
    with suppress(ListInvalid):
        index = NameIndex(entries_of(path))
        index.find(Subject(("Vladimir Petrov",), "1961-04-15"), 0.5, frozenset())


async def test_a_file_that_never_was_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ScreeningUnavailable, match="own: "):
        await LocalList("own", tmp_path / "none.csv", 0.8).version()
