"""How much risk a client is, and what a catalogue's rules of it can read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RiskClass(StrEnum):
    """How closely a client is watched. AMLR (EU) 2024/1624 knows lower, standard and higher risk (articles 33, 20 and
    34), and lets data of higher risk grow no older than one year, others' than five (article 26)."""

    LOW = "low"
    STANDARD = "standard"
    HIGH = "high"


RANKS: Mapping[RiskClass, int] = {each: rank for rank, each in enumerate(RiskClass)}
"""The higher, the more risk."""


class ListState(StrEnum):
    """What lists say of a client, as rules read it: `open` while a hit waits for a decision, `confirmed` when one is
    the client."""

    CLEAR = "clear"
    OPEN = "open"
    CONFIRMED = "confirmed"


PRODUCT, SCREENING = "product", "screening"
"""What rules of risk read besides what conditions read: the product's id, and one of `ListState`."""
