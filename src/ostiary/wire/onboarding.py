"""How far a request is: whose turn it is, and why something is asked for or not; and links by which a client does it
himself."""

from __future__ import annotations

from typing import Annotated

from ostiary.domain.hosted.links import LANGUAGES, LinkStatus, OnboardingLink
from ostiary.domain.onboarding.next_action import NextAction, Owner
from ostiary.domain.onboarding.requirements import Explained
from ostiary.domain.times import format_timestamp
from ostiary.languages.speech import IN_ENGLISH, Speech
from ostiary.wire.answer import Answer, Exactly, Id, Timestamp, about, one_of
from ostiary.wire.verification import JudgedReadingAnswer, judged_document

UNDECIDED = "undecided"


class NextActionAnswer(Answer, kw_only=True, frozen=True):
    """Whose turn it is."""

    owner: Owner
    action: str
    description: str
    missing: tuple[str, ...] | None = None


class ExplainedRequirementAnswer(Answer, kw_only=True, frozen=True):
    """Why a requirement is asked for or not, and what meets it."""

    requirement: str
    applies: Annotated[bool | str, Exactly({"oneOf": [{"type": "boolean"}, {"type": "string", "enum": [UNDECIDED]}]})]
    condition: Annotated[str | None, about("The CEL expression that decides.")] = None
    satisfied_by: Annotated[
        str | None, about("`client`, the document's type and id, or `terms` and the acceptance's id.")
    ] = None
    since: Timestamp | None = None
    missing: tuple[str, ...] | None = None
    judged: Annotated[JudgedReadingAnswer | None, about("What reading the document led to, once it was read.")] = None


def action_answer(action: NextAction, speech: Speech = IN_ENGLISH) -> NextActionAnswer:
    """Who does what next."""
    return NextActionAnswer(
        owner=action.owner,
        action=action.action,
        description=speech.text(action.description),
        missing=action.missing or None,
    )


def explained_answer(line: Explained, speech: Speech = IN_ENGLISH) -> ExplainedRequirementAnswer:
    """One requirement of a product."""
    return ExplainedRequirementAnswer(
        requirement=line.requirement,
        applies=UNDECIDED if line.applies is None else line.applies,
        condition=line.condition,
        satisfied_by=line.satisfied_by,
        since=None if line.satisfied_by is None or line.since_ms is None else format_timestamp(line.since_ms),
        missing=line.missing or None,
        judged=None if line.document is None else judged_document(line.document, speech),
    )


class OnboardingLinkAnswer(Answer, kw_only=True, frozen=True):
    """A link to the page on which a client onboards himself."""

    id: Id
    client_id: Id
    status: Annotated[
        LinkStatus,
        about(
            "`active` until it is used, then `opened`; `finished` once everything was submitted. The others lead on."
        ),
    ]
    product_request_ids: Annotated[list[Id], about("What it asks for.")]
    created_at: Timestamp
    expires_at: Annotated[Timestamp, about("Until when it can be used. What it was exchanged for lives on.")]
    url: Annotated[str | None, about("Where to send the client. Only in the answer that makes the link.")] = None
    return_url: str | None = None
    refresh_url: str | None = None
    state: str | None = None
    language: Annotated[str | None, one_of(LANGUAGES, "Absent: as the browser asks for.")] = None
    opened_at: Timestamp | None = None
    ended_at: Annotated[Timestamp | None, about("When it was finished, expired or was revoked.")] = None


def link_answer(link: OnboardingLink, url: str | None = None) -> OnboardingLinkAnswer:
    """A link; what was not given and did not happen is absent."""
    wish = link.wish
    return OnboardingLinkAnswer(
        id=link.id,
        client_id=link.client_id,
        status=link.status,
        product_request_ids=list(wish.request_ids),
        created_at=format_timestamp(link.created_at_ms),
        expires_at=format_timestamp(link.expires_at_ms),
        url=url,
        return_url=wish.return_url or None,
        refresh_url=wish.refresh_url or None,
        state=wish.state or None,
        language=wish.language or None,
        opened_at=None if link.opened_at_ms is None else format_timestamp(link.opened_at_ms),
        ended_at=None if link.ended_at_ms is None else format_timestamp(link.ended_at_ms),
    )
