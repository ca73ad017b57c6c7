"""How the demo looks: every call as it happens, a bar of what is left, and a table of how it ended."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from ostiary.cli.demo.client import Step
from ostiary.domain.ids import is_id
from ostiary.runtime.terminal.printing import console as careful_console

INDENT = 6
MOST_LINES = 40
"""Of a body: a service with another catalogue may ask for much more."""
WIDEST = 110
DEEPEST = 5
"""Objects this deep (the kinds of documents that would do) are shown by their first members."""
WRAPPING = ("document", "metadata", "product")
ESSENTIAL = ("email", "number", "subproduct", "status", "rejected_items")
"""What is shown of a call that was shown before."""
STATUS_STYLES = {"enabled": "green", "rejected": "red"}


class Screen(Protocol):
    """Shows the demo as it happens."""

    def say(self, text: str) -> None: ...
    def title(self, text: str) -> None: ...
    def step(self, step: Step) -> None: ...
    def end(self, rows: Sequence[tuple[str, str, str, int, bool]]) -> None: ...


class Silence:
    """Shows nothing: machines get the steps as JSON at the end."""

    def say(self, text: str) -> None:
        """Nothing."""

    def title(self, text: str) -> None:
        """Nothing."""

    def step(self, step: Step) -> None:
        """Nothing."""

    def end(self, rows: Sequence[tuple[str, str, str, int, bool]]) -> None:
        """Nothing."""


class Terminal:
    """For people. Colours and the bar appear on a terminal only."""

    def __init__(self, console: Any, advance: Any) -> None:
        self._console, self._advance = console, advance
        self._width = min(console.width, WIDEST)

    def say(self, text: str) -> None:
        self._print(text)

    def title(self, text: str) -> None:
        self._print()
        self._print(f"── {text} ".ljust(self._width, "─"), style="bold cyan")

    def step(self, step: Step) -> None:
        from rich.padding import Padding
        from rich.text import Text

        self._print()
        self._print(f"{step.method} {short_ids(step.path)}", style="bold")
        if step.sent is not None:
            self._body(step.sent, step.is_new, "dim")
        good = step.status < 400
        self._print(f"  {'→' if good else '✗'} {step.status}  {step.ms:.0f} ms", style="green" if good else "red")
        self._body(step.answer, step.is_new, "")
        self._console.print(Padding(Text(step.means, "yellow" if good else "red"), (0, 0, 0, 2)), width=self._width)
        self._advance()

    def end(self, rows: Sequence[tuple[str, str, str, int, bool]]) -> None:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in ("onboarding", "should end", "ended", "calls", ""):
            table.add_column(column)
        for title, should, ended, calls, good in rows:
            mark = Text("as it should", "green") if good else Text("not as it should", "bold red")
            table.add_row(title, should, Text(ended, STATUS_STYLES.get(ended, "")), str(calls), mark)
        self._print()
        self._console.print(table)

    def _print(self, text: str = "", style: str = "") -> None:
        from rich.text import Text

        self._console.print(Text(text, style), soft_wrap=False, width=self._width)

    def _body(self, body: Any, is_new: bool, style: str) -> None:
        width = self._width - INDENT
        lines = (compact(body, width) if is_new else gist(body)).splitlines()
        if len(lines) > MOST_LINES:
            lines = [*lines[:MOST_LINES], f"... {len(lines) - MOST_LINES} more lines"]
        cut = (line if len(line) <= width else line[: width - 1] + "…" for line in lines)
        self._print("\n".join(" " * INDENT + line for line in cut), style)


@contextmanager
def screen(is_json: bool, calls: int) -> Iterator[Screen]:
    """A screen for as long as the demo plays; `calls` is about how many there will be."""
    if is_json:
        yield Silence()
        return
    from rich.progress import BarColumn, Progress, TextColumn

    console = careful_console(width=None if sys.stdout.isatty() else WIDEST)
    columns = (TextColumn("onboarding"), BarColumn(), TextColumn("call {task.completed} of {task.total}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=calls)
        yield Terminal(console, lambda: bar.advance(task))


def compact(value: Any, width: int, depth: int = 0, used: int = 0) -> str:
    """Pretty JSON in which whatever fits a line stays on it. `used` are the characters before it on its line."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or 2 * depth + used + len(flat) < width:
        return flat
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + compact(member, width, depth + 1) for member in value) + f"\n{outer}]"
    if depth >= DEEPEST:
        return _first_members(value)
    rows = (
        f"{inner}{json.dumps(name)}: {compact(member, width, depth + 1, len(name) + 4)}"
        for name, member in value.items()
    )
    return "{\n" + ",\n".join(rows) + f"\n{outer}}}"


def gist(value: Any) -> str:
    """A body whose whole form was shown before: what chooses how it goes on, in one line."""
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    wanted = (*ESSENTIAL, *(name for name in WRAPPING if isinstance(value.get(name), dict)))
    shortened = {name: member for name, member in value.items() if name in wanted}
    members = [f"{json.dumps(name)}: {gist(member)}" for name, member in shortened.items()]
    return "{" + ", ".join(members + ["..."] * (len(shortened) < len(value))) + "}"


def short_ids(path: str) -> str:
    """A path whose ids do not fill the line."""
    parts = path.split("/")
    return "/".join(_short_id(part) for part in parts)


def _short_id(part: str) -> str:
    name, mark, query = part.partition("?")
    return f"{name[:4]}…{name[-4:]}{mark}{query}" if is_id(name) else part


def _first_members(value: dict[str, Any]) -> str:
    members = [f"{json.dumps(name)}: {json.dumps(member, ensure_ascii=False)}" for name, member in value.items()]
    return "{" + ", ".join([*members[:2], "..."]) + "}"
