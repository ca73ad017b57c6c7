"""What providers call the things they object to, in our closed list of codes. One table for each provider.

A code is chosen by what a client would have to do. Where no code says that, it is `other`: then the provider's own
words are shown, which helps more than a code that nearly fits. So is every label that is not on the list.

Sumsub's labels are those of its public pages "Rejection labels" and "Rejection explanatory buttons", and older ones
that its clients still handle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ostiary.domain.documents.document import BACK, FRONT
from ostiary.domain.providers.provider import Reason
from ostiary.domain.rejections import Code, Kind

SUMSUB = "sumsub"
MOST_LABEL_CHARACTERS = 200
"""Of a label that is kept: the longest known one has 37, and some clues are added in brackets."""

_SUMSUB: Mapping[Code, str] = {
    Code.IMAGE_NOT_READABLE: """
        BLACK_AND_WHITE DIGITAL_DOCUMENT DOCUMENT_DAMAGED INCOMPLETE_DOCUMENT NOT_READABLE PRINTED_ID_COPY SCREENSHOTS
        UNREADABLE UNSATISFACTORY_PHOTOS
    """,
    Code.IMAGE_BLURRED: "BLURRY LOW_QUALITY",
    Code.MISSING_FRONT: "FRONT_SIDE_MISSING",
    Code.MISSING_BACK: "BACK_SIDE_MISSING",
    Code.DOCUMENT_EXPIRED: "EXPIRATION_DATE",
    Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY: """
        DOCUMENT_DEPRIVED FOREIGNER ID_INVALID OUTDATED_DOCUMENT_VERSION UNSUITABLE_DOCUMENT
    """,
    Code.USED_BY_ANOTHER_CLIENT: "DUPLICATE",
    Code.NAME_MISMATCH: "INCONSISTENT_PROFILE",
    Code.SUSPECTED_MANIPULATION: """
        DOCUMENT_TEMPLATE FALSE_IDENTITY FALSE_IDENTITY_DOCUMENT FORGERY FRAUDULENT_PATTERNS GRAPHIC_EDITOR
        SUSPICIOUS_PATTERNS
    """,
    Code.DATA_MISSING: "ADDITIONAL_DATA_REQUIRED",
    Code.DATA_INVALID: """
        DB_DATA_MISMATCH DB_DATA_NOT_FOUND INCORRECT_SOCIAL_NUMBER PROBLEMATIC_APPLICANT_DATA REQUESTED_DATA_MISMATCH
        WRONG_ADDRESS
    """,
    Code.UNDERAGE: "AGE_REQUIREMENT_MISMATCH",
    Code.SCREENING_HIT: """
        ADVERSE_MEDIA ADVERSE_MEDIA_SUSPECTED BLACKLIST BLOCKLIST COMPROMISED_PERSONS CRIMINAL FITNESS_PROBITY
        HIGH_RISK_PROFILE PEP RESTRICTED_PERSON SANCTIONS
    """,
    Code.OTHER: """
        ADDITIONAL_DOCUMENT_REQUIRED APPLICANT_INTERRUPTED_INTERVIEW BAD_AVATAR BAD_DOCUMENT BAD_FACE_MATCHING
        BAD_PROOF_OF_ADDRESS BAD_PROOF_OF_IDENTITY BAD_PROOF_OF_PAYMENT BAD_SELFIE BAD_VIDEO_SELFIE CHECK_UNAVAILABLE
        COMPANY_DATA_MISMATCH COMPANY_NOT_DEFINED_BENEFICIARIES COMPANY_NOT_DEFINED_REPRESENTATIVES
        COMPANY_NOT_DEFINED_STRUCTURE COMPANY_NOT_VALIDATED_BENEFICIARIES COMPANY_NOT_VALIDATED_REPRESENTATIVES
        COMPANY_PROBLEMATIC_STRUCTURE CONNECTION_INTERRUPTED DEEPFAKE DOCUMENT_MISSING DOCUMENT_PAGE_MISSING
        EXPERIENCE_REQUIREMENT_MISMATCH EXTERNAL_DECISION_REJECTION FORCED_VERIFICATION FRAUDULENT_LIVENESS
        GPS_AS_POA_SKIPPED INCOMPATIBLE_LANGUAGE NOT_ALL_CHECKS_COMPLETED NOT_DOCUMENT OTHER REGULATIONS_VIOLATIONS
        SELFIE_MISMATCH SELFIE_WITH_PAPER SPAM THIRD_PARTY_INVOLVED UNFILLED_ID UNSUITABLE_ENV UNSUPPORTED_LANGUAGE
        WRONG_USER_REGION
    """,
}
LABELS: Mapping[str, Mapping[str, Code]] = {
    SUMSUB: {label: code for code, labels in _SUMSUB.items() for label in labels.split()},
}
"""By the provider's kind and its label."""

CLUES: Mapping[str, Mapping[str, tuple[str, Code]]] = {
    SUMSUB: {
        "additionalPages_anotherSide": ("DOCUMENT_PAGE_MISSING", Code.MISSING_BACK),
        "additionalPages_mainPageId": ("DOCUMENT_PAGE_MISSING", Code.MISSING_FRONT),
        "badDocument_copyOfIdDoc": ("BAD_PROOF_OF_IDENTITY", Code.IMAGE_NOT_READABLE),
        "badDocument_withoutFace": ("BAD_PROOF_OF_IDENTITY", Code.IMAGE_NOT_READABLE),
        "badDocument_wrongType": ("BAD_PROOF_OF_IDENTITY", Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY),
        "dataMismatch_dateOfBirth": ("PROBLEMATIC_APPLICANT_DATA", Code.BIRTH_DATE_MISMATCH),
        "dataMismatch_fullName": ("PROBLEMATIC_APPLICANT_DATA", Code.NAME_MISMATCH),
        "proofOfAddress_issueDate": ("BAD_PROOF_OF_ADDRESS", Code.DOCUMENT_EXPIRED),
        "proofOfAddress_listOfDocs": ("BAD_PROOF_OF_ADDRESS", Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY),
        "proofOfAddress_poiPoaCountryMismatch": ("BAD_PROOF_OF_ADDRESS", Code.COUNTRY_MISMATCH),
    },
}
"""What says more than a label: the label it belongs to, and the code it comes to. Sumsub calls these button ids."""

_ABOUT_DATA = frozenset({Code.DATA_MISSING, Code.DATA_INVALID, Code.UNDERAGE, Code.SCREENING_HIT})
_SIDES: Mapping[Code, str] = {Code.MISSING_FRONT: FRONT, Code.MISSING_BACK: BACK}


def reason_of(provider: str, label: str, *, key: str = "", field: str = "", clue: str = "") -> Reason:
    """What a label means. `provider` is a kind (`sumsub`), `key` a document's type where it is known, `field` a side.

    What is about the client's data names no document, so a person must say which detail it is.
    """
    code = LABELS.get(provider, {}).get(label, Code.OTHER)
    owner, closer = CLUES.get(provider, {}).get(clue, ("", code))
    code = closer if owner == label else code
    text = (f"{label} ({clue})" if clue else label)[:MOST_LABEL_CHARACTERS]
    if code in _ABOUT_DATA:
        return Reason(code, text, Kind.DATA)
    return Reason(code=code, label=text, kind=Kind.DOCUMENT, key=key, field=_SIDES.get(code, field))


def reasons_of(
    provider: str, labels: Sequence[str], clues: Sequence[str] = (), *, key: str = "", field: str = ""
) -> tuple[Reason, ...]:
    """A reason for each label, or for each clue that says more about one; other clues are kept with the first."""
    own_clues = CLUES.get(provider, {})
    owners = {clue: own_clues[clue][0] if clue in own_clues else "" for clue in clues}
    reasons = [
        reason_of(provider, label, key=key, field=field, clue=clue)
        for label in dict.fromkeys(labels)
        for clue in [own for own, owner in owners.items() if owner == label] or [""]
    ]
    spare = " ".join(clue for clue, owner in owners.items() if owner not in labels)
    if reasons and spare:
        reasons[0] = replace(reasons[0], label=f"{reasons[0].label} ({spare})"[:MOST_LABEL_CHARACTERS])
    return tuple(reasons)
