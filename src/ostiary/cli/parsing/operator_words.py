"""What operators type: reviews, hits, and finding clients."""

from __future__ import annotations

from ostiary.cli.parsing.words import CommandParser, Commands, command, operator

_NOTE = "why, for operators only"


def review(commands: Commands) -> None:
    group = command(commands, "review", "decide what waits for an operator", "ostiary review list")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = command(actions, "list", "list what waits, hits on enabled clients first", "ostiary review list")
    listing.add_argument("--company", help="only this company's")
    show = command(
        actions,
        "show",
        "show one; looking is audited",
        "ostiary review show REQUEST_ID --operator ana --save pictures/",
    )
    show.add_argument("--save", metavar="DIR", help="write the pictures into this folder")
    approve = command(
        actions,
        "approve",
        "enable the product, or let a change stand",
        "ostiary review approve REQUEST_ID --operator ana --note seen",
    )
    reject = command(
        actions,
        "reject",
        "reject the request, or off-board an enabled product",
        'ostiary review reject REQUEST_ID --operator ana --reason "not eligible"',
    )
    reject.add_argument("--reason", required=True, help="shown to the company")
    reject.add_argument("--client", action="store_true", help="reject the client as such, with every live request")
    back = _return(actions)
    release, assign = _decide_numbers(actions)
    second = _second_person(actions)
    for parser in (approve, reject, back, release):
        parser.add_argument("--note", default="", help=_NOTE + "; needed to approve against a doubt")
    approve.add_argument(
        "--override", action="store_true", help="although a confirmed hit forbids it, where the catalogue allows that"
    )
    for parser in (show, approve, reject, back, release, assign, *second):
        parser.add_argument("request_id", help="the product request's id")
        operator(parser, required=True)


def _second_person(actions: Commands) -> tuple[CommandParser, ...]:
    confirm = command(
        actions,
        "confirm",
        "let a colleague's decision take effect that takes two people",
        "ostiary review confirm REQUEST_ID --operator bea",
    )
    confirm.add_argument("--note", default="", help=_NOTE)
    back = command(
        actions,
        "decline",
        "give a decision that takes two people back to who made it",
        "ostiary review decline REQUEST_ID --operator bea --note back",
    )
    back.add_argument("--note", required=True, help=_NOTE)
    withdraw = command(
        actions,
        "withdraw",
        "take one's own decision back before a second person confirms it",
        "ostiary review withdraw REQUEST_ID --operator ana",
    )
    for parser in (confirm, back, withdraw):
        parser.add_argument("--decision", metavar="ID", default="", help="which one, where several wait")
    return confirm, back, withdraw, *_handing(actions)


def _handing(actions: Commands) -> tuple[CommandParser, ...]:
    up = command(
        actions,
        "escalate",
        "hand a case up to the approvers",
        "ostiary review escalate REQUEST_ID --operator ana --note kin",
    )
    down = command(
        actions,
        "deescalate",
        "give a case back to who handed it up",
        "ostiary review deescalate REQUEST_ID --operator bea --note routine",
    )
    for parser in (up, down):
        parser.add_argument("--note", required=True, help=_NOTE)
    return up, down


def _return(actions: Commands) -> CommandParser:
    back = command(
        actions,
        "return",
        "send it back to the company with what to redo",
        "ostiary review return REQUEST_ID --operator ana --reason image_blurred --key passport",
    )
    back.add_argument("--reason", required=True, metavar="CODE", action="append", help="a reason code; may repeat")
    back.add_argument(
        "--key",
        action="append",
        help="what it is about: an attribute, a document type or a side of it, as national_id.image_back "
        "(default: the documents)",
    )
    back.add_argument("--text", help="words to show instead of the code's own")
    return back


def _decide_numbers(actions: Commands) -> tuple[CommandParser, CommandParser]:
    release = command(
        actions,
        "release",
        "let another client use a document's number",
        "ostiary review release REQUEST_ID --operator ana --document DOCUMENT_ID",
    )
    assign = command(
        actions,
        "assign",
        "decide which of two clients a document's number belongs to",
        "ostiary review assign REQUEST_ID --operator ana --document DOCUMENT_ID --to CLIENT_ID --note seen",
    )
    assign.add_argument("--to", required=True, metavar="CLIENT_ID", help="one of the clients that `review show` names")
    for parser in (release, assign):
        parser.add_argument("--document", required=True, help="the document's id, as `review show` lists it")
    assign.add_argument("--note", required=True, help=_NOTE)
    return release, assign


def find(commands: Commands) -> None:
    find = command(
        commands,
        "find",
        "find clients and their requests, also by what only their documents say",
        "ostiary find --number AB1234567",
    )
    find.add_argument("--id", metavar="ID", help="of a client, a request or a document")
    find.add_argument("--email", help="the whole address, in any spelling that counts as the same")
    find.add_argument("--reference", help="what the company itself calls the client, exactly")
    find.add_argument("--number", help="of a document, as given or read; spaces and dashes do not matter")
    find.add_argument("--name", help="words of the name, in any order")
    find.add_argument("--status", help="of the client or of a request, as pending or in_kyc")
    find.add_argument("--company", help="only this company's")


def screening(commands: Commands) -> None:
    group = command(commands, "screening", "sanctions and PEP lists: screen, and decide hits", "ostiary screening run")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    command(actions, "run", "screen every active client against the lists as they are now", "ostiary screening run")
    clear = command(
        actions,
        "clear",
        "say that a hit is somebody else: that entry is not asked about again",
        "ostiary screening clear REQUEST_ID --hit 3f9a01c2 --operator ana --note else",
    )
    confirm = command(
        actions,
        "confirm",
        "say that a hit is the client",
        "ostiary screening confirm REQUEST_ID --hit 3f9a01c2 --operator ana --note same",
    )
    for parser in (clear, confirm):
        parser.add_argument("request_id", help="a product request's id of the client")
        parser.add_argument("--hit", required=True, metavar="KEY", help="the hit, as `review show` lists it")
        parser.add_argument("--note", required=True, help=_NOTE)
        operator(parser, required=True)
