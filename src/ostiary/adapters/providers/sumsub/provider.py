"""Sumsub behind the port of providers: an applicant for each request, its documents, and a check of them.

Telling it of a submission takes many requests, and any of them may fail. Each is therefore safe to repeat, and what
was done before is asked for rather than remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ostiary.adapters.providers.sumsub import webhooks
from ostiary.adapters.providers.sumsub.applicants import Applicant, Applicants, Image
from ostiary.adapters.providers.sumsub.enquiries import verdict_on
from ostiary.adapters.providers.sumsub.requests import Requests, SumsubRefused
from ostiary.adapters.providers.sumsub.reviews import COMPLETED, STATES, time_ms
from ostiary.adapters.providers.sumsub.settings import SumsubSettings
from ostiary.adapters.providers.sumsub.uploads import UploadedPicture
from ostiary.domain.providers.provider import (
    Links,
    ProviderRefused,
    ProviderSubmission,
    ProviderUnavailable,
    ProviderVerdict,
)
from ostiary.domain.review.provider_verdicts import CLOCK_SLACK_MS

NOT_THERE, DEACTIVATED = "not_there", "deactivated"


class Sumsub:
    """One account at Sumsub."""

    def __init__(self, settings: SumsubSettings) -> None:
        self._settings = settings
        self._requests = Requests(settings)
        self._applicants = Applicants(self._requests)

    @property
    def name(self) -> str:
        return self._settings.name

    async def notify(self, submission: ProviderSubmission, links: Links) -> str:
        """Makes or updates the applicant, uploads what is missing, requests the check. Gives the applicant's id.

        One picture is in memory at a time. What was checked since the submission is not checked again.
        """
        level, pictures = self._level(submission), self._pictures(submission)
        applicant, is_new = await self._applicant(submission, level)
        images = [] if is_new else await self._applicants.images(applicant.id)
        marks = {image.mark for image in images}
        if _is_checked(applicant, submission) and all(picture.mark in marks for picture, _ in pictures):
            return applicant.id
        active = {image.mark for image in images if not image.deactivated}
        missing = [(picture, kind) for picture, kind in pictures if picture.mark not in active]
        if applicant.review.review_status in STATES:
            if missing:
                raise ProviderUnavailable(f"{self.name}: the check of an earlier submission still runs")
            return applicant.id
        if not is_new:
            await self._applicants.update(applicant.id, submission.profile)
            await self._put_aside(applicant.id, images, pictures)
        for picture, kind in missing:
            content = await links.content(picture.document.id, picture.side.field)
            await self._applicants.upload(applicant.id, picture, kind, content)
        await self._request_check(applicant.id, submission)
        return applicant.id

    async def fetch_verdict(self, reference: str, external_id: str) -> ProviderVerdict | None:
        """Where the review stands; None before it begins, and for an applicant or a level that is not ours."""
        applicants = self._applicants
        applicant = await (applicants.by_id(external_id) if external_id else applicants.by_reference(reference))
        if applicant is None or applicant.external_user_id != reference:
            return None
        if applicant.review.level_name not in (None, *self._settings.levels.values()):
            return None
        return await verdict_on(applicants, applicant, self.name)

    async def forget(self, reference: str) -> str:
        """Deactivates the applicant: nobody finds or checks it any more. What Sumsub then removes, and when, its
        contract says. Empty where its answer does not say that the applicant is deactivated."""
        applicant = await self._applicants.by_reference(reference)
        if applicant is None:
            return NOT_THERE
        return DEACTIVATED if await self._applicants.put_away(applicant.id) else ""

    def parse_webhook(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> ProviderVerdict | None:
        """An event that was posted to us. Its age is no fault, see the module `webhooks` for why."""
        return webhooks.parse_webhook(self._settings, headers, body)

    async def close(self) -> None:
        await self._requests.close()

    def _level(self, submission: ProviderSubmission) -> str:
        level = self._settings.levels.get(submission.product)
        if level is None:
            raise ProviderRefused(f"{self.name} has no level for the product {submission.product}")
        return level

    def _pictures(self, submission: ProviderSubmission) -> list[tuple[UploadedPicture, str]]:
        """Every picture of a submission with Sumsub's `idDocType`. Raises ProviderRefused for a type it lacks."""
        kinds = self._settings.document_types
        for document in submission.documents:
            if document.type not in kinds:
                raise ProviderRefused(f"{self.name} has no word for the document type {document.type}")
        return [
            (UploadedPicture(document, side), kinds[document.type])
            for document in submission.documents
            for side in document.sides
        ]

    async def _applicant(self, submission: ProviderSubmission, level: str) -> tuple[Applicant, bool]:
        """The applicant, and whether it was made just now. Two processes that make it at once find the same one."""
        applicant = await self._applicants.by_reference(submission.reference)
        if applicant is not None:
            return applicant, False
        created = await self._applicants.create(submission.reference, level, submission.profile)
        if created is not None:
            return created, True
        applicant = await self._applicants.by_reference(submission.reference)
        if applicant is None:
            raise ProviderUnavailable(f"{self.name}: the applicant exists, but cannot be found")
        return applicant, False

    async def _put_aside(
        self, applicant_id: str, images: Sequence[Image], pictures: Sequence[tuple[UploadedPicture, str]]
    ) -> None:
        """Pictures of ours that this submission does not have were replaced: they must not be checked again."""
        wanted = {None, *(picture.mark for picture, _ in pictures)}
        for image in images:
            if image.mark not in wanted and not image.deactivated:
                await self._applicants.deactivate(applicant_id, image.id)

    async def _request_check(self, applicant_id: str, submission: ProviderSubmission) -> None:
        """A refusal is none when the check was requested before and only its answer got lost."""
        try:
            await self._applicants.request_check(applicant_id)
        except SumsubRefused as refused:
            now = await self._applicants.by_id(applicant_id) if refused.status == 409 else None
            if now is None or not (now.review.review_status in STATES or _is_checked(now, submission)):
                raise


def _is_checked(applicant: Applicant, submission: ProviderSubmission) -> bool:
    """Whether a verdict was given since this submission, by the rule of time that will judge the verdict itself.

    It was given on this submission only if all of its pictures had come by then, whether they are active or not:
    Sumsub puts refused ones aside.
    """
    review = applicant.review
    if review.review_status != COMPLETED:
        return False
    try:
        return time_ms(review.review_date, "reviewDate") >= submission.submitted_at_ms - CLOCK_SLACK_MS
    except ValueError:
        return False
