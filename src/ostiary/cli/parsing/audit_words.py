"""What is typed to check the audit trail, and to take checkpoints of it."""

from __future__ import annotations

from ostiary.cli.parsing.words import Commands, command


def audit(commands: Commands) -> None:
    group = command(commands, "audit", "check and export the audit trail", "ostiary audit verify")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    verify = command(actions, "verify", "check every chain of entries", "ostiary audit verify --against s3://audit/kyc")
    verify.add_argument("--checkpoint", metavar="FILE", help="also against a checkpoint taken earlier")
    verify.add_argument(
        "--against", metavar="PLACE", help="also against every checkpoint at a place: a folder, or s3://bucket/prefix"
    )
    verify.add_argument(
        "--signed-by", metavar="KEY", help="public key that signed them, as noted then (default: this installation's)"
    )
    verify.add_argument(
        "--timestamp-ca", metavar="FILE", help="certificates (PEM) of who may vouch for time-stamps of checkpoints"
    )
    checkpoint = command(
        actions,
        "checkpoint",
        "write a signed checkpoint of every chain, to keep elsewhere",
        "ostiary audit checkpoint 2026-11.checkpoint",
    )
    checkpoint.add_argument("file", nargs="?", help="a new file (default: one more at OSTIARY_CHECKPOINTS)")
    checkpoint.add_argument(
        "--previous", metavar="FILE", help="the checkpoint before, checked too and bound to this one"
    )
    show = command(actions, "show", "show the entries of a client or company", "ostiary audit show --company ID")
    whose = show.add_mutually_exclusive_group(required=True)
    whose.add_argument("--company", help="the company's id")
    whose.add_argument("--operators", action="store_true", help="who worked with the console, and who let them in")
    show.add_argument("--client", help="one client's entries (default: the company's own)")
