"""Birth dates of lists: in a column, in OFAC's remarks, and in the file of comments in which these go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.adapters.lists.csv_entries import entries_of, files_of
from ostiary.adapters.lists.csv_rows import ListInvalid
from tests.adapters.test_lists import NONE, written


@pytest.mark.parametrize(
    ("main", "comments"),
    [("sdn.csv", "sdn_comments.csv"), ("SDN.CSV", "SDN_COMMENTS.CSV"), ("CONS_PRIM.CSV", "cons_comments.csv")],
)
def test_remarks_go_on_in_ofacs_comments(tmp_path: Path, main: str, comments: str) -> None:
    """Cut off anywhere; and where the comments are not there, a date that may stand in them is not known."""
    remarks = ("DOB 15 Apr 1961; nationality Russia; " + "x" * 1000)[:988] + "; alt. DOB 19"
    path = written(tmp_path, f'306,"PETROV, Vladimir",individual,"SDGT"{NONE},"{remarks}"\n', main)
    assert next(entries_of(path)).birth_dates == ()
    beside = written(tmp_path, '306,"62; POB Moscow."\n\x1a\n', comments)
    assert files_of(path) == (path, beside)
    [entry] = entries_of(path)
    assert (entry.birth_dates, entry.countries) == (("1961-04-15", "1962"), ("RUS",))
    written(tmp_path, "306\n", comments)
    with pytest.raises(ListInvalid, match="line 1: must have number and remarks"):
        list(entries_of(path))


@pytest.mark.parametrize(
    ("cell", "dates"),
    [
        ("1980-05-31;1981-05;1982", ("1980-05-31", "1981-05", "1982")), ("1980-5-1", ("1980-05-01",)),
        ("1980-00-00", ("1980",)), ("1980-05-00", ("1980-05",)), ("", ()), ("31/05/1980", ()), ("1980-13-01", ()),
        ("1980;31/05/1981", ()), ("circa 1980", ()),
    ],
)  # fmt: skip
def test_of_birth_dates_all_are_understood_or_none_is_known(tmp_path: Path, cell: str, dates: tuple[str, ...]) -> None:
    path = written(tmp_path, f"ID, Schema ,name,birth_date,countries\n1,Person,Ana Li,{cell},Russia;ar\n")
    [entry] = entries_of(path)
    assert (entry.birth_dates, entry.countries) == (dates, ("RUS", "ARG"))


@pytest.mark.parametrize(
    ("remarks", "dates"),
    [
        ("DOB 15 Apr 1961; POB Moscow.", ("1961-04-15",)), ("DOB Apr 1961.", ("1961-04",)), ("DOB 1961.", ("1961",)),
        ("DOB circa 1961; alt. DOB 1963.", ("1961", "1963")), ("DOB 1961 to 1963.", ("1961", "1962", "1963")),
        ("DOB 01 Jan 1961 to 31 Dec 1962.", ("1961", "1962")), ("DOB 1920 to 1963.", ()), ("DOB 31 Feb 1961.", ()),
        ("DOB 1963 to 1961.", ()), ("nothing", ()), ("DOB between 1961 and 1963.", ("1961", "1962", "1963")),
        ("DOB 1961-1962; alt. DOB Apr 1970.", ("1961", "1962", "1970-04")),
        ("DOB circa 1961 or 1962", ("1961", "1962")),
        ("DOB 1961; alt. DOB 1920 to 1963.", ()), ("DOB 1961; alt. DOB unknown.", ()),
        ("DOB 1961; DOB 31 Feb 1962", ()),
    ],
)  # fmt: skip
def test_birth_dates_in_ofacs_remarks(tmp_path: Path, remarks: str, dates: tuple[str, ...]) -> None:
    source = f'306,"PETROV, Vladimir",individual,"SDGT] [IRGC"{NONE},"{remarks}"\n'
    [entry] = entries_of(written(tmp_path, source, "sdn.csv"))
    assert (entry.birth_dates, entry.topics) == (dates, ("SDGT", "IRGC"))
