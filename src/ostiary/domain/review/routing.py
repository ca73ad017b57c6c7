"""Who may decide alone, and when a person is asked: one table for every path that advises a decision.

A source advises, facts stand beside its advice, and the first row that fits says where it leads. Nothing else in the
program decides this.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result
from ostiary.domain.onboarding.enablement import Review
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.verification.identity import CONTRADICTIONS_FOR_A_PERSON, contradicted_rules


class Source(StrEnum):
    """Who advises. `change`: an enabled client was said to be somebody else. `deadline`: a renewal was not completed,
    and the product says what follows. `trust`: who signed a document is believed no longer."""

    READING = "reading"
    PROVIDER = "provider"
    SCREENING = "screening"
    SANDBOX = "sandbox"
    OPERATOR = "operator"
    CHANGE = "change"
    TRUST = "trust"
    INTAKE = "intake"
    DEADLINE = "deadline"


class Advice(StrEnum):
    """What is advised. `ask`: the source leaves it to a person. `revoke`: it no longer stands by an enabled request."""

    PASS = "pass"  # noqa: S105 (not a password)
    RETURN = "return"
    REJECT = "reject"
    ASK = "ask"
    REVOKE = "revoke"


class Fact(StrEnum):
    """What is known beside an advice."""

    LISTED = "listed"  # a hit of a list is open or confirmed
    NOT_COMPARABLE = "not_comparable"  # no list could compare the name
    IDENTITY_CHANGED = "identity_changed"  # who the client is was changed after it was contradicted
    IDENTITY_CONTRADICTED = "identity_contradicted"  # two of name, birth date and number at once
    STILL_CONTRADICTED = "still_contradicted"  # changed before, and contradicted again
    CONTESTED = "contested"  # a number given contradicted another client, or is held by one
    CHANGE_OPEN = "change_open"  # a person has yet to look at a change of the enabled client
    SHARED = "shared"  # another client's number or picture, beside any contradiction
    ISSUER_SIGNED = "issuer_signed"  # chips prove every document that can have one, and there is one
    NOT_LOOKED = "not_looked"  # the operator did not look at it as it is
    NOT_EXPLAINED = "not_explained"  # the operator gives no reason for what needs one


class Lead(StrEnum):
    """Where an advice leads."""

    AS_ADVISED = "as_advised"
    REFUSED = "refused"
    SUBMISSION = "submission"
    CONFIRMATION = "confirmation"
    CHANGE = "change"
    SCREENING = "screening"
    CLASH = "clash"
    RENEWAL = "renewal"

    @property
    def review(self) -> Review | None:
        """The kind of review that is opened."""
        return None if self in (Lead.AS_ADVISED, Lead.REFUSED) else Review(self.value)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. An empty collection stands for everything."""

    lead: Lead
    sources: Collection[Source]
    advices: Collection[Advice] = ()
    policies: Collection[Policy] = ()
    facts: Collection[Fact] = field(default=())  # any of them

    def fits(self, source: Source, advice: Advice, policy: Policy, facts: Collection[Fact]) -> bool:
        return (
            source in self.sources
            and (not self.advices or advice in self.advices)
            and (not self.policies or policy in self.policies)
            and (not self.facts or any(each in facts for each in self.facts))
        )


_MACHINES = (Source.READING, Source.PROVIDER)
ROWS: tuple[Row, ...] = (
    # People decide what they looked at, with a reason where one is needed, and never past a hit.
    Row(Lead.REFUSED, (Source.OPERATOR,), facts=(Fact.NOT_LOOKED, Fact.NOT_EXPLAINED)),
    Row(Lead.REFUSED, (Source.OPERATOR,), (Advice.PASS,), facts=(Fact.LISTED,)),
    Row(Lead.AS_ADVISED, (Source.OPERATOR,)),
    # A sandbox plays what it is told to: nobody real is let in.
    Row(Lead.SUBMISSION, (Source.SANDBOX,), (Advice.ASK,)),
    Row(Lead.AS_ADVISED, (Source.SANDBOX,)),
    # Nobody is off-boarded by a machine, but at the end of a renewal's days of grace where the product says so.
    Row(Lead.AS_ADVISED, (Source.DEADLINE,), (Advice.REJECT,)),
    Row(Lead.RENEWAL, (Source.DEADLINE,)),
    Row(Lead.SCREENING, (Source.SCREENING,)),
    Row(Lead.CHANGE, (Source.CHANGE, Source.TRUST)),
    Row(Lead.CLASH, (Source.INTAKE,)),
    Row(Lead.CHANGE, (Source.PROVIDER,), (Advice.REVOKE,)),
    # Nobody is let in by a machine while something about who it is speaks against that.
    Row(Lead.SUBMISSION, _MACHINES, (Advice.PASS,), facts=(
        Fact.LISTED, Fact.NOT_COMPARABLE, Fact.IDENTITY_CHANGED, Fact.IDENTITY_CONTRADICTED, Fact.SHARED,
        Fact.CONTESTED, Fact.CHANGE_OPEN,
    )),
    # Nor told what to retype.
    Row(Lead.SUBMISSION, _MACHINES, (Advice.RETURN,), facts=(
        Fact.IDENTITY_CONTRADICTED, Fact.STILL_CONTRADICTED, Fact.SHARED,
    )),
    Row(Lead.SUBMISSION, _MACHINES, (Advice.ASK,)),
    # The rest is the product's policy.
    Row(Lead.AS_ADVISED, _MACHINES, policies=(Policy.AUTO,)),
    Row(Lead.AS_ADVISED, _MACHINES, (Advice.PASS,), (Policy.PROVEN,), facts=(Fact.ISSUER_SIGNED,)),
    Row(Lead.CONFIRMATION, _MACHINES, (Advice.PASS,), (Policy.PROVEN, Policy.ASSISTED)),
    Row(Lead.CONFIRMATION, (Source.PROVIDER,), (Advice.PASS,), (Policy.MANUAL,)),
    Row(Lead.SUBMISSION, _MACHINES, policies=(Policy.MANUAL,)),
    Row(Lead.AS_ADVISED, _MACHINES),
)  # fmt: skip
REASONS: Mapping[Fact, ReviewReason] = {
    Fact.LISTED: ReviewReason.SCREENING_HIT,
    Fact.NOT_COMPARABLE: ReviewReason.SCREENING_NOT_COMPARABLE,
    Fact.IDENTITY_CHANGED: ReviewReason.IDENTITY_CHANGED,
    Fact.IDENTITY_CONTRADICTED: ReviewReason.IDENTITY_CONTRADICTED,
    Fact.CONTESTED: ReviewReason.NUMBER_CONTESTED,
    Fact.CHANGE_OPEN: ReviewReason.CLIENT_CHANGED,
}
"""Why a person is asked because of a fact; the others have their reasons from where they were found."""
_SHARED = frozenset(
    {ReviewReason.LOOKS_LIKE_ANOTHER, ReviewReason.USED_BY_ANOTHER_CLIENT, ReviewReason.NUMBER_CONTESTED}
)
SETTLED_BY_LOOKING = frozenset(
    {ReviewReason.NOT_MACHINE_READABLE, ReviewReason.SEAL_UNREADABLE, ReviewReason.SEAL_SIGNER_UNKNOWN,
     ReviewReason.CHIP_SIGNER_UNKNOWN, ReviewReason.TRUST_UNAVAILABLE, ReviewReason.PROVIDER_CONFIRMED,
     ReviewReason.CLIENT_CHANGED, ReviewReason.SCREENING_HIT}
)  # fmt: skip
"""Reasons that are no doubts: no machine was to decide, nobody could be asked about a chip, or (a hit) every one was
decided with its own note."""


def route(source: Source, advice: Advice, policy: Policy, facts: Collection[Fact] = ()) -> Lead:
    """Where an advice leads."""
    return next(row.lead for row in ROWS if row.fits(source, advice, policy, facts))


def reasons_for(facts: Collection[Fact]) -> tuple[str, ...]:
    """Why a person is asked because of what is known, as codes."""
    return tuple(reason.value for fact, reason in REASONS.items() if fact in facts)


def facts_of_identity(count: int, *, is_changed: bool, is_shared: bool = False) -> frozenset[Fact]:
    """What follows from how many parts of an identity are contradicted now."""
    facts = {
        Fact.IDENTITY_CHANGED: is_changed,
        Fact.STILL_CONTRADICTED: is_changed and count > 0,
        Fact.IDENTITY_CONTRADICTED: count >= CONTRADICTIONS_FOR_A_PERSON,
        Fact.SHARED: is_shared,
    }
    return frozenset(fact for fact, holds in facts.items() if holds)


def facts_of_reading(judgement: Judgement, *, is_changed: bool) -> frozenset[Fact]:
    """What a judgement says beside its outcome."""
    contradicts = any(each.result is Result.DIFFERS for each in judgement.compared)
    is_shared = contradicts and any(each in _SHARED for each in judgement.reasons)
    return facts_of_identity(len(contradicted_rules(judgement)), is_changed=is_changed, is_shared=is_shared)


def advice_of(outcome: ReadingOutcome) -> Advice:
    """What a judgement of documents advises."""
    return {ReadingOutcome.PASS: Advice.PASS, ReadingOutcome.RETURN: Advice.RETURN, ReadingOutcome.REVIEW: Advice.ASK}[
        outcome
    ]


def doubts(reasons: Collection[str]) -> tuple[str, ...]:
    """Which of the reasons why a person is asked speak against approving: whoever does says why not."""
    return tuple(each for each in reasons if each not in SETTLED_BY_LOOKING)
