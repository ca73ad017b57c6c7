"""Tables and progress for people. Machines get neither: JSON, or nothing on standard error."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from ostiary.runtime.terminal.printing import console

WIDEST = 10_000
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table whose cells stay on one line each: ids are there to be copied."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))  # as texts, so that brackets in a name are no markup
    console(width=WIDEST).print(table)


@contextmanager
def progress(options: argparse.Namespace, what: str, total: int | None = None) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error while something long runs; it is called with how much is done, and of how
    much."""
    from rich.progress import Progress

    hidden = options.json or not sys.stderr.isatty()
    with Progress(console=console(error=True), transient=True, disable=hidden) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def age(milliseconds: int) -> str:
    """How long something waits, in the two units that matter."""
    days, rest = divmod(max(milliseconds, 0), DAY_MS)
    hours, rest = divmod(rest, HOUR_MS)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {rest // MINUTE_MS} min" if hours else f"{rest // MINUTE_MS} min"
