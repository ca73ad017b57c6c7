"""Hits as they are kept for a client, and what a person decided of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category

from ostiary.domain.clients.client import Profile
from ostiary.domain.documents.document import Document
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.names.scripts import is_comparable
from ostiary.domain.names.visible import visible
from ostiary.domain.screening.subject import Hit, Subject

MOST_NAMES = 10
"""Of one client: three ways to write what was typed, and what documents say; each is asked about."""


class HitState(StrEnum):
    """`cleared`: it is somebody else, and that entry is not asked about again. `confirmed`: it is the client."""

    OPEN = "open"
    CLEARED = "cleared"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class StoredHit:
    """A hit of a client. `key` names it among the client's: a keyed hash of list and entry, in hex."""

    key: str
    hit: Hit
    state: HitState
    found_at_ms: int

    @property
    def blocks_approval(self) -> bool:
        """Whether it keeps anything from being enabled without a person."""
        return self.state is not HitState.CLEARED


@dataclass(frozen=True, slots=True)
class ScreeningRun:
    """That a client was screened: against which lists (with versions), and as whom (a keyed hash of the subject)."""

    lists: str
    subject_mark: bytes
    at_ms: int = 0


def subject_of(profile: Profile, zones: Sequence[Zone] = ()) -> Subject:
    """Who a client is to a list: under every name that he is known by here.

    As typed: whole, without the second name, which lists often do not have, and with the letters of given names and of
    surnames joined, since the document check minds neither borders nor signs nor digits. As read: what the
    machine-readable parts of the client's documents say, whatever was typed.
    """
    given = " ".join(filter(None, (profile.first_name, profile.second_name)))
    whole, short = f"{given} {profile.last_name}", f"{profile.first_name} {profile.last_name}"
    joined = f"{_letters(given)} {_letters(profile.last_name)}"
    read = (f"{zone.given_names} {zone.surname}".strip() for zone in zones)
    names = dict.fromkeys(" ".join(visible(name).split()) for name in (whole, short, joined, *read))
    names.pop("", None)
    return Subject(tuple(names)[:MOST_NAMES], profile.birth_date, (profile.address.country,))


def _letters(text: str) -> str:
    return "".join(character for character in text if category(character)[0] in "LM")


def zones_of(documents: Iterable[Document]) -> tuple[Zone, ...]:
    """What was read of a client's documents, oldest first."""
    return tuple(
        document.reading.zone
        for document in documents
        if document.reading is not None and document.reading.zone is not None
    )


def cannot_be_compared(profile: Profile, zones: Sequence[Zone] = ()) -> bool:
    """Whether lists, which are mostly in Latin letters, say nothing about a client they do not find: the name is in
    other letters, too long, or a letter only, and no document gave it whole and in Latin ones."""
    if any(zone.surname and zone.given_names and not zone.names_truncated for zone in zones):
        return False
    names = (profile.first_name, profile.second_name or "", profile.last_name)
    is_shortened = any(len(_letters(name)) == 1 for name in (profile.first_name, profile.last_name))
    return is_shortened or not is_comparable(" ".join(names))


def cleared_entries(hits: Iterable[StoredHit], name: str) -> frozenset[str]:
    """The entries of one list that a person cleared for this client."""
    return frozenset(hit.hit.entry_id for hit in hits if hit.state is HitState.CLEARED and hit.hit.list == name)


def blocks_approval(hits: Iterable[StoredHit]) -> bool:
    """Whether a person has to decide because of a list."""
    return any(hit.blocks_approval for hit in hits)
