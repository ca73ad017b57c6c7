"""A master key from a command: what it writes counts, within bounds of time and bytes, and no shell reads it."""

from __future__ import annotations

import base64
import os
import stat
import time
from pathlib import Path

import pytest

from ostiary.adapters.crypto.key_command import MOST_BYTES, output_of
from ostiary.adapters.crypto.master_key import KeySource, read_masters
from ostiary.domain.errors import KeyMismatch
from ostiary.settings import SettingInvalid, read_settings

KEY = bytes(range(32))
TEXT = base64.b64encode(KEY).decode()
SOON_S = 10.0


def program(folder: Path, *lines: str) -> tuple[str, ...]:
    path = folder / "give"
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(stat.S_IRWXU)
    return (str(path),)


def test_what_it_writes_is_the_ring(tmp_path: Path) -> None:
    command = program(tmp_path, f"echo 1:{TEXT}", f"echo 2:{TEXT}")
    assert read_masters(KeySource(tmp_path, command=command)) == {1: KEY, 2: KEY}
    assert not (tmp_path / "master.key").exists()


def test_arguments_are_words_and_no_shell_reads_them(tmp_path: Path) -> None:
    assert output_of(("/bin/echo", "$HOME", ";", "id", "`id`", "a  b")) == "$HOME ; id `id` a  b\n"


def test_our_settings_are_not_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSTIARY_DATABASE_URL", "postgresql://user:secret@host/database")
    monkeypatch.setenv("VAULT_ADDR", "https://vault.test")
    names = {line.partition("=")[0] for line in output_of(("/usr/bin/env",)).splitlines()}
    assert "VAULT_ADDR" in names
    assert not [name for name in names if name.startswith("OSTIARY_")]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["exit 3"], "ended with status 3"),
        (["echo secret >&2", "exit 1"], "ended with status 1"),
        (["true"], "holds no key"),
        (["echo not a key"], "is 32 bytes in base64"),
        ([r"printf '\377\376'"], "is no key"),
        (["kill -9 $$"], "ended with status -9"),
        (["exec yes"], f"more than {MOST_BYTES} bytes"),
    ],
)
def test_what_is_no_key_is_told_and_never_repeated(tmp_path: Path, lines: list[str], problem: str) -> None:
    with pytest.raises(KeyMismatch, match=problem) as refused:
        read_masters(KeySource(tmp_path, command=program(tmp_path, *lines)))
    assert "secret" not in str(refused.value)
    assert not (tmp_path / "master.key").exists(), "none is made in its place"


@pytest.mark.parametrize("line", ["sleep 600", "sleep 600 & wait", "exec >&-; sleep 600"])
def test_one_that_takes_too_long_is_ended_with_what_it_started(tmp_path: Path, line: str) -> None:
    command = program(tmp_path, f"echo $$ > {tmp_path}/group", line)
    began = time.monotonic()
    with pytest.raises(KeyMismatch, match=r"within 0\.5 s"):
        output_of(command, 0.5)
    assert time.monotonic() - began < SOON_S
    group = int((tmp_path / "group").read_text())
    deadline = time.monotonic() + SOON_S
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError("something of it is left")


def test_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyMismatch, match="cannot be started"):
        output_of((str(tmp_path / "missing"),))


@pytest.mark.parametrize("value", ["vault read", "./give", '"/bin/echo', "$HOME/give"])
def test_a_setting_that_names_no_program_is_refused(value: str) -> None:
    with pytest.raises(SettingInvalid, match="OSTIARY_MASTER_KEY_COMMAND must be a program's"):
        read_settings({"OSTIARY_MASTER_KEY_COMMAND": value})


def test_a_setting_is_split_into_words() -> None:
    settings = read_settings({"OSTIARY_MASTER_KEY_COMMAND": "/usr/bin/vault get 'a b'"})
    assert settings.master_key_command == ("/usr/bin/vault", "get", "a b")
