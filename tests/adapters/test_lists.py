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
from ostiary.adapters.lists.csv_entries import entries_of
from ostiary.adapters.lists.csv_rows import ListInvalid
from ostiary.adapters.lists.local_list import LocalList
from ostiary.adapters.lists.name_index import NameIndex
from ostiary.domain.list_matching import DEFAULT_THRESHOLD, Entry
from ostiary.domain.screening import ScreeningUnavailable, Subject

HEADER = (
    "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,dataset,first_seen,"
    "last_seen,last_change"
)
SEEN = ",,,,,,Some Sanctions,2022-01-01,2026-01-01,2025-01-01\n"
OPEN = (
    f"{HEADER}\n"
    f"NK-1,Person,Vladimir Petrov,Wolodymyr Petrow;Владимир Петров,1961-04-15;1961,ru;ua{SEEN}"
    f"NK-2,Company,Petrov Trading,,,ru{SEEN}"
    f"NK-3,Person,Maria Lopez,,,xx{SEEN}"
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
    assert petrov == Entry(
        "NK-1", ("Vladimir Petrov", "Wolodymyr Petrow", "Владимир Петров"), ("1961-04-15", "1961"), ("RUS", "UKR"),
        ("Some Sanctions",),
    )  # fmt: skip
    assert (lopez.id, lopez.countries, lopez.birth_dates) == ("NK-3", (), ())


def test_ofacs_format_with_its_aliases(tmp_path: Path) -> None:
    written(tmp_path, ALT, "alt.csv")
    petrov, lopez = entries_of(written(tmp_path, SDN, "sdn.csv"))
    assert petrov == Entry(
        "ofac-306", ("Vladimir PETROV", "Wolodymyr PETROW", "ONE NAME"), ("1961-04-15", "1962"), ("RUS",),
        ("UKRAINE-EO13660",),
    )  # fmt: skip
    assert lopez == Entry("ofac-307", ("Maria LOPEZ",), ("1970-04",))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "is empty"), ("a,b,c\n1,2,3\n", "line 1: must be OpenSanctions' header"),
        (OPEN + "NK-4,Person\n", "line 5: has 2 columns, the header 15"),
        (SDN.replace("307,", "x,"), "line 3: column 1: must be OFAC's number"),
        ('id,schema,name\n1,Person,"' + "x" * (1 << 18) + '"\n', "line 2: field larger"),
        (OPEN + "NK-4,Person" + "," * 13 + "\n", "line 5: column name: is empty"),
        (SDN.replace("LOPEZ, Maria", "-0- "), "line 3: column 2: is empty"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_says_where(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(ListInvalid, match=said):
        list(entries_of(written(tmp_path, source)))


def test_aliases_that_are_none_say_where(tmp_path: Path) -> None:
    written(tmp_path, "306,1\n", "alt.csv")
    with pytest.raises(ListInvalid, match=r"alt\.csv: line 1: must have number"):
        list(entries_of(written(tmp_path, SDN, "sdn.csv")))


@pytest.mark.parametrize(
    ("asked", "found"),
    [("Vladimir Petrov", ["NK-1"]), ("Petrov Vladimir", ["NK-1"]), ("Wladimir Petrow", ["NK-1"]),
     ("VladimirPetrov", ["NK-1"]), ("Vladimi rPetrov", ["NK-1"]), ("Vladimirxpetrov", ["NK-1"]),
     ("Vla dimir Petrov", ["NK-1"]), ("Volodymyr Petroff", ["NK-1"]), ("V Petrov", []), ("Владимир Петров", ["NK-1"]),
     ("Maria Lopes", ["NK-3"]), ("Ivan Petrov", []), ("X", []), ("", []), ("Petrov Trading", [])],
)  # fmt: skip
def test_the_index_finds_who_is_meant(tmp_path: Path, asked: str, found: list[str]) -> None:
    index = NameIndex(entries_of(written(tmp_path, OPEN)))
    assert len(index) == 2
    assert [one.id for _, one in index.find(Subject((asked,)), DEFAULT_THRESHOLD, frozenset())] == found
    assert index.find(Subject((asked,)), DEFAULT_THRESHOLD, frozenset(found)) == []


def test_an_index_of_nobody_finds_nobody() -> None:
    assert NameIndex([]).find(Subject(("Vladimir Petrov",), "1961-04-15"), 0.5, frozenset()) == []


def test_of_many_who_share_a_name_those_born_then_are_found() -> None:
    born = [(f"19{year:02}-01-02",) for year in range(100)] * 5
    index = NameIndex(Entry(str(at), ("Mohammed Ali",), dates) for at, dates in enumerate(born))
    found = index.find(Subject(("Muhammad Ali",), "1961-01-02"), DEFAULT_THRESHOLD, frozenset())
    assert {entry.birth_dates[0] for _, entry in found[:5]} == {"1961-01-02"}


async def test_a_hit_is_told_with_its_evidence(tmp_path: Path) -> None:
    local = LocalList("ofac", written(tmp_path, OPEN), DEFAULT_THRESHOLD)
    screened = await local.screen(Subject(("Vladimir Petrov",), "1961-04-15", ("RUS",)), frozenset())
    [hit] = screened.hits
    assert (hit.list, hit.entry_id, hit.name, hit.score, hit.threshold) == (
        "ofac", "NK-1", "Vladimir Petrov", 1.0, DEFAULT_THRESHOLD,
    )  # fmt: skip
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
    kept = await local.version()
    path.write_text("broken")
    await local.settled()
    assert await local.version() == kept
    assert str(local.problem).startswith(f"{path}: line 1: must be OpenSanctions' header")
    path.unlink()
    assert await local.version() == kept
    assert "No such file" in str(local.problem)
    path.write_text(OPEN)
    await local.settled()
    assert (await local.version() == kept, str(local.problem)) == (False, "None")
    await local.close()


async def test_while_a_changed_file_is_read_the_old_one_answers_and_a_broken_one_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, OPEN)
    local = LocalList("own", path, DEFAULT_THRESHOLD)
    before = await local.version()
    go_on, reads = Event(), 0

    def slowly(one: Path) -> Iterator[Entry]:
        nonlocal reads
        reads += 1
        go_on.wait(10)
        return entries_of(one)

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
    monkeypatch.setattr(local_list, "entries_of", lambda one: (go_on.wait(10), iter(()))[1])
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
    ("remarks", "dates"),
    [
        ("DOB 15 Apr 1961; POB Moscow.", ("1961-04-15",)), ("DOB Apr 1961.", ("1961-04",)), ("DOB 1961.", ("1961",)),
        ("DOB circa 1961; alt. DOB 1963.", ("1961", "1963")), ("DOB 1961 to 1963.", ("1961", "1962", "1963")),
        ("DOB 01 Jan 1961 to 31 Dec 1962.", ("1961", "1962")), ("DOB 1920 to 1963.", ()), ("DOB 31 Feb 1961.", ()),
        ("DOB 1963 to 1961.", ()), ("nothing", ()),
    ],
)  # fmt: skip
def test_birth_dates_in_ofacs_remarks(tmp_path: Path, remarks: str, dates: tuple[str, ...]) -> None:
    source = f'306,"PETROV, Vladimir",individual,"SDGT] [IRGC"{NONE},"{remarks}"\n'
    [entry] = entries_of(written(tmp_path, source, "sdn.csv"))
    assert (entry.birth_dates, entry.topics) == (dates, ("SDGT", "IRGC"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b'id,schema,name\n1,Person,"a\n' + b"b\n" * 200, "line 47: a row longer than 100 bytes"),
        (b"id,schema,name\n" + b"1," * 200, "line 2: a row longer than 100 bytes"),
        (b'id,schema,name\n1,Person,x\n2,Person,Garc\xeda\n', "line 3: byte 14 is not UTF-8"),
        (b"id,schema,name\n" + b"1,Person,x\n" * 9, "line 9: more than 8 rows"),
        (b"id,schema,name\n" + b"1,Company,x\n" * 50, "larger than 500 bytes"),
    ],
)  # fmt: skip
def test_a_file_is_bounded_wherever_it_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: bytes, said: str
) -> None:
    for name, most in (("MOST_ROW_BYTES", 100), ("MOST_ROWS", 8), ("MOST_BYTES", 500)):
        monkeypatch.setattr(csv_rows, name, most)
    path = tmp_path / "list.csv"
    path.write_bytes(source)
    with pytest.raises(ListInvalid, match=said):
        list(entries_of(path))


PIECES = st.lists(st.sampled_from([*OPEN.split(","), *SDN.split(","), '"', "\n", "\0"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
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
