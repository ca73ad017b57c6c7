"""What is typed to move the clock of a sandbox company."""

from __future__ import annotations

from ostiary.cli.parsing.words import Commands, command, operator


def sandbox(commands: Commands) -> None:
    group = command(commands, "sandbox", "what only sandbox companies have", "ostiary sandbox clock --company ID")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    clock = command(
        actions,
        "clock",
        "show a sandbox company's time, or move it ahead: what becomes due on the way happens, in its order",
        "ostiary sandbox clock --company ID --advance P90D",
    )
    clock.add_argument("--company", required=True, metavar="ID", help="the company's id")
    clock.add_argument(
        "--advance", metavar="SPAN", help="how far ahead (ISO 8601), as P90D, P1Y6M or PT36H (default: show it alone)"
    )
    operator(clock, required=False)
