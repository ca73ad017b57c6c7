"""What Sumsub says of an applicant when it is asked: the same verdict that its webhook brings, and more precise.

It judges each picture by itself, and the file names tell which of our documents and sides a picture is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.adapters.providers.sumsub.applicants import Applicant, Applicants, Image
from ostiary.adapters.providers.sumsub.reviews import (
    COMPLETED,
    STATES,
    ReviewResult,
    SumsubReview,
    answer_of,
    reasons_in,
    time_ms,
)
from ostiary.domain.providers.provider import ProviderAnswer, ProviderUnavailable, ProviderVerdict, Reason


async def verdict_on(applicants: Applicants, applicant: Applicant, name: str) -> ProviderVerdict | None:
    """Where a review stands; None before it begins. `name` is the provider's, for messages.

    Raises ProviderUnavailable, also for a result that cannot be understood.
    """
    review = applicant.review
    if review.review_status in STATES:
        return ProviderVerdict(
            applicant.external_user_id, STATES[review.review_status], _begun_ms(review), external_id=applicant.id
        )
    if review.review_status != COMPLETED:
        return None
    try:
        answer = answer_of(review.review_result)
        at_ms = time_ms(review.review_date, "reviewDate")
    except ValueError as problem:
        raise ProviderUnavailable(f"{name}: {problem}") from None
    result = review.review_result or ReviewResult()
    images = await applicants.images(applicant.id) if answer is ProviderAnswer.RETURNED else []
    return ProviderVerdict(
        applicant.external_user_id,
        answer,
        at_ms,
        reasons=reasons_about(review, images),
        shown=result.moderation_comment or "",
        private=result.client_comment or "",
        external_id=applicant.id,
    )


def reasons_about(review: SumsubReview, images: Sequence[Image]) -> tuple[Reason, ...]:
    """Reasons tied to documents where pictures were refused, then those that no picture accounts for."""
    result = review.review_result or ReviewResult()
    refused = [image for image in _refused(images) if image.attempt_id == review.attempt_id]
    tied = [reason for image in refused for reason in _of_image(image)]
    covered = {label for image in refused for label in (image.review_result or ReviewResult()).reject_labels or ()}
    rest = [reject_label for reject_label in result.reject_labels or [] if reject_label not in covered]
    buttons = result.button_ids if not tied else None
    return (*tied, *reasons_in(ReviewResult(reject_labels=rest, button_ids=buttons)))


def _refused(images: Sequence[Image]) -> Iterator[Image]:
    for image in images:
        if image.review_result is not None and image.review_result.review_answer == "RED" and image.mark:
            yield image


def _of_image(image: Image) -> tuple[Reason, ...]:
    kind, side, _ = image.mark or ("", "", "")
    return reasons_in(image.review_result or ReviewResult(), key=kind, field=side)


def _begun_ms(review: SumsubReview) -> int:
    """When a running check began; 0 when Sumsub does not say, which decides nothing: it is no verdict."""
    try:
        return time_ms(review.create_date, "createDate")
    except ValueError:
        return 0
