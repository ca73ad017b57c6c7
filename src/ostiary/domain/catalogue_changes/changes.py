"""What differs between two catalogues, as values: what a client of a country would be asked, and no longer asked."""

from __future__ import annotations

from enum import StrEnum

from ostiary.domain.value import value_type


class ChangeKind(StrEnum):
    """Which way a difference goes, for clients.

    `unclear`: asked of others than before, where only their data say of whom, so it may be more for some. `other`: asks
    nothing else of anybody: how a request is decided, and how things are called.
    """

    ASKED = "asked"
    NO_LONGER_ASKED = "no_longer_asked"
    HARDER = "harder"
    EASIER = "easier"
    UNCLEAR = "unclear"
    OTHER = "other"


ASKING_MORE = frozenset({ChangeKind.ASKED, ChangeKind.HARDER, ChangeKind.UNCLEAR})


@value_type
class CatalogueChange:
    """One difference. `subject` is where it stands in the file, as `data.occupation` or `documents.identity_document`.

    `countries` (ISO 3166-1 alpha-3, sorted) are those whose residents it concerns; None means all.
    """

    kind: ChangeKind
    subject: str
    words: str
    countries: tuple[str, ...] | None = None

    @property
    def asks_more(self) -> bool:
        """Whether somebody may have to give more, or other things, than before."""
        return self.kind in ASKING_MORE


class OfferChange(StrEnum):
    """Whether a product is in both catalogues."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@value_type
class ProductDifference:
    """What differs about one product. One that is added or removed has no changes: nobody has requests of both."""

    product: str
    name: str
    state: OfferChange
    changes: tuple[CatalogueChange, ...] = ()

    @property
    def asks_more(self) -> bool:
        return any(change.asks_more for change in self.changes)


@value_type
class CatalogueDifference:
    """All that differs between two versions. `general` is what concerns no product."""

    before: str
    after: str
    products: tuple[ProductDifference, ...] = ()
    general: tuple[CatalogueChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.products and not self.general

    @property
    def asks_more(self) -> bool:
        """Whether moving requests from the old version to the new one may ask more of anybody."""
        return any(product.asks_more for product in self.products)
