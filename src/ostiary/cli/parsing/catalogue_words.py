"""What is typed to check a catalogue, and to change it safely."""

from __future__ import annotations

from ostiary.cli.parsing.words import Commands, command, day, operator

WHICH = "a file, or a version that is kept (its first 8 digits are enough), or `current`"
DIFF = """says by product and country what is asked, no longer asked, easier and harder

A catalogue is a file, or a version that this installation keeps, or `current`, the one in force.

  asked            what nobody was asked before
  harder, easier   the same, of more or of fewer clients, or under other rules
  unclear          of others than before: only their data say of whom
  other            nothing else is asked: how a request is decided, and how things are called
"""
PUBLISH = """Puts a catalogue into force for requests that are made from now on, or from a day on. Requests there
are go on by the version that they were made under.

The first publication makes the database the place where the catalogue is: the file that OSTIARY_CATALOGUE names is
not looked at any more, and every process follows within seconds. With OSTIARY_CATALOGUE_FOUR_EYES=1 a publication is
a proposal until another approver says `ostiary catalogue approve`.

before it:
  ostiary catalogue check new.yaml           every fault
  ostiary catalogue diff current new.yaml    what it asks more, and less
"""

WITHDRAW = """Takes a publication back before its day. With OSTIARY_CATALOGUE_FOUR_EYES=1 that is a wish, and it stays
published, until another approver says `ostiary catalogue approve`; `ostiary catalogue keep` says no to it. A proposal
one person takes back.
"""

MOVE = """Lets requests that are open (requested, pending_documentation) go on by another version of the catalogue.

Without --apply nothing is written: it says what it would come to. A request of which more would be asked stays where it
is, unless --may-ask-more names its product or each thing that is asked more. Each request is moved by itself, with an
entry in its client's audit trail; what was broken off is done by doing it again.
"""

PREVIEW = """Judges every live request by another catalogue, on a snapshot of the database, and changes nothing: how
many of those that are open would miss what if they were moved, and how many that are submitted or enabled would miss
what under it.
"""


def catalogue(commands: Commands) -> None:
    group = command(
        commands, "catalogue", "check, show and safely change the catalogue", "ostiary catalogue check products.yaml"
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = command(actions, "check", "name every fault of a catalogue file", "ostiary catalogue check products.yaml")
    check.add_argument("file")
    shown = command(actions, "show", "show products and requirements in force", "ostiary catalogue show --source")
    shown.add_argument("--source", action="store_true", help="as the file that it is, to begin another with")
    diff = command(
        actions, "diff", "say what differs between two catalogues", "ostiary catalogue diff current new.yaml"
    )
    diff.description = f"{DIFF[0].upper()}{DIFF[1:]}"
    diff.add_argument("old", metavar="OLD", help=WHICH)
    diff.add_argument("new", metavar="NEW", help=WHICH)
    preview = command(
        actions,
        "preview",
        "say whom another catalogue would meet, over everybody there is",
        "ostiary catalogue preview new.yaml --out concerned.csv",
    )
    preview.description = PREVIEW
    preview.add_argument("file", help=WHICH)
    preview.add_argument("--out", metavar="FILE", help="list the requests that it concerns, as CSV or (.json) JSON")
    preview.add_argument(
        "--processes", type=int, choices=range(1, 65), metavar="N", help="how many compute (default: one per core)"
    )
    _publishing(actions)
    _moving(actions)


def _moving(actions: Commands) -> None:
    move = command(
        actions,
        "move",
        "let open requests go on by another version",
        "ostiary catalogue move --product accounts_individuals --may-ask-more data.tax_id --apply",
    )
    move.description = MOVE
    move.add_argument(
        "--to",
        dest="target",
        default="current",
        metavar="VERSION",
        help="its first 8 digits (default: the one in force)",
    )
    move.add_argument("--company", metavar="ID", help="only of this company (default: of all)")
    move.add_argument("--product", default="", metavar="ID", help="only of this product")
    move.add_argument(
        "--may-ask-more",
        action="append",
        default=[],
        metavar="NAME",
        help="a product, or what may be asked more, as data.tax_id or documents.proof_of_address; may repeat",
    )
    move.add_argument("--apply", action="store_true", help="do it (default: say what it would come to)")
    operator(move, required=False)


def _publishing(actions: Commands) -> None:
    publish = command(
        actions,
        "publish",
        "put a catalogue into force, without restarting anything",
        'ostiary catalogue publish new.yaml --note "Tax id for Germany, as of the new law" --from 2027-07-10',
    )
    publish.description = PUBLISH
    publish.add_argument("file", help="the catalogue; `ostiary catalogue check` names its faults")
    publish.add_argument("--note", required=True, metavar="WHY", help="why, for the history")
    publish.add_argument(
        "--from",
        dest="day",
        type=day,
        metavar="YYYY-MM-DD",
        help="counts for requests made from this UTC day on (default: now)",
    )
    approve = command(
        actions,
        "approve",
        "put into force what another proposed",
        "ostiary catalogue approve PUBLICATION --operator NAME",
    )
    withdraw = command(
        actions, "withdraw", "take a publication back before its day", "ostiary catalogue withdraw PUBLICATION"
    )
    withdraw.description = WITHDRAW
    keep = command(
        actions,
        "keep",
        "leave published what somebody wants withdrawn",
        "ostiary catalogue keep PUBLICATION --operator NAME",
    )
    for action in (approve, withdraw, keep):
        action.add_argument(
            "publication", metavar="PUBLICATION", help="its id, as `ostiary catalogue history` shows it"
        )
    for action in (publish, approve, withdraw, keep):
        operator(action, required=False)
    command(actions, "history", "list what was published, newest first", "ostiary catalogue history")
