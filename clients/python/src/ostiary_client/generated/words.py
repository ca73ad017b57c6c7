"""Words that have a fixed list. One that a newer service adds is taken as it comes.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import OpenWord


class ActingAs(OpenWord):
    """As whom somebody accepted: the client himself, who has custody or was made guardian, or who has a power of
    attorney.
    """

    SELF = "self"
    GUARDIAN = "guardian"
    ATTORNEY = "attorney"


class Affected(OpenWord):
    """`new`: requests made from that day on. `all`: open ones too, and enabled ones as a renewal."""

    NEW = "new"
    ALL = "all"


class AtDeadline(OpenWord):
    """What follows when a renewal is not completed in time. `keep_and_review`: the product stays enabled and a
    person looks. `offboard`: the product ends.
    """

    KEEP_AND_REVIEW = "keep_and_review"
    OFFBOARD = "offboard"


class Channel(OpenWord):
    """How. `hosted_page` is our own page for clients, which nobody else may claim."""

    WEB = "web"
    APP = "app"
    PHONE = "phone"
    PAPER = "paper"
    HOSTED_PAGE = "hosted_page"


class ChipPictures(OpenWord):
    """Which pictures are asked for. `unless_chip`: none where a chip's files come, and prove the document."""

    ALWAYS = "always"
    UNLESS_CHIP = "unless_chip"


class ChipWanted(OpenWord):
    """Whether a chip's files are taken with a document, or have to come."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class ClientStatus(OpenWord):
    """`active` with the first enabled product; `rejected` when the client as such is refused."""

    PENDING = "pending"
    ACTIVE = "active"
    REJECTED = "rejected"


class DataType(OpenWord):
    """The type of a datum, as published to partners."""

    STRING = "STRING"
    INTEGER = "INTEGER"
    DECIMAL = "DECIMAL"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    COUNTRY = "COUNTRY"
    ENUM = "ENUM"
    TAX_ID = "TAX_ID"


class DeadlineState(OpenWord):
    """`waiting` until the renewal opens, `submitted` while a provider or a person has it."""

    WAITING = "waiting"
    OPEN = "open"
    SUBMITTED = "submitted"


class ErasureEventType(OpenWord):
    """Told only to a subscription that lists it; wire-stable."""

    ERASED = "client_erased"


class Ink(OpenWord):
    """What text on a colour is written in; wire-stable."""

    BLACK = "black"
    WHITE = "white"


class Kind(OpenWord):
    """What a rejection is about."""

    DOCUMENT = "document"
    DATA = "data"


class LinkStatus(OpenWord):
    """How a link stands; wire-stable."""

    ACTIVE = "active"
    OPENED = "opened"
    FINISHED = "finished"
    EXPIRED = "expired"
    REVOKED = "revoked"


class MessageOutcome(OpenWord):
    """How a message stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class OnboardingEventType(OpenWord):
    """Told only to a subscription that lists it; wire-stable."""

    OPENED = "onboarding_opened"
    STEP_COMPLETED = "onboarding_step_completed"
    FINISHED = "onboarding_finished"
    EXPIRED = "onboarding_expired"


class Owner(OpenWord):
    """Who owes the next step."""

    COMPANY = "company"
    PROVIDER = "provider"
    OPERATOR = "operator"
    NOBODY = "nobody"


class Proof(OpenWord):
    """How far the proof goes. `issuer_signed`: the issuing state signed what the chip says."""

    NOT_PROVEN = "not_proven"
    ISSUER_SIGNED = "issuer_signed"


class ReadingOutcome(OpenWord):
    """What a document's reading leads to."""

    PASS = "pass"  # noqa: S105 - an outcome
    RETURN = "return"
    REVIEW = "review"


class Reason(OpenWord):
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


class RenewalEventType(OpenWord):
    """Told only to a subscription that lists it; wire-stable. `due_soon`: at each further notice; `returned`: what
    was submitted was not accepted as it is.
    """

    OPENED = "renewal_opened"
    DUE_SOON = "renewal_due_soon"
    OVERDUE = "renewal_overdue"
    RETURNED = "renewal_returned"
    COMPLETED = "renewal_completed"


class Result(OpenWord):
    """How one rule came out."""

    AGREES = "agrees"
    DIFFERS = "differs"
    DOUBTFUL = "doubtful"
    NOT_COMPARED = "not_compared"


class RiskClass(OpenWord):
    """How closely a client is watched. AMLR (EU) 2024/1624 knows lower, standard and higher risk (articles 33, 20
    and 34), and lets data of higher risk grow no older than one year, others' than five (article 26).
    """

    LOW = "low"
    STANDARD = "standard"
    HIGH = "high"


class ScenarioEnding(OpenWord):
    """How a scenario ends: the status, or `review`, which leaves it to an operator."""

    ENABLED = "enabled"
    REJECTED = "rejected"
    RETURNED = "pending_documentation"
    REVIEW = "review"


class Status(OpenWord):
    """The states as partners see them; wire-stable."""

    REQUESTED = "requested"
    PENDING_DOCUMENTATION = "pending_documentation"
    IN_KYC = "in_kyc"
    ENABLED = "enabled"
    REJECTED = "rejected"
