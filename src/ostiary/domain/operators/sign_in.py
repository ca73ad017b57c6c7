"""How often somebody may try to sign in: a few attempts at once, then waits that grow.

An attempt is counted before the password is looked at, and taken back when it was right: so of many at once none is
uncounted. While somebody has to wait nothing is counted, so a flood neither makes the wait longer nor writes anything.
"""

from __future__ import annotations

from ostiary.domain.value import value_type

ACCOUNT_FREE = 5
"""Attempts at one account that cost nothing: whoever mistypes a password does so two or three times."""
ACCOUNT_HOURLY = 24
"""Attempts of an hour at one account, from all networks together where its operator is not known. One network makes 17
of an hour at most, with its waits, so that alone it keeps nobody out; and many guess no faster than this."""
ADDRESS_FREE = 20
"""Attempts from one address: an office has one for all its people."""
FIRST_WAIT_MS = 2_000
LONGEST_WAIT_MS = 15 * 60_000
"""Four attempts an hour; with a second factor, nothing is found so."""
FORGIVEN_AFTER_MS = 3_600_000
"""After an hour without an attempt it begins anew: five in an hour are hardly more than four. A flood's rows are kept
for so long."""
NOTED_AN_HOUR = 50
"""Failures of an hour that are in the audit trail, of the whole installation. More than people make; a flood would
otherwise fill the trail, which keeps everything for ever."""


@value_type
class Attempts:
    """What is kept under one mark: how many in a row, when the last was, and until when no other is taken."""

    failures: int = 0
    at_ms: int = 0
    until_ms: int = 0


NO_ATTEMPTS = Attempts()


def wait_ms(attempts: Attempts, now_ms: int) -> int:
    """How long to wait until an attempt is taken; 0: it is taken now. A clock that was set back makes it no longer than
    the longest."""
    return min(max(0, attempts.until_ms - now_ms), LONGEST_WAIT_MS)


def counted(attempts: Attempts, free: int, now_ms: int) -> Attempts:
    """After one more attempt."""
    is_old = abs(now_ms - attempts.at_ms) >= FORGIVEN_AFTER_MS
    failures = 1 if is_old else attempts.failures + 1
    beyond = failures - free
    pause = 0 if beyond < 0 else min(FIRST_WAIT_MS << min(beyond, 20), LONGEST_WAIT_MS)
    return Attempts(failures, now_ms, now_ms + pause if pause else 0)


def is_worth_noting(failures: int) -> bool:
    """Whether a failure says something new: the first ones, then each time that they have doubled."""
    return failures <= ACCOUNT_FREE or failures & (failures - 1) == 0


def of_hour(before: Attempts, most: int, now_ms: int) -> Attempts | None:
    """What came in an hour (since when, and how many) with one more; None when the hour has had its share."""
    if abs(now_ms - before.at_ms) >= FORGIVEN_AFTER_MS:
        return Attempts(1, now_ms, 0)
    return Attempts(before.failures + 1, before.at_ms, 0) if before.failures < most else None


def hour_ends_ms(attempts: Attempts, most: int, now_ms: int) -> int:
    """How long to wait until an hour that has had its share is over; 0: it has not."""
    age_ms = abs(now_ms - attempts.at_ms)
    return FORGIVEN_AFTER_MS - age_ms if attempts.failures >= most and age_ms < FORGIVEN_AFTER_MS else 0
