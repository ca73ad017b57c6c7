"""What `doctor` finds of the lists to screen against: every one is loaded, or asked."""

from __future__ import annotations

import asyncio

from ostiary.adapters.clock import now_ms
from ostiary.adapters.config import providers_file
from ostiary.cli.doctor.machine import DoctorFinding, ok, problem, warning
from ostiary.domain.errors import ProvidersInvalid
from ostiary.domain.screening.list_watch import age_ms, list_fault
from ostiary.domain.screening.subject import Screening, ScreeningUnavailable
from ostiary.domain.times import DAY_MS
from ostiary.settings import Settings

CHECK = "screening list"
_UNREADABLE = (
    "Until it is right no client of a production company is enabled by a machine; docs/screening.md has the columns."
)
_EMPTY = "Only rows whose schema is Person are read, or OFAC's individuals."
_STALE = "Put a newer file in its place (rename it over the old one), or set the list's max_age_days."


def screening_lists(settings: Settings) -> list[DoctorFinding]:
    """A finding for each list; none when the providers file is faulty, which has a finding of its own."""
    try:
        configured = providers_file.load(settings.providers, settings.public_url)
    except ProvidersInvalid:
        return []
    return asyncio.run(_looked_at(configured.lists)) if configured.lists else []


async def _looked_at(lists: tuple[Screening, ...]) -> list[DoctorFinding]:
    findings = []
    for screened in lists:
        findings.append(await _finding(screened))
        await screened.close()
    return findings


async def _finding(screened: Screening) -> DoctorFinding:
    try:
        standing = await screened.standing()
    except ScreeningUnavailable as away:
        return problem(CHECK, away.problem, _UNREADABLE)
    now = now_ms()
    fault = list_fault(standing, screened.most_age_ms, now)
    if fault and standing.persons == 0:
        return problem(CHECK, f"{screened.name}: {fault}", _EMPTY)
    if fault:
        return warning(CHECK, f"{screened.name}: {fault}", _STALE)
    age = age_ms(standing, now)
    persons = "" if standing.persons is None else f", {standing.persons:,} persons"
    days = "" if age is None else f", {age // DAY_MS} days old"
    return ok(CHECK, f"{screened.name}: {standing.version}{persons}{days}")
