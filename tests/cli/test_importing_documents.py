"""`ostiary import --documents`: what lies beside a file of clients is looked at first, and then sent, each once."""

from __future__ import annotations

import json
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ostiary.adapters.archives import beside
from ostiary.adapters.archives.beside import files_beside, parts_of
from ostiary.domain.errors import ValidationFailed
from ostiary.domain.imports.documents import UnusableFile
from tests.cli.conftest import Desk
from tests.house import CARDS
from tests.importing import cells_of, csv_of, row
from tests.material import picture

Lines = list[dict[str, str]]


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    path = tmp_path / "clients.csv"
    extra = {"phone_country_code": "54", "phone_number": "1168860622", "product": CARDS}
    rows = [row(1, row_key="k1", **extra), row(2, row_key="k2", email="x", **extra), row(3, row_key="k3")]
    path.write_bytes(csv_of(rows))
    return path


def line(key: str = "k1", **changes: str) -> dict[str, str]:
    usual = {
        "row_key": key,
        "document_type": "passport",
        "image_front": "a/one.jpg",
        "metadata.number": f"AB{key}45678",
    }
    return {**usual, **{name.replace("__", "."): value for name, value in changes.items()}}


def folder_of(path: Path, lines: Lines) -> Path:
    (path / "a").mkdir(parents=True, exist_ok=True)
    (path / "a" / "one.jpg").write_bytes(picture(1))
    (path / "a" / "two.jpg").write_bytes(picture(2))
    (path / "a" / "words.txt").write_bytes(b"No picture.")
    (path / "documents.csv").write_bytes(csv_of(lines))
    return path


def zip_of(path: Path, lines: Lines) -> Path:
    folder = folder_of(path.with_suffix(""), lines)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, str(file.relative_to(folder)))
    return path


@pytest.mark.parametrize("make", [folder_of, zip_of])
def test_documents_are_sent_once_with_their_rows_and_not_before(
    desk: Desk, company: str, clients: Path, tmp_path: Path, make: Callable[[Path, Lines], Path]
) -> None:
    place = make(tmp_path / "papers.zip", [line()])
    given = ("import", clients, "--company", company, "--documents", place)
    looked = desk(*given)
    assert "1 documents are good, 0 with faults, of 1" in looked.out
    assert _documents(desk) == 0
    first = desk(*given, "--yes", "--operator", "ana")
    assert "1 documents sent, 0 before, 0 with faults, of 1" in first.out
    again = desk(*given, "--yes")
    assert "0 documents sent, 1 before, 0 with faults, of 1" in again.out
    assert _documents(desk) == 1


def test_every_fault_is_named_by_row_and_column_and_comes_back_to_be_mended(
    desk: Desk, company: str, clients: Path, tmp_path: Path
) -> None:
    lines = [
        line("k2"),
        line("k3"),
        line("k9"),
        line(image_front="a/none.jpg"),
        line(image_front="../clients.csv"),
        line(image_front="a/words.txt"),
        line(image_back="a/two.jpg"),
        line(document_type="library_card"),
        line(metadata__colour="red"),
        line(product="loans"),
        line(document_type="", image_front="", row_key=""),
        line(document_type="national_id"),
        line("k1", row_key="", email="nobody@example.com"),
    ]
    place, faults = folder_of(tmp_path / "papers", lines), tmp_path / "faults.csv"
    done = desk("import", clients, "--company", company, "--documents", place, "--yes", "--json", "--faults", faults)
    assert done.status == 1
    answer = json.loads(done.out)
    assert answer["documents"] == {"total": 13, "sent": 0, "repeated": 0, "faulty": 13}
    fields = [(each["row"], each["field"]) for each in answer["document_faults"]]
    assert fields[:10] == [
        (1, "row_key"),
        (2, "product"),
        (3, "row_key"),
        (3, "product"),
        (4, "image_front"),
        (5, "image_front"),
        (6, "image_front"),
        (7, "image_back"),
        (8, "document_type"),
        (9, "metadata.colour"),
    ]
    assert {field for number, field in fields if number == 11} == {"document_type", "image_front", "row_key", "product"}
    assert (12, "image_back") in fields
    assert (13, "row_key") in fields
    for path in (faults, Path(f"{faults}.documents.csv")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    mended = cells_of(Path(f"{faults}.documents.csv").read_bytes())
    assert [cells["import_row"] for cells in mended] == [str(number) for number in range(1, 14)]
    assert "mend them first" in mended[0]["import_faults"]


def test_what_is_refused_as_it_is_sent_is_a_fault_and_may_be_sent_again(
    desk: Desk, company: str, clients: Path, tmp_path: Path
) -> None:
    place = folder_of(tmp_path / "papers", [line(metadata__number="?"), line(image_front="a/two.jpg")])
    given = ("import", clients, "--company", company, "--documents", place, "--yes", "--json")
    answer = json.loads(desk(*given).out)
    assert answer["documents"] == {"total": 2, "sent": 1, "repeated": 0, "faulty": 1}
    assert [each["field"] for each in answer["document_faults"]] == ["metadata.number"]
    place = folder_of(tmp_path / "papers", [line(image_front="a/two.jpg")])
    assert json.loads(desk(*given).out)["documents"] == {"total": 1, "sent": 0, "repeated": 1, "faulty": 0}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"row_key,image_front,image_front\n", "there more than once"),
        (b"row_key,colour\n", "is not known; known: row_key"),
        (b"\xff\xfe", "must be UTF-8"),
        (None, "No such file"),
    ],
)
def test_a_list_that_is_none_is_refused_before_anything_is_done(
    desk: Desk, company: str, clients: Path, tmp_path: Path, content: bytes | None, words: str
) -> None:
    place = folder_of(tmp_path / "papers", [line()])
    (place / "documents.csv").unlink()
    if content is not None:
        (place / "documents.csv").write_bytes(content)
    refused = desk("import", clients, "--company", company, "--documents", place, "--yes")
    assert (refused.status, refused.out) == (1, "")
    assert words in refused.err
    assert "documents.csv" in refused.err
    assert desk.answer("find", "--status", "pending") == []


def test_what_is_no_folder_and_no_archive_is_refused(
    desk: Desk, company: str, clients: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "no ZIP" in desk.refused("import", clients, "--company", company, "--documents", clients)
    assert "No such" in desk.refused("import", clients, "--company", company, "--documents", "/nowhere/x")
    monkeypatch.setattr(beside, "MOST_ENTRIES", 2)
    with pytest.raises(ValidationFailed, match="more than 2 files"), files_beside(str(zip_of(tmp_path / "x.zip", []))):
        pass


@pytest.mark.parametrize("name", ["/etc/passwd", "..", "a/../b", "a//b", "", "a\\b", "a\0b", ".", "/".join("a" * 17)])
def test_no_name_leads_outside(name: str) -> None:
    with pytest.raises(UnusableFile, match="within the folder"):
        parts_of(name)


def test_links_and_what_is_no_plain_file_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "file").write_text("secret")
    papers = folder_of(tmp_path / "papers", [])
    (papers / "link").symlink_to(secret / "file")
    (papers / "folder").symlink_to(secret)
    with files_beside(str(papers)) as files:
        assert files.read("a/words.txt", 100) == b"No picture."
        for name in ("link", "folder/file", "a", "missing"):
            with pytest.raises(UnusableFile):
                files.read(name, 100)
        with pytest.raises(UnusableFile, match="more than 10 bytes"):
            files.read("a/words.txt", 10)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """An archive that is made to harm who unpacks it."""
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bomb", bytes(50_000_000))
        archive.writestr("twice", "a")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("twice", "b")
        archive.writestr("folder/", "")
        archive.writestr("bzip2", "x", zipfile.ZIP_BZIP2)
    return path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("link", "no plain file"),
        ("bomb", "more than 1,000 bytes"),
        ("twice", "there twice"),
        ("folder/", "within the folder"),
        ("bzip2", "packed in a way"),
        ("none", "not in the archive"),
    ],
)
def test_an_archive_harms_nobody(hostile: Path, name: str, words: str) -> None:
    with files_beside(str(hostile)) as files, pytest.raises(UnusableFile, match=words):
        files.read(name, 1_000)


def test_a_damaged_archive_is_a_fault_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("file", "some words")
    path.write_bytes(path.read_bytes().replace(b"some words", b"same words"))
    with files_beside(str(path)) as files, pytest.raises(UnusableFile, match="damaged"):
        files.read("file", 1_000)


def _documents(desk: Desk) -> int:
    with closing(sqlite3.connect(desk.data / "ostiary.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM documents").fetchone()[0])
