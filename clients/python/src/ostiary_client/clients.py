"""Clients between JSON and values: attributes of the catalogue stand beside the fields that every client has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ostiary_client.calls import Sent
from ostiary_client.errors import UnexpectedAnswer
from ostiary_client.extras import ClientExtras, fields_of
from ostiary_client.generated.bodies import NewClient
from ostiary_client.generated.clients import IndividualClient
from ostiary_client.generated.products import Product

ClientFields = dict[str, Any]
_OURS = frozenset(field.name for field in msgspec.structs.fields(ClientExtras))
_DECLARED = frozenset(field.name for field in msgspec.structs.fields(IndividualClient)) - _OURS
RequestRef = Product | tuple[str, str]
"""A request: as it was answered, or the ids of its client and of itself."""


def client_from(fields: ClientFields) -> IndividualClient:
    """A client as it came. Raises UnexpectedAnswer."""
    declared = {name: value for name, value in fields.items() if name in _DECLARED}
    attributes = {name: value for name, value in fields.items() if name not in _DECLARED}
    try:
        return msgspec.convert({**declared, "attributes": attributes}, IndividualClient)
    except msgspec.ValidationError as problem:
        raise UnexpectedAnswer(f"the client is not as expected: {problem}") from None


def client_id_of(client: IndividualClient | Product | str) -> str:
    """The id of a client, or of whose request it is."""
    if isinstance(client, Product):
        return client.client_id
    return client if isinstance(client, str) else client.id


def ids_of(request: RequestRef) -> dict[str, str]:
    """What a request's path is made of."""
    client_id, request_id = (request.client_id, request.id) if isinstance(request, Product) else request
    return {"client_id": client_id, "product_request_id": request_id}


def replaced(
    client: IndividualClient | str,
    fields: NewClient | Mapping[str, Any] | None,
    *,
    is_guarded: bool,
    query: Mapping[str, Any],
) -> Sent:
    """What is sent to replace a client: the fields, or the client itself with what was changed of it."""
    body = client if fields is None else fields
    if isinstance(body, str):
        raise TypeError("update needs the client's fields: give them, or the client with its changes")
    etag = client.etag if isinstance(client, IndividualClient) else None
    if is_guarded and etag is None:
        raise ValueError("if_unchanged needs a client that was read or made: those of a list have no version")
    return Sent(fields_of(body), query=query, headers={"if-match": etag} if is_guarded and etag else {})
