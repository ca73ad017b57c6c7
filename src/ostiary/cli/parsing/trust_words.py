"""The words of `ostiary trust` and of `ostiary document chip`."""

from __future__ import annotations

import argparse
import re

from ostiary.cli.parsing.words import Commands, command

VARIANT_NAMES = (
    "genuine",
    "changed",
    "forged",
    "unknown",
    "impostor",
    "foreign",
    "list_signer",
    "expired",
    "revoked",
    "weak",
    "cloned",
    "swapped",
)
"""As `specimens.chip.chips` has them, which need not be imported to say them."""

CHIP_KEYS = ("ecdsa", "rsa", "none")
PORTRAIT_FORMS = ("iso19794", "iso39794", "none")

SEAL_VARIANT_NAMES = ("genuine", "changed", "unknown", "expired", "old")
"""As `specimens.seals.bills` has them."""


def trust(commands: Commands) -> None:
    group = command(commands, "trust", "say whose signatures on chips are believed", "ostiary trust list")
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    _import(actions)
    listing = command(
        actions, "list", "list the countries' certificates that are trusted", "ostiary trust list --country ARG"
    )
    listing.add_argument("--country", type=_country, help="of this country only: ARG, or AR as certificates say it")
    listing.add_argument(
        "--expiring", type=_days, metavar="DAYS", help="only those that end within so many days, or have ended"
    )
    command(actions, "verify", "check the whole store again", "ostiary trust verify")
    remove = command(
        actions,
        "remove",
        "trust a country's certificate no longer, whatever lists say later",
        f'ostiary trust remove {"4f3c" * 16} --reason "stolen, by its issuer"',
    )
    remove.add_argument("sha256", type=_digest, help="its fingerprint, as `ostiary trust list` shows it")
    remove.add_argument("--reason", required=True, help="why, for those who read the store")


def _import(actions: Commands) -> None:
    bring = command(
        actions,
        "import",
        "show what lists, certificates or revocation lists would change; with --yes let it count",
        "ostiary trust import DE_ML.ml --anchor csca-germany.cer --yes",
    )
    bring.add_argument(
        "files", nargs="+", metavar="FILE", help="a master list, LDIF of ICAO's directory, a certificate or a CRL"
    )
    vouched = bring.add_mutually_exclusive_group()
    vouched.add_argument(
        "--anchor", metavar="CERT", help="certificate, known from elsewhere, of the country that signed the list"
    )
    vouched.add_argument("--sha256", type=_digest, metavar="HEX", help="its fingerprint, known from elsewhere")
    bring.add_argument(
        "--seals",
        action="store_true",
        help="the certificates are of who signs seals on paper (2D-Doc), not of countries",
    )
    bring.add_argument("--older", action="store_true", help="take a list older than the one that counts")
    bring.add_argument("--yes", action="store_true", help="let it count")


def chip(actions: Commands) -> None:
    """Of the group `document`."""
    verify = command(
        actions,
        "chip",
        "verify the files of a document's chip, as they were read",
        "ostiary document chip sod.bin dg1.bin dg2.bin",
    )
    verify.add_argument(
        "files", nargs="+", metavar="FILE", help="EF.SOD, DG1, DG2, DG11, DG12, DG14, DG15, in any order"
    )
    verify.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="FILE",
        help="a certificate or revocation list that counts for this call alone, besides the trust store; may repeat",
    )
    verify.add_argument("--sandbox", action="store_true", help="let what Utopia signed count, as sandboxes do")
    verify.add_argument("--challenge", type=challenge, metavar="HEX", help="what the chip was asked to sign")
    verify.add_argument("--answer", metavar="FILE", help="what it answered")
    _seal(actions)


def _seal(actions: Commands) -> None:
    seal = command(
        actions, "seal", "verify the seal (2D-Doc) on a picture of a paper", "ostiary document seal bill.pdf --sandbox"
    )
    seal.add_argument("file", metavar="FILE", help="a picture or PDF of the paper, or a .txt file with the seal's text")
    seal.add_argument(
        "--signer",
        action="append",
        default=[],
        metavar="FILE",
        help="a certificate that counts for this call alone, besides the trust store: of an authority of seals or of "
        "a signer whom it certified; may repeat",
    )
    seal.add_argument("--sandbox", action="store_true", help="let what Utopia signed count, as sandboxes do")


def specimen_chip(specimen: argparse.ArgumentParser) -> None:
    """Of `specimen`."""
    specimen.add_argument("--chip", metavar="DIR", help="also write what its chip would hold into this folder")
    specimen.add_argument(
        "--variant",
        choices=VARIANT_NAMES,
        default=VARIANT_NAMES[0],
        help="of the chip: as it should be, or broken in one way (default %(default)s)",
    )
    specimen.add_argument(
        "--chip-key",
        choices=CHIP_KEYS,
        default=CHIP_KEYS[0],
        help="of the chip: what it answers challenges with; it is left in chip-key.pem (default %(default)s)",
    )
    specimen.add_argument(
        "--portrait",
        choices=PORTRAIT_FORMS,
        default=PORTRAIT_FORMS[0],
        help="of the chip: in which form it has a drawn face (default %(default)s)",
    )
    specimen.add_argument(
        "--answer",
        type=challenge,
        metavar="HEX",
        help="only sign this challenge in the place of the chip in DIR, which was written before",
    )
    specimen.add_argument("--seal", metavar="DIR", help="also write a sealed bill of the same person into this folder")
    specimen.add_argument(
        "--seal-variant",
        choices=SEAL_VARIANT_NAMES,
        default=SEAL_VARIANT_NAMES[0],
        help="of the bill: as it should be, or broken in one way (default %(default)s)",
    )


def challenge(text: str) -> bytes:
    """Eight bytes, as `chip-challenge` gives them."""
    if not re.fullmatch("[0-9a-fA-F]{16}", text):
        raise argparse.ArgumentTypeError("a challenge has 16 hexadecimal figures, as chip-challenge gives it")
    return bytes.fromhex(text)


def _digest(text: str) -> str:
    plain = text.replace(":", "").lower()
    if not re.fullmatch("[0-9a-f]{64}", plain):
        raise argparse.ArgumentTypeError("a SHA-256 has 64 hexadecimal figures")
    return plain


def _country(text: str) -> str:
    if not re.fullmatch("[A-Z]{2,3}", text):
        raise argparse.ArgumentTypeError("a country is written as ARG, or AR")
    return text


def _days(text: str) -> int:
    if not text.isdecimal() or len(text) > 5:
        raise argparse.ArgumentTypeError("a whole number of days from 0 to 99999")
    return int(text)
