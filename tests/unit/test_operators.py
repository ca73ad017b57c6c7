"""Operators: what they may do, which passwords are good, how long sessions hold, and how often one may try."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ostiary.domain.operators.operator import (
    KNOWN_ADDRESSES,
    LINK_MS,
    PASSWORD_LEAST,
    PASSWORD_MOST,
    Link,
    LinkKind,
    Operator,
    Role,
    normal_name,
    password_fault,
    remembers,
)
from ostiary.domain.operators.permissions import FROM_ROLE, Permission, is_last_chief, may
from ostiary.domain.operators.sessions import IDLE_MS, TOUCHED_AFTER_MS, WHOLE_MS, Session, SignInSource, begun
from ostiary.domain.operators.sign_in import (
    ACCOUNT_FREE,
    FIRST_WAIT_MS,
    FORGIVEN_AFTER_MS,
    LONGEST_WAIT_MS,
    NO_ATTEMPTS,
    NOTED_AN_HOUR,
    Attempts,
    counted,
    is_worth_noting,
    of_hour,
    wait_ms,
)
from ostiary.domain.review.looking import same_person
from ostiary.domain.value import replace
from tests.material import NOW_MS

MINUTE_MS, HOUR_MS = 60_000, 3_600_000


def operator(role: Role = Role.ADMIN, *companies: str, number: str = "1", is_disabled: bool = False) -> Operator:
    return Operator(
        id=number,
        name="ana",
        role=role,
        companies=companies,
        created_at_ms=NOW_MS,
        updated_at_ms=NOW_MS,
        is_disabled=is_disabled,
    )


# ---- rights ----

RIGHTS = {
    Role.VIEWER: "see_queue see_case see_companies see_deliveries",
    Role.REVIEWER: "see_pictures see_other_client claim decide decide_hit",
    Role.APPROVER: "release_number offboard confirm override make_link redeliver see_audit set_risk publish "
    "hold erase export",
    Role.ADMIN: "manage_keys set_webhook set_brand set_quota move_clock create_company see_doctor manage_operators",
}
"""What each role may do beyond the one before it."""


def test_every_right_belongs_to_one_role() -> None:
    assert {right: role for role, words in RIGHTS.items() for right in words.split()} == dict(FROM_ROLE)
    assert set(FROM_ROLE) == set(Permission)


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_those_before_it_may(role: Role) -> None:
    roles = list(Role)
    expected = {right for each in roles[: roles.index(role) + 1] for right in RIGHTS[each].split()}
    assert {right for right in Permission if may(operator(role), right, "acme")} == expected


@pytest.mark.parametrize(("companies", "company_id", "expected"), [
    ((), "acme", True), (("acme",), "acme", True), (("acme", "banco"), "banco", True), (("acme",), "banco", False),
    (("acme",), "", True),
])  # fmt: skip
def test_rights_are_for_ones_own_companies(companies: tuple[str, ...], company_id: str, expected: bool) -> None:
    assert may(operator(Role.REVIEWER, *companies), Permission.DECIDE, company_id) is expected


def test_who_is_admin_of_some_companies_lets_nobody_in_or_could_give_himself_the_others() -> None:
    assert may(operator(Role.ADMIN), Permission.MANAGE_OPERATORS)
    assert not may(operator(Role.ADMIN, "acme"), Permission.MANAGE_OPERATORS, "acme")
    for permission in (Permission.SET_QUOTA, Permission.CREATE_COMPANY, Permission.SEE_DOCTOR, Permission.PUBLISH):
        assert may(operator(Role.ADMIN), permission)
        assert not may(operator(Role.ADMIN, "acme"), permission, "acme")
    for permission in (Permission.MANAGE_KEYS, Permission.SET_WEBHOOK, Permission.MOVE_CLOCK):
        assert may(operator(Role.ADMIN, "acme"), permission, "acme")


def test_who_is_disabled_may_do_nothing() -> None:
    assert not [right for right in Permission if may(operator(is_disabled=True), right)]


@pytest.mark.parametrize(("others", "expected"), [
    ((), True),
    ((operator(Role.APPROVER, number="2"), operator(Role.ADMIN, "acme", number="3")), True),
    ((operator(number="2", is_disabled=True),), True),
    ((operator(number="2"),), False),
])  # fmt: skip
def test_somebody_who_lets_others_in_must_be_left(others: tuple[Operator, ...], expected: bool) -> None:
    assert is_last_chief(operator(), (operator(), *others)) is expected


def test_who_could_let_nobody_in_is_never_the_last() -> None:
    assert not is_last_chief(operator(Role.VIEWER), (operator(Role.VIEWER),))


# ---- names, passwords and links ----


@pytest.mark.parametrize(("one_way", "another"), [
    ("Ana", "ANA"), ("ﬁona", "FIONA"), ("José", "jose\u0301"), ("Ana M", "Ana  M"), ("Ana", "An\u3164a"),
    ("Ana", "Ana\u115f"), ("Ana", "A\ufe0fna"),
])  # fmt: skip
def test_names_that_read_the_same_are_the_same(one_way: str, another: str) -> None:
    assert normal_name(one_way) == normal_name(another)
    assert same_person(f"operator:{one_way}", f"operator:{another}")


def test_half_of_a_letter_is_no_name_and_breaks_nothing() -> None:
    assert normal_name("a\ud800") == normal_name("A?")


@pytest.mark.parametrize(("password", "problem"), [
    ("correct horse battery", None),
    ("ñandú ñandú ñandú", None),
    ("a" * (PASSWORD_LEAST - 3) + "bcd", None),
    ("abcdefghijk", "at least 12"),
    ("", "at least 12"),
    ("ab" * (PASSWORD_MOST // 2) + "c", "more than 128"),
    ("ana.perez@acme.example", "must not be the name"),
    ("ANA.PEREZ@acme.example2026!", "must not be the name"),
    ("aaaaaaaaaaaa", "again and again"),
    ("abababababab", "again and again"),
])  # fmt: skip
def test_passwords_are_judged_by_length_and_not_by_their_mixture(password: str, problem: str | None) -> None:
    fault = password_fault(password, "ana.perez@acme.example")
    assert (fault is None) == (problem is None)
    assert (problem or "") in (fault or "")


def test_a_password_is_judged_without_a_name_too() -> None:
    assert password_fault("correct horse battery", "") is None


@pytest.mark.parametrize(("until_ms", "expected"), [
    (NOW_MS + LINK_MS, True), (NOW_MS + 1, True), (NOW_MS, False), (NOW_MS - 1, False),
    (NOW_MS + 3 * LINK_MS, False),  # of a clock that was set back since
])  # fmt: skip
def test_a_link_holds_for_a_day(until_ms: int, expected: bool) -> None:
    assert Link(LinkKind.SETS_UP, "00", until_ms).is_good(NOW_MS) is expected


def test_the_networks_of_the_last_sign_ins_are_known_the_newest_first() -> None:
    marks = remembers(remembers(("a", "b"), "c"), "b")
    assert marks == ("b", "c", "a")
    for number in range(9):
        marks = remembers(marks, str(number))
    assert len(marks) == KNOWN_ADDRESSES
    assert marks[0] == "8"


# ---- sessions ----


def session() -> Session:
    return begun(b"mark", operator(), SignInSource("203.0.113.7", "b" * 500), NOW_MS)


@pytest.mark.parametrize(("seen_ago_ms", "now_ms", "expected"), [
    (0, NOW_MS, True),
    (0, NOW_MS + IDLE_MS - 1, True),
    (0, NOW_MS + IDLE_MS, False),
    (MINUTE_MS, NOW_MS + WHOLE_MS - 1, True),
    (MINUTE_MS, NOW_MS + WHOLE_MS, False),
    (0, NOW_MS - IDLE_MS + 1, True),  # the clock was set back a little
    (0, NOW_MS - HOUR_MS, False),
    (MINUTE_MS, NOW_MS - HOUR_MS, False),
])  # fmt: skip
def test_a_session_ends_idle_and_after_a_day_of_work(seen_ago_ms: int, now_ms: int, expected: bool) -> None:
    seen_at_ms = now_ms - seen_ago_ms if seen_ago_ms else NOW_MS
    assert replace(session(), seen_at_ms=seen_at_ms).is_good(now_ms) is expected


def test_it_says_when_it_ends_if_nothing_more_is_done() -> None:
    assert session().idle_until_ms == NOW_MS + IDLE_MS
    late = replace(session(), seen_at_ms=NOW_MS + WHOLE_MS - MINUTE_MS)
    assert late.idle_until_ms == NOW_MS + WHOLE_MS


@pytest.mark.parametrize(("moved_ms", "expected"), [
    (0, False), (TOUCHED_AFTER_MS - 1, False), (TOUCHED_AFTER_MS, True), (-TOUCHED_AFTER_MS, True),
])  # fmt: skip
def test_that_it_was_used_is_written_once_a_minute(moved_ms: int, expected: bool) -> None:
    assert session().is_to_touch(NOW_MS + moved_ms) is expected


def test_what_a_browser_says_of_itself_is_cut() -> None:
    assert len(session().source.agent) == 200


# ---- attempts ----


def after(failures: int, free: int = ACCOUNT_FREE) -> Attempts:
    """So many attempts, each as soon as it is taken."""
    attempts, now = NO_ATTEMPTS, NOW_MS
    for _ in range(failures):
        now += wait_ms(attempts, now)
        attempts = counted(attempts, free, now)
    return attempts


def test_the_first_attempts_are_free_and_then_waits_double_up_to_the_longest() -> None:
    waits = [wait_ms(after(failures), after(failures).at_ms) for failures in range(1, ACCOUNT_FREE + 40)]
    assert waits[: ACCOUNT_FREE - 1] == [0] * (ACCOUNT_FREE - 1)
    assert waits[ACCOUNT_FREE - 1] == FIRST_WAIT_MS
    growing = [wait for wait in waits[ACCOUNT_FREE - 1 :] if wait < LONGEST_WAIT_MS]
    assert all(later == 2 * earlier for earlier, later in pairwise(growing))
    assert waits[-1] == LONGEST_WAIT_MS


@pytest.mark.parametrize("moved_ms", [FORGIVEN_AFTER_MS, -FORGIVEN_AFTER_MS])
def test_after_an_hour_without_one_it_begins_anew(moved_ms: int) -> None:
    attempts = after(30)
    assert counted(attempts, ACCOUNT_FREE, attempts.at_ms + moved_ms).failures == 1
    assert counted(attempts, ACCOUNT_FREE, attempts.at_ms + moved_ms // 2).failures == 31


def test_a_clock_that_is_set_back_makes_no_wait_longer_than_the_longest() -> None:
    assert wait_ms(after(30), NOW_MS - 300 * HOUR_MS) == LONGEST_WAIT_MS


def test_a_failure_is_noted_while_it_says_something() -> None:
    assert [failures for failures in range(1, 70) if is_worth_noting(failures)] == [1, 2, 3, 4, 5, 8, 16, 32, 64]


def test_of_a_flood_only_so_much_is_noted_in_an_hour() -> None:
    notes: Attempts | None = NO_ATTEMPTS
    count = 0
    while notes is not None and (notes := of_hour(notes, NOTED_AN_HOUR, NOW_MS + count)) is not None:
        count, full = count + 1, notes
    assert count == NOTED_AN_HOUR
    assert of_hour(full, NOTED_AN_HOUR, NOW_MS + FORGIVEN_AFTER_MS) == Attempts(1, NOW_MS + FORGIVEN_AFTER_MS, 0)
