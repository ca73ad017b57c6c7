"""Where a client is: on to the step that is next or, where there is none, whose turn it is."""

from __future__ import annotations

from ostiary.domain.documents.document import FRONT
from ostiary.domain.hosted.steps import DocumentStep, LinkRequest, PlanEnd, TermsStep
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.next_action import next_action
from ostiary.domain.sentences import N_
from ostiary.hosted.request import NEXT, HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.hosted.way_back import way_back
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.hosted.drafts import next_side, opened_draft
from ostiary.usecases.hosted.progress import Journey, load_journey

REFRESH_S = 10
"""How often a page that waits looks again where there is no script: a decision takes seconds, or a person."""
SIDES = {"front": FRONT, "back": "image_back"}
HEADINGS: dict[PlanEnd, tuple[str, str]] = {
    PlanEnd.WAITING: (
        N_("We are looking at it"),
        N_("Everything is sent. This page follows by itself what becomes of it; you may also close it."),
    ),
    PlanEnd.ENABLED: (N_("Done"), N_("Everything was accepted. There is nothing more to do.")),
    PlanEnd.TOO_YOUNG: (N_("Not yet"), N_("By your birth date you are too young for this.")),
    PlanEnd.CLOSED: (
        N_("We cannot go on here"),
        N_(
            "None of the documents that are asked for can be accepted with your details. Ask the company that sent you "
            "here."
        ),
    ),
    PlanEnd.REJECTED: (
        N_("It was not accepted"), N_("This request has ended. Ask the company that sent you here what you can do."),
    ),
}  # fmt: skip


STATUS_WORDS: dict[Status, str] = {
    Status.REQUESTED: N_("something is missing"),
    Status.PENDING_DOCUMENTATION: N_("something is missing"),
    Status.IN_KYC: N_("being looked at"),
    Status.ENABLED: N_("accepted"),
    Status.REJECTED: N_("not accepted"),
}


async def onward(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """The page that is next."""
    return Redirect(place_of(hosted, request, await load_journey(hosted.context, request.here)))


def place_of(hosted: Hosted, request: HostedRequest, journey: Journey) -> str:
    """Its address. A document that is half there goes on where it was left."""
    plan, step = journey.plan, journey.plan.next
    if step is None:
        return "/onboarding/review" if plan.end is PlanEnd.SUBMIT else "/onboarding/state"
    if isinstance(step, TermsStep):
        return f"/onboarding/terms/{step.place}"
    if not isinstance(step, DocumentStep):
        return f"/onboarding/details/{step.place}"
    draft = opened_draft(hosted.context, journey.dossier.client, request.draft, step.place)
    kind = next((each for each in step.alternatives if draft is not None and each.id == draft.kind), None)
    if draft is None or kind is None:
        return f"/onboarding/documents/{step.place}"
    return side_address(step.place, next_side(draft, kind))


def side_address(place: str, side: str | None) -> str:
    """The screen of a side, by its field; without one, that of the details."""
    word = next((word for word, field in SIDES.items() if field == side), "details")
    return f"/onboarding/documents/{place}/{word}"


async def show(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """An end: it follows the status as long as somebody else has the turn."""
    journey = await load_journey(hosted.context, request.here)
    plan = journey.plan
    if plan.next is not None or plan.end is PlanEnd.SUBMIT:
        return Redirect(NEXT)
    heading, message = HEADINGS[plan.end]
    values = {
        "heading": heading,
        "message": message,
        "end": plan.end.value,
        "requests": [_shown(each) for each in plan.requests],
        "closed": [each.requirement for each in plan.closed],
        "birth_place": next((f"{each.number}-about_you" for each in plan.requests if each.too_young), ""),
        "return_url": way_back(request.here.link.wish),
        "refreshes_s": REFRESH_S if plan.end is PlanEnd.WAITING else 0,
    }
    scripts = ("waiting.js",) if plan.end is PlanEnd.WAITING else ()
    return Page(template="state.html", title=heading, values=values, scripts=scripts)


def _shown(request: LinkRequest) -> dict[str, object]:
    action = next_action(
        request.enablement,
        request.assessment,
        may_request_again=request.may_request_again,
        renewal=request.renewal,
    )
    young = request.too_young
    return {
        "name": request.product.name,
        "status": STATUS_WORDS[_seen_as(request)],
        "owner": action.owner.value,
        "reason": young.reason if young else request.enablement.rejection_description or "",
        "action": young.action if young else "",
    }


def _seen_as(request: LinkRequest) -> Status:
    """A renewal is to the client what a first submission is; the request itself stays enabled all along."""
    if request.is_waiting:
        return Status.IN_KYC
    return Status.PENDING_DOCUMENTATION if request.is_open else request.enablement.status
