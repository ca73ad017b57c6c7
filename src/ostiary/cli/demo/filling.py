"""`ostiary demo --fill`: cases to look at, in the sandbox of this installation, whose console shows them at once."""

from __future__ import annotations

import argparse

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies import create_company
from ostiary.cli.demo.cases import CASES
from ostiary.cli.demo.fill import COMPANY_NAME, fill
from ostiary.cli.dispatch import show
from ostiary.cli.showing import progress
from ostiary.domain.companies.company import Company, Environment
from ostiary.domain.errors import Refused
from ostiary.runtime.terminal.exit_status import EXIT_OK, EXIT_USAGE
from ostiary.runtime.terminal.outcome import failed
from ostiary.runtime.terminal.printing import say
from ostiary.settings import Settings
from ostiary.telemetry import logs


def run(options: argparse.Namespace, settings: Settings) -> int:
    """A service may run meanwhile, or not: the database is where both meet."""
    if options.url is not None or options.key is not None:
        return failed(
            options, "--fill works on the installation of the settings; leave --url and --key out", EXIT_USAGE
        )
    logs.set_up("error")  # progress is shown, and the answer is alone on standard output
    with opened(settings) as installation:
        installation.run(_fill(options, installation))
    return EXIT_OK


async def _fill(options: argparse.Namespace, installation: Installation) -> None:
    company = await _company(installation)
    if not options.json:
        say(f"Drawing {len(CASES)} documents, and having them read: half a minute ...")
    try:
        with progress(options, "cases", len(CASES)) as done:
            fresh = await fill(installation.context, company, done)
    finally:
        await installation.reader.close()
    answer = {"company_id": company.id, "cases": len(CASES), "made": fresh}
    words = f"{fresh} cases are new" if fresh else "All of them were there already"
    show(options, answer, f"{words}; the queue of the console has what waits: /console/queue of `ostiary serve`.")


async def _company(installation: Installation) -> Company:
    """The demo's own company. Raises Refused beside a production company: real people are there."""
    companies = await installation.context.storage.companies.every()
    production = next((each.name for each in companies if not each.is_sandbox), None)
    if production is not None:
        raise Refused(
            f"This installation holds the production company {production}: invented cases are not put beside real "
            "ones. Try them in another folder (OSTIARY_DATA_DIR), which `ostiary serve --sandbox` makes."
        )
    earlier = next((each for each in companies if each.name == COMPANY_NAME), None)
    return earlier or await create_company(installation, COMPANY_NAME, Environment.SANDBOX, None, "operator:demo")
