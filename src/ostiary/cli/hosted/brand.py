"""`ostiary brand`: how a company's page for clients looks."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from ostiary.adapters.pages.logos import redrawn
from ostiary.app import Installation, opened
from ostiary.cli.commands.companies_stored import named_operator
from ostiary.cli.dispatch import show
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import InvalidRequest
from ostiary.domain.hosted.brand import LOGO_BYTES, PRIVACY_CHARACTERS, Brand, Ink, KeptBrand
from ostiary.domain.value import replace
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.hosted import brand
from ostiary.usecases.transaction import execute
from ostiary.wire.answer import fields_of
from ostiary.wire.hosted.brand import brand_answer

MOST_TEXT_BYTES = 4 * PRIVACY_CHARACTERS + 1
"""Of a file: UTF-8 has four bytes for a character at most, and one more shows that there is too much."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        installation.run(_ACTIONS[options.action](options, installation))
    return EXIT_OK


async def _show(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    _report(options, await brand.read_brand(installation.context, caller))


async def _set(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    before = await brand.find_brand(installation.context, caller.company)
    after = _changed(options, before.brand if before is not None else Brand(name=""))
    use_case = partial(brand.set_brand, installation.context, caller, after)
    _report(options, await execute(installation.context, caller, use_case))


async def _logo(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    content = _read(Path(options.file), LOGO_BYTES + 1) if options.file else b""
    redraw = partial(redrawn, installation.pool)
    use_case = partial(brand.set_logo, installation.context, caller, content, redraw)
    _report(options, await execute(installation.context, caller, use_case))


async def _remove(options: argparse.Namespace, installation: Installation) -> None:
    caller = await _caller(options, installation)
    await execute(installation.context, caller, partial(brand.remove_brand, installation.context, caller))
    show(options, {}, "There is no brand any more: the page looks as anybody's.")


def _changed(options: argparse.Namespace, before: Brand) -> Brand:
    """What is named instead of what was. Raises InvalidRequest."""
    privacy = dict(before.privacy)
    for pair in options.privacy:
        tag, equals, file = pair.partition("=")
        if not equals:
            raise InvalidRequest("--privacy is a language and a file, as en=privacy.txt.")
        privacy[tag] = _read(Path(file), MOST_TEXT_BYTES).decode("utf-8-sig", "replace").strip()
    return replace(
        before,
        name=before.name if options.name is None else options.name.strip(),
        primary_colour=(options.primary or before.primary_colour).lower(),
        text_on_primary=Ink(options.on_primary or before.text_on_primary),
        background_colour=(options.background or before.background_colour).lower(),
        text_on_background=Ink(options.on_background or before.text_on_background),
        support=before.support if options.support is None else options.support.strip(),
        privacy={tag: text for tag, text in privacy.items() if text},
        frame_origins=before.frame_origins if options.frame_origins is None else _origins(options.frame_origins),
    )


def _origins(words: str) -> tuple[str, ...]:
    return tuple(words.lower().replace(",", " ").split())


def _read(path: Path, most_bytes: int) -> bytes:
    """Raises InvalidRequest."""
    try:
        with path.open("rb") as file:
            return file.read(most_bytes)
    except OSError as problem:
        raise InvalidRequest(f"{path} cannot be read: {problem.strerror or problem}.") from None


def _report(options: argparse.Namespace, company_brand: KeptBrand) -> None:
    answer = fields_of(brand_answer(company_brand))
    lines = [f"{name:20} {value}" for name, value in answer.items() if name != "privacy"]
    lines += [f"{f'privacy {tag}':20} {len(text)} characters" for tag, text in answer.get("privacy", {}).items()]
    show(options, answer, "\n".join(lines))


async def _caller(options: argparse.Namespace, installation: Installation) -> Caller:
    return await operator_for(installation.context, options.company, named_operator(options))


_ACTIONS = {"show": _show, "set": _set, "logo": _logo, "remove": _remove}
