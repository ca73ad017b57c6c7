"""Terms, and that clients accepted them.

Made of `asynchronous` by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.calls import Sent
from ostiary_client.clients import client_id_of
from ostiary_client.extras import fields_of
from ostiary_client.generated import operations
from ostiary_client.generated.bodies import NewTermsAcceptance
from ostiary_client.generated.clients import IndividualClient
from ostiary_client.generated.terms import TermsAcceptance, TermsProof, WordedTerms
from ostiary_client.options import Options
from ostiary_client.synchronous.transport import Transport


class TermsApi:
    """Terms, and that clients accepted them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(
        self, terms_id: str, *, language: str | None = None, sha256: str | None = None, options: Options | None = None
    ) -> WordedTerms:
        """The text to be shown: of today in this language, or the one with this hash."""
        operation = operations.READ_TERMS
        sent = Sent(query={"language": language, "sha256": sha256})
        return self._transport.value(operation, operation.at(terms_id=terms_id), WordedTerms, sent, options)

    def accept(
        self, client: IndividualClient | str, acceptance: NewTermsAcceptance, *, options: Options | None = None
    ) -> TermsAcceptance:
        """Tells that a client accepted a text, in your application."""
        operation = operations.ACCEPT_TERMS
        path = operation.at(client_id=client_id_of(client))
        return self._transport.value(operation, path, TermsAcceptance, Sent(fields_of(acceptance)), options)

    def accepted(
        self, client: IndividualClient | str, *, options: Options | None = None
    ) -> tuple[TermsAcceptance, ...]:
        """What a client accepted."""
        operation = operations.LIST_ACCEPTANCES
        path = operation.at(client_id=client_id_of(client))
        return self._transport.value(operation, path, tuple[TermsAcceptance, ...], options=options)

    def proof(
        self, client: IndividualClient | str, acceptance_id: str, *, options: Options | None = None
    ) -> TermsProof:
        """What proves an acceptance: the exact text, and the entry of the audit trail."""
        operation = operations.READ_ACCEPTANCE
        path = operation.at(client_id=client_id_of(client), acceptance_id=acceptance_id)
        return self._transport.value(operation, path, TermsProof, options=options)
