"""Sandbox scenarios: what the built-in provider decides in a sandbox company, chosen by what was submitted.

They are data (`scenarios.yaml`): the first that fits a document's number or the client's last name decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ostiary.domain.clients.client import Profile
from ostiary.domain.documents.document import NUMBER, Document
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.review.verdicts import Decision, Verdict


class ScenarioEnding(StrEnum):
    """How a scenario ends: the status, or `review`, which leaves it to an operator."""

    ENABLED = "enabled"
    REJECTED = "rejected"
    RETURNED = "pending_documentation"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class ScenarioFault:
    """What a return objects to about the document that chose the scenario (or the first one)."""

    code: Code
    field: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario. `number_prefix` and `last_name` choose it (compared without regard to case; neither: always).

    `delay_ms` counts from the submission. `times`: only so many submissions end like this, later ones `enabled`.
    """

    id: str
    description: str
    ending: ScenarioEnding
    number_prefix: str = ""
    last_name: str = ""
    delay_ms: int = 0
    times: int | None = None
    faults: tuple[ScenarioFault, ...] = ()
    reason: str = ""

    @property
    def when(self) -> str:
        """What chooses it, for people."""
        if self.number_prefix:
            return f"number begins with {self.number_prefix}"
        return f"last name is {self.last_name}" if self.last_name else "anything else"


def scenario_for(
    scenarios: Sequence[Scenario], documents: Sequence[Document], profile: Profile
) -> tuple[Scenario, Document | None]:
    """The scenario that a submission chooses, and the document whose number did. There is always one."""
    for document in documents:
        number = str(document.metadata.get(NUMBER, "")).strip().upper()
        for scenario in scenarios:
            if scenario.number_prefix and number.startswith(scenario.number_prefix.upper()):
                return scenario, document
    name = profile.last_name.casefold()
    named = (scenario for scenario in scenarios if scenario.last_name and scenario.last_name.casefold() == name)
    return next(named, scenarios[-1]), documents[0] if documents else None


def verdict_of(scenario: Scenario, document: Document | None, attempt: int) -> Verdict | None:
    """What the provider says to the `attempt`-th submission; None: an operator decides."""
    if scenario.times is not None and attempt > scenario.times:
        return Verdict(Decision.APPROVE)
    match scenario.ending:
        case ScenarioEnding.REVIEW:
            return None
        case ScenarioEnding.REJECTED:
            return Verdict(Decision.REJECT, scenario.reason)
        case ScenarioEnding.RETURNED if document is not None:
            again = (reject(Kind.DOCUMENT, document.type, fault.code, fault.field) for fault in scenario.faults)
            return Verdict(Decision.RETURN, "", tuple(again))
        case _:
            return Verdict(Decision.APPROVE)
