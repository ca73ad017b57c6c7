"""How the company's page for clients looks."""

from __future__ import annotations

import base64

from ostiary_client.asynchronous.transport import AsyncTransport
from ostiary_client.asynchronous.waiting import aside
from ostiary_client.calls import Sent
from ostiary_client.extras import fields_of
from ostiary_client.generated import operations
from ostiary_client.generated.bodies import NewBrand
from ostiary_client.generated.company import Brand
from ostiary_client.options import Options
from ostiary_client.pictures import Picture, bytes_of


class AsyncBrandApi:
    """How the page for clients looks."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def read(self, *, options: Options | None = None) -> Brand:
        """The brand there is. Raises NotFound when there is none."""
        operation = operations.READ_BRAND
        return await self._transport.value(operation, operation.at(), Brand, options=options)

    async def set(self, brand: NewBrand, *, options: Options | None = None) -> Brand:
        """Replaces the whole brand but its logo."""
        operation = operations.SET_BRAND
        return await self._transport.value(operation, operation.at(), Brand, Sent(fields_of(brand)), options)

    async def set_logo(self, logo: Picture | None, *, options: Options | None = None) -> Brand:
        """Replaces the logo: PNG, JPEG or WEBP. None: no logo any more."""
        operation = operations.SET_LOGO
        text = None if logo is None else base64.b64encode(await aside(bytes_of, logo)).decode()
        return await self._transport.value(operation, operation.at(), Brand, Sent({"logo": text}), options)

    async def remove(self, *, options: Options | None = None) -> None:
        """Takes brand and logo away: the page looks as it does without."""
        operation = operations.REMOVE_BRAND
        await self._transport.call(operation, operation.at(), options=options)
