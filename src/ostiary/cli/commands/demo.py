"""`ostiary demo`: plays whole onboardings and shows each call."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from ostiary.cli.demo import filling
from ostiary.cli.demo.client import Partner, url_fault
from ostiary.cli.demo.printer import Screen, screen
from ostiary.cli.demo.scripts import SANDBOX, STORIES, Story, check_product, play
from ostiary.cli.demo.service import DemoService, temporary_service
from ostiary.domain.errors import OstiaryError
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from ostiary.runtime.terminal.outcome import failed
from ostiary.runtime.terminal.printing import say_json
from ostiary.settings import SETTINGS_FILE, Settings

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


def run(options: argparse.Namespace, settings: Settings) -> int:
    if options.fill:
        return filling.run(options, settings)
    if (options.url is None) != (options.key is None):
        missing = "--key: an API key of level 3" if options.key is None else "--url: the address of the service"
        return failed(options, f"--url and --key belong together; add {missing}", EXIT_USAGE)
    if options.url is not None and (fault := url_fault(options.url)):
        return failed(options, fault, EXIT_USAGE)
    with _ended_politely(), screen(options.json, CALLS) as on:
        if options.url is not None:
            return _demo(options, on, DemoService(options.url, {SANDBOX: options.key}))
        on.say("Starting a service of its own for the demo; your data is not touched ...")
        with temporary_service(_environment()) as service:
            return _demo(options, on, service)


def _demo(options: argparse.Namespace, on: Screen, service: DemoService) -> int:
    on.say(f"\n{INTRODUCTION}")
    url, stories = service.url, [story for story in STORIES if story.environment in service.keys and story.is_possible]
    check_product(Partner(url, service.keys[SANDBOX], on.step))
    partners = [Partner(url, service.keys[story.environment], on.step) for story in stories]
    played = [_play(on, stories, number, partner) for number, partner in enumerate(partners)]
    good = all(visit.is_good for visit in played)
    if options.json:
        say_json({"ok": good, "url": url, "onboardings": [_as_json(visit) for visit in played]})
    on.end(
        [
            (visit.story.title, visit.story.ends, visit.ended, len(visit.partner.steps), visit.is_good)
            for visit in played
        ]
    )
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
        "title": played.story.title,
        "should_end": played.story.ends,
        "ended": played.ended,
        "ok": played.is_good,
        "problem": played.problem,
        "steps": [step.as_json() for step in played.partner.steps],
    }


def _parting(options: argparse.Namespace) -> str:
    if options.url is not None:
        return f"\nAll of it is in that service now, and its API is described at {options.url.rstrip('/')}/docs"
    return f"\nThe demo's service and its data are gone again. To try it yourself: {sys.argv[0]} serve --sandbox"


def _environment() -> dict[str, str]:
    """Ours without Ostiary's settings: the demo shows what everybody gets."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OSTIARY_")}
    return {**clean, SETTINGS_FILE: os.devnull}


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
