"""What this installation is: its version, its database, and its catalogues in words, the one in force first."""

from __future__ import annotations

from ostiary import __version__
from ostiary.console.answers import ConsoleAnswer
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console
from ostiary.domain.catalogue.catalogue import Policy
from ostiary.domain.errors import NotFound
from ostiary.domain.operators.permissions import Permission, may
from ostiary.domain.sentences import N_
from ostiary.html.answers import Page
from ostiary.usecases.screening.list_standings import list_lines

POLICY_WORDS = {
    Policy.AUTO: N_("what passes every check is enabled without a person"),
    Policy.ASSISTED: N_("a person confirms what passes every check"),
    Policy.MANUAL: N_("a person decides everything"),
}


async def show(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """Everybody who is signed in may know it. `catalogue` in the address chooses an earlier version."""
    current = console.context.catalogues.current
    versions = tuple(console.context.catalogues.by_version())
    chosen = request.query.text("catalogue") or current.version
    if chosen not in versions:
        raise NotFound
    values = {
        "version": __version__,
        "database": console.database,
        "catalogue": console.context.catalogues.by_version()[chosen],
        "current": current,
        "versions": versions,
        "policies": POLICY_WORDS,
        "providers": sorted(console.context.providers),
        "lists": await list_lines(console.context),
        "may_see_history": may(request.operator, Permission.SEE_AUDIT),
        "may_examine": may(request.operator, Permission.SEE_DOCTOR),
    }
    return Page(template="about.html", title="About this installation", values=values)
