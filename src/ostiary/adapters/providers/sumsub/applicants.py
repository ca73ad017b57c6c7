"""Applicants: what Sumsub calls a client who is to be checked. Each call is one request of its public API."""

from __future__ import annotations

import json
from dataclasses import dataclass

import msgspec

from ostiary.adapters.lookups.phones import phone_e164
from ostiary.adapters.providers.sumsub.requests import DUPLICATE_DOCUMENT, Requests, SumsubRefused, quoted
from ostiary.adapters.providers.sumsub.reviews import ReviewResult, SumsubReview
from ostiary.adapters.providers.sumsub.uploads import Mark, UploadedPicture, form, mark_of
from ostiary.domain.clients.client import Profile
from ostiary.domain.providers.provider import ProviderUnavailable

_ALL = "/resources/applicants"


class Applicant(msgspec.Struct, rename="camel"):
    """What is read of an applicant; `external_user_id` is our reference."""

    id: str
    external_user_id: str = ""
    review: SumsubReview = msgspec.field(default_factory=SumsubReview)


class Presence(msgspec.Struct):
    """Of the answer to a deactivation: `deleted` says whether the applicant is deactivated now."""

    deleted: bool | None = None


class FileMetadata(msgspec.Struct, rename="camel"):
    """Of a picture's file, its name as we gave it."""

    file_name: str | None = None


class Image(msgspec.Struct, rename="camel"):
    """One picture that an applicant has. A deactivated one is not looked at any more."""

    id: str
    deactivated: bool | None = None
    attempt_id: str | None = None
    file_metadata: FileMetadata | None = None
    review_result: ReviewResult | None = None

    @property
    def mark(self) -> Mark | None:
        """Which of our pictures it is; None for one that came another way."""
        return mark_of((self.file_metadata and self.file_metadata.file_name) or "")


class Images(msgspec.Struct):
    """The answer that lists an applicant's pictures."""

    items: list[Image] = []


@dataclass(frozen=True, slots=True)
class Applicants:
    """The calls about applicants. Each raises Refused and ProviderUnavailable."""

    requests: Requests

    async def by_reference(self, reference: str) -> Applicant | None:
        """The applicant that was made for our reference, if there is one."""
        return await self._find(f"{_ALL}/-;externalUserId={quoted(reference)}/one")

    async def by_id(self, applicant_id: str) -> Applicant | None:
        return await self._find(f"{_ALL}/{quoted(applicant_id)}/one")

    async def create(self, reference: str, level: str, profile: Profile) -> Applicant | None:
        """A new applicant; None when there is one for this reference already."""
        body = {"externalUserId": reference, "type": "individual", **_contact(profile), "fixedInfo": _info(profile)}
        try:
            answer = await self.requests.send("POST", f"{_ALL}?levelName={quoted(level)}", _json(body))
        except SumsubRefused as refused:
            if refused.status == 409:
                return None
            raise
        return self._understood(answer)

    async def update(self, applicant_id: str, profile: Profile) -> None:
        """Two requests: Sumsub keeps the ways to reach somebody apart from who they are."""
        await self.requests.send("PATCH", f"{_ALL}/{quoted(applicant_id)}/fixedInfo", _json(_info(profile)))
        await self.requests.send("PATCH", _ALL, _json({"id": applicant_id, **_contact(profile)}))

    async def images(self, applicant_id: str) -> list[Image]:
        answer = await self.requests.send("GET", f"{_ALL}/{quoted(applicant_id)}/metadata/resources")
        return self.requests.understood(answer, Images).items

    async def deactivate(self, applicant_id: str, image_id: str) -> None:
        """Takes a picture out of the checks to come."""
        await self.requests.send("DELETE", f"{_ALL}/{quoted(applicant_id)}/resources/{quoted(image_id)}")

    async def put_away(self, applicant_id: str) -> bool:
        """Deactivates an applicant as a whole, and whether it is: one that is deactivated stays so. Sumsub refuses it
        while the applicant is being checked (https://docs.sumsub.com/reference/deactivate-applicant-profile)."""
        answer = await self.requests.send("PATCH", f"{_ALL}/{quoted(applicant_id)}/presence/deactivated")
        return self.requests.understood(answer, Presence).deleted is True

    async def upload(self, applicant_id: str, picture: UploadedPicture, kind: str, content: bytes) -> None:
        """One picture. The very same bytes being there already is as good."""
        body, media_type = form(picture, kind, content)
        try:
            await self.requests.send("POST", f"{_ALL}/{quoted(applicant_id)}/info/idDoc", body, media_type)
        except SumsubRefused as refused:
            if refused.error_code != DUPLICATE_DOCUMENT:
                raise

    async def request_check(self, applicant_id: str) -> None:
        await self.requests.send("POST", f"{_ALL}/{quoted(applicant_id)}/status/pending")

    async def _find(self, target: str) -> Applicant | None:
        try:
            answer = await self.requests.send("GET", target)
        except SumsubRefused as refused:
            if refused.status == 404:
                return None
            raise
        return self._understood(answer)

    def _understood(self, body: bytes) -> Applicant:
        applicant = self.requests.understood(body, Applicant)
        if not applicant.id:
            raise ProviderUnavailable("the answer names no applicant")
        return applicant


def _contact(profile: Profile) -> dict[str, str]:
    fields = {"email": profile.email}
    if profile.phone_country_code is not None and profile.phone_number is not None:
        fields["phone"] = phone_e164(profile.phone_country_code, profile.phone_number)
    return fields


def _info(profile: Profile) -> dict[str, object]:
    """What Sumsub compares with the documents. It ignores what is null, so what is not known is left out."""
    address = profile.address
    lines = {
        "street": address.street_line1,
        "subStreet": address.street_line2,
        "town": address.city,
        "state": (address.state or "").partition("-")[2] or None,
        "postCode": address.postal_code,
        "country": address.country,
    }
    fields = {
        "firstName": profile.first_name,
        "middleName": profile.second_name,
        "lastName": profile.last_name,
        "dob": profile.birth_date,
        "country": address.country,
        "addresses": [{name: value for name, value in lines.items() if value}],
    }
    return {name: value for name, value in fields.items() if value}


def _json(body: object) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
