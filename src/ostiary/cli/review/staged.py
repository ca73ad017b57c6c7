"""What commands say of a decision that waits for a second person."""

from __future__ import annotations

from ostiary.domain.review.approvals import Approval
from ostiary.wire.review import approval_shape


def staged_shape(approval: Approval) -> dict[str, object]:
    return {"waits": approval_shape(approval)}


def staged_words(approval: Approval) -> str:
    """With what to do next."""
    return (
        f"staged: this decision ({', '.join(approval.kinds)}) takes two people, and nothing has changed yet.\n"
        f"Another operator, an approver or higher, looks and then confirms it or sends it back:\n"
        f"  ostiary review confirm {approval.enablement_id} --operator NAME"
    )
