"""The file of settings: what it may say, what goes before it, and how what is wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.settings import SETTINGS_FILE, SettingInvalid, read_settings
from ostiary.settings_file import MOST_BYTES, with_file

GOOD = """# the installation of production
OSTIARY_DATA_DIR=/srv/ostiary
export OSTIARY_LOG_LEVEL = "warning"

; credentials of the store
AWS_REGION='eu-west-1'
OSTIARY_FILES_URL=s3://bucket/prefix?a=b
OSTIARY_PUBLIC_URL=
"""


def written(folder: Path, content: bytes) -> dict[str, str]:
    (folder / "ostiary.env").write_bytes(content)
    return {SETTINGS_FILE: str(folder / "ostiary.env")}


def test_every_line_is_read_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    environment = written(tmp_path, GOOD.encode()) | {"OSTIARY_LOG_LEVEL": "error", "PATH": "/bin"}
    settings = read_settings(with_file(environment))
    assert (settings.data_dir, settings.log_level) == (Path("/srv/ostiary"), "error")
    assert (settings.files_url, settings.public_url) == ("s3://bucket/prefix?a=b", "")
    assert settings.settings_file == tmp_path / "ostiary.env"
    assert environment["AWS_REGION"] == "eu-west-1", "what others read is in the environment"
    assert "OSTIARY_DATA_DIR" not in environment


def test_what_others_read_is_not_replaced(tmp_path: Path) -> None:
    environment = written(tmp_path, GOOD.encode()) | {"AWS_REGION": "us-east-1"}
    assert with_file(environment)["AWS_REGION"] == environment["AWS_REGION"] == "us-east-1"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# nothing", b"\xef\xbb\xbfOSTIARY_PROCESSES=1\r\n"])
def test_a_file_that_says_nothing_new_changes_nothing(tmp_path: Path, content: bytes) -> None:
    environment = written(tmp_path, content)
    assert read_settings(with_file(environment)) == read_settings(environment)


def test_without_a_file_nothing_is_missing_unless_it_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ostiary.settings_file.SETTINGS_FILE_DEFAULT", str(tmp_path / "none"))
    assert with_file({"A": "b"}) == {"A": "b"}
    assert with_file({SETTINGS_FILE: "/dev/null"}) == {SETTINGS_FILE: "/dev/null"}
    with pytest.raises(SettingInvalid, match="which does not exist"):
        with_file({SETTINGS_FILE: str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"OSTIARY_DATA_DIR\n", ":1: a line is NAME=value"),
        (b"\nOSTIARY DATA=1\n", ":2: a line is NAME=value"),
        (b"=1", ":1: a line is NAME=value"),
        (b"OSTIARY_DATA_DIR='/srv", "do not match"),
        (b"OSTIARY_DATA_DIR='", "do not match"),
        (b"OSTIARY_DATA_DIR='a'b'", "do not match"),
        (b"OSTIARY_DATA_DIR=/srv/\\\n", "one line only"),
        (b"OSTIARY_SETTINGS_FILE=/other", "not for the file it names"),
        (b"\xff\xfe", "not UTF-8"),
        (b"#" * (MOST_BYTES + 1), f"more than {MOST_BYTES} bytes"),
    ],
)
def test_a_line_of_another_form_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        with_file(written(tmp_path, content))
    assert words in str(refused.value)


def test_a_folder_or_a_file_of_another_user_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="cannot be read: Is a directory"):
        with_file({SETTINGS_FILE: str(tmp_path)})


def test_a_name_in_it_that_is_no_setting_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="OSTIARY_DATADIR is no setting"):
        read_settings(with_file(written(tmp_path, b"OSTIARY_DATADIR=/srv")))
