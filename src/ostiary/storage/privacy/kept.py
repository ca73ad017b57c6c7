"""What is kept of clients, table by table, and how it ends: the map of erasure. A test holds it against the schema, and
against the table in docs/privacy.md; a new table without a word on how it ends fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ostiary.storage.privacy import removal


class End(StrEnum):
    """How what a table holds of a client ends."""

    REMOVED = "removed"
    """Its rows are removed with the client's data key."""
    EMPTIED = "emptied"
    """The row stays, with nothing in it."""
    STAYS = "stays"
    """It stays: ids, codes, times, digests that nobody can take back."""
    BY_AGE = "by age"
    """Nothing in it names a client, and it goes by itself."""
    NONE = "nothing"
    """It holds nothing of clients."""


@dataclass(frozen=True, slots=True)
class TableEnd:
    """One table: what it holds of a client, how that ends, and by which statement."""

    holds: str
    end: End
    statement: str = ""
    counts: str = ""


_NOTHING = TableEnd("nothing of clients", End.NONE)


def _removed(holds: str, statement: str, counts: str) -> TableEnd:
    return TableEnd(holds, End.REMOVED, statement, counts)


TABLES: Mapping[str, TableEnd] = {
    "clients": TableEnd("profile, contact, refusals; keyed hashes of e-mail and reference; the data key", End.EMPTIED),
    "past_profiles": _removed("earlier profiles", removal.REMOVE_PAST_PROFILES, removal.HELD_PAST_PROFILES),
    "remarks": _removed("operators' private notes", removal.REMOVE_REMARKS, removal.HELD_REMARKS),
    "review_claims": _removed("who works on its cases", removal.REMOVE_CLAIMS, removal.HELD_CLAIMS),
    "review_drafts": _removed("notes being written", removal.REMOVE_DRAFTS, removal.HELD_DRAFTS),
    "approvals": _removed("decisions that wait for a second person", removal.REMOVE_APPROVALS, removal.HELD_APPROVALS),
    "deadlines": _removed("when its requests are due again", removal.REMOVE_DEADLINES, removal.HELD_DEADLINES),
    "attempts": _removed(
        "what receivers answered to messages about it", removal.REMOVE_ATTEMPTS, removal.HELD_ATTEMPTS
    ),
    "messages": _removed("webhooks, messages to providers", removal.REMOVE_MESSAGES, removal.HELD_MESSAGES),
    "answers": _removed("answers kept under idempotency keys", removal.REMOVE_ANSWERS, removal.HELD_ANSWERS),
    "onboarding_sessions": _removed("sessions of the page for clients", removal.REMOVE_SESSIONS, removal.HELD_SESSIONS),
    "onboarding_links": _removed("links to the page for clients", removal.REMOVE_LINKS, removal.HELD_LINKS),
    "terms_acceptances": _removed("which terms it accepted, and how", removal.REMOVE_TERMS, removal.HELD_TERMS),
    "screening_hits": _removed("entries of lists that may be it", removal.REMOVE_HITS, removal.HELD_HITS),
    "screenings": _removed("when it was screened; a keyed hash", removal.REMOVE_SCREENINGS, removal.HELD_SCREENINGS),
    "refused_pictures": _removed(
        "keyed hashes of refused pictures", removal.REMOVE_REFUSED_PICTURES, removal.HELD_REFUSED_PICTURES
    ),
    "likenesses": _removed("keyed hashes of pictures' likeness", removal.REMOVE_LIKENESSES, removal.HELD_LIKENESSES),
    "contested_numbers": _removed(
        "keyed hashes of numbers in dispute", removal.REMOVE_CONTESTED_NUMBERS, removal.HELD_CONTESTED_NUMBERS
    ),
    "document_numbers": _removed("keyed hashes of documents' numbers", removal.REMOVE_NUMBERS, removal.HELD_NUMBERS),
    "document_chips": _removed("files of chips", removal.REMOVE_CHIPS, removal.HELD_CHIPS),
    "chip_marks": _removed("keyed hashes of chips", removal.REMOVE_CHIP_MARKS, removal.HELD_CHIP_MARKS),
    "chip_challenges": _removed("what chips are to sign", removal.REMOVE_CHALLENGES, removal.HELD_CHALLENGES),
    "documents": _removed(
        "details of documents, what was read on them; names of picture files", removal.REMOVE_DOCUMENTS,
        removal.HELD_DOCUMENTS,
    ),
    "enablements": _removed("its requests and their state", removal.REMOVE_ENABLEMENTS, removal.HELD_ENABLEMENTS),
    "import_keys": _removed("by which key its row was imported", removal.REMOVE_KEYS, removal.HELD_KEYS),
    "import_rows": _removed(
        "its row of a file, while a product is to be requested for it", removal.REMOVE_ROWS, removal.HELD_ROWS
    ),
    "holds": _removed("why it was held", removal.REMOVE_HOLDS, removal.HELD_HOLDS),
    "erasures": TableEnd("that it was erased, when, by whom; the receipt: ids, times and numbers", End.STAYS),
    "audit_entries": TableEnd("who did what and when: ids, codes, digests; no personal data", End.STAYS),
    "audit_census": TableEnd("how long its audit trail is", End.STAYS),
    "audit_tallies": TableEnd("sums over audit trails", End.STAYS),
    "stored_bytes": TableEnd("a sum over all clients, which its documents leave", End.STAYS),
    "queues": TableEnd("when something is due for a receiver", End.STAYS),
    "rate_limits": TableEnd("how many calls an API key or an address made", End.BY_AGE),
    "arrivals": TableEnd("when something is due for a receiver", End.BY_AGE),
    "stored_changes": TableEnd("sizes on their way to the sum", End.BY_AGE),
    "sign_in_failures": TableEnd("attempts of operators to sign in", End.BY_AGE),
    "imports": TableEnd("how many rows of a file were carried out", End.BY_AGE),
    "operator_sessions": TableEnd("sessions of operators", End.BY_AGE),
    "operators": TableEnd("people who work with the console", End.NONE),
    "operator_passkeys": TableEnd("what they sign in with", End.NONE),
    "installation": _NOTHING, "catalogues": _NOTHING, "terms_texts": _NOTHING, "companies": _NOTHING,
    "api_keys": _NOTHING, "company_brands": _NOTHING, "publications": _NOTHING,
}  # fmt: skip
"""Those that are removed stand in the order in which they are: what is found through another goes first."""
REMOVED = {name: table for name, table in TABLES.items() if table.end is End.REMOVED}
