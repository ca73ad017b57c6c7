"""What clients are generated from agrees with the OpenAPI document: each component has the fields of its type."""

from __future__ import annotations

import re
from typing import Any

from generation.choice import BODIES
from generation.structs import all_kinds, name_of
from generation.writing import TYPESCRIPT
from ostiary.app import Installation
from ostiary.wire.answer import SUFFIX
from tests.http.running import running

BESIDE = {"IndividualClient"}
"""The document describes one installation: it has the attributes of its catalogue beside the fields."""


def shapes() -> dict[str, dict[str, bool]]:
    """Of each type of the TypeScript client its fields, and whether it always has them."""
    text = (TYPESCRIPT / "generated" / "shapes.ts").read_text()
    kinds = re.findall(r"^  (\w+): {\n(.*?)^  },", text, re.DOTALL | re.MULTILINE)
    return {
        name: {field: not optional for field, optional in re.findall(r'^    (\w+): "(\??)', fields, re.MULTILINE)}
        for name, fields in kinds
    }


async def test_types_have_the_fields_of_the_components(shared: Installation) -> None:
    async with running(shared) as app:
        components: dict[str, Any] = (await app.call("GET", "/openapi.json", None)).json()["components"]["schemas"]
    held = shapes()
    compared = 0
    for kind in (kind for kind in all_kinds() if kind not in BODIES):
        schema = components.get(kind.__name__.removesuffix(SUFFIX))
        if schema is None or "properties" not in schema:
            continue  # of events, which are described by hand
        fields = {name: name in schema.get("required", []) for name in schema["properties"]}
        if name_of(kind) in BESIDE:
            assert held[name_of(kind)].items() <= fields.items()
        else:
            assert held[name_of(kind)] == fields, kind
        compared += 1
    assert compared > len(held) * 3 / 4
