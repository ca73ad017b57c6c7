"""What is sealed of erasures, for the company, and of holds, for the client: the former outlive the client's key."""

from __future__ import annotations

import msgspec

from ostiary.domain.privacy.erasure import Erasure
from ostiary.domain.privacy.holds import Hold
from ostiary.domain.privacy.waiver import Waiver, WaiverReason
from ostiary.storage.stored.forms import Numbered, encode, opening


class WaiverForm(msgspec.Struct, gc=False):
    """Within `erasures.content`."""

    reason: str
    note: str
    actor: str
    at_ms: int
    confirmed_by: str = ""


class ErasureForm(Numbered, gc=False):
    """The column `erasures.content`."""

    cause: str
    requested_by: str
    reason: str = ""
    confirmed_by: str = ""
    category: str = ""
    kept_until_ms: int = 0
    erased_at_ms: int = 0
    pictures: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    providers: tuple[tuple[str, str], ...] = ()
    confirmed: tuple[tuple[str, str, str, int], ...] = ()
    counted: tuple[tuple[str, int], ...] = ()
    problem: str = ""
    waiver: WaiverForm | None = None
    refusals: int = 0


class HoldForm(Numbered, gc=False):
    """The column `holds.content`."""

    reason: str
    actor: str
    ended_by: str = ""
    ended_because: str = ""


def erasure_content_of(erasure: Erasure) -> bytes:
    return encode(
        ErasureForm(
            cause=erasure.cause.value,
            requested_by=erasure.requested_by,
            reason=erasure.reason,
            confirmed_by=erasure.confirmed_by,
            category=erasure.category,
            kept_until_ms=erasure.kept_until_ms,
            erased_at_ms=erasure.erased_at_ms,
            pictures=erasure.pictures,
            days=erasure.days,
            providers=erasure.providers,
            confirmed=erasure.confirmed,
            counted=erasure.counted,
            problem=erasure.problem,
            waiver=_waiver_form(erasure.waiver),
            refusals=erasure.refusals,
        )
    )


def hold_content_of(hold: Hold) -> bytes:
    return encode(
        HoldForm(reason=hold.reason, actor=hold.actor, ended_by=hold.ended_by, ended_because=hold.ended_because)
    )


def waiver_of(form: ErasureForm) -> Waiver | None:
    """Raises ValueError for a reason that there is none of."""
    sealed = form.waiver
    if sealed is None:
        return None
    return Waiver(
        reason=WaiverReason(sealed.reason),
        note=sealed.note,
        actor=sealed.actor,
        at_ms=sealed.at_ms,
        confirmed_by=sealed.confirmed_by,
    )


def _waiver_form(waiver: Waiver | None) -> WaiverForm | None:
    if waiver is None:
        return None
    return WaiverForm(
        reason=waiver.reason.value,
        note=waiver.note,
        actor=waiver.actor,
        at_ms=waiver.at_ms,
        confirmed_by=waiver.confirmed_by,
    )


open_erasure = opening(ErasureForm)
open_hold = opening(HoldForm)
