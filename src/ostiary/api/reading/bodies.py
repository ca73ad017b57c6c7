"""Request bodies as types. Wrong types are refused here; the rules of content are the domain's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.clients.client import Address, Profile
from ostiary.web.json_body import storable


class AddressBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Where a client lives."""

    street_line1: str
    city: str
    country: str
    street_line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


class ClientBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An individual client; the catalogue's attributes are added where the service starts."""

    first_name: str
    last_name: str
    email: str
    birth_date: str
    address: AddressBody
    second_name: str | None = None
    phone_country_code: int | None = None
    phone_number: int | None = None
    reference: str | None = None


class ProductBody(msgspec.Struct, forbid_unknown_fields=True):
    """Which product is requested."""

    subproduct: str


ABSENT = msgspec.Raw(b"null")


class ChipBody(msgspec.Struct, forbid_unknown_fields=True):
    """The files of a document's chip as they were read, in base64, and its answer to a challenge."""

    sod: msgspec.Raw = ABSENT
    dg1: msgspec.Raw = ABSENT
    dg2: msgspec.Raw = ABSENT
    dg11: msgspec.Raw = ABSENT
    dg12: msgspec.Raw = ABSENT
    dg14: msgspec.Raw = ABSENT
    dg15: msgspec.Raw = ABSENT
    challenge_id: str | None = None
    challenge_answer: msgspec.Raw = ABSENT


class DocumentBody(msgspec.Struct, forbid_unknown_fields=True):
    """A document; pictures are base64 text, with or without `data:...;base64,` in front.

    They stay raw here: decoding megabytes happens in the thread pool.
    """

    document_type: str
    metadata: dict[str, Any] | None = None
    image_front: msgspec.Raw = ABSENT
    image_back: msgspec.Raw = ABSENT
    chip: ChipBody | None = None


class DocumentationBody(msgspec.Struct, forbid_unknown_fields=True):
    """One document per call."""

    document: DocumentBody


class DocumentPart(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON part of a multipart call; the pictures are parts of their own."""

    document_type: str
    metadata: dict[str, Any] | None = None


class SubscribeBody(msgspec.Struct, forbid_unknown_fields=True):
    """Where to deliver, and the key each delivery carries."""

    url: str
    webhook_key: str
    include_sequence: bool | None = None
    event_types: list[str] | msgspec.UnsetType = msgspec.UNSET  # left out as it was before there was a choice


class WebhookKeyBody(msgspec.Struct, forbid_unknown_fields=True):
    """A new key for deliveries."""

    key: str


class RotateBody(msgspec.Struct, forbid_unknown_fields=True):
    """How long the secret before goes on signing beside the new one."""

    overlap_hours: int | None = None


class SimulateBody(msgspec.Struct, forbid_unknown_fields=True):
    """What the provider shall have said."""

    outcome: str
    reasons: list[str] | None = None
    reason: str | None = None


class ClockBody(msgspec.Struct, forbid_unknown_fields=True):
    """How far the clock shall be moved."""

    advance: str


class OnboardingLinkBody(msgspec.Struct, forbid_unknown_fields=True):
    """What a link to the page for clients is for; everything may be left out."""

    product_request_ids: list[str] | None = None
    return_url: str | None = None
    refresh_url: str | None = None
    state: str | None = None
    language: str | None = None
    expires_in_minutes: int | None = None


class NoBody(msgspec.Struct, forbid_unknown_fields=True):
    """Nothing is expected; an empty object is fine too."""


READ_ONLY = ("id", "type", "status", "created_at", "updated_at")
"""Fields of a GET that may be sent back in a PUT and are ignored."""
_TYPES: Mapping[DataType, Any] = {
    DataType.INTEGER: int | None,
    DataType.DECIMAL: int | float | str | None,
    DataType.BOOLEAN: bool | None,
}


class ClientLike(Protocol):
    """What every client body has, whatever the catalogue adds."""

    first_name: str
    last_name: str
    email: str
    birth_date: str
    address: AddressBody
    second_name: str | None
    phone_country_code: int | None
    phone_number: int | None
    reference: Any


class ClientBodies:
    """The bodies of creating and replacing a client, with the attributes that the catalogues declare.

    If a stored catalogue declares an attribute called `reference`, as earlier releases allowed, the field means that
    attribute.
    """

    def __init__(self, attributes: Mapping[str, Field]) -> None:
        self.attributes = tuple(attributes)
        self.decimals = tuple(name for name, field in attributes.items() if field.data_type is DataType.DECIMAL)
        declared = [(name, _TYPES.get(field.data_type, str | None), None) for name, field in attributes.items()]
        self.create = _extended("ClientBody", ClientBody, declared)
        self.replace = _extended("ClientReplaceBody", self.create, [(name, Any, None) for name in READ_ONLY])

    def profile(self, body: ClientLike) -> Profile:
        """What the body says, as the domain's value. Names and texts lose the blanks around them. A body may be of the
        attributes that there were a moment ago."""
        values = ((name, getattr(body, name, None)) for name in self.attributes)
        return Profile(
            first_name=body.first_name.strip(),
            last_name=body.last_name.strip(),
            email=body.email.strip(),
            birth_date=body.birth_date,
            address=_address(body.address),
            second_name=_text(body.second_name),
            phone_country_code=body.phone_country_code,
            phone_number=body.phone_number,
            attributes={name: storable(value) for name, value in values if value is not None},
            reference=None if "reference" in self.attributes else _text(body.reference),
        )


class BodiesInForce:
    """The bodies that fit what catalogues declare now; made anew when that changes, which is seldom."""

    def __init__(self, attributes: Callable[[], Mapping[str, Field]]) -> None:
        self._attributes = attributes
        self._declared = attributes()
        self._bodies = ClientBodies(self._declared)

    @property
    def now(self) -> ClientBodies:
        declared = self._attributes()
        if declared is not self._declared:
            self._bodies, self._declared = ClientBodies(declared), declared
        return self._bodies


def _extended(name: str, base: type[msgspec.Struct], fields: list[tuple[str, Any, Any]]) -> type[msgspec.Struct]:
    return msgspec.defstruct(
        name, fields, bases=(base,), forbid_unknown_fields=True, kw_only=True, namespace={"__doc__": base.__doc__}
    )


def _address(body: AddressBody) -> Address:
    return Address(
        street_line1=body.street_line1.strip(),
        city=body.city.strip(),
        country=body.country,
        street_line2=_text(body.street_line2),
        postal_code=_text(body.postal_code),
        state=body.state,
    )


def _text(value: str | None) -> str | None:
    return None if value is None else value.strip()
