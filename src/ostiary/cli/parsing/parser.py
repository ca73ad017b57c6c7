"""What `ostiary` understands: every command with its options and an example."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date

from ostiary.cli.parsing import (
    account_words,
    audit_words,
    brand_words,
    catalogue_words,
    clock_words,
    import_words,
    key_words,
    lifecycle_words,
    link_words,
    mcp_words,
    operator_words,
    privacy_words,
    trust_words,
)
from ostiary.cli.parsing.words import CommandParser, Commands, command, operator
from ostiary.settings import GB, MOST_QUOTA_GB

UTOPIA = "UTO"
YEARS = range(1900, 2100)
"""What a document prints of a year is its two last figures."""
EPILOG = """start here:
  ostiary serve --sandbox           everything at once, with a company and keys to try
  ostiary demo                      watch a client being onboarded, call by call
  ostiary doctor                    what is wrong with this installation, and what to do

Settings come from the environment; `ostiary settings` lists them. Exit status: 0 done, 1 could not be done, 2 usage.
"""


def make_parser() -> CommandParser:
    parser = CommandParser(
        prog="ostiary",
        description="Onboards clients and enables products for them.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(json=False)
    parser.add_argument("--version", action="store_true", help="print the version and end")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _running(commands)
    _companies(commands)
    _keys(commands)
    key_words.masters(commands)
    account_words.operators(commands)
    link_words.links(commands)
    clock_words.sandbox(commands)
    brand_words.brands(commands)
    catalogue_words.catalogue(commands)
    _documents(commands)
    trust_words.trust(commands)
    operator_words.review(commands)
    operator_words.find(commands)
    import_words.imports(commands)
    operator_words.screening(commands)
    lifecycle_words.years(commands)
    privacy_words.privacy(commands)
    _webhook(commands)
    mcp_words.mcp(commands)
    audit_words.audit(commands)
    _keeping(commands)
    return parser


def _running(commands: Commands) -> None:
    serve = command(commands, "serve", "serve API, worker and documentation", "ostiary serve --port 8080")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    serve.add_argument(
        "--port", type=_between(1, 65_535, "a port"), default=8080, help="port to listen on (default %(default)s)"
    )
    serve.add_argument("--sandbox", action="store_true", help="make a sandbox company to try, and show how to use it")
    serve.add_argument(
        "--worker",
        choices=("beside", "inside", "elsewhere"),
        default=None,
        help="deliver in a process of its own, in the one that serves, or not at all "
        "(default: OSTIARY_EMBEDDED_WORKER, beside)",
    )
    worker = command(commands, "worker", "deliver messages, without serving the API", "ostiary worker --port 8082")
    worker.add_argument("--host", default="127.0.0.1", help="address that --port is of (default %(default)s)")
    worker.add_argument(
        "--port",
        type=_between(1, 65_535, "a port"),
        default=None,
        help="also answer /health/live, /health/ready and /metrics on this port (default: listen nowhere)",
    )
    for action in (serve, worker):
        action.add_argument(
            "--processes",
            type=_between(1, 64, "processes"),
            metavar="N",
            help="how many do it side by side (default: OSTIARY_PROCESSES, 1); for `serve` more need PostgreSQL",
        )
    migrate = command(commands, "migrate", "bring the database to this version's schema", "ostiary migrate")
    migrate.add_argument("--finish", action="store_true", help="also remove what only the version before needs")
    _copy(
        command(
            commands,
            "copy",
            "copy an installation into another database, and verify it",
            "ostiary copy --from sqlite:///srv/ostiary/ostiary.sqlite3 --to postgresql://ostiary@db/ostiary",
        )
    )
    command(commands, "doctor", "check this installation and say what to do", "ostiary doctor")
    command(commands, "settings", "list every setting with its value and meaning", "ostiary settings")
    demo = command(commands, "demo", "play a whole onboarding and show each call", "ostiary demo")
    demo.add_argument("--url", help="a running service (default: start a temporary one)")
    demo.add_argument("--key", help="its API key, of level 3")
    demo.add_argument(
        "--fill", action="store_true", help="put cases to review into this installation's sandbox, for the console"
    )
    _specimen(commands)


def _specimen(commands: Commands) -> None:
    specimen = command(
        commands,
        "specimen",
        "draw a side of a document that does not exist, and say whose it is",
        "ostiary specimen page.jpg --first-name Maria --last-name Barber --birth-date 1984-11-21 --country ARG",
    )
    specimen.add_argument("file", nargs="?", help="where to write the JPEG (with --chip it may be left out)")
    trust_words.specimen_chip(specimen)
    specimen.add_argument(
        "--type",
        type=_document_type,
        default="passport",
        help="a document type, as passport, national_id, drivers_license, visa (default %(default)s)",
    )
    specimen.add_argument("--side", choices=("front", "back"), default="front", help="default: %(default)s")
    specimen.add_argument("--number", default="", help="the document's number (default: invented)")
    specimen.add_argument(
        "--country",
        type=_country,
        metavar="ARG",
        help="who issued it, by ISO 3166-1 alpha-3 (default: UTO, Utopia; a licence's USA)",
    )
    specimen.add_argument("--first-name", default="", help="the holder's given names (default: invented)")
    specimen.add_argument("--last-name", default="", help="the holder's surname (default: invented)")
    for name, means in (
        ("--birth-date", "when the holder was born"),
        ("--expiration-date", "the last day of validity"),
    ):
        specimen.add_argument(name, type=_day, default=None, metavar="YYYY-MM-DD", help=f"{means} (default: invented)")
    specimen.add_argument("--sex", choices=("F", "M", "X"), default="", help="default: invented")


def _gb(text: str) -> int:
    """As bytes."""
    if not text.isascii() or not text.isdigit() or int(text) > MOST_QUOTA_GB:
        raise argparse.ArgumentTypeError(f"a whole number from 0 to {MOST_QUOTA_GB}")
    return int(text) * GB


def _companies(commands: Commands) -> None:
    group = command(commands, "company", "administer companies", "ostiary company list")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = command(
        actions, "create", "create a company", "ostiary company create --name Acme --environment production"
    )
    create.add_argument("--name", required=True)
    create.add_argument(
        "--environment",
        choices=("sandbox", "production"),
        required=True,
        help="production: real clients; sandbox: to try things, verdicts come by the document's number",
    )
    create.add_argument("--email", help="where the company is reached")
    operator(create, required=False)
    command(actions, "list", "list companies, with what their pictures take", "ostiary company list")
    show = command(actions, "show", "one company, with what its pictures take", "ostiary company show --company ID")
    quota = command(
        actions, "quota", "how much is kept of a company's pictures", "ostiary company quota --company ID --gb 250"
    )
    for action in (show, quota):
        action.add_argument("--company", required=True, help="the company's id")
    amount = quota.add_mutually_exclusive_group(required=True)
    amount.add_argument("--gb", type=_gb, metavar="N", help="so many GB of 10^9 bytes for this company; 0: no limit")
    amount.add_argument("--usual", action="store_true", help="what OSTIARY_COMPANY_QUOTA_GB says, as for every company")
    operator(quota, required=False)


def _keys(commands: Commands) -> None:
    group = command(commands, "key", "administer API keys", "ostiary key create --company ID --level 3")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = command(
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
    listing = command(actions, "list", "list a company's keys", "ostiary key list --company ID")
    listing.add_argument("--company", required=True, help="the company's id")
    revoke = command(actions, "revoke", "stop a key at once", "ostiary key revoke KEY_ID")
    revoke.add_argument("key_id")
    allow = command(
        actions,
        "allow",
        "replace a key's allowlist; without networks every address is let in",
        "ostiary key allow KEY_ID --allow 203.0.113.0/24",
    )
    allow.add_argument("key_id")
    _allow(allow)
    for action in (create, revoke, allow):
        operator(action, required=False)


def _documents(commands: Commands) -> None:
    group = command(
        commands, "document", "see what is read on a document, or on its chip", "ostiary document read passport.jpg"
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    read = command(
        actions,
        "read",
        "read machine-readable lines and barcodes in pictures, PDF and HEIC files",
        "ostiary document read front.jpg back.heic --json",
    )
    read.add_argument("files", nargs="+", metavar="FILE", help="a picture (JPEG, PNG, WEBP, BMP, HEIC) or PDF")
    trust_words.chip(actions)


def _webhook(commands: Commands) -> None:
    group = command(commands, "webhook", "see and repeat a company's deliveries", "ostiary webhook list --company ID")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    health = command(actions, "health", "how a company's endpoint does", "ostiary webhook health --company ID")
    listing = command(
        actions, "list", "list deliveries, newest first", "ostiary webhook list --company ID --state failed"
    )
    listing.add_argument("--state", choices=("pending", "delivered", "failed", "dropped"))
    listing.add_argument("--request", metavar="ID", help="only of this product request")
    listing.add_argument(
        "--limit", type=_between(1, 200, "a limit"), default=50, help="how many at most (default %(default)s)"
    )
    show = command(actions, "show", "one delivery with its tries", "ostiary webhook show DELIVERY_ID --company ID")
    again = command(actions, "redeliver", "send a delivery again", "ostiary webhook redeliver DELIVERY_ID --company ID")
    trial = command(actions, "test", "send a test event", "ostiary webhook test --company ID")
    subscribe = command(
        actions,
        "subscribe",
        "send a company's events to an address",
        "ostiary webhook subscribe https://partner.example/hook --key SECRET --company ID --event onboarding_finished",
    )
    subscribe.add_argument("url", metavar="URL")
    subscribe.add_argument("--key", required=True, help="sent with every delivery, for the endpoint to know us by")
    subscribe.add_argument(
        "--event",
        action="append",
        default=[],
        metavar="TYPE",
        help="what to hear of; may repeat (default: product_enablement_status_changed alone)",
    )
    subscribe.add_argument("--sequence", action="store_true", help="number the events of a request")
    for action in (show, again):
        action.add_argument("delivery_id")
    for action in (health, listing, show, again, trial, subscribe):
        action.add_argument("--company", required=True, help="the company's id")


def _keeping(commands: Commands) -> None:
    backup = command(
        commands, "backup", "copy database and pictures consistently while serving", "ostiary backup monday.backup"
    )
    backup.add_argument("file")
    restore = command(
        commands, "restore", "bring a backup back into an empty data folder", "ostiary restore monday.backup"
    )
    restore.add_argument("file")
    restore.add_argument(
        "--erased", metavar="URL", default="", help="erase again whom this store of pictures knows to be erased"
    )


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


def _document_type(text: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9_]{0,49}", text):
        raise argparse.ArgumentTypeError("a document type is written in small letters, as passport or national_id")
    return text


def _country(text: str) -> str:
    from ostiary.adapters.lookups.countries import country_fault

    if text != UTOPIA and (fault := country_fault(text)):
        raise argparse.ArgumentTypeError(f"the country {fault}, or UTO")
    return text


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a date is written as 1984-11-21, and there is no {text!r}") from None
    if day.year not in YEARS:
        raise argparse.ArgumentTypeError(f"a date lies in the years {YEARS[0]} to {YEARS[-1]}")
    return day


def _allow(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--allow", action="append", default=[], metavar="CIDR", help="let only this network in; may repeat"
    )
