"""Every command where there is no installation: it says so, names the folder and its setting, and makes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.cli.doctor.database import check_database
from ostiary.cli.doctor.machine import Level
from ostiary.cli.parsing.parser import make_parser
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.settings import read_settings
from tests.cli.conftest import Desk
from tests.cli.test_parser import commands

PERSON = ("--operator", "ana")
NEEDS_ONE = {
    ("worker",): (),
    ("doctor",): (),
    ("key", "create"): ("--company", "c", "--level", "3"),
    ("keys", "list"): (),
    ("keys", "rewrap"): (),
    ("keys", "rotate"): (),
    ("keys", "retire"): ("1",),
    ("key", "list"): ("--company", "c"),
    ("key", "revoke"): ("k",),
    ("key", "allow"): ("k",),
    ("review", "list"): (),
    ("review", "show"): ("r", *PERSON),
    ("review", "approve"): ("r", *PERSON),
    ("review", "reject"): ("r", *PERSON, "--reason", "x"),
    ("review", "confirm"): ("r", *PERSON),
    ("review", "decline"): ("r", *PERSON, "--note", "n"),
    ("review", "withdraw"): ("r", *PERSON),
    ("review", "escalate"): ("r", *PERSON, "--note", "n"),
    ("review", "deescalate"): ("r", *PERSON, "--note", "n"),
    ("review", "return"): ("r", *PERSON, "--reason", "image_blurred"),
    ("review", "release"): ("r", *PERSON, "--document", "d"),
    ("review", "assign"): ("r", *PERSON, "--document", "d", "--to", "c", "--note", "n"),
    ("client", "erase"): ("c", "--company", "c", *PERSON),
    ("client", "confirm"): ("e", "--company", "c", *PERSON),
    ("client", "waive"): ("e", "--company", "c", "--reason", "other", "--note", "n", *PERSON),
    ("client", "withdraw"): ("e", "--company", "c", *PERSON),
    ("client", "erasures"): ("--company", "c"),
    ("client", "hold"): ("c", "--company", "c", "--reason", "x", *PERSON),
    ("client", "release"): ("c", "h", "--company", "c", "--reason", "x", *PERSON),
    ("client", "holds"): ("c", "--company", "c"),
    ("export", "client"): ("c", "--company", "c", "--out", "/nowhere/x.zip", *PERSON),
    ("export", "company"): ("--company", "c", "--out", "/nowhere/x.zip", *PERSON),
    ("retention", "show"): (),
    ("retention", "compact"): (),
    ("retention", "due"): ("--company", "c"),
    ("find",): ("--name", "x"),
    ("import",): ("clients.csv", "--company", "c"),
    ("screening", "run"): (),
    ("screening", "clear"): ("r", "--hit", "h", "--note", "n", *PERSON),
    ("screening", "confirm"): ("r", "--hit", "h", "--note", "n", *PERSON),
    ("company", "list"): (),
    ("company", "show"): ("--company", "c"),
    ("company", "quota"): ("--company", "c", "--gb", "5"),
    ("operator", "create"): ("ana", "--role", "admin"),
    ("operator", "list"): (),
    ("operator", "change"): ("ana", "--role", "viewer"),
    ("operator", "disable"): ("ana",),
    ("operator", "enable"): ("ana",),
    ("operator", "reset"): ("ana",),
    ("operator", "sessions"): ("ana",),
    ("link", "create"): ("c", "--company", "c"),
    ("link", "list"): ("c", "--company", "c"),
    ("link", "revoke"): ("c", "l", "--company", "c"),
    ("brand", "show"): ("--company", "c"),
    ("brand", "set"): ("--company", "c", "--name", "n"),
    ("brand", "logo"): ("--company", "c"),
    ("brand", "remove"): ("--company", "c"),
    ("webhook", "subscribe"): ("https://a.test", "--key", "k", "--company", "c"),
    ("webhook", "health"): ("--company", "c"),
    ("webhook", "list"): ("--company", "c"),
    ("webhook", "show"): ("d", "--company", "c"),
    ("webhook", "redeliver"): ("d", "--company", "c"),
    ("webhook", "test"): ("--company", "c"),
    ("catalogue", "publish"): ("x.yaml", "--note", "n"),
    ("catalogue", "approve"): ("p",),
    ("catalogue", "withdraw"): ("p",),
    ("catalogue", "keep"): ("p",),
    ("catalogue", "history"): (),
    ("catalogue", "move"): (),
    ("catalogue", "preview"): ("current",),
    ("audit", "verify"): (),
    ("audit", "checkpoint"): ("x.checkpoint",),
    ("audit", "show"): ("--company", "c"),
    ("backup",): ("x.backup",),
    ("risk", "show"): ("c", "--company", "c"),
    ("risk", "set"): ("c", "--company", "c", "--class", "low", "--until", "2030-01-01", "--reason", "x", *PERSON),
    ("risk", "release"): ("c", "--company", "c", "--reason", "x", *PERSON),
    ("renewals", "list"): ("--company", "c"),
    ("renewals", "ask"): ("r", "--note", "n", *PERSON),
    ("terms", "list"): ("c", "--company", "c"),
    ("terms", "proof"): ("c", "--company", "c"),
    ("sandbox", "clock"): ("--company", "c"),
}
"""Commands that work on an installation, with the words that they need."""
NEEDS_NONE = {
    ("serve",), ("migrate",), ("company", "create"),  # they make one
    ("restore",), ("copy",),  # they bring one from elsewhere
    ("settings",), ("demo",), ("specimen",), ("catalogue", "check"), ("catalogue", "show"), ("catalogue", "diff"),
    ("mcp",), ("document", "read"), ("document", "chip"), ("document", "seal"),
    ("trust", "import"), ("trust", "list"), ("trust", "verify"), ("trust", "remove"),  # a file of their own
}  # fmt: skip


def test_every_command_is_in_one_of_the_tables() -> None:
    groups = {words[:1] for words in commands(make_parser()) if len(words) > 1}
    assert set(commands(make_parser())) - groups == NEEDS_ONE.keys() | NEEDS_NONE


@pytest.mark.parametrize("words", [pytest.param((*name, *more), id=" ".join(name)) for name, more in NEEDS_ONE.items()])
@pytest.mark.parametrize("before", ["no folder", "an empty folder", "an empty file", "another's files"])
def test_where_there_is_no_installation_it_says_so_and_makes_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], before: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if before != "no folder":
        desk.data.mkdir(mode=0o700)
    if before == "an empty file":
        (desk.data / "ostiary.sqlite3").touch()
    if before == "another's files":
        (desk.data / "notes.txt").write_text("Not ours.")
    files = {path: path.read_bytes() if path.is_file() else b"" for path in tmp_path.rglob("*")}
    for more in ((), ("--json",)):
        ended = desk(*words, *more)
        output = " ".join((ended.out + ended.err).split())
        assert ended.status == EXIT_FAILED, output
        assert "here is no installation" in output
        assert "OSTIARY_DATA_DIR" in output
        assert words[0] == "doctor" or (not ended.out and str(desk.data) in ended.err)
    assert {path: path.read_bytes() if path.is_file() else b"" for path in tmp_path.rglob("*")} == files


@pytest.mark.parametrize("words", [pytest.param((*name, *more), id=" ".join(name)) for name, more in NEEDS_ONE.items()])
def test_every_command_looks_where_the_settings_file_says(desk: Desk, tmp_path: Path, words: tuple[str, ...]) -> None:
    folder = tmp_path / "told by the file"
    (tmp_path / "ostiary.env").write_text(f'OSTIARY_DATA_DIR="{folder}"\n')
    desk.environment.delenv("OSTIARY_DATA_DIR")
    ended = desk(*words, "--json", settings_file=tmp_path / "ostiary.env")
    assert ended.status == EXIT_FAILED
    assert "told by the file" in ended.out + ended.err


@pytest.mark.parametrize("words", [("review", "list"), ("backup", "x.backup"), ("doctor",)], ids=" ".join)
def test_a_wrong_address_of_the_database_is_named_with_its_setting(
    desk: Desk, tmp_path: Path, words: tuple[str, ...]
) -> None:
    desk.install()
    ended = desk(*words, database_url=f"sqlite://{tmp_path}/wrong.sqlite3")
    output = ended.out + ended.err
    assert ended.status == EXIT_FAILED
    assert "here is no installation" in output
    assert "wrong.sqlite3" in "".join(output.split())  # a column may break it
    assert "OSTIARY_DATABASE_URL" in output
    assert not list(tmp_path.glob("wrong*"))


def test_a_migrated_database_without_a_key_is_no_installation_yet(desk: Desk) -> None:
    assert desk("migrate").status == EXIT_OK
    output = desk.refused("review", "list")
    assert "no company and no key yet" in output
    assert "`ostiary company create` makes both" in output
    findings = {
        finding.check: finding for finding in check_database(read_settings({"OSTIARY_DATA_DIR": str(desk.data)}))
    }
    assert findings["master key"].level is Level.OK  # nothing was lost: it is made with the first company
    assert not (desk.data / "master.key").exists()
    desk.answer("company", "create", "--name", "Acme", "--environment", "production")
    assert desk.answer("review", "list") == []


def test_what_makes_an_installation_may_do_so_in_an_empty_place(desk: Desk) -> None:
    desk.answer("company", "create", "--name", "Acme", "--environment", "sandbox")
    assert (desk.data / "master.key").exists()
