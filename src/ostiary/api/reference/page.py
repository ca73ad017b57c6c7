"""The reference page: rendered here from the OpenAPI document, so it needs no script and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ostiary.api.reference.chapters import TITLES, chapters
from ostiary.api.reference.html import ADDRESS, Html, block, joined, link, paragraphs, rich, section, tag
from ostiary.api.reference.operations import operation_section
from ostiary.api.reference.style import STYLE
from ostiary.domain.sandbox.scenarios import Scenario

Json = dict[str, Any]


def page(document: Json, limits: Json, scenarios: Sequence[Scenario]) -> str:
    """The whole page. `limits` are this installation's."""
    title = f"{document['info']['title']} {document['info']['version']}"
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'),
        tag("title", f"{title}: API reference"),
        tag("style", Html(STYLE)),
    )
    main = tag(
        "main", tag("h1", "API reference"), _start(document), *_parts(document), chapters(document, limits, scenarios)
    )
    body = tag("body", _navigation(document, title), main)
    return f"<!doctype html>{tag('html', head, body, lang='en')}"


def _start(document: Json) -> Html:
    described = tag("p", "The same for machines: ", tag("a", "/openapi.json", href="/openapi.json"), ".")
    return joined(
        (
            paragraphs(document["info"]["description"]),
            described,
            section(
                "start",
                "Start",
                tag("p", rich(_KEY)),
                block(_FIRST_CALL),
                tag("ol", *(tag("li", rich(step)) for step in _STEPS)),
            ),
        )
    )


def _parts(document: Json) -> Iterator[Html]:
    components = document["components"]
    for group in document["tags"]:
        operations = (
            operation_section(path, method, operation, paths.get("parameters", []), components)
            for path, method, operation, paths in _operations(document)
            if operation["tags"] == [group["name"]]
        )
        yield section(f"tag-{group['name']}", group["name"], tag("p", rich(group["description"])), *operations)


def _operations(document: Json) -> Iterator[tuple[str, str, Json, Json]]:
    for path, described in document["paths"].items():
        for method, operation in described.items():
            if method != "parameters":
                yield path, method, operation, described


def _navigation(document: Json, title: str) -> Html:
    parts: list[object] = [tag("a", title, href="#start", class_="title"), link("start", "Start")]
    for group in document["tags"]:
        parts.append(tag("b", group["name"]))
        parts += [
            link(operation["operationId"], operation["summary"])
            for _, _, operation, _ in _operations(document)
            if operation["tags"] == [group["name"]]
        ]
    parts.append(tag("b", "Reference"))
    parts += [link(anchor, name) for anchor, name in TITLES.items()]
    return tag("nav", *parts, aria_label="Contents")


_KEY = (
    "Every call to `/management` carries a company's key in `x-api-key`. A key has an access level from 1 to 5; each "
    "level includes those below it. `ostiary key create --company ID --level 3` makes one."
)
_FIRST_CALL = f"""export OSTIARY_API_KEY=osk_...
curl "{ADDRESS}/management/products" -H "x-api-key: $OSTIARY_API_KEY"
"""
_STEPS = (
    "Create individual client: who it is.",
    "Request product: the answer lists what is missing.",
    "Complete product documentation for each missing document; Update individual client for missing data.",
    "Submit product: with nothing missing it goes to review.",
    "Hear the verdict at the webhook, or read the request.",
)
