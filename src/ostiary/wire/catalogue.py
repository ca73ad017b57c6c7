"""The catalogue as partners read it, so that a form can be built before any client exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ostiary.domain.catalogue.catalogue import (
    Alternative,
    Catalogue,
    Condition,
    DataField,
    DataRequirement,
    DocumentRequirement,
    Product,
    TermsRequirement,
)
from ostiary.domain.catalogue.starts import Affected, Start
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.domain.onboarding.requirements import Waiting, applies
from ostiary.languages.speech import IN_ENGLISH, Speech
from ostiary.wire.answer import A_DAY, Answer, about
from ostiary.wire.forms import (
    CatalogueFieldAnswer,
    Chip,
    NamedAnswer,
    catalogue_field_answer,
    chip_answer,
    field_members,
    issuers,
    kind_members,
)
from ostiary.wire.terms.answers import TermsAnswer, terms_members

When = Annotated[str | None, about("The condition (CEL) under which it applies.")]
StartsOn = Annotated[str | None, A_DAY, about("The first day (UTC) on which it counts. Absent: it always does.")]
Affects = Annotated[Affected | None, about("`new`: requests made from that day on; `all`: open and enabled ones too.")]


class CatalogueDocumentTypeAnswer(NamedAnswer, kw_only=True, frozen=True):
    """A kind of document, with the rules of its details."""

    require_image: bool
    require_back_image: bool
    metadata: list[CatalogueFieldAnswer]
    issuing_countries: Annotated[list[str] | None, about("Who may have issued it; absent: anyone.")] = None
    chip: Chip = None
    when: When = None
    starts_on: StartsOn = None
    affects: Affects = None


class CatalogueDocumentAnswer(NamedAnswer, kw_only=True, frozen=True):
    """A document requirement; any one of `valid_documents` meets it."""

    valid_documents: list[CatalogueDocumentTypeAnswer]
    when: When = None
    starts_on: StartsOn = None
    affects: Affects = None


class CatalogueDataFieldAnswer(CatalogueFieldAnswer, kw_only=True, frozen=True):
    """An attribute that is asked for."""

    key: str
    when: When = None
    starts_on: StartsOn = None
    affects: Affects = None
    described_first: ClassVar[tuple[str, ...]] = ("key", "description")


class CatalogueDataAnswer(NamedAnswer, kw_only=True, frozen=True):
    """A data requirement."""

    fields: list[CatalogueDataFieldAnswer]
    when: When = None
    starts_on: StartsOn = None
    affects: Affects = None


class CatalogueTermsAnswer(TermsAnswer, kw_only=True, frozen=True):
    """Terms to accept."""

    when: When = None


class CatalogueProductAnswer(Answer, kw_only=True, frozen=True):
    """A product and what it asks for."""

    id: str
    name: str
    description: str
    minimum_age: Annotated[int | None, about("In completed years.")] = None
    documents: list[CatalogueDocumentAnswer]
    data: list[CatalogueDataAnswer]
    terms: Annotated[list[CatalogueTermsAnswer] | None, about("Absent: none.")] = None
    family: Annotated[str | None, about("Of which it is a level. Absent: of none.")] = None
    level: Annotated[int | None, about("Who has it has those below it in the family.")] = None


class LimitsAnswer(Answer, kw_only=True, frozen=True):
    """What a call and its pictures must keep to."""

    max_body_bytes: int
    max_picture_bytes: int
    max_picture_pixels: int
    min_picture_short_side_px: int
    min_picture_long_side_px: int
    picture_types: tuple[str, ...]


class CatalogueAnswer(Answer, kw_only=True, frozen=True):
    """Everything a form needs, before any client exists."""

    version: str
    products: list[CatalogueProductAnswer]
    attributes: list[CatalogueFieldAnswer]
    limits: LimitsAnswer


def catalogue_answer(
    catalogue: Catalogue,
    limits: PictureLimits,
    max_body_bytes: int,
    country: str | None,
    speech: Speech = IN_ENGLISH,
) -> CatalogueAnswer:
    """Products with their requirements and conditions; for one country, without what would never apply there."""
    return CatalogueAnswer(
        version=catalogue.version,
        products=[_product(product, _Reader(country, speech)) for product in catalogue.products.values()],
        attributes=[catalogue_field_answer(field, speech) for field in catalogue.attributes.values()],
        limits=limits_answer(limits, max_body_bytes),
    )


def limits_answer(limits: PictureLimits, max_body_bytes: int) -> LimitsAnswer:
    """Sizes in bytes and pixels that a call and its pictures must keep to."""
    return LimitsAnswer(
        max_body_bytes=max_body_bytes,
        max_picture_bytes=limits.max_bytes,
        max_picture_pixels=limits.max_pixels,
        min_picture_short_side_px=limits.min_short_side_px,
        min_picture_long_side_px=limits.min_long_side_px,
        picture_types=limits.media_types,
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads it: the country of the clients that they ask about, or None, and their language."""

    country: str | None
    speech: Speech


def _product(product: Product, reader: _Reader) -> CatalogueProductAnswer:
    return CatalogueProductAnswer(
        id=product.id,
        name=reader.speech.name(product.name),
        description=reader.speech.name(product.description),
        minimum_age=product.minimum_age,
        documents=[_document(each, reader) for each in product.documents if _is_possible(each.condition, reader)],
        data=[_data(each, reader) for each in product.data if _is_possible(each.condition, reader)],
        terms=[_terms(each, reader) for each in product.terms if _is_possible(each.condition, reader)] or None,
        family=product.family or None,
        level=product.level or None,
    )


def _document(requirement: DocumentRequirement, reader: _Reader) -> CatalogueDocumentAnswer:
    return CatalogueDocumentAnswer(
        **_named(requirement, reader.speech),
        valid_documents=[
            _alternative(alternative, reader)
            for alternative in requirement.alternatives
            if _is_possible(alternative.condition, reader)
        ],
        when=_when(requirement.condition, reader),
        **_start(requirement.start),
    )


def _alternative(alternative: Alternative, reader: _Reader) -> CatalogueDocumentTypeAnswer:
    kind = alternative.document_type
    return CatalogueDocumentTypeAnswer(
        **kind_members(kind, reader.speech),
        metadata=[catalogue_field_answer(field, reader.speech) for field in kind.metadata],
        issuing_countries=issuers(kind),
        chip=chip_answer(kind),
        when=_when(alternative.condition, reader),
        **_start(alternative.start),
    )


def _data(requirement: DataRequirement, reader: _Reader) -> CatalogueDataAnswer:
    fields = [_data_field(each, reader) for each in requirement.fields if _is_possible(each.condition, reader)]
    return CatalogueDataAnswer(
        **_named(requirement, reader.speech),
        fields=fields,
        when=_when(requirement.condition, reader),
        **_start(requirement.start),
    )


def _data_field(asked: DataField, reader: _Reader) -> CatalogueDataFieldAnswer:
    when = _when(asked.condition, reader)
    return CatalogueDataFieldAnswer(
        **field_members(asked.field, reader.speech), key=asked.key, when=when, **_start(asked.start)
    )


def _terms(asked: TermsRequirement, reader: _Reader) -> CatalogueTermsAnswer:
    return CatalogueTermsAnswer(**terms_members(asked.terms, reader.speech), when=_when(asked.condition, reader))


def _named(requirement: DocumentRequirement | DataRequirement, speech: Speech) -> dict[str, Any]:
    return {
        "id": requirement.id,
        "name": speech.name(requirement.name),
        "description": speech.name(requirement.description),
        "required": True,
    }


def _start(start: Start | None) -> dict[str, Any]:
    return {} if start is None else {"starts_on": start.day.isoformat(), "affects": start.affects}


def _values(country: str | None) -> Mapping[str, object]:
    """What conditions can read before there is a client."""
    return {} if country is None else {"country": country}


def _is_possible(condition: Condition | None, reader: _Reader) -> bool:
    return applies(condition, _values(reader.country), Waiting()) is not False


def _when(condition: Condition | None, reader: _Reader) -> str | None:
    """The condition, as long as it is still open with what is known of the client."""
    if condition is None or applies(condition, _values(reader.country), Waiting()) is True:
        return None
    return condition.text
