"""The answers of the OpenAPI document: exactly the documented fields, so `additionalProperties` is false."""

from __future__ import annotations

from typing import Any

from ostiary.domain.catalogue import DataType
from ostiary.domain.clients import ClientStatus
from ostiary.domain.enablement import Status
from ostiary.domain.next_action import Owner
from ostiary.domain.readings import Outcome, Result
from ostiary.domain.rejections import Code, Kind
from ostiary.domain.sandbox import Ending
from ostiary.http.calls import Service
from ostiary.http.openapi_requests import attribute_schemas

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


def answer_schemas(service: Service) -> dict[str, Schema]:
    """Every answer, by component name; `Operation.gives` names one of them."""
    return {
        "Client": _client(service),
        "Clients": many("Client"),
        "Product": _PRODUCT,
        "Products": many("Product"),
        "Judged": _JUDGED,
        "Webhook": _WEBHOOK,
        "SigningSecret": closed(
            "The secret that deliveries are signed with.", {"signing_secret": {**TEXT, "pattern": "^whsec_"}}
        ),
        "Scenarios": many("Scenario"),
        "Scenario": closed(
            "What happens in a sandbox company: the first that fits decides.",
            {"id": TEXT, "description": TEXT, "outcome": one_of(Ending)},
            {
                "number_prefix": {**TEXT, "description": "How a submitted document's number begins."},
                "last_name": {**TEXT, "description": "The client's."},
                "delay_s": WHOLE,
                "times": {**WHOLE, "description": "Only so many submissions; then `enabled`."},
                "reasons": {"type": "array", "items": closed("What is to be redone.", {"code": TEXT, "field": TEXT})},
                "reason": TEXT,
            },
        ),
        "Health": closed("How the service is.", {"status": one_of(("alive", "ready", "not ready", "draining"))}),
        **_PARTS,
        **_CATALOGUE,
    }


def _client(service: Service) -> Schema:
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
    optional = {"second_name": TEXT, "phone_country_code": WHOLE, "phone_number": WHOLE}
    attributes = attribute_schemas(service.world.catalogues.attributes, optional=False)
    schema = closed("An individual client; what was not given is absent, not null.", fields, optional | attributes)
    earlier = "An attribute that an earlier catalogue declared."
    return schema | {"additionalProperties": {"type": ["string", "number", "boolean"], "description": earlier}}


_NAMED: dict[str, Schema] = {"id": TEXT, "name": TEXT, "description": TEXT, "required": TRUTH}
_DATA_TYPE = one_of(DataType)
_SHOWN_FIELD: dict[str, Schema] = {"data_type": _DATA_TYPE, "required": TRUTH}
_OPTIONS: dict[str, Schema] = {"options": {**TEXTS, "description": "For ENUM: the values there are."}}
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
    ),
    "DocumentDetail": closed("A detail to send in `metadata`.", {"id": TEXT, "name": TEXT, **_SHOWN_FIELD}, _OPTIONS),
    "MissingData": closed(
        "Details of the client to set with Update individual client.", {**_NAMED, "fields": many("MissingField")}
    ),
    "MissingField": closed("One detail; `phone` is phone_country_code and phone_number.",
                           {"key": TEXT, **_SHOWN_FIELD}, _OPTIONS),
    "NextAction": closed(
        "Whose turn it is.", {"owner": one_of(Owner), "action": TEXT, "description": TEXT}, {"missing": TEXTS}
    ),
    "ExplainedRequirement": closed(
        "Why a requirement is asked for or not, and what meets it.",
        {"requirement": TEXT, "applies": {"enum": [True, False, "undecided"]}},
        {
            "condition": {**TEXT, "description": "The CEL expression that decides."},
            "satisfied_by": {**TEXT, "description": "`client`, or the document's type and id."},
            "since": MOMENT,
            "missing": TEXTS,
            "judged": {**ref("JudgedReading"), "description": "What reading the document led to, once it was read."},
        },
    ),
    "JudgedReading": closed(
        "What was read on a document, compared rule by rule with what is known.",
        {"outcome": one_of(Outcome), "reasons": TEXTS, "rules": many("ComparedRule")},
    ),
    "ComparedRule": closed(
        "One rule: what was given, what was read and where.",
        {"rule": TEXT, "result": one_of(Result)},
        {"given": TEXT, "read": TEXT, "where": TEXT, "note": TEXT},
    ),
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
_WEBHOOK = closed(
    "A company's webhook settings; what is not set is absent.",
    {"name": TEXT}, {"email": TEXT, "webhook_url": TEXT, "webhook_key": TEXT},
)  # fmt: skip
_WHEN: dict[str, Schema] = {"when": {**TEXT, "description": "The condition (CEL) under which it applies."}}
_RULES: dict[str, Schema] = {
    "description": TEXT, **_OPTIONS, "pattern": TEXT, "min_length": WHOLE, "max_length": WHOLE,
    "minimum": {"type": "number"}, "maximum": {"type": "number"},
}  # fmt: skip
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
