"""`ostiary catalogue publish`, `approve`, `withdraw` and `history`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ostiary.adapters.config import catalogue_file, providers_file
from ostiary.adapters.lookups.countries import country_codes
from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.showing import print_table
from ostiary.domain.catalogue_changes.difference import difference
from ostiary.domain.catalogue_changes.publications import Publication, PublicationState, in_force
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.runtime.terminal.printing import say, say_json
from ostiary.settings import Settings
from ostiary.usecases.catalogue.publish import (
    PublicationWish,
    approve,
    list_publications,
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
    changes = difference(context.catalogues.current, catalogue, country_codes())
    from_ms = (
        None if options.day is None else int(datetime.combine(options.day, datetime.min.time(), UTC).timestamp() * 1000)
    )
    needs_two = settings.catalogue_four_eyes
    caller = await publisher(context, named_operator(options), needs_two=needs_two)
    use_case = partial(publish, catalogue=catalogue, wish=PublicationWish(options.note, from_ms), needs_two=needs_two)
    publication = await carried_out(context, caller, use_case)
    more = "Some clients may be asked" if changes.asks_more else "Nobody is asked"
    words = (
        f"{_standing_words(publication)}\n{more} more than by the one in force now: ostiary catalogue diff current FILE"
    )
    show(options, {**publication_answer(publication, None), "asks_more": changes.asks_more}, words)


async def _approve(options: argparse.Namespace, installation: Installation) -> None:
    caller = await publisher(installation.context, named_operator(options), needs_two=True)
    publication = await carried_out(installation.context, caller, approve, options.publication)
    show(options, publication_answer(publication, None), _standing_words(publication))


async def _withdraw(options: argparse.Namespace, installation: Installation) -> None:
    caller = await publisher(installation.context, named_operator(options), needs_two=False)
    publication = await carried_out(installation.context, caller, withdraw, options.publication)
    show(options, publication_answer(publication, None), f"Publication {publication.id} is withdrawn.")


async def _history(options: argparse.Namespace, installation: Installation) -> None:
    context = installation.context
    publications = (await list_publications(context))[::-1]
    current = in_force(publications, context.now_ms())
    if options.json:
        say_json([publication_answer(each, current) for each in publications])
    elif not publications:
        source = installation.settings.catalogue or "the one that ships"
        say(f"Nothing is published yet: the catalogue is {source}, version {context.catalogues.current.version}.")
    else:
        columns = ("", "version", "from", "state", "by", "approved by", "publication", "why")
        print_table(columns, [_row(each, current) for each in publications])


def _row(publication: Publication, current: Publication | None) -> tuple[str, ...]:
    mark = "→" if current is not None and publication.id == current.id else ""
    day = format_timestamp(publication.from_ms)
    by, also_by = _name(publication.author), _name(publication.approver)
    return mark, publication.version[:8], day, publication.state, by, also_by, publication.id, publication.note


def _name(actor: str | None) -> str:
    return "" if actor is None else actor.partition(":")[2] or actor


def _standing_words(publication: Publication) -> str:
    if publication.state is PublicationState.PROPOSED:
        return (
            f"Version {publication.version} is proposed. Another approver puts it into force: "
            f"ostiary catalogue approve {publication.id} --operator NAME"
        )
    return (
        f"Version {publication.version} is in force for requests made from {format_timestamp(publication.from_ms)} on "
        f"(publication {publication.id}). Every process follows within seconds."
    )


_ACTIONS = {"publish": _publish, "approve": _approve, "withdraw": _withdraw, "history": _history}
