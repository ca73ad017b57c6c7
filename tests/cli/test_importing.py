"""`ostiary import`: a file is checked, carried out where that is said, and its faults are written to be mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.domain.imports.bulk import MOST_FILE_BYTES
from tests.cli.conftest import Desk, prepare
from tests.house import House
from tests.importing import cells_of, csv_of, received, row


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clients.csv"
    path.write_bytes(csv_of([row(1), row(2, email="x", reference="r-2"), row(3)]))
    return path


def test_a_file_is_checked_and_nothing_is_done_unless_that_is_said(desk: Desk, company: str, file: Path) -> None:
    done = desk("import", file, "--company", company)
    assert done.status == 1
    assert "2 rows are good, 1 with faults, 0 carried out before, of 3; nothing was done" in done.out
    assert "email must" in done.out
    assert desk.answer("find", "--status", "pending") == []


def test_what_is_good_is_carried_out_and_the_faults_come_back(desk: Desk, company: str, file: Path) -> None:
    faults = file.with_name("faults.csv")
    done = desk("import", file, "--company", company, "--yes", "--faults", faults, "--operator", "ana")
    assert done.status == 1
    assert "2 rows carried out, 1 with faults, 0 carried out before, of 3" in done.out
    [cells] = cells_of(faults.read_bytes())
    assert (cells["import_row"], cells["email"]) == ("2", "x")
    faults.write_bytes(faults.read_bytes().replace(b",x,", b",c2@example.com,"))
    answer = desk.answer("import", faults, "--company", company, "--yes")
    assert (answer["status"], answer["rows"]["done"], answer["faults"]) == ("done", 1, [])
    answer = desk.answer("import", faults, "--company", company, "--yes")
    assert (answer["rows"]["done"], answer["rows"]["repeated"]) == (0, 1)
    assert len(desk.answer("find", "--status", "pending")) == 3


def test_a_file_of_faults_that_is_there_is_refused_before_anything_is_done(
    desk: Desk, company: str, file: Path, tmp_path: Path
) -> None:
    faults = tmp_path / "faults.csv"
    faults.write_text("Mine.")
    refused = desk.refused("import", file, "--company", company, "--yes", "--faults", faults)
    assert "is there already" in refused
    other = tmp_path / "other.csv"
    (tmp_path / "other.csv.documents.csv").write_text("Mine.")
    given = ("import", file, "--company", company, "--yes", "--faults", other, "--documents", tmp_path)
    assert "documents.csv is there already" in desk.refused(*given)
    assert desk.answer("find", "--status", "pending") == []


def test_faults_are_told_to_machines_by_row_and_column(desk: Desk, company: str, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_bytes(csv_of([row(number, email=f"x{number}") for number in range(60)]))
    done = desk("import", path, "--company", company, "--json")
    assert done.status == 1
    assert done.out.count('"VALUE_INVALID"') == 50
    assert '"row":1,' in done.out.replace(" ", "")


def test_the_template_is_written_once(desk: Desk, company: str, tmp_path: Path) -> None:
    path = tmp_path / "template.csv"
    assert desk("import", path, "--template").status == 0
    assert b"address.country" in path.read_bytes()
    assert "cannot be written: File exists" in desk.refused("import", path, "--template")


def test_what_an_earlier_command_left_is_finished_first(desk: Desk, tmp_path: Path, file: Path) -> None:
    async def left(house: House) -> str:
        house.clock.now_ms = 0
        await received(house, csv_of([row(8)]))
        return house.caller.company.id

    company = prepare(desk.data, left)
    desk("import", file, "--company", company)
    assert "checked" in str(desk.answer("import", _good(tmp_path), "--company", company)["status"])


def _good(folder: Path) -> Path:
    path = folder / "good.csv"
    path.write_bytes(csv_of([row(9)]))
    return path


def test_what_cannot_be_imported_is_refused_with_what_to_do(desk: Desk, company: str, tmp_path: Path) -> None:
    good, large = _good(tmp_path), tmp_path / "large.csv"
    with large.open("wb") as content:
        content.truncate(MOST_FILE_BYTES + 1)
    assert "`ostiary company list`" in desk.refused("import", good)
    assert "There is no such company" in desk.refused("import", good, "--company", "c")
    assert "cannot be read: No such file" in desk.refused("import", tmp_path / "none.csv", "--company", company)
    assert "more than 16 MB" in desk.refused("import", large, "--company", company)
    (tmp_path / "odd.csv").write_bytes(b"a,b\n1,2\n")
    assert "malformed" in desk.refused("import", tmp_path / "odd.csv", "--company", company)
