"""Verdicts: what follows from each, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.clients.client import Client, ClientStatus, value_mark
from ostiary.domain.documents.document import Document, DocumentStatus, Side
from ostiary.domain.errors import InvalidState, ValidationFailed
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from ostiary.domain.review.verdicts import Consequences, Decision, Verdict, consequences
from tests.material import ATTRIBUTES, NOW_MS, client, document, enablement, findings, id_at, profile

IN_KYC = enablement(Status.IN_KYC, updated_at_ms=NOW_MS + 30_000)
ENABLED = enablement(Status.ENABLED)
OTHER = enablement(Status.ENABLED, id=id_at(6), product="accounts")
ACTIVE = client(status=ClientStatus.ACTIVE)
CARD = document(
    "national_id",
    20,
    sides=(Side("image_front", "f", "aa", findings(b"f")), Side("image_back", "b", "bb", findings(b"b"))),
)
LATER_MS = NOW_MS + 60_000


def follows(
    decision: Decision,
    *enablements: Enablement,
    of: Client | None = None,
    because: str = "",
    rejections: tuple[Rejection, ...] = (),
    documents: tuple[Document, ...] = (),
) -> Consequences:
    """What follows from a verdict about the first of some enablements."""
    dossier = Dossier(of or client(), enablements, documents)
    return consequences(dossier, enablements[0], Verdict(decision, because, rejections), LATER_MS, ATTRIBUTES)


def of_document(code: Code, field: str = "image_front", key: str = "national_id") -> Rejection:
    return reject(Kind.DOCUMENT, key, code, field)


@pytest.mark.parametrize("of", [client(), ACTIVE], ids=["pending", "active"])
def test_approval_enables_and_activates_the_client(of: Client) -> None:
    after = follows(Decision.APPROVE, IN_KYC, of=of)
    ((before, moved),) = after.transitions
    assert (before, moved.status) == (Status.IN_KYC, Status.ENABLED)
    assert after.client.status is ClientStatus.ACTIVE
    assert after.client.updated_at_ms == (NOW_MS if of is ACTIVE else LATER_MS)


@pytest.mark.parametrize(
    ("enablements", "of", "status"),
    [
        ((IN_KYC,), client(), ClientStatus.PENDING),
        ((IN_KYC, OTHER), ACTIVE, ClientStatus.ACTIVE),
        ((ENABLED, OTHER), ACTIVE, ClientStatus.ACTIVE),
        ((ENABLED,), ACTIVE, ClientStatus.PENDING),
    ],
    ids=["in review", "beside an enabled one", "off-boarded, another enabled", "the last one off-boarded"],
)
def test_a_rejection_ends_one_request_and_the_client_stays_active_while_another_is_enabled(
    enablements: tuple[Enablement, ...], of: Client, status: ClientStatus
) -> None:
    after = follows(Decision.REJECT, *enablements, of=of, because="Not now.")
    ((before, moved),) = after.transitions
    assert before is enablements[0].status
    assert (moved.status, moved.rejection_description) == (Status.REJECTED, "Not now.")
    assert after.client.status is status


def test_rejecting_the_client_ends_every_live_request() -> None:
    ended = enablement(Status.REJECTED, id=id_at(7))
    after = follows(Decision.REJECT_CLIENT, IN_KYC, OTHER, ended, of=ACTIVE, because="Screening.")
    assert [(before, enablement.id, enablement.status) for before, enablement in after.transitions] == [
        (Status.IN_KYC, IN_KYC.id, Status.REJECTED),
        (Status.ENABLED, OTHER.id, Status.REJECTED),
    ]
    assert {enablement.rejection_description for _, enablement in after.transitions} == {"Screening."}
    assert after.client.status is ClientStatus.REJECTED


@pytest.mark.parametrize(
    ("code", "field", "marks"),
    [
        (Code.IMAGE_BLURRED, "image_front", ("aa",)),
        (Code.IMAGE_BLURRED, "image_back", ("bb",)),
        (Code.MRZ_INVALID, "", ("aa", "bb")),
        (Code.NUMBER_MISMATCH, "metadata.number", ()),
        (Code.NAME_MISMATCH, "image_front", ()),
    ],
    ids=["front", "back", "both sides", "a detail", "not for the picture itself"],
)
def test_a_return_refuses_the_document_and_marks_only_pictures_at_fault(
    code: Code, field: str, marks: tuple[str, ...]
) -> None:
    after = follows(Decision.RETURN, IN_KYC, rejections=(of_document(code, field),), documents=(CARD,))
    ((_, moved),) = after.transitions
    assert moved.status is Status.PENDING_DOCUMENTATION
    assert after.refused == (replace(CARD, status=DocumentStatus.REFUSED),)
    assert after.refused_marks == marks
    assert [refusal.subject for refusal in after.client.refusals] == [CARD.id]


def test_a_return_ties_a_refused_value_to_what_it_was() -> None:
    refusal = reject(Kind.DATA, "phone", Code.DATA_INVALID, "phone")
    older = replace(refusal, key="occupation", subject="older")
    after = follows(Decision.RETURN, IN_KYC, of=client(refusals=(older,)), rejections=(refusal,), documents=(CARD,))
    assert after.client.refusals == (older, replace(refusal, subject=value_mark(profile(), "phone")))
    assert (after.refused, after.refused_marks) == ((), ())


@pytest.mark.parametrize(
    ("rejections", "documents"),
    [
        ((), (CARD,)),
        ((of_document(Code.IMAGE_BLURRED, key="passport"),), (CARD,)),
        ((of_document(Code.IMAGE_BLURRED),), (replace(CARD, status=DocumentStatus.REFUSED),)),
        ((reject(Kind.DATA, "moon_phase", Code.DATA_INVALID, "moon_phase"),), (CARD,)),
        ((reject(Kind.DATA, "national_id", Code.DATA_INVALID, "x"),), (CARD,)),
        ((of_document(Code.IMAGE_BLURRED, key="phone"),), (CARD,)),
    ],
    ids=["nothing", "a document not there", "one refused already", "no attribute", "a document as data", "vice versa"],
)
def test_a_return_with_nothing_to_redo_is_refused(
    rejections: tuple[Rejection, ...], documents: tuple[Document, ...]
) -> None:
    with pytest.raises(ValidationFailed, match="Nothing to redo"):
        follows(Decision.RETURN, IN_KYC, rejections=rejections, documents=documents)


def test_what_nobody_could_mend_is_left_out_of_a_return() -> None:
    nobody = reject(Kind.DATA, "moon_phase", Code.DATA_INVALID, "moon_phase")
    after = follows(Decision.RETURN, IN_KYC, rejections=(nobody, of_document(Code.OTHER)), documents=(CARD,))
    assert [refusal.key for refusal in after.client.refusals] == ["national_id"]


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        (decision, status)
        for decision in (Decision.APPROVE, Decision.REJECT, Decision.RETURN)
        for status in Status
        if status is not Status.IN_KYC and (decision, status) != (Decision.REJECT, Status.ENABLED)
    ],
    ids=lambda value: str(value),
)
def test_a_verdict_applies_to_what_is_in_review(decision: Decision, status: Status) -> None:
    with pytest.raises(InvalidState):
        follows(decision, enablement(status), rejections=(of_document(Code.OTHER),), documents=(CARD,))
