"""Tables, progress and ages on a screen, and what the sandbox's welcome is put together from."""

from __future__ import annotations

import argparse
import os
import subprocess
from pathlib import Path

import pytest

from ostiary.adapters.config.scenarios_file import load
from ostiary.cli.sandbox import LEVELS, _write_once, read, url_of
from ostiary.cli.sandbox_welcome import calls, tour
from ostiary.cli.showing import age, print_table, progress
from ostiary.domain.errors import Refused
from ostiary.domain.times import DAY_MS, HOUR_MS

MINUTE_MS = 60_000


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (-5, "0 min"),
        (0, "0 min"),
        (MINUTE_MS - 1, "0 min"),
        (MINUTE_MS, "1 min"),
        (HOUR_MS - 1, "59 min"),
        (HOUR_MS, "1 h 0 min"),
        (HOUR_MS + 59 * MINUTE_MS, "1 h 59 min"),
        (DAY_MS - 1, "23 h 59 min"),
        (DAY_MS, "1 d 0 h"),
        (DAY_MS + 2 * HOUR_MS + 59 * MINUTE_MS, "1 d 2 h"),
        (400 * DAY_MS, "400 d 0 h"),
    ],
)
def test_an_age_in_the_two_units_that_matter(milliseconds: int, words: str) -> None:
    assert age(milliseconds) == words


def test_cells_stay_whole_and_brackets_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id", "name"), [("a" * 150, "[bold]x[/bold]"), ("b", "")])
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split() == ["id", "name"]
    assert first.split() == ["a" * 150, "[bold]x[/bold]"]
    assert second.split() == ["b"]


@pytest.mark.parametrize("as_json", [True, False])
def test_progress_is_silent_where_nobody_looks(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    with progress(argparse.Namespace(json=as_json), "copying", 10) as tell:
        tell(3, 10)
    assert capsys.readouterr() == ("", "")


# ---- the sandbox ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("127.0.0.1", 8080, "http://127.0.0.1:8080"),
        ("0.0.0.0", 80, "http://127.0.0.1:80"),
        ("", 80, "http://127.0.0.1:80"),
        ("::", 80, "http://[::1]:80"),
        ("fd00::7", 81, "http://[fd00::7]:81"),
        ("kyc.local", 82, "http://kyc.local:82"),
    ],
)
def test_how_to_call_what_listens_there(host: str, port: int, url: str) -> None:
    assert url_of(host, port) == url


@pytest.mark.parametrize(
    "content",
    [
        b"", b"nonsense", b"\xff\xfe", b"[]", b"null", b'"x"', b"{}", b'{"company_id": "c"}',
        b'{"company_id": "c", "keys": null}', b'{"company_id": "c", "keys": ["k"]}',
        b'{"company_id": "c", "keys": {"one": "k", "3": "k"}}', b'{"company_id": "c", "keys": {"1": "k"}}',
        b'{"company_id": "c", "keys": {"3": "k"}}', b'{"keys": {"1": "k", "3": "k"}}',
    ],
)  # fmt: skip
def test_a_file_in_another_form_is_refused_by_name_and_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sandbox.json"
    path.write_bytes(content)
    with pytest.raises(Refused, match="as a sandbox's keys"):
        read(path)
    assert path.read_bytes() == content


def test_a_folder_in_its_place_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read(tmp_path)


def test_keys_of_other_levels_in_the_file_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.json"
    path.write_text('{"company_id": "c", "keys": {"1": "one", "2": "two", "3": "three"}}')
    record = read(path)
    assert (record.company_id, record.keys) == ("c", {1: "one", 3: "three"})
    assert tuple(record.keys) == LEVELS
    assert "three" not in repr(record)


def test_a_file_is_written_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    _write_once(path, b"first")
    _write_once(path, b"second")
    assert path.read_bytes() == b"first"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path], "nothing half done lies beside it"


def test_what_a_process_of_the_same_number_left_half_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f".kept.{os.getpid()}").write_bytes(b"half")
    _write_once(tmp_path / "kept", b"whole")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("kept", b"whole")]


def test_the_welcome_names_both_keys_the_stronger_first_and_uses_it(tmp_path: Path) -> None:
    text = tour("http://h:1", "c1", {1: "weak", 3: "strong"}, tmp_path, "ost", load(None))
    assert text.index("strong") < text.index("weak")
    assert "KEY=strong\n" in text
    assert "Sandbox, c1" in text
    assert f"Kept in    {tmp_path / 'sandbox.json'}" in text
    assert "ost demo" in text
    assert "http://h:1/docs" in text
    for scenario in load(None):
        assert not scenario.number_prefix or f"  {scenario.number_prefix}..." in text
        assert not scenario.number_prefix or scenario.description.lower() in text
    assert "\n  ... " not in text, "one without a number is not offered by one"
    assert "$url" not in text


@pytest.mark.parametrize("name", ["a b.jpg", "it's.jpg", "$HOME.jpg", "`x`.jpg"])
def test_the_calls_survive_a_shell_whatever_the_page_is_called(name: str) -> None:
    text = calls("http://h:1", "key", Path("/srv") / name).splitlines()
    given = [line for line in text if line.startswith("PAGE=")]
    done = subprocess.run(["sh", "-c", f'{given[0]}\nprintf %s "$PAGE"'], capture_output=True, text=True, check=True)
    assert done.stdout == f"/srv/{name}"
