"""The service's table of operations and its tree of errors, as the client for TypeScript has them."""

from __future__ import annotations

import json
import re

from generation.structs import NOTE, names
from generation.tables import AMBIGUOUS, about_refusal, name_of_refusal, parent_of, refusals_there_are, snake
from generation.typescript import comment
from ostiary.api.operations import TABLE
from ostiary.web.errors import STATUSES
from ostiary.wire.clients import CLIENT_EXPANSIONS
from ostiary.wire.products import EXPANSIONS


def operations() -> str:
    """Method and path of each operation."""
    lines = [f"// Every operation of the API.\n// {NOTE}", "", 'import { operation } from "../calls.js";', ""]
    for name, of, words in (("Product", "requests", EXPANSIONS), ("Client", "clients", CLIENT_EXPANSIONS)):
        lines += comment(f"What `expand` may ask for, of answers that are {of}.")
        lines += [f"export type {name}Expansion = {' | '.join(map(json.dumps, words))};", ""]
    for each in TABLE:
        path = re.sub(r"\{(\w+)\}", lambda match: "{" + snake(match[1]) + "}", each.path)
        lines += comment(f"{each.summary}: level {each.level}.")
        lines.append(f'export const {each.name.upper()} = operation("{each.method}", "{path}");')
    return "\n".join([*lines, ""])


def refusals() -> str:
    """A class for each code that the API answers with."""
    kinds = refusals_there_are()
    lines = [f"// Refusals of the service, by their codes.\n// {NOTE}", "", 'import { ApiError } from "../errors.js";']
    for kind in kinds:
        name = name_of_refusal(kind)
        lines += ["", *comment(about_refusal(kind)), f"export class {name} extends {parent_of(kind)} {{"]
        lines += ["  static {", f'    this.prototype.name = "{name}";', "  }", "}"]
    by_status: dict[int, str] = {}
    for kind in kinds:
        by_status.setdefault(STATUSES[kind], name_of_refusal(kind))
    lines += [
        "",
        "/** The classes by the codes that answers have. */",
        "export const BY_CODE: ReadonlyMap<string, typeof ApiError> = new Map([",
        *(f'  ["{kind.code}", {name_of_refusal(kind)}],' for kind in kinds),
        "]);",
    ]
    lines += ["", "/** For answers of what stands between, which have no code of ours. */"]
    lines += [
        "export const BY_STATUS: ReadonlyMap<number, typeof ApiError> = new Map([",
        *(f"  [{status}, {name}]," for status, name in by_status.items() if status != AMBIGUOUS),
        "]);",
    ]
    return "\n".join([*lines, ""])


def index() -> str:
    """All values, words and refusals under one name."""
    lines = [f"// Every value that calls take and give, every word in them, and every refusal.\n// {NOTE}", ""]
    for module, members in names().items():
        kind = "" if module == "words" else "type "
        lines.append(f'export {kind}{{ {", ".join(sorted(members))} }} from "./{module}.js";')
    lines.append('export type { ClientExpansion, ProductExpansion } from "./operations.js";')
    refused = ", ".join(sorted(map(name_of_refusal, refusals_there_are())))
    return "\n".join([*lines, f'export {{ {refused} }} from "./refusals.js";', ""])
