"""Terms to accept: the exact text, one box and one button, and the text as a file."""

from __future__ import annotations

from ostiary.domain.errors import NotFound, ValidationFailed
from ostiary.domain.hosted.steps import TermsStep
from ostiary.domain.sentences import N_
from ostiary.hosted.allowance import TOO_MUCH
from ostiary.hosted.forms.inputs import UNPROCESSABLE
from ostiary.hosted.request import NEXT, HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.html.answers import Download, Page, Redirect
from ostiary.html.asking import caller_address
from ostiary.usecases.hosted.accepting import TEXT_CHANGED, Consent, accept_on_page, terms_step
from ostiary.usecases.hosted.progress import load_journey
from ostiary.usecases.terms.read_terms import WordedTerms, worded
from ostiary.usecases.transaction import carried_out
from ostiary.web.rate_limiter import steady_ms

NOT_TICKED = N_("Tick the box if you accept. Without that you cannot go on here.")
AGREED = "yes"


async def show(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """The text in the reader's language, or the nearest there is."""
    step = await _step(hosted, request)
    return Redirect(NEXT) if step is None else await _page(hosted, request, step)


async def accept(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """Accepts the text that was shown; one that is not asked for any more gives way to the one that is."""
    step, here, shown = await _step(hosted, request), request.here, request.form.text("sha256")
    if step is None:
        return Redirect(NEXT)
    if step.terms.of_hash(shown) is None:
        return await _page(hosted, request, step, problem=TEXT_CHANGED)
    if request.form.text("accepted") != AGREED:
        return await _page(hosted, request, step, shown, unticked=NOT_TICKED)
    if not hosted.changes.takes(here.link.id, steady_ms()):
        return await _page(hosted, request, step, shown, problem=TOO_MUCH)
    address = caller_address(request.api, hosted.trusted_proxies)
    consent = Consent(shown, address, request.api.header(b"user-agent") or "")
    try:
        await carried_out(hosted.context, here.caller, accept_on_page, here, request.path["place"], consent)
    except ValidationFailed:  # another text since the look above
        step = await _step(hosted, request)
        return Redirect(NEXT) if step is None else await _page(hosted, request, step, problem=TEXT_CHANGED)
    return Redirect(NEXT)


async def save(hosted: Hosted, request: HostedRequest) -> Download | Redirect:
    """The text byte by byte, as its hash is over it. Raises NotFound for one that is not asked for."""
    step = await _step(hosted, request)
    if step is None:
        return Redirect(NEXT)
    wording = step.terms.of_hash(request.query.text("sha256"))
    if wording is None:
        raise NotFound
    text = (await worded(hosted.context, step.terms, wording)).text
    return Download(text.encode(), "text/plain; charset=utf-8", f"{step.terms.id}-{wording.language}.txt")


async def _step(hosted: Hosted, request: HostedRequest) -> TermsStep | None:
    return terms_step(await load_journey(hosted.context, request.here), request.path["place"])


async def _page(
    hosted: Hosted, request: HostedRequest, step: TermsStep, shown: str = "", *, problem: str = "", unticked: str = ""
) -> Page:
    """`shown` is the hash of the text that stays on the page, in whatever language it is."""
    wording = step.terms.of_hash(shown) or step.terms.wording(request.language.tag)
    exact = await worded(hosted.context, step.terms, wording)
    values = {
        "place": step.place,
        "worded": exact,
        "text": _lines(exact),
        "problem": problem,
        "unticked": unticked,
        "agreed": AGREED,
    }
    status = UNPROCESSABLE if problem or unticked else 200
    return Page(template="terms.html", title="Terms to accept", values=values, status=status)


def _lines(terms: WordedTerms) -> str:
    """As a browser breaks lines. The file and the hash keep how they end."""
    return terms.text.replace("\r\n", "\n").replace("\r", "\n")
