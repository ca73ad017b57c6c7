"""The catalogue: products with all that they ask for.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import Value
from ostiary_client.generated.forms import CatalogueField, Chip
from ostiary_client.generated.terms import TermsText
from ostiary_client.generated.words import Affected, DataType


class CatalogueDocumentType(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A kind of document, with the rules of its details."""

    id: str
    name: str
    description: str
    required: bool
    require_image: bool
    require_back_image: bool
    metadata: tuple[CatalogueField, ...]
    issuing_countries: tuple[str, ...] | None = None
    """Who may have issued it; absent: anyone."""
    chip: Chip | None = None
    """Absent: a chip's files are not taken."""
    when: str | None = None
    """The condition (CEL) under which it applies."""
    starts_on: str | None = None
    """The first day (UTC) on which it counts. Absent: it always does."""
    affects: Affected | None = None
    """`new`: requests made from that day on; `all`: open and enabled ones too."""


class CatalogueDocument(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A document requirement; any one of `valid_documents` meets it."""

    id: str
    name: str
    description: str
    required: bool
    valid_documents: tuple[CatalogueDocumentType, ...]
    when: str | None = None
    """The condition (CEL) under which it applies."""
    starts_on: str | None = None
    """The first day (UTC) on which it counts. Absent: it always does."""
    affects: Affected | None = None
    """`new`: requests made from that day on; `all`: open and enabled ones too."""


class CatalogueDataField(Value, kw_only=True, frozen=True, omit_defaults=True):
    """An attribute that is asked for."""

    id: str
    name: str
    data_type: DataType
    required: bool
    options: tuple[str, ...] | None = None
    """For ENUM: the values there are."""
    option_names: tuple[str, ...] | None = None
    """What people call the options, in their order; only in another language than English."""
    description: str | None = None
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    key: str
    when: str | None = None
    """The condition (CEL) under which it applies."""
    starts_on: str | None = None
    """The first day (UTC) on which it counts. Absent: it always does."""
    affects: Affected | None = None
    """`new`: requests made from that day on; `all`: open and enabled ones too."""


class CatalogueData(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A data requirement."""

    id: str
    name: str
    description: str
    required: bool
    fields: tuple[CatalogueDataField, ...]
    when: str | None = None
    """The condition (CEL) under which it applies."""
    starts_on: str | None = None
    """The first day (UTC) on which it counts. Absent: it always does."""
    affects: Affected | None = None
    """`new`: requests made from that day on; `all`: open and enabled ones too."""


class CatalogueTerms(Value, kw_only=True, frozen=True, omit_defaults=True):
    """Terms to accept."""

    id: str
    name: str
    version: str
    texts: tuple[TermsText, ...]
    re_accept: str | None = None
    """Whom a version binds who asked before it: `all`, or from a day on (YYYY-MM-DD). Absent: nobody."""
    when: str | None = None
    """The condition (CEL) under which it applies."""


class CatalogueProduct(Value, kw_only=True, frozen=True, omit_defaults=True):
    """A product and what it asks for."""

    id: str
    name: str
    description: str
    minimum_age: int | None = None
    """In completed years."""
    documents: tuple[CatalogueDocument, ...]
    data: tuple[CatalogueData, ...]
    terms: tuple[CatalogueTerms, ...] | None = None
    """Absent: none."""
    family: str | None = None
    """Of which it is a level. Absent: of none."""
    level: int | None = None
    """Who has it has those below it in the family."""


class Limits(Value, kw_only=True, frozen=True, omit_defaults=True):
    """What a call and its pictures must keep to."""

    max_body_bytes: int
    max_picture_bytes: int
    max_picture_pixels: int
    min_picture_short_side_px: int
    min_picture_long_side_px: int
    picture_types: tuple[str, ...]


class Catalogue(Value, kw_only=True, frozen=True, omit_defaults=True):
    """Everything a form needs, before any client exists."""

    version: str
    products: tuple[CatalogueProduct, ...]
    attributes: tuple[CatalogueField, ...]
    limits: Limits
