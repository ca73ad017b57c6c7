"""What is known of one person, for that person, or for a company that leaves: gathered, and on the trail."""

from __future__ import annotations

from ostiary.domain.audit.trail import AuditEntry, Note
from ostiary.domain.clients.client import PastProfile
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.chip_kept import ChipContent
from ostiary.domain.documents.document import Document
from ostiary.domain.hosted.links import OnboardingLink
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.operators.permissions import Permission
from ostiary.domain.review.remarks import Remark
from ostiary.domain.screening.hits import StoredHit
from ostiary.domain.sentences import N_
from ostiary.domain.terms.acceptance import Acceptance
from ostiary.domain.unit import Unit
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.operators.accounts import account_of
from ostiary.usecases.transaction import Outcome

CLIENT_EXPORTED, COMPANY_EXPORTED = "client_exported", "company_exported"
_BECAUSE = N_("Who takes everything of a client out has to answer for it")


@value_type(kw_only=True)
class OperatorsPart:
    """What operators know besides, and may not be told to a client: hits of lists, private notes, the trail."""

    hits: tuple[StoredHit, ...]
    remarks: tuple[Remark, ...]
    trail: tuple[AuditEntry, ...]


@value_type(kw_only=True)
class PersonRecord:
    """Everything that is kept of one client. `operators` is None in what the client gets."""

    dossier: Dossier
    documents: tuple[Document, ...]
    past: tuple[PastProfile, ...]
    acceptances: tuple[Acceptance, ...]
    links: tuple[OnboardingLink, ...]
    chips: tuple[tuple[str, ChipContent], ...] = ()
    operators: OperatorsPart | None = None


async def export_client(context: Context, caller: Caller, client_id: str) -> Outcome[PersonRecord]:
    """For the client. Raises NotFound; InvalidState for who is no approver; Tampered."""
    await account_of(context, caller, Permission.EXPORT, _BECAUSE)
    record = await record_of(context, caller, client_id)
    note = Note(CLIENT_EXPORTED, caller.actor, client_id)
    return Outcome(record, Unit(caller.company.id, context.now_ms(), record.dossier.client, notes=(note,)))


async def begin_company_export(context: Context, caller: Caller) -> Outcome[None]:
    """Says on the company's trail that all of it is taken out. Raises InvalidState for who is no approver."""
    await account_of(context, caller, Permission.EXPORT, _BECAUSE)
    note = Note(COMPANY_EXPORTED, caller.actor, caller.company.id)
    return Outcome(None, Unit(caller.company.id, context.now_ms(), caller.company, notes=(note,)))


async def record_of(context: Context, caller: Caller, client_id: str, *, is_whole: bool = False) -> PersonRecord:
    """`is_whole`: with what operators know besides. Raises NotFound, Tampered."""
    dossier = await load_dossier(context, caller, client_id)
    storage, client = context.storage, dossier.client
    operators = None
    if is_whole:
        operators = OperatorsPart(
            hits=tuple(await storage.screening.hits(client)),
            remarks=tuple(await storage.clients.remarks(client)),
            trail=tuple(await storage.audit.entries(client.company_id, client.id)),
        )
    return PersonRecord(
        dossier=dossier,
        documents=tuple(await storage.documents.every(client)),
        past=tuple(await storage.clients.past_profiles(client)),
        acceptances=tuple(await storage.terms.of_client(client)),
        links=tuple(await storage.onboarding_links.of_client(client)),
        chips=tuple(await _chips_of(context, dossier)),
        operators=operators,
    )


async def _chips_of(context: Context, dossier: Dossier) -> list[tuple[str, ChipContent]]:
    """Files of chips, by their documents."""
    contents = [await context.storage.chips.of_document(dossier.client, each.id) for each in dossier.documents]
    return [(each.id, chip) for each, chip in zip(dossier.documents, contents, strict=True) if chip is not None]
