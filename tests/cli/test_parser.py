"""What the command line takes: every option with its default, its bounds and what is said beyond them."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from ostiary.cli import main
from ostiary.cli.dispatch import HANDLERS
from ostiary.cli.parsing.parser import make_parser
from ostiary.runtime.terminal.exit_status import EXIT_USAGE

COMPANY = ("--company", "c")
PERSON = ("--operator", "ana")


def parsed(*words: str) -> dict[str, Any]:
    return vars(make_parser().parse_args(words))


def commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, ...]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield (name,)
                yield from ((name, *more) for more in commands(inner))


def test_every_command_has_somebody_who_does_it() -> None:
    assert {words[0] for words in commands(make_parser())} == HANDLERS.keys()


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (("serve",), {"host": "127.0.0.1", "port": 8080, "sandbox": False, "processes": None}),
        (("serve", "--host", "::1", "--port", "65535", "--processes", "64"),
         {"host": "::1", "port": 65_535, "processes": 64}),
        (("worker",), {"processes": None, "port": None, "host": "127.0.0.1"}),
        (("worker", "--host", "0.0.0.0", "--port", "8082"), {"host": "0.0.0.0", "port": 8082}),
        (("migrate",), {"finish": False}),
        (("migrate", "--finish"), {"finish": True}),
        (("copy", "--from", "a", "--to", "b"), {"source": "a", "target": "b", "files_from": None, "files_to": None}),
        (("copy", "--from", "a", "--to", "b", "--files-from", "c", "--files-to", "d"),
         {"files_from": "c", "files_to": "d"}),
        (("demo",), {"url": None, "key": None}),
        (("specimen", "x.jpg"), {"file": "x.jpg", "type": "passport", "side": "front", "number": "", "country": None}),
        (("specimen", "x.jpg", "--country", "UTO", "--birth-date", "1984-11-21", "--sex", "X"),
         {"country": "UTO", "birth_date": date(1984, 11, 21), "expiration_date": None, "sex": "X"}),
        (("company", "create", "--name", "A", "--environment", "sandbox"),
         {"name": "A", "environment": "sandbox", "email": None, "operator": None}),
        (("key", "create", *COMPANY, "--level", "5"), {"level": 5, "allow": [], "expires_days": None}),
        (("key", "create", *COMPANY, "--level", "1", "--allow", "a", "--allow", "b", "--expires-days", "3650"),
         {"level": 1, "allow": ["a", "b"], "expires_days": 3650}),
        (("key", "allow", "k"), {"key_id": "k", "allow": []}),
        (("document", "read", "a", "b"), {"files": ["a", "b"]}),
        (("review", "list"), {"company": None}),
        (("review", "show", "r", *PERSON), {"request_id": "r", "operator": "ana", "save": None}),
        (("review", "reject", "r", *PERSON, "--reason", "x"), {"reason": "x", "client": False}),
        (("review", "return", "r", *PERSON, "--reason", "x", "--reason", "y", "--key", "k"),
         {"reason": ["x", "y"], "key": ["k"], "text": None}),
        (("webhook", "list", *COMPANY), {"state": None, "request": None, "limit": 50}),
        (("webhook", "list", *COMPANY, "--limit", "200", "--state", "dropped"), {"limit": 200, "state": "dropped"}),
        (("audit", "verify"), {"checkpoint": None, "signed_by": None}),
        (("audit", "checkpoint", "f"), {"file": "f", "previous": None}),
        (("audit", "show", *COMPANY), {"client": None}),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)  # fmt: skip
def test_what_is_taken(words: tuple[str, ...], read: dict[str, Any]) -> None:
    options = parsed(*words)
    assert {name: options[name] for name in read} == read
    assert (options["json"], options["version"]) == (False, False)
    assert parsed(*words, "--json")["json"] is True


def test_json_may_stand_before_the_action() -> None:
    assert parsed("company", "--json", "list")["json"] is True


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("serve", "--port", "0"), "a port must be a whole number from 1 to 65535"),
        (("serve", "--port", "65536"), "a port must be a whole number from 1 to 65535"),
        (("serve", "--port", "http"), "a port must be a whole number from 1 to 65535"),
        (("serve", "--port", "-1"), "a port must be a whole number from 1 to 65535"),
        (("serve", "--processes", "0"), "processes must be a whole number from 1 to 64"),
        (("worker", "--processes", "65"), "processes must be a whole number from 1 to 64"),
        (("key", "create", *COMPANY, "--level", "0"), "--level: invalid choice"),
        (("key", "create", *COMPANY, "--level", "6"), "--level: invalid choice"),
        (("key", "create", *COMPANY, "--level", "one"), "--level: invalid int value"),
        (("key", "create", *COMPANY), "--level"),
        (("key", "create", "--level", "1"), "--company"),
        (("key", "create", *COMPANY, "--level", "1", "--expires-days", "0"), "days must be a whole number from 1"),
        (("key", "create", *COMPANY, "--level", "1", "--expires-days", "3651"), "from 1 to 3650"),
        (("webhook", "list", *COMPANY, "--limit", "0"), "a limit must be a whole number from 1 to 200"),
        (("webhook", "list", *COMPANY, "--limit", "201"), "a limit must be a whole number from 1 to 200"),
        (("webhook", "list", *COMPANY, "--state", "lost"), "--state: invalid choice"),
        (("webhook", "list"), "--company"),
        (("specimen", "x", "--type", "Pass port"), "small letters"),
        (("specimen", "--chip", "x", "--answer", "0123"), "16 hexadecimal figures, as chip-challenge gives it"),
        (("specimen", "x", "--side", "left"), "--side: invalid choice"),
        (("specimen", "x", "--country", "AR"), "must have three letters: ARG"),
        (("specimen", "x", "--country", "arg"), "written in capitals without spaces: ARG"),
        (("specimen", "x", "--birth-date", "1984-02-30"), "1984-11-21"),
        (("specimen", "x", "--expiration-date", "1850-01-01"), "years 1900 to 2099"),
        (("company", "create"), "--name"),
        (("company", "create", "--name", "A"), "--environment"),
        (("company", "create", "--name", "A", "--environment", "test"), "--environment: invalid choice"),
        (("company",), "ACTION"),
        (("copy", "--from", "a"), "--to"),
        (("copy", "--to", "a"), "--from"),
        (("document", "read"), "FILE"),
        (("review", "show", "r"), "--operator"),
        (("review", "reject", "r", *PERSON), "--reason"),
        (("review", "return", "r", *PERSON), "--reason"),
        (("review", "release", "r", *PERSON), "--document"),
        (("screening", "clear", "r", *PERSON), "--hit"),
        (("screening", "clear", "r", "--hit", "h", *PERSON), "--note"),
        (("screening", "confirm", "r", "--hit", "h", *PERSON), "--note"),
        (("review", "assign", "r", "--document", "d", "--to", "c", *PERSON), "--note"),
        (("screening", "confirm", "r", "--hit", "h"), "--operator"),
        (("audit", "show"), "--company"),
        (("backup",), "file"),
        (("nonsense",), "invalid choice: 'nonsense'"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_what_is_refused_names_the_option(
    words: tuple[str, ...], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([*words])
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (EXIT_USAGE, "")
    assert expected in err.splitlines()[-1]


@pytest.mark.parametrize("words", list(commands(make_parser())), ids=" ".join)
def test_help_shows_an_example_that_can_be_parsed(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([*words, "--help"])
    out, _ = capsys.readouterr()
    assert end.value.code == 0
    [example] = out.partition("\nexample:\n")[2].splitlines()
    typed = shlex.split(example)
    assert typed[: 1 + len(words)][:2] == ["ostiary", words[0]]
    assert make_parser().parse_args(typed[1:]).command == words[0]


@pytest.mark.parametrize("words", list(commands(make_parser())), ids=" ".join)
def test_a_wrong_option_is_refused_with_the_usage_of_its_own_command(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([*words, "--no-such-option"])
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (EXIT_USAGE, "")
    assert err.startswith(f"usage: ostiary {' '.join(words)} ")


def test_what_is_not_known_is_named_by_the_command_that_refuses_it(capsys: pytest.CaptureFixture[str]) -> None:
    for line in (["review", "list", "--bad"], ["--bad", "review", "list"], ["review", "--bad", "list"]):
        with pytest.raises(SystemExit):
            main(line)
        assert "--bad" in capsys.readouterr().err.splitlines()[-1]
