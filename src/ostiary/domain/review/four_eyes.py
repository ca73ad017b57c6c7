"""Which decisions need a second person: what a decision is, and what the client's products ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.catalogue.catalogue import Catalogue, Eyes
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.review.approvals import ENDINGS, STAGED, Approval, Form, Proposal
from ostiary.domain.review.looking import look_at

CLEARED = "cleared"
"""The state (`screening.HitState`) of a hit that is said to be somebody else."""
OF_THE_CLIENT = frozenset({Form.REJECT_CLIENT, Form.HIT, Form.RELEASE, Form.ASSIGN})
"""What is decided of the client as such counts for every product: each of its live requests may ask for two people,
whichever of them the case is about."""


def kinds_of(
    proposal: Proposal, dossier: Dossier, enablement: Enablement, *, has_hits: bool, has_doubts: bool
) -> frozenset[Eyes]:
    """What kinds a decision is of. `has_hits`: of whatever state."""
    is_approval = proposal.form is Form.APPROVE
    ends_enabled = any(each.status is Status.ENABLED for each in concerned(proposal, dossier, enablement))
    holds = {
        Eyes.APPROVE: is_approval,
        Eyes.APPROVE_WITH_HIT: is_approval and has_hits,
        Eyes.APPROVE_AGAINST_DOUBT: is_approval and has_doubts,
        Eyes.OVERRIDE: proposal.is_override,
        Eyes.REJECT: proposal.form is Form.REJECT and not ends_enabled,
        Eyes.RETURN: proposal.form is Form.RETURN,
        Eyes.OFFBOARD: proposal.form in (Form.REJECT, Form.REJECT_CLIENT) and ends_enabled,
        Eyes.REJECT_CLIENT: proposal.form is Form.REJECT_CLIENT,
        Eyes.CLEAR_HIT: proposal.form is Form.HIT and proposal.to == CLEARED,
        Eyes.RELEASE_NUMBER: proposal.form in (Form.RELEASE, Form.ASSIGN),
    }
    return frozenset(kind for kind, is_one in holds.items() if is_one)


def concerned(proposal: Proposal, dossier: Dossier, enablement: Enablement) -> tuple[Enablement, ...]:
    """The requests whose products have a say."""
    others = (each for each in dossier.enablements if each.is_live and each.id != enablement.id)
    return (enablement, *(others if proposal.form in OF_THE_CLIENT else ()))


def watched(requests: Sequence[Enablement], pinned: Mapping[str, Catalogue], current: Catalogue) -> frozenset[Eyes]:
    """What needs two people by the catalogue that each request is pinned to, or by the one in force: a rule that is
    made stricter holds at once, and one that is made milder does not for requests from before."""
    catalogues = [(each.product, (pinned[each.catalogue_version], current)) for each in requests]
    return frozenset(
        kind
        for product, both in catalogues
        for catalogue in both
        if product in catalogue.products
        for kind in catalogue.products[product].four_eyes
    )


def others_of(approval: Approval, dossier: Dossier) -> frozenset[str]:
    """The requests whose course does not count for a decision: all others, unless it ends them too."""
    if approval.proposal.form is Form.REJECT_CLIENT:
        return frozenset()
    return frozenset(each.id for each in dossier.enablements if each.id != approval.enablement_id)


def changes_since(entries: Sequence[AuditEntry], approval: Approval, others: Collection[str]) -> tuple[AuditEntry, ...]:
    """What changed since the look that a decision rests on. What came of the maker's own decisions, once somebody
    confirmed them, is nothing new to him. `others` are the client's other requests, whose course does not count."""
    own = {f"staged_{each.position}" for each in entries if (each.action, each.actor) == (STAGED, approval.maker)}
    since = look_at(entries, approval.maker, approval.look, others).changes
    return tuple(each for each in since if not own.intersection(each.codes))


def is_over(entries: Sequence[AuditEntry], approval: Approval) -> bool:
    """Whether a decision was confirmed, sent back or withdrawn, as the trail says: it has an end, whatever waits."""
    return any(each.action in ENDINGS and approval.mark in each.codes for each in entries)
