"""What a case could be returned for: each reason with what it is about, the likely ones first: a digit takes it.

Only what `domain/review/returns.py` lets through is offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ostiary.domain.clients.client import attribute_value
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.documents.reading import Result
from ostiary.domain.rejections import EXPLANATIONS, Code
from ostiary.domain.review.returns import ONLY_DATA, attributes_of
from ostiary.usecases.review.decide import ReviewDetails

DIGITS = 9
"""As many keys as there are."""
_OF_RULES = {
    "number": Code.NUMBER_MISMATCH,
    "issuing_country": Code.COUNTRY_MISMATCH,
    "expiration_date": Code.EXPIRATION_MISMATCH,
    "birth_date": Code.BIRTH_DATE_MISMATCH,
    "first_name": Code.NAME_MISMATCH,
    "last_name": Code.NAME_MISMATCH,
    "machine_readable": Code.MRZ_NOT_FOUND,
    "digits": Code.MRZ_INVALID,
    "certainty": Code.IMAGE_BLURRED,
    "chip_picture": Code.CHIP_MISMATCH,
    "chip_signature": Code.CHIP_DATA_INVALID,
}
"""What a rule that does not agree speaks for."""
_OFTEN = (
    Code.IMAGE_BLURRED, Code.IMAGE_OVEREXPOSED, Code.DOCUMENT_EXPIRED, Code.MRZ_NOT_FOUND, Code.NAME_MISMATCH,
    Code.NUMBER_MISMATCH, Code.BIRTH_DATE_MISMATCH, Code.EXPIRATION_MISMATCH, Code.IMAGE_NOT_READABLE,
)  # fmt: skip
_ONLY_AT_INTAKE = frozenset(
    {Code.IMAGE_TYPE_NOT_SUPPORTED, Code.IMAGE_TOO_SMALL, Code.IMAGE_TOO_LARGE, Code.METADATA_MISSING,
     Code.METADATA_INVALID, Code.DUPLICATE_OF_REJECTED, Code.IDENTICAL_SIDES, Code.SIDE_NOT_NEEDED}
)  # fmt: skip
"""What was measured when a document came in: no person finds that."""
_DOCUMENT_CODES = tuple(
    code for code in Code if EXPLANATIONS[code].retryable and code not in _ONLY_AT_INTAKE and code not in ONLY_DATA
)


@dataclass(frozen=True, slots=True)
class ReturnChoice:
    """A reason with what it is about. `digit` takes it by one key (0: none)."""

    code: Code
    key: str
    digit: int = 0

    @property
    def value(self) -> str:
        """As a form sends it."""
        return f"{self.code}|{self.key}"

    @property
    def words(self) -> str:
        return EXPLANATIONS[self.code].reason


@dataclass(frozen=True, slots=True)
class ReturnGroup:
    """The other reasons that one document or the client's details can be returned for."""

    name: str
    choices: tuple[ReturnChoice, ...]


def likely_choices(details: ReviewDetails) -> tuple[ReturnChoice, ...]:
    """Those that the machine's own doubts speak for, then what is most often wrong; as many as there are digits."""
    documents = _returnable(details)
    wanted = [(code, key) for document in documents for code, key in _doubted(document)]
    wanted += [(code, document.type) for code in _OFTEN for document in documents]
    distinct = tuple(dict.fromkeys(wanted))[:DIGITS]
    return tuple(ReturnChoice(code, key, digit) for digit, (code, key) in enumerate(distinct, 1))


def other_choices(details: ReviewDetails, likely: Sequence[ReturnChoice]) -> tuple[ReturnGroup, ...]:
    """Everything else that can be returned, by document, then the client's details."""
    taken = {(each.code, each.key) for each in likely}
    groups = [
        ReturnGroup(document.type, _choices(document.type, _DOCUMENT_CODES, taken)) for document in _returnable(details)
    ]
    for key in attributes_of(details.dossier, details.product):
        if attribute_value(details.dossier.client.profile, key) is not None:
            groups.append(ReturnGroup(key, _choices(key, (Code.DATA_INVALID, Code.OTHER), taken)))
    return tuple(group for group in groups if group.choices)


def _returnable(details: ReviewDetails) -> tuple[Document, ...]:
    return tuple(each for each in details.documents if each.status is DocumentStatus.ACCEPTED)


def _doubted(document: Document) -> Iterator[tuple[Code, str]]:
    judgement = document.judgement
    for rejection in judgement.rejections if judgement is not None else ():
        yield rejection.code, rejection.key
    for evidence in judgement.compared if judgement is not None else ():
        code = _OF_RULES.get(evidence.rule)
        if code is not None and evidence.result in (Result.DIFFERS, Result.DOUBTFUL):
            yield code, document.type


def _choices(key: str, codes: Sequence[Code], taken: set[tuple[Code, str]]) -> tuple[ReturnChoice, ...]:
    return tuple(ReturnChoice(code, key) for code in codes if (code, key) not in taken)
