"""The whole audit trail of one moment, with all that it is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

from ostiary.domain.audit.row_states import Fields
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.audit.verifying import Counted, Material
from ostiary.domain.companies.company import Chain
from ostiary.domain.ports import Cipher
from ostiary.domain.renewals.deadlines import DeadlineLine
from ostiary.storage.audit import standing
from ostiary.storage.engine import BlockingConnection
from ostiary.storage.lifecycle.deadlines import unopened
from ostiary.storage.tables.audit import ALL_CHAINS, ALL_COUNTED, ALL_ENTRIES, ALL_TALLIES, entry_of
from ostiary.storage.tables.installation import ALL_CATALOGUES
from ostiary.storage.terms.texts import ALL_TERMS_TEXTS

CatalogueCheck = Callable[[str, str], frozenset[str] | None]
"""The hashes of the texts that a catalogue names; None where its source is not that of the version it is kept under."""


class Trail:
    """Every audit chain of one moment."""

    def __init__(self, aside: BlockingConnection) -> None:
        self._aside = aside

    def entries(self) -> Iterator[AuditEntry]:
        """Ordered by company, owner and position."""
        return (entry_of(row) for row in self._aside.stream(ALL_ENTRIES))

    def chains(self) -> Iterator[tuple[str, str, Chain]]:
        """The end of every chain, as its owner's row has it: company, owner, chain; in the same order."""
        return ((row[0], row[1], Chain(row[2], row[3])) for row in self._aside.stream(ALL_CHAINS))

    def counted(self) -> Iterator[Counted]:
        """What the census says of each chain, in the same order."""
        rows = self._aside.stream(ALL_COUNTED)
        return (Counted(row[0], row[1], row[2], unhexed(row[3])) for row in rows)

    def rows(self) -> Iterator[tuple[str, str, str, Fields]]:
        """How everything stands that entries tell of: company, owner, name and columns; in the same order."""
        return standing.every_row(self._aside.stream)

    def tallies(self) -> dict[str, bytes]:
        """By company, and of the whole."""
        return {row[0]: unhexed(row[1]) for row in self._aside.stream(ALL_TALLIES)}

    def catalogues(self, texts_named: CatalogueCheck) -> dict[str, frozenset[str] | None]:
        """Every version that is kept, with the hashes of the texts that it names; None where it is another."""
        rows = self._aside.stream(ALL_CATALOGUES)
        return {version: texts_named(version, source) for version, source in rows}

    def texts(self) -> dict[str, bool]:
        """Every text of terms by its hash, and whether it has that hash."""
        rows = self._aside.stream(ALL_TERMS_TEXTS)
        return {digest: sha256(str(text).encode()).hexdigest() == digest for digest, text in rows}

    def unopened_deadlines(self, cipher: Cipher) -> Iterator[tuple[str, DeadlineLine]]:
        """Rows that do not open, each with its company: entries do not tell of these, which change every few months."""
        return unopened(self._aside, cipher)

    def material(self, entries: Iterator[AuditEntry], texts_named: CatalogueCheck) -> Material:
        """All that verification needs. `entries` are the trail's, as the caller counts them."""
        return Material(
            self.chains(),
            entries,
            self.counted(),
            self.rows(),
            self.tallies(),
            self.catalogues(texts_named),
            self.texts(),
        )


def unhexed(hexed: str) -> bytes:
    """What was kept as digits; nothing for what are none."""
    try:
        return bytes.fromhex(hexed)
    except ValueError:
        return b""
