"""Domain values as the documented JSON: exactly the documented fields, more only when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ostiary.domain.catalogue.catalogue import DocumentRequirement, DocumentType, Field
from ostiary.domain.catalogue.field_rules import decimal_text
from ostiary.domain.clients.client import Client
from ostiary.domain.delivery.messages import as_item
from ostiary.domain.onboarding.next_action import next_action
from ostiary.domain.onboarding.requirements import MissingData
from ostiary.domain.times import format_timestamp
from ostiary.usecases.dossiers import ProductState
from ostiary.wire.onboarding import action_answer, explained_answer

Json = dict[str, object]
NEXT_ACTION, EXPLAIN, REJECTED_ITEMS, FORMS = "next_action", "explain", "rejected_items", "forms"
EXPANSIONS = (NEXT_ACTION, EXPLAIN, REJECTED_ITEMS, FORMS)
TIMESTAMPS, DECIMALS = "timestamps", "decimals"
CLIENT_EXPANSIONS = (TIMESTAMPS, DECIMALS)
"""Of answers that are clients; the others are of requests."""
RULES = ("pattern", "min_length", "max_length", "minimum", "maximum")
"""What a form needs to check a value before it is sent."""
_shown_types: dict[int, tuple[DocumentType, Json]] = {}


def client_json(client: Client, expand: Sequence[str] = (), decimals: Iterable[str] = ()) -> Json:
    """The client as it was sent, with id, type and status in front; absent fields are absent.

    `decimals` are the attributes whose type is DECIMAL: texts when that is asked for.
    """
    profile, address = client.profile, client.profile.address
    fields: Json = {
        "id": client.id,
        "type": "individual",
        "status": client.status,
        "first_name": profile.first_name,
        "second_name": profile.second_name,
        "last_name": profile.last_name,
        "email": profile.email,
        "birth_date": profile.birth_date,
        "address": present(
            {
                "street_line1": address.street_line1,
                "street_line2": address.street_line2,
                "city": address.city,
                "postal_code": address.postal_code,
                "state": address.state,
                "country": address.country,
            }
        ),
        "phone_country_code": profile.phone_country_code,
        "phone_number": profile.phone_number,
        "reference": profile.reference,
        **profile.attributes,
    }
    if DECIMALS in expand:
        given = ((name, profile.attributes.get(name)) for name in decimals)
        fields |= {name: decimal_text(value) for name, value in given if value is not None}
    if TIMESTAMPS in expand:
        fields |= {
            "created_at": format_timestamp(client.created_at_ms),
            "updated_at": format_timestamp(client.updated_at_ms),
        }
    return present(fields)


def product_json(state: ProductState, expand: Sequence[str] = ()) -> Json:
    """A request with what is missing; nothing is asked once it is in review or ended."""
    enablement, assessment = state.enablement, state.assessment
    has_rules = FORMS in expand
    documents = [missing_document(one.requirement, one.alternatives, has_rules) for one in assessment.documents]
    answer: Json = {
        "id": enablement.id,
        "client_id": enablement.client_id,
        "product": enablement.product,
        "status": enablement.status,
        "missing_requirements": {
            "documents": documents if state.asks else [],
            "data": [_missing_data(one, has_rules) for one in assessment.data] if state.asks else [],
        },
        "created_at": format_timestamp(enablement.created_at_ms),
        "updated_at": format_timestamp(enablement.updated_at_ms),
    }
    if enablement.rejection_description is not None:
        answer["rejection_description"] = enablement.rejection_description
    if expand:
        answer |= _expanded(state, expand)
    return answer


def judged_json(state: ProductState, expand: Sequence[str] = ()) -> Json:
    """The answer of documentation and submit."""
    return {"product": product_json(state, expand), "rejected_items": [as_item(one) for one in state.rejections]}


def missing_document(
    requirement: DocumentRequirement, alternatives: Sequence[DocumentType], has_rules: bool = False
) -> Json:
    """A document requirement with the types that satisfy it; `has_rules`: with the rules of their details."""
    return {
        "id": requirement.id,
        "name": requirement.name,
        "description": requirement.description,
        "required": True,
        "valid_documents": [_with_rules(one) if has_rules else document_type(one) for one in alternatives],
    }


def document_type(kind: DocumentType) -> Json:
    """A type as published; made once for each, since catalogues stay."""
    known = _shown_types.get(id(kind))
    if known is not None and known[0] is kind:
        return known[1]
    made: Json = {
        "id": kind.id,
        "name": kind.name,
        "description": kind.description,
        "required": True,
        "require_image": True,
        "require_back_image": kind.require_back_image,
        "metadata": [{"id": one.id, "name": one.name, **declared(one)} for one in kind.metadata],
    }
    _shown_types[id(kind)] = (kind, made)
    return made


def _with_rules(kind: DocumentType) -> Json:
    details = [{"id": one.id, "name": one.name, **declared(one), **rules_of(one)} for one in kind.metadata]
    shape: Json = {**document_type(kind), "metadata": details}
    return shape | {"issuing_countries": sorted(kind.issuing_countries)} if kind.issuing_countries else shape


def rules_of(field: Field) -> Json:
    """Pattern, lengths and bounds of a datum, as far as it has any, and what is said of it."""
    shape: Json = {"description": field.description} if field.description else {}
    for rule in RULES:
        value = getattr(field, rule)
        if value is not None:
            shape[rule] = float(value) if isinstance(value, Decimal) else value
    return shape


def declared(field: Field) -> Json:
    """The type of a datum; options where there are some."""
    shape: Json = {"data_type": field.data_type, "required": field.required}
    return shape | {"options": field.options} if field.options else shape


def _missing_data(group: MissingData, has_rules: bool) -> Json:
    """`has_rules`: with what a form shows and checks."""

    def shape(field: Field) -> Json:
        return {"name": field.name, **declared(field), **rules_of(field)} if has_rules else declared(field)

    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "required": True,
        "fields": [{"key": one.key, **shape(one.field)} for one in group.fields],
    }


def _expanded(state: ProductState, expand: Sequence[str]) -> Json:
    more: Json = {}
    if NEXT_ACTION in expand:
        more[NEXT_ACTION] = action_answer(
            next_action(state.enablement, state.assessment, may_request_again=state.may_request_again)
        )
    if EXPLAIN in expand:
        more[EXPLAIN] = [explained_answer(line) for line in state.assessment.explained]
    if REJECTED_ITEMS in expand:
        more[REJECTED_ITEMS] = [as_item(one) for one in state.assessment.rejections] if state.asks else []
    return more


def present(fields: Json) -> Json:
    """Without what is absent."""
    return {name: value for name, value in fields.items() if value is not None}
