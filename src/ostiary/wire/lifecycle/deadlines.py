"""When enabled requests are due again, as a list."""

from __future__ import annotations

from typing import Annotated

from ostiary.domain.renewals.deadlines import Deadline, DeadlineState, RenewalReason
from ostiary.domain.times import format_timestamp
from ostiary.wire.answer import Answer, Id, Timestamp, about


class DeadlineAnswer(Answer, kw_only=True, frozen=True):
    """When an enabled request is due again. Read client product, with `expand=renewal`, says what is missing."""

    client_id: Id
    product_request_id: Id
    product: str
    state: Annotated[DeadlineState, about("`waiting` until its renewal opens.")]
    due_at: Annotated[Timestamp, about("The end of the day on which it is due.")]
    reasons: Annotated[list[RenewalReason], about("Why, or (`waiting`) why it will be.")]
    opens_at: Annotated[Timestamp | None, about("While it waits: when its renewal opens.")] = None


def deadline_answer(deadline: Deadline) -> DeadlineAnswer:
    """One of a list."""
    return DeadlineAnswer(
        client_id=deadline.client_id,
        product_request_id=deadline.enablement_id,
        product=deadline.product,
        state=deadline.state,
        due_at=format_timestamp(deadline.due_at_ms),
        reasons=list(deadline.reasons),
        opens_at=None if deadline.is_open else format_timestamp(deadline.next_at_ms),
    )
