"""The catalogue: what there is to be requested, and what that asks for.

Made of `asynchronous` by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.calls import Sent
from ostiary_client.generated import operations
from ostiary_client.generated.catalogue import Catalogue
from ostiary_client.options import Options
from ostiary_client.synchronous.transport import Transport


class CatalogueApi:
    """What there is to be requested, and what that asks for."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(self, *, country: str | None = None, options: Options | None = None) -> Catalogue:
        """Everything a form needs before there is a client; `country` leaves out what could never apply there."""
        operation = operations.READ_CATALOGUE
        return self._transport.value(operation, operation.at(), Catalogue, Sent(query={"country": country}), options)
