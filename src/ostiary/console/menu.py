"""What an operator finds in the menu, and where he lands after signing in: the pages that he may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.sentences import N_


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page in the menu; with the right that it needs, or None for everybody."""

    words: str
    path: str
    permission: Permission | None


MENU: tuple[MenuEntry, ...] = (
    MenuEntry(N_("Queue"), "/console/queue", Permission.SEE_QUEUE),
    MenuEntry(N_("Companies"), "/console/companies", Permission.SEE_COMPANIES),
    MenuEntry(N_("Figures"), "/console/figures", Permission.SEE_QUEUE),
    MenuEntry(N_("Audit"), "/console/audit", Permission.SEE_AUDIT),
    MenuEntry(N_("Operators"), "/console/operators", Permission.MANAGE_OPERATORS),
    MenuEntry(N_("About"), "/console/about", None),
)
"""In the order of the header; the first that somebody may see is his home."""


def menu_of(operator: Operator, entries: Sequence[MenuEntry] = MENU) -> tuple[MenuEntry, ...]:
    """The entries that an operator may see."""
    return tuple(entry for entry in entries if entry.permission is None or may(operator, entry.permission))


def home_of(operator: Operator) -> str:
    """Where an operator lands."""
    return menu_of(operator)[0].path
