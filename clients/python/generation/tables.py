"""The service's table of operations and its tree of errors, as the client has them."""

from __future__ import annotations

import re

from generation.models import NOTE, names
from ostiary.api.operations import TABLE
from ostiary.domain import errors
from ostiary.domain.errors import OstiaryError
from ostiary.web.errors import STATUSES
from ostiary.wire.clients import CLIENT_EXPANSIONS
from ostiary.wire.products import EXPANSIONS

LEFT_OUT = (errors.Refused, errors.OwnDecision)
"""A code of another's, or one that the API does not answer with."""
INTERNAL = "InternalError"


def operations() -> str:
    """Method and path of each operation."""
    lines: list[str] = [
        f'"""Every operation of the API.\n\n{NOTE}\n"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Literal",
        "",
        "from ostiary_client.calls import Operation",
        "",
        f"ProductExpansion = Literal[{', '.join(map(repr, EXPANSIONS))}]",
        '"""What `expand` may ask for, of answers that are requests."""',
        f"ClientExpansion = Literal[{', '.join(map(repr, CLIENT_EXPANSIONS))}]",
        '"""What `expand` may ask for, of answers that are clients."""',
        "",
    ]
    for operation in TABLE:
        path = re.sub(r"\{(\w+)\}", lambda match: "{" + _snake(match[1]) + "}", operation.path)
        lines += [
            f"{operation.name.upper()} = Operation({operation.method!r}, {path!r})",
            f'"""{operation.summary}: level {operation.level}."""',
        ]
    return "\n".join([*lines, ""])


def refusals() -> str:
    """A class for each code that the API answers with."""
    kinds = [kind for kind in STATUSES if "code" in vars(kind) and kind not in LEFT_OUT]
    lines = [
        f'"""Refusals of the service, by their codes.\n\n{NOTE}\n"""',
        "",
        "from __future__ import annotations",
        "",
        "from ostiary_client.errors import ApiError",
    ]
    for kind in kinds:
        parent = kind.__base__
        base = parent.__name__ if parent in kinds and parent is not OstiaryError else "ApiError"
        about = (errors.Broken if kind is OstiaryError else kind).__doc__ or ""
        lines += ["", "", f"class {_named(kind)}({base}):", f'    """{about}"""']
    entries = [f"    {kind.code!r}: {_named(kind)}," for kind in kinds]
    lines += ["", "", "BY_CODE: dict[str, type[ApiError]] = {", *entries, "}"]
    by_status: dict[int, str] = {}
    for kind in kinds:
        by_status.setdefault(STATUSES[kind], _named(kind))
    lines += ["BY_STATUS: dict[int, type[ApiError]] = {"]
    lines += [f"    {status}: {name}," for status, name in by_status.items() if status != AMBIGUOUS]
    lines += ["}", '"""For answers of what stands between, which have no code of ours."""']
    return "\n".join([*lines, ""])


AMBIGUOUS = 412
"""Stands for many codes: alone it says nothing."""


def _named(kind: type[OstiaryError]) -> str:
    return INTERNAL if kind is OstiaryError else kind.__name__


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def types() -> str:
    """All values and words under one name."""
    by_module = names()
    lines = [f'"""Every value that calls take and give, and every word in them.\n\n{NOTE}\n"""', ""]
    for module, members in by_module.items():
        lines.append(f"from ostiary_client.generated.{module} import {', '.join(members)}")
    listed = sorted(member for members in by_module.values() for member in members)
    return "\n".join([*lines, "", f"__all__ = {listed!r}", ""])
