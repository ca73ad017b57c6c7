"""Why a person is asked to look at a document: short codes to filter by, and what they mean."""

from __future__ import annotations

from enum import StrEnum


class ReviewReason(StrEnum):
    """Codes kept with a judgement; never renamed."""

    NO_DOCUMENT = "no_document"
    NOT_MACHINE_READABLE = "not_machine_readable"
    LINES_NOT_FOUND = "lines_not_found"
    PICTURE_NOT_READABLE = "picture_not_readable"
    READER_TIMED_OUT = "reader_timed_out"
    READER_FAILED = "reader_failed"
    READER_UNAVAILABLE = "reader_unavailable"
    FORMAT_UNEXPECTED = "format_unexpected"
    DIGITS_INVALID = "digits_invalid"
    CERTAINTY_LOW = "certainty_low"
    NUMBER_DOUBTFUL = "number_doubtful"
    COUNTRY_DOUBTFUL = "country_doubtful"
    EXPIRATION_DOUBTFUL = "expiration_doubtful"
    NO_EXPIRATION = "no_expiration"
    BIRTH_DATE_DOUBTFUL = "birth_date_doubtful"
    NAME_DOUBTFUL = "name_doubtful"
    USED_BY_ANOTHER_CLIENT = "used_by_another_client"
    LOOKS_LIKE_ANOTHER = "looks_like_another"
    RETURNED_BEFORE = "returned_before"
    DOCUMENTS_UNAVAILABLE = "documents_unavailable"
    PROVIDER_UNKNOWN = "provider_unknown"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    PROVIDER_REFUSED = "provider_refused"
    PROVIDER_UNCLEAR = "provider_unclear"
    PROVIDER_REVISED = "provider_revised"
    PROVIDER_CONFIRMED = "provider_confirmed"
    IDENTITY_CONTRADICTED = "identity_contradicted"
    IDENTITY_CHANGED = "identity_changed"
    NUMBER_CONTESTED = "number_contested"
    NUMBER_REASSIGNED = "number_reassigned"
    CLIENT_CHANGED = "client_changed"
    SCREENING_HIT = "screening_hit"
    SCREENING_UNAVAILABLE = "screening_unavailable"
    SCREENING_NOT_COMPARABLE = "screening_not_comparable"
    CHIP_SIGNATURE_INVALID = "chip_signature_invalid"
    CHIP_SIGNER_UNKNOWN = "chip_signer_unknown"
    CHIP_SIGNER_WRONG = "chip_signer_wrong"
    CHIP_SIGNER_EXPIRED = "chip_signer_expired"
    CHIP_SIGNER_REVOKED = "chip_signer_revoked"
    CHIP_WEAK = "chip_weak"
    CHIP_COPIED = "chip_copied"
    CHIP_PRESENCE_UNKNOWN = "chip_presence_unknown"
    CHIP_MISMATCH = "chip_mismatch"
    TRUST_UNAVAILABLE = "trust_unavailable"
    RENEWAL_OVERDUE = "renewal_overdue"
    NEEDED_PRODUCT_ENDED = "needed_product_ended"
    SEAL_UNREADABLE = "seal_unreadable"
    SEAL_INVALID = "seal_invalid"
    SEAL_SIGNER_UNKNOWN = "seal_signer_unknown"
    SEAL_SIGNER_WRONG = "seal_signer_wrong"
    SEAL_AGE_DOUBTFUL = "seal_age_doubtful"
    ADDRESS_DOUBTFUL = "address_doubtful"
    TRUST_LOST = "trust_lost"


REVIEW_REASONS: dict[ReviewReason, str] = {
    ReviewReason.NO_DOCUMENT: "There is no document to judge.",
    ReviewReason.NOT_MACHINE_READABLE: "No machine reads this kind of document.",
    ReviewReason.LINES_NOT_FOUND: "No machine-readable lines were found; not every such document has them.",
    ReviewReason.PICTURE_NOT_READABLE: "The reader could not open the picture, or only at too high a cost.",
    ReviewReason.READER_TIMED_OUT: "The reader took too long.",
    ReviewReason.READER_FAILED: "The reader ended while it looked at the picture, which may have been made for that.",
    ReviewReason.READER_UNAVAILABLE: "The reader is not installed.",
    ReviewReason.FORMAT_UNEXPECTED: "The machine-readable part has a form that this kind of document does not have.",
    ReviewReason.DIGITS_INVALID: "Check digits do not fit: misread, or the document was altered.",
    ReviewReason.CERTAINTY_LOW: "The reader is not sure of what it read.",
    ReviewReason.NUMBER_DOUBTFUL: "The number could not be confirmed.",
    ReviewReason.COUNTRY_DOUBTFUL: "The issuing country could not be confirmed.",
    ReviewReason.EXPIRATION_DOUBTFUL: "The expiration date could not be confirmed.",
    ReviewReason.NO_EXPIRATION: "No expiration date was read; some documents carry none.",
    ReviewReason.BIRTH_DATE_DOUBTFUL: "The birth date could not be confirmed.",
    ReviewReason.NAME_DOUBTFUL: "The name could not be confirmed.",
    ReviewReason.USED_BY_ANOTHER_CLIENT: "The number read belongs to a document of another client.",
    ReviewReason.LOOKS_LIKE_ANOTHER: "The picture resembles one of another client.",
    ReviewReason.DOCUMENTS_UNAVAILABLE: "The documents could not be opened or read for minutes; see the logs.",
    ReviewReason.PROVIDER_UNKNOWN: "The product's provider is not in the providers file any more.",
    ReviewReason.PROVIDER_UNAVAILABLE: "The provider could not be told in three days of trying.",
    ReviewReason.PROVIDER_REFUSED: "The provider does not take the submission; see the logs for its error code.",
    ReviewReason.PROVIDER_UNCLEAR: "The provider sent it back for something that the company cannot mend.",
    ReviewReason.PROVIDER_REVISED: "The provider changed its verdict after the request was enabled.",
    ReviewReason.PROVIDER_CONFIRMED: "The provider approved; the product's policy wants a person all the same.",
    ReviewReason.IDENTITY_CONTRADICTED: "Two of name, birth date and number contradict the document: another person's.",
    ReviewReason.IDENTITY_CHANGED: "Who the client is was changed after a document or a reviewer contradicted it.",
    ReviewReason.NUMBER_CONTESTED: "A document with this number contradicted another client.",
    ReviewReason.NUMBER_REASSIGNED: "A reviewer decided that the document's number belongs to another client.",
    ReviewReason.CLIENT_CHANGED: "An enabled client has another name, birth date or country of residence.",
    ReviewReason.SCREENING_HIT: "The client resembles an entry of a sanctions or PEP list.",
    ReviewReason.SCREENING_UNAVAILABLE: "A sanctions or PEP list could not be asked.",
    ReviewReason.SCREENING_NOT_COMPARABLE: (
        "The name is in letters, or of a length, that lists cannot be compared with; no document gave it in Latin ones."
    ),
    ReviewReason.CHIP_SIGNATURE_INVALID: "The chip's files, or their signature, do not fit; they were sent twice.",
    ReviewReason.CHIP_SIGNER_UNKNOWN: "Nobody in the trust store vouches for the chip's signer; the store may be old.",
    ReviewReason.CHIP_SIGNER_WRONG: "Who signed the chip had no right to: not this country, or not for documents.",
    ReviewReason.CHIP_SIGNER_EXPIRED: "The chip was signed outside the time in which its signer might sign.",
    ReviewReason.CHIP_SIGNER_REVOKED: "The issuing country has revoked the certificate of who signed the chip.",
    ReviewReason.CHIP_WEAK: "The chip is signed in a way that is too weak today to prove anything.",
    ReviewReason.CHIP_COPIED: "The answer to the challenge does not come from this chip: its files may be a copy.",
    ReviewReason.CHIP_PRESENCE_UNKNOWN: ("The chip did not show that it is there, or cannot; its files may be a copy."),
    ReviewReason.CHIP_MISMATCH: "The lines on the picture are not those on the chip.",
    ReviewReason.TRUST_UNAVAILABLE: "There is no trust store to verify the chip with, or it cannot be read.",
    ReviewReason.RENEWAL_OVERDUE: "A renewal was not completed in time, nor in its days of grace.",
    ReviewReason.NEEDED_PRODUCT_ENDED: "A product that this one needs was ended.",
    ReviewReason.SEAL_UNREADABLE: "The seal on the paper is of a kind, or has fields, that are not known here.",
    ReviewReason.SEAL_INVALID: "The seal's signature does not fit what it says: it was changed, or forged.",
    ReviewReason.SEAL_SIGNER_UNKNOWN: "The trust store does not have who signed the seal.",
    ReviewReason.SEAL_SIGNER_WRONG: "Who signed the seal might not: revoked, out of its time, or not for seals.",
    ReviewReason.SEAL_AGE_DOUBTFUL: "The sealed paper is too old, or its day is not told.",
    ReviewReason.ADDRESS_DOUBTFUL: "The address could not be confirmed.",
    ReviewReason.TRUST_LOST: "Whoever signed the chip or the seal of a document is believed no longer.",
    ReviewReason.RETURNED_BEFORE: "The client was asked to mend the documents before, as often as is done unasked.",
}
