"""A verdict that a partner forces, to try things in its sandbox."""

from __future__ import annotations

from ostiary.domain.companies.company import Caller
from ostiary.domain.documents.document import FRONT
from ostiary.domain.errors import Fault, InvalidState, ValidationFailed
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.rejections import MOST_REASON_CHARACTERS, Code, Kind, reject
from ostiary.domain.review.routing import Advice, Source
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.sandbox.scenarios import ScenarioEnding
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.value import value_type
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import ProductState, load_dossier, state_of
from ostiary.usecases.lifecycle.renewal_verdicts import as_kept, judged_renewal
from ostiary.usecases.review.apply_verdict import Advised, follow
from ostiary.usecases.transaction import Outcome

_ADVICE = {
    Decision.APPROVE: Advice.PASS,
    Decision.REJECT: Advice.REJECT,
    Decision.REJECT_CLIENT: Advice.REJECT,
    Decision.RETURN: Advice.RETURN,
}
USUAL_REASON = "Simulated."
MOST_REASONS = 20


@value_type
class WantedVerdict:
    """What a partner wants said: an outcome; `codes` (for pending_documentation) are about each submitted document."""

    outcome: str
    codes: tuple[str, ...] = ()
    reason: str = ""


async def simulate_verdict(
    context: Context, caller: Caller, client_id: str, enablement_id: str, wanted: WantedVerdict
) -> Outcome[ProductState]:
    """What a provider would say, said now.

    Raises NotFound; InvalidState for a production company and a request that is not in_kyc; ValidationFailed.
    """
    if not caller.company.is_sandbox:
        raise InvalidState(N_("Only a sandbox company simulates verdicts."))
    outcome, codes, reason = wanted.outcome, wanted.codes, wanted.reason
    faults = [*_unknown("outcome", (outcome,), tuple(ScenarioEnding)), *_unknown("reasons", codes, tuple(Code))]
    if len(reason) > MOST_REASON_CHARACTERS:
        faults.append(
            Fault(
                "reason",
                "VALUE_INVALID",
                sentence(
                    "reason may have at most %(most)s characters",
                    most=MOST_REASON_CHARACTERS,
                ),
            )
        )
    if outcome == ScenarioEnding.RETURNED and not codes:
        faults.append(Fault("reasons", "VALUE_INVALID", N_("reasons must name what to redo, as [image_blurred]")))
    if faults:
        raise ValidationFailed(faults=tuple(faults))
    dossier = await load_dossier(context, caller, client_id)
    enablement = dossier.enablement(enablement_id)
    if enablement.status is not Status.IN_KYC and judged_renewal(dossier, enablement) is None:
        raise InvalidState(
            sentence(
                "A request that is %(status)s is not before a provider; submit it first.", status=enablement.status
            )
        )
    evidence = [document for _, document in state_of(context, caller.company, dossier, enablement).assessment.evidence]
    verdict = _verdict(outcome, [document.type for document in evidence], codes, reason)
    decided = follow(context, caller, dossier, enablement, played(verdict))
    return Outcome(state_of(context, caller.company, as_kept(dossier, decided.unit), decided.answer), decided.unit)


def played(verdict: Verdict | None) -> Advised:
    """The scenario's verdict; None: a person is asked."""
    advice = Advice.ASK if verdict is None else _ADVICE[verdict.decision]
    return Advised(Source.SANDBOX, advice, verdict=verdict)


def _verdict(outcome: str, types: list[str], codes: tuple[str, ...], reason: str) -> Verdict | None:
    if outcome == ScenarioEnding.REVIEW:
        return None
    if outcome == ScenarioEnding.ENABLED:
        return Verdict(Decision.APPROVE)
    if outcome == ScenarioEnding.REJECTED:
        return Verdict(Decision.REJECT, reason or USUAL_REASON)
    again = (
        reject(Kind.DOCUMENT, kind, Code(code), FRONT, reason=reason) for kind in types for code in dict.fromkeys(codes)
    )
    return Verdict(Decision.RETURN, "", tuple(again))


def _unknown(field: str, given: tuple[str, ...], possible: tuple[str, ...]) -> list[Fault]:
    if len(given) > MOST_REASONS:
        return [
            Fault(
                field,
                "VALUE_INVALID",
                sentence("%(field)s may have at most %(most)s items", field=field, most=MOST_REASONS),
            )
        ]
    if all(value in possible for value in given):
        return []
    return [
        Fault(
            field,
            "VALUE_INVALID",
            sentence("%(field)s must be among: %(possible)s", field=field, possible=", ".join(possible)),
        )
    ]
