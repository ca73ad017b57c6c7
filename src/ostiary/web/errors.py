"""Domain errors as answers: one table of statuses, one form of body."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ostiary.domain import errors
from ostiary.domain.errors import OstiaryError
from ostiary.languages.speech import IN_ENGLISH, Speech, speech_for
from ostiary.wire.problems import ProblemAnswer, fault_answer

STATUSES: dict[type[OstiaryError], int] = {
    errors.InvalidRequest: 400,
    errors.Unauthorized: 401,
    errors.AccessDenied: 401,
    errors.SignInRefused: 401,
    errors.NotFound: 404,
    errors.LinkRefused: 404,
    errors.MethodNotAllowed: 405,
    errors.UnsupportedMediaType: 415,
    errors.Refused: 412,
    errors.ValidationFailed: 412,
    errors.DuplicateClient: 412,
    errors.ProductUnknown: 412,
    errors.ProductAlreadyRequested: 412,
    errors.InvalidState: 412,
    errors.KeptByLaw: 412,
    errors.OwnDecision: 412,
    errors.DocumentNotRequired: 412,
    errors.PayloadTooLarge: 413,
    errors.IdempotencyKeyReused: 422,
    errors.IdempotencyKeyInUse: 409,
    errors.TooManyRequests: 429,
    errors.Unavailable: 503,
    errors.Contended: 503,
    errors.PictureGone: 503,
    errors.Broken: 500,
    errors.ConditionFailed: 500,
    errors.CatalogueInvalid: 500,
    errors.ScenariosInvalid: 500,
    errors.ProvidersInvalid: 500,
    errors.RetentionInvalid: 500,
    errors.KeyMismatch: 500,
    errors.LeaseLost: 500,
    errors.StoredByNewer: 500,
    errors.Tampered: 500,
    errors.OstiaryError: 500,
}
DEFAULT_RETRY_AFTER_S = 1
VARY = (b"vary", b"accept-language")
CLOSE = (b"connection", b"close")
"""RFC 9112 9.6: the answer says that it is the connection's last, so that no request is sent into a closing one."""


def status_of(problem: OstiaryError) -> int:
    return STATUSES[type(problem)]


def body_of(problem: OstiaryError, trace_id: str, speech: Speech = IN_ENGLISH) -> bytes:
    """The documented form, in a language as far as there are texts in it.

    What broke on our side is told in the log, not to the caller.
    """
    code, message = problem.code, problem.words
    if status_of(problem) == 500:
        code, message = "INTERNAL_ERROR", (errors.Broken.__doc__ or "")
    answer = ProblemAnswer(
        code=code,
        message=speech.text(message),
        trace_id=trace_id,
        error_code=code if isinstance(problem, errors.TooManyRequests) else None,
        details=[fault_answer(fault, speech) for fault in problem.faults] or None,
    )
    return msgspec.json.encode(answer)


def speech_of(headers: Mapping[bytes, bytes]) -> Speech:
    """What a caller asks for by `Accept-Language` (RFC 9110 section 12.5.4), in what answers can be said in."""
    accepted = headers.get(b"accept-language")
    return IN_ENGLISH if accepted is None else speech_for(accepted)


def spoken_headers(speech: Speech) -> list[tuple[bytes, bytes]]:
    """What says that an answer is in another language than English, and that another header would get another one.
    English answers are as they are without the header, to the byte."""
    return [] if speech is IN_ENGLISH else [(b"content-language", speech.tag.encode()), VARY]


def headers_of(problem: OstiaryError) -> list[tuple[bytes, bytes]]:
    """Retry-After where waiting helps; the connection is closed where the rest of a body is not wanted."""
    headers = []
    if problem.retry_after_s or status_of(problem) in (429, 503):
        headers.append((b"retry-after", str(problem.retry_after_s or DEFAULT_RETRY_AFTER_S).encode()))
    if isinstance(problem, errors.PayloadTooLarge):
        headers.append(CLOSE)
    if isinstance(problem, errors.UnsupportedMediaType):
        headers.append((b"accept-encoding", b"identity"))  # RFC 9110 12.5.3: what a request's body may be coded in
    return headers
