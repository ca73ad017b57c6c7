"""`ostiary catalogue publish`, `approve`, `withdraw`, `keep` and `history`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from ostiary.adapters.config import catalogue_file, providers_file
from ostiary.adapters.lookups.countries import country_codes
from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.showing import print_table
from ostiary.domain.catalogue_changes.difference import difference
from ostiary.domain.catalogue_changes.publications import Publication, PublicationState
from ostiary.domain.times import day_starts_ms, format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.runtime.terminal.printing import say, say_json
from ostiary.settings import Settings
from ostiary.usecases.catalogue.history import PublicationLine, read_history
from ostiary.usecases.catalogue.publish import (
    PublicationWish,
    approve,
    keep,
    publish,
    publisher,
    withdraw,
)
from ostiary.usecases.transaction import carried_out
from ostiary.wire.publishing.publications import publication_answer


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        installation.run(_ACTIONS[options.action](options, installation))
    return EXIT_OK


async def _publish(options: argparse.Namespace, installation: Installation) -> None:
    context, settings = installation.context, installation.settings
    catalogue = catalogue_file.load(Path(options.file))
    configured = providers_file.load(settings.providers, settings.public_url, settings.endpoint_timeout_s)
    providers_file.check_named(configured, {each.id: each.provider for each in catalogue.products.values()})
    before = context.catalogues.current
    changes = difference(before, catalogue, country_codes())
    from_ms = None if options.day is None else day_starts_ms(options.day)
    needs_two = settings.catalogue_four_eyes
    caller = await publisher(context, named_operator(options), needs_two=needs_two)
    use_case = partial(publish, catalogue=catalogue, wish=PublicationWish(options.note, from_ms), needs_two=needs_two)
    publication = await carried_out(context, caller, use_case)
    more = "Some clients may be asked" if changes.asks_more else "Nobody is asked"
    words = (
        f"{_standing_words(publication)}\n{more} more than by the one before: "
        f"ostiary catalogue diff {before.version[:8]} {catalogue.version[:8]}"
    )
    show(options, {**publication_answer(publication), "asks_more": changes.asks_more}, words)


async def _approve(options: argparse.Namespace, installation: Installation) -> None:
    caller = await publisher(installation.context, named_operator(options), needs_two=True)
    publication = await carried_out(installation.context, caller, approve, options.publication)
    show(options, publication_answer(publication), _standing_words(publication))


async def _withdraw(options: argparse.Namespace, installation: Installation) -> None:
    needs_two = installation.settings.catalogue_four_eyes
    caller = await publisher(installation.context, named_operator(options), needs_two=needs_two)
    use_case = partial(withdraw, needs_two=needs_two)
    publication = await carried_out(installation.context, caller, use_case, options.publication)
    show(options, publication_answer(publication), _standing_words(publication))


async def _keep(options: argparse.Namespace, installation: Installation) -> None:
    needs_two = installation.settings.catalogue_four_eyes
    caller = await publisher(installation.context, named_operator(options), needs_two=needs_two)
    publication = await carried_out(installation.context, caller, keep, options.publication)
    show(options, publication_answer(publication), _standing_words(publication))


async def _history(options: argparse.Namespace, installation: Installation) -> None:
    context = installation.context
    lines = await read_history(context)
    if options.json:
        say_json([_answer(each) for each in lines])
    elif not lines:
        source = installation.settings.catalogue or "the one that ships"
        say(f"Nothing is published yet: the catalogue is {source}, version {context.catalogues.current.version}.")
    else:
        columns = ("", "version", "from", "state", "by", "approved by", "publication", "why")
        print_table(columns, [_row(each) for each in lines])


def _answer(line: PublicationLine) -> Mapping[str, object]:
    asked_by = line.withdrawal_asked_by
    return publication_answer(line.publication, is_in_force=line.is_in_force, withdrawal_asked_by=asked_by)


def _row(line: PublicationLine) -> tuple[str, ...]:
    publication, mark = line.publication, "→" if line.is_in_force else ""
    day = format_timestamp(publication.from_ms)
    by, also_by = _name(publication.author), _name(publication.approver)
    state = (
        f"{publication.state}, by {_name(line.withdrawal_asked_by)}" if line.withdrawal_asked_by else publication.state
    )
    return mark, publication.version[:8], day, state, by, also_by, publication.id, publication.note


def _name(actor: str | None) -> str:
    return "" if actor is None else actor.partition(":")[2] or actor


def _standing_words(publication: Publication) -> str:
    if publication.state is PublicationState.PROPOSED:
        return (
            f"Version {publication.version} is proposed. Another approver puts it into force: "
            f"ostiary catalogue approve {publication.id} --operator NAME"
        )
    if publication.state is PublicationState.WITHDRAWING:
        return (
            f"Version {publication.version} is to be withdrawn. Another approver takes it back: ostiary catalogue "
            f"approve {publication.id} --operator NAME"
        )
    if publication.state is PublicationState.WITHDRAWN:
        return f"Publication {publication.id} is withdrawn."
    return (
        f"Version {publication.version} is in force for requests made from {format_timestamp(publication.from_ms)} on "
        f"(publication {publication.id}). Every process follows within seconds."
    )


_ACTIONS = {"publish": _publish, "approve": _approve, "withdraw": _withdraw, "keep": _keep, "history": _history}
