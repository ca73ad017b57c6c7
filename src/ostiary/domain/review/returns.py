"""What an operator returns a request for: reasons, and the documents and attributes they are about."""

from __future__ import annotations

from collections.abc import Sequence

from ostiary.domain.catalogue.catalogue import Product
from ostiary.domain.clients.client import attribute_value
from ostiary.domain.documents.document import (
    BACK,
    EXPIRATION_DATE,
    FRONT,
    ISSUING_COUNTRY,
    NUMBER,
    Document,
    DocumentStatus,
)
from ostiary.domain.errors import Fault, ValidationFailed
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.rejections import EXPLANATIONS, MOST_REASON_CHARACTERS, Code, Kind, Rejection, reject
from ostiary.domain.review.remarks import demand_text
from ostiary.domain.sentences import N_, sentence

_ABOUT_DATA = N_("%(code)s is about an attribute: name one with --key.")
_ABOUT_DOCUMENTS = N_("%(code)s is about a document: name one with --key.")
ONLY_DATA = frozenset({Code.DATA_MISSING, Code.DATA_INVALID})
EITHER = frozenset({Code.NAME_MISMATCH, Code.BIRTH_DATE_MISMATCH, Code.COUNTRY_MISMATCH, Code.OTHER})
"""All other reasons are about documents only."""
_ALWAYS_KNOWN = (
    "first_name", "second_name", "last_name", "birth_date", "email", "phone", "country", "state", "postal_code",
)  # fmt: skip
_FIELDS = {
    Code.MISSING_FRONT: FRONT,
    Code.MISSING_BACK: BACK,
    Code.SIDE_NOT_NEEDED: BACK,
    Code.IDENTICAL_SIDES: BACK,
    Code.NUMBER_MISMATCH: f"metadata.{NUMBER}",
    Code.COUNTRY_MISMATCH: f"metadata.{ISSUING_COUNTRY}",
    Code.EXPIRATION_MISMATCH: f"metadata.{EXPIRATION_DATE}",
    Code.DOCUMENT_EXPIRED: f"metadata.{EXPIRATION_DATE}",
}
"""The part of a document that a reason is about by itself."""


def returned_for(
    dossier: Dossier, product: Product, codes: Sequence[str], keys: Sequence[str] = (), text: str = ""
) -> tuple[Rejection, ...]:
    """The rejections that reasons and keys mean. As many reasons as keys are pairs, in the order written; else a
    reason goes to each key it can be about.

    A key is an attribute, a document type, or a part of one (`national_id.image_back`); without keys it is every
    document of the request. Raises ValidationFailed for unknown reasons and keys, naming what is possible, and for a
    reason or a key that stays without the other.
    """
    reasons = _known_reasons(codes)
    _refuse_final(reasons)
    if text:
        demand_text("text", text, MOST_REASON_CHARACTERS)
    documents = {
        document.type: document
        for document in dossier.documents
        if document.status is DocumentStatus.ACCEPTED and product.requirement_for(document.type) is not None
    }
    wanted = tuple(dict.fromkeys(keys)) or tuple(documents)
    _refuse_unknown(wanted, documents, attributes_of(dossier, product))
    if len(codes) == len(keys) > 1:
        written = dict.fromkeys(zip((Code(code) for code in codes), keys, strict=True))
        pairs = [(code, key) for code, key in written if _fits(code, key.partition(".")[0] in documents)]
    else:
        pairs = [(code, key) for key in wanted for code in reasons if _fits(code, key.partition(".")[0] in documents)]
    _refuse_left_over(reasons, wanted, pairs)
    return tuple(_rejection(code, key, documents, text) for code, key in pairs)


def _known_reasons(codes: Sequence[str]) -> tuple[Code, ...]:
    unknown = [code for code in codes if code not in set(Code)]
    if unknown:
        raise ValidationFailed(
            sentence(
                "There is no reason %(unknown)s; the codes are: %(possible)s.",
                unknown=", ".join(unknown),
                possible=", ".join(Code),
            )
        )
    return tuple(dict.fromkeys(Code(code) for code in codes))


def _refuse_final(codes: Sequence[Code]) -> None:
    """A client is not sent back for what cannot be corrected: the request would lead nowhere, and a hit would be
    disclosed."""
    final = [code for code in codes if not EXPLANATIONS[code].retryable]
    if final:
        able = ", ".join(code for code in Code if EXPLANATIONS[code].retryable)
        raise ValidationFailed(
            sentence(
                "%(final)s cannot be mended, so reject the request instead; returned for: %(able)s.",
                final=", ".join(final),
                able=able,
            )
        )


def attributes_of(dossier: Dossier, product: Product) -> tuple[str, ...]:
    """The attributes that can be named: those the client has, and those the product asks for."""
    profile = dossier.client.profile
    given = (key for key in _ALWAYS_KNOWN if attribute_value(profile, key) is not None)
    asked = (field.key for group in product.data for field in group.fields)
    return tuple(dict.fromkeys((*given, *profile.attributes, *asked)))


def _refuse_unknown(keys: Sequence[str], documents: dict[str, Document], attributes: Sequence[str]) -> None:
    faults = []
    for key in keys:
        kind, dot, field = key.partition(".")
        document = documents.get(kind)
        if document is None and key not in attributes:
            possible = f"the documents {', '.join(documents) or '(none)'} and the attributes {', '.join(attributes)}"
            faults.append(
                Fault(
                    key,
                    "VALUE_INVALID",
                    sentence("%(key)s is not of this request, which has %(possible)s", key=key, possible=possible),
                )
            )
        elif document is not None and dot and field not in _parts(document):
            possible = ", ".join(f"{kind}.{part}" for part in _parts(document))
            faults.append(
                Fault(
                    key,
                    "VALUE_INVALID",
                    sentence(
                        "%(key)s is no part of that document; its parts are %(possible)s", key=key, possible=possible
                    ),
                )
            )
    if faults:
        raise ValidationFailed("Some keys name nothing that could be redone.", faults=tuple(faults))


def _parts(document: Document) -> tuple[str, ...]:
    return (*(side.field for side in document.sides), *(f"metadata.{name}" for name in document.metadata))


def _fits(code: Code, is_document: bool) -> bool:
    return code in EITHER or (code in ONLY_DATA) != is_document


def _refuse_left_over(reasons: Sequence[Code], keys: Sequence[str], pairs: Sequence[tuple[Code, str]]) -> None:
    for code in reasons:
        if all(paired != code for paired, _ in pairs):
            pattern = _ABOUT_DATA if code in ONLY_DATA else _ABOUT_DOCUMENTS
            raise ValidationFailed(sentence(pattern, code=code))
    for key in keys:
        if all(paired != key for _, paired in pairs):
            raise ValidationFailed(sentence("None of these reasons can be about %(key)s.", key=key))


def _rejection(code: Code, key: str, documents: dict[str, Document], text: str) -> Rejection:
    kind, _, field = key.partition(".")
    document = documents.get(kind)
    if document is None:
        return reject(Kind.DATA, key, code, key, reason=text)
    return reject(Kind.DOCUMENT, kind, code, field or _field(code, document), reason=text)


def _field(code: Code, document: Document) -> str:
    """The part at fault; empty where a picture is meant and there are two: then both are."""
    if EXPLANATIONS[code].about_picture and len(document.sides) == 1:
        return document.sides[0].field
    return _FIELDS.get(code, "")
