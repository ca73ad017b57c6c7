"""An installation as a verification finds it, made by somebody who has the key, for tests that change it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ostiary.domain.audit import census
from ostiary.domain.audit.census import WHOLE, Tally
from ostiary.domain.audit.row_states import Fields
from ostiary.domain.audit.trail import FIRST_HASH, AuditEntry, key_seal, seal
from ostiary.domain.audit.verifying import Counted, Material, Verification
from ostiary.domain.companies.company import Chain
from tests.auditing import MARK

ORIGIN = b"original"


@dataclass
class CountedInstallation:
    """An installation as it lies there: two companies, whose chains are counted. Changed by tests, then verified."""

    entries: dict[tuple[str, str], list[AuditEntry]] = field(default_factory=dict)
    counted: dict[tuple[str, str], Counted] = field(default_factory=dict)
    tallies: dict[str, bytes] = field(default_factory=dict)
    rows: dict[tuple[str, str], dict[str, Fields]] = field(default_factory=dict)
    catalogues: dict[str, frozenset[str] | None] = field(default_factory=lambda: {"v1": frozenset()})
    texts: dict[str, bool] = field(default_factory=dict)
    ends: dict[tuple[str, str], Chain] = field(default_factory=dict)

    def add(self, company: str, owner: str, claims: bytes = b"", *, number: int = 3, action: str = "did") -> None:
        """An entry more, sealed by somebody who has the key."""
        end = self.ends.get((company, owner), Chain())
        entry = AuditEntry(company, owner, end.length + 1, 1, action, "key:K", owner, (), b"d" * 32 + claims)
        entry_hash = key_seal(MARK, end.head, entry, Tally(ORIGIN, number).stamp)
        self.entries.setdefault((company, owner), []).append(replace(entry, hash=entry_hash))
        self.ends[company, owner] = Chain(entry.position, entry_hash)

    def count(self, *, number: int = 3, is_keyed: bool = True) -> None:
        """The census, made anew."""
        tallies: dict[str, Tally] = {}
        for (company, owner), end in self.ends.items():
            end_seal = census.end_seal(MARK, company, owner, end)
            self.counted[company, owner] = Counted(company, owner, end.length, end_seal)
            came = census.for_chain(MARK, company, owner, end.length, end_seal)
            tallies[company] = census.moved(tallies.get(company, Tally()), (), (came,))
        of_all = [census.for_company(MARK, company, tally) for company, tally in tallies.items()]
        tallies[WHOLE] = replace_tally(census.moved(Tally(ORIGIN), (), of_all), number=number, is_keyed=is_keyed)
        self.tallies = {company: census.written(MARK, company, tally, bytes(16)) for company, tally in tallies.items()}

    def faults(self) -> dict[str, str]:
        """By owner; of the installation and a company under an empty name and the company's."""
        by_owner: dict[str, list[str]] = {}
        rows = [(*owner, name, fields) for owner, some in sorted(self.rows.items()) for name, fields in some.items()]
        material = Material(
            [(*owner, end) for owner, end in sorted(self.ends.items())],
            [entry for owner in sorted(self.entries) for entry in self.entries[owner]],
            [self.counted[owner] for owner in sorted(self.counted)],
            rows,
            self.tallies,
            self.catalogues,
            self.texts,
        )
        verification = Verification(material, MARK)
        for chain in verification.check():
            by_owner.setdefault(chain.owner[1], []).extend(chain.faults)
        for owner, fault in verification.rest():
            by_owner.setdefault(owner[1], []).append(fault)
        return {owner: "; ".join(some) for owner, some in by_owner.items() if some}

    def forget(self, company: str, owner: str, *, wholly: bool = False) -> None:
        """All of a chain is gone."""
        del self.entries[company, owner], self.ends[company, owner]
        self.rows.pop((company, owner), None)
        if wholly:
            del self.counted[company, owner]

    def cut(self, company: str, owner: str) -> None:
        """The last entry is gone, and the owner's row says so."""
        self.entries[company, owner].pop()
        last = self.entries[company, owner][-1]
        self.ends[company, owner] = Chain(last.position, last.hash)

    def in_plain(self, company: str, owner: str) -> None:
        """A chain is written anew by somebody without the key."""
        head, entries = FIRST_HASH, []
        for entry in self.entries[company, owner]:
            head = seal(head, entry)
            entries.append(replace(entry, hash=head))
        self.entries[company, owner], self.ends[company, owner] = entries, Chain(len(entries), head)


def replace_tally(tally: Tally, **changes: Any) -> Tally:
    """Of the whole, with some of it as a test wants it."""
    given = {name: getattr(tally, name) for name in ("origin", "number", "count", "total", "keyed_from_ms", "is_keyed")}
    return Tally(**{**given, **changes})


def two_companies() -> CountedInstallation:
    """Four chains, counted."""
    installation = CountedInstallation()
    for company, owner in (("C", "C"), ("C", "ana"), ("C", "bea"), ("D", "D")):
        installation.add(company, owner)
        installation.add(company, owner)
    installation.count()
    return installation
