"""What is done with the keys of the installation is written down in the house's chain."""

from __future__ import annotations

from enum import StrEnum

from ostiary.domain.audit.trail import Note
from ostiary.domain.companies.company import Caller
from ostiary.domain.unit import Unit
from ostiary.usecases.context import Context
from ostiary.usecases.operators.directory import fresh_house
from ostiary.usecases.transaction import Outcome


class KeyAction(StrEnum):
    """What an operator did with a master key, or with a version of the lookup keys."""

    REWRAPPED = "keys_rewrapped"
    RETIRED = "master_key_retired"
    ROTATED = "lookup_keys_rotated"
    LOOKUP_RETIRED = "lookup_key_retired"
    MARKS_DROPPED = "lookup_marks_dropped"


async def note_key(context: Context, caller: Caller, action: KeyAction, number: int) -> Outcome[None]:
    """`number` is the key's. The caller acts on the house."""
    company = await fresh_house(context, caller.company.id)
    note = Note(action.value, caller.actor, company.id, (f"key_{number}",))
    return Outcome(None, Unit(company.id, context.now_ms(), company, notes=(note,)))
