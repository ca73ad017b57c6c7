"""What was published, and what differs between two versions that are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ostiary.domain.catalogue_changes.changes import CatalogueDifference
from ostiary.domain.catalogue_changes.difference import difference
from ostiary.domain.catalogue_changes.publications import Publication, PublicationState, in_force
from ostiary.domain.errors import NotFound
from ostiary.domain.value import value_type
from ostiary.usecases.catalogue.publish import list_publications, withdrawal_asked_by
from ostiary.usecases.context import Context
from ostiary.usecases.operators.directory import find_house


@value_type
class PublicationLine:
    """A publication as it stands now. `withdrawal_asked_by` wants it withdrawn, if anybody does."""

    publication: Publication
    is_in_force: bool
    withdrawal_asked_by: str | None = None


async def read_history(context: Context) -> tuple[PublicationLine, ...]:
    """Newest first."""
    house, publications = await find_house(context), await list_publications(context)
    current = in_force(publications, context.now_ms())
    lines = []
    for each in reversed(publications):
        asked_by = None
        if house is not None and each.state is PublicationState.WITHDRAWING:
            asked_by = await withdrawal_asked_by(context, house.id, each.id)
        lines.append(PublicationLine(each, current is not None and each.id == current.id, asked_by))
    return tuple(lines)


async def kept_versions(context: Context) -> tuple[str, ...]:
    """The version in force, then every other: of publications, the newest first, and those that requests are pinned
    to."""
    published = [each.version for each in reversed(await list_publications(context))]
    return tuple(dict.fromkeys([context.catalogues.current.version, *published, *context.catalogues.by_version()]))


async def compare_versions(context: Context, old: str, new: str, countries: Sequence[str]) -> CatalogueDifference:
    """What differs, as both were published. `countries` are all there are (ISO 3166-1 alpha-3). Raises NotFound for a
    version that is not kept."""
    if not {old, new} <= set(await kept_versions(context)):
        raise NotFound("No such version of the catalogue is kept.")
    return await asyncio.to_thread(_compared, context, old, new, countries)


def _compared(context: Context, old: str, new: str, countries: Sequence[str]) -> CatalogueDifference:
    """Reading a version and evaluating its conditions for each country takes a second: not in an event loop."""
    declared = context.catalogues.declared
    return difference(declared(old), declared(new), countries)
