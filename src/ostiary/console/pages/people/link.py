"""One-time links: looking at one does nothing; using it sets password and authenticator, and signs in. With a passkey
instead: `passkeys.use_link`."""

from __future__ import annotations

from io import BytesIO

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.menu import home_of
from ostiary.console.pages.people.account import SCRIPT, device_user
from ostiary.console.request import ConsoleRequest, site_of, source_of
from ostiary.console.services import Console
from ostiary.domain.errors import ValidationFailed
from ostiary.domain.operators.operator import PASSWORD_LEAST
from ostiary.domain.sentences import N_
from ostiary.html.answers import Download, Page, Redirect
from ostiary.usecases.operators.sign_in import look_at_link, use_link

DIFFERS = N_("The two passwords differ.")


async def show(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """What the link does, and the form or the one button that does it. Programs that open links use up nothing."""
    return await link_page(console, request, {})


async def picture(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The authenticator's secret as a QR code (ISO/IEC 18004). A file of its own, since no page has style or pictures
    inside."""
    import segno  # only who sets up an account needs it

    view = await look_at_link(console.context, request.path["token"])
    drawing = BytesIO()
    segno.make(view.code_address, error="m").save(drawing, kind="svg", scale=4, border=2, svgclass=None, lineclass=None)
    return Download(drawing.getvalue(), "image/svg+xml")


async def use(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Sets what is to be set, and signs in. What is wrong is said beside its field, and the link holds."""
    password, code = request.form.raw("password"), request.form.text("code").replace(" ", "")
    view = await look_at_link(console.context, request.path["token"])
    if view.sets_up and password != request.form.raw("again"):
        return await link_page(console, request, {"again": DIFFERS})
    try:
        new = await use_link(console.context, request.path["token"], password, code, source_of(console, request))
    except ValidationFailed as refused:
        return await link_page(console, request, {fault.field: fault.message for fault in refused.faults})
    return Redirect(home_of(new.operator), session=new.token)


async def link_page(console: Console, request: ConsoleRequest, faults: dict[str, str]) -> Page:
    """What the link is for, with what was wrong with a form. Raises LinkRefused."""
    token = request.path["token"]
    view = await look_at_link(console.context, token)
    spaced = " ".join(view.code_secret[start : start + 4] for start in range(0, len(view.code_secret), 4))
    site = site_of(console, request)
    values = {"view": view, "token": token, "secret": spaced, "faults": faults, "least": PASSWORD_LEAST}
    values |= {"site": site, "user": device_user(token.partition("_")[0], view.name, ())}
    scripts = (SCRIPT,) if site is not None and view.sets_up else ()
    title = N_("Set up your account") if view.sets_up else N_("Sign in by link")
    return Page(template="link.html", title=title, values=values, status=400 if faults else 200, scripts=scripts)
