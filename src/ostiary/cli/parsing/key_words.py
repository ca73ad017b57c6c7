"""What is typed to list, renew and retire master keys."""

from __future__ import annotations

import argparse

from ostiary.cli.parsing.words import Commands, command, operator

MOST_DIGITS = 12
"""Of a count of rows: more than any database of ours has."""


def masters(commands: Commands) -> None:
    group = command(
        commands,
        "keys",
        "see to the keys that protect what is stored and find it again (API keys: `ostiary key`)",
        "ostiary keys list",
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    command(actions, "list", "which keys there are, how old, and what each protects or finds", "ostiary keys list")
    rewrap = command(
        actions,
        "rewrap",
        "wrap every key anew under the newest master key, while others serve; killed, it goes on when run again",
        "ostiary keys rewrap",
    )
    rewrap.add_argument(
        "--hurry", action="store_true", help="without rests between batches: sooner done, at the cost of who serves"
    )
    rotate = command(
        actions,
        "rotate",
        "find clients by new lookup keys, while others serve; killed, it goes on when run again",
        "ostiary keys rotate",
    )
    retire = command(
        actions, "retire", "prove that nothing needs a key any more, and retire it", "ostiary keys retire 1"
    )
    for action in (rewrap, rotate, retire):
        operator(action, required=False)
    retire.add_argument("number", type=_number, metavar="NUMBER", help="the key's number in the ring")
    retire.add_argument("--lookup", action="store_true", help="it is a version of the lookup keys that goes")
    retire.add_argument(
        "--drop-marks",
        type=_count,
        metavar="COUNT",
        help="with --lookup: let go of the rows that nothing can move, of which there are so many",
    )


def _number(text: str) -> int:
    from ostiary.adapters.crypto.master_key import HIGHEST_NUMBER  # with what encrypts, which no help needs

    if not text.isascii() or not text.isdigit() or int(text) > HIGHEST_NUMBER:
        raise argparse.ArgumentTypeError(f"a key's number is 0 to {HIGHEST_NUMBER}")
    return int(text)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS or not int(text):
        raise argparse.ArgumentTypeError("how many rows are let go of is a number from 1 on, as the command names it")
    return int(text)
