"""A verdict forced by a partner that tries things in its sandbox."""

from __future__ import annotations

from ostiary.domain.companies import Caller
from ostiary.domain.documents import FRONT
from ostiary.domain.enablement import Status
from ostiary.domain.errors import Fault, InvalidState, ValidationFailed
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.sandbox import Ending
from ostiary.domain.verdicts import Decision, Verdict
from ostiary.usecases.deciding import Decided
from ostiary.usecases.judging import review_of, verdict_on
from ostiary.usecases.loading import ProductState, load_dossier, state_of
from ostiary.usecases.world import World

USUAL_REASON = "Simulated."
MOST_REASONS = 20


async def simulate_verdict(
    world: World, caller: Caller, client_id: str, enablement_id: str, outcome: str, codes: tuple[str, ...], reason: str
) -> Decided[ProductState]:
    """What a provider would say, said now. `codes` (for pending_documentation) are about each submitted document.

    Raises NotFound; InvalidState for a production company and a request that is not in_kyc; ValidationFailed.
    """
    if not caller.company.is_sandbox:
        raise InvalidState("Only a sandbox company simulates verdicts.")
    faults = [*_unknown("outcome", (outcome,), tuple(Ending)), *_unknown("reasons", codes, tuple(Code))]
    if outcome == Ending.RETURNED and not codes:
        faults.append(Fault("reasons", "VALUE_INVALID", "reasons must name what to redo, as [image_blurred]"))
    if faults:
        raise ValidationFailed(faults=tuple(faults))
    dossier = await load_dossier(world, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    if enablement.status is not Status.IN_KYC:
        raise InvalidState(f"A request that is {enablement.status} is not before a provider; submit it first.")
    if outcome == Ending.REVIEW:
        decided = review_of(world, caller, dossier, enablement)
        return Decided(state_of(world, dossier, decided.answer), decided.unit)
    evidence = [one for _, one in state_of(world, dossier, enablement).assessment.evidence]
    verdict = _verdict(outcome, [one.type for one in evidence], codes, reason)
    decided = verdict_on(world, caller, dossier, enablement, verdict)
    return Decided(state_of(world, dossier, decided.answer), decided.unit)


def _verdict(outcome: str, types: list[str], codes: tuple[str, ...], reason: str) -> Verdict:
    if outcome == Ending.ENABLED:
        return Verdict(Decision.APPROVE)
    if outcome == Ending.REJECTED:
        return Verdict(Decision.REJECT, reason or USUAL_REASON)
    again = (reject(Kind.DOCUMENT, kind, Code(one), FRONT, reason=reason) for kind in types for one in codes)
    return Verdict(Decision.RETURN, "", tuple(again))


def _unknown(field: str, given: tuple[str, ...], known: tuple[str, ...]) -> list[Fault]:
    if len(given) > MOST_REASONS:
        return [Fault(field, "VALUE_INVALID", f"{field} may have at most {MOST_REASONS} items")]
    if all(one in known for one in given):
        return []
    return [Fault(field, "VALUE_INVALID", f"{field} must be among: {', '.join(known)}")]
