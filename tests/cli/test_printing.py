"""What others wrote is shown on a terminal, never obeyed by it."""

from __future__ import annotations

import ast
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from ostiary.domain.names.visible import printable
from ostiary.runtime.terminal import printing
from ostiary.runtime.terminal.printing import console, say, say_json

COMMANDS = Path(printing.__file__).parent
CLEARS = "\x1b[2J\x1b[1;1H"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("María Ñandú, 王小明, نسرین", "María Ñandú, 王小明, نسرین"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        (f"{CLEARS}Everything is in order", "\\x1b[2J\\x1b[1;1HEverything is in order"),
        ("\x9b2Jone byte instead of two", "\\x9b2Jone byte instead of two"),
        ("accepted\rrefused", "accepted\\x0drefused"),
        ("a\x08b\x7fc\x00", "a\\x08b\\x7fc\\x00"),
        ("invoice\u202egpj.exe", "invoice\\u202egpj.exe"),
        ("Bar\u00adber\u2060\ufeff", "Bar\\xadber\\u2060\\ufeff"),
        ("half \ud800 of one", "half \\ud800 of one"),
        ("tags \U000e0041", "tags \\U000e0041"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_a_terminal_would_obey_is_made_visible(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_nothing_but_line_feeds_and_tabs_controls_and_what_is_shown_stays(text: str) -> None:
    shown = printable(text)
    assert all(mark.isprintable() or mark.isspace() or ord(mark) > 0xFF for mark in shown)
    assert not set(shown) & {chr(code) for code in (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0))}
    assert printable(shown) == shown


def test_texts_and_errors_pass_it(capsys: pytest.CaptureFixture[str]) -> None:
    say(f"name: {CLEARS}")
    say(f"cannot: {CLEARS}", error=True)
    out, err = capsys.readouterr()
    assert (out, err) == ("name: \\x1b[2J\\x1b[1;1H\n", "cannot: \\x1b[2J\\x1b[1;1H\n")


@given(st.text())
def test_json_means_the_same(text: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        out = io.StringIO()
        patched.setattr("sys.stdout", out)
        say_json({"name": text})
    line = out.getvalue()
    assert json.loads(line) == {"name": text}
    assert line.count("\n") == 1
    assert printable(line) == line


@pytest.mark.parametrize("is_terminal", [True, False])
def test_tables_keep_their_own_styles_and_no_one_elses(is_terminal: bool) -> None:
    table = Table("name")
    table.add_row(Text(f"a{CLEARS}b", "bold red"))
    screen, out = console(width=60), io.StringIO()
    screen.file, screen._force_terminal, screen._color_system = out, is_terminal, screen._color_system
    screen.print(table)
    assert "a\\x1b[2J\\x1b[1;1Hb" in out.getvalue()
    assert CLEARS not in out.getvalue()


def test_no_command_prints_another_way() -> None:
    """Else the next one that is written would be obeyed again."""
    elsewhere = [
        f"{path.name}:{node.lineno}"
        for path in sorted(COMMANDS.rglob("*.py"))
        if path.name != "printing.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "Console")
    ]
    assert elsewhere == []
