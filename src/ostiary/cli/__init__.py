"""The command line. Builds its parser from the standard library only; a command imports what it needs when it runs."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> None:
    """Entry point of `ostiary`. Exit status: 0 done, 1 could not be done (said on standard error), 2 wrong usage."""
    from ostiary.cli.parsing.parser import make_parser
    from ostiary.runtime.terminal.streams import forgive_closed_pipes

    forgive_closed_pipes()
    options = make_parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    from ostiary.cli.dispatch import run

    sys.exit(run(options))
