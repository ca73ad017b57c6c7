"""The end of a client's data, as companies and operators see it."""

from __future__ import annotations

import json
from typing import Annotated, Any

from ostiary.domain.privacy.erasure import Erasure, ErasureState
from ostiary.domain.privacy.holds import Hold
from ostiary.domain.privacy.retention import Rules
from ostiary.domain.times import END_MS, format_timestamp
from ostiary.usecases.privacy.standing import Due
from ostiary.wire.answer import Answer, Id, Timestamp, about, one_of

SHOWN = ("waiting", "erased", "done")


class ErasureAnswer(Answer, kw_only=True, frozen=True):
    """How far the erasure of a client is."""

    id: Id
    client_id: Id
    status: Annotated[
        str,
        one_of(SHOWN, "`waiting`: within a minute. `erased`: gone from the database. `done`: gone everywhere."),
    ]
    requested_at: Timestamp
    kept_until: Annotated[Timestamp | None, about("When its retention period was over.")] = None


def erasure_answer(erasure: Erasure) -> ErasureAnswer:
    """As a company sees it."""
    status = erasure.state.value if erasure.state.value in SHOWN else ErasureState.WAITING.value
    return ErasureAnswer(
        id=erasure.id,
        client_id=erasure.client_id,
        status=status,
        requested_at=format_timestamp(erasure.requested_at_ms),
        kept_until=format_timestamp(erasure.kept_until_ms) if erasure.kept_until_ms else None,
    )


def erasure_shape(erasure: Erasure, now_ms: int) -> dict[str, Any]:
    """As operators see it."""
    shape: dict[str, Any] = {
        "id": erasure.id,
        "client_id": erasure.client_id,
        "state": erasure.state.value,
        "cause": erasure.cause.value,
        "category": erasure.category,
        "requested_by": erasure.requested_by,
        "confirmed_by": erasure.confirmed_by,
        "requested_at": format_timestamp(erasure.requested_at_ms),
        "reason": erasure.reason,
        "problem": erasure.problem,
        "overdue": erasure.is_overdue(now_ms),
    }
    if erasure.state in (ErasureState.WAITING, ErasureState.ERASED):
        shape["next_at"] = format_timestamp(erasure.due_at_ms)
    if erasure.silent:
        shape["unconfirmed"] = list(erasure.silent)
    if erasure.waiver is not None:
        shape["waiver"] = {
            "reason": erasure.waiver.reason.value,
            "note": erasure.waiver.note,
            "by": erasure.waiver.actor,
            "at": format_timestamp(erasure.waiver.at_ms),
            "confirmed_by": erasure.waiver.confirmed_by or None,
        }
    if erasure.receipt is not None:
        shape["receipt"] = json.loads(erasure.receipt)
    return {name: value for name, value in shape.items() if value != ""}


def hold_shape(hold: Hold, now_ms: int) -> dict[str, Any]:
    """As operators see it."""
    return {
        "id": hold.id,
        "holds": hold.holds_at(now_ms),
        "reason": hold.reason,
        "set_by": hold.actor,
        "from": format_timestamp(hold.from_ms),
        "until": None if hold.until_ms == END_MS else format_timestamp(hold.until_ms),
        "ended_at": None if hold.ended_at_ms is None else format_timestamp(hold.ended_at_ms),
        "ended_by": hold.ended_by or None,
        "ended_because": hold.ended_because or None,
    }


def due_shape(due: Due, rules: Rules, now_ms: int) -> dict[str, Any]:
    """A client whose period is over, by the company's time `now_ms`."""
    assert due.standing.since_ms is not None  # noqa: S101 (what is live is not due)
    assert due.standing.due_at_ms is not None  # noqa: S101
    return {
        "client_id": due.client_id,
        "category": due.standing.category.value,
        "since": format_timestamp(due.standing.since_ms),
        "due_at": format_timestamp(due.standing.due_at_ms),
        "held": due.is_held,
        "by_itself": rules[due.standing.category].by_itself,
        "overdue": due.is_overdue(rules, now_ms),
    }
