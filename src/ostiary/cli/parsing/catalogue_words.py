"""What is typed to check a catalogue, and to change it safely."""

from __future__ import annotations

from ostiary.cli.parsing.words import Commands, command

WHICH = "a file, or a version that is kept (its first 8 digits are enough), or `current`"
DIFF = """says by product and country what is asked, no longer asked, easier and harder

A catalogue is a file, or a version that this installation keeps, or `current`, the one in force.

  asked            what nobody was asked before
  harder, easier   the same, of more or of fewer clients, or under other rules
  unclear          of others than before: only their data say of whom
  other            nothing else is asked: how a request is decided, and how things are called
"""


def catalogue(commands: Commands) -> None:
    group = command(
        commands, "catalogue", "check, show and safely change the catalogue", "ostiary catalogue check products.yaml"
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = command(actions, "check", "name every fault of a catalogue file", "ostiary catalogue check products.yaml")
    check.add_argument("file")
    command(actions, "show", "show products and requirements in force", "ostiary catalogue show")
    diff = command(
        actions, "diff", "say what differs between two catalogues", "ostiary catalogue diff current new.yaml"
    )
    diff.description = f"{DIFF[0].upper()}{DIFF[1:]}"
    diff.add_argument("old", metavar="OLD", help=WHICH)
    diff.add_argument("new", metavar="NEW", help=WHICH)
