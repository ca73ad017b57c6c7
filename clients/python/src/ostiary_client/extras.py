"""What generated types have beyond their fields: words that stay open, attributes of the catalogue, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, Self

import msgspec

if TYPE_CHECKING:
    from ostiary_client.generated.products import MissingData, MissingDocument, MissingRequirements, Renewal
    from ostiary_client.generated.terms import Terms


class OpenWord(StrEnum):
    """A word of a list. One that this version does not know is taken as it comes, and equals the text it is."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        word = str.__new__(cls, value)
        word._name_ = word._value_ = value
        return word


class Value(msgspec.Struct, kw_only=True, frozen=True):
    """A value of the service: it never changes, and fields that this version does not know are passed over."""


class NewClientExtras(Value, kw_only=True, frozen=True):
    """What a client has besides what every client has."""

    attributes: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])
    """What the catalogue declares: `{"occupation": "Teacher"}`."""


class ClientExtras(NewClientExtras, kw_only=True, frozen=True):
    """What a client that was read has besides its fields."""

    etag: str | None = None
    """Its version, for `update(..., if_unchanged=True)`. Clients of a list have none."""

    def changed(self, **fields: Any) -> Self:
        """The same client with other fields; those in `attributes` are put beside the ones it has."""
        if "attributes" in fields:
            fields["attributes"] = {**self.attributes, **fields["attributes"]}
        return msgspec.structs.replace(self, **fields)


class MayMiss(Protocol):
    """What something is missing of."""

    @property
    def missing_requirements(self) -> MissingRequirements: ...

    @property
    def renewal(self) -> Renewal | None: ...

    @property
    def terms(self) -> tuple[Terms, ...] | None: ...


class RequestExtras(Value, kw_only=True, frozen=True):
    """What can be asked of a request."""

    @property
    def missing(self: MayMiss) -> Missing:
        """What is still missing: of the request, or of its renewal while one is open."""
        asked = self.missing_requirements if self.renewal is None else self.renewal.missing_requirements
        return Missing(asked.data, asked.documents, self.terms or ())


class Missing:
    """What a request still needs: data before documents, since data decides what else is asked; then terms.

    Terms are known where `expand=["terms"]` was asked for.
    """

    __slots__ = ("data", "documents", "terms")

    def __init__(
        self,
        data: tuple[MissingData, ...],
        documents: tuple[MissingDocument, ...],
        terms: tuple[Terms, ...] = (),
    ) -> None:
        self.data = data
        """Details of the client: give them with `clients.update`."""
        self.documents = documents
        """Documents: give them with `products.upload`."""
        self.terms = terms
        """Terms: say that they were accepted with `terms.accept`."""

    def next(self) -> MissingData | MissingDocument | Terms | None:
        """What to provide next; None when nothing is missing. It is the same until the request is read anew."""
        return next(iter(self), None)

    def __iter__(self) -> Iterator[MissingData | MissingDocument | Terms]:
        yield from self.data
        yield from self.documents
        yield from self.terms

    def __len__(self) -> int:
        return len(self.data) + len(self.documents) + len(self.terms)

    def __repr__(self) -> str:
        return f"Missing({', '.join(each.id for each in self)})"


def fields_of(body: msgspec.Struct | Mapping[str, Any]) -> dict[str, Any]:
    """A body as it is sent: attributes of the catalogue beside the other fields, and no etag."""
    if isinstance(body, Mapping):
        return dict(body)
    fields: dict[str, Any] = msgspec.to_builtins(body)
    if isinstance(body, NewClientExtras):
        fields.pop("etag", None)
        fields |= fields.pop("attributes", {})
    return fields
