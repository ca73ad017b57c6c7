"""What is sealed of what waits for an approver."""

from __future__ import annotations

from ostiary.domain.review.approvals import Approval, Form, Proposal
from ostiary.storage.stored.forms import Numbered, encode, opening


class ApprovalForm(Numbered, gc=False):
    """The column `approvals.content`."""

    maker: str
    operator_id: str
    look: int
    position: int
    kinds: tuple[str, ...]
    form_of: str
    text: str = ""
    codes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    subject: str = ""
    to: str = ""
    note: str = ""
    is_override: bool = False


def content_of(approval: Approval) -> bytes:
    proposal = approval.proposal
    return encode(
        ApprovalForm(
            maker=approval.maker,
            operator_id=approval.operator_id,
            look=approval.look,
            position=approval.position,
            kinds=approval.kinds,
            form_of=proposal.form.value,
            text=proposal.text,
            codes=proposal.codes,
            keys=proposal.keys,
            subject=proposal.subject,
            to=proposal.to,
            note=proposal.note,
            is_override=proposal.is_override,
        )
    )


def approval_from(enablement_id: str, approval_id: str, at_ms: int, content: bytes) -> Approval:
    """The approval of a row, whose content is opened."""
    form = _open(content)
    proposal = Proposal(
        form=Form(form.form_of),
        text=form.text,
        codes=form.codes,
        keys=form.keys,
        subject=form.subject,
        to=form.to,
        note=form.note,
        is_override=form.is_override,
    )
    return Approval(
        id=approval_id,
        enablement_id=enablement_id,
        at_ms=at_ms,
        maker=form.maker,
        operator_id=form.operator_id,
        look=form.look,
        position=form.position,
        kinds=form.kinds,
        proposal=proposal,
    )


_open = opening(ApprovalForm)
