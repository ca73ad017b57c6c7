"""`ostiary find`: clients and requests by what an operator knows. Ids and states only: what stands behind them is shown
by `review show`, which is audited."""

from __future__ import annotations

import argparse

from ostiary.app import Installation, opened
from ostiary.cli.dispatch import show
from ostiary.cli.showing import print_table
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.runtime.terminal.printing import say
from ostiary.settings import Settings
from ostiary.usecases.clients.find import MOST_FOUND, ClientFound, Sought, find_clients


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        installation.run(_find(options, installation))
    return EXIT_OK


async def _find(options: argparse.Namespace, installation: Installation) -> None:
    names = ("id", "email", "reference", "number", "name", "status")
    asked = {name: (getattr(options, name) or "").strip() for name in names}
    clients = await find_clients(installation.context, Sought(**asked, company_id=options.company or ""))
    if options.json or not clients:
        return show(options, [_found_json(each) for each in clients], "Nothing like that was found.")
    print_table(
        ("client", "is", "request", "product", "is", "waits for", "document"),
        (row for each in clients for row in _rows(each)),
    )
    if len(clients) == MOST_FOUND:
        say(f"These are the first {MOST_FOUND}; there may be more.")


def _found_json(match: ClientFound) -> dict[str, object]:
    client = match.dossier.client
    return {
        "company_id": match.company.id,
        "company": match.company.name,
        "client_id": client.id,
        "status": client.status,
        "created_at": format_timestamp(client.created_at_ms),
        "requests": [
            {"request_id": each.id, "product": each.product, "status": each.status, "review": each.review}
            for each in match.dossier.enablements
        ],
        "documents": [
            {"document_id": each.id, "type": each.type, "status": each.status, "holds_number": each.id in match.holding}
            for each in match.documents
        ],
    }


def _rows(match: ClientFound) -> list[tuple[str, ...]]:
    client = match.dossier.client
    documents = ", ".join(
        f"{each.type} {each.id} {'holds the number' if each.id in match.holding else each.status}"
        for each in match.documents
    )
    requests = [(each.id, each.product, each.status.value, each.review or "") for each in match.dossier.enablements]
    return [(client.id, client.status.value, *each, documents) for each in requests or [("", "", "", "")]]
