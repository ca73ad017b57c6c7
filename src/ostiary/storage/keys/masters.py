"""Which master keys a database knows: since when, whether retired, and what in it is wrapped under which.

Of each number the database keeps a value that only that key opens, written when it was first seen: two processes that
have different keys under one number are found before the second writes anything. A retired key wraps nothing any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ostiary.domain.errors import KeyMismatch
from ostiary.domain.ids import is_id, time_ms
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import BlockingConnection, Engine, Row
from ostiary.storage.tables.installation import ADD_INSTALLATION, INSTALLATION

MASTER, RETIRED = "master_key|", "master_key_retired|"
"""How the names begin under which the database keeps what it knows of a master key; its number follows."""
MOMENT_BYTES = 8
WRAPPED_BYTES = 61
"""Of a wrapped key: the master key's number, a nonce, 32 bytes and a tag."""
KINDS = ("installation", "company", "client")
"""Whose a wrapped key is."""

# ---- statements -----------------------------------------------------------------------------------------------------

ALL_DATA_KEYS = """SELECT company_id, company_id, data_key FROM companies
 UNION ALL SELECT company_id, client_id, data_key FROM clients"""
OLDEST_COMPANY = "SELECT min(company_id) FROM companies"

# ---- what is known --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One master key by its number. `since_ms`: when this database saw it first, 0 where nobody can say."""

    number: int
    since_ms: int = 0
    retired_ms: int = 0
    is_in_ring: bool = True


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """One wrapped key, where it is. `owner` is a company, a client, or the name of an installation's own key."""

    kind: str
    company_id: str
    owner: str
    content: bytes = field(repr=False)

    @property
    def number(self) -> int:
        """Of the master key that wraps it."""
        return self.content[0]

    @property
    def place(self) -> str:
        """What the wrapping is bound to."""
        return f"{self.company_id or 'installation'}|{self.owner}"


def is_wrapped(name: str, value: bytes) -> bool:
    """Whether a value of the installation's own is a wrapped key: by its length, so that none is ever left out; what
    the database notes of master keys is another."""
    return len(value) == WRAPPED_BYTES and not name.startswith((MASTER, RETIRED))


def know_masters(engine: Engine, cipher: Cipher, now_ms: int) -> None:
    """Notes each master key of the ring that the database has not met.

    Raises KeyMismatch for a key that is another than the one the database knows by that number, and for a ring whose
    newest key is retired.
    """
    with engine.blocking() as aside:
        rows = aside.rows(INSTALLATION)
        held = {row[0]: bytes(row[1]) for row in rows}
        check_masters(cipher, held)
        fresh = [number for number in cipher.numbers if f"{MASTER}{number}" not in held]
        if fresh:
            since = _since(aside, rows, now_ms)
            aside.many(ADD_INSTALLATION, [_noted(cipher, number, since.get(number, now_ms)) for number in fresh])
            check_masters(cipher, {row[0]: bytes(row[1]) for row in aside.rows(INSTALLATION)})


def check_masters(cipher: Cipher, held: Mapping[str, bytes]) -> None:
    """Raises KeyMismatch as `know_masters`."""
    if f"{RETIRED}{cipher.newest}" in held:
        raise KeyMismatch(
            f"Master key {cipher.newest} is retired, and it is the newest of the ring that this process was given: "
            "give it the ring with the newer key, as the other processes have it."
        )
    for number in cipher.numbers:
        if (noted := held.get(f"{MASTER}{number}")) is not None and _opened(cipher, number, noted) is None:
            raise KeyMismatch(
                f"Master key {number} is another than the one that this database knows as number {number}: "
                "give every process the same ring."
            )


def _noted(cipher: Cipher, number: int, at_ms: int) -> tuple[str, bytes]:
    name = f"{MASTER}{number}"
    return name, cipher.wrap(at_ms.to_bytes(MOMENT_BYTES, "big"), f"installation|{name}", number)


def _opened(cipher: Cipher, number: int, noted: bytes) -> int | None:
    """When a key was first seen; None for what another key wrote."""
    if noted[:1] != bytes([number]):
        return None
    try:
        return int.from_bytes(cipher.unwrap(noted, f"installation|{MASTER}{number}"), "big")
    except KeyMismatch:
        return None


def _since(aside: BlockingConnection, rows: Sequence[Row], now_ms: int) -> dict[int, int]:
    """Of keys that were there before this was noted: as old as the oldest company, at least."""
    oldest = aside.rows(OLDEST_COMPANY)[0][0]
    if oldest is None or not is_id(oldest):
        return {}
    numbers = {bytes(row[1])[0] for row in rows if is_wrapped(row[0], row[1])}
    return dict.fromkeys(numbers, min(time_ms(oldest), now_ms)) if len(numbers) == 1 else {}


def known_masters(aside: BlockingConnection, cipher: Cipher) -> list[MasterKey]:
    """Those of the ring and those that the database met, by number."""
    held = {row[0]: bytes(row[1]) for row in aside.rows(INSTALLATION)}
    noted_numbers = (name.partition("|")[2] for name in held if name.startswith((MASTER, RETIRED)))
    numbers = {int(number) for number in noted_numbers if number.isdecimal()}
    keys = []
    for number in sorted(numbers | set(cipher.numbers)):
        noted, retired = held.get(f"{MASTER}{number}"), held.get(f"{RETIRED}{number}")
        is_in_ring = number in cipher.numbers
        since = _opened(cipher, number, noted) if noted is not None and is_in_ring else None
        keys.append(MasterKey(number, since or 0, _moment(retired), is_in_ring))
    return keys


def _moment(retired: bytes | None) -> int:
    """When a key was retired; 0 for never. What nobody wrote who retires keys is as long ago as can be."""
    if retired is None:
        return 0
    return int(retired) if retired.isdigit() else 1


# ---- what is wrapped ------------------------------------------------------------------------------------------------


def wrapped_keys(aside: BlockingConnection) -> Iterator[WrappedKey]:
    """Every key that a master key wraps, of one moment. What is empty was destroyed with whoever it was of."""
    for name, value in aside.rows(INSTALLATION):
        if is_wrapped(name, value):
            yield WrappedKey("installation", "", name, bytes(value))
    for company_id, owner, content in aside.stream(ALL_DATA_KEYS):
        if content:
            yield WrappedKey("company" if owner == company_id else "client", company_id, owner, bytes(content))


def counted(keys: Iterator[WrappedKey]) -> Counter[tuple[int, str]]:
    """How many there are, by the master key's number and whose they are."""
    return Counter((key.number, key.kind) for key in keys)
