"""Loading what a use case judges, or NotFound: another company's is indistinguishable from none."""

from __future__ import annotations

from datetime import date

from ostiary.domain.catalogue.renewal_rules import AtDeadline
from ostiary.domain.catalogue.risk_classes import ListState
from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.errors import NotFound
from ostiary.domain.ids import is_id
from ostiary.domain.lifecycle.risk import RiskInput, list_state
from ostiary.domain.onboarding.dossier import Dossier, FutureRequirements
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, Enablement
from ostiary.domain.onboarding.requirements import Assessment
from ostiary.domain.rejections import Rejection
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.value import replace, value_type
from ostiary.usecases.context import Context
from ostiary.usecases.lifecycle.circumstances import is_ever_due, rules_of


@value_type
class ProductState:
    """An enablement as it stands: what is missing (nothing, once submitted), what is refused and open, and what will be
    missing from later days on. `renewal` is the one that is open for an enabled request, of which what is missing is
    said then, and `at_deadline` what follows it. `lost` are needed products that the client can have no more."""

    enablement: Enablement
    assessment: Assessment
    rejections: tuple[Rejection, ...] = ()
    may_request_again: bool = True
    future: tuple[FutureRequirements, ...] = ()
    risk: RiskInput | None = None
    """What the client's class of risk follows from, for `explain`, where the catalogue has rules of it."""
    renewal: Deadline | None = None
    at_deadline: AtDeadline = AtDeadline.KEEP_AND_REVIEW
    lost: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        return self.enablement.status in OPEN_TO_DOCUMENTS


async def load_company(context: Context, caller: Caller) -> Company:
    """The caller's company as it is now. Raises NotFound."""
    company = await context.storage.companies.find(caller.company.id)
    if company is None:
        raise NotFound
    return company


async def load_dossier(context: Context, caller: Caller, client_id: str, *, with_deadlines: bool = True) -> Dossier:
    """With what is due for enabled requests, read where anything can be and unless nobody asks. Raises NotFound."""
    dossier = await context.storage.dossier(caller.company.id, client_id) if is_id(client_id) else None
    if dossier is None:
        raise NotFound("There is no such client.")
    if not with_deadlines:
        return dossier
    dossier = replace(dossier, list_state=await screening_of(context, dossier.client))
    if is_ever_due(context, dossier):
        return replace(dossier, deadlines=tuple(await context.storage.deadlines.of_client(dossier.client)))
    return dossier


async def screening_of(context: Context, client: Client) -> ListState:
    """What lists say of a client, as rules of risk read it; read where any does."""
    if not any(rule.reads_lists for rule in context.catalogues.current.risk):
        return ListState.CLEAR
    return list_state(await context.storage.screening.hits(client))


def state_of(context: Context, company: Company, dossier: Dossier, enablement: Enablement) -> ProductState:
    """The enablement judged today, by the company's time."""
    current, catalogues, today = context.catalogues.current, context.catalogues.by_version(), context.today_of(company)
    state = ProductState(
        enablement,
        assessed(context, company, dossier, enablement, today),
        may_request_again=dossier.may_request(enablement.product, current.products),
        future=dossier.future(enablement, catalogues, today),
        risk=RiskInput(dossier, current, today) if current.risk else None,
    )
    if state.assessment.needed:
        lost = dossier.out_of_reach(state.assessment.needed, enablement, current.products.values(), catalogues)
        state = replace(state, lost=lost)
    renewal = dossier.renewal_of(enablement)
    if renewal is None:
        return state
    return replace(state, renewal=renewal, at_deadline=rules_of(context, dossier, enablement).at_deadline)


def assessed(
    context: Context, company: Company, dossier: Dossier, enablement: Enablement, today: date | None = None
) -> Assessment:
    """What is missing today, by the company's time; the operator hears of conditions that fail."""
    today = context.today_of(company) if today is None else today
    assessment = dossier.assess(enablement, context.catalogues.by_version(), today)
    for text in assessment.failed:
        context.condition_failed(text)
    return assessment
