"""The catalogue as partners read it, so that a form can be built before any client exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ostiary.api.answers import Json, document_type, rules_of
from ostiary.domain.catalogue.catalogue import Catalogue, Condition, DataField, DocumentType, Field, Product
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.domain.onboarding.requirements import Waiting, applies


def catalogue_json(catalogue: Catalogue, limits: PictureLimits, max_body_bytes: int, country: str | None) -> Json:
    """Products with their requirements and conditions; for one country, without what would never apply there."""
    return {
        "version": catalogue.version,
        "products": [_product(one, country) for one in catalogue.products.values()],
        "attributes": [_field(one) for one in catalogue.attributes.values()],
        "limits": limits_json(limits, max_body_bytes),
    }


def limits_json(limits: PictureLimits, max_body_bytes: int) -> Json:
    """Sizes in bytes and pixels that a call and its pictures must keep to."""
    return {
        "max_body_bytes": max_body_bytes,
        "max_picture_bytes": limits.max_bytes,
        "max_picture_pixels": limits.max_pixels,
        "min_picture_short_side_px": limits.min_short_side_px,
        "min_picture_long_side_px": limits.min_long_side_px,
        "picture_types": limits.media_types,
    }


def _product(product: Product, country: str | None) -> Json:
    shape: Json = {"id": product.id, "name": product.name, "description": product.description}
    if product.minimum_age is not None:
        shape["minimum_age"] = product.minimum_age
    shape["documents"] = [
        {"id": one.id, "name": one.name, "description": one.description, "required": True}
        | {
            "valid_documents": [
                _type(alternative.document_type) | _when(alternative.condition, country)
                for alternative in one.alternatives
                if _possible(alternative.condition, country)
            ]
        }
        | _when(one.condition, country)
        for one in product.documents
        if _possible(one.condition, country)
    ]
    shape["data"] = [
        {"id": one.id, "name": one.name, "description": one.description, "required": True}
        | {"fields": _fields(one.fields, country)}
        | _when(one.condition, country)
        for one in product.data
        if _possible(one.condition, country)
    ]
    return shape


def _type(kind: DocumentType) -> Json:
    shape: Json = {**document_type(kind), "metadata": [_field(one) for one in kind.metadata]}
    if kind.issuing_countries:
        shape["issuing_countries"] = sorted(kind.issuing_countries)
    return shape


def _fields(fields: Sequence[DataField], country: str | None) -> list[Json]:
    return [
        {**_field(one.field), "key": one.key} | _when(one.condition, country)
        for one in fields
        if _possible(one.condition, country)
    ]


def _field(field: Field) -> Json:
    shape: Json = {"id": field.id, "name": field.name, "data_type": field.data_type, "required": field.required}
    options = {"options": field.options} if field.options else {}
    return shape | options | rules_of(field)


def _known(country: str | None) -> Mapping[str, object]:
    return {} if country is None else {"country": country}


def _possible(condition: Condition | None, country: str | None) -> bool:
    return applies(condition, _known(country), Waiting()) is not False


def _when(condition: Condition | None, country: str | None) -> Json:
    """The condition, as long as it is still open with what is known."""
    if condition is None or applies(condition, _known(country), Waiting()) is True:
        return {}
    return {"when": condition.text}
