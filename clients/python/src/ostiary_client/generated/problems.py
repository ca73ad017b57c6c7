"""Fields at fault.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import Value


class Fault(Value, kw_only=True, frozen=True, omit_defaults=True):
    """One field at fault."""

    field: str
    """As a path: address.country."""
    code: str
    """One of: `TERMS_NOT_ASKED`, `TERMS_TEXT_UNKNOWN`, `TERMS_TEXT_DIFFERS`, `KEPT_BY_LAW`, `FIELD_MISSING`,
    `FIELD_TYPE`, `FIELD_UNKNOWN`, `FIELD_REPEATED`, `QUERY_UNKNOWN`, `QUERY_REPEATED`, `QUERY_INVALID`,
    `HEADER_INVALID`, `VALUE_INVALID`, `DUPLICATE_CLIENT`, `PRODUCT_UNKNOWN`, `PRODUCT_ALREADY_REQUESTED`,
    `CLIENT_CHANGED`, `INVALID_STATE`, `QUOTA_REACHED`, `DOCUMENT_NOT_REQUIRED`.
    """
    message: str
    client_id: str | None = None
    """The client that is in the way."""
    product_request_id: str | None = None
    """The request that is in the way."""
