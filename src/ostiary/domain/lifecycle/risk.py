"""How much risk a client is: the highest class that a rule of the catalogue gives it for any product that it has or
asks for, unless an operator said otherwise.

The rules are those in force now, not those that requests are pinned to: they ask nothing of a client. What a rule
cannot decide for lack of data never lowers the class, and counts as holding where it raises it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256

from ostiary.domain.catalogue.catalogue import Catalogue, RiskRule
from ostiary.domain.catalogue.risk_classes import PRODUCT, RANKS, SCREENING, ListState, RiskClass
from ostiary.domain.clients.client import condition_values
from ostiary.domain.clients.risk_override import RiskOverride
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.requirements import Waiting, applies
from ostiary.domain.screening.hits import HitState, StoredHit
from ostiary.domain.value import replace, value_type

MARK_DIGITS = 16
"""Of hex: two sets of rules that follow each other are taken for one with a chance of 1 to 10^19."""


@value_type
class RiskInput:
    """Everything that a class of risk follows from. `screening` is what lists say of the client."""

    dossier: Dossier
    catalogue: Catalogue
    today: date
    screening: ListState = ListState.CLEAR


@value_type
class CountedRule:
    """A rule that counts for a client, and for which of its products. `missing`: it holds for want of these attributes;
    empty where it plainly does."""

    rule: RiskRule
    products: tuple[str, ...]
    missing: tuple[str, ...] = ()


@value_type
class AssessedRisk:
    """A client's class, with what it follows from. `by_rules` is the class without the operator's word.

    `failed` are conditions that could not be evaluated for this client, which an operator should hear of.
    """

    risk_class: RiskClass
    by_rules: RiskClass
    counted: tuple[CountedRule, ...] = ()
    override: RiskOverride | None = None
    failed: tuple[str, ...] = ()


STANDARD_RISK = AssessedRisk(RiskClass.STANDARD, RiskClass.STANDARD)
"""Where no rule and no operator says anything."""


def assess_risk(at: RiskInput) -> AssessedRisk:
    """The class, and why. Without rules and without an operator's word it is `standard`."""
    override = at.dossier.client.risk_override
    return _assessed(at, at.catalogue.risk, override if override and override.counts_on(at.today) else None)


def risk_for_company(at: RiskInput) -> AssessedRisk:
    """What the client's own data give, for who must not learn what a list says of it, nor what operators think."""
    return _assessed(at, tuple([rule for rule in at.catalogue.risk if not rule.reads_lists]), None)


def risk_mark(rules: Iterable[RiskRule]) -> str:
    """What stands for rules, so that it shows when they are others: 64 bits of SHA-256 in hex, empty without any."""
    every = "\n".join(f"{rule.risk_class.value} {rule.condition.text}" for rule in rules)
    return sha256(every.encode()).hexdigest()[:MARK_DIGITS] if every else ""


def with_hits(dossier: Dossier, hits: Collection[object]) -> Dossier:
    """The dossier once lists were asked, and said this of the client: what is said is open until somebody decides."""
    is_worse = bool(hits) and dossier.list_state is ListState.CLEAR
    return replace(dossier, list_state=ListState.OPEN) if is_worse else dossier


def list_state(hits: Iterable[StoredHit]) -> ListState:
    """The worst that is said of the client."""
    states = {hit.state for hit in hits}
    if HitState.CONFIRMED in states:
        return ListState.CONFIRMED
    return ListState.OPEN if HitState.OPEN in states else ListState.CLEAR


def _assessed(at: RiskInput, rules: Sequence[RiskRule], override: RiskOverride | None) -> AssessedRisk:
    counted, failed = list[tuple[str, RiskRule, tuple[str, ...]]](), list[str]()
    products = _products(at.dossier)
    for product in products if rules else ():
        values = _values(at, product)
        for rule in rules:
            waiting = Waiting()
            holds = _holds(rule, values, waiting)
            failed.extend(waiting.failed)
            if holds or (holds is None and rule.risk_class is not RiskClass.LOW):
                counted.append((product, rule, tuple(dict.fromkeys(waiting.wanted))))
    by_rules = max((_highest(product, counted) for product in products), key=RANKS.__getitem__)
    return AssessedRisk(
        risk_class=override.risk_class if override else by_rules,
        by_rules=by_rules,
        counted=tuple(_by_rule(rules, counted)),
        override=override,
        failed=tuple(dict.fromkeys(failed)),
    )


def _products(dossier: Dossier) -> tuple[str, ...]:
    """Those that the client has or asks for; a client without any is looked at by itself."""
    live = dict.fromkeys([each.product for each in dossier.enablements if each.is_live])
    return tuple(live) or ("",)


def _values(at: RiskInput, product: str) -> dict[str, object]:
    values = condition_values(at.dossier.client.profile, at.catalogue.attributes, at.today)
    return values | {PRODUCT: product, SCREENING: at.screening.value}


def _holds(rule: RiskRule, values: Mapping[str, object], waiting: Waiting) -> bool | None:
    """Other than what is asked for, a rule is decided as soon as what is there decides it: nobody passes by leaving an
    answer out, since a rule that is not decided counts."""
    if all(attribute in values for attribute in rule.condition.attributes):
        return applies(rule.condition, values, waiting)
    holds = rule.condition.partly(values)
    return applies(rule.condition, values, waiting) if holds is None else holds


def _highest(product: str, counted: Iterable[tuple[str, RiskRule, tuple[str, ...]]]) -> RiskClass:
    """Of one product; `standard` where no rule says anything."""
    classes = [rule.risk_class for its, rule, _ in counted if its == product]
    return max(classes, key=RANKS.__getitem__, default=RiskClass.STANDARD)


def _by_rule(
    rules: Iterable[RiskRule], counted: Sequence[tuple[str, RiskRule, tuple[str, ...]]]
) -> Iterator[CountedRule]:
    """Each rule that counts once, in the catalogue's order."""
    for rule in rules:
        of_rule = [(product, missing) for product, other, missing in counted if other is rule]
        if of_rule:
            yield CountedRule(rule, tuple([product for product, _ in of_rule if product]), of_rule[0][1])
