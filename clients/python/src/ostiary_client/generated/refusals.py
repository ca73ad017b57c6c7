"""Refusals of the service, by their codes.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.errors import ApiError


class InvalidRequest(ApiError):
    """The request is malformed; details name each field and what it should be."""


class Unauthorized(ApiError):
    """The API key is missing, unknown, revoked, expired, or not allowed from this address."""


class AccessDenied(Unauthorized):
    """The API key's access level is too low for this operation."""


class NotFound(ApiError):
    """There is no such client, request or address."""


class MethodNotAllowed(ApiError):
    """This address does not answer that method; the Allow header names those it does."""


class UnsupportedMediaType(ApiError):
    """Send the body as application/json (documentation also takes multipart/form-data)."""


class ValidationFailed(ApiError):
    """Some values break a rule; details name each and what would be right."""


class DuplicateClient(ApiError):
    """The company already has a client with this e-mail or reference."""


class ProductUnknown(ApiError):
    """There is no such product."""


class ProductAlreadyRequested(ApiError):
    """The client already has a live request for this product."""


class InvalidState(ApiError):
    """The request's status does not allow this."""


class KeptByLaw(ApiError):
    """The client's data has to be kept for now."""


class DocumentNotRequired(ApiError):
    """The product does not ask for this type of document."""


class PayloadTooLarge(ApiError):
    """The body is larger than this service accepts."""


class IdempotencyKeyReused(ApiError):
    """This idempotency key was used with other content; use a new key for a new request."""


class IdempotencyKeyInUse(ApiError):
    """A request with this idempotency key is still running; try again shortly."""


class TooManyRequests(ApiError):
    """Too many requests; wait as long as the Retry-After header says."""


class Unavailable(ApiError):
    """The service cannot answer right now; try again shortly."""


class InternalError(ApiError):
    """Something is wrong on our side; quote the trace id to support."""


BY_CODE: dict[str, type[ApiError]] = {
    "INVALID_REQUEST": InvalidRequest,
    "UNAUTHORIZED": Unauthorized,
    "ACCESS_DENIED": AccessDenied,
    "NOT_FOUND": NotFound,
    "METHOD_NOT_ALLOWED": MethodNotAllowed,
    "UNSUPPORTED_MEDIA_TYPE": UnsupportedMediaType,
    "VALIDATION_FAILED": ValidationFailed,
    "DUPLICATE_CLIENT": DuplicateClient,
    "PRODUCT_UNKNOWN": ProductUnknown,
    "PRODUCT_ALREADY_REQUESTED": ProductAlreadyRequested,
    "INVALID_STATE": InvalidState,
    "KEPT_BY_LAW": KeptByLaw,
    "DOCUMENT_NOT_REQUIRED": DocumentNotRequired,
    "PAYLOAD_TOO_LARGE": PayloadTooLarge,
    "IDEMPOTENCY_KEY_REUSED": IdempotencyKeyReused,
    "IDEMPOTENCY_KEY_IN_USE": IdempotencyKeyInUse,
    "TOO_MANY_REQUESTS": TooManyRequests,
    "UNAVAILABLE": Unavailable,
    "INTERNAL_ERROR": InternalError,
}
BY_STATUS: dict[int, type[ApiError]] = {
    400: InvalidRequest,
    401: Unauthorized,
    404: NotFound,
    405: MethodNotAllowed,
    415: UnsupportedMediaType,
    413: PayloadTooLarge,
    422: IdempotencyKeyReused,
    409: IdempotencyKeyInUse,
    429: TooManyRequests,
    503: Unavailable,
    500: InternalError,
}
"""For answers of what stands between, which have no code of ours."""
