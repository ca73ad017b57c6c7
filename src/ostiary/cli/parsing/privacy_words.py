"""What operators type about the end of clients' data: holds, erasures, and what is due."""

from __future__ import annotations

import argparse

from ostiary.cli.parsing.words import Commands, command, operator
from ostiary.domain.ids import is_id
from ostiary.domain.privacy.retention import OF_CLIENTS
from ostiary.domain.privacy.waiver import WaiverReason

LISTED_MOST = 100_000
"""Clients in one list: what fits into memory many times over, and a spreadsheet opens."""


def privacy(commands: Commands) -> None:
    _client(commands)
    _retention(commands)
    _export(commands)


def _client(commands: Commands) -> None:
    group = command(
        commands,
        "client",
        "erase a client, or keep its data from being erased",
        "ostiary client erase CLIENT_ID --company ID --operator bea",
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    _erasures(actions)
    _holds(actions)


def _erasures(actions: Commands) -> None:
    erase = command(
        actions,
        "erase",
        "erase a client whose retention period is over; earlier it takes two people",
        "ostiary client erase CLIENT_ID --company ID --operator bea",
    )
    erase.add_argument("client_id", metavar="CLIENT_ID")
    erase.add_argument("--early", action="store_true", help="before its time: staged until a second person confirms it")
    erase.add_argument("--reason", default="", help="why so early, for operators only; names nobody")
    example = "--company ID --operator eva"
    confirm = command(
        actions,
        "confirm",
        "confirm an erasure that somebody else staged, or what somebody else waived",
        f"ostiary client confirm ERASURE_ID {example}",
    )
    withdraw = command(
        actions,
        "withdraw",
        "withdraw an erasure as long as nothing has ended",
        f"ostiary client withdraw ERASURE_ID {example}",
    )
    listing = command(
        actions,
        "erasures",
        "list erasures, the newest first, with their receipts",
        "ostiary client erasures --company ID --json",
    )
    waive = command(
        actions,
        "waive",
        "end an erasure without the word of a provider that never says that it forgot; takes two people",
        'ostiary client waive ERASURE_ID --company ID --reason provider_gone --note "insolvent" --operator bea',
    )
    waive.add_argument("--reason", required=True, choices=list(WaiverReason), help="for the receipt and the trail")
    waive.add_argument("--note", required=True, help="more of it, for operators only")
    for action in (confirm, withdraw, waive):
        action.add_argument("erasure_id", metavar="ERASURE_ID")
    for action in (erase, confirm, withdraw, waive, listing):
        _company(action)
    for action in (erase, confirm, withdraw, waive):
        operator(action, required=True)


def _holds(actions: Commands) -> None:
    hold = command(
        actions,
        "hold",
        "keep a client's data, whatever its period and whoever asks",
        'ostiary client hold CLIENT_ID --company ID --reason "court order" --until 2028-06-30 --operator bea',
    )
    release = command(
        actions,
        "release",
        "end a hold",
        "ostiary client release CLIENT_ID HOLD_ID --company ID --reason settled --operator bea",
    )
    holds = command(
        actions, "holds", "list the holds of a client, past ones too", "ostiary client holds CLIENT_ID --company ID"
    )
    for action in (hold, release, holds):
        action.add_argument("client_id", metavar="CLIENT_ID")
        _company(action)
    release.add_argument("hold_id", metavar="HOLD_ID")
    hold.add_argument("--until", default="", metavar="YYYY-MM-DD", help="its last day (without it: until released)")
    for action in (hold, release):
        action.add_argument("--reason", required=True, help="why, for operators only")
        operator(action, required=True)


def _retention(commands: Commands) -> None:
    group = command(
        commands,
        "retention",
        "see how long what is kept and why, and which clients' time is over",
        "ostiary retention due --company ID",
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    command(actions, "show", "show how long what is kept, and why", "ostiary retention show")
    command(
        actions,
        "compact",
        "write the database's files anew without what was removed; writers wait meanwhile",
        "ostiary retention compact",
    )
    due = command(
        actions,
        "due",
        "list clients whose period is over, and erase nobody",
        "ostiary retention due --company ID --overdue --limit 200",
    )
    _company(due)
    due.add_argument("--category", default="", choices=["", *OF_CLIENTS], metavar="CATEGORY", help="of one only")
    due.add_argument("--overdue", action="store_true", help="only who should have ended by itself two days ago")
    due.add_argument("--limit", type=_count, default=0, metavar="N", help="at most so many")
    due.add_argument("--after", type=_client_id, default="", metavar="CLIENT_ID", help="from behind this client on")


def _export(commands: Commands) -> None:
    group = command(
        commands,
        "export",
        "take out everything that is known of a client, or of a company",
        "ostiary export client CLIENT_ID --company ID --out maria.zip --operator bea",
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    person = command(
        actions,
        "client",
        "take out what is known of a client, for the client: JSON, pictures and a page to read",
        "ostiary export client CLIENT_ID --company ID --out maria.zip --operator bea",
    )
    person.add_argument("client_id", metavar="CLIENT_ID")
    whole = command(
        actions,
        "company",
        "take out everything of a company, hits and notes too, with progress",
        "ostiary export company --company ID --out acme.zip.age --recipient age1... --operator bea",
    )
    for action in (person, whole):
        _company(action)
        action.add_argument("--out", required=True, metavar="FILE", help="a ZIP archive; FILE must not be there yet")
        action.add_argument("--recipient", default="", metavar="KEY", help="seal it for this key of age (age1...)")
        operator(action, required=True)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:10]) <= LISTED_MOST:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {LISTED_MOST}, here {text!r}")
    return int(text)


def _client_id(text: str) -> str:
    if text and not is_id(text):  # else nobody would be behind it, as if nobody's period were over
        raise argparse.ArgumentTypeError(f"must be the id of a client, here {text!r}")
    return text


def _company(action: argparse.ArgumentParser) -> None:
    action.add_argument("--company", required=True, metavar="ID", help="the company's id")
