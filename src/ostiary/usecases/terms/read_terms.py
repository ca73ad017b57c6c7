"""Terms as they are worded, which of them a client accepted, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue.terms import TermsText, TermsVersion
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Broken, NotFound
from ostiary.domain.ids import is_id
from ostiary.domain.sentences import sentence
from ostiary.domain.terms.acceptance import Acceptance
from ostiary.usecases.clients.individuals import read_client
from ostiary.usecases.context import Context

ACCEPTED = "terms_accepted"
"""The action of the audit entry that an acceptance is told by."""


@dataclass(frozen=True, slots=True)
class WordedTerms:
    """One version in one language, with its whole text."""

    terms: TermsVersion
    wording: TermsText
    text: str


@dataclass(frozen=True, slots=True)
class TermsProof:
    """An acceptance, the text that it is of, and the entry of the client's audit trail that tells of it."""

    client: Client
    acceptance: Acceptance
    text: str
    entry: AuditEntry


async def read_terms(context: Context, terms_id: str, language: str, sha256: str = "") -> WordedTerms:
    """The terms in force in the language, or the nearest there is; or the text of any version by its hash.

    Raises NotFound.
    """
    current = context.catalogues.current
    if not sha256:
        terms = current.terms.get(terms_id)
        if terms is None:
            offered = ", ".join(current.terms) or "none"
            raise NotFound(
                sentence("There are no such terms in the catalogue in force; known: %(known)s.", known=offered)
            )
        return await worded(context, terms, terms.wording(language))
    for catalogue in (current, *context.catalogues.by_version().values()):
        declared = _of_hash(catalogue, terms_id, sha256)
        if declared is not None:
            return await worded(context, *declared)
    raise NotFound("No version of these terms has a text with this SHA-256.")


async def worded(context: Context, terms: TermsVersion, wording: TermsText) -> WordedTerms:
    """With the text that is kept. Raises Broken where none is, Tampered where it is another than it was."""
    return WordedTerms(terms, wording, await _text(context, wording.sha256))


async def list_acceptances(context: Context, caller: Caller, client_id: str) -> tuple[Acceptance, ...]:
    """Newest first. Raises NotFound."""
    client = await read_client(context, caller, client_id)
    return tuple(reversed(await context.storage.terms.of_client(client)))


async def find_acceptance(context: Context, client: Client, acceptance_id: str) -> Acceptance:
    """Raises NotFound."""
    acceptances = await context.storage.terms.of_client(client) if is_id(acceptance_id) else []
    acceptance = next((each for each in acceptances if each.id == acceptance_id), None)
    if acceptance is None:
        raise NotFound("There is no such acceptance of this client.")
    return acceptance


async def prove_acceptance(context: Context, caller: Caller, client_id: str, acceptance_id: str) -> TermsProof:
    """Raises NotFound, and Broken where the text or the entry is gone."""
    client = await read_client(context, caller, client_id)
    acceptance = await find_acceptance(context, client, acceptance_id)
    entries = await context.storage.audit.entries(caller.company.id, client.id)
    entry = next((each for each in entries if (each.action, each.subject) == (ACCEPTED, acceptance.id)), None)
    if entry is None:
        raise Broken(f"No audit entry tells of the acceptance {acceptance.id}.")
    return TermsProof(client, acceptance, await _text(context, acceptance.sha256), entry)


async def _text(context: Context, sha256: str) -> str:
    text = await context.storage.terms.text(sha256)
    if text is None:
        raise Broken(f"The text of terms {sha256} is not kept.")
    return text


def _of_hash(catalogue: Catalogue, terms_id: str, sha256: str) -> tuple[TermsVersion, TermsText] | None:
    terms = catalogue.terms.get(terms_id)
    wording = terms.of_hash(sha256) if terms else None
    return None if terms is None or wording is None else (terms, wording)
