"""Publications: which catalogue comes into force when, who said so and why.

They belong to the installation's own company. Requests are made under the one in force, and stay with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum

from ostiary.domain.errors import InvalidState
from ostiary.domain.sentences import N_
from ostiary.domain.value import replace, value_type

NOTE_CHARACTERS = 500
"""Why it is published, as a line or two of a change log; more belongs where the file is kept."""


class PublicationState(StrEnum):
    """How far a publication is. `proposed`: it waits for a second person. `withdrawing`: it is published as before, and
    somebody wants it taken back before its day, which a second person has to say as well."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    WITHDRAWING = "withdrawing"
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

    @property
    def is_effective(self) -> bool:
        """Whether it is in force from its day on."""
        return self.state in (PublicationState.PUBLISHED, PublicationState.WITHDRAWING)

    @property
    def waits(self) -> bool:
        """Whether it waits for a second person's word."""
        return self.state in (PublicationState.PROPOSED, PublicationState.WITHDRAWING)


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
    begun = [each for each in publications if each.is_effective and each.from_ms <= now_ms]
    return max(begun, key=lambda each: (each.from_ms, each.id), default=None)


def approved(publication: Publication, approver: str, now_ms: int) -> Publication:
    """With the second person's word; if its day went by meanwhile, from now on. Raises InvalidState."""
    if publication.state is not PublicationState.PROPOSED:
        raise InvalidState(_ALREADY[publication.state])
    if publication.author == approver:
        raise InvalidState("Somebody else than who proposed it has to approve it.")
    from_ms = max(publication.from_ms, now_ms)
    return replace(publication, state=PublicationState.PUBLISHED, approver=approver, from_ms=from_ms)


def withdrawn(publication: Publication, now_ms: int, *, needs_two: bool = False) -> Publication:
    """Taken back before its day; where two people put it there (`needs_two`), two take it back, and this is the first
    word. A proposal changes nothing, so one is enough for that.

    Raises InvalidState afterwards: requests may have been made under it.
    """
    if publication.state is PublicationState.WITHDRAWN:
        raise InvalidState("This publication is withdrawn already.")
    _demand_to_come(publication, now_ms)
    if publication.state is PublicationState.WITHDRAWING:
        raise InvalidState("Somebody wants it withdrawn already; another approver has to approve that.")
    is_first_word = needs_two and publication.is_effective
    return replace(publication, state=PublicationState.WITHDRAWING if is_first_word else PublicationState.WITHDRAWN)


def withdrawal_approved(publication: Publication, asked_by: str, approver: str, now_ms: int) -> Publication:
    """Taken back by the second person's word. Raises InvalidState."""
    _demand_to_come(publication, now_ms)
    if asked_by == approver:
        raise InvalidState("Somebody else than who wants it withdrawn has to approve that.")
    return replace(publication, state=PublicationState.WITHDRAWN)


def kept_published(publication: Publication) -> Publication:
    """It stays after all. Raises InvalidState where nobody wants it withdrawn."""
    if publication.state is not PublicationState.WITHDRAWING:
        raise InvalidState("Nobody wants this publication withdrawn.")
    return replace(publication, state=PublicationState.PUBLISHED)


_ALREADY: Mapping[PublicationState, str] = {
    PublicationState.PUBLISHED: N_("This publication is approved already."),
    PublicationState.WITHDRAWING: N_("This publication is approved already."),
    PublicationState.WITHDRAWN: N_("This publication is withdrawn already."),
}


def _demand_to_come(publication: Publication, now_ms: int) -> None:
    if publication.is_effective and publication.from_ms <= now_ms:
        raise InvalidState("It is or was in force; publish the earlier catalogue again instead.")
