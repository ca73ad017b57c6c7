"""What is wrong with this installation, as `ostiary doctor` finds it."""

from __future__ import annotations

from ostiary.adapters.checkup import CheckupFailed, CheckupFinding
from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console
from ostiary.domain.errors import NotFound
from ostiary.html.answers import Page

WORST_FIRST = ("problem", "warning")


async def show(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The page with its button: looking takes seconds, and a page that is only opened costs nothing."""
    return _page([])


async def look(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """What is found now, what is worst first."""
    if console.examine is None:
        raise NotFound("This installation cannot be looked at from here.")
    try:
        findings = await console.examine()
    except CheckupFailed as failed:
        return _page([], failed.problem)
    return _page(sorted(findings, key=_rank))


def _rank(finding: CheckupFinding) -> int:
    return WORST_FIRST.index(finding.status) if finding.status in WORST_FIRST else len(WORST_FIRST)


def _page(findings: list[CheckupFinding], problem: str = "") -> Page:
    values = {
        "findings": findings,
        "problem": problem,
        "problems": sum(each.status == "problem" for each in findings),
        "warnings": sum(each.status == "warning" for each in findings),
    }
    return Page(template="doctor.html", title="Findings", values=values, status=503 if problem else 200)
