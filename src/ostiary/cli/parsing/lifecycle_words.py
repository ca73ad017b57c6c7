"""What operators type about clients over the years: how much risk they are."""

from __future__ import annotations

from ostiary.cli.parsing.words import Commands, command, operator

CLASSES = ("high", "standard", "low")


def risk(commands: Commands) -> None:
    group = command(
        commands, "risk", "see how much risk a client is and why, or say so", "ostiary risk show CLIENT_ID --company ID"
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = command(
        actions,
        "show",
        "show a client's class of risk, and the rules that give it",
        "ostiary risk show CLIENT_ID --company ID",
    )
    say = command(
        actions,
        "set",
        "say what a client's class is, whatever the rules give; ends by itself",
        'ostiary risk set CLIENT_ID --company ID --class high --until 2027-03-31 --reason "a tip" --operator bea',
    )
    say.add_argument("--class", dest="risk_class", required=True, choices=CLASSES, help="high, standard or low")
    say.add_argument("--until", required=True, metavar="YYYY-MM-DD", help="the last day; at most a year from today")
    release = command(
        actions,
        "release",
        "let the rules count again before that day",
        "ostiary risk release CLIENT_ID --company ID --reason cleared --operator bea",
    )
    for action in (show, say, release):
        action.add_argument("client_id", metavar="CLIENT_ID")
        action.add_argument("--company", required=True, metavar="ID", help="the company's id")
    for action in (say, release):
        action.add_argument("--reason", required=True, help="why, for operators only")
        operator(action, required=True)
