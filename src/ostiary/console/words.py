"""The console's own words: what was done, and what states are called on a screen."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.operators.operator import Role
from ostiary.domain.times import format_timestamp

NOTICES: Mapping[str, str] = {
    "case_approved": "The case is approved.",
    "case_handed_over": "The case is handed over.",
    "case_let_go": "The case is free for others.",
    "case_offboarded": "The client is off-boarded from that product.",
    "case_rejected": "The case is rejected.",
    "case_returned": "The case is returned to the company.",
    "client_rejected": "The client is rejected, with every live request.",
    "hit_cleared": "The hit is cleared: it is somebody else.",
    "hit_confirmed": "The hit is confirmed: it is the client.",
    "number_assigned": "It is decided whose the number is.",
    "number_released": "The number is free.",
    "key_revoked": "The key is revoked: no call with it is answered any more.",
    "operator_changed": "The operator is changed.",
    "operator_disabled": "The operator is disabled, and every session of theirs has ended.",
    "operator_enabled": "The operator may sign in again.",
    "redelivered": "The delivery is due now; it is sent with the same id.",
    "session_ended": "The session has ended.",
    "sessions_ended": "All other sessions have ended.",
    "signed_out": "You are signed out.",
}
"""By the word that stands in the address, so that no address puts words into our mouth."""
ROLE_WORDS: Mapping[Role, str] = {
    Role.VIEWER: "sees the queue, cases without pictures, companies and deliveries",
    Role.REVIEWER: "also sees pictures, claims cases and decides them",
    Role.APPROVER: "also releases numbers, off-boards, redelivers and reads the audit trail",
    Role.ADMIN: "also manages keys and operators",
}
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000


def moment_words(moment_ms: int) -> str:
    """`2026-04-15 10:30 UTC`"""
    return f"{format_timestamp(moment_ms)[:16].replace('T', ' ')} UTC"


def machine_moment(moment_ms: int) -> str:
    """The same for an element `time` (HTML Living Standard 4.5.14), with its zone."""
    return f"{format_timestamp(moment_ms)}Z"


def span_words(span_ms: int) -> str:
    """A span in its largest unit, rounded down: `3 days`, `1 hour`, `less than a minute`."""
    for unit_ms, word in ((DAY_MS, "day"), (HOUR_MS, "hour"), (MINUTE_MS, "minute")):
        count = span_ms // unit_ms
        if count > 0:
            return f"{count} {word}{'' if count == 1 else 's'}"
    return "less than a minute"


def spaced(word: str) -> str:
    """A code as words: `in_kyc` → `in kyc`."""
    return word.replace("_", " ")
