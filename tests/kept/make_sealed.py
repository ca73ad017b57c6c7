"""Seals one value of every kind by the code that is imported, and keeps what came out.

    python -m tests.kept.make_sealed tests/kept/sealed/NNNN.json        NNNN is the schema of that version

Run it with the version's own code once before a release that changes what is stored. Of each: `plain`, the bytes before
they are sealed, and `sealed`, under keys that everybody knows; all in base64.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from pathlib import Path

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.domain.hosted.brand import SetBrand
from ostiary.domain.ports import Box
from ostiary.storage.chips import document_chips
from ostiary.storage.hosted import brands, links
from ostiary.storage.hosted import sessions as hosted_sessions
from ostiary.storage.imports import bulk_imports
from ostiary.storage.lifecycle import deadlines
from ostiary.storage.opening import LOOKUP_KEYS
from ostiary.storage.operators import accounts, passkeys, sessions
from ostiary.storage.review import approvals
from ostiary.storage.tables import clients, companies, documents, enablements, messages, screening
from ostiary.storage.terms import acceptances
from ostiary.storage.unit_context import client_box, company_box
from tests.kept import chip, imported, terms, values
from tests.kept.deadline import DEADLINE

OF_COMPANY = (
    "companies", "company_brands", "messages", "attempts", "operators", "operator_sessions", "operator_passkeys",
    "imports", "import_rows",
)  # fmt: skip
"""Tables of which rows are sealed for their company."""


def keyring() -> Keyring:
    """Under a master key and lookup keys that everybody knows."""
    ring = Keyring(values.MASTER)
    for purpose in LOOKUP_KEYS:
        ring.set_lookup_key(purpose, values.LOOKUP_KEY)
    return ring


def sealed_values(cipher: Keyring, data_keys: dict[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """Each by table, column and variant: where it is bound to, and sealed."""
    company, client = values.company(data_keys["company"]), values.client(data_keys["client"])
    own, theirs = client_box(cipher, client), company_box(cipher, company)
    mark = screening.hit_mark(cipher, client, values.HIT)
    document, unread, request, message = values.DOCUMENT, values.UNREAD, values.REQUEST, values.MESSAGE
    by_name: dict[str, tuple[str, bytes | None]] = {
        "companies.settings": (f"companies/{company.id}/settings", companies.seal_settings(cipher, company)),
        "clients.details": (f"clients/{client.id}/details", clients.seal_details(own, client)),
        "clients.details of a version": (f"clients/{client.id}/details/4", clients.seal_details(own, client, 4)),
        "clients.terms": (f"clients/{client.id}/terms", clients.seal_terms(own, client.id, client.accepted)),
        "terms_acceptances.content": (
            f"terms_acceptances/{terms.ACCEPTANCE.id}/content",
            acceptances.seal_acceptance(own, terms.ACCEPTANCE),
        ),
        "past_profiles.profile": (
            f"past_profiles/{client.id}/3",
            clients.seal_past_profile(own, client.id, 3, client.profile),
        ),
        "remarks.content": (f"remarks/{values.REMARK.id}/content", clients.seal_remark(own, values.REMARK)),
        "approvals.content": (
            f"approvals/{request.id}/{values.APPROVAL.id}/content",
            approvals.seal_approval(own, values.APPROVAL),
        ),
        "enablements.rejection": (f"enablements/{request.id}/rejection", enablements.seal_rejection(own, request)),
        "enablements.private_note": (
            f"enablements/{request.id}/private_note",
            enablements.seal_private_note(own, request),
        ),
        "documents.facts": (f"documents/{document.id}/facts", documents.seal_facts(own, document)),
        "documents.reading": (f"documents/{document.id}/reading", documents.seal_reading(own, document)),
        "document_chips.content": (
            f"document_chips/{document.id}/content",
            document_chips.seal_chip(own, document.id, chip.CHIP_CONTENT),
        ),
        "documents.facts of none": (f"documents/{unread.id}/facts", documents.seal_facts(own, unread)),
        "documents.reading of none": (f"documents/{unread.id}/reading", documents.seal_reading(own, unread)),
        "screening_hits.evidence": (
            f"screening_hits/{mark.hex()}/evidence",
            screening.seal_hit(own, mark, values.HIT),
        ),
        "messages.body": (f"messages/{message.id}/body", messages.seal_body(theirs, message)),
        "attempts.answer": (
            f"attempts/{message.id}/{values.ATTEMPT_ID}",
            messages.seal_answer(theirs, message.id, values.ATTEMPT_ID, values.ATTEMPT),
        ),
    }
    by_name |= _of_people(own, theirs)
    by_name |= _of_imports(own, theirs)
    return {name: (where, sealed) for name, (where, sealed) in by_name.items() if sealed is not None}


def _of_people(own: Box, theirs: Box) -> dict[str, tuple[str, bytes]]:
    """Of who works with the console, and who comes to the page for clients."""
    return {
        "deadlines.content": (
            f"deadlines/{values.REQUEST_ID}/content",
            deadlines.seal_deadline(own, DEADLINE),
        ),
        "onboarding_links.content": (f"onboarding_links/{values.LINK.id}/content", links.seal_wish(own, values.LINK)),
        "company_brands.brand": (
            brands.brand_place(values.COMPANY_ID, "brand"),
            brands.seal_brand(theirs, values.COMPANY_ID, SetBrand(values.BRAND)),
        ),
        "operators.content": (
            f"operators/{values.OPERATOR.id}/content",
            accounts.seal_operator(theirs, values.OPERATOR),
        ),
        "operator_sessions.content": (
            f"operator_sessions/{values.SESSION.mark.hex()}/content",
            sessions.seal_source(theirs, values.SESSION),
        ),
        "operator_passkeys.content": (
            f"operator_passkeys/{values.PASSKEY.mark.hex()}/content",
            passkeys.seal_passkey(theirs, values.PASSKEY),
        ),
    }


def _of_imports(own: Box, theirs: Box) -> dict[str, tuple[str, bytes]]:
    """Of files of clients."""
    bulk, row = imported.IMPORT, imported.ROW
    return {
        "imports.form": (f"imports/{bulk.id}/form", bulk_imports.seal_form(theirs, bulk)),
        "import_rows.content": (
            f"import_rows/{bulk.id}/{row.position}",
            bulk_imports.seal_row(theirs, bulk.id, row),
        ),
        "import_keys.content": (
            f"import_keys/{values.CLIENT_ID}/content",
            bulk_imports.seal_key(own, values.CLIENT_ID, imported.KEY),
        ),
    }


def marks(cipher: Keyring) -> dict[str, bytes]:
    """What rows are found by: keyed hashes."""
    client = values.client(b"")
    reference = cipher.mark(clients.REFERENCE, client.company_id, str(client.profile.reference))
    assert reference is not None
    return {
        "clients.email_mark": cipher.mark(clients.EMAIL, client.company_id, client.email_key),
        "clients.reference_mark": reference,
        "screening_hits.hit_mark": screening.hit_mark(cipher, client, values.HIT),
        "likenesses.band_mark": cipher.mark(documents.LIKENESS_KEY, client.company_id, bytes(range(13))),
        "chip_marks.chip_mark": document_chips.chip_mark(cipher, client.company_id, chip.OBJECT_DIGEST),
        "import_keys.key_mark": bulk_imports.key_mark(cipher, client.company_id, imported.KEY),
        "operators.name_mark": accounts.name_mark(cipher, client.company_id, values.OPERATOR.name),
        "operator_sessions.session_mark": sessions.session_mark(cipher, client.company_id, "a token"),
        "onboarding_links.link_mark": links.link_mark(cipher, client.company_id, "a link"),
        "onboarding_sessions.session_mark": hosted_sessions.hosted_mark(cipher, client.company_id, "a token"),
        "operator_passkeys.passkey_mark": passkeys.passkey_mark(cipher, client.company_id, b"a credential"),
        "document_numbers.number_mark": cipher.mark(documents.NUMBER_KEY, client.company_id, "ARG|passport|AB1234567"),
    }


def plain_values(cipher: Keyring, data_keys: dict[str, bytes]) -> dict[str, bytes]:
    """What the code seals of each today, opened again."""
    company, client = values.company(data_keys["company"]), values.client(data_keys["client"])
    own, theirs = client_box(cipher, client), company_box(cipher, company)
    return {
        name: (theirs if name.partition(".")[0] in OF_COMPANY else own).open(where, sealed)
        for name, (where, sealed) in sealed_values(cipher, data_keys).items()
    }


def main(path: Path) -> None:
    ring = keyring()
    data_keys = {
        "company": ring.new_data_key(values.COMPANY_ID, values.COMPANY_ID),
        "client": ring.new_data_key(values.COMPANY_ID, values.CLIENT_ID),
    }
    plain = plain_values(ring, data_keys)
    content = {
        "data_keys": {name: b64encode(key).decode() for name, key in data_keys.items()},
        "marks": {name: mark.hex() for name, mark in marks(ring).items()},
        "values": {
            name: {"plain": b64encode(plain[name]).decode(), "sealed": b64encode(sealed).decode()}
            for name, (_, sealed) in sealed_values(ring, data_keys).items()
        },
    }
    path.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
