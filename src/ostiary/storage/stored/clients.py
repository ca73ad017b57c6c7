"""What is sealed in a client's row, and in those of what its profile was before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from msgspec import UNSET, Struct, UnsetType, field

from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.clients.client import Address, Client, Profile
from ostiary.domain.clients.contradictions import Aspect, Contradiction
from ostiary.domain.clients.risk_override import RiskOverride
from ostiary.domain.rejections import Rejection
from ostiary.storage.stored import rejections
from ostiary.storage.stored.forms import Numbered, Pairs, encode, straight, through
from ostiary.storage.stored.rejections import RejectionForm

P = TypeVar("P")
R = TypeVar("R")
C = TypeVar("C")
W = TypeVar("W")


class AddressForm(Struct, gc=False):
    """Of where a client lives."""

    street_line1: str
    city: str
    country: str
    street_line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


class ProfileForm(Struct, gc=False):
    """Of what a company tells of a client."""

    first_name: str
    last_name: str
    email: str
    birth_date: str
    address: AddressForm
    second_name: str | None = None
    phone_country_code: int | None = None
    phone_number: int | None = None
    attributes: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    reference: str | None = None


class PastProfileForm(ProfileForm, kw_only=True, gc=False):
    """The column `past_profiles.profile`."""

    form: int | UnsetType = UNSET


class ContradictionForm(Struct, gc=False):
    """Of what spoke against who a client said to be."""

    aspect: Aspect
    given: str
    read: str
    at_ms: int
    document_id: str = ""
    other_client_id: str = ""


class RiskOverrideForm(Struct, gc=False):
    """Of an operator's word on how much risk a client is."""

    risk_class: RiskClass
    until: str
    reason: str
    actor: str
    at_ms: int


class Details(Numbered, Generic[P, R, C, W], gc=False):
    """The column `clients.details`."""

    profile: P
    email_key: str
    refusals: tuple[R, ...]
    contradictions: tuple[C, ...] = ()
    risk_override: W | None = None


PAIRS: Pairs = {
    AddressForm: Address,
    ProfileForm: Profile,
    ContradictionForm: Contradiction,
    RiskOverrideForm: RiskOverride,
    **rejections.PAIRS,
}


def details_of(client: Client) -> bytes:
    return encode(
        Details(
            profile=profile_form(client.profile),
            email_key=client.email_key,
            refusals=tuple(rejections.to_form(each) for each in client.refusals),
            contradictions=tuple(contradiction_form(each) for each in client.contradictions),
            risk_override=None if client.risk_override is None else risk_override_form(client.risk_override),
        )
    )


def past_profile_of(profile: Profile) -> bytes:
    return encode(profile_form(profile))


def profile_form(profile: Profile) -> ProfileForm:
    address = profile.address
    return ProfileForm(
        first_name=profile.first_name,
        last_name=profile.last_name,
        email=profile.email,
        birth_date=profile.birth_date,
        address=AddressForm(
            street_line1=address.street_line1,
            city=address.city,
            country=address.country,
            street_line2=address.street_line2,
            postal_code=address.postal_code,
            state=address.state,
        ),
        second_name=profile.second_name,
        phone_country_code=profile.phone_country_code,
        phone_number=profile.phone_number,
        attributes=profile.attributes,
        reference=profile.reference,
    )


def contradiction_form(contradiction: Contradiction) -> ContradictionForm:
    return ContradictionForm(
        aspect=contradiction.aspect,
        given=contradiction.given,
        read=contradiction.read,
        at_ms=contradiction.at_ms,
        document_id=contradiction.document_id,
        other_client_id=contradiction.other_client_id,
    )


def risk_override_form(override: RiskOverride) -> RiskOverrideForm:
    return RiskOverrideForm(
        risk_class=override.risk_class,
        until=override.until,
        reason=override.reason,
        actor=override.actor,
        at_ms=override.at_ms,
    )


def profile_from(form: ProfileForm) -> Profile:
    address = form.address
    return Profile(
        first_name=form.first_name,
        last_name=form.last_name,
        email=form.email,
        birth_date=form.birth_date,
        address=Address(
            street_line1=address.street_line1,
            city=address.city,
            country=address.country,
            street_line2=address.street_line2,
            postal_code=address.postal_code,
            state=address.state,
        ),
        second_name=form.second_name,
        phone_country_code=form.phone_country_code,
        phone_number=form.phone_number,
        attributes=form.attributes,
        reference=form.reference,
    )


def contradiction_from(form: ContradictionForm) -> Contradiction:
    return Contradiction(
        aspect=form.aspect,
        given=form.given,
        read=form.read,
        at_ms=form.at_ms,
        document_id=form.document_id,
        other_client_id=form.other_client_id,
    )


def risk_override_from(form: RiskOverrideForm) -> RiskOverride:
    return RiskOverride(
        risk_class=form.risk_class,
        until=form.until,
        reason=form.reason,
        actor=form.actor,
        at_ms=form.at_ms,
    )


def from_form(
    form: Details[ProfileForm, RejectionForm, ContradictionForm, RiskOverrideForm],
) -> Details[Profile, Rejection, Contradiction, RiskOverride]:
    return Details(
        profile=profile_from(form.profile),
        email_key=form.email_key,
        refusals=tuple(map(rejections.from_form, form.refusals)),
        contradictions=tuple(map(contradiction_from, form.contradictions)),
        risk_override=None if form.risk_override is None else risk_override_from(form.risk_override),
    )


open_details = straight(
    Details[ProfileForm, RejectionForm, ContradictionForm, RiskOverrideForm],
    Details[Profile, Rejection, Contradiction, RiskOverride],
    PAIRS,
    from_form,
)
open_past_profile = through(PastProfileForm, profile_from)
