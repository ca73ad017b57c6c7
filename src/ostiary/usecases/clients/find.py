"""Finding clients and their requests by what an operator knows of them. Names and numbers are sealed, so these are
looked for in every client there is: seconds for tens of thousands."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from unicodedata import combining, normalize

from ostiary.domain.clients.client import Client, ClientStatus
from ostiary.domain.companies.company import Company
from ostiary.domain.documents.document import NUMBER, Document, DocumentStatus, number_key, plain_number
from ostiary.domain.errors import ValidationFailed
from ostiary.domain.names.visible import read_alike
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from ostiary.usecases.context import Context

PAGE = 200
STATUSES = tuple(dict.fromkeys((*(each.value for each in ClientStatus), *(each.value for each in Status))))
"""Of clients, then of requests."""
_APOSTROPHES = re.compile("['’`ʼʻ´′]")
_BORDERS = re.compile(r"[\W_]")
MOST_FOUND = 500
"""More are a wrong question; the last words of the answer say that there are more."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known; empty: not asked about. All of it has to fit."""

    id: str = ""
    email: str = field(default="", repr=False)
    reference: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    status: str = ""
    company_id: str = ""


@dataclass(frozen=True, slots=True)
class ClientFound:
    """A client with its requests. `documents` are those with the number that was asked about, replaced ones too;
    `holding` the ids of those that hold it."""

    company: Company
    dossier: Dossier
    documents: tuple[Document, ...] = ()
    holding: frozenset[str] = frozenset()


class OpenedClients:
    """How many clients a search may open that looks through all of them; `is_spent`: there were more."""

    def __init__(self, most: int) -> None:
        self._left, self.is_spent = most, False

    def take(self) -> bool:
        """Whether one more may be opened."""
        self.is_spent = self.is_spent or self._left == 0
        self._left -= not self.is_spent
        return not self.is_spent


async def find_clients(
    context: Context, sought: Sought, opened: OpenedClients | None = None, countries: Sequence[str] = ()
) -> list[ClientFound]:
    """Newest first within a company; as many as `opened` lets be opened, where one has to look through all.

    With `countries` (ISO 3166-1 alpha-3) who holds a number is found by its keyed hash before, and stands in front: of
    kinds whose number may serve one client only, however many clients there are.

    Raises ValidationFailed when nothing is asked about, or a status that there is not.
    """
    if not any((sought.id, sought.email, sought.reference, sought.number, sought.name, sought.status)):
        raise ValidationFailed("Say what is known: --id, --email, --reference, --number, --name or --status.")
    if sought.status and sought.status not in STATUSES:
        raise ValidationFailed(f"There is no status {sought.status}; there are: {', '.join(STATUSES)}.")
    clients = list[ClientFound]()
    for company in await context.storage.companies.every():
        if sought.company_id not in ("", company.id):
            continue
        holders = await _holders(context, company, sought.number, countries)
        async for client in _all_once(holders, _candidates(context, company, sought, opened)):
            match = await _matched(context, company, client, sought)
            if match is not None:
                clients.append(match)
            if len(clients) == MOST_FOUND:
                return clients
    return clients


async def _holders(context: Context, company: Company, number: str, countries: Sequence[str]) -> list[Client]:
    """Who holds the number, as whichever kind of document and whoever issued it."""
    kinds = {
        kind.id: kind for each in context.catalogues.by_version().values() for kind in each.document_types.values()
    }
    keys = [
        key
        for kind in kinds.values()
        for country in sorted(kind.issuing_countries) or countries
        if (key := number_key(kind, {NUMBER: number}, country)) is not None
    ]
    ids = await context.storage.documents.number_holders(company.id, keys) if countries else []
    clients = [await context.storage.clients.find(company.id, each) for each in ids]
    return [client for client in clients if client is not None]


async def _all_once(first: Sequence[Client], others: AsyncIterator[Client]) -> AsyncIterator[Client]:
    """Both, one after another; none twice."""
    for client in first:
        yield client
    ids = {client.id for client in first}
    async for client in others:
        if client.id not in ids:
            yield client


async def _candidates(
    context: Context, company: Company, sought: Sought, opened: OpenedClients | None
) -> AsyncIterator[Client]:
    if sought.email or sought.reference:
        client = await _by_mark(context, company, sought)
        if client is not None:
            yield client
        return
    owner = await context.storage.enablements.client_of(company.id, sought.id) if sought.id else None
    direct = await context.storage.clients.find(company.id, owner or sought.id) if sought.id else None
    if direct is not None:
        yield direct
        return
    before: str | None = None
    while page := await context.storage.clients.page(company.id, None, before, PAGE):
        for client in page:
            if opened is not None and not opened.take():
                return
            yield client
        before = page[-1].id


async def _by_mark(context: Context, company: Company, sought: Sought) -> Client | None:
    """The one client that an e-mail or a reference, or both, can mean."""
    email_key = context.lookups.normal_email(sought.email) if sought.email else ""
    if not sought.reference:
        return await context.storage.clients.by_email(company.id, email_key)
    client = await context.storage.clients.by_reference(company.id, sought.reference)
    return client if client is not None and email_key in ("", client.email_key) else None


async def _matched(context: Context, company: Company, client: Client, sought: Sought) -> ClientFound | None:
    if sought.name and not _names(client, sought.name):
        return None
    dossier = await context.storage.dossier(company.id, client.id)
    if dossier is None or (sought.status and sought.status not in _statuses(dossier)):
        return None
    documents = tuple(await context.storage.documents.every(client)) if sought.number or sought.id else ()
    ids = {client.id, *(each.id for each in dossier.enablements), *(each.id for each in documents)}
    if sought.id and sought.id not in ids:
        return None
    if not sought.number:
        return ClientFound(company, dossier)
    numbered = tuple(each for each in documents if plain_number(sought.number) in _numbers(each))
    if not numbered:
        return None
    held = [
        each.id
        for each in numbered
        if each.status is DocumentStatus.ACCEPTED
        and await context.storage.documents.holds_number(company.id, client.id, each.id)
    ]
    return ClientFound(company, dossier, numbered, frozenset(held))


def _statuses(dossier: Dossier) -> set[str]:
    return {dossier.client.status.value, *(each.status.value for each in dossier.enablements)}


def _names(client: Client, words: str) -> bool:
    profile = client.profile
    full_name = " ".join(filter(None, (profile.first_name, profile.second_name, profile.last_name)))
    sought = _words(words)
    return bool(sought) and sought <= _words(full_name)


def _words(text: str) -> set[str]:
    """As people type names who look for them: without accents, apostrophes and hyphens, in any case."""
    letters = (letter for letter in normalize("NFKD", read_alike(text)) if not combining(letter))
    return set(_BORDERS.sub(" ", _APOSTROPHES.sub("", "".join(letters))).split())


def _numbers(document: Document) -> set[str]:
    zone = document.reading.zone if document.reading is not None else None
    written = (str(document.metadata.get(NUMBER) or ""), zone.number if zone is not None else "")
    return {plain_number(number) for number in written} - {""}
