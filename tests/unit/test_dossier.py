"""The dossier: what is live, and which documents a new one displaces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.catalogue.catalogue import Alternative, DocumentRequirement, Product
from ostiary.domain.documents.document import DocumentStatus
from ostiary.domain.errors import NotFound
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from tests.material import (
    CARDS,
    IDENTITY,
    IN_ARGENTINA,
    NATIONAL_ID,
    PASSPORT,
    RICH,
    TODAY,
    catalogue,
    client,
    document,
    enablement,
    id_at,
    profile,
)

TRAVEL = Product(
    "travel", "Travel", "", (DocumentRequirement("travel_document", "Travel", "", (Alternative(PASSPORT),)),)
)
CATALOGUES = {"v1": catalogue(CARDS, TRAVEL)}
REQUEST = enablement()
PASSPORT_DOCUMENT, CARD, BILL = document("passport", 10), document("national_id", 20), document("utility_bill", 30)


def travel(status: Status) -> Dossier:
    """Cards and travel requested, a passport there."""
    other = enablement(status, id=id_at(6), product="travel")
    return Dossier(client(), (REQUEST, other), (PASSPORT_DOCUMENT, BILL))


@pytest.mark.parametrize(
    ("status", "new", "gone"),
    [
        (Status.PENDING_DOCUMENTATION, "national_id", []),
        (Status.ENABLED, "national_id", []),
        (Status.REJECTED, "national_id", ["passport"]),
        (Status.PENDING_DOCUMENTATION, "passport", ["passport"]),
        (Status.IN_KYC, "passport", []),
    ],
    ids=["needed by a live request", "by an enabled one", "by an ended one only", "the new one serves", "in review"],
)
def test_a_new_document_displaces_the_old_unless_another_live_request_needs_it(
    status: Status, new: str, gone: list[str]
) -> None:
    assert [document.type for document in travel(status).documents_replaced_by(new, IDENTITY, CATALOGUES)] == gone


@pytest.mark.parametrize(
    ("status", "displaced"),
    [(DocumentStatus.ACCEPTED, True), (DocumentStatus.REFUSED, True), (DocumentStatus.REPLACED, False)],
)
def test_accepted_and_refused_documents_are_displaced_once(status: DocumentStatus, displaced: bool) -> None:
    dossier = Dossier(client(), (REQUEST,), (replace(CARD, status=status), BILL))
    assert bool(dossier.documents_replaced_by("passport", IDENTITY, CATALOGUES)) is displaced


def test_a_request_of_another_client_is_not_found() -> None:
    dossier = Dossier(client(), (REQUEST,))
    assert dossier.enablement(REQUEST.id) is REQUEST
    with pytest.raises(NotFound, match="no such product request"):
        dossier.enablement(id_at(99))


@pytest.mark.parametrize("status", Status)
def test_only_a_live_request_stands_in_the_way_of_another(status: Status) -> None:
    request = enablement(status)
    assert Dossier(client(), (request,)).live("cards") == (request if request.is_live else None)
    assert Dossier(client(), (request,)).live("accounts") is None


def test_a_request_is_judged_by_the_catalogue_it_was_made_under() -> None:
    newer = catalogue(replace(CARDS, documents=(), data=()), version="v2")
    catalogues = {**CATALOGUES, "v2": newer}
    dossier = Dossier(client(), (REQUEST,))
    assert not dossier.assess(REQUEST, catalogues, TODAY).is_complete
    assert dossier.assess(replace(REQUEST, catalogue_version="v2"), catalogues, TODAY).is_complete


@pytest.mark.parametrize(
    ("condition", "country", "closed"),
    [(None, "ARG", False), (IN_ARGENTINA, "ARG", False), (IN_ARGENTINA, "BRA", True), (RICH, "ARG", False)],
    ids=["no condition", "it holds", "it does not", "undecided"],
)
def test_a_type_is_closed_to_a_client_by_its_condition(condition: object, country: str, closed: bool) -> None:
    card = Alternative(NATIONAL_ID, condition)  # type: ignore[arg-type]
    product = replace(CARDS, documents=(replace(IDENTITY, alternatives=(Alternative(PASSPORT), card)),))
    dossier = Dossier(client(profile=profile(address={"country": country})))
    catalogues = {"v1": catalogue(product)}
    assert dossier.is_closed(REQUEST, "national_id", catalogues, TODAY) is closed
    assert not dossier.is_closed(REQUEST, "passport", catalogues, TODAY)
    assert not dossier.is_closed(REQUEST, "moon_stone", catalogues, TODAY)


@pytest.mark.parametrize("status", Status)
def test_a_review_sees_the_documents_there_were_at_its_submission(status: Status) -> None:
    request = enablement(status, updated_at_ms=PASSPORT_DOCUMENT.created_at_ms)
    documents = Dossier(client(), (request,), (PASSPORT_DOCUMENT, CARD)).documents_under_review(request)
    assert documents == ((PASSPORT_DOCUMENT,) if status is Status.IN_KYC else (PASSPORT_DOCUMENT, CARD))
