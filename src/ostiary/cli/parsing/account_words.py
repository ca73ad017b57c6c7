"""What is typed to let people work with the console."""

from __future__ import annotations

from ostiary.cli.parsing.words import CommandParser, Commands, command, operator

ROLES = ("viewer", "reviewer", "approver", "admin")
_ROLES_HELP = (
    "viewer: sees queue and cases; reviewer: sees pictures and decides; approver: also off-boards and releases "
    "numbers; admin: also keys and operators"
)


def operators(commands: Commands) -> None:
    group = command(
        commands,
        "operator",
        "let people work with the console, and shut them out",
        "ostiary operator create ana --role admin",
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = command(
        actions,
        "create",
        "let somebody in: prints a link by which they set up what they sign in with, once, within 24 hours",
        "ostiary operator create ana --role reviewer --company ID",
    )
    command(actions, "list", "list operators, with what they may do and by what they sign in", "ostiary operator list")
    change = command(
        actions,
        "change",
        "give somebody another role, or other companies",
        "ostiary operator change ana --role approver --company ID",
    )
    disable = command(
        actions, "disable", "shut somebody out at once: their sessions end", "ostiary operator disable ana"
    )
    enable = command(actions, "enable", "let somebody in again, as they were", "ostiary operator enable ana")
    reset = command(
        actions,
        "reset",
        "print a new link for somebody who lost what they sign in with; that ends, and so do their sessions",
        "ostiary operator reset ana",
    )
    sessions = command(
        actions, "sessions", "list somebody's sessions, or end them all", "ostiary operator sessions ana --end"
    )
    sessions.add_argument("--end", action="store_true", help="end them all, at once")
    for action in (create, change):
        _rights(action)
    for action in (create, change, disable, enable, reset, sessions):
        action.add_argument("name", metavar="NAME", help="the operator's name, as it stands in the audit trail")
        operator(action, required=False)


def _rights(action: CommandParser) -> None:
    action.add_argument("--role", required=True, choices=ROLES, help=_ROLES_HELP)
    action.add_argument(
        "--company",
        action="append",
        default=[],
        metavar="ID",
        help="only for this company; may repeat (default: for all, also those to come)",
    )
