"""What `ostiary` understands: every command with its options and an example."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
EPILOG = """start here:
  ostiary serve --sandbox           everything in one process, with a company and keys to try
  ostiary demo                      watch a client being onboarded, call by call
  ostiary doctor                    what is wrong with this installation, and what to do

Settings come from the environment; `ostiary settings` lists them. Exit status: 0 done, 1 could not be done, 2 usage.
"""


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ostiary", description="Onboards clients and enables products for them.", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.set_defaults(json=False)
    parser.add_argument("--version", action="store_true", help="print the version and end")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _running(commands)
    _companies(commands)
    _keys(commands)
    _catalogue(commands)
    _documents(commands)
    _review(commands)
    _screening(commands)
    _webhook(commands)
    _keeping(commands)
    return parser


def _command(commands: _Commands, name: str, does: str, example: str = "") -> argparse.ArgumentParser:
    made = commands.add_parser(
        name, help=does, description=does[0].upper() + does[1:] + ".",
        epilog=f"example:\n  {example}" if example else None, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="answer as JSON, for machines")
    return made


def _running(commands: _Commands) -> None:
    serve = _command(commands, "serve", "serve API, worker and documentation", "ostiary serve --port 8080")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    serve.add_argument(
        "--port", type=_between(1, 65_535, "a port"), default=8080, help="port to listen on (default %(default)s)"
    )
    serve.add_argument("--sandbox", action="store_true", help="make a sandbox company to try, and show how to use it")
    worker = _command(commands, "worker", "deliver messages, without serving the API", "ostiary worker")
    for one in (serve, worker):
        one.add_argument(
            "--processes", type=_between(1, 64, "processes"), metavar="N",
            help="how many do it side by side (default: OSTIARY_PROCESSES, 1); for `serve` more need PostgreSQL",
        )  # fmt: skip
    migrate = _command(commands, "migrate", "bring the database to this version's schema", "ostiary migrate")
    migrate.add_argument("--finish", action="store_true", help="also remove what only the version before needs")
    _copy(_command(
        commands, "copy", "copy an installation into another database, and verify it",
        "ostiary copy --from sqlite:///srv/ostiary/ostiary.sqlite3 --to postgresql://ostiary@db/ostiary",
    ))  # fmt: skip
    _command(commands, "doctor", "check this installation and say what to do", "ostiary doctor")
    _command(commands, "settings", "list every setting with its value and meaning", "ostiary settings")
    demo = _command(commands, "demo", "play a whole onboarding and show each call", "ostiary demo")
    demo.add_argument("--url", help="a running service (default: start a temporary one)")
    demo.add_argument("--key", help="its API key, of level 3")
    specimen = _command(
        commands, "specimen", "draw a specimen document page to try uploads with", "ostiary specimen page.jpg"
    )
    specimen.add_argument("file", help="where to write the JPEG")
    specimen.add_argument("--number", default="UT1234567", help="document number to print (default %(default)s)")


def _companies(commands: _Commands) -> None:
    group = _command(commands, "company", "administer companies", "ostiary company create --name Acme")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = _command(
        actions, "create", "create a company", "ostiary company create --name Acme --environment production"
    )
    create.add_argument("--name", required=True)
    create.add_argument("--environment", choices=("sandbox", "production"), default="sandbox")
    create.add_argument("--email", help="where the company is reached")
    _operator(create, required=False)
    _command(actions, "list", "list companies", "ostiary company list")


def _keys(commands: _Commands) -> None:
    group = _command(commands, "key", "administer API keys", "ostiary key create --company ID --level 3")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = _command(
        actions, "create", "create a key; its secret is shown this once", "ostiary key create --company ID --level 3"
    )
    create.add_argument("--company", required=True, help="the company's id")
    create.add_argument("--level", required=True, type=int, choices=range(1, 6), metavar="1-5")
    _allow(create)
    create.add_argument(
        "--expires-days",
        type=_between(1, 3_650, "days"),
        metavar="N",
        help="days until the key expires (default: never)",
    )
    listing = _command(actions, "list", "list a company's keys", "ostiary key list --company ID")
    listing.add_argument("--company", required=True, help="the company's id")
    revoke = _command(actions, "revoke", "stop a key at once", "ostiary key revoke KEY_ID")
    revoke.add_argument("key_id")
    allow = _command(
        actions, "allow", "replace a key's allowlist; without networks every address is let in",
        "ostiary key allow KEY_ID --allow 203.0.113.0/24",
    )  # fmt: skip
    allow.add_argument("key_id")
    _allow(allow)
    for one in (create, revoke, allow):
        _operator(one, required=False)


def _catalogue(commands: _Commands) -> None:
    group = _command(commands, "catalogue", "check and show the catalogue", "ostiary catalogue check products.yaml")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = _command(actions, "check", "name every fault of a catalogue file", "ostiary catalogue check products.yaml")
    check.add_argument("file")
    _command(actions, "show", "show products and requirements in force", "ostiary catalogue show")


def _documents(commands: _Commands) -> None:
    group = _command(commands, "document", "see what is read on a document", "ostiary document read passport.jpg")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    read = _command(
        actions, "read", "read machine-readable lines and barcodes in pictures, PDF and HEIC files",
        "ostiary document read front.jpg back.heic --json",
    )  # fmt: skip
    read.add_argument("files", nargs="+", metavar="FILE", help="a picture (JPEG, PNG, WEBP, HEIC) or PDF")


def _review(commands: _Commands) -> None:
    group = _command(commands, "review", "decide what waits for an operator", "ostiary review list")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = _command(actions, "list", "list what waits, oldest first", "ostiary review list")
    listing.add_argument("--company", help="only this company's")
    show = _command(
        actions,
        "show",
        "show one; looking is audited",
        "ostiary review show REQUEST_ID --operator ana --save pictures/",
    )
    show.add_argument("--save", metavar="DIR", help="write the pictures into this folder")
    approve = _command(actions, "approve", "enable the product", "ostiary review approve REQUEST_ID --operator ana")
    reject = _command(
        actions, "reject", "reject the request, or off-board an enabled product",
        'ostiary review reject REQUEST_ID --operator ana --reason "not eligible"',
    )  # fmt: skip
    reject.add_argument("--reason", required=True, help="shown to the company")
    reject.add_argument("--client", action="store_true", help="reject the client as such, with every live request")
    back = _command(
        actions, "return", "send it back to the company with what to redo",
        "ostiary review return REQUEST_ID --operator ana --reason image_blurred --key passport",
    )  # fmt: skip
    back.add_argument("--reason", required=True, metavar="CODE", action="append", help="a reason code; may repeat")
    back.add_argument(
        "--key", action="append",
        help="what it is about: an attribute, a document type or a side of it, as national_id.image_back "
        "(default: the documents)",
    )  # fmt: skip
    back.add_argument("--text", help="words to show instead of the code's own")
    release = _command(
        actions, "release", "let another client use a document's number",
        "ostiary review release REQUEST_ID --operator ana --document DOCUMENT_ID",
    )  # fmt: skip
    release.add_argument("--document", required=True, help="the document's id, as `review show` lists it")
    for one in (show, approve, reject, back, release):
        one.add_argument("request_id", help="the product request's id")
        _operator(one, required=True)


def _screening(commands: _Commands) -> None:
    group = _command(commands, "screening", "sanctions and PEP lists: screen, and decide hits", "ostiary screening run")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    _command(actions, "run", "screen every active client against the lists as they are now", "ostiary screening run")
    clear = _command(
        actions, "clear", "say that a hit is somebody else: that entry is not asked about again",
        "ostiary screening clear REQUEST_ID --hit 3f9a01c2 --operator ana",
    )  # fmt: skip
    confirm = _command(
        actions, "confirm", "say that a hit is the client",
        "ostiary screening confirm REQUEST_ID --hit 3f9a01c2 --operator ana",
    )  # fmt: skip
    for one in (clear, confirm):
        one.add_argument("request_id", help="a product request's id of the client")
        one.add_argument("--hit", required=True, metavar="KEY", help="the hit, as `review show` lists it")
        _operator(one, required=True)


def _webhook(commands: _Commands) -> None:
    group = _command(commands, "webhook", "see and repeat a company's deliveries", "ostiary webhook list --company ID")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    health = _command(actions, "health", "how a company's endpoint does", "ostiary webhook health --company ID")
    listing = _command(
        actions, "list", "list deliveries, newest first", "ostiary webhook list --company ID --state failed"
    )
    listing.add_argument("--state", choices=("pending", "delivered", "failed", "dropped"))
    listing.add_argument("--request", metavar="ID", help="only of this product request")
    listing.add_argument(
        "--limit", type=_between(1, 200, "a limit"), default=50, help="how many at most (default %(default)s)"
    )
    show = _command(actions, "show", "one delivery with its tries", "ostiary webhook show DELIVERY_ID --company ID")
    again = _command(
        actions, "redeliver", "send a delivery again", "ostiary webhook redeliver DELIVERY_ID --company ID"
    )
    trial = _command(actions, "test", "send a test event", "ostiary webhook test --company ID")
    for one in (show, again):
        one.add_argument("delivery_id")
    for one in (health, listing, show, again, trial):
        one.add_argument("--company", required=True, help="the company's id")


def _keeping(commands: _Commands) -> None:
    group = _command(commands, "audit", "check and export the audit trail", "ostiary audit verify")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    verify = _command(actions, "verify", "check every chain of entries", "ostiary audit verify")
    verify.add_argument("--checkpoint", metavar="FILE", help="also against a checkpoint taken earlier")
    verify.add_argument(
        "--signed-by", metavar="KEY", help="public key that signed it, as noted then (default: this installation's)"
    )
    checkpoint = _command(
        actions, "checkpoint", "write a signed checkpoint of every chain, to keep elsewhere",
        "ostiary audit checkpoint 2026-11.checkpoint",
    )  # fmt: skip
    checkpoint.add_argument("file")
    checkpoint.add_argument(
        "--previous", metavar="FILE", help="the checkpoint before, checked too and bound to this one"
    )
    show = _command(actions, "show", "show the entries of a client or company", "ostiary audit show --company ID")
    show.add_argument("--company", required=True)
    show.add_argument("--client", help="one client's entries (default: the company's own)")
    backup = _command(
        commands, "backup", "copy database and pictures consistently while serving", "ostiary backup monday.backup"
    )
    backup.add_argument("file")
    restore = _command(
        commands, "restore", "bring a backup back into an empty data folder", "ostiary restore monday.backup"
    )
    restore.add_argument("file")


def _copy(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", dest="source", required=True, metavar="URL", help="the database to copy, unchanged")
    command.add_argument(
        "--to", dest="target", required=True, metavar="URL", help="an empty one, or a copy to go on with"
    )
    command.add_argument("--files-from", metavar="URL", help="also copy pictures, from this store")
    command.add_argument("--files-to", metavar="URL", help="into this one")


def _between(lowest: int, highest: int, what: str) -> Callable[[str], int]:
    """A whole number within bounds, told in the words of the option."""

    def read(text: str) -> int:
        if not text.isdecimal() or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"{what} must be a whole number from {lowest} to {highest}")
        return int(text)

    return read


def _allow(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--allow", action="append", default=[], metavar="CIDR", help="let only this network in; may repeat"
    )


def _operator(command: argparse.ArgumentParser, *, required: bool) -> None:
    command.add_argument("--operator", required=required, metavar="NAME", help="who does this, for the audit trail")
