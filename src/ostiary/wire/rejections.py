"""What is not taken, and what to do about it."""

from __future__ import annotations

from typing import Annotated

from ostiary.domain.rejections import Code, Kind, Rejection
from ostiary.languages.speech import IN_ENGLISH, Speech
from ostiary.wire.answer import Answer, about


class RejectedItemAnswer(Answer, kw_only=True, frozen=True):
    """Something that is not taken, and what to do."""

    type: Kind
    key: Annotated[str, about("The document type, or the attribute as in missing fields.")]
    reason: Annotated[str, about("For people: may be shown to the client.")]
    code: Annotated[Code, about("For code: one closed list, explained in the reason codes.")]
    field: Annotated[str, about("What is at fault: image_front, metadata.number, phone ...")]
    retryable: Annotated[bool, about("Whether sending it again, corrected, can help.")]
    action: Annotated[str, about("What a person should do next.")]


def rejection_answer(rejection: Rejection, speech: Speech = IN_ENGLISH) -> RejectedItemAnswer:
    """A rejection as partners see it: what it is about, why, and what to do, in a language."""
    return RejectedItemAnswer(
        type=rejection.kind,
        key=rejection.key,
        reason=speech.text(rejection.reason),
        code=rejection.code,
        field=rejection.field,
        retryable=rejection.retryable,
        action=speech.text(rejection.action),
    )
