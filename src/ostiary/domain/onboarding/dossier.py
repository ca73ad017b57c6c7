"""Everything about one client that decisions look at, read at one moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from ostiary.domain.catalogue.catalogue import Catalogue, DocumentRequirement, Product
from ostiary.domain.clients.client import Client, ClientStatus, condition_values
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.errors import NotFound
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.onboarding.requirements import Assessment, AssessmentInput, Waiting, applies, assess
from ostiary.domain.value import value_type

MOST_REQUESTS = 500
"""Requests of one client are read together, and a client with more than a few is a loop in somebody's code."""


@value_type
class Dossier:
    """A client with its enablements and documents (all but replaced ones)."""

    client: Client
    enablements: tuple[Enablement, ...] = ()
    documents: tuple[Document, ...] = ()

    def enablement(self, enablement_id: str) -> Enablement:
        """Raises NotFound for an id that is not one of this client's."""
        for candidate in self.enablements:
            if candidate.id == enablement_id:
                return candidate
        raise NotFound("There is no such product request for this client.")

    def live(self, product: str) -> Enablement | None:
        """The one live request for a product."""
        return next(
            (enablement for enablement in self.enablements if enablement.product == product and enablement.is_live),
            None,
        )

    def may_request(self, product: str, offered: Collection[str]) -> bool:
        """Whether a new request for a product would be taken. `offered` are the products of the current catalogue."""
        is_rejected = self.client.status is ClientStatus.REJECTED
        has_room = len(self.enablements) < MOST_REQUESTS
        return not is_rejected and has_room and product in offered and self.live(product) is None

    def product_of(self, enablement: Enablement, catalogues: Mapping[str, Catalogue]) -> Product:
        """The product as pinned when it was requested."""
        return catalogues[enablement.catalogue_version].products[enablement.product]

    def assess(self, enablement: Enablement, catalogues: Mapping[str, Catalogue], today: date) -> Assessment:
        """What is still missing; nothing is asked once it is in review or ended."""
        catalogue = catalogues[enablement.catalogue_version]
        product = catalogue.products[enablement.product]
        return assess(
            AssessmentInput(
                product=product,
                declared=catalogue.attributes,
                client=self.client,
                documents=self.documents_under_review(enablement),
                today=today,
            )
        )

    def documents_under_review(self, enablement: Enablement) -> tuple[Document, ...]:
        """The documents that count for a request: while it is reviewed, those there were when it was submitted."""
        if enablement.status is not Status.IN_KYC:
            return self.documents
        return tuple(document for document in self.documents if document.created_at_ms <= enablement.updated_at_ms)

    def is_closed(
        self, enablement: Enablement, document_type: str, catalogues: Mapping[str, Catalogue], today: date
    ) -> bool:
        """Whether a condition says that this client cannot use a type here; an undecided one does not say so yet."""
        declared = catalogues[enablement.catalogue_version].attributes
        values = condition_values(self.client.profile, declared, today)
        requirement = self.product_of(enablement, catalogues).requirement_for(document_type)
        conditions = (
            alternative.condition
            for alternative in (requirement.alternatives if requirement else ())
            if alternative.document_type.id == document_type
        )
        return any(applies(condition, values, Waiting()) is False for condition in conditions)

    def documents_replaced_by(
        self, document_type: str, requirement: DocumentRequirement, catalogues: Mapping[str, Catalogue]
    ) -> tuple[Document, ...]:
        """The documents that a newly accepted one replaces: those of the same requirement.

        One that another live request needs, and that the new type cannot serve there, stays; so does one that is
        being reviewed, since what is reviewed must not move.
        """
        return tuple(
            document
            for document in self.documents
            if document.status is not DocumentStatus.REPLACED
            and requirement.accepts(document.type)
            and not self._needed_elsewhere(document.type, document_type, catalogues)
        )

    def _needed_elsewhere(self, old: str, new: str, catalogues: Mapping[str, Catalogue]) -> bool:
        wanting = (
            self.product_of(enablement, catalogues).requirement_for(old)
            for enablement in self.enablements
            if enablement.is_live
        )
        return self._is_reviewed(old, catalogues) or any(
            requirement is not None and not requirement.accepts(new) for requirement in wanting
        )

    def _is_reviewed(self, document_type: str, catalogues: Mapping[str, Catalogue]) -> bool:
        reviewed = (enablement for enablement in self.enablements if enablement.status is Status.IN_KYC)
        return any(self.product_of(enablement, catalogues).requirement_for(document_type) for enablement in reviewed)
