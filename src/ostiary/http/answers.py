"""Domain values as the documented JSON: exactly the documented fields, more only when asked for."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.catalogue import DocumentRequirement, DocumentType, Field
from ostiary.domain.clients import Client
from ostiary.domain.companies import Company
from ostiary.domain.messages import as_item
from ostiary.domain.next_action import NextAction, next_action
from ostiary.domain.readings import Judgement
from ostiary.domain.requirements import Explained, MissingData
from ostiary.domain.times import shown
from ostiary.usecases.loading import ProductState

Json = dict[str, object]
NEXT_ACTION, EXPLAIN, REJECTED_ITEMS = "next_action", "explain", "rejected_items"
EXPANSIONS = (NEXT_ACTION, EXPLAIN, REJECTED_ITEMS)
_shown_types: dict[int, tuple[DocumentType, Json]] = {}


def client_json(client: Client) -> Json:
    """The client as it was sent, with id, type and status in front; absent fields are absent."""
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
        **profile.attributes,
    }
    return present(fields)


def product_json(state: ProductState, expand: Sequence[str] = ()) -> Json:
    """A request with what is missing; nothing is asked once it is in review or ended."""
    enablement, assessment = state.enablement, state.assessment
    documents = [missing_document(one.requirement, one.alternatives) for one in assessment.documents]
    answer: Json = {
        "id": enablement.id,
        "client_id": enablement.client_id,
        "product": enablement.product,
        "status": enablement.status,
        "missing_requirements": {
            "documents": documents if state.asks else [],
            "data": [_missing_data(one) for one in assessment.data] if state.asks else [],
        },
        "created_at": shown(enablement.created_at_ms),
        "updated_at": shown(enablement.updated_at_ms),
    }
    if enablement.rejection_description is not None:
        answer["rejection_description"] = enablement.rejection_description
    if expand:
        answer |= _expanded(state, expand)
    return answer


def judged_json(state: ProductState, expand: Sequence[str] = ()) -> Json:
    """The answer of documentation and submit."""
    return {"product": product_json(state, expand), "rejected_items": [as_item(one) for one in state.rejections]}


def webhook_json(company: Company) -> Json:
    """A company's webhook settings; absent ones are left out."""
    return present(
        {
            "name": company.name,
            "email": company.email,
            "webhook_url": company.webhook.url,
            "webhook_key": company.webhook.key,
        }
    )


def missing_document(requirement: DocumentRequirement, alternatives: Sequence[DocumentType]) -> Json:
    """A document requirement with the types that satisfy it."""
    return {
        "id": requirement.id,
        "name": requirement.name,
        "description": requirement.description,
        "required": True,
        "valid_documents": [document_type(one) for one in alternatives],
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


def declared(field: Field) -> Json:
    """The type of a datum; options where there are some."""
    shape: Json = {"data_type": field.data_type, "required": field.required}
    return shape | {"options": field.options} if field.options else shape


def _missing_data(group: MissingData) -> Json:
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "required": True,
        "fields": [{"key": one.key, **declared(one.field)} for one in group.fields],
    }


def _expanded(state: ProductState, expand: Sequence[str]) -> Json:
    more: Json = {}
    if NEXT_ACTION in expand:
        more[NEXT_ACTION] = _action_json(next_action(state.enablement, state.assessment))
    if EXPLAIN in expand:
        more[EXPLAIN] = [_explained_json(one) for one in state.assessment.explained]
    if REJECTED_ITEMS in expand:
        more[REJECTED_ITEMS] = [as_item(one) for one in state.assessment.rejections] if state.asks else []
    return more


def _action_json(action: NextAction) -> Json:
    shape: Json = {"owner": action.owner, "action": action.action, "description": action.description}
    return shape | {"missing": action.missing} if action.missing else shape


def _explained_json(line: Explained) -> Json:
    applies = "undecided" if line.applies is None else line.applies
    shape: Json = {"requirement": line.requirement, "applies": applies, "condition": line.condition}
    if line.satisfied_by is not None:
        shape["satisfied_by"] = line.satisfied_by
        shape["since"] = None if line.since_ms is None else shown(line.since_ms)
    if line.missing:
        shape["missing"] = line.missing
    if line.judgement is not None:
        shape["judged"] = judgement_json(line.judgement)
    return present(shape)


def judgement_json(judgement: Judgement) -> Json:
    """What reading a document led to: each rule with what it compared and where that was read."""
    rules = [
        present(
            {
                "rule": one.rule, "result": one.result, "given": one.given, "read": one.read,
                "where": one.where or None, "note": one.note or None,
            }
        )
        for one in judgement.compared
    ]  # fmt: skip
    return {"outcome": judgement.outcome, "reasons": judgement.reasons, "rules": rules}


def present(fields: Json) -> Json:
    """Without what is absent."""
    return {name: value for name, value in fields.items() if value is not None}
