"""Query strings: known parameters only, each given once, with the values they may have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.ids import is_id
from ostiary.domain.sentences import N_, sentence
from ostiary.web.json_body import MOST_FAULTS
from ostiary.wire.products import EXPANSIONS

MOST_QUERY_CHARACTERS = 4_000
LISTS = frozenset({"expand"})
"""Queries that hold several values; the others may be given once."""
LARGEST_PAGE, USUAL_PAGE = 200, 50
"""200 clients are some 150 kB of JSON and a millisecond of decryption."""
_INDEXED = re.compile(r"\[[0-9]{0,3}\]")
_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def query_of(raw: bytes, allowed: tuple[str, ...]) -> Mapping[str, str]:
    """The query, known names only. Raises InvalidRequest."""
    if not raw:
        return {}
    if len(raw) > MOST_QUERY_CHARACTERS:
        raise InvalidRequest(
            sentence(
                "The query has more than %(most)s characters.",
                most=MOST_QUERY_CHARACTERS,
            )
        )
    pairs = _lists_joined(parse_qsl(raw.decode("latin-1"), keep_blank_values=True))
    faults = tuple(
        Fault(
            name[:100],
            "QUERY_UNKNOWN",
            sentence("is not known here; known: %(possible)s", possible=", ".join(allowed) or "none"),
        )
        for name, _ in pairs
        if name not in allowed
    )
    query = dict(pairs)
    if len(query) < len(pairs):
        repeated = sorted({name for name, _ in pairs if sum(other == name for other, _ in pairs) > 1})
        faults += tuple(Fault(name[:100], "QUERY_REPEATED", N_("may be given once")) for name in repeated)
    if faults:
        raise InvalidRequest(faults=faults[:MOST_FAULTS])
    return query


def _lists_joined(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Lists as generated clients send them, `expand=a&expand=b`, `expand[]=a` or `expand[0]=a`, as one `expand=a,b`."""
    lists: dict[str, list[str]] = {}
    rest = []
    for name, value in pairs:
        plain = name.partition("[")[0]
        if plain in LISTS and (name == plain or _INDEXED.fullmatch(name, len(plain))):
            lists.setdefault(plain, []).append(value)
        else:
            rest.append((name, value))
    return [*((name, ",".join(values)) for name, values in lists.items()), *rest]


def expansions(query: Mapping[str, str], allowed: tuple[str, ...] = EXPANSIONS) -> tuple[str, ...]:
    """What is asked for in `expand`. Raises InvalidRequest, listing what is known."""
    if "expand" not in query:
        return ()
    asked = tuple(name.strip() for name in query["expand"].split(","))
    if all(name in allowed for name in asked):
        return asked
    message = f"expand knows: {', '.join(allowed)}"
    raise InvalidRequest(faults=(Fault("expand", "QUERY_INVALID", message),))


def matching(if_match: str | None) -> frozenset[str] | None:
    """The tags of an If-Match header; None without one, or for `*`. Raises InvalidRequest.

    Weak tags never match (RFC 9110 13.1.1), so they are left out.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tags = [tag.strip() for tag in if_match.split(",") if tag.strip()]
    if not tags or not all(_TAG.fullmatch(tag) for tag in tags):
        message = 'If-Match must be the ETag of an answer, as "3"'
        raise InvalidRequest(faults=(Fault("If-Match", "HEADER_INVALID", message),))
    return frozenset(tag[1:-1] for tag in tags if not tag.startswith("W/"))


def page_cursor(text: str | None, faults: list[Fault]) -> str | None:
    """The cursor a page begins at; adds a fault unless an earlier page gave it."""
    if text is not None and not is_id(text):
        faults.append(Fault("cursor", "QUERY_INVALID", N_("cursor must be taken from the Link header of a page")))
    return text


def page_limit(text: str | None, faults: list[Fault]) -> int:
    """The most results on a page; adds a fault when it is not a usable number."""
    if text is None:
        return USUAL_PAGE
    if text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= LARGEST_PAGE:
        return int(text)
    faults.append(
        Fault(
            "limit",
            "QUERY_INVALID",
            sentence("limit must be a whole number from 1 to %(most)s", most=LARGEST_PAGE),
        )
    )
    return USUAL_PAGE
