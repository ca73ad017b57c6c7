"""Lists kept as files: both formats, every fault with its line, reloaded when they change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ostiary.adapters.lists.csv_entries import ListInvalid, entries_of
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
        (SDN.replace("307,", "x,"), "line 3: must begin with OFAC's number"),
        ('id,schema,name\n1,Person,"' + "x" * (1 << 21) + '"\n', "line 2: field larger"),
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
     ("Maria Lopes", ["NK-3"]), ("Ivan Petrov", []), ("X", []), ("", []), ("Petrov Trading", [])],
)  # fmt: skip
def test_the_index_finds_who_is_meant(tmp_path: Path, asked: str, found: list[str]) -> None:
    index = NameIndex(entries_of(written(tmp_path, OPEN)))
    assert len(index) == 2
    assert [one.id for _, one in index.find(Subject((asked,)), DEFAULT_THRESHOLD, frozenset())] == found
    assert index.find(Subject((asked,)), DEFAULT_THRESHOLD, frozenset(found)) == []


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
    assert await local.version() != before
    assert (await local.screen(Subject(("Somebody Other",)), frozenset())).hits != ()
    kept = await local.version()
    path.write_text("broken")
    assert await local.version() == kept
    path.unlink()
    assert await local.version() == kept


async def test_a_file_that_never_was_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ScreeningUnavailable, match="own: "):
        await LocalList("own", tmp_path / "none.csv", 0.8).version()
