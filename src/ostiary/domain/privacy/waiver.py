"""Ending an erasure without a provider's word: two people say why there is none to wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from ostiary.domain.errors import value_refused
from ostiary.domain.review.remarks import demand_note
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.value import value_type

WAIVED, WAIVER_CONFIRMED = "erasure_waived", "erasure_waiver_confirmed"
"""Actions of audit entries; their codes are the erasure and the reason."""


class WaiverReason(StrEnum):
    """Why a provider's word is not waited for: a code, so that receipt and trail name nobody; wire-stable."""

    CONFIRMED_OTHERWISE = "confirmed_otherwise"
    PROVIDER_GONE = "provider_gone"
    NEVER_HAD_IT = "never_had_it"
    KEEPS_BY_LAW = "keeps_by_law"
    OTHER = "other"


REASONS: Mapping[WaiverReason, str] = {
    WaiverReason.CONFIRMED_OTHERWISE: N_("it confirmed in another way"),
    WaiverReason.PROVIDER_GONE: N_("the provider, or the contract with it, is no more"),
    WaiverReason.NEVER_HAD_IT: N_("it never had anything of the client"),
    WaiverReason.KEEPS_BY_LAW: N_("it has to keep it by law"),
    WaiverReason.OTHER: N_("another reason, in the note"),
}


@value_type(kw_only=True)
class Waiver:
    """What two people said: the first one's reason and note (for operators only), and when; then the second."""

    reason: WaiverReason
    note: str = field(repr=False)
    actor: str
    at_ms: int
    confirmed_by: str = ""

    @property
    def is_confirmed(self) -> bool:
        return bool(self.confirmed_by)


@value_type
class WaiverWish:
    """What the first person typed."""

    reason: str
    note: str


def reason_of(wish: WaiverWish) -> WaiverReason:
    """Raises ValidationFailed for a reason that there is none of, and for a blank or endless note."""
    demand_note(wish.note)
    try:
        return WaiverReason(wish.reason)
    except ValueError:
        problem = sentence("reason must be one of: %(possible)s", possible=", ".join(WaiverReason))
        raise value_refused("reason", problem) from None
