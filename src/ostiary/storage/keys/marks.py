"""Marks: keyed hashes by which clients and their documents are found. Which of them are under an older version of the
lookup keys, and how those of documents come under the newest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ostiary.domain.clients.marks import KEY_OF, MarkKind, MoveMark, OldMark
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import BlockingConnection, Engine, Script
from ostiary.storage.keys.lookup_ring import FIRST
from ostiary.storage.statement import Statement
from ostiary.storage.tables.clients import EMAIL
from ostiary.storage.tables.documents import ADD_LIKENESS, CONTEST_NUMBER
from ostiary.storage.unit_context import UnitContext

# ---- statements -----------------------------------------------------------------------------------------------------

_LEAD = "CASE WHEN length({0}) = 33 THEN substr({0}, 1, 1) END"
"""The version that a mark bears, as one byte; NULL for one under the first, which bears none."""
_OTHER = f"coalesce({_LEAD}, ?3) <> ?4"
"""Whether a mark is under another version than the one of the fourth parameter; the third is the first's."""
_TABLES = (("document_numbers", "number_mark"), ("contested_numbers", "number_mark"), ("likenesses", "band_mark"))

_OLD_ROW = f"""({_OTHER.format("email_mark")}
 OR reference_mark IS NOT NULL AND {_OTHER.format("reference_mark")})"""
"""The same of either mark of a client's own row."""

CLIENTS_TO_MOVE = f"""SELECT client_id FROM clients WHERE company_id = ?1 AND client_id > ?2 AND erased_at_ms IS NULL
 AND {_OLD_ROW} ORDER BY client_id LIMIT ?5"""  # noqa: S608
NUMBERS_TO_MOVE, CONTESTED_TO_MOVE, LIKENESSES_TO_MOVE = (
    f"""SELECT DISTINCT client_id FROM {table} WHERE company_id = ?1 AND client_id > ?2 AND {_OTHER.format(mark)}
 ORDER BY client_id LIMIT ?5"""  # noqa: S608
    for table, mark in _TABLES
)
NUMBERS_OF_CLIENT, CONTESTED_OF_CLIENT, LIKENESSES_OF_CLIENT = (
    f"SELECT {mark}, document_id FROM {table} WHERE company_id = ?1 AND client_id = ?2 AND {_OTHER.format(mark)}"  # noqa: S608
    for table, mark in _TABLES
)
IS_OLD = f"SELECT 1 FROM clients WHERE company_id = ?1 AND client_id = ?2 AND {_OLD_ROW}"  # noqa: S608
FORGET_NUMBERS, FORGET_CONTESTED, FORGET_LIKENESSES = (
    f"DELETE FROM {table} WHERE company_id = ?1 AND client_id = ?2 AND {_OTHER.format(mark)}"  # noqa: S608
    for table, mark in _TABLES
)
FORGET_ADDRESS = f"""UPDATE clients SET email_mark = ?5, reference_mark = NULL
 WHERE company_id = ?1 AND client_id = ?2 AND erased_at_ms IS NULL AND {_OLD_ROW}"""  # noqa: S608
DROP_NUMBER, DROP_CONTESTED, DROP_LIKENESS = (
    f"DELETE FROM {table} WHERE company_id = ?1 AND {mark} = ?2 AND client_id = ?3 AND document_id = ?4"  # noqa: S608
    for table, mark in _TABLES
)
KEEP_NUMBER = "INSERT INTO document_numbers VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
"""Who holds it under the newest version by now may: the row under the older one held nothing any more."""
# Of the whole installation: whether a version may go.
COUNT_EMAILS = f"SELECT {_LEAD.format('email_mark')}, count(*) FROM clients WHERE erased_at_ms IS NULL GROUP BY 1"  # noqa: S608
COUNT_REFERENCES = f"""SELECT {_LEAD.format("reference_mark")}, count(*) FROM clients
 WHERE erased_at_ms IS NULL AND reference_mark IS NOT NULL GROUP BY 1"""  # noqa: S608
COUNT_NUMBERS, COUNT_CONTESTED, COUNT_LIKENESSES = (
    f"SELECT {_LEAD.format(mark)}, count(*) FROM {table} GROUP BY 1"  # noqa: S608
    for table, mark in _TABLES
)

_TO_MOVE = (CLIENTS_TO_MOVE, NUMBERS_TO_MOVE, CONTESTED_TO_MOVE, LIKENESSES_TO_MOVE)
_OF_CLIENT = {
    MarkKind.NUMBER: NUMBERS_OF_CLIENT,
    MarkKind.CONTESTED: CONTESTED_OF_CLIENT,
    MarkKind.LIKENESS: LIKENESSES_OF_CLIENT,
}
_MOVES = {
    MarkKind.NUMBER: (DROP_NUMBER, KEEP_NUMBER),
    MarkKind.CONTESTED: (DROP_CONTESTED, CONTEST_NUMBER),
    MarkKind.LIKENESS: (DROP_LIKENESS, ADD_LIKENESS),
}
COUNTS = {
    "emails": COUNT_EMAILS,
    "references": COUNT_REFERENCES,
    "numbers": COUNT_NUMBERS,
    "contested": COUNT_CONTESTED,
    "likenesses": COUNT_LIKENESSES,
}

# ---- reads ----------------------------------------------------------------------------------------------------------


class Marks:
    """Marks of all companies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def clients_to_move(self, company_id: str, written: int, after: str, most: int) -> list[str]:
        """Clients behind an id, in order, of whom any mark is under another version than the one that is written."""
        values = (company_id, after, bytes((FIRST,)), bytes((written,)), most)
        results = await self._engine.gather(*((text, values) for text in _TO_MOVE))
        return sorted({str(row[0]) for rows in results for row in rows})[:most]

    async def old_of_client(self, company_id: str, client_id: str, written: int) -> list[OldMark]:
        """Of a client's documents."""
        values = (company_id, client_id, bytes((FIRST,)), bytes((written,)))
        results = await self._engine.gather(*((text, values) for text in _OF_CLIENT.values()))
        return [
            OldMark(kind, bytes(row[0]), str(row[1]))
            for kind, rows in zip(_OF_CLIENT, results, strict=True)
            for row in rows
        ]

    async def is_old(self, company_id: str, client_id: str, written: int) -> bool:
        """Whether the client's own row is found by marks under another version than the one that is written."""
        return bool(await self._engine.rows(IS_OLD, company_id, client_id, bytes((FIRST,)), bytes((written,))))


def marks_by_version(aside: BlockingConnection) -> dict[int, Counter[str]]:
    """How many there are of the whole installation, by version and what they are found by."""
    counts: dict[int, Counter[str]] = {}
    for name, text in COUNTS.items():
        for lead, count in aside.rows(text):
            counts.setdefault(FIRST if lead is None else bytes(lead)[0], Counter())[name] += int(count)
    return counts


# ---- writes ---------------------------------------------------------------------------------------------------------


def move_marks(context: UnitContext, changes: Sequence[MoveMark]) -> Iterator[Statement]:
    """Marks of the owner's documents come under the version that is written."""
    for change in changes:
        before = change.before
        drop, keep = _MOVES[before.kind]
        mark = context.cipher.mark(KEY_OF[before.kind], context.company_id, change.content)
        owner = (context.client.id, before.document_id)
        yield Statement(drop, (context.company_id, before.mark, *owner))
        yield Statement(keep, (context.company_id, mark, *owner))


async def forget_marks(engine: Engine, cipher: Cipher, company_id: str, client_id: str) -> None:
    """What is under another version than the one that is written finds a client no more: an operator said so, since it
    cannot move."""
    key = (company_id, client_id, bytes((FIRST,)), bytes((cipher.written_version,)))

    def script() -> Script[None]:
        for text in (FORGET_NUMBERS, FORGET_CONTESTED, FORGET_LIKENESSES):
            yield text, key
        yield FORGET_ADDRESS, (*key, cipher.mark(EMAIL, "forgotten", company_id, client_id))

    await engine.perform(script)
