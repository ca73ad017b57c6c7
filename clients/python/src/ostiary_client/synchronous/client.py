"""The client as a whole: what a partner's code begins with.

Made of `asynchronous` by `make clients`: do not edit.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from ostiary_client.options import USUAL_RETRIES, USUAL_TIMEOUT_S, Options, Retries
from ostiary_client.synchronous.catalogue import CatalogueApi
from ostiary_client.synchronous.clients import ClientsApi
from ostiary_client.synchronous.company import BrandApi
from ostiary_client.synchronous.imports import ImportsApi
from ostiary_client.synchronous.links import LinksApi
from ostiary_client.synchronous.products import ProductsApi
from ostiary_client.synchronous.sandbox import SandboxApi
from ostiary_client.synchronous.terms import TermsApi
from ostiary_client.synchronous.transport import Transport
from ostiary_client.synchronous.webhook import WebhookApi


class Ostiary:
    """A connection to one service with one API key.

        with Ostiary("https://onboarding.example", "key...") as ostiary:
            client = ostiary.clients.create({...})

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
        http: httpx.Client | None = None,
    ) -> None:
        usual = Options(timeout_s=timeout_s, retries=retries, language=language)
        self._transport = Transport(base_url, api_key, usual, http)
        self.clients = ClientsApi(self._transport)
        """The people to be onboarded."""
        self.products = ProductsApi(self._transport)
        """Their requests for products: documents, submit, and waiting for a verdict."""
        self.imports = ImportsApi(self._transport)
        """Many clients from one file."""
        self.links = LinksApi(self._transport)
        """Links to the page on which a client onboards himself."""
        self.terms = TermsApi(self._transport)
        """Terms, and that clients accepted them."""
        self.catalogue = CatalogueApi(self._transport)
        """What there is to be requested, and what that asks for."""
        self.webhook = WebhookApi(self._transport)
        """Where events go, and how their deliveries went."""
        self.brand = BrandApi(self._transport)
        """How the page for clients looks."""
        self.sandbox = SandboxApi(self._transport)
        """Verdicts and time as you like, in a sandbox company."""

    def close(self) -> None:
        """Ends its connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
