"""Building blocks for the parsers of all commands."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any, TypeAlias


class CommandParser(argparse.ArgumentParser):
    """A parser that refuses unknown arguments itself, and shows its own usage with the refusal."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return parsed, unknown


Commands: TypeAlias = "argparse._SubParsersAction[CommandParser]"


def command(commands: Commands, name: str, does: str, example: str = "") -> CommandParser:
    parser = commands.add_parser(
        name,
        help=does,
        description=does[0].upper() + does[1:] + ".",
        epilog=f"example:\n  {example}" if example else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="answer as JSON, for machines")
    return parser


def day(text: str) -> date:
    """A UTC day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a day is written as 2027-07-10, and there is no {text!r}") from None


def operator(command: argparse.ArgumentParser, *, required: bool) -> None:
    command.add_argument("--operator", required=required, metavar="NAME", help="who does this, for the audit trail")
