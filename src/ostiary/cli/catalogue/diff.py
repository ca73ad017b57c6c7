"""`ostiary catalogue diff`: what differs between two catalogues, for people and for machines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ostiary.adapters.lookups.countries import country_codes
from ostiary.cli.catalogue.naming import catalogue_named
from ostiary.cli.showing import WIDEST
from ostiary.domain.catalogue_changes.changes import CatalogueChange, CatalogueDifference, ChangeKind
from ostiary.domain.catalogue_changes.difference import difference
from ostiary.domain.catalogue_changes.wording import (
    KIND_WORDS,
    NOTHING_DIFFERS,
    OFFER_WORDS,
    WHATEVER_THE_PRODUCT,
    summary,
    where_words,
)
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.runtime.terminal.printing import console, say_json
from ostiary.settings import Settings
from ostiary.wire.publishing.differences import difference_answer

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {
    ChangeKind.ASKED: "yellow",
    ChangeKind.NO_LONGER_ASKED: "green",
    ChangeKind.HARDER: "yellow",
    ChangeKind.EASIER: "green",
    ChangeKind.UNCLEAR: "yellow",
    ChangeKind.OTHER: "dim",
}
_WIDTH = max(map(len, KIND_WORDS.values()))


def run(options: argparse.Namespace, settings: Settings) -> int:
    old, new = (catalogue_named(settings, each, is_declared=True) for each in (options.old, options.new))
    whole = difference(old, new, country_codes())
    if options.json:
        say_json(difference_answer(whole))
    else:
        print_difference(whole)
    return EXIT_OK


def print_difference(whole: CatalogueDifference) -> None:
    """In words, product by product."""
    screen = console(width=None if sys.stdout.isatty() else WIDEST)
    screen.print(_line(("From ", ""), (whole.before, "bold"), (" to ", ""), (whole.after, "bold")))
    if whole.is_empty:
        screen.print(NOTHING_DIFFERS)
        return
    for product in whole.products:
        screen.print(_line(("\n", ""), (product.product, "bold cyan"), (f"  {product.name}", "")))
        if product.state in OFFER_WORDS:
            screen.print(f"  {OFFER_WORDS[product.state]}")
        for line in _lines(product.changes):
            screen.print(line)
    if whole.general:
        screen.print(_line((f"\n{WHATEVER_THE_PRODUCT}", "bold")))
        for line in _lines(whole.general):
            screen.print(line)
    screen.print("\n" + summary(whole))


def _lines(changes: Iterable[CatalogueChange]) -> Iterator[Text]:
    for change in changes:
        where = where_words(change.countries, country_codes())
        parts = (
            ("  " + KIND_WORDS[change.kind].ljust(_WIDTH + 2), STYLES[change.kind]),
            (change.subject, "bold"),
            (f"  {change.words}", ""),
        )
        yield _line(*parts, (f"  {where}" if where else "", "dim"))


def _line(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts)
