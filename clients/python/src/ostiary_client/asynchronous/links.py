"""Links to the page on which a client onboards himself."""

from __future__ import annotations

from ostiary_client.asynchronous.transport import AsyncTransport
from ostiary_client.calls import Sent
from ostiary_client.clients import client_id_of
from ostiary_client.extras import fields_of
from ostiary_client.generated import operations
from ostiary_client.generated.bodies import NewOnboardingLink
from ostiary_client.generated.clients import IndividualClient
from ostiary_client.generated.products import OnboardingLink, Product
from ostiary_client.options import Options

USUAL_LINK = NewOnboardingLink()
Whose = IndividualClient | Product | str
"""A client, a request of his, or the client's id."""


class AsyncLinksApi:
    """Links to the page on which a client onboards himself."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(
        self, client: Whose, link: NewOnboardingLink = USUAL_LINK, *, options: Options | None = None
    ) -> OnboardingLink:
        """Makes a link: `url` of the answer is where to send the client, and is told this once."""
        operation = operations.CREATE_ONBOARDING_LINK
        path = operation.at(client_id=client_id_of(client))
        return await self._transport.value(operation, path, OnboardingLink, Sent(fields_of(link)), options)

    async def of(self, client: Whose, *, options: Options | None = None) -> tuple[OnboardingLink, ...]:
        """All links of a client."""
        operation = operations.LIST_ONBOARDING_LINKS
        path = operation.at(client_id=client_id_of(client))
        return await self._transport.value(operation, path, tuple[OnboardingLink, ...], options=options)

    async def read(self, client: Whose, link_id: str, *, options: Options | None = None) -> OnboardingLink:
        """How a link stands."""
        operation = operations.READ_ONBOARDING_LINK
        path = operation.at(client_id=client_id_of(client), link_id=link_id)
        return await self._transport.value(operation, path, OnboardingLink, options=options)

    async def revoke(self, client: Whose, link_id: str, *, options: Options | None = None) -> None:
        """Ends a link, and what it was exchanged for."""
        operation = operations.REVOKE_ONBOARDING_LINK
        path = operation.at(client_id=client_id_of(client), link_id=link_id)
        await self._transport.call(operation, path, options=options)
