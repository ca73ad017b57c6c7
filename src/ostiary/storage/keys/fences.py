"""What the database itself refuses: marks under another version of the lookup keys than the one that is written, and
keys under a retired master key.

A process that has not heard yet, one with an old ring and one of an earlier version are all the same to it: none of
them gets a row in. To put up a fence waits for the writes that have begun (`CREATE TRIGGER` takes a lock that excludes
them, on SQLite there is one writer), so that none of them comes after it. Who is refused looks at the keys and decides
again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ostiary.storage.engine import Engine, Row, Script
from ostiary.storage.keys.lookup_ring import FIRST, LookupRing, ring_changed, ring_of
from ostiary.storage.keys.masters import RETIRED
from ostiary.storage.postgres.diagnostics import triggers
from ostiary.storage.tables.installation import ADD_INSTALLATION, DROP_INSTALLED, INSTALLATION

MARKED = (
    ("clients", "email_mark"),
    ("clients", "reference_mark"),
    ("document_numbers", "number_mark"),
    ("contested_numbers", "number_mark"),
    ("likenesses", "band_mark"),
)
"""Columns with marks that have versions."""
WRAPPED = (("clients", "data_key"), ("companies", "data_key"))
"""Columns with keys that a master key wraps."""
MARK_BYTES = 32
"""Of a mark under the first version, which bears none."""
FENCES = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
SHORT_WAIT = "SET LOCAL lock_timeout = '1s'"
"""Who waits for the lock of a table lets nobody else in; who calls tries again."""
REFUSED = """CREATE OR REPLACE FUNCTION ostiary_refused() RETURNS trigger LANGUAGE plpgsql AS
 $$ BEGIN RAISE EXCEPTION 'written under an old key' USING ERRCODE = 'check_violation'; END $$"""


def under_version(column: str, version: int, *, is_shared: bool) -> str:
    """The SQL that says whether a mark is under a version. `is_shared`: in PostgreSQL's words."""
    if version == FIRST:
        return f"length({column}) = {MARK_BYTES}"
    lead = f"get_byte({column}, 0) = {version}" if is_shared else f"substr({column}, 1, 1) = x'{version:02x}'"
    return f"(length({column}) = {MARK_BYTES + 1} AND {lead})"


def fence_marks(version: int, *, is_shared: bool) -> Script[None]:
    """Steps of a transaction: marks come under this version alone from now on."""
    for table, column in MARKED:
        new = f"NEW.{column}"
        wrong = f"{new} IS NOT NULL AND NOT {under_version(new, version, is_shared=is_shared)}"
        yield from _steps(_put_up(table, column, wrong, is_shared=is_shared))


def fence_masters(numbers: Sequence[int], *, is_shared: bool) -> Script[None]:
    """Steps of a transaction: nothing comes under one of these master keys any more; with none the fence is gone."""
    for table, column in WRAPPED:
        if not numbers:
            yield from _steps(_take_down(table, column, is_shared=is_shared))
            continue
        new = f"NEW.{column}"
        listed = ", ".join(str(number) if is_shared else f"x'{number:02x}'" for number in sorted(numbers))
        lead = f"get_byte({new}, 0)" if is_shared else f"substr({new}, 1, 1)"
        wrong = f"CASE WHEN length({new}) > 0 THEN {lead} IN ({listed}) ELSE false END"
        yield from _steps(_put_up(table, column, wrong, is_shared=is_shared))


def written_from_now(held: Mapping[str, bytes], after: LookupRing, *, is_shared: bool) -> Script[bool]:
    """Steps of a transaction: a version is written, and none else. False where somebody else changed the ring."""
    if not (yield from ring_changed(held, after)):
        return False
    yield from fence_marks(after.written, is_shared=is_shared)
    return True


async def retire_master(engine: Engine, number: int, now_ms: int) -> None:
    """From now on nothing comes under a master key, and no process starts whose newest one it is."""

    def script() -> Script[None]:
        yield ADD_INSTALLATION, (f"{RETIRED}{number}", str(now_ms).encode())
        yield from _fence_retired((yield INSTALLATION, ()), is_shared=engine.is_shared)

    await engine.perform(script)


async def bring_back_master(engine: Engine, number: int) -> None:
    """It is not retired."""

    def script() -> Script[None]:
        yield DROP_INSTALLED, (f"{RETIRED}{number}",)
        yield from _fence_retired((yield INSTALLATION, ()), is_shared=engine.is_shared)

    await engine.perform(script)


def _fence_retired(rows: Sequence[Row], *, is_shared: bool) -> Script[None]:
    yield from fence_masters(retired_numbers(str(row[0]) for row in rows), is_shared=is_shared)


def retired_numbers(names: Iterable[str]) -> list[int]:
    """Of retired master keys, by the names of what the installation keeps."""
    numbers = (name.removeprefix(RETIRED) for name in names if name.startswith(RETIRED))
    return sorted(int(number) for number in numbers if number.isdecimal())


def keep_fences(engine: Engine) -> None:
    """Puts up again what got lost: tables that were copied to another database or split by company are new ones."""
    with engine.blocking() as aside:
        held = {str(row[0]): bytes(row[1]) for row in aside.rows(INSTALLATION)}
        ring, retired = ring_of(held), retired_numbers(held)
        wanted = [*(MARKED if ring.written != FIRST else ()), *(WRAPPED if retired else ())]
        if not wanted:
            return
        names = triggers(aside) if engine.is_shared else {str(row[0]) for row in aside.rows(FENCES)}
        if all(any(name.startswith(_name(*place)) for name in names) for place in wanted):
            return
        steps = [*fence_marks(ring.written, is_shared=engine.is_shared)] if ring.written != FIRST else []
        steps += [*fence_masters(retired, is_shared=engine.is_shared)] if retired else []
        for text, _ in steps:
            if text != SHORT_WAIT:
                aside.alone(text)


def _name(table: str, column: str) -> str:
    return f"ostiary_{table}_{column}"


def _steps(texts: Iterator[str]) -> Script[None]:
    for text in texts:
        yield text, ()


def _put_up(table: str, column: str, wrong: str, *, is_shared: bool) -> Iterator[str]:
    name = _name(table, column)
    if is_shared:
        yield SHORT_WAIT
        yield REFUSED
        yield (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE INSERT OR UPDATE OF {column} ON {table} FOR EACH ROW "
            f"WHEN ({wrong}) EXECUTE FUNCTION ostiary_refused()"
        )
        return
    yield from _take_down(table, column, is_shared=False)
    for end, event in (("added", "INSERT"), ("changed", f"UPDATE OF {column}")):
        yield (
            f"CREATE TRIGGER {name}_{end} BEFORE {event} ON {table} WHEN {wrong} "
            "BEGIN SELECT RAISE(ABORT, 'written under an old key'); END"
        )


def _take_down(table: str, column: str, *, is_shared: bool) -> Iterator[str]:
    name = _name(table, column)
    if is_shared:
        yield SHORT_WAIT
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        return
    for end in ("added", "changed"):
        yield f"DROP TRIGGER IF EXISTS {name}_{end}"
