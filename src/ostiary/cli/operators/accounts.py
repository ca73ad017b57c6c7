"""`ostiary operator`: who works with the console."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.cli.showing import print_table
from ostiary.domain.companies.company import Caller
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.operators.sessions import Session
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import check_operator
from ostiary.usecases.operators import directory, sessions
from ostiary.usecases.operators.directory import NewLink
from ostiary.usecases.operators.passkeys import ways_of_all
from ostiary.usecases.transaction import Outcome, execute

T = TypeVar("T")
NEARBY = "http://127.0.0.1:8080"
"""Where `ostiary serve` is found where nothing else is set."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        installation.run(_ACTIONS[options.action](options, installation))
    return EXIT_OK


def link_address(base: str, token: str) -> str:
    """Where a one-time link leads."""
    return f"{base.rstrip('/')}/console/link/{token}"


# ---- actions ----


async def _create(options: argparse.Namespace, installation: Installation) -> None:
    role = Role(options.role)
    link = await done_of_house(
        options,
        installation,
        lambda caller: directory.create_operator(installation.context, caller, options.name, role, options.company),
    )
    await _show_link(options, installation, link, "may work with the console")


async def _change(options: argparse.Namespace, installation: Installation) -> None:
    operator, role = await _named(options, installation), Role(options.role)
    after = await done_of_house(
        options,
        installation,
        lambda caller: directory.change_operator(installation.context, caller, operator.id, role, options.company),
    )
    show(options, await _described(installation, after), f"{after.name} is {_rights(after)}")


async def _disable(options: argparse.Namespace, installation: Installation) -> None:
    operator = await _named(options, installation)
    after = await done_of_house(
        options, installation, lambda caller: directory.disable_operator(installation.context, caller, operator.id)
    )
    show(options, await _described(installation, after), f"{after.name} is shut out, and all their sessions have ended")


async def _enable(options: argparse.Namespace, installation: Installation) -> None:
    operator = await _named(options, installation)
    after = await done_of_house(
        options, installation, lambda caller: directory.enable_operator(installation.context, caller, operator.id)
    )
    words, described = f"{after.name} is let in again", await _described(installation, after)
    if described["state"] != "good":
        words += f"; there is nothing to sign in with yet: ostiary operator reset {after.name}"
    show(options, described, words)


async def _reset(options: argparse.Namespace, installation: Installation) -> None:
    operator = await _named(options, installation)
    link = await done_of_house(
        options, installation, lambda caller: directory.reset_operator(installation.context, caller, operator.id)
    )
    await _show_link(options, installation, link, "has to choose anew by what to sign in; all sessions have ended")


async def _list(options: argparse.Namespace, installation: Installation) -> None:
    operators, now = await directory.list_operators(installation.context), installation.context.now_ms()
    ways = await ways_of_all(installation.context)
    if options.json or not operators:
        nobody = "Nobody can work with the console yet: ostiary operator create NAME --role admin"
        show(options, [_operator_json(operator, ways[operator.id], now) for operator in operators], nobody)
        return
    rows = [
        (
            operator.name,
            operator.role.value,
            " ".join(operator.companies) or "all",
            _state(operator, ways[operator.id], now),
            " ".join(ways[operator.id]),
            operator.id,
        )
        for operator in operators
    ]
    print_table(("name", "role", "companies", "state", "signs in by", "id"), rows)


async def _sessions(options: argparse.Namespace, installation: Installation) -> None:
    operator = await _named(options, installation)
    before = await sessions.sessions_of(installation.context, operator.id)
    if options.end:
        await done_of_house(
            options, installation, lambda caller: sessions.end_all(installation.context, caller, operator.id)
        )
        ended = f"{len(before)} session{'' if len(before) == 1 else 's'} of {operator.name} ended"
        show(options, {"ended": len(before)}, ended)
        return
    if options.json or not before:
        show(options, [_session_json(session) for session in before], f"{operator.name} is not signed in")
        return
    rows = [
        (
            format_timestamp(session.created_at_ms),
            format_timestamp(session.seen_at_ms),
            format_timestamp(session.idle_until_ms),
            session.source.address,
            session.source.agent,
        )
        for session in before
    ]
    print_table(("since (UTC)", "last seen", "ends if idle", "from", "browser"), rows)


# ---- what is common to them ----


async def done_of_house(
    options: argparse.Namespace, installation: Installation, decide: Callable[[Caller], Awaitable[Outcome[T]]]
) -> T:
    """Runs a use case to its committed end, for whom the options name."""
    name = check_operator(named_operator(options))
    caller = Caller(await directory.house(installation.context), f"operator:{name}", directory.OPERATOR_LEVEL)
    return await execute(installation.context, caller, lambda: decide(caller))


async def _named(options: argparse.Namespace, installation: Installation) -> Operator:
    return await directory.find_by_name(installation.context, options.name)


async def _show_link(options: argparse.Namespace, installation: Installation, link: NewLink, what: str) -> None:
    operator = link.operator
    address = link_address(installation.settings.public_url or NEARBY, link.token)
    answer = await _described(installation, operator) | {"link": address}
    show(
        options,
        answer,
        f"{operator.name}, {_rights(operator)}, {what}.\n{address}\n"
        f"The link works once, within 24 hours: a passkey, or password and authenticator, are chosen there. Hand it to "
        f"{operator.name} so that nobody else reads it; it cannot be shown again.",
    )


def _rights(operator: Operator) -> str:
    where = f"for {len(operator.companies)} of the companies" if operator.companies else "for all companies"
    return f"{operator.role.value} {where}"


async def _described(installation: Installation, operator: Operator) -> dict[str, object]:
    ways = await ways_of_all(installation.context)
    return _operator_json(operator, ways.get(operator.id, ()), installation.context.now_ms())


def _state(operator: Operator, ways: tuple[str, ...], now_ms: int) -> str:
    if operator.is_disabled:
        return "disabled"
    if ways:
        return "good"
    return "invited" if operator.link is not None and operator.link.is_good(now_ms) else "link is over"


def _operator_json(operator: Operator, ways: tuple[str, ...], now_ms: int) -> dict[str, object]:
    return {
        "operator_id": operator.id,
        "name": operator.name,
        "role": operator.role,
        "companies": operator.companies,
        "state": _state(operator, ways, now_ms),
        "signs_in_by": ways,
        "created_at": format_timestamp(operator.created_at_ms),
    }


def _session_json(session: Session) -> dict[str, object]:
    return {
        "since": format_timestamp(session.created_at_ms),
        "seen_at": format_timestamp(session.seen_at_ms),
        "ends_at": format_timestamp(session.ends_at_ms),
        "address": session.source.address,
        "browser": session.source.agent,
    }


_ACTIONS = {
    "create": _create,
    "list": _list,
    "change": _change,
    "disable": _disable,
    "enable": _enable,
    "reset": _reset,
    "sessions": _sessions,
}
