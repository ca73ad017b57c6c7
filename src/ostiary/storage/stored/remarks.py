"""What is sealed of what a person noted with a decision."""

from __future__ import annotations

from ostiary.domain.review.remarks import Remark
from ostiary.storage.stored.forms import Numbered, encode, opening


class RemarkForm(Numbered, gc=False):
    """The column `remarks.content`."""

    enablement_id: str
    action: str
    actor: str
    subject: str
    text: str


def content_of(remark: Remark) -> bytes:
    return encode(
        RemarkForm(
            enablement_id=remark.enablement_id,
            action=remark.action,
            actor=remark.actor,
            subject=remark.subject,
            text=remark.text,
        )
    )


def remark_from(remark_id: str, at_ms: int, content: bytes) -> Remark:
    """The remark of a row, whose content is opened."""
    form = _open(content)
    return Remark(
        id=remark_id,
        at_ms=at_ms,
        enablement_id=form.enablement_id,
        action=form.action,
        actor=form.actor,
        text=form.text,
        subject=form.subject,
    )


_open = opening(RemarkForm)
