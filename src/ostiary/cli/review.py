"""`ostiary review`: see what waits for an operator, look, decide."""

from __future__ import annotations

import argparse
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from ostiary.app import Opened, opened
from ostiary.cli import EXIT_OK
from ostiary.cli.reviewed import as_json, in_words
from ostiary.cli.running import show
from ostiary.cli.showing import age, print_table
from ostiary.domain.companies import Caller
from ostiary.domain.documents import Document, Side
from ostiary.domain.enablement import Enablement
from ostiary.domain.errors import Refused
from ostiary.domain.times import shown
from ostiary.domain.verdicts import Decision, Verdict
from ostiary.settings import Settings
from ostiary.usecases import reviewing
from ostiary.usecases.companies import operator_for
from ostiary.usecases.deciding import Decided, settle
from ostiary.usecases.products import read_product

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
T = TypeVar("T")


def do(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as parts:
        parts.run(_ACTIONS[options.action](options, parts))
    return EXIT_OK


async def _list(options: argparse.Namespace, parts: Opened) -> None:
    waiting = await reviewing.list_reviews(parts.world, options.company)
    now = parts.world.now_ms()
    answer = [
        {
            "request_id": one.enablement.id, "kind": one.enablement.review, "product": one.enablement.product,
            "client_id": one.enablement.client_id, "company_id": one.company.id, "company": one.company.name,
            "environment": one.company.environment, "since": shown(one.enablement.review_since_ms or 0),
            "waiting_s": (now - (one.enablement.review_since_ms or now)) // 1000,
        }
        for one in waiting
    ]  # fmt: skip
    if options.json or not waiting:
        return show(options, answer, "Nothing waits for an operator.")
    rows = (
        (age(now - (one.enablement.review_since_ms or now)), one.enablement.review or "", one.enablement.product,
         one.enablement.id, one.company.name)
        for one in waiting
    )  # fmt: skip
    print_table(("waiting", "for", "product", "request", "company"), rows)


async def _show(options: argparse.Namespace, parts: Opened) -> None:
    look = partial(reviewing.look_at, pictures=options.save is not None)
    caller, seen = await _settled(options, parts, look)
    saved = []
    if options.save is not None:
        saved = await _save(parts, seen, Path(options.save), options.request_id)
    entries = await parts.store.entries(caller.company.id, seen.dossier.client.id)
    answer = {**as_json(caller.company, seen, entries), "saved": [str(one) for one in saved]}
    words = in_words(caller.company, seen, entries, parts.world.now_ms())
    if saved:
        words += "\n\nThese pictures are plain now; delete them when you have decided:\n  "
        words += "\n  ".join(str(one) for one in saved)
    show(options, answer, words)


async def _approve(options: argparse.Namespace, parts: Opened) -> None:
    await _decide(options, parts, Verdict(Decision.APPROVE))


async def _reject(options: argparse.Namespace, parts: Opened) -> None:
    decision = Decision.REJECT_CLIENT if options.client else Decision.REJECT
    await _decide(options, parts, Verdict(decision, options.reason))


async def _decide(options: argparse.Namespace, parts: Opened, verdict: Verdict) -> None:
    _, after = await _settled(options, parts, partial(reviewing.decide_request, verdict=verdict))
    _told(options, after)


async def _return(options: argparse.Namespace, parts: Opened) -> None:
    send_back = partial(reviewing.return_request, codes=options.reason, keys=options.key or (), text=options.text or "")
    caller, after = await _settled(options, parts, send_back)
    state = await read_product(parts.world, caller, after.client_id, after.id)
    _told(options, after, [f"{one.key}: {one.code} ({one.field})" for one in state.assessment.rejections])


async def _release(options: argparse.Namespace, parts: Opened) -> None:
    _, document = await _settled(options, parts, partial(reviewing.release_number, document_id=options.document))
    answer = {"request_id": options.request_id, "document_id": document.id, "type": document.type}
    show(options, answer, f"the number of {document.type} {document.id} may serve another client now")


async def _settled(
    options: argparse.Namespace, parts: Opened, decide: Callable[..., Awaitable[Decided[T]]]
) -> tuple[Caller, T]:
    """Runs a use case for the operator who is named, on the request that is named."""
    world = parts.world
    place = await reviewing.find_request(world, options.request_id)

    async def again() -> Decided[T]:
        caller = await operator_for(world, place.company_id, options.operator)
        return await decide(world, caller, place.client_id, options.request_id)

    caller = await operator_for(world, place.company_id, options.operator)
    return caller, await settle(world, caller, again)


def _told(options: argparse.Namespace, after: Enablement, to_redo: Sequence[str] = ()) -> None:
    answer: dict[str, object] = {
        "request_id": after.id,
        "client_id": after.client_id,
        "product": after.product,
        "status": after.status,
    }
    words = f"decided: request {after.id} is {after.status}"
    if to_redo:
        answer["to_redo"] = list(to_redo)
        words += ", to be redone are:\n  " + "\n  ".join(to_redo)
    show(options, answer, words)


async def _save(parts: Opened, seen: reviewing.Looked, folder: Path, request_id: str) -> list[Path]:
    """The pictures, decrypted, readable by their owner only. Raises Refused rather than write over a file."""
    saved = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for document in seen.documents:
            for path, side in _names(document, folder, request_id):
                content = await parts.files.fetch(seen.dossier.client, document.id, side)
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as out:
                    out.write(content)
                saved.append(path)
    except OSError as problem:
        raise Refused(f"The pictures cannot be saved, {len(saved)} were: {problem}") from None
    return saved


def _names(document: Document, folder: Path, request_id: str) -> Iterator[tuple[Path, Side]]:
    for side in document.sides:
        extension = _EXTENSIONS.get(side.findings.media_type or "", "bin")
        yield folder / f"{request_id}-{document.type}-{side.field.removeprefix('image_')}.{extension}", side


_ACTIONS = {
    "list": _list,
    "show": _show,
    "approve": _approve,
    "reject": _reject,
    "return": _return,
    "release": _release,
}
