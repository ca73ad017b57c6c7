"""Clients: made, read, listed and replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec

from ostiary_client.asynchronous.transport import AsyncTransport
from ostiary_client.calls import Answer, Sent, decoded
from ostiary_client.clients import ClientFields, client_from, client_id_of, replaced
from ostiary_client.extras import fields_of
from ostiary_client.generated import operations
from ostiary_client.generated.bodies import NewClient
from ostiary_client.generated.clients import Erasure, IndividualClient
from ostiary_client.generated.operations import ClientExpansion
from ostiary_client.options import Options


class AsyncClientsApi:
    """The people to be onboarded."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(
        self,
        client: NewClient | Mapping[str, Any],
        *,
        expand: Sequence[ClientExpansion] = (),
        options: Options | None = None,
    ) -> IndividualClient:
        """Makes a client. Raises ValidationFailed with every field at fault, and DuplicateClient."""
        operation = operations.CREATE_CLIENT
        sent = Sent(fields_of(client), query={"expand": expand})
        return _client(await self._transport.call(operation, operation.at(), sent, options))

    async def read(
        self,
        client: IndividualClient | str,
        *,
        expand: Sequence[ClientExpansion] = (),
        options: Options | None = None,
    ) -> IndividualClient:
        """The client as it is now."""
        operation = operations.READ_CLIENT
        path = operation.at(client_id=client_id_of(client))
        return _client(await self._transport.call(operation, path, Sent(query={"expand": expand}), options))

    async def list(
        self,
        *,
        status: str | None = None,
        email: str | None = None,
        reference: str | None = None,
        page_size: int | None = None,
        expand: Sequence[ClientExpansion] = (),
        options: Options | None = None,
    ) -> AsyncIterator[IndividualClient]:
        """All clients, newest first; each page is asked for when it is needed.

        async for client in ostiary.clients.list(status="active"): ...
        """
        operation = operations.LIST_CLIENTS
        query = {"status": status, "email": email, "reference": reference, "limit": page_size, "expand": expand}
        pages = self._transport.pages(operation, operation.at(), ClientFields, Sent(query=query), options)
        async for fields in pages:
            yield client_from(fields)

    async def erase(self, client: IndividualClient | str, *, options: Options | None = None) -> Erasure:
        """Ends all data of a client; the key needs level 4. Raises KeptByLaw while the law has it kept.

        The answer says that it will be. Repeated after a lost answer, NotFound means that it is done.
        """
        operation = operations.ERASE_CLIENT
        path = operation.at(client_id=client_id_of(client))
        return await self._transport.value(operation, path, Erasure, options=options)

    async def update(
        self,
        client: IndividualClient | str,
        fields: NewClient | Mapping[str, Any] | None = None,
        *,
        if_unchanged: bool = False,
        expand: Sequence[ClientExpansion] = (),
        options: Options | None = None,
    ) -> IndividualClient:
        """Replaces the whole client: what is left out is cleared.

            client = await ostiary.clients.update(client.changed(phone_country_code=54, phone_number=1168860622))

        `if_unchanged`: only if nobody changed it since it was read; else InvalidState. What was asked for with
        `expand=["decimals"]` goes back as text, which is the same.
        """
        operation = operations.UPDATE_CLIENT
        path = operation.at(client_id=client_id_of(client))
        sent = replaced(client, fields, is_guarded=if_unchanged, query={"expand": expand})
        return _client(await self._transport.call(operation, path, sent, options))


def _client(answer: Answer) -> IndividualClient:
    return msgspec.structs.replace(client_from(decoded(answer, ClientFields)), etag=answer.headers.get("etag"))
