"""What the database itself refuses: marks under another version of the lookup keys than the one that is written, and
keys under a retired master key.

A process that has not heard yet, one with an old ring and one of an earlier version are all the same to it: none of
them gets a row in. To put up a fence waits for the writes that have begun (`CREATE TRIGGER` takes a lock that excludes
them, on SQLite there is one writer), so that none of them comes after it. Who is refused looks at the keys and decides
again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from ostiary.domain.errors import Unavailable
from ostiary.storage.engine import OLD_KEY, Engine, Row, Script
from ostiary.storage.keys.lookup_ring import FIRST, LookupRing, ring_changed, ring_of
from ostiary.storage.keys.masters import RETIRED
from ostiary.storage.postgres import diagnostics
from ostiary.storage.tables.installation import ADD_INSTALLATION, DROP_INSTALLED, INSTALLATION, values_of

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
NAMED = "ostiary_"
"""How the names of the triggers begin."""
MOST_TRIES = 50
"""For a lock that a long transaction holds, and against others who change keys."""
BETWEEN_TRIES_S = 0.2
FENCES = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
SHORT_WAIT = "SET LOCAL lock_timeout = '1s'"
"""Who waits for the lock of a table lets nobody else in; who calls tries again."""
IN_TURN = "LOCK TABLE installation IN SHARE ROW EXCLUSIVE MODE"
"""Who puts up fences goes by what the installation keeps, as others who do so left it. SQLite has one writer."""
REFUSED = f"""CREATE OR REPLACE FUNCTION ostiary_refused() RETURNS trigger LANGUAGE plpgsql AS
 $$ BEGIN RAISE EXCEPTION '{OLD_KEY}' USING ERRCODE = 'check_violation', CONSTRAINT = '{OLD_KEY}'; END $$"""


@dataclass(frozen=True, slots=True)
class _Fence:
    """A column's, with the SQL that says what it refuses; `sign` is by what it is told from one of another time."""

    table: str
    column: str
    wrong: str
    sign: str

    @property
    def name(self) -> str:
        return f"{NAMED}{self.table}_{self.column}"

    def texts(self, *, is_shared: bool) -> dict[str, str]:
        """What puts it up, by the names of the triggers that it is."""
        if is_shared:
            return {
                self.name: f"CREATE OR REPLACE TRIGGER {self.name} BEFORE INSERT OR UPDATE OF {self.column} "
                f"ON {self.table} FOR EACH ROW WHEN ({self.wrong}) EXECUTE FUNCTION ostiary_refused('{self.sign}')"
            }
        return {
            f"{self.name}_{end}": f"CREATE TRIGGER {self.name}_{end} BEFORE {event} ON {self.table} WHEN {self.wrong} "
            f"BEGIN SELECT RAISE(ABORT, '{OLD_KEY}'); END"
            for end, event in (("added", "INSERT"), ("changed", f"UPDATE OF {self.column}"))
        }

    def signs(self, *, is_shared: bool) -> dict[str, str]:
        """What the database says of it where it stands, by the same names."""
        texts = self.texts(is_shared=is_shared)
        return dict.fromkeys(texts, f"{self.sign}\0") if is_shared else texts


def under_version(column: str, version: int, *, is_shared: bool) -> str:
    """The SQL that says whether a mark is under a version. `is_shared`: in PostgreSQL's words."""
    if version == FIRST:
        return f"length({column}) = {MARK_BYTES}"
    lead = f"get_byte({column}, 0) = {version}" if is_shared else f"substr({column}, 1, 1) = x'{version:02x}'"
    return f"(length({column}) = {MARK_BYTES + 1} AND {lead})"


def fences_of(held: Mapping[str, bytes], *, is_shared: bool) -> list[_Fence]:
    """Those there should be, by what the installation keeps: none before a key was ever replaced. Raises Broken."""
    written, retired = ring_of(held).written, retired_numbers(held)
    fences = []
    for table, column in MARKED if written != FIRST else ():
        new = f"NEW.{column}"
        wrong = f"{new} IS NOT NULL AND NOT {under_version(new, written, is_shared=is_shared)}"
        fences.append(_Fence(table, column, wrong, f"version {written}"))
    for table, column in WRAPPED if retired else ():
        new = f"NEW.{column}"
        listed = ", ".join(str(number) if is_shared else f"x'{number:02x}'" for number in retired)
        lead = f"get_byte({new}, 0)" if is_shared else f"substr({new}, 1, 1)"
        wrong = f"CASE WHEN length({new}) > 0 THEN {lead} IN ({listed}) ELSE false END"
        fences.append(_Fence(table, column, wrong, f"retired {listed}"))
    return fences


def in_turn(*, is_shared: bool) -> Script[None]:
    """Steps of a transaction: nobody else changes keys or fences until it ends."""
    if is_shared:
        yield SHORT_WAIT, ()
        yield IN_TURN, ()


def fenced(*, is_shared: bool) -> Script[bool]:
    """Steps of a transaction: those fences stand that there should be, and no others. Whether any was another."""
    held = values_of((yield INSTALLATION, ()))
    stand = _standing((yield _asked(is_shared=is_shared), ()))
    wanted = fences_of(held, is_shared=is_shared)
    signs = _signs(wanted, is_shared=is_shared)
    texts = {name: text for fence in wanted for name, text in fence.texts(is_shared=is_shared).items()}
    tables = {f"{NAMED}{table}_{column}": table for table, column in (*MARKED, *WRAPPED)}
    for name in sorted(stand):
        if name not in signs or (not is_shared and stand[name] != signs[name]):
            yield f"DROP TRIGGER {name}" + (f" ON {tables[name]}" if is_shared else ""), ()
    others = [name for name in texts if stand.get(name) != signs[name]]
    if others and is_shared:
        yield REFUSED, ()
    for name in others:
        yield texts[name], ()
    return bool(others) or not stand.keys() <= signs.keys()


def written_from_now(held: Mapping[str, bytes], after: LookupRing, *, is_shared: bool) -> Script[bool]:
    """Steps of a transaction: a version is written, and none else. False where somebody else changed the ring."""
    yield from in_turn(is_shared=is_shared)
    if not (yield from ring_changed(held, after)):
        return False
    yield from fenced(is_shared=is_shared)
    return True


async def retire_master(engine: Engine, number: int, now_ms: int) -> None:
    """From now on nothing comes under a master key; no process starts whose newest it is. Raises Unavailable."""
    await _insisted(engine, partial(_noted, ADD_INSTALLATION, (f"{RETIRED}{number}", str(now_ms).encode())))


async def bring_back_master(engine: Engine, number: int) -> None:
    """It is not retired. Raises Unavailable."""
    await _insisted(engine, partial(_noted, DROP_INSTALLED, (f"{RETIRED}{number}",)))


def _noted(text: str, values: tuple[object, ...], *, is_shared: bool) -> Script[bool]:
    yield from in_turn(is_shared=is_shared)
    yield text, values
    return (yield from fenced(is_shared=is_shared))


async def _insisted(engine: Engine, script: Callable[..., Script[bool]]) -> None:
    """What was begun has to come to its end: a key must not be marked as retired that something needs."""
    for further in reversed(range(MOST_TRIES)):
        try:
            await engine.perform(partial(script, is_shared=engine.is_shared))
        except Unavailable:  # somebody holds a table
            if not further:
                raise
            await asyncio.sleep(BETWEEN_TRIES_S)
        else:
            return


def retired_numbers(names: Iterable[str]) -> list[int]:
    """Of retired master keys, by the names of what the installation keeps."""
    numbers = (name.removeprefix(RETIRED) for name in names if name.startswith(RETIRED))
    return sorted(int(number) for number in numbers if number.isdecimal())


def keep_fences(engine: Engine) -> bool:
    """Puts right what is not as the installation's keys say: tables that were copied to another database or split by
    company are new ones, and rows of a backup may lie in tables of another time. Whether there was something.

    Raises Unavailable where somebody holds a table for long.
    """
    with engine.blocking() as aside:
        wanted = fences_of(values_of(aside.rows(INSTALLATION)), is_shared=engine.is_shared)
        stand = _standing(aside.rows(_asked(is_shared=engine.is_shared)))
        if stand == _signs(wanted, is_shared=engine.is_shared):
            return False
        for further in reversed(range(MOST_TRIES)):
            try:
                return aside.perform(_put_right(is_shared=engine.is_shared))
            except Unavailable:  # somebody holds a table
                if not further:
                    raise
                time.sleep(BETWEEN_TRIES_S)
    return False


def _put_right(*, is_shared: bool) -> Script[bool]:
    yield from in_turn(is_shared=is_shared)
    return (yield from fenced(is_shared=is_shared))


def _signs(fences: Iterable[_Fence], *, is_shared: bool) -> dict[str, str]:
    """What the database says where these fences stand, and no others."""
    return {name: sign for fence in fences for name, sign in fence.signs(is_shared=is_shared).items()}


def _asked(*, is_shared: bool) -> str:
    return diagnostics.TRIGGERS if is_shared else FENCES


def _standing(rows: Iterable[Row]) -> dict[str, str]:
    """Our triggers by their names, with their signs."""
    pairs = ((str(name), sign if isinstance(sign, str) else bytes(sign).decode()) for name, sign in rows)
    return {name: sign for name, sign in pairs if name.startswith(NAMED)}
