"""What operators type about clients over the years: how much risk they are, what is due again, and what
they accepted."""

from __future__ import annotations

from ostiary.cli.parsing.words import Commands, command, operator

CLASSES = ("high", "standard", "low")


def years(commands: Commands) -> None:
    _risk(commands)
    _renewals(commands)
    _terms(commands)


def _risk(commands: Commands) -> None:
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


def _renewals(commands: Commands) -> None:
    group = command(
        commands,
        "renewals",
        "see what is due again of enabled clients, or ask for it",
        "ostiary renewals list --company ID --due-before 2027-03-31",
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = command(
        actions,
        "list",
        "list what is due, the next in front, whether its renewal is open yet or not",
        "ostiary renewals list --company ID --due-before 2027-03-31",
    )
    listing.add_argument("--company", required=True, metavar="ID", help="the company's id")
    listing.add_argument("--due-before", metavar="YYYY-MM-DD", help="only what is due before that day (UTC)")
    ask = command(
        actions,
        "ask",
        "have the company say again that all of it is right, now",
        'ostiary renewals ask REQUEST_ID --note "a newspaper article" --operator ana',
    )
    ask.add_argument("request_id", metavar="REQUEST_ID", help="the product request's id")
    ask.add_argument("--note", required=True, help="why, for operators only")
    operator(ask, required=True)


def _terms(commands: Commands) -> None:
    group = command(
        commands,
        "terms",
        "see which terms a client accepted, and prove it",
        "ostiary terms list CLIENT_ID --company ID",
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = command(
        actions, "list", "list what a client accepted, newest first", "ostiary terms list CLIENT_ID --company ID"
    )
    proof = command(
        actions,
        "proof",
        "show what proves acceptances: who and how, the exact text, the entry of the audit trail",
        "ostiary terms proof CLIENT_ID --company ID --terms cards_terms --out proof.json",
    )
    for action in (listing, proof):
        action.add_argument("client_id", metavar="CLIENT_ID")
        action.add_argument("--company", required=True, metavar="ID", help="the company's id")
    proof.add_argument("--terms", metavar="ID", help="of these terms only, by their id in the catalogue")
    proof.add_argument("--out", metavar="FILE", help="write it there as JSON; FILE must not be there yet")
