"""Verifying the audit trail: each chain in itself, against the census and a checkpoint, and rows against what it says.

One pass over everything, ordered by company and owner, in memory for one owner at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Generic, TypeVar

from ostiary.domain.audit import census
from ostiary.domain.audit.census import ORIGIN_BYTES, Tally
from ostiary.domain.audit.checkpoints import Owner, Witnessed
from ostiary.domain.audit.row_states import Fields, SaidOfRow
from ostiary.domain.audit.trail import FIRST_HASH, SAYS_ALL, AuditEntry, Mark, chain_fault
from ostiary.domain.companies.company import Chain

T = TypeVar("T")
EVERYBODY: Owner = ("", "")
"""Whom a fault is about that is nobody's alone."""
PINNED = "catalogue_version"
PUBLISHED = ("publication", "version")
"""A kind of row, and the column that names a catalogue."""
ACCEPTED = ("acceptance", "sha256")
"""A kind of row, and the column that names a text."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One chain after its check. `faults` say what is wrong with it and with the rows that it tells of.

    `is_counted`: its end is the one of the census, which follows a few seconds behind.
    """

    owner: Owner
    end: Chain
    faults: tuple[str, ...] = ()
    is_keyed: bool = False
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """One chain in the census."""

    company_id: str
    owner: str
    length: int
    seal: bytes


@dataclass(frozen=True, slots=True)
class Material:
    """All of one moment, each ordered by company and owner. `rows`: company, owner, the row's name, its columns;
    None where they are not compared.

    `tallies` are as they are kept, by company. `catalogues` are the versions that are kept, each with the hashes of the
    texts of terms that it names, None where its content is another. `texts` are those that are kept, by their hash, and
    whether they have it.
    """

    ends: Iterable[tuple[str, str, Chain]]
    entries: Iterable[AuditEntry]
    counted: Iterable[Counted] = ()
    rows: Iterable[tuple[str, str, str, Fields]] | None = None
    tallies: Mapping[str, bytes] = field(default_factory=dict)
    catalogues: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    texts: Mapping[str, bool] = field(default_factory=dict)


class Beside(Generic[T]):
    """What is there for each owner, taken in the order of owners; what was passed over belongs to none of them."""

    def __init__(self, ordered: Iterable[tuple[Owner, T]]) -> None:
        self._groups = (
            (owner, (item for _, item in group)) for owner, group in groupby(ordered, key=lambda pair: pair[0])
        )
        self._next = next(self._groups, None)

    def before(self, owner: Owner) -> Iterator[tuple[Owner, Iterable[T]]]:
        """Those whose owners come first; consume each before the next."""
        while self._next is not None and self._next[0] < owner:
            yield self._next
            self._next = next(self._groups, None)

    def of(self, owner: Owner) -> Iterable[T]:
        """That owner's; consume it before asking on."""
        if self._next is None or self._next[0] != owner:
            return
        yield from self._next[1]
        self._next = next(self._groups, None)


LAST: Owner = ("\U0010ffff", "")
"""After every owner there can be."""


class Verification:
    """`check` gives every chain with its faults; `rest` then gives what is wrong with the whole."""

    def __init__(self, material: Material, mark: Mark, witnessed: Witnessed | None = None) -> None:
        self._material, self._mark = material, mark
        self._seen = dict(witnessed.ends) if witnessed else {}
        sealed = material.tallies.get(census.WHOLE)
        self._whole = None if sealed is None else census.read(mark, census.WHOLE, sealed)
        self._newest, self._origins = 0, set[bytes]()
        self._count: dict[str, Tally] = {}
        self._pinned: set[str] = set()
        self._published: set[str] = set()
        self._accepted: set[str] = set()

    def check(self) -> Iterator[Checked]:
        given = self._material
        entries = Beside(((entry.company_id, entry.owner), entry) for entry in given.entries)
        counted = Beside(((count.company_id, count.owner), count) for count in given.counted)
        rows = Beside(((row[0], row[1]), (row[2], row[3])) for row in given.rows or ())
        for company_id, owner_id, end in given.ends:
            owner = (company_id, owner_id)
            yield from self._nobodys(entries, counted, rows, owner)
            counts = list(counted.of(owner))
            walk = _Walk(entries.of(owner), self._seen.pop(owner, ()), counts[0] if counts else None)
            faults = list(self._chain(owner, end, walk))
            held = dict(rows.of(owner))
            if not faults and walk.stamps and given.rows is not None:
                faults = [*walk.unheard, *walk.rows.faults(held)]
            self._learn(walk, held, counts)
            is_counted = bool(counts) and counts[0].length >= end.length
            yield Checked(owner=owner, end=end, faults=tuple(faults), is_keyed=bool(walk.stamps), is_counted=is_counted)
        yield from self._nobodys(entries, counted, rows, LAST)
        for owner, ends in self._seen.items():
            end = max(ends, key=attrgetter("length"))
            yield Checked(owner, end, (f"the checkpoint saw {end.length} entries, the chain is gone",))

    def rest(self) -> Iterator[tuple[Owner, str]]:
        """What is wrong that no single chain shows: the census itself, catalogues, and texts of terms."""
        yield from self._census_faults()
        catalogues, named = self._material.catalogues, set[str]()
        for version, texts in catalogues.items():
            named |= texts or frozenset()
            if texts is None:
                yield EVERYBODY, f"catalogue {version}: what is kept under this version is another, or none"
        for version in sorted(self._pinned - catalogues.keys()):
            yield EVERYBODY, f"catalogue {version}: requests are pinned to it, and it is not kept"
        for version in sorted(self._published - self._pinned - catalogues.keys()):
            yield EVERYBODY, f"catalogue {version}: it was published, and it is not kept"
        yield from self._text_faults(named)

    def _text_faults(self, named: set[str]) -> Iterator[tuple[Owner, str]]:
        """`named` are the hashes that catalogues name."""
        for digest, is_itself in self._material.texts.items():
            if not is_itself:
                yield EVERYBODY, f"terms {digest}: what is kept under this hash is another text"
        for digest in sorted(self._accepted - self._material.texts.keys()):
            yield EVERYBODY, f"terms {digest}: they were accepted, and the text is not kept"
        for digest in sorted(named - self._accepted - self._material.texts.keys()):
            yield EVERYBODY, f"terms {digest}: a catalogue names them, and the text is not kept"

    # ---- one owner ----

    def _chain(self, owner: Owner, end: Chain, walk: _Walk) -> Iterator[str]:
        wrong = chain_fault(walk, end, self._mark)
        if wrong is not None:
            yield wrong
            for _ in walk:  # what is left of it, so that the next owner's come next
                pass
        fault = walk.witness_fault() or walk.census_fault(owner, self._mark)
        if fault is not None and wrong is None:
            yield fault
        if wrong is None and not end.length:
            yield "no entry says where it comes from"
        elif wrong is None and not walk.stamps and self._whole is not None and self._whole.is_keyed:
            yield "no entry of it is keyed, and all chains were: it was written anew"

    def _nobodys(
        self, entries: Beside[AuditEntry], counted: Beside[Counted], rows: Beside[tuple[str, Fields]], owner: Owner
    ) -> Iterator[Checked]:
        """What is there of owners who are not."""
        faults: dict[Owner, list[str]] = {}
        for whose, some in entries.before(owner):
            for _ in some:
                pass
            faults.setdefault(whose, []).append("entries are there, whoever they belong to is not")
        for whose, ends in counted.before(owner):
            counts = list(ends)
            self._learn(None, {}, counts)
            faults.setdefault(whose, []).append(f"the census counted {counts[0].length} entries, the chain is gone")
        for whose, orphans in rows.before(owner):
            named = ", ".join(name for name, _ in orphans)
            faults.setdefault(whose, []).append(f"whoever they belong to is gone: {named}")
        yield from (Checked(whose, Chain(), tuple(words)) for whose, words in sorted(faults.items()))

    def _learn(self, walk: _Walk | None, rows: Mapping[str, Fields], counts: Iterable[Counted]) -> None:
        """For the end: what the census sums up, what entries knew of it, and which catalogues and texts rows name."""
        for count in counts:
            tally = self._count.get(count.company_id, Tally())
            came = census.for_chain(self._mark, count.company_id, count.owner, count.length, count.seal)
            self._count[count.company_id] = census.moved(tally, (), (came,))
        for stamp in walk.stamps if walk else ():
            self._origins.add(stamp[:ORIGIN_BYTES])
            self._newest = max(self._newest, int.from_bytes(stamp[ORIGIN_BYTES:], "big"))
        self._pinned |= {str(row[PINNED]) for name, row in rows.items() if PINNED in row}
        self._published |= _named(rows, *PUBLISHED)
        self._accepted |= _named(rows, *ACCEPTED)

    # ---- the whole ----

    def _census_faults(self) -> Iterator[tuple[Owner, str]]:
        tallies = {
            company_id: tally for company_id, tally in self._material.tallies.items() if company_id != census.WHOLE
        }
        if self._whole is None:
            if census.WHOLE in self._material.tallies:
                yield EVERYBODY, "the census was changed"
            elif self._origins or tallies or self._count:
                yield EVERYBODY, "the census is gone"
            return
        if self._origins - {self._whole.origin}:
            yield EVERYBODY, "entries know of another census: it was begun anew"
        elif self._newest > self._whole.number:
            newest, is_now = self._newest, self._whole.number
            yield EVERYBODY, f"entries know of census {newest}, it is {is_now}: an older one was put back"
        sums = Tally()
        for company_id in sorted(tallies.keys() | self._count.keys()):
            tally = census.read(self._mark, company_id, tallies.get(company_id, b""))
            if tally is None:
                yield (company_id, company_id), "the company's part of the census was changed, or is gone"
                continue
            sums = census.moved(sums, (), (census.for_company(self._mark, company_id, tally),))
            summed = self._count.get(company_id, Tally())
            if (summed.count, summed.total) != (tally.count, tally.total):
                there = f"{summed.count} are there" if summed.count != tally.count else "some of them otherwise"
                yield (company_id, company_id), f"the census counted {tally.count} chains of the company, {there}"
        if (sums.count, sums.total) != (self._whole.count, self._whole.total):
            there = f"{sums.count} are there" if sums.count != self._whole.count else "some of them otherwise"
            yield EVERYBODY, f"the census counted {self._whole.count} companies, {there}"


def _named(rows: Mapping[str, Fields], kind: str, column: str) -> set[str]:
    """What the rows of a kind say in a column."""
    return {str(row[column]) for name, row in rows.items() if name.partition(" ")[0] == kind}


def check_links(ends: Iterable[tuple[str, str, Chain]], entries: Iterable[AuditEntry]) -> Iterator[bool]:
    """Every chain, whether it is whole as far as that shows without the key; and False for entries of nobody."""
    groups = Beside(((entry.company_id, entry.owner), entry) for entry in entries)
    for company_id, owner, end in ends:
        yield from _left(groups, (company_id, owner))
        some = groups.of((company_id, owner))
        yield chain_fault(some, end, None) is None
        for _ in some:
            pass
    yield from _left(groups, LAST)


def _left(groups: Beside[AuditEntry], owner: Owner) -> Iterator[bool]:
    for _, some in groups.before(owner):
        for _ in some:
            pass
        yield False


class _Walk:
    """Passes a chain's entries on, and remembers what is compared afterwards."""

    def __init__(self, entries: Iterable[AuditEntry], expected: Iterable[Chain], counted: Counted | None) -> None:
        self._entries, self._counted = iter(entries), counted
        self._expected: dict[int, set[bytes]] = {}
        for end in expected:
            self._expected.setdefault(end.length, set()).add(end.head)
        self._end, self._length = FIRST_HASH, 0
        self._others = list[int]()
        if self._expected.get(0, {FIRST_HASH}) != {FIRST_HASH}:
            self._others.append(0)
        self.stamps: set[bytes] = set()
        self.rows = SaidOfRow()
        self.unheard: list[str] = []

    def __iter__(self) -> Iterator[AuditEntry]:
        for entry in self._entries:
            self._length += 1
            if self._expected.get(entry.position, {entry.hash}) != {entry.hash}:
                self._others.append(entry.position)
            if self._counted is not None and entry.position == self._counted.length:
                self._end = entry.hash
            if entry.stamp is not None:
                self.stamps.add(entry.stamp)
                self._hear(entry)
            yield entry

    def _hear(self, entry: AuditEntry) -> None:
        try:
            self.rows.hear(entry.about_rows, entry.position, anew=entry.action in SAYS_ALL)
        except (ValueError, AttributeError):
            self.unheard.append(f"entry {entry.position} says of rows what cannot be read")

    def witness_fault(self) -> str | None:
        longest = max(self._expected, default=0)
        if self._length < longest:
            return f"the checkpoint saw {longest} entries, {self._length} are there"
        if not self._others:
            return None
        return f"entry {self._others[0]} is not the one the checkpoint saw: the chain was rewritten"

    def census_fault(self, owner: Owner, mark: Mark) -> str | None:
        counted = self._counted
        if counted is None:
            return None
        if self._length < counted.length:
            return f"the census counted {counted.length} entries, {self._length} are there"
        end = Chain(counted.length, self._end)
        if census.end_seal(mark, *owner, end) == counted.seal:
            return None
        return f"entry {counted.length} is not the one that the census counted"
