"""Everything about one client that decisions look at, read at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ostiary.domain.catalogue import Catalogue, DocumentRequirement, Product
from ostiary.domain.clients import Client
from ostiary.domain.documents import Document, DocumentStatus
from ostiary.domain.enablement import Enablement
from ostiary.domain.errors import NotFound
from ostiary.domain.requirements import Assessment, Situation, assess


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
        return assess(Situation(product, catalogue.attributes, self.client, self.documents, today))

    def displaced(
        self, document_type: str, requirement: DocumentRequirement, catalogues: Mapping[str, Catalogue]
    ) -> tuple[Document, ...]:
        """The documents that a newly accepted one replaces: those of the same requirement.

        One that another live request needs, and that the new type cannot serve there, stays.
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
        return any(one is not None and not one.accepts(new) for one in wanting)
