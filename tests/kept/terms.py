"""What a client accepted, for `values`: each with every attribute other than by default."""

from __future__ import annotations

from ostiary.domain.clients.accepted_terms import AcceptedTerms
from ostiary.domain.terms.acceptance import Acceptance, Acceptor, ActingAs, Channel

AT_MS = 1_776_249_000_000
ACCEPTANCE = Acceptance(
    id="0Gvzfo4iCUD7mSxUyEbZO0yZ0Ir4gfOB",
    terms_id="cards_terms",
    name="Terms of the card",
    version="2026-04",
    language="es",
    sha256="ab" * 32,
    circumstances=Acceptor(
        name="Ana Barber",
        capacity=ActingAs.GUARDIAN,
        accepted_at_ms=AT_MS,
        channel=Channel.APP,
        ip_address="203.0.113.7",
        user_agent="An app 7",
    ),
    recorded_at_ms=AT_MS + 1,
)
ACCEPTED = (
    AcceptedTerms(
        terms_id="cards_terms",
        version="2026-04",
        sha256="ab" * 32,
        acceptance_id=ACCEPTANCE.id,
        at_ms=AT_MS,
        covers=("2025-01", "2025-07"),
    ),
)
