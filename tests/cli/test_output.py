"""Output that nobody reads to its end, that is closed from the start, or that no longer fits on the disk."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import COMMAND_S, OSTIARY, environment
from tests.house import template


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("output") / "data"
    shutil.copytree(template(), folder)
    return folder


def in_shell(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    words = ["bash", "-o", "pipefail", "-c", line.replace("ostiary ", f"{OSTIARY} ")]
    return subprocess.run(
        words, env=environment(folder), capture_output=True, text=True, timeout=COMMAND_S, check=False
    )


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("ostiary --help | true", 0),
        ("ostiary settings | head -1 >/dev/null", 0),
        ("ostiary settings --json | true", 0),
        ("ostiary doctor | true", 0),
        ("OSTIARY_DATA_DIR=/no/such ostiary doctor | true", 1),
        ("ostiary catalogue show | head -2 >/dev/null", 0),
        ("ostiary catalogue show --json | true", 0),
        ("ostiary company list | true", 0),
        ("ostiary audit verify 2>&1 | true", 0),
        ("ostiary review show none --operator ana 2>&1 | true", 1),
        ("ostiary review list >&-", 0),
        ("ostiary settings >&- 2>&-", 0),
        ("ostiary review show none --operator ana 2>&-", 1),
    ],
)
def test_a_reader_that_has_seen_enough_is_no_error(folder: Path, line: str, status: int) -> None:
    done = in_shell(folder, line)
    assert (done.returncode, done.stderr, done.stdout) == (status, "", "")


def test_what_cannot_be_written_is_an_error(folder: Path) -> None:
    done = in_shell(folder, "ostiary settings >/dev/full")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "No space left on device" in done.stderr


def test_letters_that_the_terminal_lacks_are_escaped(folder: Path) -> None:
    done = in_shell(folder, "PYTHONIOENCODING=ascii ostiary company create --name Äcme --environment sandbox")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\xc4cme" in done.stdout


@pytest.mark.parametrize("columns", ["40", "80"])
def test_a_narrow_screen_shows_all_of_a_meaning(folder: Path, columns: str) -> None:
    line = f"COLUMNS={columns} script --quiet --return --command 'stty cols {columns}; ostiary settings' /dev/null"
    settings = json.loads(in_shell(folder, "ostiary settings --json").stdout)
    shown = in_shell(folder, line)
    letters = "".join(shown.stdout.split())
    assert "…" not in shown.stdout, "nothing is cut"
    assert not [
        setting["means"] for setting in settings if columns == "40" and "".join(setting["means"].split()) not in letters
    ]


def test_a_service_whose_log_nobody_reads_goes_on(folder: Path) -> None:
    """Its log is a pipe that ends after the first line."""
    port = 0
    line = f"""
        exec 3< <(ostiary serve --port {port or 18_473} 2>&1 & echo $!)
        read -r pid <&3; read -r first <&3; exec 3<&-
        for _ in $(seq 100); do
            status=$(curl -s -o /dev/null -w '%{{http_code}}' http://127.0.0.1:18473/docs) && break; sleep 0.2
        done
        again=$(curl -s -o /dev/null -w '%{{http_code}}' http://127.0.0.1:18473/nowhere)
        kill $pid; echo $status $again"""
    assert in_shell(folder, line).stdout == "200 404\n"


def test_a_service_whose_log_has_no_room_on_its_disk_goes_on(folder: Path) -> None:
    line = """
        ostiary serve --port 18474 >/dev/null 2>/dev/full & pid=$!
        for _ in $(seq 100); do
            status=$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:18474/docs) && break; sleep 0.2
        done
        again=$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:18474/nowhere)
        kill $pid; wait $pid; echo $status $again $?"""
    assert in_shell(folder, line).stdout == "200 404 0\n"


def test_a_line_that_was_cut_short_is_ended_before_the_next(tmp_path: Path) -> None:
    """A file may grow to 100 bytes, then to any size."""
    program = f"""
import os, resource, sys
from ostiary.runtime.terminal.streams import forgive_closed_pipes
os.dup2(os.open({str(tmp_path / "log")!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
forgive_closed_pipes()
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, most))
for number in range(9):
    print(str(number) * 29, file=sys.stderr)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
print("after", file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", program], timeout=COMMAND_S, check=True)
    lines = (tmp_path / "log").read_text().splitlines()
    assert (done.returncode, lines) == (0, ["0" * 29, "1" * 29, "2" * 29, "3" * 10, "after"])
