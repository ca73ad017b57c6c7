"""Trace ids: continued when a good one comes, fresh otherwise."""

from __future__ import annotations

import re

import pytest

from ostiary.telemetry.tracing import trace_id_of
from tests.http.running import CLIENTS, Running

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
FORM = re.compile(r"[0-9a-f]{32}\Z")


@pytest.mark.parametrize(
    ("traceparent", "continued"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", True),
        (f"cc-{TRACE}-00f067aa0ba902b7-01-more", True),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", False),
        (f"00-{TRACE.upper()}-00f067aa0ba902b7-01", False),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{TRACE}-00f067aa0ba902b7", False),
        (f"00-{TRACE}-00f067aa0ba902b7-01\n", False),
        (TRACE, False),
        ("", False),
    ],
)
def test_a_good_traceparent_is_continued_and_a_bad_one_ignored(traceparent: str, continued: bool) -> None:
    trace = trace_id_of(traceparent.encode())
    assert FORM.match(trace)
    assert (trace == TRACE) is continued


def test_fresh_trace_ids_differ() -> None:
    assert len({trace_id_of(b"") for _ in range(100)}) == 100


async def test_every_answer_has_its_trace_id_and_errors_repeat_it(app: Running) -> None:
    sent = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    for path in ("/health/live", "/health/ready", "/metrics", "/openapi.json", "/docs", CLIENTS, "/nowhere"):
        answer = await app.call("GET", path, None, headers=sent)
        assert answer.headers["x-trace-id"] == TRACE
        if answer.status_code >= 400:
            assert answer.json()["trace_id"] == TRACE
