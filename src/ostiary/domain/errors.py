"""What can go wrong that a caller is told about, as one tree. An error's docstring is its message.

    OstiaryError
    ├── InvalidRequest          400  the call itself makes no sense
    ├── Unauthorized            401  no good key, or not from here
    │   ├── AccessDenied        401  good key, level too low
    │   └── SignInRefused       401  no operator, or not proved to be the one
    ├── NotFound                404  nothing there for this company
    │   └── LinkRefused         404  a one-time link that is used up, too old or none
    ├── MethodNotAllowed        405
    ├── UnsupportedMediaType    415
    ├── Refused                 412  well-formed, but a rule says no
    │   ├── ValidationFailed
    │   ├── DuplicateClient
    │   ├── ProductUnknown
    │   ├── ProductAlreadyRequested
    │   ├── InvalidState
    │   ├── KeptByLaw                erasure is asked for before its time
    │   ├── OwnDecision              who made a decision confirms it himself (403 in the console)
    │   └── DocumentNotRequired
    ├── PayloadTooLarge         413
    ├── IdempotencyKeyReused    422
    ├── IdempotencyKeyInUse     409
    ├── TooManyRequests         429
    ├── Unavailable             503
    │   ├── Contended           503  others kept changing the same client
    │   └── PictureGone         503  what was stored is not there
    └── Broken                  500  the world is not as it must be (never shown in detail)
        ├── ConditionFailed
        ├── CatalogueInvalid
        ├── ScenariosInvalid
        ├── ProvidersInvalid
        ├── RetentionInvalid
        ├── KeyMismatch
        ├── LeaseLost
        ├── StoredByNewer
        └── Tampered

Refusals of content are values (see rejections); these are for calls that cannot be answered.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One field at fault. `field` is a dotted path; `message` says what would be right. `client_id` and
    `product_request_id` name what is in the way, where that is one of the company's own."""

    field: str
    code: str
    message: str
    client_id: str = ""
    product_request_id: str = ""


class OstiaryError(Exception):
    """The request could not be served."""

    code = "INTERNAL_ERROR"

    def __init__(self, message: str = "", *, faults: tuple[Fault, ...] = (), retry_after_s: int | None = None) -> None:
        self.words = message or (type(self).__doc__ or "").partition("\n")[0]
        """The message as it was made: a `Sentence` knows its values, for other languages."""
        self.message = str(self.words)
        self.faults = faults
        self.retry_after_s = retry_after_s
        super().__init__(self.message)


class InvalidRequest(OstiaryError):
    """The request is malformed; details name each field and what it should be."""

    code = "INVALID_REQUEST"


class Unauthorized(OstiaryError):
    """The API key is missing, unknown, revoked, expired, or not allowed from this address."""

    code = "UNAUTHORIZED"


class AccessDenied(Unauthorized):
    """The API key's access level is too low for this operation."""

    code = "ACCESS_DENIED"


class SignInRefused(Unauthorized):
    """The name, the password or the code is wrong."""


class NotFound(OstiaryError):
    """There is no such client, request or address."""

    code = "NOT_FOUND"


class LinkRefused(NotFound):
    """This link was used, is too old, or was replaced by a newer one; ask an administrator for another."""


class MethodNotAllowed(OstiaryError):
    """This address does not answer that method; the Allow header names those it does."""

    code = "METHOD_NOT_ALLOWED"


class UnsupportedMediaType(OstiaryError):
    """Send the body as application/json (documentation also takes multipart/form-data)."""

    code = "UNSUPPORTED_MEDIA_TYPE"


class Refused(OstiaryError):
    """A rule says no."""

    code = "VALIDATION_FAILED"


class ValidationFailed(Refused):
    """Some values break a rule; details name each and what would be right."""

    code = "VALIDATION_FAILED"


class DuplicateClient(Refused):
    """The company already has a client with this e-mail or reference."""

    code = "DUPLICATE_CLIENT"


class ProductUnknown(Refused):
    """There is no such product."""

    code = "PRODUCT_UNKNOWN"


class ProductAlreadyRequested(Refused):
    """The client already has a live request for this product."""

    code = "PRODUCT_ALREADY_REQUESTED"


class InvalidState(Refused):
    """The request's status does not allow this."""

    code = "INVALID_STATE"


class KeptByLaw(Refused):
    """The client's data has to be kept for now."""

    code = "KEPT_BY_LAW"


class OwnDecision(Refused):
    """This decision is your own: it takes a second person."""

    code = "INVALID_STATE"


class DocumentNotRequired(Refused):
    """The product does not ask for this type of document."""

    code = "DOCUMENT_NOT_REQUIRED"


class PayloadTooLarge(OstiaryError):
    """The body is larger than this service accepts."""

    code = "PAYLOAD_TOO_LARGE"


class IdempotencyKeyReused(OstiaryError):
    """This idempotency key was used with other content; use a new key for a new request."""

    code = "IDEMPOTENCY_KEY_REUSED"


class IdempotencyKeyInUse(OstiaryError):
    """A request with this idempotency key is still running; try again shortly."""

    code = "IDEMPOTENCY_KEY_IN_USE"


class TooManyRequests(OstiaryError):
    """Too many requests; wait as long as the Retry-After header says."""

    code = "TOO_MANY_REQUESTS"


class Unavailable(OstiaryError):
    """The service cannot answer right now; try again shortly."""

    code = "UNAVAILABLE"


class Contended(Unavailable):
    """Other requests kept changing the same client; try again shortly."""


class PictureGone(Unavailable):
    """The picture is not where it was stored."""


class Broken(OstiaryError):
    """Something is wrong on our side; quote the trace id to support."""


class ConditionFailed(Broken):
    """A condition of the catalogue could not be evaluated."""


class CatalogueInvalid(Broken):
    """The catalogue has faults; each names its place."""


class ScenariosInvalid(Broken):
    """The scenarios file has faults; each names its place."""


class ProvidersInvalid(Broken):
    """The providers file has faults, or lacks a provider that the catalogue names."""


class RetentionInvalid(Broken):
    """The retention file has faults; each is named with its line."""


class KeyMismatch(Broken):
    """The master key does not fit this database; `ostiary doctor` says what to do."""


class LeaseLost(Broken):
    """Another worker took this message over."""


class StoredByNewer(Broken):
    """A newer version stored this in a form that this version does not know."""


class Tampered(Broken):
    """What is stored does not match its seal."""


def value_refused(field: str, message: str) -> ValidationFailed:
    """The refusal of one value, which says what would be right."""
    return ValidationFailed(message, faults=(Fault(field, "VALUE_INVALID", message),))
