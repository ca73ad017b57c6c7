"""One operation on the reference page, from its OpenAPI description: a call to copy, fields, answers, refusals."""

from __future__ import annotations

import json
import shlex
from typing import Any

from ostiary.api.openapi.examples import EXAMPLES
from ostiary.api.reading.import_files import CSV
from ostiary.api.reference.fields import about, fields_table, type_of
from ostiary.api.reference.html import ADDRESS, Html, block, code, joined, link, paragraphs, rich, section, table, tag

Json = dict[str, Any]


def operation_section(path: str, method: str, operation: Json, shared: list[Json], components: Json) -> Html:
    """Everything about one operation."""
    level = operation.get("x-access-level")
    head = tag(
        "div",
        tag("span", method.upper(), class_=f"method {method}"),
        code(path),
        tag("span", f"access level {level}" if level else "no key", class_="level"),
        class_="address",
    )
    return section(
        operation["operationId"],
        operation["summary"],
        head,
        paragraphs(operation["description"]),
        block(_curl(path, method, operation), "Call"),
        _form_call(path, operation),
        _parameters([*shared, *operation.get("parameters", ())], components),
        _body(operation, components["schemas"]),
        _answer(operation, components["schemas"]),
        _refusals(operation, components["responses"]),
        level=3,
    )


def _curl(path: str, method: str, operation: Json) -> str:
    lines = [_call(path, method)] if method != "get" else [f'curl "{_url(path)}"']
    if operation.get("security") is None:
        lines.append('-H "x-api-key: $OSTIARY_API_KEY"')
    content = operation.get("requestBody", {}).get("content", {})
    example = _first_example(content.get("application/json", {}))
    if example is not None:
        lines += ['-H "Content-Type: application/json"', f"-d {shlex.quote(pretty(example))}"]
    if CSV in content:
        lines += [f'-H "Content-Type: {CSV}"', "--data-binary @clients.csv"]
    return " \\\n  ".join(lines)


def _form_call(path: str, operation: Json) -> Html:
    """The same with files, where multipart is accepted."""
    form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
    if form is None:
        return Html("")
    document = json.dumps(_first_example(form)["document"])
    lines = (
        _call(path, "post"),
        '-H "x-api-key: $OSTIARY_API_KEY"',
        f"-F {shlex.quote('document=' + document)}",
        "-F image_front=@passport.jpg",
    )
    return block(" \\\n  ".join(lines), "Or with files")


def _call(path: str, method: str) -> str:
    return f'curl -X {method.upper()} "{_url(path)}"'


def _url(path: str) -> str:
    for name, value in EXAMPLES.items():
        path = path.replace(f"{{{name}}}", value)
    return ADDRESS + path


def _parameters(parameters: list[Json], components: Json) -> Html:
    rows = []
    for parameter in parameters:
        resolved = components["parameters"][parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
        schema = resolved["schema"]
        need = Html(' <span class="need">required</span>') if resolved.get("required") else Html("")
        described = about({**schema, "description": resolved.get("description", "")})
        rows.append((joined((code(resolved["name"]), need)), resolved["in"], type_of(schema), described))
    return _titled("Parameters", table(("Name", "In", "Type", "About"), rows))


def _body(operation: Json, schemas: Json) -> Html:
    content = operation.get("requestBody", {}).get("content", {})
    if CSV in content:
        return _titled("Body", block(_shown(_first_example(content[CSV])), "clients.csv"))
    if not content or _first_example(content["application/json"]) is None:
        return Html("")
    fields = fields_table(content["application/json"]["schema"], schemas, inside=True)
    note = tag("p", rich(_FORM)) if "multipart/form-data" in content else Html("")
    return _titled("Body", joined((fields, note)))


def _answer(operation: Json, schemas: Json) -> Html:
    status, answer = next(iter(operation["responses"].items()))
    ((_, media),) = (answer.get("content") or {"": {}}).items()
    parts: list[object] = [tag("p", code(status), " ", rich(answer["description"]))]
    if "schema" in media:
        parts.append(tag("p", "Type: ", type_of(_named(media["schema"], schemas))))
        parts += [
            block(_shown(example["value"]), name.replace("_", " ")) for name, example in media["examples"].items()
        ]
    return _titled("Answer", joined(parts))


def _shown(example: Any) -> str:
    """As it is sent: files as they are."""
    return example if isinstance(example, str) else pretty(example)


def _named(schema: Json, schemas: Json) -> Json:
    """A list is shown by what is in it, a file as the text that it is."""
    described: Json = schemas.get(str(schema.get("$ref", "")).rpartition("/")[2], schema)
    return described if described.get("type") in ("array", "string") else schema


def _refusals(operation: Json, refusals: Json) -> Html:
    rows = [
        (
            code(status),
            joined(tag("div", code(name), " ", rich(example["summary"])) for name, example in examples.items()),
        )
        for status, answer in operation["responses"].items()
        if "$ref" in answer
        for media in refusals[answer["$ref"].rpartition("/")[2]]["content"].values()
        for examples in (media["examples"],)
    ]
    shown = tag(
        "details",
        tag("summary", "Refusals"),
        table(("Status", "Codes"), rows),
        tag("p", "All codes and the form of a refusal: ", link("errors", "Errors"), "."),
    )
    return shown if rows else Html("")


def _titled(title: str, content: Html) -> Html:
    return joined((tag("h4", title), content)) if content else content


def _first_example(media: Json) -> Any:
    return next((example["value"] for example in media.get("examples", {}).values()), None)


def pretty(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


_FORM = (
    "Or `multipart/form-data` with the parts `document` (the JSON without pictures), `image_front` and `image_back`: "
    "a third less to send."
)
