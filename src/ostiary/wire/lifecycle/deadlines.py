"""When enabled requests are due again, as a list."""

from __future__ import annotations

from typing import Annotated

from ostiary.domain.renewals.deadlines import TOLD_REASONS, Deadline, DeadlineState, told_reasons
from ostiary.domain.times import format_timestamp
from ostiary.wire.answer import Answer, Id, Timestamp, about, one_of


class DeadlineAnswer(Answer, kw_only=True, frozen=True):
    """When an enabled request is due again. Read client product, with `expand=renewal`, says what is missing."""

    client_id: Id
    product_request_id: Id
    product: str
    state: Annotated[DeadlineState, about("`waiting` until its renewal opens.")]
    due_at: Annotated[Timestamp, about("The end of the day on which it is due.")]
    reasons: Annotated[list[Annotated[str, one_of(TOLD_REASONS)]], about("Why, or (`waiting`) why it will be.")]
    opens_at: Annotated[Timestamp | None, about("While it waits: when its renewal opens.")] = None


def deadline_answer(deadline: Deadline, *, is_for_operators: bool = False) -> DeadlineAnswer:
    """One of a list. Operators see every reason, companies those that they may learn of."""
    reasons = deadline.reasons if is_for_operators else told_reasons(deadline.reasons)
    return DeadlineAnswer(
        client_id=deadline.client_id,
        product_request_id=deadline.enablement_id,
        product=deadline.product,
        state=deadline.state,
        due_at=format_timestamp(deadline.due_at_ms),
        reasons=[reason.value for reason in reasons],
        opens_at=None if deadline.is_open else format_timestamp(deadline.next_at_ms),
    )
