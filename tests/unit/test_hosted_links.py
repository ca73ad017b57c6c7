"""Links, sessions and their events as values."""

from __future__ import annotations

import pytest

from ostiary.domain.delivery.messages import probe_event
from ostiary.domain.hosted.events import HostedEvent, is_hosted_event, onboarding_event
from ostiary.domain.hosted.links import (
    CHILD_KEPT_MS,
    KEPT_MS,
    STATE_CHARACTERS,
    LinkProblem,
    LinkStatus,
    OnboardingLink,
    over,
    problem_of,
    state_problem,
)
from ostiary.domain.hosted.sessions import CLIENT_IDLE_MS, session_begun, session_problem
from ostiary.domain.value import replace
from tests.kept import values
from tests.material import NOW_MS


def link(status: LinkStatus = LinkStatus.ACTIVE, **changes: object) -> OnboardingLink:
    standing = {"status": status, "expires_at_ms": NOW_MS + 10, "parent_id": "", "ended_at_ms": None} | changes
    return replace(values.LINK, **standing)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "after_ms", "problem"),
    [
        (LinkStatus.ACTIVE, 9, None),
        (LinkStatus.ACTIVE, 10, LinkProblem.EXPIRED),
        (LinkStatus.OPENED, 0, LinkProblem.USED),
        (LinkStatus.OPENED, 10, LinkProblem.USED),
        (LinkStatus.FINISHED, 0, LinkProblem.FINISHED),
        (LinkStatus.EXPIRED, 0, LinkProblem.EXPIRED),
        (LinkStatus.REVOKED, 10, LinkProblem.REVOKED),
    ],
)
def test_a_link_says_why_it_leads_nowhere(status: LinkStatus, after_ms: int, problem: LinkProblem | None) -> None:
    assert problem_of(link(status), NOW_MS + after_ms) is problem


@pytest.mark.parametrize(
    ("status", "idle_ms", "problem"),
    [
        (LinkStatus.OPENED, CLIENT_IDLE_MS - 1, None),
        (LinkStatus.FINISHED, CLIENT_IDLE_MS - 1, None),
        (LinkStatus.OPENED, CLIENT_IDLE_MS, LinkProblem.EXPIRED),
        (LinkStatus.EXPIRED, 0, LinkProblem.EXPIRED),
        (LinkStatus.REVOKED, 0, LinkProblem.REVOKED),
        (LinkStatus.REVOKED, CLIENT_IDLE_MS, LinkProblem.REVOKED),
    ],
)
def test_a_session_is_as_good_as_its_link(status: LinkStatus, idle_ms: int, problem: LinkProblem | None) -> None:
    session = session_begun(b"mark", link(LinkStatus.OPENED), NOW_MS)
    assert session_problem(session, link(status), NOW_MS + idle_ms) is problem


@pytest.mark.parametrize(("parent_id", "kept_ms"), [("", KEPT_MS), ("p", CHILD_KEPT_MS)])
def test_what_is_over_is_kept_for_a_month_and_what_was_for_a_phone_for_an_hour(parent_id: str, kept_ms: int) -> None:
    ended = over(link(parent_id=parent_id), LinkStatus.EXPIRED, NOW_MS)
    assert (ended.status, ended.ended_at_ms, ended.due_at_ms) == (LinkStatus.EXPIRED, NOW_MS, NOW_MS + kept_ms)


def test_who_comes_by_a_phone_acts_as_the_partners_link() -> None:
    assert link(parent_id="p").actor == "link:p"
    assert link().actor == f"link:{values.LINK.id}"


@pytest.mark.parametrize("state", ["", "a b", "~" * STATE_CHARACTERS, '"<&?=#%'])
def test_a_state_of_printable_ascii_is_good(state: str) -> None:
    assert state_problem(state) is None


@pytest.mark.parametrize("state", ["~" * (STATE_CHARACTERS + 1), "\t", "\x7f", "ü"])
def test_another_state_is_none(state: str) -> None:
    assert state_problem(state) is not None


@pytest.mark.parametrize("event", HostedEvent)
def test_an_event_is_known_as_one_of_the_page(event: HostedEvent) -> None:
    assert is_hosted_event(onboarding_event("m", values.LINK, event, NOW_MS))
    assert not is_hosted_event(probe_event("m", "c", NOW_MS))


def test_a_secret_and_a_state_stand_in_no_log() -> None:
    assert values.LINK.wish.state not in repr(values.LINK)
    assert str(values.LINK.mark) not in repr(values.LINK)
