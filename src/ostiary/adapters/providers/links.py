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

from ostiary.domain.clients import Client
from ostiary.domain.documents import Side
from ostiary.domain.dossier import Dossier
from ostiary.domain.errors import NotFound
from ostiary.domain.ports import Cipher
from ostiary.domain.providers import Ticket

LINK_MS = 3_600_000
"""A provider fetches while it takes the notification in; an hour leaves room for a queue of its own."""
MOST_TOKEN_CHARACTERS = 600
_PURPOSE = "link"
_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Ticket).decode


class Pictures(Protocol):
    """Where pictures are kept."""

    async def fetch(self, client: Client, document_id: str, side: Side) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Linker:
    """Makes and opens links."""

    cipher: Cipher
    public_url: str
    now_ms: Callable[[], int]

    def url(self, ticket: Ticket) -> str:
        body = _encode(ticket)
        mark = self.cipher.mark(_PURPOSE, ticket.provider, body)
        return f"{self.public_url}/providers/{ticket.provider}/documents/{_text(body)}.{_text(mark)}"

    def ticket(self, provider: str, token: str) -> Ticket:
        """Raises NotFound for a link that is not ours, was changed, or has ended: without a hint which."""
        try:
            if len(token) > MOST_TOKEN_CHARACTERS:
                raise ValueError
            body, mark = (urlsafe_b64decode(one + "=" * (-len(one) % 4)) for one in token.split("."))
        except (ValueError, binascii.Error):
            raise NotFound from None
        if not compare_digest(mark, self.cipher.mark(_PURPOSE, provider, body)):
            raise NotFound
        ticket = _decode(body)
        if ticket.provider != provider or self.now_ms() >= ticket.until_ms:
            raise NotFound
        return ticket


@dataclass(frozen=True, slots=True)
class DocumentLinks:
    """One client's documents, for one provider."""

    linker: Linker
    pictures: Pictures
    dossier: Dossier
    provider: str

    def link(self, document_id: str, side: str) -> str:
        """The address where this picture can be had for an hour."""
        client, until = self._client, self.linker.now_ms() + LINK_MS
        return self.linker.url(Ticket(self.provider, client.company_id, client.id, document_id, side, until))

    async def content(self, document_id: str, side: str) -> bytes:
        """The picture as it came in. Raises NotFound, Tampered, Unavailable."""
        return await self.pictures.fetch(self._client, document_id, self._side(document_id, side))

    @property
    def _client(self) -> Client:
        return self.dossier.client

    def _side(self, document_id: str, side: str) -> Side:
        found = (one for one in self.dossier.documents if one.id == document_id)
        for picture in (each for one in found for each in one.sides):
            if picture.field == side:
                return picture
        raise NotFound


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
