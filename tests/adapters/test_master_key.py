"""Where the master key comes from, and what is no key."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from ostiary.adapters.crypto.master_key import FILE_NAME, KeySource, make, parse, read_masters
from ostiary.domain.errors import KeyMismatch

TRUE = ("/bin/true",)
FIRST, SECOND = b"1" * 32, b"2" * 32
FIRST_TEXT, SECOND_TEXT = base64.b64encode(FIRST).decode(), base64.b64encode(SECOND).decode()


@pytest.mark.parametrize(
    ("text", "ring"),
    [
        (FIRST_TEXT, {1: FIRST}),
        (f" {FIRST_TEXT}\n", {1: FIRST}),
        (f"7:{FIRST_TEXT}", {7: FIRST}),
        (f"1:{FIRST_TEXT},2:{SECOND_TEXT}", {1: FIRST, 2: SECOND}),
        (f"1:{FIRST_TEXT}\n2:{SECOND_TEXT}\n", {1: FIRST, 2: SECOND}),
        (f"0:{FIRST_TEXT} 255:{SECOND_TEXT}", {0: FIRST, 255: SECOND}),
    ],
)
def test_a_ring_is_read(text: str, ring: dict[int, bytes]) -> None:
    assert parse(text, "here") == ring


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "here holds no key: 32 bytes in base64 are needed"),
        (" ,\n", "here holds no key"),
        ("secret", "here: a master key is 32 bytes in base64"),
        (base64.b64encode(b"x" * 31).decode(), "a master key is 32 bytes"),
        (FIRST_TEXT[:-1] + "!", "a master key is 32 bytes"),
        ("é" * 44, "a master key is 32 bytes"),
        (f"256:{FIRST_TEXT}", "a key's number is 0 to 255"),
        (f"-1:{FIRST_TEXT}", "a key's number is 0 to 255"),
        (f"one:{FIRST_TEXT}", "a key's number is 0 to 255"),
        (f":{FIRST_TEXT}", "a key's number is 0 to 255"),
    ],
)
def test_what_is_no_key_is_told_and_never_repeated(text: str, message: str) -> None:
    with pytest.raises(KeyMismatch, match=message) as refused:
        parse(text, "here")
    assert FIRST_TEXT not in refused.value.message


def test_the_setting_counts_before_the_file_and_the_file_before_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(SECOND_TEXT)
    assert read_masters(KeySource(tmp_path, FIRST_TEXT, TRUE, file)) == {1: FIRST}
    assert read_masters(KeySource(tmp_path, file=file)) == {1: SECOND}
    assert not (tmp_path / FILE_NAME).exists()


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyMismatch, match="cannot be read"):
        read_masters(KeySource(tmp_path, file=tmp_path / "missing"))


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    masters = read_masters(KeySource(folder), may_make=True)
    assert read_masters(KeySource(folder)) == masters
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == [FILE_NAME]
    assert read_masters(KeySource(tmp_path / "other"), may_make=True) != masters


def test_beside_a_database_a_missing_key_is_told_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(KeyMismatch, match="put its key back"):
        read_masters(KeySource(tmp_path))
    assert not (tmp_path / FILE_NAME).exists()


def test_a_key_is_never_made_over_another(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(FIRST_TEXT)
    make(tmp_path / FILE_NAME)
    assert read_masters(KeySource(tmp_path)) == {1: FIRST}
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]
