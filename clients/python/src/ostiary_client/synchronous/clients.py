"""Clients: made, read, listed and replaced.

Made of `asynchronous` by `make clients`: do not edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from ostiary_client.calls import Answer, Sent, decoded
from ostiary_client.clients import ClientFields, client_from, client_id_of, replaced
from ostiary_client.extras import fields_of
from ostiary_client.generated import operations
from ostiary_client.generated.bodies import NewClient
from ostiary_client.generated.clients import Erasure, IndividualClient
from ostiary_client.generated.operations import ClientExpansion
from ostiary_client.options import Options
from ostiary_client.synchronous.transport import Transport


class ClientsApi:
    """The people to be onboarded."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        client: NewClient | Mapping[str, Any],
        *,
        expand: Sequence[ClientExpansion] = (),
        options: Options | None = None,
    ) -> IndividualClient:
        """Makes a client. Raises ValidationFailed with every field at fault, and DuplicateClient."""
        operation = operations.CREATE_CLIENT
        sent = Sent(fields_of(client), query={"expand": expand})
        return _client(self._transport.call(operation, operation.at(), sent, options))

    def read(
        self,
        client: IndividualClient | str,
        *,
        expand: Sequence[ClientExpansion] = (),
        options: Options | None = None,
    ) -> IndividualClient:
        """The client as it is now."""
        operation = operations.READ_CLIENT
        path = operation.at(client_id=client_id_of(client))
        return _client(self._transport.call(operation, path, Sent(query={"expand": expand}), options))

    def list(
        self,
        *,
        status: str | None = None,
        email: str | None = None,
        reference: str | None = None,
        page_size: int | None = None,
        expand: Sequence[ClientExpansion] = (),
        options: Options | None = None,
    ) -> Iterator[IndividualClient]:
        """All clients, newest first; each page is asked for when it is needed.

        for client in ostiary.clients.list(status="active"): ...
        """
        operation = operations.LIST_CLIENTS
        query = {"status": status, "email": email, "reference": reference, "limit": page_size, "expand": expand}
        pages = self._transport.pages(operation, operation.at(), ClientFields, Sent(query=query), options)
        for fields in pages:
            yield client_from(fields)

    def erase(self, client: IndividualClient | str, *, options: Options | None = None) -> Erasure:
        """Ends all data of a client; the key needs level 4. Raises KeptByLaw while the law has it kept.

        The answer says that it will be. Repeated after a lost answer, NotFound means that it is done.
        """
        operation = operations.ERASE_CLIENT
        path = operation.at(client_id=client_id_of(client))
        return self._transport.value(operation, path, Erasure, options=options)

    def update(
        self,
        client: IndividualClient | str,
        fields: NewClient | Mapping[str, Any] | None = None,
        *,
        if_unchanged: bool = False,
        expand: Sequence[ClientExpansion] = (),
        options: Options | None = None,
    ) -> IndividualClient:
        """Replaces the whole client: what is left out is cleared.

            client = ostiary.clients.update(client.changed(phone_country_code=54, phone_number=1168860622))

        `if_unchanged`: only if nobody changed it since it was read; else InvalidState. What was asked for with
        `expand=["decimals"]` goes back as text, which is the same.
        """
        operation = operations.UPDATE_CLIENT
        path = operation.at(client_id=client_id_of(client))
        sent = replaced(client, fields, is_guarded=if_unchanged, query={"expand": expand})
        return _client(self._transport.call(operation, path, sent, options))


def _client(answer: Answer) -> IndividualClient:
    return msgspec.structs.replace(client_from(decoded(answer, ClientFields)), etag=answer.headers.get("etag"))
