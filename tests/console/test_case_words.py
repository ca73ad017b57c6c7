"""What a case says in words: what differs of two texts, audit entries, reasons to return for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ostiary.console.review.differences import MOST_COMPARED, Piece, pieces_of
from ostiary.console.review.suggestions import DIGITS, likely_choices, other_choices
from ostiary.console.review.timeline import ACTIONS, TIMELINE_SHOWN, actor_words, timeline_of
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result, RuleEvidence
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.requirements import Assessment
from ostiary.domain.rejections import EXPLANATIONS, Code
from ostiary.domain.review.looking import LOOKED
from ostiary.domain.review.returns import returned_for
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.review.decide import ReviewDetails
from tests.material import ACCOUNTS, client, document, enablement

DOCS = Path(__file__).parents[2] / "docs" / "operating.md"


def marked(text: str | None, other: str | None) -> str:
    """A text with what differs in brackets."""
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces_of(text, other))


@pytest.mark.parametrize(
    ("text", "other", "shown"),
    [
        ("AB1234567", "AB1234567", "AB1234567"),
        ("AB1234567", "AB1284567", "AB12[3]4567"),
        ("Barber", "BARBER", "Barber"),
        ("Fernadnez", "FERNANDEZ", "Fernad[n]ez"),
        ("Straße", "STRASSE", "S[traße]"),
        ("x", None, "x"),
        (None, "x", ""),
        ("", "x", ""),
        ("a" * (MOST_COMPARED + 1), "b", "a" * (MOST_COMPARED + 1)),
        ("\u202eabc", "abc", "[\u202e]abc"),
    ],
)
def test_what_differs_is_marked_whatever_the_case_of_letters(text: str | None, other: str | None, shown: str) -> None:
    assert marked(text, other) == shown
    assert "".join(piece.text for piece in pieces_of(text, other)) == (text or "")


def test_a_piece_says_whether_it_differs() -> None:
    assert pieces_of("a", "a") == (Piece("a", differs=False),)


def entry(action: str, actor: str = "operator:ana", subject: str = "request", *codes: str) -> AuditEntry:
    return AuditEntry("c", "client", 1, 0, action, actor, subject, tuple(codes), b"")


def test_every_action_of_a_client_that_the_docs_name_has_words() -> None:
    table = next(part for part in DOCS.read_text().split("\n\n") if "`client_created`" in part)
    rows = re.findall(r"^\| ((?:`[a-z_]+`(?: \([^)]*\))?,? ?)+)\|", table, re.MULTILINE)
    documented = {action for row in rows for action in re.findall(r"`([a-z_]+)`", row)}
    of_companies = re.compile(
        r"admin|approver|reviewer|view|company|key|webhook|quota|operator|signed|sign_in|session|gone|failing|submission|confirmation|screening$|"
        r"brand|change$|clash|delivery|upgrade|link|language|identity_linked|ostiary|catalogue|clock"
    )
    missing = {each for each in documented - ACTIONS.keys() if not of_companies.search(each)}
    assert not missing


def test_entries_are_told_newest_first_in_words_without_ids() -> None:
    entries = [
        entry("client_created", "key:k1", "client"),
        entry(LOOKED, "operator:ana", "request", "d1", "d2"),
        entry("verdict_approve", "operator:ana", "request", "attempt_1", "looked_7"),
        entry("something_new", "provider:builtin", "other"),
    ]
    new, approved, looked, created = timeline_of(entries, "request")
    assert (new.words, new.actor, new.is_own, new.by_person) == ("Something new", "the document reader", False, False)
    assert (approved.words, approved.details, approved.is_own, approved.by_person) == (
        "Approved",
        "attempt 1",
        True,
        True,
    )
    assert (looked.words, looked.details) == ("Looked at the case", "2 documents")
    assert (created.words, created.actor) == ("The client was created", "API key k1")
    assert timeline_of([entry("pictures_looked")], "request")[0].details == ""


def test_a_client_that_was_changed_in_a_loop_leaves_a_page_that_can_be_read() -> None:
    entries = [entry("client_created"), *(entry("client_updated") for _ in range(TIMELINE_SHOWN))]
    shown = timeline_of(entries, "request")
    assert len(shown) == TIMELINE_SHOWN
    assert "created" not in {each.words for each in shown}
    assert actor_words("provider:kyc") == "provider kyc"


def details(*compared: RuleEvidence) -> ReviewDetails:
    judgement = Judgement(ReadingOutcome.REVIEW, compared, (), ("name_doubtful",))
    passport = document("passport", judgement=judgement)
    request = enablement(Status.IN_KYC)
    dossier = Dossier(client(), (request,), (passport,))
    return ReviewDetails(dossier, ACCOUNTS, ProductState(request, Assessment()), (passport,))


def test_what_the_machine_doubts_has_the_first_digits() -> None:
    doubted = details(
        RuleEvidence("last_name", Result.DOUBTFUL),
        RuleEvidence("number", Result.DIFFERS),
        RuleEvidence("birth_date", Result.AGREES),
        RuleEvidence("look_alike", Result.DOUBTFUL),
    )
    likely = likely_choices(doubted)
    assert [(each.code, each.digit) for each in likely[:2]] == [(Code.NAME_MISMATCH, 1), (Code.NUMBER_MISMATCH, 2)]
    assert len(likely) == DIGITS
    assert len({each.value for each in likely}) == DIGITS


def test_everything_that_is_offered_can_be_returned_for_and_nothing_twice() -> None:
    whole = details()
    likely = likely_choices(whole)
    others = [choice for group in other_choices(whole, likely) for choice in group.choices]
    offered = [*likely, *others]
    assert len({each.value for each in offered}) == len(offered)
    for choice in offered:
        code, _, key = choice.value.partition("|")
        assert returned_for(whole.dossier, whole.product, [code], [key])
        assert choice.words == EXPLANATIONS[choice.code].reason
    assert {choice.key for choice in others} >= {"passport", "first_name", "phone", "occupation"}


def test_terms_are_told_by_what_the_company_calls_them_and_not_by_a_hash() -> None:
    accepted = entry("terms_accepted", "link:l1", "acceptance", "rules", "v2", "pt-BR", "0" * 64)
    [shown] = timeline_of([accepted], "request")
    assert (shown.words, shown.details) == ("The client accepted terms", "rules, version v2 (pt-BR)")
