"""How much risk a client is: what a company may know of it, and what operators see."""

from __future__ import annotations

from typing import Annotated, Any

from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.clients.risk_override import RiskOverride
from ostiary.domain.lifecycle.risk import AssessedRisk, CountedRule, RiskInput, risk_for_company
from ostiary.domain.times import format_timestamp
from ostiary.languages.speech import Speech
from ostiary.wire.answer import Answer, about


class RiskAnswer(Answer, kw_only=True, frozen=True):
    """How much risk the client is, by what the company itself gave."""

    risk_class: RiskClass
    rules: Annotated[
        list[str], about("What gives that class, by the names in the catalogue; empty where no rule does.")
    ]


def risk_answer(at: RiskInput, speech: Speech) -> RiskAnswer:
    """Without what lists say and what operators think."""
    risk = risk_for_company(at)
    return RiskAnswer(risk_class=risk.risk_class, rules=[speech.name(each.rule.name) for each in risk.counted])


def risk_shape(risk: AssessedRisk) -> dict[str, Any]:
    """All of it, for operators' commands."""
    return {
        "risk_class": risk.risk_class.value,
        "by_rules": risk.by_rules.value,
        "rules": [_rule_shape(each) for each in risk.counted],
        "override": None if risk.override is None else _override_shape(risk.override),
    }


def _rule_shape(counted: CountedRule) -> dict[str, Any]:
    return {
        "risk_class": counted.rule.risk_class.value,
        "name": str(counted.rule.name),
        "condition": counted.rule.condition.text,
        "products": list(counted.products),
        "missing": list(counted.missing),
    }


def _override_shape(override: RiskOverride) -> dict[str, Any]:
    return {
        "risk_class": override.risk_class.value,
        "until": override.until,
        "reason": override.reason,
        "by": override.actor,
        "at": format_timestamp(override.at_ms),
    }
