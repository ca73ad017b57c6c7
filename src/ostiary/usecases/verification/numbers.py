"""Whose a document's number is: who holds it, and a reviewer's decision between two clients that gave it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue.catalogue import DocumentType, Product
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.document import NUMBER, Document, DocumentStatus, as_read, number_key
from ostiary.domain.errors import NotFound, ValidationFailed
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Review, Status, reviewed, under_review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.providers.provider import Reason
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.review.remarks import demand_note
from ostiary.domain.sentences import sentence
from ostiary.domain.unit import ChangeDocument, ChangeEnablement, ClaimNumber, OwnerWrite, ReleaseNumber, Unit
from ostiary.domain.value import replace
from ostiary.domain.verification.identity import documents_against, with_clash
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.review.claims import demand_unclaimed
from ostiary.usecases.review.looked import demand_look, look_of, remark_on
from ostiary.usecases.transaction import Outcome, execute

MOST_CONTESTING = 10
"""Other clients named beside a number: somebody reads them."""


_REVIEW = {Status.IN_KYC: Review.SUBMISSION, Status.ENABLED: Review.CHANGE}
"""What is opened for who lost a number, by where its requests are; the others ask for another document."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which client a document's number belongs to, and why; `note` is read by operators only."""

    document_id: str
    client_id: str
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shared:
    """A document's number that concerns another client too. `holds`: it is that client's now; else that client's
    document with it spoke against who it said to be."""

    document_id: str
    client_id: str
    holds: bool


def keys_of(kind: DocumentType, document: Document, client: Client) -> tuple[str, ...]:
    """What a document's number is found by: as it was given, and as it was read."""
    country = client.profile.address.country
    read = {} if document.reading is None else as_read(document.reading)
    keys = (number_key(kind, document.metadata, country), number_key(kind, read, country))
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def kinds_of(product: Product) -> dict[str, DocumentType]:
    return {kind.id: kind for kind in product.document_types()}


def clashing(dossier: Dossier) -> tuple[Document, ...]:
    """The documents that were refused because another client held their number, and were not replaced since."""
    subjects = {each.subject for each in dossier.client.refusals if each.code is Code.USED_BY_ANOTHER_CLIENT}
    return tuple(each for each in dossier.documents if each.status is DocumentStatus.REFUSED and each.id in subjects)


def without_clash(client_refusals: tuple[Rejection, ...], document_id: str) -> tuple[Rejection, ...]:
    """The refusals without the one of a document whose number was decided."""
    return tuple(
        each for each in client_refusals if each.subject != document_id or each.code is not Code.USED_BY_ANOTHER_CLIENT
    )


def given_number(document: Document) -> str:
    return str(document.metadata.get(NUMBER) or "")


async def shared_numbers(context: Context, dossier: Dossier, product: Product) -> tuple[Shared, ...]:
    """The numbers of a client's documents that concern other clients too, with who they are."""
    shared: list[Shared] = []
    for document, keys in _numbered(dossier, product):
        for key in keys:
            holder = await context.storage.documents.number_holder(dossier.client.company_id, key)
            if holder not in (None, dossier.client.id):
                shared.append(Shared(document.id, str(holder), holds=True))
            others = await context.storage.documents.contested_by(
                dossier.client.company_id, dossier.client.id, key, MOST_CONTESTING
            )
            shared += [Shared(document.id, other, holds=False) for other in others]
    return tuple(dict.fromkeys(shared))


async def reclaimed(context: Context, dossier: Dossier, product: Product) -> tuple[Dossier, tuple[ClaimNumber, ...]]:
    """The client as it is when it requests a product with documents that hold no number while nothing was live: their
    numbers are claimed again, and what another client holds by now is refused."""
    if any(each.is_live for each in dossier.enablements):
        return dossier, ()
    client, claims, now = dossier.client, list[ClaimNumber](), context.now_ms()
    documents = {each.id: each for each in dossier.documents}
    for document, keys in _numbered(dossier, product):
        if document.status is not DocumentStatus.ACCEPTED:
            continue
        holders = [await context.storage.documents.number_holder(client.company_id, key) for key in keys]
        other = next((each for each in holders if each not in (None, client.id)), None)
        if other is None:
            claims += [ClaimNumber(key, document.id) for key in keys]
            continue
        client = with_clash(client, given_number(document), other, document.id, now)
        client = replace(client, refusals=(*client.refusals, _refusal(document)))
        documents[document.id] = replace(document, status=DocumentStatus.REFUSED)
    return replace(dossier, client=client, documents=tuple(documents.values())), tuple(claims)


async def assign_number(
    context: Context, caller: Caller, client_id: str, enablement_id: str, to: Assignment
) -> Outcome[Document]:
    """A reviewer decides which of two clients a document's number belongs to: it is taken from the other one, or its
    document stays refused. Either way the question is closed.

    Raises NotFound; ValidationFailed without a note or for a client that it cannot belong to; InvalidState for who did
    not look, and while the other client still holds it (`yield_number` comes first).
    """
    demand_note(to.note)
    dossier = await load_dossier(context, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    product = dossier.product_of(enablement, context.catalogues.by_version())
    document = document_of(dossier, to.document_id)
    shared = await shared_numbers(context, dossier, product)
    named = {each.client_id for each in shared if each.document_id == document.id} | {client_id}
    named |= _clashed_with(dossier, document)
    if to.client_id not in named:
        possible = ", ".join(sorted(named))
        raise ValidationFailed(
            sentence(
                "The number of this document concerns the clients %(possible)s; name one of them with --to.",
                possible=possible,
            )
        )
    await demand_unclaimed(context, caller, enablement_id)
    look = await look_of(context, caller, dossier, enablement_id)
    demand_look(look, enablement_id)
    unit = _kept_away(context, caller, dossier, enablement, document)
    if to.client_id == client_id:
        unit = _assigned(context, caller, dossier, enablement, document)
    action = unit.notes[0].action
    remarks = remark_on(context, caller, enablement_id, action, to.note, document.id)
    return Outcome(document, unit.plus(*remarks))


async def decide_number(
    context: Context, caller: Caller, client_id: str, enablement_id: str, to: Assignment
) -> Document:
    """The whole decision, committed: first the other client gives the number up, then it is this one's. Cut off between
    the two, the number is nobody's, and the decision can be given again. Raises as `assign_number`."""

    async def assign() -> Outcome[Document]:
        return await assign_number(context, caller, client_id, enablement_id, to)

    document = (await assign()).answer  # raises before anything is done
    await make_way(context, caller, client_id, enablement_id, to)
    await execute(context, caller, assign)
    return document


async def make_way(context: Context, caller: Caller, client_id: str, enablement_id: str, to: Assignment) -> None:
    """Whoever holds a number that shall be this client's gives it up, committed. Raises NotFound."""
    for holder, keys in await holders_of(context, caller, client_id, enablement_id, to):
        await execute(context, caller, partial(yield_number, context, caller, holder, keys, enablement_id))


async def holders_of(
    context: Context, caller: Caller, client_id: str, enablement_id: str, to: Assignment
) -> list[tuple[str, tuple[str, ...]]]:
    """The clients that have to give a number up so that it can be assigned, with the keys they hold it by."""
    if to.client_id != client_id:
        return []
    dossier = await load_dossier(context, caller, client_id)
    product = dossier.product_of(dossier.enablement(enablement_id), context.catalogues.by_version())
    shared = await shared_numbers(context, dossier, product)
    document = document_of(dossier, to.document_id)
    keys = keys_of(kinds_of(product)[document.type], document, dossier.client)
    holders = [each.client_id for each in shared if each.holds and each.document_id == document.id]
    return [(holder, keys) for holder in dict.fromkeys((*holders, *sorted(_clashed_with(dossier, document))))]


def _clashed_with(dossier: Dossier, document: Document) -> frozenset[str]:
    """Who held the number when the document came. Its key may be another by now: where no issuing country was given the
    client's residence stands for it, and people move."""
    spoke = (each.other_client_id for each in dossier.client.contradictions if each.document_id == document.id)
    return frozenset(other for other in spoke if other)


def _assigned(context: Context, caller: Caller, dossier: Dossier, enablement: Enablement, document: Document) -> Unit:
    """The document counts, and holds its number; it takes the place of what it would have replaced."""
    product = dossier.product_of(enablement, context.catalogues.by_version())
    requirement = product.requirement_for(document.type)
    assert requirement is not None  # noqa: S101 (its number was found among those of the product's types)
    client, taken = dossier.client, replace(document, status=DocumentStatus.ACCEPTED)
    old = (
        ()
        if document.status is DocumentStatus.ACCEPTED
        else dossier.documents_replaced_by(document.type, requirement, context.catalogues.by_version())
    )
    replaced = tuple(replace(each, status=DocumentStatus.REPLACED) for each in old if each.id != document.id)
    settled = tuple(each for each in client.contradictions if each.document_id != document.id)
    keys = keys_of(kinds_of(product)[document.type], document, client)
    return Unit(
        caller.company.id,
        context.now_ms(),
        replace(client, refusals=without_clash(client.refusals, document.id), contradictions=settled),
        owner_write=OwnerWrite.DETAILS,
        changes=(
            *_closed(enablement),
            *map(ChangeDocument, (*replaced, taken)),
            *(ClaimNumber(key, document.id) for key in keys),
        ),
        notes=(Note("number_assigned", caller.actor, document.id, (enablement.id,)),),
    )


def _kept_away(context: Context, caller: Caller, dossier: Dossier, enablement: Enablement, document: Document) -> Unit:
    """The document stays refused, as it was; the company sends another one."""
    note = Note("number_denied", caller.actor, document.id, (enablement.id,))
    return Unit(
        company_id=caller.company.id,
        at_ms=context.now_ms(),
        owner=dossier.client,
        changes=_closed(enablement),
        notes=(note,),
    )


def _closed(enablement: Enablement) -> tuple[ChangeEnablement, ...]:
    return (ChangeEnablement(reviewed(enablement)),) if enablement.review is Review.CLASH else ()


async def yield_number(
    context: Context, caller: Caller, client_id: str, keys: Sequence[str], asked_by: str
) -> Outcome[tuple[str, ...]]:
    """The client that holds numbers gives them up: its documents with them are refused, and a person looks at what it
    was let in with. Gives the documents' ids. `asked_by` is the request it was decided on. Raises NotFound."""
    dossier, now = await load_dossier(context, caller, client_id), context.now_ms()
    lost = tuple(each for each in dossier.documents if _holds(context, dossier, each, keys))
    if not lost:
        return Outcome(())
    client, reason = dossier.client, (ReviewReason.NUMBER_REASSIGNED.value,)
    refusals = (_refusal(each) for each in lost)
    refused = tuple(replace(each, status=DocumentStatus.REFUSED) for each in lost)
    asked = tuple(
        under_review(each, _REVIEW[each.status], now, reason) for each in dossier.enablements if each.status in _REVIEW
    )
    unit = Unit(
        caller.company.id,
        now,
        replace(client, refusals=(*client.refusals, *refusals)),
        owner_write=OwnerWrite.DETAILS,
        changes=(
            *map(ChangeEnablement, asked),
            *map(ChangeDocument, refused),
            *(ReleaseNumber(each.id) for each in lost),
        ),
        notes=(
            *(Note("number_released", caller.actor, each.id, (asked_by,)) for each in lost),
            *(Note("review_opened", caller.actor, each.id, reason) for each in asked),
        ),
    )
    return Outcome(tuple(each.id for each in lost), unit)


def _holds(context: Context, dossier: Dossier, document: Document, keys: Sequence[str]) -> bool:
    if document.status is not DocumentStatus.ACCEPTED:
        return False
    kinds, sought = context.catalogues.by_version(), _without_country(keys)
    return any(
        sought & _without_country(keys_of(kind, document, dossier.client))
        for each in dossier.enablements
        if each.is_live
        for kind in dossier.product_of(each, kinds).document_types()
        if kind.id == document.type
    )


def _without_country(keys: Sequence[str]) -> set[str]:
    """Type and number: the country may be that of a residence before."""
    return {key.partition("|")[2] for key in keys}


def _refusal(document: Document) -> Rejection:
    field = f"metadata.{NUMBER}"
    return replace(reject(Kind.DOCUMENT, document.type, Code.USED_BY_ANOTHER_CLIENT, field), subject=document.id)


def document_of(dossier: Dossier, document_id: str) -> Document:
    """Raises NotFound."""
    document = next((each for each in dossier.documents if each.id == document_id), None)
    if document is None:
        possible = ", ".join(f"{each.id} ({each.type})" for each in dossier.documents) or "none"
        raise NotFound(
            sentence(
                "There is no document %(document_id)s of this client; its documents: %(possible)s.",
                document_id=document_id,
                possible=possible,
            )
        )
    return document


def numbers_given(context: Context, dossier: Dossier, documents: Iterable[Document]) -> tuple[tuple[str, str], ...]:
    """The numbers that documents are found by, under every product that the client ever requested, with their ids."""
    catalogues = context.catalogues.by_version()
    kinds = [kind for each in dossier.enablements for kind in dossier.product_of(each, catalogues).document_types()]
    pairs = (
        (key, document.id)
        for document in documents
        for kind in kinds
        if kind.id == document.type
        for key in keys_of(kind, document, dossier.client)
    )
    return tuple(dict.fromkeys(pairs))


def numbers_against(
    context: Context, dossier: Dossier, reasons: Iterable[Rejection | Reason]
) -> tuple[tuple[str, str], ...]:
    """The numbers of the documents that are, by the reasons of a verdict, somebody else's: who comes with one next is
    looked at by a person. One that another client holds is not among them: that is asked already."""
    asked = {each.id for each in clashing(dossier)}
    own = [each for each in dossier.documents if each.id not in asked]
    return numbers_given(context, dossier, documents_against(reasons, own))


def _numbered(dossier: Dossier, product: Product) -> Iterator[tuple[Document, tuple[str, ...]]]:
    kinds = kinds_of(product)
    for document in dossier.documents:
        if document.type in kinds:
            yield document, keys_of(kinds[document.type], document, dossier.client)
