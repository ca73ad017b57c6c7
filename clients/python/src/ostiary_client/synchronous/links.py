"""Links to the page on which a client onboards himself.

Made of `asynchronous` by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.calls import Sent
from ostiary_client.clients import client_id_of
from ostiary_client.extras import fields_of
from ostiary_client.generated import operations
from ostiary_client.generated.bodies import NewOnboardingLink
from ostiary_client.generated.clients import IndividualClient
from ostiary_client.generated.products import OnboardingLink, Product
from ostiary_client.options import Options
from ostiary_client.synchronous.transport import Transport

USUAL_LINK = NewOnboardingLink()
Whose = IndividualClient | Product | str
"""A client, a request of his, or the client's id."""


class LinksApi:
    """Links to the page on which a client onboards himself."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self, client: Whose, link: NewOnboardingLink = USUAL_LINK, *, options: Options | None = None
    ) -> OnboardingLink:
        """Makes a link: `url` of the answer is where to send the client, and is told this once."""
        operation = operations.CREATE_ONBOARDING_LINK
        path = operation.at(client_id=client_id_of(client))
        return self._transport.value(operation, path, OnboardingLink, Sent(fields_of(link)), options)

    def of(self, client: Whose, *, options: Options | None = None) -> tuple[OnboardingLink, ...]:
        """All links of a client."""
        operation = operations.LIST_ONBOARDING_LINKS
        path = operation.at(client_id=client_id_of(client))
        return self._transport.value(operation, path, tuple[OnboardingLink, ...], options=options)

    def read(self, client: Whose, link_id: str, *, options: Options | None = None) -> OnboardingLink:
        """How a link stands."""
        operation = operations.READ_ONBOARDING_LINK
        path = operation.at(client_id=client_id_of(client), link_id=link_id)
        return self._transport.value(operation, path, OnboardingLink, options=options)

    def revoke(self, client: Whose, link_id: str, *, options: Options | None = None) -> None:
        """Ends a link, and what it was exchanged for."""
        operation = operations.REVOKE_ONBOARDING_LINK
        path = operation.at(client_id=client_id_of(client), link_id=link_id)
        self._transport.call(operation, path, options=options)
