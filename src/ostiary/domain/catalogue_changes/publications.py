"""Publications: which catalogue comes into force when, who said so and why.

They belong to the installation's own company. Requests are made under the one in force, and stay with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum

from ostiary.domain.errors import InvalidState
from ostiary.domain.value import replace, value_type

NOTE_CHARACTERS = 500
"""Why it is published, as a line or two of a change log; more belongs where the file is kept."""


class PublicationState(StrEnum):
    """How far a publication is. `proposed`: it waits for a second person."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@value_type
class Publication:
    """One version, in force for requests made from `from_ms` on. `approver` is who else said yes, where two have to."""

    id: str
    version: str
    state: PublicationState
    from_ms: int
    at_ms: int
    author: str
    note: str
    approver: str | None = None


@value_type
class AddPublication:
    """A catalogue is published or proposed; its source is kept with it, and the texts of its terms by their hash."""

    publication: Publication
    source: str
    texts: Mapping[str, str] = field(default_factory=dict)


@value_type
class ChangePublication:
    """A publication as it shall be."""

    publication: Publication


PublicationChange = AddPublication | ChangePublication


def in_force(publications: Iterable[Publication], now_ms: int) -> Publication | None:
    """The one whose day came last; of two of one moment the later one. None: no publication's day has come."""
    begun = [each for each in publications if each.state is PublicationState.PUBLISHED and each.from_ms <= now_ms]
    return max(begun, key=lambda each: (each.from_ms, each.id), default=None)


def approved(publication: Publication, approver: str, now_ms: int) -> Publication:
    """With the second person's word; if its day went by meanwhile, from now on. Raises InvalidState."""
    if publication.state is not PublicationState.PROPOSED:
        raise InvalidState(f"This publication is {publication.state} already.")
    if publication.author == approver:
        raise InvalidState("Somebody else than who proposed it has to approve it.")
    from_ms = max(publication.from_ms, now_ms)
    return replace(publication, state=PublicationState.PUBLISHED, approver=approver, from_ms=from_ms)


def withdrawn(publication: Publication, now_ms: int) -> Publication:
    """Taken back before its day. Raises InvalidState afterwards: requests may have been made under it."""
    if publication.state is PublicationState.WITHDRAWN:
        raise InvalidState("This publication is withdrawn already.")
    if publication.state is PublicationState.PUBLISHED and publication.from_ms <= now_ms:
        raise InvalidState("It is or was in force; publish the earlier catalogue again instead.")
    return replace(publication, state=PublicationState.WITHDRAWN)
