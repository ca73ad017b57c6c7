"""Several statements as one: reads side by side, and the writes of a unit of work, in one round trip.

A unit's writes become one statement with data-modifying common table expressions. Its `CASE` counts what each of them
changed, in order, which is also the order in which they run: the owner's row, the lock, first. The first guard that
does not hold makes the statement fail, and PostgreSQL undoes it wholly. All of it sees one snapshot, so a statement
that must see what the ones before it did, or what others committed while they waited, starts another stage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ostiary.domain.unit import Guard
from ostiary.storage.postgres import dialect

TEXTS_KEPT = 4_096
"""Shapes of units that are kept composed: what requests and deliveries make are some hundred."""
_PARAMETER = re.compile(r"\?(\d+)")
_PART = re.compile(r"_\d+\Z")
_LOST = re.compile(r'"guard (\d+) did not hold"')


@lru_cache(maxsize=TEXTS_KEPT)
def translated(text: str) -> str:
    """A shared statement in PostgreSQL's words."""
    return _PARAMETER.sub(r"$\1", dialect.WORDS.get(text, text))


def moved(text: str, by: int) -> str:
    """With every parameter's number so much higher."""
    return _PARAMETER.sub(lambda match: f"${int(match[1]) + by}", dialect.WORDS.get(text, text))


@lru_cache(maxsize=TEXTS_KEPT)
def side_by_side(asks: tuple[tuple[str, int], ...]) -> str:
    """One row with the rows of each read as an array. `asks` are statements with how many parameters they take."""
    arrays, before = [], 0
    for text, parameters in asks:
        arrays.append(f"ARRAY(SELECT x FROM ({moved(text, before)}) x)")  # noqa: S608
        before += parameters
    return f"SELECT {', '.join(arrays)}"


@lru_cache(maxsize=TEXTS_KEPT)
def together(todo: tuple[tuple[str, int, bool], ...]) -> str:
    """One statement of several writes: each its text, how many parameters it takes, and whether it is guarded."""
    parts, checks, before = list[str](), list[str](), 0
    for place, (text, parameters, is_guarded) in enumerate(todo):
        if text in dialect.STEPS:
            first, second = (moved(step, before) for step in dialect.STEPS[text])
            parts.append(f"w{place}_first AS ({first})")
            text = second.format(first=f"w{place}_first")
        else:
            text = moved(text, before)
        parts.append(f"w{place} AS ({text} RETURNING 1)")
        wrong = "<> 1" if is_guarded else "< 0"  # never, but counting is what makes it run in its turn
        checks.append(f"WHEN (SELECT count(*) FROM w{place}) {wrong} THEN {place}")  # noqa: S608
        before += parameters
    counted = f"SELECT CASE {' '.join(checks)} ELSE -1 END AS lost"
    failing = "CASE WHEN lost < 0 THEN 0 ELSE CAST('guard ' || lost || ' did not hold' AS int) END"
    return f"WITH {', '.join(parts)} SELECT {failing} FROM ({counted}) counted"  # noqa: S608 (our own statements)


def lost_place(message: str) -> int | None:
    """Which statement's guard did not hold, as the failed statement says."""
    match = _LOST.search(message)
    return None if match is None else int(match[1])


def guard_of_table(todo: Sequence[tuple[str, Guard | None]], table: str) -> Guard | None:
    """The guard of the statement that writes to a table: what a violated unique index means.

    Where tables are split, the server names a part: it is called by its table's name, an underscore and a number.
    """
    if not table:
        return None  # the server named none
    written = re.compile(rf"\b(?:INTO|UPDATE) {re.escape(_PART.sub('', table))}\b")
    return next((guard for text, guard in todo if guard is not None and written.search(text)), None)
