"""How a provider gets at documents: short-lived signed links that this service serves, or the bytes themselves.

A link names company, client, document, side, provider and when it ends, and carries a keyed hash over them: it cannot
be made or changed by who sees one. It is checked again against the rows, and every fetch is on the record.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Protocol

import msgspec

from ostiary.domain.clients.client import Client
from ostiary.domain.documents.document import Side
from ostiary.domain.errors import NotFound
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.ports import Cipher
from ostiary.domain.providers.provider import Ticket

LINK_MS = 3_600_000
"""A provider fetches while it takes the notification in; an hour leaves room for a queue of its own."""
MOST_TOKEN_CHARACTERS = 600
_PURPOSE = "link"


class TicketForm(msgspec.Struct):
    """A ticket as its link carries it, for an hour and through an upgrade: these names are in what providers hold."""

    provider: str
    company_id: str
    client_id: str
    document_id: str
    side: str
    until_ms: int


_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(TicketForm).decode


class PictureSource(Protocol):
    """Where pictures are kept."""

    async def fetch(self, client: Client, document_id: str, side: Side) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Linker:
    """Makes and opens links."""

    cipher: Cipher
    public_url: str
    now_ms: Callable[[], int]

    def url(self, ticket: Ticket) -> str:
        body = _encode(
            TicketForm(
                provider=ticket.provider,
                company_id=ticket.company_id,
                client_id=ticket.client_id,
                document_id=ticket.document_id,
                side=ticket.side,
                until_ms=ticket.until_ms,
            )
        )
        mark = self.cipher.lookup_hash(_PURPOSE, ticket.provider, body)
        return f"{self.public_url}/providers/{ticket.provider}/documents/{_text(body)}.{_text(mark)}"

    def ticket(self, provider: str, token: str) -> Ticket:
        """Raises NotFound for a link that is not ours, was changed, or has ended: without a hint which."""
        try:
            if len(token) > MOST_TOKEN_CHARACTERS:
                raise ValueError
            body, mark = (urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split("."))
        except (ValueError, binascii.Error):
            raise NotFound from None
        if not compare_digest(mark, self.cipher.lookup_hash(_PURPOSE, provider, body)):
            raise NotFound
        form = _decode(body)
        if form.provider != provider or self.now_ms() >= form.until_ms:
            raise NotFound
        return Ticket(
            provider=form.provider,
            company_id=form.company_id,
            client_id=form.client_id,
            document_id=form.document_id,
            side=form.side,
            until_ms=form.until_ms,
        )


@dataclass(frozen=True, slots=True)
class DocumentLinks:
    """One client's documents, for one provider."""

    linker: Linker
    pictures: PictureSource
    dossier: Dossier
    provider: str

    def link(self, document_id: str, side: str) -> str:
        """The address where this picture can be had for an hour."""
        client, until = self._client, self.linker.now_ms() + LINK_MS
        return self.linker.url(
            Ticket(
                provider=self.provider,
                company_id=client.company_id,
                client_id=client.id,
                document_id=document_id,
                side=side,
                until_ms=until,
            )
        )

    async def content(self, document_id: str, side: str) -> bytes:
        """The picture as it came in. Raises NotFound, Tampered, Unavailable."""
        return await self.pictures.fetch(self._client, document_id, self._side(document_id, side))

    @property
    def _client(self) -> Client:
        return self.dossier.client

    def _side(self, document_id: str, side: str) -> Side:
        documents = (document for document in self.dossier.documents if document.id == document_id)
        for picture in (each for document in documents for each in document.sides):
            if picture.field == side:
                return picture
        raise NotFound


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
