"""`ostiary link`: links to the page on which a client onboards himself."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.operators.accounts import NEARBY
from ostiary.cli.showing import print_table
from ostiary.domain.companies.company import Caller
from ostiary.domain.hosted.links import LinkWish, OnboardingLink
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.hosted import links
from ostiary.usecases.transaction import Outcome, execute
from ostiary.wire.answer import fields_of
from ostiary.wire.onboarding import link_answer

T = TypeVar("T")


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        installation.run(_ACTIONS[options.action](options, installation))
    return EXIT_OK


async def _create(options: argparse.Namespace, installation: Installation) -> None:
    wish = LinkWish(
        request_ids=tuple(options.request),
        return_url=options.return_url,
        refresh_url=options.refresh_url,
        state=options.state,
        language=options.language,
        minutes=options.minutes,
    )
    link = await _done(
        options,
        installation,
        lambda caller: links.make_link(
            installation.context, caller, options.client_id, wish, installation.address_fault
        ),
    )
    url = link.url(installation.settings.public_url or NEARBY)
    words = (
        f"{url}\nThe link works once, until {format_timestamp(link.link.expires_at_ms)} (UTC); a look at it does not "
        f"use it up. It cannot be shown again. Its id is {link.link.id}."
    )
    show(options, fields_of(link_answer(link.link, url)), words)


async def _list(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    every = await links.list_links(installation.context, caller, options.client_id)
    if options.json or not every:
        return show(options, [fields_of(link_answer(link)) for link in every], "This client has no link.")
    print_table(("link", "status", "made (UTC)", "until", "requests"), map(_row, every))


async def _revoke(options: argparse.Namespace, installation: Installation) -> None:
    link = await _done(
        options,
        installation,
        lambda caller: links.revoke_link(installation.context, caller, options.client_id, options.link_id),
    )
    words = f"{link.id} leads nowhere: it is {link.status.value}, and so is who came by it"
    show(options, fields_of(link_answer(link)), words)


async def _caller(options: argparse.Namespace, installation: Installation) -> Caller:
    return await operator_for(installation.context, options.company, named_operator(options))


async def _done(
    options: argparse.Namespace, installation: Installation, decide: Callable[[Caller], Awaitable[Outcome[T]]]
) -> T:
    """Runs a use case to its committed end, for whom the options name."""
    caller = await _caller(options, installation)
    return await execute(installation.context, caller, lambda: decide(caller))


def _row(link: OnboardingLink) -> tuple[str, ...]:
    times = (format_timestamp(link.created_at_ms), format_timestamp(link.expires_at_ms))
    return (link.id, link.status.value, *times, " ".join(link.wish.request_ids))


_ACTIONS = {"create": _create, "list": _list, "revoke": _revoke}
