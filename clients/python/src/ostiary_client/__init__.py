"""A client of Ostiary: people are onboarded, and products enabled for them.

    from ostiary_client import NewClient, NewDocument, Ostiary

    with Ostiary("https://onboarding.example", "key...") as ostiary:
        client = ostiary.clients.create(NewClient(...))
        request = ostiary.products.request(client, "cards_individuals")
        print(request.missing.next())

`AsyncOstiary` is the same for asyncio. Values are in `ostiary_client.types`.
"""

from ostiary_client import types
from ostiary_client.asynchronous.client import AsyncOstiary
from ostiary_client.calls import VERSION as __version__
from ostiary_client.errors import (
    ApiError,
    ConnectionFailed,
    EndedOtherwise,
    ImportUnsettled,
    OstiaryError,
    TimedOut,
    UnexpectedAnswer,
    WaitedTooLong,
    WebhookRefused,
)
from ostiary_client.extras import Missing
from ostiary_client.generated.bodies import NewBrand, NewClient, NewOnboardingLink, NewTermsAcceptance
from ostiary_client.generated.clients import Address
from ostiary_client.generated.refusals import (
    AccessDenied,
    DocumentNotRequired,
    DuplicateClient,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    InternalError,
    InvalidRequest,
    InvalidState,
    KeptByLaw,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    ProductAlreadyRequested,
    ProductUnknown,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)
from ostiary_client.options import NO_RETRIES, Options, Retries
from ostiary_client.pictures import NewChip, NewDocument
from ostiary_client.synchronous.client import Ostiary
from ostiary_client.webhooks import Event, UnknownEvent, Webhook, WebhookTest

__all__ = [
    "NO_RETRIES",
    "AccessDenied",
    "Address",
    "ApiError",
    "AsyncOstiary",
    "ConnectionFailed",
    "DocumentNotRequired",
    "DuplicateClient",
    "EndedOtherwise",
    "Event",
    "IdempotencyKeyInUse",
    "IdempotencyKeyReused",
    "ImportUnsettled",
    "InternalError",
    "InvalidRequest",
    "InvalidState",
    "KeptByLaw",
    "MethodNotAllowed",
    "Missing",
    "NewBrand",
    "NewChip",
    "NewClient",
    "NewDocument",
    "NewOnboardingLink",
    "NewTermsAcceptance",
    "NotFound",
    "Options",
    "Ostiary",
    "OstiaryError",
    "PayloadTooLarge",
    "ProductAlreadyRequested",
    "ProductUnknown",
    "Retries",
    "TimedOut",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
    "UnexpectedAnswer",
    "UnknownEvent",
    "UnsupportedMediaType",
    "ValidationFailed",
    "WaitedTooLong",
    "Webhook",
    "WebhookRefused",
    "WebhookTest",
    "__version__",
    "types",
]
