"""Sandbox scenarios: what the built-in provider decides in a sandbox company, by the document's number."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.documents import FRONT, NUMBER, Document
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.verdicts import Decision, Verdict

SLOW_MS = 10_000
"""Long enough to watch `in_kyc`, short enough for a partner's own tests."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """`verdict` None: an operator decides. `delay_ms` counts from the submission."""

    prefix: str
    outcome: str
    decision: Decision | None
    delay_ms: int = 0


SCENARIOS = (
    Scenario("REJECT", "rejected", Decision.REJECT),
    Scenario("RETRY", "back to pending_documentation once, enabled after the next submit", Decision.RETURN),
    Scenario("REVIEW", "stays in_kyc until an operator decides", None),
    Scenario("SLOW", "enabled after 10 s", Decision.APPROVE, SLOW_MS),
    Scenario("", "enabled", Decision.APPROVE),
)


def scenario_for(documents: tuple[Document, ...]) -> tuple[Scenario, Document | None]:
    """The scenario that the documents of a submission choose, and the document whose number did."""
    for document in documents:
        number = str(document.metadata.get(NUMBER, "")).strip().upper()
        for one in SCENARIOS:
            if one.prefix and number.startswith(one.prefix):
                return one, document
    return SCENARIOS[-1], None


def verdict_of(scenario: Scenario, document: Document | None, attempt: int) -> Verdict | None:
    """What the provider says to the `attempt`-th submission; None: an operator decides."""
    match scenario.decision:
        case None:
            return None
        case Decision.REJECT:
            return Verdict(Decision.REJECT, "The sandbox scenario REJECT refuses every submission.")
        case Decision.RETURN if document is not None and attempt == 1:
            again = reject(Kind.DOCUMENT, document.type, Code.IMAGE_NOT_READABLE, FRONT)
            return Verdict(Decision.RETURN, "", (again,))
        case _:
            return Verdict(Decision.APPROVE)
