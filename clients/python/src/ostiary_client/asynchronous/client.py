"""The client as a whole: what a partner's code begins with."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from ostiary_client.asynchronous.catalogue import AsyncCatalogueApi
from ostiary_client.asynchronous.clients import AsyncClientsApi
from ostiary_client.asynchronous.company import AsyncBrandApi
from ostiary_client.asynchronous.imports import AsyncImportsApi
from ostiary_client.asynchronous.links import AsyncLinksApi
from ostiary_client.asynchronous.products import AsyncProductsApi
from ostiary_client.asynchronous.sandbox import AsyncSandboxApi
from ostiary_client.asynchronous.terms import AsyncTermsApi
from ostiary_client.asynchronous.transport import AsyncTransport
from ostiary_client.asynchronous.webhook import AsyncWebhookApi
from ostiary_client.options import USUAL_RETRIES, USUAL_TIMEOUT_S, Options, Retries


class AsyncOstiary:
    """A connection to one service with one API key.

        async with AsyncOstiary("https://onboarding.example", "key...") as ostiary:
            client = await ostiary.clients.create({...})

    `http` is a client of httpx of your own, for a proxy, certificates or limits: it stays open when this one is closed.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout_s: float = USUAL_TIMEOUT_S,
        retries: Retries = USUAL_RETRIES,
        language: str | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        usual = Options(timeout_s=timeout_s, retries=retries, language=language)
        self._transport = AsyncTransport(base_url, api_key, usual, http)
        self.clients = AsyncClientsApi(self._transport)
        """The people to be onboarded."""
        self.products = AsyncProductsApi(self._transport)
        """Their requests for products: documents, submit, and waiting for a verdict."""
        self.imports = AsyncImportsApi(self._transport)
        """Many clients from one file."""
        self.links = AsyncLinksApi(self._transport)
        """Links to the page on which a client onboards himself."""
        self.terms = AsyncTermsApi(self._transport)
        """Terms, and that clients accepted them."""
        self.catalogue = AsyncCatalogueApi(self._transport)
        """What there is to be requested, and what that asks for."""
        self.webhook = AsyncWebhookApi(self._transport)
        """Where events go, and how their deliveries went."""
        self.brand = AsyncBrandApi(self._transport)
        """How the page for clients looks."""
        self.sandbox = AsyncSandboxApi(self._transport)
        """Verdicts and time as you like, in a sandbox company."""

    async def aclose(self) -> None:
        """Ends its connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
