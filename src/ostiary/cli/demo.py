"""`ostiary demo`: plays whole onboardings and shows each call. `ostiary specimen`: draws a page to upload."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from zlib import crc32

from ostiary.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from ostiary.cli.demo_client import Partner, url_fault
from ostiary.cli.demo_service import Service, temporary_service
from ostiary.cli.demo_show import Screen, screen
from ostiary.cli.demo_stories import SANDBOX, STORIES, Story, check_product, play
from ostiary.cli.running import failed, show
from ostiary.domain.errors import OstiaryError, Refused
from ostiary.settings import Settings

CALLS = 25
"""How many the onboardings make when all goes well: for the bar."""
INTRODUCTION = (
    "A partner's code creates a client, asks for a product, sends what is missing, submits, and hears the verdict. "
    "This plays that three times in a sandbox, where the document's number chooses the verdict, and once in a "
    "production company, where a drawn passport is read for real. Under each call is what was sent; then come the "
    "answer, and what it means. Calls that you have seen before are shortened."
)


@dataclass(frozen=True, slots=True)
class Played:
    """How one onboarding went. `problem` says what stopped it."""

    story: Story
    ended: str
    partner: Partner
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return not self.problem and self.ended == self.story.ends


def do(options: argparse.Namespace, settings: Settings) -> int:
    if options.command == "specimen":
        return _specimen(options)
    if (options.url is None) != (options.key is None):
        missing = "--key: an API key of level 3" if options.key is None else "--url: the address of the service"
        return failed(options, f"--url and --key belong together; add {missing}", EXIT_USAGE)
    if options.url is not None and (fault := url_fault(options.url)):
        return failed(options, fault, EXIT_USAGE)
    with _ended_politely(), screen(options.json, CALLS) as on:
        if options.url is not None:
            return _demo(options, on, Service(options.url, {SANDBOX: options.key}))
        on.say("Starting a service of its own for the demo; your data is not touched ...")
        with temporary_service(_environment()) as service:
            return _demo(options, on, service)


def _demo(options: argparse.Namespace, on: Screen, service: Service) -> int:
    on.say(f"\n{INTRODUCTION}")
    url, stories = service.url, [one for one in STORIES if one.environment in service.keys and one.is_possible]
    check_product(Partner(url, service.keys[SANDBOX], on.step))
    partners = [Partner(url, service.keys[one.environment], on.step) for one in stories]
    played = [_play(on, stories, number, partner) for number, partner in enumerate(partners)]
    good = all(one.is_good for one in played)
    if options.json:
        print(json.dumps({"ok": good, "url": url, "onboardings": [_as_json(one) for one in played]}))
    on.end([(one.story.title, one.story.ends, one.ended, len(one.partner.steps), one.is_good) for one in played])
    on.say(_parting(options) if good else "\nThat is not how it should end. `ostiary doctor` checks an installation.")
    return EXIT_OK if good else EXIT_FAILED


def _play(on: Screen, stories: Sequence[Story], number: int, partner: Partner) -> Played:
    """One onboarding. What goes wrong in it does not keep the others from being played."""
    story = stories[number]
    on.title(f"{number + 1} of {len(stories)}. {story.title} (document number {story.number}...)")
    try:
        return Played(story, play(story, partner, number == 0).status, partner)
    except OstiaryError as problem:
        on.say(f"\n  {problem.message}")
        return Played(story, "stopped", partner, problem.message)


def _as_json(played: Played) -> dict[str, Any]:
    return {
        "title": played.story.title, "should_end": played.story.ends, "ended": played.ended, "ok": played.is_good,
        "problem": played.problem, "steps": [one.as_json() for one in played.partner.steps],
    }  # fmt: skip


def _parting(options: argparse.Namespace) -> str:
    if options.url is not None:
        return f"\nAll of it is in that service now, and its API is described at {options.url.rstrip('/')}/docs"
    return f"\nThe demo's service and its data are gone again. To try it yourself: {sys.argv[0]} serve --sandbox"


def _environment() -> dict[str, str]:
    """Ours without Ostiary's settings: the demo shows what everybody gets."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OSTIARY_")}


@contextmanager
def _ended_politely() -> Iterator[None]:
    """SIGTERM ends the demo like Ctrl+C does, so that its service ends with it and leaves nothing."""

    def end(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _specimen(options: argparse.Namespace) -> int:
    """Another number gives another picture: nobody's is refused for being another's."""
    from ostiary.adapters.specimen import specimen

    path = Path(options.file)
    try:
        content = specimen(crc32(options.number.encode()), number=options.number)
    except ValueError as problem:
        raise Refused(f"This number cannot be printed: {problem}") from None
    try:
        with path.open("xb") as out:
            out.write(content)
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror or problem}") from None
    answer = {"file": str(path), "bytes": len(content), "number": options.number}
    show(options, answer, f"{path}: a specimen passport page with the number {options.number}, {len(content):,} bytes")
    return EXIT_OK
