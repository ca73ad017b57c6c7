"""Why a call was refused."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from ostiary.domain.errors import Fault, TooManyRequests
from ostiary.languages.speech import IN_ENGLISH, Speech
from ostiary.wire.answer import Answer, about, one_of

FAULT_CODES = {
    "TERMS_NOT_ASKED": "No live request of the client asks for these terms.",
    "TERMS_TEXT_UNKNOWN": "The hash is of no text of these terms that is asked for.",
    "TERMS_TEXT_DIFFERS": "The text with this hash has another version or language.",
    "KEPT_BY_LAW": "Until when a client's data is kept; the message is the date.",
    "FIELD_MISSING": "A required field is not there.",
    "FIELD_TYPE": "A field has the wrong type.",
    "FIELD_UNKNOWN": "There is no such field; the message names the nearest one.",
    "FIELD_REPEATED": "A member of an object, or a part of a form, came twice.",
    "QUERY_UNKNOWN": "There is no such query parameter.",
    "QUERY_REPEATED": "A query parameter is given more than once.",
    "QUERY_INVALID": "A query parameter has an impossible value.",
    "HEADER_INVALID": "A header has an impossible value.",
    "VALUE_INVALID": "A value breaks a rule; the message says what would be right.",
    "DUPLICATE_CLIENT": "Another client of the company has this e-mail or reference; `client_id` names it.",
    "PRODUCT_UNKNOWN": "The catalogue has no such product.",
    "PRODUCT_ALREADY_REQUESTED": "There is a live request; the message names its id.",
    "CLIENT_CHANGED": "The client is no longer as If-Match says: read it again.",
    "INVALID_STATE": "This detail is under review and cannot change now.",
    "QUOTA_REACHED": "There is no room for this document's pictures: the company's storage quota is used up.",
    "DOCUMENT_NOT_REQUIRED": "The product does not ask for this document type.",
}
"""The codes of `details`, for the page and the schema."""


class FaultAnswer(Answer, kw_only=True, frozen=True):
    """One field at fault."""

    field: Annotated[str, about("As a path: address.country.")]
    code: Annotated[str, one_of(FAULT_CODES)]
    message: str
    client_id: Annotated[str | None, about("The client that is in the way.")] = None
    product_request_id: Annotated[str | None, about("The request that is in the way.")] = None


class ProblemAnswer(Answer, kw_only=True, frozen=True):
    """Why a call was refused."""

    code: str
    message: Annotated[str, about("For people; may change.")]
    trace_id: Annotated[str, Meta(pattern="^[0-9a-f]{32}$", description="As in X-Trace-Id; quote it to support.")]
    error_code: Annotated[str | None, one_of([TooManyRequests.code], "With 429: the code once more.")] = None
    details: Annotated[list[FaultAnswer] | None, about("Every field at fault, all at once.")] = None
    described_first: ClassVar[tuple[str, ...]] = ("details",)


def fault_answer(fault: Fault, speech: Speech = IN_ENGLISH) -> FaultAnswer:
    """One field at fault, with what is in the way where that is one of the company's own."""
    return FaultAnswer(
        field=fault.field,
        code=fault.code,
        message=speech.text(fault.message),
        client_id=fault.client_id or None,
        product_request_id=fault.product_request_id or None,
    )
