"""Everything about one client that decisions look at, read at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ostiary.domain.catalogue import Catalogue, DocumentRequirement, Product
from ostiary.domain.clients import Client, condition_values
from ostiary.domain.documents import Document, DocumentStatus
from ostiary.domain.enablement import Enablement, Status
from ostiary.domain.errors import NotFound
from ostiary.domain.requirements import Assessment, Situation, applies, assess
from ostiary.domain.values import quick


@quick
@dataclass(frozen=True, slots=True)
class Dossier:
    """A client with its enablements and documents (all but replaced ones)."""

    client: Client
    enablements: tuple[Enablement, ...] = ()
    documents: tuple[Document, ...] = ()

    def enablement(self, enablement_id: str) -> Enablement:
        """Raises NotFound for an id that is not one of this client's."""
        for one in self.enablements:
            if one.id == enablement_id:
                return one
        raise NotFound("There is no such product request for this client.")

    def live(self, product: str) -> Enablement | None:
        """The one live request for a product."""
        return next((one for one in self.enablements if one.product == product and one.is_live), None)

    def product_of(self, enablement: Enablement, catalogues: Mapping[str, Catalogue]) -> Product:
        """The product as pinned when it was requested."""
        return catalogues[enablement.catalogue_version].products[enablement.product]

    def assess(self, enablement: Enablement, catalogues: Mapping[str, Catalogue], today: date) -> Assessment:
        """What is still missing; nothing is asked once it is in review or ended."""
        catalogue = catalogues[enablement.catalogue_version]
        product = catalogue.products[enablement.product]
        return assess(Situation(product, catalogue.attributes, self.client, self.seen_by(enablement), today))

    def seen_by(self, enablement: Enablement) -> tuple[Document, ...]:
        """The documents that count for a request: while it is reviewed, those there were when it was submitted."""
        if enablement.status is not Status.IN_KYC:
            return self.documents
        return tuple(one for one in self.documents if one.created_at_ms <= enablement.updated_at_ms)

    def is_closed(
        self, enablement: Enablement, document_type: str, catalogues: Mapping[str, Catalogue], today: date
    ) -> bool:
        """Whether a condition says that this client cannot use a type here; an undecided one does not say so yet."""
        declared = catalogues[enablement.catalogue_version].attributes
        values = condition_values(self.client.profile, declared, today)
        requirement = self.product_of(enablement, catalogues).requirement_for(document_type)
        conditions = (
            one.condition
            for one in (requirement.alternatives if requirement else ())
            if one.document_type.id == document_type
        )
        return any(applies(one, values, []) is False for one in conditions)

    def displaced(
        self, document_type: str, requirement: DocumentRequirement, catalogues: Mapping[str, Catalogue]
    ) -> tuple[Document, ...]:
        """The documents that a newly accepted one replaces: those of the same requirement.

        One that another live request needs, and that the new type cannot serve there, stays; so does one that is
        being reviewed, since what is reviewed must not move.
        """
        return tuple(
            one
            for one in self.documents
            if one.status is not DocumentStatus.REPLACED
            and requirement.accepts(one.type)
            and not self._needed_elsewhere(one.type, document_type, catalogues)
        )

    def _needed_elsewhere(self, old: str, new: str, catalogues: Mapping[str, Catalogue]) -> bool:
        wanting = (self.product_of(one, catalogues).requirement_for(old) for one in self.enablements if one.is_live)
        return self._is_reviewed(old, catalogues) or any(one is not None and not one.accepts(new) for one in wanting)

    def _is_reviewed(self, document_type: str, catalogues: Mapping[str, Catalogue]) -> bool:
        reviewed = (one for one in self.enablements if one.status is Status.IN_KYC)
        return any(self.product_of(one, catalogues).requirement_for(document_type) for one in reviewed)
