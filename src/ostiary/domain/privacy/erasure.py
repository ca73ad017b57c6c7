"""The end of a client's data, as a row that a worker carries out: what it has to do, how far it is, and the receipt.

First everything in the database ends in one unit of work: the data key with it, so that nothing of what was sealed
opens any more. What lies elsewhere follows, as often as it takes: pictures in their store, and what providers have.
Then it is looked at whether anything is left, and a receipt is written whose hash is on the audit trail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from hashlib import sha256

from ostiary.domain.privacy.waiver import Waiver
from ostiary.domain.times import DAY_MS, END_MS, HOUR_MS, MINUTE_MS, format_timestamp
from ostiary.domain.value import replace, value_type

REQUESTED, REFUSED, STAGED, CONFIRMED = (
    "erasure_requested", "erasure_refused", "erasure_staged", "erasure_confirmed",
)  # fmt: skip
WITHDRAWN, COMPLETED = "erasure_withdrawn", "erasure_completed"
HOLD_SET, HOLD_RELEASED = "hold_set", "hold_released"
"""Actions of audit entries. That of the erasure itself is `ERASED` of `domain/audit/trail.py`."""
AGAIN_AFTER_MS, AGAIN_AT_LEAST_MS = MINUTE_MS, DAY_MS
"""What refused is asked again after a minute, twice as long after each time, and each day in the end: a provider mends
within hours, and who is asked daily for ever is not forgotten."""
ESCALATED_AFTER_MS = 7 * DAY_MS
"""What has not ended after a week does not end by itself: operators see it as overdue."""
HELD_LOOKED_AT_MS = HOUR_MS
"""How often it is looked whether a hold without an end was lifted."""
FORM = 1
FOR_PEOPLE_MS = END_MS - 1
"""When one is due that waits for a second person: never, but before those that have ended."""


class ErasureState(StrEnum):
    """`staged` waits for a second person, `waiting` for the worker. `erased`: nothing of the client is in the database
    any more, and what lies elsewhere is on its way out. `done` has a receipt."""

    STAGED = "staged"
    WAITING = "waiting"
    ERASED = "erased"
    DONE = "done"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        return self in (ErasureState.STAGED, ErasureState.WAITING, ErasureState.ERASED)


class Cause(StrEnum):
    """Why a client is erased: somebody asked, its retention period is over, or a backup from before was restored."""

    REQUEST = "request"
    EARLY = "early"
    RETENTION = "retention"
    RESTORED = "restored"


@value_type(kw_only=True)
class Erasure:
    """One client's. `pictures` and `providers` are what was to be removed elsewhere when the database was: names of
    files, and pairs of a provider and its reference. `confirmed` are the providers' words, each with when it came.
    `counted` is how many rows were removed of each table. `problem` is why it goes on later, for operators,
    and `refusals` how often that was because something refused; `attempts` counts whoever had it claimed. `waiver`
    is why some provider's word is not waited for, once two people say so."""

    id: str
    company_id: str
    client_id: str
    state: ErasureState
    cause: Cause
    requested_by: str
    requested_at_ms: int
    due_at_ms: int
    reason: str = field(default="", repr=False)
    confirmed_by: str = ""
    category: str = ""
    kept_until_ms: int = 0
    attempts: int = 0
    refusals: int = 0
    leased_until_ms: int = 0
    erased_at_ms: int = 0
    ended_at_ms: int | None = None
    pictures: tuple[str, ...] = field(default=(), repr=False)
    days: tuple[str, ...] = ()
    providers: tuple[tuple[str, str], ...] = ()
    confirmed: tuple[tuple[str, str, str, int], ...] = ()
    counted: tuple[tuple[str, int], ...] = ()
    problem: str = ""
    receipt: str | None = None
    waiver: Waiver | None = None

    def is_overdue(self, now_ms: int) -> bool:
        """Whether somebody should look why it has not ended."""
        began = self.erased_at_ms or self.requested_at_ms
        waits = self.state in (ErasureState.WAITING, ErasureState.ERASED)
        return waits and not self.is_held and now_ms - began >= ESCALATED_AFTER_MS

    @property
    def is_held(self) -> bool:
        return self.problem == HELD

    @property
    def unconfirmed(self) -> tuple[tuple[str, str], ...]:
        """Providers that have not said yet that they forgot the client."""
        done = {(name, reference) for name, reference, _, _ in self.confirmed}
        return tuple(each for each in self.providers if each not in done)

    @property
    def silent(self) -> tuple[str, ...]:
        """The names of who has not said yet that they forgot the client: `problem` names the last of them only."""
        return tuple(sorted({name for name, _ in self.unconfirmed})) if self.state is ErasureState.ERASED else ()

    @property
    def may_be_waived(self) -> bool:
        """Whether nothing keeps it but providers, who were asked, and no two people said already not to wait."""
        asked = self.state is ErasureState.ERASED and self.problem.startswith(OF_PROVIDERS)
        return asked and not self.is_waived

    @property
    def is_waived(self) -> bool:
        """Whether it ends without the word of who is still silent."""
        return self.waiver is not None and self.waiver.is_confirmed

    @property
    def waits_for_waiver(self) -> bool:
        """Whether one person said that a provider's word is not waited for, and a second did not yet."""
        return self.may_be_waived and self.waiver is not None


OF_PROVIDERS = "provider_"
"""How the problems begin that are a provider's."""
HELD = "held"
"""The problem of an erasure that a hold keeps from being carried out."""


def again_after_ms(refusals: int) -> int:
    """Until what refused is asked again."""
    return min(AGAIN_AFTER_MS << min(max(refusals - 1, 0), 20), AGAIN_AT_LEAST_MS)


def put_off(erasure: Erasure, until_ms: int, problem: str) -> Erasure:
    """To be gone on with later."""
    return replace(erasure, due_at_ms=until_ms, leased_until_ms=0, problem=problem)


def receipt_of(erasure: Erasure, ended_at_ms: int, pictures: int) -> str:
    """What is told of an erasure that ended, in JSON: no personal data, but ids, times and numbers."""
    receipt: dict[str, object] = {
        "form": FORM,
        "erasure": erasure.id,
        "company": erasure.company_id,
        "client": erasure.client_id,
        "cause": erasure.cause.value,
        "category": erasure.category,
        "requested_by": erasure.requested_by,
        "confirmed_by": erasure.confirmed_by,
        "requested_at": format_timestamp(erasure.requested_at_ms),
        "erased_at": format_timestamp(erasure.erased_at_ms),
        "completed_at": format_timestamp(ended_at_ms),
        "rows_removed": dict(erasure.counted),
        "pictures_removed": pictures,
        "providers": [
            {"provider": name, "reference": reference, "answer": answer, "at": format_timestamp(at_ms)}
            for name, reference, answer, at_ms in erasure.confirmed
        ],
    }
    if erasure.unconfirmed and erasure.waiver is not None:
        waiver = erasure.waiver
        receipt["without_word_of"] = [
            {"provider": name, "reference": reference} for name, reference in erasure.unconfirmed
        ]
        receipt["waiver"] = {
            "reason": waiver.reason.value,
            "by": waiver.actor,
            "confirmed_by": waiver.confirmed_by,
            "at": format_timestamp(waiver.at_ms),
        }
    return json.dumps(receipt, separators=(",", ":"), sort_keys=True)


def receipt_mark(receipt: str) -> str:
    """What the audit trail says of a receipt: its SHA-256."""
    return sha256(receipt.encode()).hexdigest()


def done(erasure: Erasure, now_ms: int, pictures: int) -> Erasure:
    """With its receipt, and without what was needed to carry it out."""
    return replace(
        erasure,
        state=ErasureState.DONE,
        due_at_ms=END_MS,
        leased_until_ms=0,
        ended_at_ms=now_ms,
        pictures=(),
        problem="",
        receipt=receipt_of(erasure, now_ms, pictures),
    )


# ---- changes --------------------------------------------------------------------------------------------------------


@value_type
class EraseClient:
    """Everything of the client who owns the unit is removed, and the erasure is as far."""

    erasure: Erasure


@value_type
class AddErasure:
    """An erasure that waits, or is staged."""

    erasure: Erasure


@value_type
class ChangeErasure:
    """How an erasure stands. `attempts` is what it was when it was claimed: who claims it afterwards has the word, and
    who changes it with `takes_over`."""

    erasure: Erasure
    takes_over: bool = False


ErasureChange = EraseClient | AddErasure | ChangeErasure
Counts = Mapping[str, int]
