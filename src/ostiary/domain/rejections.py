"""The closed list of reasons for which something a client gave is not taken.

One list for every source: the checks at intake, the built-in provider, a KYC vendor, an operator. A code says
what is wrong, whether trying again can help, and what a person should do next. A label that a source invents
becomes `other`.
"""

from __future__ import annotations

from enum import StrEnum

from ostiary.domain.value import value_type


class Code(StrEnum):
    """Reason codes as a partner's code sees them; wire-stable, never renamed."""

    IMAGE_NOT_READABLE = "image_not_readable"
    IMAGE_TYPE_NOT_SUPPORTED = "image_type_not_supported"
    IMAGE_TOO_SMALL = "image_too_small"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_BLURRED = "image_blurred"
    IMAGE_TOO_DARK = "image_too_dark"
    IMAGE_OVEREXPOSED = "image_overexposed"
    MISSING_FRONT = "missing_front"
    MISSING_BACK = "missing_back"
    SIDE_NOT_NEEDED = "side_not_needed"
    IDENTICAL_SIDES = "identical_sides"
    METADATA_MISSING = "metadata_missing"
    METADATA_INVALID = "metadata_invalid"
    DOCUMENT_EXPIRED = "document_expired"
    DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY = "document_not_accepted_for_country"
    DUPLICATE_OF_REJECTED = "duplicate_of_rejected"
    USED_BY_ANOTHER_CLIENT = "used_by_another_client"
    NUMBER_MISMATCH = "number_mismatch"
    COUNTRY_MISMATCH = "country_mismatch"
    NAME_MISMATCH = "name_mismatch"
    BIRTH_DATE_MISMATCH = "birth_date_mismatch"
    EXPIRATION_MISMATCH = "expiration_mismatch"
    MRZ_NOT_FOUND = "mrz_not_found"
    MRZ_INVALID = "mrz_invalid"
    CHIP_DATA_MISSING = "chip_data_missing"
    CHIP_DATA_INVALID = "chip_data_invalid"
    CHIP_MISMATCH = "chip_mismatch"
    SUSPECTED_MANIPULATION = "suspected_manipulation"
    DATA_MISSING = "data_missing"
    DATA_INVALID = "data_invalid"
    UNDERAGE = "underage"
    SCREENING_HIT = "screening_hit"
    OTHER = "other"


@value_type
class Explanation:
    """What a code means to people: a text a client could be shown, and what to do about it."""

    reason: str
    action: str
    retryable: bool = True
    about_picture: bool = False  # the picture itself is at fault, so sending the same one again cannot help


_ANOTHER_PICTURE = "Take a new picture of the original document and send it."
EXPLANATIONS: dict[Code, Explanation] = {
    Code.IMAGE_NOT_READABLE: Explanation(
        "The picture could not be opened: it is damaged, cut off or not a picture.", _ANOTHER_PICTURE, True, True
    ),
    Code.IMAGE_TYPE_NOT_SUPPORTED: Explanation(
        "This kind of file is not supported.", "Send the picture as JPEG, PNG, WEBP or BMP.", True, True
    ),
    Code.IMAGE_TOO_SMALL: Explanation(
        "The picture has too few pixels to be read.", "Take a picture with a higher resolution and send it.", True, True
    ),
    Code.IMAGE_TOO_LARGE: Explanation(
        "The picture is too large.", "Send the picture with fewer pixels or stronger compression.", True, True
    ),
    Code.IMAGE_BLURRED: Explanation(
        "The picture is blurred.", "Hold the camera still, let it focus, and take a new picture.", True, True
    ),
    Code.IMAGE_TOO_DARK: Explanation(
        "The picture is too dark.", "Take a new picture in brighter light, without flash.", True, True
    ),
    Code.IMAGE_OVEREXPOSED: Explanation(
        "The picture is overexposed.", "Take a new picture without flash or glare on the document.", True, True
    ),
    Code.MISSING_FRONT: Explanation(
        "The front of the document is missing.", "Send the front of the document as image_front."
    ),
    Code.MISSING_BACK: Explanation(
        "The back of the document is missing.", "Send the back of the document as image_back."
    ),
    Code.SIDE_NOT_NEEDED: Explanation("This document has no back side to send.", "Send it again without image_back."),
    Code.IDENTICAL_SIDES: Explanation(
        "Front and back are the same picture.", "Send the back of the document as image_back."
    ),
    Code.METADATA_MISSING: Explanation("A detail of the document is missing.", "Fill in the named detail."),
    Code.METADATA_INVALID: Explanation("A detail of the document is not valid.", "Correct the named detail."),
    Code.DOCUMENT_EXPIRED: Explanation("The document has expired.", "Send a document that is still valid."),
    Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY: Explanation(
        "This kind of document is not accepted for this country.", "Send another of the documents that are accepted."
    ),
    Code.DUPLICATE_OF_REJECTED: Explanation("This picture was refused before.", _ANOTHER_PICTURE, True),
    Code.USED_BY_ANOTHER_CLIENT: Explanation(
        "This document is already in use by another client.",
        "Check the document's number; if it is right, contact support.",
        False,
    ),
    Code.NUMBER_MISMATCH: Explanation(
        "The number given differs from the one on the document.", "Correct the number or send the right document."
    ),
    Code.COUNTRY_MISMATCH: Explanation(
        "The issuing country given differs from the one on the document.", "Correct the issuing country."
    ),
    Code.NAME_MISMATCH: Explanation(
        "The client's name differs from the one on the document.", "Correct the name or send the client's own document."
    ),
    Code.BIRTH_DATE_MISMATCH: Explanation(
        "The client's birth date differs from the one on the document.", "Correct the birth date or the document."
    ),
    Code.EXPIRATION_MISMATCH: Explanation(
        "The expiration date given differs from the one on the document.", "Correct the expiration date."
    ),
    Code.MRZ_NOT_FOUND: Explanation(
        "The machine-readable lines of the document could not be found.", _ANOTHER_PICTURE, True, True
    ),
    Code.MRZ_INVALID: Explanation(
        "The machine-readable lines of the document could not be read reliably.", _ANOTHER_PICTURE, True, True
    ),
    Code.CHIP_DATA_MISSING: Explanation(
        "A file of the document's chip is missing.", "Read the chip of the document and send the named file."
    ),
    Code.CHIP_DATA_INVALID: Explanation(
        "The files of the document's chip do not fit together.", "Read the chip again and send its files unchanged."
    ),
    Code.CHIP_MISMATCH: Explanation(
        "The picture and the chip are not of the same document.", "Send the pictures and the chip of one document."
    ),
    Code.SUSPECTED_MANIPULATION: Explanation(
        "The document could not be confirmed as genuine.", "Contact support.", False
    ),
    Code.DATA_MISSING: Explanation("A required detail of the client is missing.", "Complete the named detail."),
    Code.DATA_INVALID: Explanation("A detail of the client is not valid.", "Correct the named detail."),
    Code.UNDERAGE: Explanation(
        "The client is younger than this product allows.", "Submit the request again from the date named.", False
    ),
    Code.SCREENING_HIT: Explanation("The client's details need a closer look.", "Wait for the review to end.", False),
    Code.OTHER: Explanation("The document or detail was not accepted.", "Contact support.", True),
}


MOST_REASON_CHARACTERS = 500
"""Of one reason in somebody's own words: it is sealed in the request's row, and every list of requests opens it."""


class Kind(StrEnum):
    """What a rejection is about."""

    DOCUMENT = "document"
    DATA = "data"


@value_type
class Rejection:
    """One judged problem. `key` is a document type or an attribute's key; `field` names the part at fault.

    `subject` ties a verdict's rejection to what it judged: the id of a document, or the keyed hash of an
    attribute's value. It is empty for what is only said in an answer.
    """

    kind: Kind
    key: str
    code: Code
    field: str
    reason: str
    retryable: bool
    action: str
    subject: str = ""


def reject(kind: Kind, key: str, code: Code, field: str, *, reason: str = "", action: str = "") -> Rejection:
    """A rejection with the code's own words, or better ones for this case where they are given."""
    explanation = EXPLANATIONS[code]
    return Rejection(
        kind=kind,
        key=key,
        code=code,
        field=field,
        reason=reason or explanation.reason,
        retryable=explanation.retryable,
        action=action or explanation.action,
    )


def of_label(label: str) -> Code:
    """The code a source means by its label; one that is not on the list is `other`."""
    try:
        return Code(label)
    except ValueError:
        return Code.OTHER
