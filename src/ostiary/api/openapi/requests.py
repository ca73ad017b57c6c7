"""The request bodies of the OpenAPI document: the types that are read, with what the domain's rules add to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ostiary.api.openapi.import_examples import IMPORT_SCHEMA
from ostiary.api.reading import bodies
from ostiary.api.reading.brand_bodies import BrandBody, LogoBody
from ostiary.api.reading.chip_bodies import CHALLENGE_ANSWER, CHALLENGE_ID, PREFIX
from ostiary.api.reading.terms_bodies import AcceptorBody, TermsAcceptanceBody
from ostiary.api.services import ApiServices
from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.catalogue.field_rules import MOST_CHARACTERS, MOST_DECIMAL_DIGITS
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.clients.client import (
    CITY_CHARACTERS,
    LINE_CHARACTERS,
    NAME_CHARACTERS,
    POSTAL_CODE_CHARACTERS,
    REFERENCE_CHARACTERS,
)
from ostiary.domain.companies.company import STATUS_CHANGED
from ostiary.domain.hosted.brand import BRAND_NAME_CHARACTERS, SUPPORT_CHARACTERS, Ink
from ostiary.domain.hosted.framing import MOST_ORIGINS
from ostiary.domain.hosted.links import ADDRESS_CHARACTERS, LANGUAGES, MINUTES, STATE_CHARACTERS, USUAL_MINUTES
from ostiary.domain.sandbox.clock import MOST_YEARS_AT_ONCE, SPAN_CHARACTERS
from ostiary.domain.sandbox.scenarios import ScenarioEnding
from ostiary.domain.terms.acceptance import (
    ACCEPTOR_CHARACTERS,
    AGENT_CHARACTERS,
    OF_PARTNERS,
    ActingAs,
)
from ostiary.usecases.delivery.webhook import EVENT_TYPES, KEY_CHARACTERS, OVERLAP_HOURS, USUAL_OVERLAP_HOURS
from ostiary.usecases.sandbox.simulate_verdict import MOST_REASONS

Schema = dict[str, Any]
COUNTRY_PATTERN = "^[A-Z]{3}$"
STATE_PATTERN = "^[A-Z]{3}-[A-Z0-9]{1,3}$"
INKS = [str(ink) for ink in Ink]
COLOUR_PATTERN = "^#[0-9a-fA-F]{6}$"
DECIMAL_PATTERN = rf"^-?[0-9]{{1,{MOST_DECIMAL_DIGITS}}}(\.[0-9]{{1,{MOST_DECIMAL_DIGITS}}})?$"
VISIBLE_PATTERN = r"^[!-~]([ -~]*[!-~])?$"


def request_schemas(service: ApiServices) -> dict[str, Schema]:
    """Every body, by component name."""
    client_bodies = service.bodies
    read = [
        client_bodies.create,
        client_bodies.replace,
        bodies.ProductBody,
        bodies.DocumentPart,
        BrandBody,
        LogoBody,
        bodies.SubscribeBody,
        bodies.WebhookKeyBody,
        bodies.RotateBody,
        bodies.SimulateBody,
        bodies.ClockBody,
        bodies.OnboardingLinkBody,
        AcceptorBody,
        TermsAcceptanceBody,
        bodies.NoBody,
    ]
    _, components = msgspec.json.schema_components(read, ref_template="#/components/schemas/{name}")
    schemas = {name: _plain(schema) for name, schema in components.items()}
    declared = attribute_schemas(service.context.catalogues.attributes, optional=True)
    for name, notes in {**_NOTES, "ClientBody": _CLIENT | declared, "ClientReplaceBody": _CLIENT | declared}.items():
        for field, note in notes.items():
            schemas[name]["properties"][field] = note if "anyOf" in note else schemas[name]["properties"][field] | note
    for name in bodies.READ_ONLY:
        schemas["ClientReplaceBody"]["properties"][name] = {"description": "Read-only: may be sent back, is ignored."}
    schemas["ClientReplaceBody"]["description"] = (
        "The whole client: what is left out is cleared. Read-only fields of a GET may be sent back."
    )
    catalogues = service.context.catalogues
    schemas["ProductBody"]["properties"]["subproduct"]["enum"] = list(catalogues.current.products)
    in_force = [catalogues.current, *catalogues.by_version().values()]
    kinds = dict.fromkeys(kind for catalogue in in_force for kind in catalogue.document_types)
    schemas["DocumentPart"]["properties"]["document_type"]["enum"] = list(kinds)
    schemas["ImportFile"] = IMPORT_SCHEMA
    schemas |= _documentation(schemas["DocumentPart"])
    return schemas


def attribute_schemas(attributes: Mapping[str, Field], *, optional: bool) -> dict[str, Schema]:
    """The catalogue's attributes as schemas; optional ones may be null in a request, and never are in an answer."""
    return {name: _attribute(field, optional) for name, field in attributes.items()}


def _attribute(field: Field, optional: bool) -> Schema:
    schema: Schema = {"description": f"{field.name}. {field.description}".strip()}
    match field.data_type:
        case DataType.INTEGER:
            schema["type"] = "integer"
        case DataType.DECIMAL:
            schema |= {"type": ["number", "string"], "pattern": DECIMAL_PATTERN}
        case DataType.BOOLEAN:
            schema["type"] = "boolean"
        case _:
            schema |= {"type": "string", "minLength": field.min_length or 1}
            schema["maxLength"] = field.max_length or MOST_CHARACTERS
    for name, bound in (("minimum", field.minimum), ("maximum", field.maximum)):
        if bound is not None:
            schema[name] = float(bound)
    if field.pattern is not None:
        schema["pattern"] = f"^(?:{field.pattern})$"
    if field.data_type is DataType.COUNTRY:
        schema["pattern"] = COUNTRY_PATTERN
    if field.data_type is DataType.DATE:
        schema["format"] = "date"
    if field.options:
        return _listed(schema, list(field.options), optional)
    return {**schema, "type": _with_null(schema["type"])} if optional else schema


def _listed(schema: Schema, options: list[str], optional: bool) -> Schema:
    """One of the options. Null is listed apart from them, since many generators allow only texts in an enumeration."""
    listed = {"type": "string", "enum": options}
    if not optional:
        return schema | listed
    return {"description": schema["description"], "anyOf": [listed, {"type": "null"}]}


def _with_null(kind: str | list[str]) -> list[str]:
    return [*([kind] if isinstance(kind, str) else kind), "null"]


def _plain(schema: Schema) -> Schema:
    """The schema without titles and null defaults, and with `anyOf` of plain types as a list of types: easier to read,
    and the same."""
    plain = {name: value for name, value in schema.items() if name not in ("title", "default")}
    if plain.get("required") == []:
        del plain["required"]
    if "properties" in plain:
        plain["properties"] = {name: _plain(field) for name, field in plain["properties"].items()}
    if "anyOf" in plain:
        options = plain.pop("anyOf")
        plain |= {name: value for option in options for name, value in option.items() if name != "type"}
        kinds = [option["type"] for option in options]
        plain["type"] = [kind for kind in kinds if kind != "integer" or "number" not in kinds]
    return plain


def _documentation(part: Schema) -> dict[str, Schema]:
    """The bodies of documentation, written by hand: pictures are not decoded while a body is read, so no type describes
    them."""
    details = part["properties"]
    picture = {"type": ["string", "null"], "description": _PICTURE}
    document = {
        "type": "object",
        "description": "A document; pictures are base64 text, with or without `data:image/jpeg;base64,` in front.",
        "properties": {**details, "image_front": picture, "image_back": picture, "chip": _chip()},
        "required": ["document_type"],
        "additionalProperties": False,
    }
    body = {
        "type": "object",
        "description": "One document per call.",
        "properties": {"document": {"$ref": "#/components/schemas/DocumentBody"}},
        "required": ["document"],
        "additionalProperties": False,
    }
    file = {
        "type": "string",
        "format": "binary",
        "description": "The picture's bytes: one of the kinds that the limits name.",
    }
    parts = {
        "type": "object",
        "description": "The same without the third that base64 adds: pictures are parts of their own.",
        "properties": {
            "document": {"$ref": "#/components/schemas/DocumentPart"},
            "image_front": file,
            "image_back": file,
            **_chip_parts(),
        },
        "required": ["document"],
        "additionalProperties": False,
    }
    return {"DocumentBody": document, "DocumentationBody": body, "DocumentationParts": parts}


def _chip() -> Schema:
    """Files in base64, written by hand as pictures are."""
    file = {"type": ["string", "null"], "description": "The file's raw bytes as the chip gave them, in base64."}
    return {
        "type": ["object", "null"],
        "description": "The files of the document's chip. `sod` and `dg1` are needed once it is there.",
        "properties": {
            **{str(name): file for name in ChipFile},
            CHALLENGE_ID: {"type": ["string", "null"], "description": "Of the challenge that the chip signed."},
            CHALLENGE_ANSWER: file | {"description": "What the chip answered, in base64."},
        },
        "additionalProperties": False,
    }


def _chip_parts() -> dict[str, Schema]:
    file = {"type": "string", "format": "binary", "description": "The file's raw bytes as the chip gave them."}
    parts: dict[str, Schema] = {f"{PREFIX}{name}": file for name in (*ChipFile, CHALLENGE_ANSWER)}
    return parts | {f"{PREFIX}{CHALLENGE_ID}": {"type": "string", "description": "Of the challenge that it signed."}}


_PICTURE = "In base64, of a kind that the limits name. Content that is no picture is a rejected item, not an error."
_NAME: Schema = {"minLength": 1, "maxLength": NAME_CHARACTERS}
_LINE: Schema = {"minLength": 1, "maxLength": LINE_CHARACTERS}
_CLIENT: dict[str, Schema] = {
    "first_name": _NAME,
    "second_name": _NAME,
    "last_name": _NAME,
    "email": {
        "format": "email",
        "maxLength": 254,
        "description": "One client of a company per e-mail, compared case-insensitively.",
    },
    "birth_date": {"format": "date", "description": "YYYY-MM-DD, a real date, not in the future."},
    "phone_country_code": {"minimum": 1, "maximum": 999, "description": "Both or neither of the two phone fields."},
    "phone_number": {
        "minimum": 1,
        "maximum": 10**15 - 1,
        "description": "Without country code. Together they meet the requirement `phone`.",
    },
    "reference": {
        "minLength": 1,
        "maxLength": REFERENCE_CHARACTERS,
        "description": "What you call the client; one client of a company for each, compared exactly.",
    },
}
_NOTES: dict[str, dict[str, Schema]] = {
    "AddressBody": {
        "street_line1": _LINE,
        "street_line2": _LINE,
        "city": {"minLength": 1, "maxLength": CITY_CHARACTERS},
        "postal_code": {"minLength": 1, "maxLength": POSTAL_CODE_CHARACTERS},
        "country": {"pattern": COUNTRY_PATTERN, "description": "ISO 3166-1 alpha-3, as ARG."},
        "state": {
            "pattern": STATE_PATTERN,
            "description": "Alpha-3 and the suffix of ISO 3166-2, as ARG-B; of that country.",
        },
    },
    "ProductBody": {"subproduct": {"description": "The id of a product of the catalogue."}},
    "DocumentPart": {
        "document_type": {"description": "One of the `valid_documents` of a missing requirement."},
        "metadata": {"description": "The details the type's `metadata` declares, by id."},
    },
    "BrandBody": {
        "name": {"minLength": 1, "maxLength": BRAND_NAME_CHARACTERS},
        "primary_colour": {"pattern": COLOUR_PATTERN, "description": "The ground of buttons: #rrggbb."},
        "text_on_primary": {"enum": INKS, "description": "What text on it is written in; white if absent."},
        "background_colour": {"pattern": COLOUR_PATTERN, "description": "The ground of the page: #rrggbb."},
        "text_on_background": {"enum": INKS, "description": "What text on it is written in; black if absent."},
        "support": {
            "maxLength": SUPPORT_CHARACTERS,
            "description": "Where clients ask: an https or mailto address, or an e-mail address.",
        },
        "privacy": {
            "properties": {tag: {"type": "string"} for tag in LANGUAGES}, "additionalProperties": False,
            "description": "What happens to data, as plain text in each language; `en` is needed.",
        },
        "frame_origins": {
            "maxItems": MOST_ORIGINS, "items": {"type": "string"},
            "description": "Origins whose pages may show the page within their own, as https://shop.example.",
        },
    },
    "LogoBody": {"logo": {"description": "A PNG, JPEG or WEBP of at most 512 kB in base64; null: none any more."}},
    "SubscribeBody": {
        "url": {
            "format": "uri",
            "description": "Where to deliver: https, a public address (a sandbox may use http); redirects are refused.",
        },
        "webhook_key": {
            "minLength": 1, "maxLength": KEY_CHARACTERS, "pattern": VISIBLE_PATTERN,
            "description": "Sent back in X-Webhook-Key with every delivery.",
        },
        "event_types": {
            "items": {"type": "string", "enum": list(EVENT_TYPES)},
            "description": f"What to hear of. Absent or empty: {STATUS_CHANGED} alone.",
        },
        "include_sequence": {"description": "Whether `data` has `sequence`: its place among the changes."},
    },
    "WebhookKeyBody": {
        "key": {
            "minLength": 1, "maxLength": KEY_CHARACTERS, "pattern": VISIBLE_PATTERN,
            "description": "The key from the next delivery on.",
        }
    },
    "SimulateBody": {
        "outcome": {"enum": [str(ending) for ending in ScenarioEnding]},
        "reasons": {
            "maxItems": MOST_REASONS,
            "description": "For pending_documentation: reason codes, about the front of each submitted document.",
        },
        "reason": {"description": "For people: the rejection_description, or the reason of each item."},
    },
    "ClockBody": {
        "advance": {
            "pattern": "^P.+$", "maxLength": SPAN_CHARACTERS,
            "description": f"A span ahead (ISO 8601), as P90D, P1Y6M or PT36H; {MOST_YEARS_AT_ONCE} years at most.",
        }
    },
    "OnboardingLinkBody": {
        "product_request_ids": {"description": "What the client is asked for: live requests. Absent: all of them."},
        "return_url": {
            "format": "uri", "maxLength": ADDRESS_CHARACTERS,
            "description": "Where the client goes from the page: https, a public address (a sandbox may use http).",
        },
        "refresh_url": {
            "format": "uri", "maxLength": ADDRESS_CHARACTERS,
            "description": "Where a client goes whose link leads nowhere any more: make another one there.",
        },
        "state": {
            "maxLength": STATE_CHARACTERS, "pattern": "^[ -~]*$",
            "description": "Whatever you want back, as `state` in the query of both addresses.",
        },
        "language": _listed({"description": "Of the page. Absent: as the browser asks."}, list(LANGUAGES), True),
        "expires_in_minutes": {
            "minimum": MINUTES[0], "maximum": MINUTES[-1],
            "description": f"How long the link can be used; {USUAL_MINUTES} if absent.",
        },
    },
    "AcceptorBody": {
        "name": {"minLength": 1, "maxLength": ACCEPTOR_CHARACTERS, "description": "Who said yes."},
        "capacity": {"enum": [str(each) for each in ActingAs], "description": "`self`: the client."},
    },
    "TermsAcceptanceBody": {
        "terms_id": {"description": "As a missing requirement names it."},
        "version": {"description": "Of the text that was shown."},
        "language": {"description": "Of the text that was shown."},
        "sha256": {"pattern": "^[0-9a-fA-F]{64}$", "description": "Of the text's UTF-8 bytes, as it was shown."},
        "accepted_at": {"description": "In UTC: 2026-04-15T10:30:00."},
        "channel": {"enum": [str(each) for each in OF_PARTNERS], "description": "How it was accepted."},
        "ip_address": {"description": "IPv4 or IPv6 of who accepted; needed for `web` and `app`."},
        "user_agent": {
            "maxLength": AGENT_CHARACTERS, "description": "Browser or app of who accepted; needed for `web` and `app`.",
        },
    },
    "RotateBody": {
        "overlap_hours": {
            "minimum": OVERLAP_HOURS[0], "maximum": OVERLAP_HOURS[-1],
            "description": f"Hours with a signature by each secret; {USUAL_OVERLAP_HOURS} if absent.",
        }
    },
}  # fmt: skip
