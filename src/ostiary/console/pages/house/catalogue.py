"""The catalogue's history: what was published by whom, what waits for a second person, and what versions differ in.

What is published comes from the command line, where its file is checked and what it would meet is counted first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from ostiary.adapters.lookups.countries import country_codes
from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.review.timeline import actor_words
from ostiary.console.services import Console, committed
from ostiary.domain.catalogue_changes.changes import CatalogueChange, ChangeKind, ProductDifference
from ostiary.domain.catalogue_changes.publications import PublicationState
from ostiary.domain.catalogue_changes.wording import (
    KIND_WORDS,
    NOTHING_DIFFERS,
    OFFER_WORDS,
    STATE_WORDS,
    WHATEVER_THE_PRODUCT,
    summary,
    where_words,
)
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.sentences import Sentence
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.catalogue import publish
from ostiary.usecases.catalogue.history import PublicationLine, compare_versions, kept_versions, read_history

PLACE = "/console/catalogue"
SHOWN_DIGITS = 8
"""Of a version, as the command line shows it."""
_TONES: Mapping[ChangeKind, str] = {
    ChangeKind.ASKED: "warn",
    ChangeKind.HARDER: "warn",
    ChangeKind.UNCLEAR: "warn",
    ChangeKind.NO_LONGER_ASKED: "good",
    ChangeKind.EASIER: "good",
    ChangeKind.OTHER: "",
}


@dataclass(frozen=True, slots=True)
class ShownPublication:
    """A line of the history. `is_own`: whoever looks has said the first word, and the second is somebody else's;
    `is_to_come`: it can be withdrawn."""

    line: PublicationLine
    state: str
    author: Sentence
    approver: Sentence | None
    asked_by: Sentence | None
    is_own: bool
    is_to_come: bool


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One difference in words."""

    kind: str
    tone: str
    change: CatalogueChange
    where: Sentence | None


@dataclass(frozen=True, slots=True)
class ShownProduct:
    """What differs about one product, or about none. `state` says that only one of both has it."""

    name: str
    product: str
    state: str
    changes: tuple[ShownChange, ...]


async def history(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Every publication, newest first."""
    current = console.context.catalogues.current
    values = {
        "lines": [_shown(console, request, line) for line in await read_history(console.context)],
        "current": current.version,
        "digits": SHOWN_DIGITS,
        "versions": frozenset(console.context.catalogues.by_version()),
        "may_publish": may(request.operator, Permission.PUBLISH),
    }
    return Page(template="catalogue_history.html", title="History of the catalogue", values=values)


async def compare(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """What differs between two versions; as long as none are chosen, a form for that."""
    current = console.context.catalogues.current.version
    old, new = (request.query.text(name) for name in ("old", "new"))
    whole = await compare_versions(console.context, old, new, country_codes()) if old and new else None
    values = {
        "versions": await kept_versions(console.context),
        "current": current,
        "old": old or current,
        "new": new or current,
        "digits": SHOWN_DIGITS,
        "whole": whole,
        "summary": "" if whole is None else NOTHING_DIFFERS if whole.is_empty else summary(whole),
        "products": () if whole is None else tuple(map(_product, whole.products)),
        "general": () if whole is None else tuple(_changes(whole.general)),
        "general_words": WHATEVER_THE_PRODUCT,
        "may_see_history": may(request.operator, Permission.SEE_AUDIT),
    }
    return Page(template="catalogue_difference.html", title="What differs", values=values)


async def approve(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The second person's word."""
    publication = await committed(console, request.as_operator, publish.approve, request.path["publicationId"])
    is_gone = publication.state is PublicationState.WITHDRAWN
    return Redirect(PLACE, "publication_withdrawn" if is_gone else "publication_approved")


async def withdraw(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Takes one back before its day, or asks for that."""
    use_case = partial(publish.withdraw, needs_two=console.catalogue_four_eyes)
    publication = await committed(console, request.as_operator, use_case, request.path["publicationId"])
    return Redirect(PLACE, "withdrawal_asked" if publication.waits else "publication_withdrawn")


async def keep(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Says no to a withdrawal that somebody asked for."""
    await committed(console, request.as_operator, publish.keep, request.path["publicationId"])
    return Redirect(PLACE, "publication_kept")


def _shown(console: Console, request: ConsoleRequest, line: PublicationLine) -> ShownPublication:
    publication, asked_by = line.publication, line.withdrawal_asked_by
    is_over = publication.is_effective and publication.from_ms <= console.context.now_ms()
    first_word = asked_by if publication.state is PublicationState.WITHDRAWING else publication.author
    return ShownPublication(
        line=line,
        state=STATE_WORDS[publication.state],
        author=actor_words(publication.author),
        approver=None if publication.approver is None else actor_words(publication.approver),
        asked_by=None if asked_by is None else actor_words(asked_by),
        is_own=first_word == request.as_operator.actor,
        is_to_come=publication.state is not PublicationState.WITHDRAWN and not is_over,
    )


def _product(product: ProductDifference) -> ShownProduct:
    words = OFFER_WORDS.get(product.state, "")
    return ShownProduct(product.name, product.product, words, tuple(_changes(product.changes)))


def _changes(changes: Iterable[CatalogueChange]) -> Iterable[ShownChange]:
    for change in changes:
        where = where_words(change.countries, country_codes())
        yield ShownChange(KIND_WORDS[change.kind], _TONES[change.kind], change, where)
