"""What changed of a request since an operator looked at it: only who has seen it as it is may decide it.

The client's audit chain tells: every change of anything of a client adds an entry in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ostiary.domain.audit.trail import RECORDED, AuditEntry
from ostiary.domain.names.visible import read_alike
from ostiary.domain.review.approvals import ACTIONS

LOOKED = "review_looked"
PICTURES_LOOKED = "pictures_looked"
OTHER_CLIENT_LOOKED = "other_client_looked"
NEWS = "new_"
"""Begins the code of a screening that had new hits."""
CHANGES_NOTHING = ACTIONS | {
    LOOKED, PICTURES_LOOKED, OTHER_CLIENT_LOOKED, "document_fetched", "verdict_ignored", RECORDED,
}  # fmt: skip
SCREENED = "client_screened"


@dataclass(frozen=True, slots=True)
class Look:
    """An operator's last look: the position of its entry (None: never), and the entries of what changed since."""

    position: int | None
    changes: tuple[AuditEntry, ...] = ()

    @property
    def is_current(self) -> bool:
        return self.position is not None and not self.changes


def last_look(entries: Sequence[AuditEntry], actor: str, enablement_id: str, others: Collection[str]) -> Look:
    """The actor's last look at a request. `others` are the client's other requests, whose course does not count; nor
    does what the actor did."""
    mine = (
        each.position for each in entries if (each.action, each.actor, each.subject) == (LOOKED, actor, enablement_id)
    )
    position = max(mine, default=None)
    return Look(None) if position is None else look_at(entries, actor, position, others)


def is_look(entries: Sequence[AuditEntry], actor: str, enablement_id: str, position: int) -> bool:
    """Whether the entry of a position says that the actor looked at the request."""
    looked = (LOOKED, actor, enablement_id)
    return any(each.position == position and (each.action, each.actor, each.subject) == looked for each in entries)


def look_at(entries: Sequence[AuditEntry], actor: str, position: int, others: Collection[str]) -> Look:
    """A look of the actor's by its position, which may not be his last one: two windows show two moments."""
    since = (
        each for each in entries if each.position > position and each.actor != actor and each.subject not in others
    )
    return Look(position, tuple(each for each in since if _is_change(each)))


def _is_change(entry: AuditEntry) -> bool:
    if entry.action == SCREENED:
        return any(code.startswith(NEWS) for code in entry.codes)
    return entry.action not in CHANGES_NOTHING


def same_person(actor: str, other: str) -> bool:
    """Whether two entries are by the same operator, however the name was typed."""
    return _plain(actor) == _plain(other)


def _plain(actor: str) -> tuple[str, str]:
    kind, _, name = actor.partition(":")
    return read_alike(kind), read_alike(name)
