"""A client's class of risk in words, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.domain.lifecycle.risk import AssessedRisk, CountedRule


def risk_lines(risk: AssessedRisk) -> Iterator[str]:
    """The class, an operator's word if there is one, and every rule that counts."""
    yield f"risk     {risk.risk_class}"
    if risk.override is not None:
        word = risk.override
        yield f"  set by {word.actor} until {word.until} (the rules give {risk.by_rules}): {word.reason}"
    for counted in risk.counted:
        yield f"  {_line(counted)}"
    if not risk.counted:
        yield "  no rule of the catalogue says anything, so it is standard"


def _line(counted: CountedRule) -> str:
    rule, products = counted.rule, f", for {', '.join(counted.products)}" if counted.products else ""
    lacking = f"; counts as long as {', '.join(counted.missing)} is not known" if counted.missing else ""
    return f"{rule.risk_class}: {rule.name} (when {rule.condition.text}{products}){lacking}"
