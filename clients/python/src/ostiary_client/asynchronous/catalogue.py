"""The catalogue: what there is to be requested, and what that asks for."""

from __future__ import annotations

from ostiary_client.asynchronous.transport import AsyncTransport
from ostiary_client.calls import Sent
from ostiary_client.generated import operations
from ostiary_client.generated.catalogue import Catalogue
from ostiary_client.options import Options


class AsyncCatalogueApi:
    """What there is to be requested, and what that asks for."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def read(self, *, country: str | None = None, options: Options | None = None) -> Catalogue:
        """Everything a form needs before there is a client; `country` leaves out what could never apply there."""
        operation = operations.READ_CATALOGUE
        return await self._transport.value(
            operation, operation.at(), Catalogue, Sent(query={"country": country}), options
        )
