"""The answers of the OpenAPI document: exactly the documented fields, so `additionalProperties` is false."""

from __future__ import annotations

from typing import Any

from ostiary.api.openapi.requests import attribute_schemas
from ostiary.api.operations import MANY_CLIENTS, ONE_CLIENT
from ostiary.api.services import ApiServices
from ostiary.domain.catalogue.catalogue import DataType
from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.rejections import Code, Kind
from ostiary.wire.answer import schemas
from ostiary.wire.onboarding import ExplainedRequirementAnswer, NextActionAnswer
from ostiary.wire.sandbox import ScenarioAnswer
from ostiary.wire.verification import ComparedRuleAnswer, JudgedReadingAnswer
from ostiary.wire.webhook import SigningSecretAnswer, WebhookAnswer

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
WHOLE: Schema = {"type": "integer"}
TRUTH: Schema = {"type": "boolean"}
ID: Schema = {"type": "string", "pattern": "^[0-9A-Za-z]{32}$"}
MOMENT: Schema = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$",
    "description": "UTC, whole seconds, no zone.",
}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def many(name: str) -> Schema:
    return {"type": "array", "items": ref(name)}


def one_of(values: Any, description: str = "") -> Schema:
    schema: Schema = {"type": "string", "enum": [str(one) for one in values]}
    return schema | {"description": description} if description else schema


def closed(description: str, required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """An object with these fields and no others."""
    return {
        "type": "object",
        "description": description,
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def answer_schemas(service: ApiServices) -> dict[str, Schema]:
    """Every answer, by component name; `Operation.gives` names one of them."""
    return {
        ONE_CLIENT: _client(service),
        MANY_CLIENTS: many(ONE_CLIENT),
        "Product": _PRODUCT,
        "Products": many("Product"),
        "Judged": _JUDGED,
        **schemas(WebhookAnswer),
        **schemas(SigningSecretAnswer),
        "Scenarios": many("Scenario"),
        **schemas(ScenarioAnswer),
        "Health": closed("How the service is.", {"status": one_of(("alive", "ready", "not ready", "draining"))}),
        **_PARTS,
        **_CATALOGUE,
    }


def _client(service: ApiServices) -> Schema:
    fields = {
        "id": ID,
        "type": one_of(["individual"]),
        "status": one_of(ClientStatus, "`active` with the first enabled product; `rejected` when refused as a client."),
        "first_name": TEXT,
        "last_name": TEXT,
        "email": TEXT,
        "birth_date": {"type": "string", "format": "date"},
        "address": ref("Address"),
    }
    asked = {**MOMENT, "description": f"With `expand=timestamps`. {MOMENT['description']}"}
    optional = {
        "created_at": asked,
        "updated_at": asked,
        "second_name": TEXT,
        "phone_country_code": WHOLE,
        "phone_number": WHOLE,
        "reference": {**TEXT, "description": "What you call the client."},
    }
    attributes = attribute_schemas(service.context.catalogues.attributes, optional=False)
    for name in service.bodies.decimals:
        attributes[name]["description"] += " As it was sent; with `expand=decimals` always a text."
    schema = closed("An individual client; what was not given is absent, not null.", fields, optional | attributes)
    return schema | {"additionalProperties": True}  # attributes that earlier catalogues declared


_NAMED: dict[str, Schema] = {"id": TEXT, "name": TEXT, "description": TEXT, "required": TRUTH}
_DATA_TYPE = one_of(DataType)
_SHOWN_FIELD: dict[str, Schema] = {"data_type": _DATA_TYPE, "required": TRUTH}
_OPTIONS: dict[str, Schema] = {"options": {**TEXTS, "description": "For ENUM: the values there are."}}
_RULES: dict[str, Schema] = {
    "description": TEXT, **_OPTIONS, "pattern": TEXT, "min_length": WHOLE, "max_length": WHOLE,
    "minimum": {"type": "number"}, "maximum": {"type": "number"},
}  # fmt: skip
_PARTS: dict[str, Schema] = {
    "Address": closed(
        "Where a client lives.",
        {"street_line1": TEXT, "city": TEXT, "country": TEXT},
        {"street_line2": TEXT, "postal_code": TEXT, "state": TEXT},
    ),
    "RejectedItem": closed(
        "Something that is not taken, and what to do.",
        {
            "type": one_of(Kind),
            "key": {**TEXT, "description": "The document type, or the attribute as in missing fields."},
            "reason": {**TEXT, "description": "For people: may be shown to the client."},
            "code": one_of(Code, "For code: one closed list, explained in the reason codes."),
            "field": {**TEXT, "description": "What is at fault: image_front, metadata.number, phone ..."},
            "retryable": {**TRUTH, "description": "Whether sending it again, corrected, can help."},
            "action": {**TEXT, "description": "What a person should do next."},
        },
    ),
    "MissingRequirements": closed(
        "What is required and still missing, judged anew at every read; empty from in_kyc on.",
        {"documents": many("MissingDocument"), "data": many("MissingData")},
    ),
    "MissingDocument": closed(
        "A document to send: any one of `valid_documents`.", {**_NAMED, "valid_documents": many("DocumentType")}
    ),
    "DocumentType": closed(
        "A kind of document.",
        {**_NAMED, "require_image": TRUTH, "require_back_image": TRUTH, "metadata": many("DocumentDetail")},
        {"issuing_countries": {**TEXTS, "description": "With `expand=forms`: who may have issued it; absent: anyone."}},
    ),
    "DocumentDetail": closed("A detail to send in `metadata`; its rules with `expand=forms`.",
                             {"id": TEXT, "name": TEXT, **_SHOWN_FIELD}, _RULES),
    "MissingData": closed(
        "Details of the client to set with Update individual client.", {**_NAMED, "fields": many("MissingField")}
    ),
    "MissingField": closed("One detail; `phone` is phone_country_code and phone_number. Rules with `expand=forms`.",
                           {"key": TEXT, **_SHOWN_FIELD}, {"name": TEXT, **_RULES}),
    **schemas(NextActionAnswer, ExplainedRequirementAnswer, JudgedReadingAnswer, ComparedRuleAnswer),
}  # fmt: skip
_PRODUCT = closed(
    "A client's request for a product.",
    {
        "id": ID, "client_id": ID, "product": TEXT, "status": one_of(Status, "See the states of a request."),
        "missing_requirements": ref("MissingRequirements"), "created_at": MOMENT, "updated_at": MOMENT,
    },
    {
        "rejection_description": {**TEXT, "description": "Why, once rejected."},
        "next_action": {**ref("NextAction"), "description": "With `expand=next_action`."},
        "explain": {**many("ExplainedRequirement"), "description": "With `expand=explain`."},
        "rejected_items": {**many("RejectedItem"), "description": "With `expand=rejected_items`: those still open."},
    },
)  # fmt: skip
_JUDGED = closed(
    "The request as it stands now, and what was not taken.",
    {"product": ref("Product"), "rejected_items": many("RejectedItem")},
)
_WHEN: dict[str, Schema] = {"when": {**TEXT, "description": "The condition (CEL) under which it applies."}}
_FIELD: dict[str, Schema] = {"id": TEXT, "name": TEXT, **_SHOWN_FIELD}
_CATALOGUE: dict[str, Schema] = {
    "Catalogue": closed(
        "Everything a form needs, before any client exists.",
        {
            "version": TEXT, "products": many("CatalogueProduct"), "attributes": many("CatalogueField"),
            "limits": ref("Limits"),
        },
    ),
    "CatalogueProduct": closed(
        "A product and what it asks for.",
        {"id": TEXT, "name": TEXT, "description": TEXT, "documents": many("CatalogueDocument"),
         "data": many("CatalogueData")},
        {"minimum_age": {**WHOLE, "description": "In completed years."}},
    ),
    "CatalogueDocument": closed(
        "A document requirement; any one of `valid_documents` meets it.",
        {**_NAMED, "valid_documents": many("CatalogueDocumentType")}, _WHEN,
    ),
    "CatalogueDocumentType": closed(
        "A kind of document, with the rules of its details.",
        {**_NAMED, "require_image": TRUTH, "require_back_image": TRUTH, "metadata": many("CatalogueField")},
        {"issuing_countries": {**TEXTS, "description": "Who may have issued it; absent: anyone."}, **_WHEN},
    ),
    "CatalogueData": closed("A data requirement.", {**_NAMED, "fields": many("CatalogueDataField")}, _WHEN),
    "CatalogueField": closed("A detail and its rules.", _FIELD, _RULES),
    "CatalogueDataField": closed("An attribute that is asked for.", {"key": TEXT, **_FIELD}, {**_RULES, **_WHEN}),
    "Limits": closed(
        "What a call and its pictures must keep to.",
        {
            **dict.fromkeys(
                ("max_body_bytes", "max_picture_bytes", "max_picture_pixels", "min_picture_short_side_px",
                 "min_picture_long_side_px"), WHOLE,
            ),
            "picture_types": TEXTS,
        },
    ),
}  # fmt: skip
