"""When the request of `values` is due again, with every attribute other than by default."""

from __future__ import annotations

from datetime import date

from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.renewals.deadlines import Deadline, DeadlineState, RenewalReason
from tests.kept.values import AT_MS, CLIENT_ID, COMPANY_ID, REQUEST_ID

DEADLINE = Deadline(
    company_id=COMPANY_ID,
    client_id=CLIENT_ID,
    enablement_id=REQUEST_ID,
    product="cards_individuals",
    state=DeadlineState.OPEN,
    due_at_ms=AT_MS + 1,
    ends_at_ms=AT_MS + 2,
    next_at_ms=AT_MS,
    reviewed_on=date(2025, 2, 28),
    risk=RiskClass.HIGH,
    rules="high=P1Y|v|90,30|offboard|30",
    reasons=(RenewalReason.PERIOD, RenewalReason.LIST_HIT),
    opened_at_ms=AT_MS,
    notices=(90, 30),
    is_overdue=True,
    is_ended=True,
    confirmed_at_ms=AT_MS,
    attempt=2,
    returned=1,
    submitted_at_ms=AT_MS,
    period_on=date(2026, 2, 28),
    documents_on=date(2026, 1, 31),
)
