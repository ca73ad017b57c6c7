"""What the peer takes and answers, as pydantic models, and what its one product asks for."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

import phonenumbers
import pycountry
from models import Enablement
from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StringConstraints, model_validator

OLDEST_YEARS = 130
CLIENT_FIELDS = (
    "first_name", "second_name", "last_name", "email", "birth_date", "phone_country_code", "phone_number",
)  # fmt: skip


def check_country(code: str) -> str:
    if pycountry.countries.get(alpha_3=code) is None:
        raise ValueError("not a country (ISO 3166-1 alpha-3)")
    return code


def check_birth_date(day: date) -> date:
    today = datetime.now(UTC).date()
    if day > today or today.year - day.year > OLDEST_YEARS:
        raise ValueError("not a possible birth date")
    return day


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Country = Annotated[str, AfterValidator(check_country)]
BirthDate = Annotated[date, AfterValidator(check_birth_date)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Address(Strict):
    street_line1: Text
    street_line2: Text | None = None
    city: Text
    postal_code: Text | None = None
    state: Text | None = None
    country: Country

    @model_validator(mode="after")
    def check_state(self) -> Self:
        if self.state is not None and not self.state.startswith(self.country + "-"):
            raise ValueError("the state is not of that country")
        return self


class ClientIn(Strict):
    first_name: Text
    second_name: Text | None = None
    last_name: Text
    email: EmailStr
    birth_date: BirthDate
    address: Address
    phone_country_code: int | None = None
    phone_number: int | None = None

    @model_validator(mode="after")
    def check_phone(self) -> Self:
        if (self.phone_country_code is None) != (self.phone_number is None):
            raise ValueError("phone_country_code and phone_number go together")
        if self.phone_country_code is not None:
            number = phonenumbers.PhoneNumber(self.phone_country_code, self.phone_number)
            if not phonenumbers.is_possible_number(number):
                raise ValueError("not a possible phone number")
        return self

    def columns(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in CLIENT_FIELDS}
        return {**given, "email_lower": self.email.lower(), "address": self.address.model_dump(exclude_none=True)}


class ClientOut(BaseModel):
    id: str
    type: str = "individual"
    status: str
    first_name: str
    second_name: str | None = None
    last_name: str
    email: str
    birth_date: date
    address: Address
    phone_country_code: int | None = None
    phone_number: int | None = None


class ProductIn(Strict):
    subproduct: Literal["cards_individuals"]


class Detail(BaseModel):
    id: str
    name: str
    data_type: str
    required: bool


class ValidDocument(BaseModel):
    id: str
    name: str
    description: str
    required: bool = True
    require_image: bool = True
    require_back_image: bool
    metadata: list[Detail]


class DocumentRequirement(BaseModel):
    id: str
    name: str
    description: str
    required: bool = True
    valid_documents: list[ValidDocument]


class FieldRequirement(BaseModel):
    key: str
    data_type: str
    required: bool = True


class DataRequirement(BaseModel):
    id: str
    name: str
    description: str
    required: bool = True
    fields: list[FieldRequirement]


class Requirements(BaseModel):
    documents: list[DocumentRequirement] = []
    data: list[DataRequirement] = []

    def any(self) -> bool:
        return bool(self.documents or self.data)


class ProductOut(BaseModel):
    id: str
    client_id: str
    product: str
    status: str
    missing_requirements: Requirements
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, one: Enablement, missing: Requirements) -> Self:
        return cls(
            id=one.id, client_id=one.client_id, product=one.product, status=one.status, missing_requirements=missing,
            created_at=one.created_at, updated_at=one.updated_at,
        )  # fmt: skip


class DocumentDetails(Strict):
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]*$", min_length=4, max_length=30)]
    issuing_country: Country | None = None
    expiration_date: date | None = None


class DocumentIn(Strict):
    document_type: Literal["passport"]
    image_front: Annotated[str, Field(max_length=20_000_000)]
    metadata: DocumentDetails


class DocumentationIn(Strict):
    document: DocumentIn


class Rejection(BaseModel):
    type: str = "document"
    key: str
    reason: str


class ResultOut(BaseModel):
    product: ProductOut
    rejected_items: list[Rejection] = []


DETAILS = [
    Detail(id="number", name="Document Number", data_type="STRING", required=True),
    Detail(id="issuing_country", name="Issuing Country", data_type="COUNTRY", required=False),
    Detail(id="expiration_date", name="Expiration Date", data_type="DATE", required=False),
]
IDENTITY = DocumentRequirement(
    id="identity_document", name="Identity document", description="One valid document that proves who the client is",
    valid_documents=[
        ValidDocument(id=key, name=name, description=text, require_back_image=back, metadata=DETAILS)
        for key, name, text, back in (
            ("passport", "Passport", "The page with the photograph, all four corners visible", False),
            ("national_id", "National identity card", "Both sides of the card, all four corners visible", True),
            ("drivers_license", "Driver's license", "Both sides of the license, all four corners visible", True),
        )
    ],
)  # fmt: skip
PHONE = DataRequirement(
    id="personal_information", name="Personal information", description="Personal information needed for KYC",
    fields=[FieldRequirement(key="phone", data_type="PHONE")],
)  # fmt: skip


def missing_requirements(accepted_types: set[str], has_phone: bool) -> Requirements:
    satisfied = any(one.id in accepted_types for one in IDENTITY.valid_documents)
    return Requirements(documents=[] if satisfied else [IDENTITY], data=[] if has_phone else [PHONE])
