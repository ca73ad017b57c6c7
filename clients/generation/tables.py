"""The service's table of operations and its tree of errors, as the client has them."""

from __future__ import annotations

import re

from generation.structs import NOTE, names
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
        path = re.sub(r"\{(\w+)\}", lambda match: "{" + snake(match[1]) + "}", operation.path)
        lines += [
            f"{operation.name.upper()} = Operation({operation.method!r}, {path!r})",
            f'"""{operation.summary}: level {operation.level}."""',
        ]
    return "\n".join([*lines, ""])


def refusals() -> str:
    """A class for each code that the API answers with."""
    kinds = refusals_there_are()
    lines = [
        f'"""Refusals of the service, by their codes.\n\n{NOTE}\n"""',
        "",
        "from __future__ import annotations",
        "",
        "from ostiary_client.errors import ApiError",
    ]
    for kind in kinds:
        lines += ["", "", f"class {name_of_refusal(kind)}({parent_of(kind)}):", f'    """{about_refusal(kind)}"""']
    entries = [f"    {kind.code!r}: {name_of_refusal(kind)}," for kind in kinds]
    lines += ["", "", "BY_CODE: dict[str, type[ApiError]] = {", *entries, "}"]
    by_status: dict[int, str] = {}
    for kind in kinds:
        by_status.setdefault(STATUSES[kind], name_of_refusal(kind))
    lines += ["BY_STATUS: dict[int, type[ApiError]] = {"]
    lines += [f"    {status}: {name}," for status, name in by_status.items() if status != AMBIGUOUS]
    lines += ["}", '"""For answers of what stands between, which have no code of ours."""']
    return "\n".join([*lines, ""])


AMBIGUOUS = 412
"""Stands for many codes: alone it says nothing."""


def refusals_there_are() -> list[type[OstiaryError]]:
    """The errors that the API answers with, each after the one it is a kind of."""
    return [kind for kind in STATUSES if "code" in vars(kind) and kind not in LEFT_OUT]


def parent_of(kind: type[OstiaryError]) -> str:
    """The class of the client that a refusal is a kind of."""
    parent = kind.__base__
    is_ours = parent in refusals_there_are() and parent is not OstiaryError
    return parent.__name__ if parent is not None and is_ours else "ApiError"


def about_refusal(kind: type[OstiaryError]) -> str:
    """What it means."""
    return (errors.Broken if kind is OstiaryError else kind).__doc__ or ""


def name_of_refusal(kind: type[OstiaryError]) -> str:
    """Its class in clients."""
    return INTERNAL if kind is OstiaryError else kind.__name__


def snake(name: str) -> str:
    """`clientId` as `client_id`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def types() -> str:
    """All values and words under one name."""
    by_module = names()
    lines = [f'"""Every value that calls take and give, and every word in them.\n\n{NOTE}\n"""', ""]
    for module, members in by_module.items():
        lines.append(f"from ostiary_client.generated.{module} import {', '.join(members)}")
    listed = sorted(member for members in by_module.values() for member in members)
    return "\n".join([*lines, "", f"__all__ = {listed!r}", ""])
