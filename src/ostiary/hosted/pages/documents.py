"""A document, one screen after another: which one, each side, its details; handed in when all of it is there."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.catalogue.catalogue import DocumentRequirement, DocumentType
from ostiary.domain.documents.document import FRONT, Document, DocumentStatus
from ostiary.domain.errors import NotFound
from ostiary.domain.hosted.proposals import Misfit, ReadNow, standing_misfits
from ostiary.domain.hosted.steps import DocumentStep, LinkRequest, place_parts
from ostiary.domain.rejections import Code, Rejection
from ostiary.domain.sentences import N_
from ostiary.hosted.allowance import TOO_MUCH
from ostiary.hosted.capture import capture_attributes
from ostiary.hosted.forms.inputs import UNPROCESSABLE, AskedField, focused, read_inputs
from ostiary.hosted.pages.state import SIDES, side_address
from ostiary.hosted.request import NEXT, HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.hosted.drafts import (
    Draft,
    contents_of,
    is_handed_in,
    keep_side,
    next_side,
    opened_draft,
    read_again,
    read_draft,
    refused_as_draft,
    sealed_draft,
    upload_of,
)
from ostiary.usecases.hosted.progress import Journey, give_document, load_journey
from ostiary.usecases.hosted.read_now import get_ready
from ostiary.usecases.transaction import carried_out
from ostiary.web.rate_limiter import steady_ms

DETAILS = "details"
SCRIPT = "capture.js"
LOST = "lost"
NOTICES = {LOST: N_("This picture was not handed in in time, so it is gone. Please take it once more.")}
ABOUT_THE_PERSON = (Code.NAME_MISMATCH, Code.BIRTH_DATE_MISMATCH)
"""The document may be right and what was typed of the client wrong: then that is corrected."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is asked for, or that may be sent anew."""

    journey: Journey
    request: LinkRequest
    requirement: DocumentRequirement
    kinds: tuple[DocumentType, ...]
    step: DocumentStep | None
    place: str

    def kind(self, name: str) -> DocumentType | None:
        """One that may be sent, by its id."""
        return next((each for each in self.kinds if each.id == name), None)

    @property
    def problems(self) -> tuple[Rejection, ...]:
        return self.step.problems if self.step else ()

    @property
    def refused(self) -> Document | None:
        """The document that was sent back, if it may be mended."""
        named = {each.key for each in self.problems if each.retryable}
        documents = (
            each
            for each in sorted(self.journey.dossier.documents, key=lambda each: each.id, reverse=True)
            if each.status is DocumentStatus.REFUSED and each.type in named and self.kind(each.type)
        )
        return next(documents, None)


async def show(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """Which of several documents, and what was wrong with the last one. Where there is only one, its picture."""
    wanted = await _wanted(hosted, request)
    if wanted is None or not wanted.kinds:
        return Redirect(NEXT)
    if len(wanted.kinds) == 1 and not wanted.problems:
        return _begun(hosted, request, wanted, Draft(wanted.place, wanted.kinds[0].id))
    return _choosing(wanted)


def _choosing(wanted: Wanted, problem: str = "") -> Page:
    refused = wanted.refused
    values = {
        "requirement": wanted.requirement,
        "kinds": wanted.kinds,
        "place": wanted.place,
        "problems": wanted.problems,
        "refused": refused and wanted.kind(refused.type),
        "is_looked_at": wanted.step is not None and wanted.step.is_looked_at,
        "about_place": _about_place(wanted, wanted.problems),
        "problem": problem,
    }
    return Page(
        template="document.html", title="Choose a document", values=values, status=UNPROCESSABLE if problem else 200
    )


async def choose(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """A document is chosen; or the one that was sent back is to be mended."""
    wanted = await _wanted(hosted, request)
    if wanted is None:
        return Redirect(NEXT)
    refused = wanted.refused
    if request.form.text("again") and refused is not None:
        return _begun(hosted, request, wanted, refused_as_draft(wanted.place, refused, wanted.problems))
    kind = wanted.kind(request.form.text("kind"))
    if kind is None:
        return _choosing(wanted, N_("Choose one of these."))
    return _begun(hosted, request, wanted, Draft(wanted.place, kind.id))


async def show_side(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """The picture of one side, or the form for the details."""
    wanted, draft, kind = await _half_there(hosted, request)
    if wanted is None or draft is None or kind is None:
        return Redirect(f"/onboarding/documents/{request.path['place']}" if wanted else NEXT)
    if request.path["side"] != DETAILS:
        get_ready(hosted.context, kind)
        return _side_page(request, wanted, draft, kind)
    side = next_side(draft, kind)
    if side:
        return Redirect(side_address(wanted.place, side))
    again = await read_again(hosted.context, request.here.company, request.here.client, kind, draft)
    if again != draft:
        request.draft_set = sealed_draft(hosted.context, request.here.client, again)
    return _details_page(request, wanted, again, kind)


async def send_side(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """A side, which is looked at and kept at once; or the details, with which the document is handed in."""
    wanted, draft, kind = _as_shown(request, *await _half_there(hosted, request))
    if wanted is None or draft is None or kind is None:
        return Redirect(f"/onboarding/documents/{request.path['place']}" if wanted else NEXT)
    if request.path["side"] == DETAILS:
        return await _hand_in(hosted, request, wanted, draft, kind)
    name = SIDES.get(request.path["side"], "")
    content = request.files.get(name, b"")
    if not content:
        return _side_page(request, wanted, draft, kind, problem=N_("Choose a picture first."))
    here = request.here
    if not hosted.pictures.takes(here.link.id, steady_ms()):
        return _side_page(request, wanted, draft, kind, problem=TOO_MUCH)
    looked_at = await keep_side(hosted.context, here.company, here.client, kind, draft, (name, content))
    if not isinstance(looked_at, Draft):
        return _side_page(request, wanted, draft, kind, problems=looked_at)
    looked_at = await read_draft(hosted.context, here.company, here.client, kind, looked_at)
    request.draft_set = sealed_draft(hosted.context, here.client, looked_at)
    side = next_side(looked_at, kind)
    if side is None and not kind.metadata:
        return await _hand_in(hosted, request, wanted, looked_at, kind)
    return Redirect(side_address(wanted.place, side))


async def _hand_in(
    hosted: Hosted, request: HostedRequest, wanted: Wanted, draft: Draft, kind: DocumentType
) -> Page | Redirect:
    here, asked = request.here, _asked(request, wanted, kind)
    values, problems = read_inputs(asked, request.form)
    if problems:
        return _details_page(request, wanted, draft, kind, problems=problems)
    metadata = {name: value for name, value in values.items() if value is not None}
    if wanted.step is None and is_handed_in(wanted.journey.dossier, draft, metadata):
        request.draft_set = ""
        return Redirect(NEXT)
    contents = await contents_of(hosted.context, here.client, draft)
    lost = [each.side.field for each in draft.sides if each.side.field not in contents]
    if lost or next_side(draft, kind):
        return _without(hosted, request, wanted, draft.without(*lost), kind)
    if not hosted.pictures.takes(here.link.id, steady_ms()):
        return _details_page(request, wanted, draft, kind, problems={asked[0].key: TOO_MUCH} if asked else {})
    upload = upload_of(draft, contents, metadata)
    state = await carried_out(hosted.context, here.caller, give_document, here, wanted.place, upload)
    if not state.rejections:
        request.draft_set = ""
        return Redirect(NEXT)
    return _sent_back(hosted, request, wanted, draft, kind, state.rejections)


def _sent_back(
    hosted: Hosted,
    request: HostedRequest,
    wanted: Wanted,
    draft: Draft,
    kind: DocumentType,
    rejections: tuple[Rejection, ...],
) -> Page:
    """To the screen of what is wrong: a side is taken again, details stay."""
    sides = tuple(each.field for each in rejections if each.field in SIDES.values())
    if sides:
        draft = draft.without(*sides)
        request.draft_set = sealed_draft(hosted.context, request.here.client, draft)
        request.path = {**request.path, "side": side_address("", sides[0]).rpartition("/")[2]}
        return _side_page(request, wanted, draft, kind, problems=tuple(e for e in rejections if e.field == sides[0]))
    return _details_page(request, wanted, draft, kind, rejections=rejections)


def _without(hosted: Hosted, request: HostedRequest, wanted: Wanted, draft: Draft, kind: DocumentType) -> Redirect:
    request.draft_set = sealed_draft(hosted.context, request.here.client, draft)
    return Redirect(f"{side_address(wanted.place, next_side(draft, kind))}?notice={LOST}")


def _begun(hosted: Hosted, request: HostedRequest, wanted: Wanted, draft: Draft) -> Redirect:
    kind = wanted.kind(draft.kind)
    request.draft_set = sealed_draft(hosted.context, request.here.client, draft)
    return Redirect(side_address(wanted.place, next_side(draft, kind) if kind else FRONT))


def _side_page(
    request: HostedRequest,
    wanted: Wanted,
    draft: Draft,
    kind: DocumentType,
    *,
    problem: str = "",
    problems: tuple[Rejection, ...] = (),
) -> Page:
    word = request.path["side"]
    if word not in SIDES or (SIDES[word] != FRONT and not kind.require_back_image):
        raise NotFound
    values = {
        "kind": kind,
        "place": wanted.place,
        "word": word,
        "side": SIDES[word],
        "capture": capture_attributes(kind, SIDES[word], request.hosted.context.limits),
        "may_go_on_elsewhere": not request.here.session.is_by_phone,
        "has_back": kind.require_back_image,
        "problem": problem,
        "problems": problems or _of_side(wanted, draft, SIDES[word]),
        "notice": NOTICES.get(request.query.text("notice"), ""),
        "can_choose": len(wanted.kinds) > 1,
    }
    status = UNPROCESSABLE if problem or problems else 200
    title = "Front of the document" if SIDES[word] == FRONT else "Back of the document"
    return Page(template="side.html", title=title, values=values, status=status, scripts=(SCRIPT,))


def _of_side(wanted: Wanted, draft: Draft, name: str) -> tuple[Rejection, ...]:
    """What was wrong with that side of the document that was sent back."""
    own = (each for each in wanted.problems if each.key == draft.kind and each.field in (name, ""))
    return () if draft.has(name) else tuple(own)


def _details_page(
    request: HostedRequest,
    wanted: Wanted,
    draft: Draft,
    kind: DocumentType,
    *,
    problems: dict[str, str] | None = None,
    rejections: tuple[Rejection, ...] = (),
) -> Page:
    asked = _asked(request, wanted, kind)
    names = {each.key for each in asked}
    misfits = standing_misfits(draft.misfits, wanted.journey.dossier.client.profile)
    before = rejections or tuple(each for each in wanted.problems if each.key == kind.id)
    own = {each.field.removeprefix("metadata."): each.reason for each in reversed(before)}
    own |= problems or {}
    is_sent = request.api.method == "POST" and request.path["side"] == DETAILS
    inputs = [
        each.input(request.form.text(each.key) if is_sent else draft.details.get(each.key, ""), own.get(each.key, ""))
        for each in asked
    ]
    values = {
        "kind": kind,
        "place": wanted.place,
        "inputs": focused(inputs),
        "others": [each for each in before if each.field.removeprefix("metadata.") not in names],
        "advice": list(dict.fromkeys(each.action for each in before)),
        "about_place": _about_place(wanted, before, misfits),
        "can_choose": len(wanted.kinds) > 1,
        "misfits": misfits,
        "is_read": draft.look is ReadNow.READ and bool(draft.details),
    }
    status = UNPROCESSABLE if problems or rejections else 200
    return Page(template="document_details.html", title="Details of the document", values=values, status=status)


def _asked(request: HostedRequest, wanted: Wanted, kind: DocumentType) -> list[AskedField]:
    country = wanted.journey.dossier.client.profile.address.country
    return [AskedField(each.id, each, country, request.language.tag) for each in kind.metadata]


def _about_place(wanted: Wanted, problems: tuple[Rejection, ...], misfits: tuple[Misfit, ...] = ()) -> str:
    is_about = any(each.code in ABOUT_THE_PERSON for each in problems) or any(each.given for each in misfits)
    return f"{wanted.request.number}-about_you" if is_about else ""


async def _half_there(
    hosted: Hosted, request: HostedRequest
) -> tuple[Wanted | None, Draft | None, DocumentType | None]:
    wanted = await _wanted(hosted, request)
    client = request.here.client
    draft = opened_draft(hosted.context, client, request.draft, wanted.place) if wanted else None
    return wanted, draft, wanted.kind(draft.kind) if wanted and draft else None


def _as_shown(
    request: HostedRequest, wanted: Wanted | None, draft: Draft | None, kind: DocumentType | None
) -> tuple[Wanted | None, Draft | None, DocumentType | None]:
    """The page says which document it is of: in another tab another one may have been begun meanwhile, and a picture of
    the one must not become a side of the other."""
    meant = wanted.kind(request.form.text("kind")) if wanted else None
    if wanted is None or meant is None or meant == kind:
        return wanted, draft, kind
    return wanted, Draft(wanted.place, meant.id), meant


async def _wanted(hosted: Hosted, request: HostedRequest) -> Wanted | None:
    """None where it can be sent no more. Raises NotFound for what the link does not ask for."""
    place, context = request.path["place"], hosted.context
    number, name = place_parts(place)
    journey = await load_journey(context, request.here)
    asking = journey.request(number)
    requirement = next((each for each in asking.product.documents if each.id == name), None)
    if requirement is None:
        raise NotFound
    if not asking.is_open:
        return None
    catalogues, today = context.catalogues.by_version(), context.today_of(request.here.company)
    kinds = tuple(
        each.document_type
        for each in requirement.alternatives
        if not each.document_type.chip.is_demanded
        and not journey.dossier.is_closed(asking.enablement, each.document_type.id, catalogues, today)
    )
    steps = (each for each in journey.plan.steps if isinstance(each, DocumentStep))
    step = next((each for each in steps if each.place == place), None)
    return Wanted(
        journey=journey,
        request=asking,
        requirement=requirement,
        kinds=kinds if step is None else step.alternatives,
        step=step,
        place=place,
    )
