"""Hits as they are kept for a client, and what a person decided of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ostiary.domain.clients import Profile
from ostiary.domain.screening import Hit, Subject


class HitState(StrEnum):
    """`cleared`: it is somebody else, and that entry is not asked about again. `confirmed`: it is the client."""

    OPEN = "open"
    CLEARED = "cleared"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class KeptHit:
    """A hit of a client. `key` names it among the client's: a keyed hash of list and entry, in hex."""

    key: str
    hit: Hit
    state: HitState
    found_at_ms: int

    @property
    def is_against(self) -> bool:
        """Whether it keeps anything from being enabled without a person."""
        return self.state is not HitState.CLEARED


@dataclass(frozen=True, slots=True)
class Done:
    """That a client was screened: against which lists (with versions), and as whom (a keyed hash of the subject)."""

    lists: str
    subject_mark: bytes
    at_ms: int = 0


def subject_of(profile: Profile) -> Subject:
    """Who a client is to a list: the whole name, and without the second one, which lists often do not have."""
    parts = (profile.first_name, profile.second_name or "", profile.last_name)
    whole = " ".join(one for one in parts if one)
    short = f"{profile.first_name} {profile.last_name}"
    return Subject(tuple(dict.fromkeys((whole, short))), profile.birth_date, (profile.address.country,))


def cleared_entries(kept: Iterable[KeptHit], name: str) -> frozenset[str]:
    """The entries of one list that a person cleared for this client."""
    return frozenset(one.hit.entry_id for one in kept if one.state is HitState.CLEARED and one.hit.list == name)


def is_against(kept: Iterable[KeptHit]) -> bool:
    """Whether a person has to decide because of a list."""
    return any(one.is_against for one in kept)
