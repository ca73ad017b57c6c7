"""A judged problem as it is stored: among a client's refusals, and in what a document's reading was judged to mean."""

from __future__ import annotations

from msgspec import Struct

from ostiary.domain.rejections import Code, Kind, Rejection
from ostiary.storage.stored.forms import Pairs


class RejectionForm(Struct, gc=False):
    """Of one problem."""

    kind: Kind
    key: str
    code: Code
    field: str
    reason: str
    retryable: bool
    action: str
    subject: str = ""


PAIRS: Pairs = {RejectionForm: Rejection}


def to_form(rejection: Rejection) -> RejectionForm:
    return RejectionForm(
        kind=rejection.kind,
        key=rejection.key,
        code=rejection.code,
        field=rejection.field,
        reason=str(rejection.reason),  # its words alone: see `languages/recognising.py`
        retryable=rejection.retryable,
        action=str(rejection.action),
        subject=rejection.subject,
    )


def from_form(form: RejectionForm) -> Rejection:
    return Rejection(
        kind=form.kind,
        key=form.key,
        code=form.code,
        field=form.field,
        reason=form.reason,
        retryable=form.retryable,
        action=form.action,
        subject=form.subject,
    )
