"""One look at everything before it is sent, and sending it."""

from __future__ import annotations

from ostiary.domain.clients.client import attribute_value
from ostiary.domain.hosted.steps import LinkRequest, PlanEnd
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.sentences import N_
from ostiary.hosted.forms.shown import ShownLine, about_you, shown_value
from ostiary.hosted.request import NEXT, HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.hosted.progress import load_journey, submit_request
from ostiary.usecases.transaction import carried_out


async def show(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """What will be sent, each with a way to change it."""
    journey = await load_journey(hosted.context, request.here)
    if journey.plan.next is not None or journey.plan.end is not PlanEnd.SUBMIT:
        return Redirect(NEXT)
    ready, dossier, tag = journey.plan.to_submit, journey.dossier, request.language.tag
    documents = {line.place: line for each in ready for line in _documents(each)}
    groups = {name: (place, lines) for each in ready for name, place, lines in _groups(each, dossier, tag)}
    is_reviewed = any(each.status is Status.IN_KYC for each in dossier.enablements)  # who he is stays as it is then
    renewals = [each.renewal for each in ready if each.renewal is not None]
    confirms = bool(renewals) and len(renewals) == len(ready) and any(each.needs_confirmation for each in renewals)
    values = {
        "confirms": confirms,
        "due_at_ms": min((each.due_at_ms for each in renewals), default=0),
        "about": about_you(dossier.client.profile, tag),
        "about_place": "" if is_reviewed else f"{ready[0].number}-about_you",
        "documents": list(documents.values()),
        "groups": [(name, place, lines) for name, (place, lines) in groups.items()],
        "products": [each.product.name for each in ready],
    }
    title = N_("Is this still right?") if confirms else N_("Check and send")
    return Page(template="review.html", title=title, values={**values, "heading": title})


async def submit(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """Sends all that is complete."""
    here = request.here
    journey = await load_journey(hosted.context, here)
    for each in journey.plan.to_submit:
        await carried_out(hosted.context, here.caller, submit_request, here, each.enablement.id)
    request.draft_set = ""
    return Redirect(NEXT)


def _documents(request: LinkRequest) -> list[ShownLine]:
    names = {each.id: each.name for each in request.product.document_types()}
    requirements = {each.id: each.name for each in request.product.documents}
    return [
        ShownLine(requirements[requirement], names.get(document.type, document.type), f"{request.number}-{requirement}")
        for requirement, document in request.assessment.evidence
    ]


def _groups(request: LinkRequest, dossier: Dossier, tag: str) -> list[tuple[str, str, list[ShownLine]]]:
    profile = dossier.client.profile
    groups = []
    for group in request.product.data:
        lines = [
            ShownLine(each.field.name, shown_value(each.field, value, tag))
            for each in group.fields
            if (value := attribute_value(profile, each.key)) is not None
        ]
        if lines:
            groups.append((group.name, f"{request.number}-{group.id}", lines))
    return groups
