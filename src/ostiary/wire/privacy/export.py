"""What is known of one person, as JSON for machines, and as a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from ostiary.domain.documents.document import Document
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.times import format_timestamp
from ostiary.usecases.privacy.export import PersonRecord
from ostiary.wire.answer import fields_of
from ostiary.wire.review import chain_entry_shape, client_shape, hit_shape, profile_shape, remark_shape, request_shape
from ostiary.wire.terms.answers import acceptance_answer

FORM = 1
OPERATORS_ONLY = ("review", "review_since", "private_note", "reasons")
"""Members of a request that are nobody's but operators'."""
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111}"
    "th{text-align:left;vertical-align:top;padding-right:1.5rem;font-weight:600}td{overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}table{border-collapse:collapse}"
)


def person_shape(record: PersonRecord, files: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """`files` are the names of pictures in the archive, by document and side."""
    client = record.dossier.client
    shape: dict[str, Any] = {
        "form": FORM,
        "client": client_shape(client),
        "earlier_details": [
            {"until": format_timestamp(past.until_ms), **profile_shape(past.profile)} for past in record.past
        ],
        "requests": [_request(each, is_whole=record.operators is not None) for each in record.dossier.enablements],
        "documents": [_document(each, files) for each in record.documents],
        "accepted_terms": [fields_of(acceptance_answer(each)) for each in record.acceptances],
        "links": [
            {"id": link.id, "status": link.status.value, "created_at": format_timestamp(link.created_at_ms)}
            for link in record.links
        ],
    }
    if record.operators is not None:
        shape["hits"] = [hit_shape(hit) for hit in record.operators.hits]
        shape["notes"] = [remark_shape(remark) for remark in record.operators.remarks]
        shape["trail"] = [chain_entry_shape(entry) for entry in record.operators.trail]
    return shape


def index_page(shape: Mapping[str, Any], title: str) -> str:
    """All of it for people: headings, tables, pictures. Nothing is loaded from elsewhere."""
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>'
        f'<h1>{escape(title)}</h1><p>The same for machines: <a href="data.json">data.json</a>.</p>'
    ]
    for name, value in shape.items():
        if name != "form":
            parts.append(f"<h2>{escape(_words(name))}</h2>{_shown(value)}")
    return "".join([*parts, "</main></body></html>"])


def _request(request: Enablement, *, is_whole: bool) -> dict[str, Any]:
    shape = request_shape(request)
    return shape if is_whole else {name: value for name, value in shape.items() if name not in OPERATORS_ONLY}


def _document(document: Document, files: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    zone = None if document.reading is None else document.reading.zone
    return {
        "id": document.id,
        "type": document.type,
        "status": document.status.value,
        "created_at": format_timestamp(document.created_at_ms),
        "details": dict(document.metadata),
        "read_on_it": [] if zone is None else list(zone.lines),
        "pictures": [
            {"side": side.field, "file": files[document.id, side.field]}
            for side in document.sides
            if (document.id, side.field) in files
        ],
    }


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        rows = "".join(
            f'<tr><th scope="row">{escape(_words(str(name)))}</th><td>{_cell(str(name), each)}</td></tr>'
            for name, each in value.items()
            if each not in (None, "", [], {})
        )
        return f"<table>{rows}</table>"
    if isinstance(value, (list, tuple)):
        return "".join(_shown(each) for each in value) or "<p>None.</p>"
    return f"<p>{escape(str(value))}</p>"


def _cell(name: str, value: object) -> str:
    if name == "file" and isinstance(value, str):
        address = escape(value, quote=True)
        return f'<a href="{address}"><img src="{address}" alt="{escape(value)}"></a>'
    return _shown(value) if isinstance(value, (Mapping, list, tuple)) else escape(str(value))


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
