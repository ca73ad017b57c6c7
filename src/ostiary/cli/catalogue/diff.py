"""`ostiary catalogue diff`: what differs between two catalogues, for people and for machines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from ostiary.adapters.lookups.countries import country_codes
from ostiary.cli.catalogue.naming import catalogue_named
from ostiary.cli.showing import WIDEST
from ostiary.domain.catalogue_changes.changes import CatalogueChange, CatalogueDifference, ChangeKind, OfferChange
from ostiary.domain.catalogue_changes.difference import difference
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.runtime.terminal.printing import console, say_json
from ostiary.settings import Settings
from ostiary.wire.publishing.differences import difference_answer

if TYPE_CHECKING:
    from rich.text import Text

KIND_WORDS = {
    ChangeKind.ASKED: ("asked", "yellow"),
    ChangeKind.NO_LONGER_ASKED: ("no longer asked", "green"),
    ChangeKind.HARDER: ("harder", "yellow"),
    ChangeKind.EASIER: ("easier", "green"),
    ChangeKind.UNCLEAR: ("unclear", "yellow"),
    ChangeKind.OTHER: ("other", "dim"),
}
_WIDTH = max(len(word) for word, _ in KIND_WORDS.values())
_STATES = {
    OfferChange.ADDED: "a new product",
    OfferChange.REMOVED: "not offered any more: requests there are go on as they were made",
}
MOST_NAMED = 12
"""Countries of one change that are named on a line; of more, those it does not concern are, if they are fewer."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    old, new = catalogue_named(settings, options.old), catalogue_named(settings, options.new)
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
        screen.print("Nothing differs.")
        return
    for product in whole.products:
        screen.print(_line(("\n", ""), (product.product, "bold cyan"), (f"  {product.name}", "")))
        if product.state in _STATES:
            screen.print(f"  {_STATES[product.state]}")
        for line in _lines(product.changes):
            screen.print(line)
    if whole.general:
        screen.print(_line(("\nWhatever the product", "bold")))
        for line in _lines(whole.general):
            screen.print(line)
    screen.print("\n" + _summary(whole))


def _summary(whole: CatalogueDifference) -> str:
    if whole.asks_more:
        return "Some clients may be asked more than before."
    return "Nobody is asked more than before."


def _lines(changes: Iterable[CatalogueChange]) -> Iterator[Text]:
    for change in changes:
        word, style = KIND_WORDS[change.kind]
        where = countries_words(change.countries)
        parts = (("  " + word.ljust(_WIDTH + 2), style), (change.subject, "bold"), (f"  {change.words}", ""))
        yield _line(*parts, (f"  {where}" if where else "", "dim"))


def countries_words(countries: Collection[str] | None) -> str:
    """Where a change counts; nothing for everywhere."""
    if countries is None:
        return ""
    if len(countries) <= MOST_NAMED:
        return f"in {', '.join(countries)}"
    others = sorted(set(country_codes()) - set(countries))
    if len(others) <= MOST_NAMED:
        return f"everywhere but in {', '.join(others)}"
    return f"in {len(countries)} countries: {', '.join(countries)}"


def _line(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts)
