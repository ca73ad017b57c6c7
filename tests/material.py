"""What tests are made of: profiles, clients, catalogues, documents, findings and pictures. All good unless changed."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.lookups.rules import PackagedLookups
from ostiary.domain.catalogue.catalogue import (
    Alternative,
    Catalogue,
    Condition,
    DataField,
    DataRequirement,
    DataType,
    DocumentRequirement,
    DocumentType,
    Field,
    Product,
)
from ostiary.domain.clients.client import Address, Client, ClientStatus, Profile
from ostiary.domain.companies.company import Company, Environment
from ostiary.domain.documents.document import Document, DocumentStatus, Side
from ostiary.domain.documents.pictures import PictureFindings
from ostiary.domain.ids import encode
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.ports import Lookups as LookupsPort

NOW_MS = 1_776_249_000_000
"""2026-04-15T10:30:00, the documented moment."""
TODAY = date(2026, 4, 15)
LOOKUPS: LookupsPort = PackagedLookups()
COMPANY_ID = encode(NOW_MS - 1000, 1)
CLIENT_ID = encode(NOW_MS, 2)


def id_at(ms: int, salt: int = 0) -> str:
    """An id made so many milliseconds after the documented moment."""
    return encode(NOW_MS + ms, salt)


def profile(**changes: Any) -> Profile:
    """Maria, of the documentation. `address` takes changes of her address."""
    address = Address("Florida 9860", "Del Viso", "ARG", postal_code="1669", state="ARG-B")
    if "address" in changes:
        address = replace(address, **changes.pop("address"))
    maria = Profile(
        "Maria",
        "Barber",
        "mjuliabarber@example.com",
        "1984-11-21",
        address,
        "Julia",
        54,
        1168860622,
        {"occupation": "Teacher"},
    )
    return replace(maria, **changes)


def client(**changes: Any) -> Client:
    usual = Client(CLIENT_ID, COMPANY_ID, profile(), ClientStatus.PENDING, NOW_MS, NOW_MS, b"key", "mjb@example.com")
    return replace(usual, **changes)


def company(**changes: Any) -> Company:
    usual = Company(COMPANY_ID, "Acme", Environment.SANDBOX, NOW_MS, b"key", "whsec_" + "A" * 44)
    return replace(usual, **changes)


def enablement(status: Status = Status.PENDING_DOCUMENTATION, **changes: Any) -> Enablement:
    usual = Enablement(id_at(5), COMPANY_ID, CLIENT_ID, "cards", "v1", status, NOW_MS, NOW_MS)
    return replace(usual, **changes)


def findings(content: bytes = b"picture", **changes: Any) -> PictureFindings:
    """A sharp, well lit picture."""
    digest = content.ljust(32, b"\0")[:32]
    usual = PictureFindings("image/jpeg", 90_000, digest, 1000, 700, True, 0.8, 0.9, 0.2)
    return replace(usual, **changes)


def document(kind: str = "passport", ms: int = 10, **changes: Any) -> Document:
    """A document taken so many milliseconds after the client came."""
    name = f"{kind}{ms}"
    usual = Document(
        id_at(ms),
        COMPANY_ID,
        CLIENT_ID,
        kind,
        DocumentStatus.ACCEPTED,
        {"number": "AB1234567"},
        (Side("image_front", f"{name}.front", name.encode().hex(), findings(name.encode())),),
        NOW_MS + ms,
    )
    return replace(usual, **changes)


# ---- a catalogue in code --------------------------------------------------------------------------------------------


def when(text: str, *attributes: str, holds: Callable[[Mapping[str, object]], bool]) -> Condition:
    return Condition(text, frozenset(attributes), holds)


IN_ARGENTINA = when("country == 'ARG'", "country", holds=lambda values: values["country"] == "ARG")
RICH = when("salary > 100.0", "salary", holds=lambda values: values["salary"] > 100.0)  # type: ignore[operator]
OCCUPATION = Field("occupation", "Occupation", DataType.STRING)
SALARY = Field("salary", "Salary", DataType.DECIMAL)
ATTRIBUTES = {"occupation": OCCUPATION, "salary": SALARY}
DETAILS = (
    Field("number", "Document Number", DataType.STRING, min_length=4),
    Field("issuing_country", "Issuing Country", DataType.COUNTRY, required=False),
    Field("expiration_date", "Expiration Date", DataType.DATE, required=False),
)
PASSPORT = DocumentType("passport", "Passport", "The page with the photograph", unique=True, metadata=DETAILS)
NATIONAL_ID = DocumentType(
    "national_id", "National identity card", "Both sides", require_back_image=True, unique=True, metadata=DETAILS
)
BILL = DocumentType("utility_bill", "Utility bill", "Water or light", metadata=DETAILS[2:])
IDENTITY = DocumentRequirement(
    "identity_document", "Identity document", "Who the client is", (Alternative(PASSPORT), Alternative(NATIONAL_ID))
)
ADDRESS = DocumentRequirement("proof_of_address", "Proof of address", "Where the client lives", (Alternative(BILL),))
PERSONAL = DataRequirement(
    "personal_information",
    "Personal information",
    "Needed for KYC",
    (DataField("phone", Field("phone", "Phone", DataType.PHONE)), DataField("occupation", OCCUPATION)),
)
CARDS = Product("cards", "Cards", "A card", (IDENTITY,), (PERSONAL,))
ACCOUNTS = Product("accounts", "Accounts", "An account", (IDENTITY, ADDRESS), (PERSONAL,), 18)


def catalogue(*products: Product, attributes: Mapping[str, Field] = ATTRIBUTES, version: str = "v1") -> Catalogue:
    """Some products in one version; cards and accounts without any named."""
    offered = {product.id: product for product in products or (CARDS, ACCOUNTS)}
    kinds = {kind.id: kind for product in offered.values() for kind in product.document_types()}
    return Catalogue(version, "", offered, attributes, kinds)


@lru_cache(maxsize=1)
def shipped() -> Catalogue:
    """The catalogue that ships."""
    return catalogue_file.default()


# ---- pictures -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def picture(seed: int = 0, width_px: int = 800, height_px: int = 560, light: float = 1.0) -> bytes:
    """A JPEG like a document: a photograph's block and lines of print on paper. `light` below 1 darkens it."""
    chance = random.Random(seed)
    paper = Image.new("L", (width_px, height_px), int(225 * light))
    draw = ImageDraw.Draw(paper)
    draw.rectangle((30, 60, 230, 330), fill=int(90 * light), outline=0)
    for top in range(50, height_px - 40, 28):
        left = 260
        while left < width_px - 40:
            wide = chance.randrange(3, 14)
            draw.rectangle((left, top, left + wide, top + chance.randrange(8, 16)), fill=int(25 * light))
            left += wide + chance.randrange(3, 9)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=90)
    return out.getvalue()


def dark_picture(seed: int = 0) -> bytes:
    """A picture refused for itself."""
    return picture(seed, light=0.1)
